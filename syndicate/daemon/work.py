"""One run of the daemon: a build, what comes after it, and when the next is wanted.

Runs in a thread of its own, never two at once; what it keeps between runs is seen by no other.
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
from syndicate.daemon.backoff import Rests
from syndicate.daemon.clock import Clock
from syndicate.daemon.loop import Next
from syndicate.daemon.status import Build, FeedFile, HubAccount, TargetAccount, Waiting
from syndicate.errors import ConfigError, SyndicateError
from syndicate.model import WRONG_CLOCK, Problem, Report
from syndicate.net import shown
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.processes import Workers
from syndicate.publish.after_build import Published, publish_after
from syndicate.publish.deliver import Delivery
from syndicate.publish.hubs import Ping

__all__ = ["Outcome", "Work"]

_LOG = logging.getLogger("syndicate.daemon")
SHOWN = 50
"""Problems, feeds, and posts that wait, that are told of one by one."""
PATIENCE = 6
"""Failures in a row after which a target no longer holds back what hubs are told."""
_KILLED = "a helper process was killed (too little memory?)"
_BUILD, _PUBLISH = "\0build", "\0publish"  # no target is called so
_SOON, _LATER = timedelta(seconds=1), timedelta(minutes=10)
Account = TypeVar("Account", TargetAccount, HubAccount)
Processes = Callable[[], AbstractContextManager[Workers]]


class Outcome(Next, frozen=True, kw_only=True):
    """What a run found and did. Of a build that failed, `found` is what the last good one found."""

    build: Build
    found: "Found"
    targets: tuple[TargetAccount, ...] = ()
    hubs: tuple[HubAccount, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """What is told of the blog, without its posts: it stays in memory for months."""

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
    """Builds and publishes what `config` says when it is called."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        processes: Processes,
        environ: Mapping[str, str],
        stopped: Callable[[], bool],
    ) -> None:
        self.config = config
        """May be replaced at any time; the next run goes by it."""
        self._clock, self._processes = clock, processes
        self._environ, self._stopped = environ, stopped
        self._rests = Rests()
        self._skipped: dict[str, float] = {}
        self._found = Found()
        self._targets: dict[str, TargetAccount] = {}
        self._hubs: dict[str, HubAccount] = {}

    def __call__(self, reasons: tuple[str, ...]) -> Outcome:
        """One run. What goes wrong in an expected way is in the outcome, and tried again."""
        config, self._skipped = self.config, {}
        self._settle(config, reasons)
        now, began = self._clock.now(), self._clock.steady()
        try:
            with self._processes() as executor:
                report = pipeline.build(config, now=now, executor=executor, brief=True)
        except (SyndicateError, BrokenExecutor) as error:
            self._rests.failed(_BUILD, self._clock.now(), transient=True)
            told = str(error) if isinstance(error, SyndicateError) else _KILLED
            build = Build(now, self._since(began), reasons, failed=told)
        else:
            self._rests.worked(_BUILD)
            self._found = _found(report, now, config.output_folder)
            build = _account(report, now, self._since(began), reasons)
        _log_build(build)
        if not build.failed:
            self._publish(config, report)
        return self._outcome(build)

    def _settle(self, config: Config, reasons: Sequence[str]) -> None:
        """What is no longer configured is forgotten; who mends a configuration sees it tried."""
        if not {"reload", "clock"}.isdisjoint(reasons):
            self._rests.forget()
        names = [target.name for target in config.publish]
        self._rests.keep((_BUILD, _PUBLISH, *names, *config.feeds.hubs))
        self._targets = {
            target.name: self._targets.get(target.name)
            or TargetAccount(target.name, str(target.__struct_config__.tag), target.place)
            for target in config.publish
        }
        self._hubs = {
            hub: self._hubs.get(hub) or HubAccount(shown(hub)) for hub in config.feeds.hubs
        }

    def _publish(self, config: Config, report: Report) -> None:
        self._skipped = self._rests.resting(self._clock.now())
        try:
            published = publish_after(
                config,
                report,
                environ=self._environ,
                resting=self._skipped,
                hold=self._hold,
                stopped=self._stopped,
                waits=(),
            )
        except SyndicateError as error:
            self._unpublished(error)
            return
        self._rests.worked(_PUBLISH)
        self._count(published)

    def _unpublished(self, error: SyndicateError) -> None:
        """Note that nothing was published; only a new configuration cures a ConfigError."""
        if not isinstance(error, ConfigError):
            self._rests.failed(_PUBLISH, self._clock.now(), transient=True)
        _LOG.error("not published: %s", error)
        replace = msgspec.structs.replace
        self._targets = {k: replace(v, failed=str(error)) for k, v in self._targets.items()}
        self._hubs = {k: replace(v, failed=str(error)) for k, v in self._hubs.items()}

    def _hold(self, deliveries: Sequence[Delivery]) -> bool:
        """Note how targets took it; whether one may soon hold the new feeds that does not yet."""
        now = self._clock.now()
        for each in deliveries:
            self._rest(each.target, each.error, now, each)
        waits = (self._rests.of(name) for name in self._targets)
        return any(rest and rest.failures < PATIENCE and rest.left(now) for rest in waits)

    def _rest(self, name: str, error: str, now: datetime, told: Delivery | Ping) -> None:
        if error:
            self._rests.failed(name, now, transient=told.transient, retry_after=told.retry_after)
        else:
            self._rests.worked(name)

    def _count(self, published: Published) -> None:
        now = self._clock.now()
        for each in published.deliveries:
            _log_delivery(each)
            before = self._targets[each.target]
            self._targets[each.target] = msgspec.structs.replace(
                before,
                place=each.place,
                good=before.good if each.error else now,
                sent=before.sent + len(each.sent),
                removed=before.removed + len(each.removed),
                pending=len(each.pending),
                failed=f"{each.error}; {each.cure}" if each.cure else each.error,
            )
        for hub in dict.fromkeys(ping.hub for ping in published.pings):
            self._count_pings(hub, [ping for ping in published.pings if ping.hub == hub], now)

    def _count_pings(self, hub: str, pings: Sequence[Ping], now: datetime) -> None:
        bad = [ping for ping in pings if ping.problem]
        self._rest(hub, bad[0].problem if bad else "", now, (bad or pings)[0])
        before, told = self._hubs[hub], len(pings) - len(bad)
        self._hubs[hub] = msgspec.structs.replace(
            before, told=before.told + told, failed=bad[0].problem if bad else ""
        )
        _log_pings(self._hubs[hub], told, len(bad))

    def _outcome(self, build: Build) -> Outcome:
        return Outcome(
            due=self._found.due,
            retry=self._rests.next(self._clock.now(), self._skipped),
            build=build,
            found=self._found,
            targets=tuple(self._rested(*each) for each in self._targets.items()),
            hubs=tuple(self._rested(*each) for each in self._hubs.items()),
        )

    def _rested(self, name: str, account: Account) -> Account:
        rest = self._rests.of(name)
        failures, again = (rest.failures, rest.until) if rest else (0, None)
        return msgspec.structs.replace(account, failures=failures, again=again)

    def _since(self, began: float) -> float:
        return round(self._clock.steady() - began, 3)


