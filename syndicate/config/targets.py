"""`[[publish]]` in config.toml: the places that feeds are published to, one Struct for each kind.

No credential is ever a key: keys name environment variables and files that hold them, or the
libraries' usual ones and agents are asked.
"""

import re
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

__all__ = [
    "AzureTarget",
    "CommandTarget",
    "FolderTarget",
    "GcsTarget",
    "GitTarget",
    "S3Target",
    "SftpTarget",
    "TargetConfig",
    "WebhookTarget",
    "fault",
]

Text = Annotated[str, Meta(min_length=1)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]
Port = Annotated[int, Meta(ge=1, le=65535)]


class _Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    name: Text


class FolderTarget(_Target, frozen=True, kw_only=True, tag="folder"):
    """A folder of this machine: a web server's root, a mount."""

    path: Text

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        return self.path


class S3Target(_Target, frozen=True, kw_only=True, tag="s3"):
    """A bucket of Amazon S3 or of a store that speaks its language (`endpoint`)."""

    bucket: Text
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    cache_control: str = ""
    allow_http: bool = False
    path_style: bool = True
    timeout: Seconds = 30.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        at = f" at {self.endpoint}" if self.endpoint else ""
        return f"s3://{self.bucket}/{self.prefix.strip('/')}{at}"


class GcsTarget(_Target, frozen=True, kw_only=True, tag="gcs"):
    """A bucket of Google Cloud Storage."""

    bucket: Text
    prefix: str = ""
    endpoint: str = ""
    cache_control: str = ""
    allow_http: bool = False
    timeout: Seconds = 30.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        at = f" at {self.endpoint}" if self.endpoint else ""
        return f"gs://{self.bucket}/{self.prefix.strip('/')}{at}"


class AzureTarget(_Target, frozen=True, kw_only=True, tag="azure"):
    """A container of Azure Blob Storage; ``$web`` is the one of a static site."""

    container: Text
    account: Text
    prefix: str = ""
    endpoint: str = ""
    cache_control: str = ""
    allow_http: bool = False
    timeout: Seconds = 30.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        at = f" at {self.endpoint}" if self.endpoint else ""
        return f"az://{self.account}/{self.container}/{self.prefix.strip('/')}{at}"


class SftpTarget(_Target, frozen=True, kw_only=True, tag="sftp"):
    """A folder of a machine that is reached by SSH.

    The host's key must be known: from `known_hosts`, a file (the user's own unless said), or
    `host_key`, the line that ssh-keyscan prints without the host's name. Without `key_file` the
    agent is asked. `user` is empty for this user.
    """

    host: Text
    path: Text
    port: Port = 22
    user: str = ""
    key_file: str = ""
    known_hosts: str = ""
    host_key: str = ""
    timeout: Seconds = 30.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        at = f"{self.user}@{self.host}" if self.user else self.host
        return f"sftp://{at}:{self.port}/{self.path.lstrip('/')}"


class GitTarget(_Target, frozen=True, kw_only=True, tag="git"):
    """A branch of a repository. `folder` is inside the branch; `author` is ``Name <address>``."""

    remote: Text
    branch: Text = "gh-pages"
    folder: str = ""
    author: Text = "syndicate <syndicate@localhost>"
    message: Text = "Update feeds"
    timeout: Seconds = 120.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        # Some put a token before the host.
        remote = re.sub(r"(?<=://)[^/@]*@", "", self.remote)
        return f"{remote} {self.branch}:{self.folder.strip('/')}"


class CommandTarget(_Target, frozen=True, kw_only=True, tag="command"):
    """A program of the user's, with its arguments; no shell reads them."""

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    timeout: Seconds = 300.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        return f"{self.command[0]} ({_mark(*self.command)})"


class WebhookTarget(_Target, frozen=True, kw_only=True, tag="webhook"):
    """An address that is told what changed, signed with a secret: `secret_env`, `secret_file`.

    `allow_private`: it may lie in a private network, or on this machine.
    """

    url: Text
    secret_env: str = ""
    secret_file: str = ""
    allow_private: bool = False
    timeout: Seconds = 30.0

    @property
    def place(self) -> str:
        """Where this target is; holdings are forgotten when it changes."""
        # The path of such an address is often all that protects it.
        return f"{urlsplit(self.url).hostname} ({_mark(self.url)})"


def _mark(*words: str) -> str:
    import hashlib  # every command reads the configuration, few need this

    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:8]


TargetConfig = (
    FolderTarget
    | S3Target
    | GcsTarget
    | AzureTarget
    | SftpTarget
    | GitTarget
    | CommandTarget
    | WebhookTarget
)


def fault(targets: Iterable[TargetConfig]) -> tuple[str, str] | None:
    """What is wrong with the targets, and the cure; None where nothing is."""
    names: set[str] = set()
    places: dict[str, str] = {}
    for target in targets:
        if target.name in names:
            return f'two targets are called "{target.name}"', "give each its own name"
        if (other := places.get(target.place)) is not None:
            return f'"{other}" and "{target.name}" are the same place', "leave one of them out"
        names.add(target.name)
        places[target.place] = target.name
    return None
