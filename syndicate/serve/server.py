"""The folder on a port, until told to stop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import uvicorn

from syndicate.errors import ConfigError
from syndicate.serve.app import application
from syndicate.serve.folder import Folder
from syndicate.serve.protocol import MOST_CONNECTIONS, FolderProtocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute

__all__ = ["FolderServer", "listen"]

BACKLOG = 2_048
GRACE_SECONDS = 10
_TICKS = 10  # uvicorn ticks ten times a second


class FolderServer(uvicorn.Server):
    """Serves `folder`, after `routes`. `serve()` runs in a loop, `run()` makes one.

    Set `should_exit` to stop: no connection is taken any more, answers under way are sent,
    for at most ten seconds.
    """

    def __init__(self, folder: Folder, routes: "Sequence[BaseRoute]" = ()) -> None:
        protocol = type("FolderProtocol", (FolderProtocol,), {"folder": folder})
        super().__init__(
            uvicorn.Config(
                application(folder, routes),
                http=protocol,
                # uvloop is a third faster, but takes one new client for each round over all that
                # wait: of a thousand who come at once, some then wait for seconds.
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                backlog=BACKLOG,
                timeout_keep_alive=20,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    async def on_tick(self, counter: int) -> bool:
        """What is to be done every tenth of a second; whether to stop."""
        if counter % _TICKS == 0:
            now = asyncio.get_running_loop().time()
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, FolderProtocol):
                    connection.check(now)
        return await super().on_tick(counter)


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens at `host` and `port` (0: any free one). Raises ConfigError."""
    _allow_connections()
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError(
            f"[serve] {host}:{port}",
            f"cannot be listened at ({error.strerror})",
            "set another host or port, or stop the program that has it",
        ) from error
    with made:
        yield made


def _allow_connections() -> None:
    """Raise the number of open files that the system allows by default, as far as it lets us."""
    try:
        import resource
    except ImportError:  # Windows has no such bound
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most: Any = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
