"""Feed server inside the daemon's process, for `[daemon] serve`."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from syndicate.config.schema import Config
from syndicate.errors import ConfigError

__all__ = ["Prepare", "serving", "unprepared"]

_LOG = logging.getLogger("syndicate.daemon")
Prepare = Callable[[Sequence[str]], None]
"""Reads changed files into memory, before the first client requests them."""


def unprepared(_paths: Sequence[str]) -> None:
    """Do nothing, for a daemon that serves no feeds."""


@contextmanager
def serving(config: Config) -> Iterator[Prepare]:
    """Serve the output folder until the context ends. Raises ConfigError."""
    try:
        from syndicate.serve.folder import folder_of
        from syndicate.serve.server import FolderServer, listen
    except ImportError as error:
        raise ConfigError(
            "[daemon] serve", f"needs a library that is not installed ({error.name})",
            "pip install 'syndicate-feeds[serve]', or set serve = false",
        ) from error  # fmt: skip
    folder = folder_of(config)
    loop, server = asyncio.new_event_loop(), FolderServer(folder)

    def prepare(paths: Sequence[str]) -> None:
        for path in paths:
            asyncio.run_coroutine_threadsafe(folder.prepare(path), loop)

    with listen(config.serve.host, config.serve.port) as opened:
        _LOG.info("serving", extra={"fields": {"address": opened.getsockname()[:2]}})
        run = threading.Thread(
            target=loop.run_until_complete,
            args=(server.serve(sockets=[opened]),),
            name="serve",
            daemon=True,
        )
        run.start()
        try:
            yield prepare
        finally:
            server.should_exit = True
            run.join(0.7)  # do not wait for slow clients
            if not run.is_alive():
                loop.close()
