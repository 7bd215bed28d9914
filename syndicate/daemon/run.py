"""The daemon from its start to its end.

One thread (loop.py) decides, one builds and publishes (work.py), others watch, answer and serve.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, nullcontext
from datetime import datetime
from pathlib import Path

import msgspec
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.triggers.base import BaseTrigger
from msgspec import Struct

from syndicate import __version__
from syndicate.config.schema import Config
from syndicate.daemon import child_processes as children
from syndicate.daemon import status as account
from syndicate.daemon.clock import Clock, SystemClock
from syndicate.daemon.health import answering, illness
from syndicate.daemon.loop import Loop, Next
from syndicate.daemon.serve_feeds import Prepare, serving, unprepared
from syndicate.daemon.status import DAEMON_LOCK, Build, State, Status, Totals
from syndicate.daemon.systemd import Notifier
from syndicate.daemon.triggers import triggers_of
from syndicate.daemon.watch import watching
from syndicate.daemon.work import Outcome, Processes, Work
from syndicate.errors import ConfigError, StateError, SyndicateError
from syndicate.state.lock import locked

__all__ = ["Setting", "run"]

_LOG = logging.getLogger("syndicate.daemon")
GRACE, LAST_GRACE = 3.0, 0.5
"""Seconds for a build to end by itself, and then for what it has started."""
KEPT = 10
"""Builds that are told of."""


class Setting(Struct, frozen=True):
    """What the daemon is given: how to read its configuration, now and again, and its means.

    `file` is the configuration, where it is not the one in the blog's folder.
    """

    load: Callable[[], Config]
    processes: Processes
    environ: Mapping[str, str]
    file: Path | None = None
    clock: Clock = SystemClock()


def run(setting: Setting) -> bool:
    """Run until SIGTERM or SIGINT, in the main thread. Whether the last build came to its end.

    Where it did not, its thread is still there: only ``os._exit`` ends the process then. Raises
    ConfigError, and StateError where another daemon is at work.
    """
    config = setting.load()
    who, cure = "another daemon", "stop it, or set another [state] path for this one"
    with locked(config.state_folder, DAEMON_LOCK, who, cure):
        return _Daemon(setting, config).run()


class _Daemon:
    """All but `_changed` and `_answer` is for the thread that called `run`."""

    def __init__(self, setting: Setting, config: Config) -> None:
        self._setting, self._config, self._clock = setting, config, setting.clock
        self._stop_asked = threading.Event()
        self._work = Work(
            config, self._clock, setting.processes, setting.environ, self._stop_asked.is_set
        )
        self._loop = Loop(
            self._clock, self._work, self._triggers, ThreadPoolExecutor(1), self._heard
        )
        self._notifier = Notifier(setting.environ)
        self._timezone = config.site.timezone or "UTC"
        self._beside = ExitStack()
        self._prepare: Prepare = unprepared
        now, self._round = self._clock.now(), self._clock.steady()
        self._status = Status(
            __version__, os.getpid(), str(config.folder.absolute()), "starting", now, now
        )

    def run(self) -> bool:
        """From READY to the end; see `run`."""
        self._loop.plan()
        try:
            self._surround(self._config)
            self._listen_to_signals()
            self._tell("starting")
            self._notifier.ready("started")
            self._loop.want("start")
            self._loop.run()
            self._notifier.stopping()
            ended = self._loop.finish(GRACE) or self._end_children()
        finally:
            self._beside.close()
        self._tell("stopped")
        fields = {"build": "ended" if ended else "abandoned"}
        _LOG.info("stopped", extra={"fields": fields})
        return ended

    def _surround(self, config: Config) -> None:
        """Begin to answer, serve and watch as `config` says. Raises ConfigError."""
        with ExitStack() as new:
            at = new.enter_context(answering(config.daemon.host, config.daemon.port, self._answer))
            serve = serving(config) if config.daemon.serve else nullcontext(unprepared)
            prepare = new.enter_context(serve)
            if config.schedule.watch:
                new.enter_context(watching(config, self._changed, self._setting.file))
            self._beside, self._prepare = new.pop_all(), prepare
        fields = {"pid": os.getpid(), "blog": str(config.folder.absolute()), "answers": at.url}
        _LOG.info("started", extra={"fields": fields})

    def _listen_to_signals(self) -> None:
        # A handler may come between any two steps of this thread: it only leaves a message.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._loop.call(self._stop))
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._loop.call(self._reload))

    def _stop(self) -> None:
        self._stop_asked.set()
        self._loop.stop()

    def _end_children(self) -> bool:
        """End what a build has started, and so perhaps the build. Whether it ended."""
        children.end(signal.SIGTERM)
        ended = self._loop.finish(LAST_GRACE)
        if not ended:
            children.end(getattr(signal, "SIGKILL", signal.SIGTERM))
        return ended

    def _changed(self, what: str) -> None:
        if what == "config":
            self._loop.call(self._reload)
        else:
            self._loop.want(what)

    def _reload(self) -> None:
        self._notifier.reloading()
        try:
            self._take(self._setting.load())
        except SyndicateError as error:
            _LOG.error("the new configuration is refused, the old one kept: %s", error)
            self._status = msgspec.structs.replace(self._status, refused=str(error))
        else:
            self._status = msgspec.structs.replace(self._status, refused="")
            _LOG.info("configuration read")
            self._loop.want("reload")
        self._tell(self._state)
        self._notifier.ready(_line(self._status))

    def _take(self, new: Config) -> None:
        """Go by `new` from now on. Raises ConfigError, with all as it was."""
        old = self._config
        if old.from_file and not new.from_file:
            what, cure = "is gone or empty", "put it back; if this is meant, restart the daemon"
            raise ConfigError("config.toml", what, cure)
        if new.state_folder != old.state_folder:
            raise ConfigError("[state] path", "has changed", "restart the daemon for that")
        triggers_of(new.schedule, new.site.timezone or self._timezone, self._clock.now())
        if _means(new) != _means(old):
            self._beside.close()
            try:
                self._surround(new)
            except ConfigError:
                self._surround(old)
                raise
        self._config = self._work.config = new
        self._timezone = new.site.timezone or self._timezone
        self._loop.plan()

    def _triggers(self, now: datetime) -> Mapping[str, BaseTrigger]:
        return triggers_of(self._config.schedule, self._timezone, now)

    def _answer(self) -> tuple[Status, str]:
        status, quiet_for = self._status, self._clock.steady() - self._round
        since = (self._clock.now() - status.written).total_seconds()
        return status, illness(status, quiet_for, since if status.state == "building" else 0.0)

    def _heard(self, found: Next | None) -> None:
        """After every step of the loop."""
        self._round = self._clock.steady()
        self._notifier.alive(self._round)
        if found:
            self._account(found)
        if found or self._state != self._status.state:
            self._tell(self._state)

    @property
    def _state(self) -> State:
        if self._stop_asked.is_set():
            return "stopping"
        return "building" if self._loop.working else "idle"

    def _account(self, found: Next) -> None:
        """Add what a run found to what is told."""
        if not isinstance(found, Outcome):
            now = self._clock.now()
            build = Build(now, 0.0, (), failed="an error of this program's own; see the log")
            self._status = self._with(build)
            return
        blog = found.found
        self._status = msgspec.structs.replace(
            self._with(found.build),
            waiting=blog.waiting,
            waiting_count=blog.waiting_count,
            problems=blog.problems,
            problem_counts=dict(blog.problem_counts),
            targets=found.targets,
            hubs=found.hubs,
            feeds=blog.feeds,
            feed_count=blog.feed_count,
        )
        if not found.build.failed:
            self._prepare(blog.changed)
        if blog.timezone and blog.timezone != self._timezone:
            self._timezone = blog.timezone
            self._loop.plan()

    def _with(self, build: Build) -> Status:
        totals = self._status.totals
        totals = Totals(
            totals.builds + 1,
            totals.failed + bool(build.failed),
            round(totals.seconds + build.seconds, 3),
        )
        builds = (build, *self._status.builds[: KEPT - 1])
        return msgspec.structs.replace(self._status, totals=totals, builds=builds)

    def _tell(self, state: State) -> None:
        self._status = msgspec.structs.replace(
            self._status,
            state=state,
            written=self._clock.now(),
            planned={} if state == "stopped" else self._loop.planned(),
        )
        self._notifier.status(_line(self._status))
        try:
            account.write(self._config.state_folder, self._status)
        except StateError as error:
            _LOG.error("%s", error)


def _means(config: Config) -> tuple[object, ...]:
    """What it depends on how the daemon watches, answers and serves."""
    serve = (config.serve, config.feeds.paths) if config.daemon.serve else ()
    watch = (config.posts.path, config.output, config.publish) if config.schedule.watch else ()
    return (config.folder, config.daemon, serve, config.schedule.watch, watch)


def _line(status: Status) -> str:
    if not status.builds:
        return status.state
    last = status.builds[0]
    did = f"failed: {last.failed}" if last.failed else f"{last.posts} posts, {last.feeds} feeds"
    planned = min(status.planned.values(), default=None)
    following = f"; next {planned:%Y-%m-%d %H:%M:%S} UTC" if planned else ""
    return f"{status.state}; last build {last.started:%H:%M:%S} UTC, {did}{following}"
