"""One run of the daemon: a build, publishing, and the time of the next run.

Runs never overlap. Only the thread of a run reads and writes the state kept between runs.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec

from syndicate.config.schema import Config
from syndicate.daemon.backoff import Backoffs
from syndicate.daemon.clock import Clock
from syndicate.daemon.loop import Next
from syndicate.daemon.status import Build, FeedFile, HubStatus, TargetStatus, Waiting
from syndicate.errors import ConfigError, SyndicateError
from syndicate.model import WRONG_CLOCK, Problem, Report
from syndicate.net import shown
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.processes import Workers
from syndicate.publish.after_build import deliverable, notify_hubs
from syndicate.publish.deliver import Delivery, Options, deliver
from syndicate.publish.hubs import Ping
from syndicate.state.lock import locked

__all__ = ["Outcome", "Work"]

_LOG = logging.getLogger("syndicate.daemon")
SHOWN = 50
"""Problems, feeds and waiting posts that the status lists; the others are only counted."""
PATIENCE = 6
"""Failures in a row after which a target no longer delays the pings of hubs."""
_KILLED = "a helper process was killed (too little memory?)"
_BUILD, _PUBLISH = "\0build", "\0publish"  # no target can have these names
_SOON, _LATER = timedelta(seconds=1), timedelta(minutes=10)
OneStatus = TypeVar("OneStatus", TargetStatus, HubStatus)
Processes = Callable[[], AbstractContextManager[Workers]]


class Outcome(Next, frozen=True, kw_only=True):
    """Result of a run. After a failed build, `blog` is that of the last good build."""

    build: Build
    blog: "BlogStatus"
    targets: tuple[TargetStatus, ...] = ()
    hubs: tuple[HubStatus, ...] = ()


class BlogStatus(msgspec.Struct, frozen=True):
    """Part of a build's report that the status shows. Without posts, as it stays in memory."""

    due: datetime | None = None
    timezone: str = ""
    changed: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    waiting_count: int = 0
    problems: tuple[Problem, ...] = ()
    problem_counts: Mapping[str, int] = {}
    feeds: tuple[FeedFile, ...] = ()
    feed_count: int = 0


