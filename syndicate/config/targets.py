"""`[[publish]]` in config.toml: the targets of feeds, one Struct for each kind.

No key holds a credential. Keys name environment variables and files that hold credentials; without
such keys, the libraries use their usual variables, files and agents.
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
    """A folder on this machine: the root of a web server, or a mount."""

    path: Text

    @property
    def place(self) -> str:
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        return self.path


class _Store(_Target, frozen=True, kw_only=True):
    prefix: str = ""
    endpoint: str = ""
    cache_control: str = ""
    allow_http: bool = False
    timeout: Seconds = 30.0

    def _place(self, root: str) -> str:
        at = f" at {self.endpoint}" if self.endpoint else ""
        return f"{root}/{self.prefix.strip('/')}{at}"


class S3Target(_Store, frozen=True, kw_only=True, tag="s3"):
    """A bucket of Amazon S3, or of a compatible store at `endpoint`."""

    bucket: Text
    region: str = ""
    path_style: bool = True

    @property
    def place(self) -> str:
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        return self._place(f"s3://{self.bucket}")


class GcsTarget(_Store, frozen=True, kw_only=True, tag="gcs"):
    """A bucket of Google Cloud Storage."""

    bucket: Text

    @property
    def place(self) -> str:
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        return self._place(f"gs://{self.bucket}")


class AzureTarget(_Store, frozen=True, kw_only=True, tag="azure"):
    """A container of Azure Blob Storage. A static site's container is ``$web``."""

    container: Text
    account: Text

    @property
    def place(self) -> str:
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        return self._place(f"az://{self.account}/{self.container}")


class SftpTarget(_Target, frozen=True, kw_only=True, tag="sftp"):
    """A folder on a machine that is reached by SSH.

    The host's key must be in the file `known_hosts` (default: the user's own), or be `host_key`:
    the line of ssh-keyscan without the host's name. Without `key_file` the SSH agent is used.
    Without `user` the name of this user is used.
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
        """Return the place of this target. Its holdings are forgotten when the place changes."""
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
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        # Some people write a token before the host.
        remote = re.sub(r"(?<=://)[^/@]*@", "", self.remote)
        return f"{remote} {self.branch}:{self.folder.strip('/')}"


class CommandTarget(_Target, frozen=True, kw_only=True, tag="command"):
    """A program of the user with its arguments. It is started without a shell."""

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    timeout: Seconds = 300.0

    @property
    def place(self) -> str:
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        return f"{self.command[0]} ({_mark(*self.command)})"


class WebhookTarget(_Target, frozen=True, kw_only=True, tag="webhook"):
    """An address to which the changes are posted.

    The message is signed with the secret in the variable `secret_env` or the file `secret_file`.
    With `allow_private` the address may be in a private network or on this machine.
    """

    url: Text
    secret_env: str = ""
    secret_file: str = ""
    allow_private: bool = False
    timeout: Seconds = 30.0

    @property
    def place(self) -> str:
        """Return the place of this target. Its holdings are forgotten when the place changes."""
        # Often the path is the only secret of such an address.
        return f"{urlsplit(self.url).hostname} ({_mark(self.url)})"


def _mark(*words: str) -> str:
    import hashlib  # few commands need it

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
    """Return the first fault of the targets together, and its cure; None without faults."""
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
