"""The whole order on one page.

    survey (engine -> posts -> plans) -> entries (render, compose) -> documents -> files -> Report

Everything below is a function of its arguments: `now` is given, and nothing else is asked of
the machine but the files.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime

import msgspec

from syndicate.config import Config
from syndicate.entries import Entries, Progress, Work
from syndicate.errors import BuildStopped
from syndicate.feeds.compose import assemble
from syndicate.feeds.opml import opml
from syndicate.model import Document, FeedPlan, Problem, Report
from syndicate.publish.files import write
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

    Raises ConfigError, BlogError, BuildStopped, OutputError and StateError, each with the
    published files as they were. A post's own faults are Problems in the Report.
    """
    surveyed = survey(config, now=now, executor=executor)
    before = recall(config.state_folder, config.output_folder)
    _guard(surveyed, before)
    entries = Entries(_work(surveyed, config), surveyed.plans, progress, executor)
    if not dry_run:
        # Told before it is done: what a killed build has written is still ours to remove.
        mine = tuple(sorted({*before.files, *_paths(surveyed.plans, config)}))
        _remember(config, Written(mine, before.posts), before)
    documents = _documents(surveyed, entries, config)
    changes = write(documents, config.output_folder, earlier=before.files, dry_run=dry_run)
    if not dry_run:
        mine = tuple(sorted(change.path for change in changes if change.action != "removed"))
        _remember(config, Written(mine, len(surveyed.collected.posts)), before)
    report = surveyed.report()
    return msgspec.structs.replace(
        report,
        problems=(*report.problems, *entries.problems()),
        changes=changes,
        rendered=len(entries),
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
    documents = _documents(surveyed, entries, config)
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


def _documents(surveyed: Survey, entries: Entries, config: Config) -> Iterator[Document]:
    site, feeds = surveyed.blog.engine.site, config.feeds
    filled = []
    for feed in surveyed.plans:
        if carried := entries.of(feed):
            filled.append(feed)
            yield from assemble(
                feed, carried, site=site, hubs=feeds.hubs, max_bytes=feeds.max_bytes
            )
    if filled:
        yield opml(filled, site, feeds.paths)


def _paths(plans: Sequence[FeedPlan], config: Config) -> set[str]:
    return {config.feeds.paths.opml, *(path for feed in plans for path in feed.files.values())}


def _remember(config: Config, written: Written, before: Written) -> None:
    if written != before:
        remember(config.state_folder, config.output_folder, written)
