"""The daemon from start to end: signals, reloading of config.toml, and status.json.

One thread runs the loop (loop.py), one builds and publishes (work.py); the services (services.py)
have threads of their own.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from apscheduler.executors.pool import ThreadPoolExecutor
from msgspec import Struct

from syndicate import __version__
from syndicate.config.schema import Config
from syndicate.daemon import status as status_file
from syndicate.daemon.child_processes import signal_children
from syndicate.daemon.clock import Clock, SystemClock
from syndicate.daemon.health import diagnosis
from syndicate.daemon.loop import Loop, Next
from syndicate.daemon.services import Services
from syndicate.daemon.status import DAEMON_LOCK, Build, State, Status, Totals
from syndicate.daemon.systemd import Notifier
from syndicate.daemon.work import Outcome, Processes, Work
from syndicate.errors import ConfigError, StateError, SyndicateError
from syndicate.state.lock import locked

__all__ = ["Setting", "run"]

_LOG = logging.getLogger("syndicate.daemon")
GRACE, LAST_GRACE = 3.0, 0.5
"""Seconds for a build to end by itself, and then for its child processes."""
KEPT = 10
"""Builds that the status lists."""


class Setting(Struct, frozen=True):
    """Dependencies of the daemon: configuration, processes, environment variables and clock.

    `file` is the path of the configuration if it is not in the blog's folder.
    """

    load: Callable[[], Config]
    processes: Processes
    environ: Mapping[str, str]
    file: Path | None = None
    clock: Clock = SystemClock()


def run(setting: Setting) -> bool:
    """Run in the main thread until SIGTERM or SIGINT. Return whether the last build has ended.

    If it has not, its thread is still running, and only ``os._exit`` ends the process. Raises
    ConfigError, and StateError if another daemon uses the state folder.
    """
    config = setting.load()
    holder, cure = "another daemon", "stop it, or set another [state] path for this one"
    with locked(config.state_folder, DAEMON_LOCK, holder, cure):
        return _Daemon(setting, config).run()


class _Daemon:
    """State of the loop's thread. Only `_changed` and `_health` are called from other threads."""

    def __init__(self, setting: Setting, config: Config) -> None:
        self._setting, self._config, self._clock = setting, config, setting.clock
        self._stop_asked = threading.Event()
        self._work = Work(
            config, self._clock, setting.processes, setting.environ, self._stop_asked.is_set
        )
        self._loop = Loop(self._clock, self._work, ThreadPoolExecutor(1))
        self._notifier = Notifier(setting.environ)
        self._services = Services(self._health, self._changed, setting.file)
        self._timezone = config.site.timezone or "UTC"
        now, self._last_step = self._clock.now(), self._clock.steady()
        self._status = Status(
            __version__, os.getpid(), str(config.folder.absolute()), "starting", now, now
        )

    def run(self) -> bool:
        """Run until stopped; see the function `run`."""
        self._loop.plan(self._config.schedule, self._timezone)
        try:
            self._services.start(self._config)
            self._listen_to_signals()
            self._publish_state("starting")
            self._notifier.ready("started")
            self._loop.want("start")
            while not self._loop.stopping:
                self._after_step(self._loop.step())
            self._notifier.stopping()
            ended = self._finish(GRACE) or self._end_children()
        finally:
            self._services.stop()
        self._publish_state("stopped")
        fields = {"build": "ended" if ended else "abandoned"}
        _LOG.info("stopped", extra={"fields": fields})
        return ended

    def _listen_to_signals(self) -> None:
        # A handler may interrupt this thread anywhere, so it only leaves a message.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._loop.call(self._stop))
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._loop.call(self._reload))

    def _stop(self) -> None:
        self._stop_asked.set()
        self._loop.stop()

    def _finish(self, seconds: float) -> bool:
        """Wait up to `seconds` for the build under way. Return whether it has ended."""
        self._after_step(self._loop.finish(seconds))
        return not self._loop.working

    def _end_children(self) -> bool:
        """End the child processes of the build. Return whether the build has ended."""
        signal_children(signal.SIGTERM)
        ended = self._finish(LAST_GRACE)
        if not ended:
            signal_children(getattr(signal, "SIGKILL", signal.SIGTERM))
        return ended

    def _changed(self, reason: str) -> None:
        if reason == "config":
            self._loop.call(self._reload)
        else:
            self._loop.want(reason)

    def _reload(self) -> None:
        self._notifier.reloading()
        try:
            self._use(self._setting.load())
        except SyndicateError as error:
            _LOG.error("the new configuration is rejected, the old one stays in use: %s", error)
            self._status = msgspec.structs.replace(self._status, refused=str(error))
        else:
            self._status = msgspec.structs.replace(self._status, refused="")
            _LOG.info("configuration read")
            self._loop.want("reload")
        self._publish_state(self._state)
        self._notifier.ready(_line(self._status))

    def _use(self, new: Config) -> None:
        """Replace the configuration. Raises ConfigError, and then keeps the old one."""
        old = self._config
        if old.from_file and not new.from_file:
            what, cure = "is gone or empty", "put it back; if this is meant, restart the daemon"
            raise ConfigError("config.toml", what, cure)
        if new.state_folder != old.state_folder:
            raise ConfigError("[state] path", "has changed", "restart the daemon to use it")
        timezone = new.site.timezone or self._timezone
        self._loop.plan(new.schedule, timezone)
        try:
            self._services.restart(old, new)
        except ConfigError:
            self._loop.plan(old.schedule, self._timezone)
            raise
        self._config = self._work.config = new
        self._timezone = timezone

    def _health(self) -> tuple[Status, str]:
        status, quiet_for = self._status, self._clock.steady() - self._last_step
        since = (self._clock.now() - status.written).total_seconds()
        return status, diagnosis(status, quiet_for, since if status.state == "building" else 0.0)

    def _after_step(self, result: Next | None) -> None:
        """Record the step, and the `result` of a build that has ended."""
        self._last_step = self._clock.steady()
        self._notifier.alive(self._last_step)
        if result:
            self._record(result)
        if result or self._state != self._status.state:
            self._publish_state(self._state)

    @property
    def _state(self) -> State:
        if self._stop_asked.is_set():
            return "stopping"
        return "building" if self._loop.working else "idle"

    def _record(self, result: Next) -> None:
        if not isinstance(result, Outcome):  # the work raised; the loop has logged it
            error = "an error in syndicate itself; see the log"
            self._status = _with_build(self._status, Build(self._clock.now(), 0.0, (), error))
            return
        self._status = _with_outcome(self._status, result)
        if not result.build.failed:
            self._services.prepare(result.blog.changed)
        timezone = result.blog.timezone
        if timezone and timezone != self._timezone:
            self._timezone = timezone
            self._loop.plan(self._config.schedule, timezone)

    def _publish_state(self, state: State) -> None:
        """Write the status to status.json and report it to systemd."""
        self._status = msgspec.structs.replace(
            self._status,
            state=state,
            written=self._clock.now(),
            planned={} if state == "stopped" else self._loop.planned(),
        )
        self._notifier.status(_line(self._status))
        try:
            status_file.write(self._config.state_folder, self._status)
        except StateError as error:
            _LOG.error("%s", error)