class Work:
    """Builds and publishes the blog of `config` at each call."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        processes: Processes,
        environ: Mapping[str, str],
        stopped: Callable[[], bool],
    ) -> None:
        self.config = config
        """May be replaced at any time; the next run uses the new one."""
        self._clock, self._processes = clock, processes
        self._environ, self._stopped = environ, stopped
        self._backoffs = Backoffs()
        self._skipped: dict[str, float] = {}
        self._blog = BlogStatus()
        self._targets: dict[str, TargetStatus] = {}
        self._hubs: dict[str, HubStatus] = {}

    def __call__(self, reasons: tuple[str, ...]) -> Outcome:
        """Run once. Expected failures are part of the outcome, which plans their retry."""
        config, self._skipped = self.config, {}
        self._prepare(config, reasons)
        now, began = self._clock.now(), self._clock.steady()
        try:
            with self._processes() as executor:
                report = pipeline.build(config, now=now, executor=executor, brief=True)
        except (SyndicateError, BrokenExecutor) as error:
            self._backoffs.failed(_BUILD, self._clock.now(), transient=True)
            message = str(error) if isinstance(error, SyndicateError) else _KILLED
            build = Build(now, self._since(began), reasons, failed=message)
        else:
            self._backoffs.succeeded(_BUILD)
            self._blog = _blog_status(report, now, config.output_folder)
            build = _build_of(report, now, self._since(began), reasons)
        _log_build(build)
        if not build.failed:
            self._publish(config, report)
        return self._outcome(build)

    def _prepare(self, config: Config, reasons: Sequence[str]) -> None:
        """Drop the state of removed targets and hubs; a new configuration ends all back-off."""
        if not {"reload", "clock"}.isdisjoint(reasons):
            self._backoffs.reset()
        names = [target.name for target in config.publish]
        self._backoffs.keep((_BUILD, _PUBLISH, *names, *config.feeds.hubs))
        self._targets = {
            target.name: self._targets.get(target.name)
            or TargetStatus(target.name, str(target.__struct_config__.tag), target.place)
            for target in config.publish
        }
        self._hubs = {
            hub: self._hubs.get(hub) or HubStatus(shown(hub)) for hub in config.feeds.hubs
        }

    def _publish(self, config: Config, report: Report) -> None:
        self._skipped = self._backoffs.waiting(self._clock.now())
        try:
            if config.publish or config.feeds.hubs:
                with locked(config.state_folder):
                    self._publish_files(config, report, deliverable(config))
        except SyndicateError as error:
            self._record_unpublished(error)
        else:
            self._backoffs.succeeded(_PUBLISH)

    def _publish_files(self, config: Config, report: Report, kinds: Mapping[str, str]) -> None:
        """Deliver the files of `kinds` to the targets that may be tried, then notify the hubs."""
        names = [target.name for target in config.publish if target.name not in self._skipped]
        if kinds and names:
            options = Options(report.site.url, stopped=self._stopped)
            self._record_deliveries(
                deliver(config, kinds, environ=self._environ, names=names, options=options)
            )
        if not kinds or self._stopped() or self._awaits_target():
            return
        pings = notify_hubs(
            config, report, kinds, environ=self._environ, skipped=self._skipped, waits=()
        )
        for hub in dict.fromkeys(ping.hub for ping in pings):
            self._record_pings(hub, [ping for ping in pings if ping.hub == hub])

    def _record_unpublished(self, error: SyndicateError) -> None:
        """Record that nothing was published. A ConfigError waits for a new configuration."""
        if not isinstance(error, ConfigError):
            self._backoffs.failed(_PUBLISH, self._clock.now(), transient=True)
        _LOG.error("not published: %s", error)
        replace = msgspec.structs.replace
        self._targets = {k: replace(v, failed=str(error)) for k, v in self._targets.items()}
        self._hubs = {k: replace(v, failed=str(error)) for k, v in self._hubs.items()}

    def _awaits_target(self) -> bool:
        """Return whether a target that failed may soon receive the feeds it lacks."""
        now = self._clock.now()
        states = (self._backoffs.get(name) for name in self._targets)
        return any(state and state.failures < PATIENCE and state.left(now) for state in states)

    def _back_off(self, name: str, error: str, result: Delivery | Ping) -> None:
        if error:
            now, transient, retry_after = self._clock.now(), result.transient, result.retry_after
            self._backoffs.failed(name, now, transient=transient, retry_after=retry_after)
        else:
            self._backoffs.succeeded(name)

    def _record_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        now = self._clock.now()
        for delivery in deliveries:
            _log_delivery(delivery)
            self._back_off(delivery.target, delivery.error, delivery)
            before, error = self._targets[delivery.target], delivery.error
            self._targets[delivery.target] = msgspec.structs.replace(
                before,
                place=delivery.place,
                good=before.good if error else now,
                sent=before.sent + len(delivery.sent),
                removed=before.removed + len(delivery.removed),
                pending=len(delivery.pending),
                failed=f"{error}; {delivery.cure}" if delivery.cure else error,
            )

    def _record_pings(self, hub: str, pings: Sequence[Ping]) -> None:
        bad = [ping for ping in pings if ping.problem]
        self._back_off(hub, bad[0].problem if bad else "", (bad or pings)[0])
        before, accepted = self._hubs[hub], len(pings) - len(bad)
        self._hubs[hub] = msgspec.structs.replace(
            before, told=before.told + accepted, failed=bad[0].problem if bad else ""
        )
        _log_pings(self._hubs[hub], accepted, len(bad))

    def _outcome(self, build: Build) -> Outcome:
        return Outcome(
            due=self._blog.due,
            retry=self._backoffs.next(self._clock.now(), self._skipped),
            build=build,
            blog=self._blog,
            targets=tuple(self._with_backoff(*item) for item in self._targets.items()),
            hubs=tuple(self._with_backoff(*item) for item in self._hubs.items()),
        )

    def _with_backoff(self, name: str, status: OneStatus) -> OneStatus:
        backoff = self._backoffs.get(name)
        failures, again = (backoff.failures, backoff.until) if backoff else (0, None)
        return msgspec.structs.replace(status, failures=failures, again=again)

    def _since(self, began: float) -> float:
        return round(self._clock.steady() - began, 3)


def _blog_status(report: Report, now: datetime, output: Path) -> BlogStatus:
    waiting = sorted(
        (Waiting(file.path, file.due) for file in report.left_out if file.due),
        key=lambda post: (post.due, post.path),
    )
    counts: dict[str, int] = {}
    for problem in report.problems:
        counts[problem.severity] = counts.get(problem.severity, 0) + 1
    worst = sorted(
        report.problems, key=lambda problem: (problem.severity, problem.kind, problem.path)
    )
    due = report.due
    if any(problem.kind == WRONG_CLOCK for problem in report.problems):
        due = now + _LATER
    elif due and due <= now:
        due = now + _SOON  # never build in a busy loop
    return BlogStatus(
        due=due,
        timezone=report.site.timezone,
        changed=tuple(
            change.path for change in report.changes if change.action in ("created", "updated")
        ),
        waiting=tuple(waiting[:SHOWN]),
        waiting_count=len(waiting),
        problems=tuple(worst[:SHOWN]),
        problem_counts=counts,
        feeds=tuple(_feed_files(report, output)),
        feed_count=len(report.feeds),
    )


def _feed_files(report: Report, output: Path) -> Iterator[FeedFile]:
    """Yield the file of the first format of each of the first feeds."""
    for feed in report.feeds[:SHOWN]:
        url = next(iter(feed.urls.values()))
        path = unquote(url.removeprefix(f"{report.site.url}/"))
        with suppress(OSError):  # deleted by somebody; the next build writes it again
            yield FeedFile(path, feed.entries, (output / path).stat().st_size)


def _build_of(report: Report, started: datetime, seconds: float, reasons: tuple[str, ...]) -> Build:
    return Build(
        started,
        seconds,
        reasons,
        posts=report.post_count,
        feeds=len(report.feeds),
        files=sum(change.action != "unchanged" for change in report.changes),
        rendered=report.rendered,
        problems=len(report.problems),
        left_out=len(report.left_out),
    )


def _log_build(build: Build) -> None:
    fields = {name: getattr(build, name) for name in build.__struct_fields__ if name != "started"}
    fields["reasons"] = ",".join(build.reasons)
    if build.failed:
        _LOG.error("build failed", extra={"fields": {
            name: fields[name] for name in ("failed", "reasons", "seconds")
        }})  # fmt: skip
    else:
        del fields["failed"]
        _LOG.info("built", extra={"fields": fields})


def _log_delivery(delivery: Delivery) -> None:
    fields: dict[str, Any] = {
        "target": delivery.target, "sent": len(delivery.sent), "removed": len(delivery.removed),
        "pending": len(delivery.pending), "seconds": delivery.seconds,
    }  # fmt: skip
    if delivery.problem:
        _LOG.warning(delivery.problem, extra={"fields": {"target": delivery.target}})
    if delivery.error:
        fields |= {"failed": delivery.error, "cure": delivery.cure}
        _LOG.error("delivery failed", extra={"fields": fields})
    elif delivery.sent or delivery.removed:
        _LOG.info("published", extra={"fields": fields})


def _log_pings(status: HubStatus, accepted: int, rejected: int) -> None:
    fields = {"hub": status.hub, "accepted": accepted}
    if rejected:
        fields |= {"rejected": rejected, "failed": status.failed}
        _LOG.error("hub not notified", extra={"fields": fields})
    else:
        _LOG.info("hub notified", extra={"fields": fields})
