"""Target that is a folder of an SFTP server; remote.py handles single files.

Files of one rank are sent in parallel. If one file fails, the others of its rank are still sent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from syndicate.config.targets import SftpTarget
from syndicate.publish.ssh import Login, Refused, connected
from syndicate.publish.target import Done, File, Target, TargetContext, Transfer, content

if TYPE_CHECKING:
    from syndicate.publish.remote import Remote

__all__ = ["open_target"]

AT_ONCE = 8
"""Files that are sent in parallel."""


def open_target(config: SftpTarget, context: TargetContext) -> Target:
    """Return the target of `config`. Raises ConfigError without a key to log in with."""
    return _Sftp(config, context)


class _Sftp:
    def __init__(self, config: SftpTarget, context: TargetContext) -> None:
        self.name = config.name
        self._login = Login(config, context)

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Send rank by rank, then remove. Stop after a rank that is incomplete."""
        asyncio.run(self._deliver(transfer, done))

    async def _deliver(self, transfer: Transfer, done: Done) -> None:
        from syndicate.publish.remote import open_remote

        # When a connection breaks, asyncssh leaves failed tasks behind; we report the error itself.
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        async with connected(self._login) as (connection, session):
            remote = await open_remote(self._login, connection, session)
            for _, files in groupby(transfer.send, key=lambda file: file.rank):
                await _all(partial(_send, remote, transfer, file, done) for file in files)
            await _all(partial(_remove, remote, transfer, path, done) for path in transfer.remove)


async def _send(remote: "Remote", transfer: Transfer, file: File, done: Done) -> None:
    await remote.put(file.path, content(transfer.root, file))
    done(file.path, file.digest)


async def _remove(remote: "Remote", transfer: Transfer, path: str, done: Done) -> None:
    await remote.remove(path, partial(transfer.is_ours, path))
    done(path, None)


async def _all(jobs: Iterable[Callable[[], Awaitable[None]]]) -> None:
    """Run all jobs, a few in parallel. Raises Refused at the end, other errors at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def attempt(job: Callable[[], Awaitable[None]]) -> Refused | None:
        async with gate:
            try:
                await job()
            except Refused as refused:
                return refused
        return None

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(attempt(job)) for job in jobs]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    refused = [error for task in tasks if (error := task.result()) is not None]
    if refused:
        raise refused[0]
