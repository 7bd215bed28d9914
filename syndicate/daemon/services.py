"""Services beside the loop: the status server, the feed server and the watcher."""

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path

from syndicate.config.schema import Config
from syndicate.daemon.health import Health, status_server
from syndicate.daemon.serve_feeds import Prepare, serving, unprepared
from syndicate.daemon.watch import watching
from syndicate.errors import ConfigError
from syndicate.pages.theme import theme_of

__all__ = ["Services"]

_LOG = logging.getLogger("syndicate.daemon")


class Services:
    """Threads of the configured services. They call `changed` and `health`."""

    def __init__(
        self, health: Health, changed: Callable[[str], None], file: Path | None = None
    ) -> None:
        self._health, self._changed, self._file = health, changed, file
        self._running = ExitStack()
        self.prepare: Prepare = unprepared
        """Have changed files read into the feed server's memory."""

    def start(self, config: Config) -> None:
        """Start all services. Raises ConfigError, and then has started none."""
        with ExitStack() as new:
            host, port = config.daemon.host, config.daemon.port
            theme = partial(theme_of, config)
            server = new.enter_context(status_server(host, port, self._health, theme))
            serve = serving(config) if config.daemon.serve else nullcontext(unprepared)
            prepare = new.enter_context(serve)
            if config.schedule.watch:
                new.enter_context(watching(config, self._changed, self._file))
            self._running, self.prepare = new.pop_all(), prepare
        fields = {"pid": os.getpid(), "blog": str(config.folder.absolute()), "answers": server.url}
        _LOG.info("started", extra={"fields": fields})

    def restart(self, old: Config, new: Config) -> None:
        """Replace the services of `old` if `new` asks for others.

        Raises ConfigError, and then has started the services of `old` again.
        """
        if _inputs(new) == _inputs(old):
            return
        self.stop()
        try:
            self.start(new)
        except ConfigError:
            self.start(old)
            raise

    def stop(self) -> None:
        """Stop all services."""
        self._running.close()


def _inputs(config: Config) -> tuple[object, ...]:
    """Return all settings that the services depend on."""
    serve = (config.serve, config.feeds.paths) if config.daemon.serve else ()
    watch = (config.posts.path, config.output, config.publish) if config.schedule.watch else ()
    return (config.folder, config.daemon, config.pages, serve, config.schedule.watch, watch)
