"""Server of a folder on a port."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import uvicorn

from syndicate.serve.address import unusable_address
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
    """Serves `routes`, and all other requests from `folder`.

    `serve()` runs in an event loop, `run()` starts one. Set `should_exit` to stop: the server then
    accepts no more connections, and finishes answers under way for at most ten seconds.
    """

    def __init__(self, folder: Folder, routes: "Sequence[BaseRoute]" = ()) -> None:
        protocol = type("FolderProtocol", (FolderProtocol,), {"folder": folder})
        super().__init__(
            uvicorn.Config(
                application(folder, routes),
                http=protocol,
                # uvloop is a third faster, but accepts one new client per round of its loop: of a
                # thousand simultaneous clients, some then wait for seconds.
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
        """Check all connections once a second; return whether to stop. uvicorn's hook."""
        if counter % _TICKS == 0:
            now = asyncio.get_running_loop().time()
            for connection in tuple(self.server_state.connections):
                if isinstance(connection, FolderProtocol):
                    connection.check(now)
        return await super().on_tick(counter)


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on `host` and `port` (0: any free port). Raises ConfigError."""
    _allow_connections()
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise unusable_address("serve", host, port, error) from error
    with listener:
        yield listener


def _allow_connections() -> None:
    """Raise this process's limit of open files as far as the system permits."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most: Any = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
