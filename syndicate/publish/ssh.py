"""SSH connection to an SFTP server whose host key is known.

An unknown host key is rejected, also at the first connection. Login uses a key from a file or an
agent, never a password. ~/.ssh/config is not read.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndicate.config.targets import SftpTarget
from syndicate.errors import ConfigError, DeliveryError
from syndicate.files.read import is_there, read_own
from syndicate.publish.target import TargetContext, resolved_path
from syndicate.text.peers import heard

if TYPE_CHECKING:
    import asyncssh

__all__ = ["Login", "Refused", "connected"]

KNOWN_HOSTS = "~/.ssh/known_hosts"
GOODBYE = 2.0
"""Seconds to wait for the server when closing the connection."""
_KEYS_ONLY: dict[str, Any] = {
    "config": None,
    "agent_path": None,
    "x509_trusted_certs": None,
    "preferred_auth": "publickey",
    "gss_auth": False,
    "gss_kex": False,
    "host_based_auth": False,
    "kbdint_auth": False,
    "password_auth": False,
    "pkcs11_provider": None,
}
"""Options that switch off all other kinds of login, and host certificates."""
_PATH_CURE = "correct the path; it starts from the folder of config.toml"


class Refused(DeliveryError):
    """Raised if the server rejects a request for one path; other paths may succeed."""


class Login:
    """Address, key and known host keys of the server that `config` names.

    Raises ConfigError if a file, an agent or asyncssh is missing.
    """

    def __init__(self, config: SftpTarget, context: TargetContext) -> None:
        self.config = config
        self.where = f"publish.{config.name} ({config.place})"
        self.agent = context.environ.get("SSH_AUTH_SOCK", "")
        self.key_file = _file(config, "key_file", context.folder)
        self.known_hosts = _file(config, "known_hosts", context.folder)
        if find_spec("asyncssh") is None:
            what, cure = "asyncssh is not installed", "pip install 'syndicate-feeds[sftp]'"
            raise ConfigError(f"publish.{config.name}", what, cure)
        if self.key_file is None and not self.agent:
            cure = "set key_file, or start an agent (SSH_AUTH_SOCK) and add a key to it"
            raise ConfigError(f"publish.{config.name}", "there is no key to log in with", cure)

    def trusted(self) -> bytes:
        """Return the trusted host keys in the format of known_hosts files."""
        if self.config.host_key:
            keys = self.config.host_key.strip().splitlines()
            return "".join(f"* {key}\n" for key in keys).encode()
        # A user of a container may have no home.
        with suppress(FileNotFoundError, RuntimeError):
            return read_own(self.known_hosts or Path(KNOWN_HOSTS).expanduser(), 64_000_000)
        return b""


@asynccontextmanager
async def connected(
    login: Login,
) -> AsyncIterator[tuple["asyncssh.SSHClientConnection", "asyncssh.SFTPClient"]]:
    """Open a connection and its SFTP session. Raises DeliveryError if this fails."""
    connection: asyncssh.SSHClientConnection | None = None
    offered: list[asyncssh.SSHKey] = []
    try:
        with _errors(login, offered):
            async with asyncio.timeout(login.config.timeout):
                connection = await _connect(login, offered)
                session = await connection.start_sftp_client()
        yield connection, session
    finally:
        if connection is not None:
            await _leave(connection)


async def _connect(
    login: Login, offered: list["asyncssh.SSHKey"]
) -> "asyncssh.SSHClientConnection":
    import asyncssh

    async with AsyncExitStack() as stack:
        keys: list[asyncssh.SSHKeyPair] | list[str]
        if login.key_file is not None:
            keys = [str(login.key_file)]
        else:
            agent = await stack.enter_async_context(asyncssh.connect_agent(login.agent))
            keys = list(await agent.get_keys())
        if not keys:
            cure = "add the key with ssh-add, or set key_file"
            raise DeliveryError(login.where, "the agent holds no key to log in with", cure)
        return await asyncssh.connect(
            login.config.host,
            login.config.port,
            username=login.config.user or (),
            client_factory=_witness(offered),
            client_keys=keys,
            known_hosts=login.trusted(),
            **_KEYS_ONLY,
        )


def _witness(offered: list["asyncssh.SSHKey"]) -> type["asyncssh.SSHClient"]:
    import asyncssh

    class Witness(asyncssh.SSHClient):
        """Rejects unknown host keys, and keeps them for the error message."""

        def validate_host_public_key(
            self, host: str, addr: str, port: int, key: asyncssh.SSHKey
        ) -> bool:
            offered.append(key)
            return False

    return Witness


@contextmanager
def _errors(login: Login, offered: list["asyncssh.SSHKey"]) -> Iterator[None]:
    """Convert the errors of connecting to DeliveryError with a cure."""
    import asyncssh

    def error(what: str, cure: str, *, transient: bool = False) -> DeliveryError:
        return DeliveryError(login.where, what, cure, transient=transient)

    reach = "check that the server runs and can be reached from here"
    try:
        yield
    except asyncssh.HostKeyNotVerifiable as refused:
        raise error(*_unknown_key(login, offered, refused.reason)) from refused
    except asyncssh.PermissionDenied as refused:
        user = login.config.user or "this user's name"
        cure = f"add the public key to authorized_keys of {user} there, or set another key or user"
        raise error("the server rejects the key", cure) from refused
    except asyncssh.KeyExchangeFailed as refused:
        cure = "set host_key to the server's present key, or update the server's SSH"
        raise error(
            f"no common method with the server ({heard(refused.reason)})", cure
        ) from refused
    except (asyncssh.ChannelOpenError, asyncssh.SFTPError) as refused:
        cure = "enable the server's sftp subsystem, and allow the user to use it"
        raise error(f"the server offers no SFTP ({heard(refused.reason)})", cure) from refused
    except TimeoutError as late:
        what = f"no connection within {login.config.timeout:g} seconds"
        raise error(what, reach, transient=True) from late
    except (OSError, asyncssh.Error) as lost:
        reason = getattr(lost, "strerror", None) or getattr(lost, "reason", None) or str(lost)
        raise error(f"cannot be reached ({heard(reason)})", reach, transient=True) from lost
    except ValueError as odd:
        cure = "use a separate unencrypted key for this, or add the key to an agent"
        raise error(f"cannot log in ({heard(str(odd))})", cure) from odd


def _unknown_key(login: Login, offered: list["asyncssh.SSHKey"], reason: str) -> tuple[str, str]:
    """Return the message for an unknown host key, and its cure: compare it, then pin it."""
    if not offered:
        what = f"the host's key is rejected ({heard(reason)})"
        return what, "check which machine has this address now"
    key = offered[-1]
    line = " ".join(key.export_public_key().decode().split()[:2])
    known = "host_key" if login.config.host_key else str(login.known_hosts or KNOWN_HOSTS)
    what = f"the host's key {key.get_fingerprint()} is not in {known}"
    cure = "ask the server's administrator for the fingerprint; if it is the same, set host_key"
    return what, f'{cure} = "{line}"'


async def _leave(connection: "asyncssh.SSHClientConnection") -> None:
    connection.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE):
            await connection.wait_closed()
    connection.abort()


def _file(config: SftpTarget, key: str, folder: Path) -> Path | None:
    value: str = getattr(config, key)
    if not value:
        return None
    path = resolved_path(value, folder, f"publish.{config.name}.{key}")
    if not is_there(path) or not os.access(path, os.R_OK):
        what = f"{path} does not exist, or this user may not read it"
        raise ConfigError(f"publish.{config.name}.{key}", what, _PATH_CURE)
    return path