def _found(report: Report, now: datetime, output: Path) -> Found:
    waiting = sorted(
        (Waiting(each.path, each.due) for each in report.left_out if each.due),
        key=lambda each: (each.due, each.path),
    )
    counts: dict[str, int] = {}
    for problem in report.problems:
        counts[problem.severity] = counts.get(problem.severity, 0) + 1
    worst = sorted(report.problems, key=lambda each: (each.severity, each.kind, each.path))
    due = report.due
    if any(problem.kind == WRONG_CLOCK for problem in report.problems):
        due = now + _LATER
    elif due and due <= now:
        due = now + _SOON  # whatever it is, it must not keep the machine busy
    return Found(
        due=due,
        timezone=report.site.timezone,
        changed=tuple(
            each.path for each in report.changes if each.action in ("created", "updated")
        ),
        waiting=tuple(waiting[:SHOWN]),
        waiting_count=len(waiting),
        problems=tuple(worst[:SHOWN]),
        problem_counts=counts,
        feeds=tuple(_feed_files(report, output)),
        feed_count=len(report.feeds),
    )


def _feed_files(report: Report, output: Path) -> Iterator[FeedFile]:
    """The first feeds, each in its first format."""
    for feed in report.feeds[:SHOWN]:
        url = next(iter(feed.urls.values()))
        path = unquote(url.removeprefix(f"{report.site.url}/"))
        with suppress(OSError):  # somebody else's hand; the next build puts it back
            yield FeedFile(path, feed.entries, (output / path).stat().st_size)


def _account(report: Report, started: datetime, seconds: float, reasons: tuple[str, ...]) -> Build:
    return Build(
        started,
        seconds,
        reasons,
        posts=report.post_count,
        feeds=len(report.feeds),
        files=sum(each.action != "unchanged" for each in report.changes),
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


def _log_delivery(each: Delivery) -> None:
    fields: dict[str, Any] = {
        "target": each.target, "sent": len(each.sent), "removed": len(each.removed),
        "pending": len(each.pending), "seconds": each.seconds,
    }  # fmt: skip
    if each.problem:
        _LOG.warning(each.problem, extra={"fields": {"target": each.target}})
    if each.error:
        fields |= {"failed": each.error, "cure": each.cure}
        _LOG.error("delivery failed", extra={"fields": fields})
    elif each.sent or each.removed:
        _LOG.info("published", extra={"fields": fields})


def _log_pings(account: HubAccount, told: int, failed: int) -> None:
    fields = {"hub": account.hub, "told": told}
    if failed:
        fields |= {"untold": failed, "failed": account.failed}
        _LOG.error("hub not told", extra={"fields": fields})
    else:
        _LOG.info("hub told", extra={"fields": fields})
