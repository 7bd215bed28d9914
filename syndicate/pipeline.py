"""The whole order on one page.

    survey (engine -> posts -> plans) -> entries (render, compose) -> documents -> files -> Report

Everything below is a function of its arguments: `now` is given, and nothing else is asked of
the machine but the files and the tables of time zones.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime

import msgspec

from syndicate.config import Config
from syndicate.entries import Entries, Progress, Work
from syndicate.errors import BuildStopped
from syndicate.feeds.compose import assemble
from syndicate.feeds.opml import opml
from syndicate.model import Change, Document, FeedPlan, FeedSummary, Problem, Report
from syndicate.publish.files import strangers, write
from syndicate.state.lock import locked
from syndicate.state.manifest import Written, recall, remember
from syndicate.survey import Survey, survey

__all__ = ["build", "check"]

COMFORTABLE_BYTES = 250_000
"""What readers, and the people who pay for them, take well."""


def build(
    config: Config,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    executor: Executor | None = None,
) -> Report:
    """Bring the output folder up to date; `now` decides which posts are still in the future.

    Much work is shared out to `executor` where there is one: the bytes are the same.

    Raises ConfigError, BlogError, BuildStopped, OutputError and StateError, with the published
    files as they were unless the disk fails while they are put in place. A post's own faults are
    Problems in the Report.
    """
    if dry_run:
        return _build(config, now, progress, executor, dry_run=True)
    with locked(config.state_folder):
        return _build(config, now, progress, executor, dry_run=False)


def _build(
    config: Config,
    now: datetime,
    progress: Progress,
    executor: Executor | None,
    *,
    dry_run: bool,
) -> Report:
    surveyed = survey(config, now=now, executor=executor)
    before = recall(config.state_folder, config.output_folder)
    _guard(surveyed, before)
    entries = Entries(_work(surveyed, config), surveyed.plans, progress, executor)
    planned = _paths(surveyed.plans, config)
    ours = set(before.files)
    foreign = strangers(planned - ours, config.output_folder)
    if not dry_run:
        # Told before it is done: what a killed build has written is still ours to remove.
        _remember(config, ours | planned - foreign, before.posts)
    carried: dict[str, int] = {}
    changes = write(
        _documents(surveyed, entries, config, carried),
        config.output_folder,
        # A feed whose posts cannot be read just now is not unwanted.
        earlier=ours - planned,
        dry_run=dry_run,
    )
    if not dry_run:
        written = {change.path for change in changes if change.action != "removed"}
        _remember(config, written | ours & planned, len(surveyed.collected.posts))
    report = surveyed.report()
    replaced = (_replaced(each.path) for each in changes if _is_replaced(each, foreign))
    return msgspec.structs.replace(
        report,
        problems=(*report.problems, *entries.problems(), *replaced),
        feeds=_written(report.feeds, surveyed.plans, carried),
        changes=changes,
        rendered=len(entries),
    )


def _is_replaced(change: Change, foreign: set[str]) -> bool:
    return change.action == "updated" and change.path in foreign


def _replaced(path: str) -> Problem:
    return Problem(
        path,
        "replaced-file",
        "stood in the output folder, not written by any build that is remembered; replaced",
        "keep the state folder between builds, or set another [output] path",
    )


def check(
    config: Config,
    *,
    now: datetime,
    progress: Progress = lambda *_: None,
    executor: Executor | None = None,
) -> Report:
    """All that a build would find wrong, with the feeds' own faults; writes nothing."""
    surveyed = survey(config, now=now, executor=executor)
    entries = Entries(_work(surveyed, config), surveyed.plans, progress, executor)
    documents = _documents(surveyed, entries, config, {})
    large = [_too_large(each) for each in documents if len(each.data) > COMFORTABLE_BYTES]
    report = surveyed.report()
    return msgspec.structs.replace(
        report,
        problems=(*report.problems, *entries.problems(), *large),
        rendered=len(entries),
    )


def _too_large(document: Document) -> Problem:
    return Problem(
        document.path,
        "large-feed",
        f"{len(document.data):,} bytes; readers fetch a feed many times a day",
        f'set [feeds] max_bytes = {COMFORTABLE_BYTES}, a lower limit, or content = "excerpt"',
    )


def _guard(surveyed: Survey, before: Written) -> None:
    if surveyed.collected.posts or not before.posts:
        return
    raise BuildStopped(
        str(surveyed.blog.root),
        f"no posts where the last build had {before.posts}; the published feeds stay",
        "see `syndicate check` for why; if it is meant, remove the state folder and build again",
    )


def _work(surveyed: Survey, config: Config) -> Work:
    return Work(
        root=surveyed.blog.root,
        engine=surveyed.blog.engine,
        links={post.path: post.url for post in surveyed.collected.posts},
        excerpt_length=config.excerpt.length,
        full=config.feeds.content == "full",
    )


def _documents(
    surveyed: Survey, entries: Entries, config: Config, carried: dict[str, int]
) -> Iterator[Document]:
    """Each file; `carried` is told how many entries each has."""
    site, feeds = surveyed.blog.engine.site, config.feeds
    filled = []
    for feed in surveyed.plans:
        if those := entries.of(feed):
            filled.append(feed)
            documents = assemble(feed, those, site=site, hubs=feeds.hubs, max_bytes=feeds.max_bytes)
            carried.update((document.path, document.entries) for document in documents)
            yield from documents
    if filled:
        yield opml(filled, site, feeds.paths)
    elif surveyed.plans:
        raise BuildStopped(
            str(surveyed.blog.root),
            "no post can be read any more; the published feeds stay",
            "see that the folder is still there, and build again",
        )


def _written(
    summaries: Sequence[FeedSummary], plans: Sequence[FeedPlan], carried: Mapping[str, int]
) -> tuple[FeedSummary, ...]:
    """The feeds that there are now, with the entries that they have."""
    return tuple(
        msgspec.structs.replace(summary, entries=carried[path])
        for summary, plan in zip(summaries, plans, strict=True)
        for path in list(plan.files.values())[:1]
        if path in carried
    )


def _paths(plans: Sequence[FeedPlan], config: Config) -> set[str]:
    return {config.feeds.paths.opml, *(path for feed in plans for path in feed.files.values())}


def _remember(config: Config, files: set[str], posts: int) -> None:
    written = Written(tuple(sorted(files)), posts)
    remember(config.state_folder, config.output_folder, written)
