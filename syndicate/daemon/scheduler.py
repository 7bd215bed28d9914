"""APScheduler in the daemon's own thread and by the daemon's clock.

APScheduler's own schedulers wait on the monotonic clock, which stands still while a laptop sleeps.
The loop asks this scheduler at least once a second for the jobs that are due. Jobs, triggers,
executors and events are APScheduler's own.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
)
from apscheduler.executors.base import BaseExecutor
from apscheduler.executors.debug import DebugExecutor
from apscheduler.job import Job
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

from syndicate.daemon.clock import Clock

__all__ = ["Scheduler"]

_LOG = logging.getLogger("syndicate.daemon")
_WORK = "work"
Done = Callable[[Any], None]
"""Receives the result of a work; None if it raised."""


class Scheduler(BaseScheduler):  # type: ignore[misc]  # APScheduler has no annotations
    """Makes planned calls in the thread that calls `process`, and runs work in `executor`.

    Overdue calls of one name become one call, however late. `done` is called in the executor's
    thread when a work has ended.
    """

    def __init__(self, clock: Clock, executor: BaseExecutor, done: Done) -> None:
        # We log exceptions in `_heard`; APScheduler would log them once more.
        logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)
        logging.getLogger("apscheduler.scheduler").setLevel(logging.WARNING)
        super().__init__(
            timezone=UTC,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            executors={"default": DebugExecutor(), _WORK: executor},
        )
        self._clock = clock
        self._done = done
        self.add_listener(self._on_event, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def plan(self, name: str, trigger: BaseTrigger, call: Callable[[], None]) -> None:
        """Make `call` whenever `trigger` fires. Replaces a planned call of the same name."""
        first = trigger.get_next_fire_time(None, self._clock.now())
        self.forget(name)
        if first is not None:
            self.add_job(call, trigger, id=name, name=name, next_run_time=first)

    def plan_once(self, name: str, when: datetime, call: Callable[[], None]) -> None:
        """Make `call` at `when`, or at once if `when` has passed."""
        self.forget(name)
        trigger = DateTrigger(when, UTC)
        self.add_job(call, trigger, id=name, name=name, next_run_time=when.astimezone(UTC))

    def forget(self, name: str) -> None:
        """Cancel the planned call `name`, if there is one."""
        if self.get_job(name):
            self.remove_job(name)

    def work(self, call: Callable[[], Any]) -> None:
        """Start `call` in the executor at the next `process`."""
        now = self._clock.now()
        trigger = DateTrigger(now, UTC)
        self.add_job(call, trigger, id=_WORK, name=_WORK, executor=_WORK, next_run_time=now)

    def planned(self) -> dict[str, datetime]:
        """Return the next time of each planned call by its name."""
        jobs = self.get_jobs()
        return {job.id: job.next_run_time.astimezone(UTC) for job in jobs if job.id != _WORK}

    def process(self) -> None:
        """Make all calls that are due, including calls that these plan for now."""
        store = self._lookup_jobstore("default")
        while due := store.get_due_jobs(now := self._clock.now()):
            self._submit(due[0], now)

    def wakeup(self) -> None:
        """Do nothing: the loop calls `process` after planning a job."""

    def shutdown(self, wait: bool = True) -> None:
        """Start no more calls; with `wait`, return after the work under way has ended."""
        super().shutdown(wait)

    def _submit(self, job: Job, now: datetime) -> None:
        run = job.next_run_time
        following = job.trigger.get_next_fire_time(run, now)
        while following is not None and following <= now:  # coalesced
            run, following = following, job.trigger.get_next_fire_time(following, now)
        if following is None:
            self.remove_job(job.id)
        else:
            self.modify_job(job.id, next_run_time=following)
        self._lookup_executor(job.executor).submit_job(job, [run])

    def _on_event(self, event: JobExecutionEvent) -> None:
        if event.code == EVENT_JOB_MISSED:
            _LOG.error("missed", extra={"fields": {"job": event.job_id}})
        elif event.code == EVENT_JOB_ERROR:
            fields: dict[str, Any] = {"job": event.job_id, "traceback": event.traceback}
            _LOG.critical("%r", event.exception, extra={"fields": fields})
        if event.job_id == _WORK:
            self._done(event.retval)
