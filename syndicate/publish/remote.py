"""Folder of an SFTP server: atomic writing and removal of files.

A file is written beside its place, read back, and renamed. Links that lead out of the folder are
never followed. A request without an answer in time aborts the connection, which also ends all
other requests.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import PurePosixPath
from typing import cast

import asyncssh
from asyncssh.constants import FILEXFER_TYPE_DIRECTORY, FILEXFER_TYPE_REGULAR

from syndicate.errors import DeliveryError
from syndicate.publish.ssh import Login, Refused
from syndicate.text.peers import heard

__all__ = ["Remote", "open_remote"]

READ_BACK = 1024 * 1024
"""Largest file in bytes that is read back before its rename; of larger ones the size is checked."""
SLOWEST = 16 * 1024
"""Bytes per second that a connection must reach, in addition to the configured timeout."""
_BLOCK = 256 * 1024
_GONE = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
_LOST = (
    asyncssh.DisconnectError,
    asyncssh.SFTPBadMessage,
    asyncssh.SFTPConnectionLost,
    asyncssh.SFTPNoConnection,
    OSError,
)
_FULL = (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded)
_FORBIDDEN = (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect)


async def open_remote(
    login: Login, connection: asyncssh.SSHClientConnection, session: asyncssh.SFTPClient
) -> "Remote":
    """Open the configured folder. Create it if it is missing, but not its parents.

    If the parents are missing, the disk is not mounted or the path is wrong. Raises DeliveryError.
    """
    path = _at_login(login.config.path)
    remote = Remote(login, connection, session, path)
    async with remote.watched(path):
        if not await session.exists(path):
            await session.mkdir(path)
        remote.root = str(await session.realpath(path)).rstrip("/")
        attributes = await session.stat(path)
    if attributes.type != FILEXFER_TYPE_DIRECTORY:
        raise DeliveryError(login.where, f"{path} is not a folder", "set path to a folder")
    return remote


class Remote:
    """Folder `root` of the server, in one session. Methods raise DeliveryError.

    Its subclass Refused concerns one path only.
    """

    def __init__(
        self,
        login: Login,
        connection: asyncssh.SSHClientConnection,
        session: asyncssh.SFTPClient,
        root: str,
    ) -> None:
        self.root = root
        self._login = login
        self._connection = connection
        self._session = session
        self._safe: set[str] = set()
        self._making = asyncio.Lock()
        self._late = False

    async def put(self, path: str, data: bytes) -> None:
        """Write `data` to `path` atomically."""
        async with self.watched(path, len(data)):
            folder = await self._folder_of(path)
            name = PurePosixPath(path).name
            part = f"{folder}/.{name}.part"
            try:
                await self._write(part, data)
                await self._verify(part, data)
                await self._rename(part, f"{folder}/{name}")
            except asyncssh.SFTPError:
                with suppress(asyncssh.SFTPError):  # it would hide the first error
                    await self._session.remove(part)
                raise

    async def remove(self, path: str, is_ours: Callable[[str], bool]) -> None:
        """Remove the file at `path` if `is_ours` returns true for its SHA-256.

        Folders that become empty are removed too.
        """
        place = f"{self.root}/{path}"
        async with self.watched(path):
            with suppress(*_GONE):
                if not await self._is_inside(str(PurePosixPath(place).parent)):
                    return
                attributes = await self._session.lstat(place)
                if attributes.type != FILEXFER_TYPE_REGULAR:
                    return
                if not is_ours(await self._digest(place)):
                    return
                await self._session.remove(place)
            await self._remove_empty(PurePosixPath(path).parent)

    async def _write(self, part: str, data: bytes) -> None:
        with suppress(*_GONE):
            await self._session.remove(part)  # left by an interrupted run, or a link
        async with self._session.open(part, "xb") as file:
            await file.write(data)
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()

    async def _verify(self, part: str, data: bytes) -> None:
        size = (await self._session.stat(part)).size
        digest = await self._digest(part) if len(data) <= READ_BACK else ""
        if size != len(data) or (digest and digest != hashlib.sha256(data).hexdigest()):
            what = f"{part} does not read back as it was written"
            cure = "check that the server's disk is healthy"
            raise Refused(self._login.where, what, cure, transient=True)

    async def _digest(self, place: str) -> str:
        hashed = hashlib.sha256()
        async with self._session.open(place, "rb") as file:
            while block := cast("bytes", await file.read(_BLOCK)):
                hashed.update(block)
        return hashed.hexdigest()

    async def _rename(self, part: str, place: str) -> None:
        try:
            await self._session.posix_rename(part, place)
        except asyncssh.SFTPOpUnsupported:
            try:
                await self._session.rename(part, place)
            except (asyncssh.SFTPFailure, asyncssh.SFTPFileAlreadyExists):
                # This server cannot replace a file, which is therefore absent for a moment.
                await self._session.remove(place)
                await self._session.rename(part, place)

    async def _folder_of(self, path: str) -> str:
        """Return the folder of `path`. Create it step by step, checking that it is inside."""
        place = self.root
        async with self._making:
            for part in PurePosixPath(path).parent.parts:
                place = f"{place}/{part}"
                if place not in self._safe:
                    await self._enter(place)
                    self._safe.add(place)
        return place

    async def _enter(self, place: str) -> None:
        if not await self._session.lexists(place):
            await self._session.mkdir(place)
        if not await self._is_inside(place):
            what = f"{place} is a link that leads out of the folder"
            raise Refused(self._login.where, what, "remove the link, or set another path")
        if (await self._session.stat(place)).type != FILEXFER_TYPE_DIRECTORY:
            what, cure = f"{place} is not a folder", "rename or delete this file"
            raise Refused(self._login.where, what, cure)

    async def _is_inside(self, place: str) -> bool:
        real = str(await self._session.realpath(place))
        return f"{real}/".startswith(f"{self.root}/")

    async def _remove_empty(self, folder: PurePosixPath) -> None:
        while folder.parts:
            try:
                await self._session.rmdir(f"{self.root}/{folder}")
            except asyncssh.SFTPError:
                return
            folder = folder.parent

    @asynccontextmanager
    async def watched(self, path: str, size: int = 0) -> AsyncIterator[None]:
        """Limit the time of the requests inside, and convert their errors to DeliveryError."""
        limit = self._login.config.timeout + size / SLOWEST
        timer = asyncio.get_running_loop().call_later(limit, self._give_up)
        try:
            yield
        except _LOST as lost:
            timeout = self._login.config.timeout
            what = f"no answer within {timeout:g} seconds" if self._late else "connection lost"
            cure = "check that the server runs and can be reached from here"
            raise DeliveryError(self._login.where, what, cure, transient=True) from lost
        except asyncssh.SFTPError as error:
            raise await self._refused(path, size, error) from error
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        self._late = True
        self._connection.abort()

    async def _refused(self, path: str, size: int, error: asyncssh.SFTPError) -> Refused:
        where = self._login.where
        if isinstance(error, _FULL) or await self._is_full(size):
            cure = "free some space on the server"
            return Refused(where, f"{path}: the disk is full", cure, transient=True)
        if isinstance(error, _FORBIDDEN):
            cure = "let the user write to that folder, or set another path"
            return Refused(where, f"{path}: permission denied", cure)
        if isinstance(error, _GONE):
            cure = "create its parent folder, or set path to a folder that exists"
            return Refused(where, f"{path}: no such folder", cure)
        what = f"{path}: rejected by the server ({heard(error.reason) or 'without a reason'})"
        return Refused(where, what, "see the server's log")

    async def _is_full(self, size: int) -> bool:
        """Return whether the disk is full; protocol version 3 has no status code for it."""
        try:
            disk = await self._session.statvfs(self.root or "/")
        except (asyncssh.SFTPError, *_LOST):
            return False
        return disk.bavail * disk.frsize < size or disk.favail == 0 < disk.files


def _at_login(path: str) -> str:
    """Return `path` without "~": a relative path already starts at the login's folder."""
    return path.removeprefix("~").removeprefix("/") or "." if path.startswith("~") else path