def _with_build(status: Status, build: Build) -> Status:
    """Return `status` with `build` as the latest."""
    totals = Totals(
        status.totals.builds + 1,
        status.totals.failed + bool(build.failed),
        round(status.totals.seconds + build.seconds, 3),
    )
    builds = (build, *status.builds[: KEPT - 1])
    return msgspec.structs.replace(status, totals=totals, builds=builds)


def _with_outcome(status: Status, outcome: Outcome) -> Status:
    """Return `status` with the results of a run."""
    blog = outcome.blog
    return msgspec.structs.replace(
        _with_build(status, outcome.build),
        waiting=blog.waiting,
        waiting_count=blog.waiting_count,
        problems=blog.problems,
        problem_counts=dict(blog.problem_counts),
        targets=outcome.targets,
        hubs=outcome.hubs,
        feeds=blog.feeds,
        feed_count=blog.feed_count,
    )


def _line(status: Status) -> str:
    """Return the status as one line for systemd."""
    if not status.builds:
        return status.state
    last = status.builds[0]
    did = f"failed: {last.failed}" if last.failed else f"{last.posts} posts, {last.feeds} feeds"
    planned = min(status.planned.values(), default=None)
    following = f"; next {planned:%Y-%m-%d %H:%M:%S} UTC" if planned else ""
    return f"{status.state}; last build {last.started:%H:%M:%S} UTC, {did}{following}"
