"""The whole order on one page.

    config -> engine -> posts -> plans -> (render, compose) -> documents -> files -> Report

Everything below is a function of its arguments: `now` is given, and nothing else is asked of
the machine but the files.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.collect.posts import Collected, Parsed, collect
from syndicate.config import Config
from syndicate.engines import Engine, choose, settle
from syndicate.entries import BATCH, WORTH_SHARING, Entries, Progress, Work
from syndicate.errors import BlogError, BuildStopped
from syndicate.feeds.compose import assemble
from syndicate.feeds.opml import opml
from syndicate.feeds.paths import address
from syndicate.feeds.plan import plan
from syndicate.model import (
    Document,
    FeedPlan,
    FeedSummary,
    Problem,
    Report,
    Source,
)
from syndicate.publish.files import write
from syndicate.state.manifest import Written, recall, remember

__all__ = ["Blog", "Progress", "Survey", "build", "check", "open_blog", "survey"]

COMFORTABLE_BYTES = 250_000
"""What readers, and the people who pay for them, take well."""


class Blog(Struct, frozen=True):
    """A blog, recognised: its folder, what reads it, and which parts of it hold the posts."""

    root: Path
    engine: Engine
    recognised_by: str
    only: tuple[str, ...]
    problems: tuple[Problem, ...]


class Survey(Struct, frozen=True):
    """A blog read, its feeds planned, nothing rendered."""

    blog: Blog
    collected: Collected
    plans: tuple[FeedPlan, ...]

    def report(self) -> Report:
        """What is known so far."""
        engine = self.blog.engine
        return Report(
            engine=engine.name,
            recognised_by=self.blog.recognised_by,
            site=engine.site,
            posts=self.collected.posts,
            left_out=self.collected.left_out,
            problems=(*self.blog.problems, *self.collected.problems),
            feeds=tuple(_summary(plan, engine.site.url) for plan in self.plans),
        )


def open_blog(config: Config) -> Blog:
    """Recognise the blog and read its own configuration. Raises BlogError, ConfigError."""
    root, only = _root(config.post_folders)
    engine_type, why = choose(root, config.posts.engine)
    engine, faults = engine_type.load(root)
    engine, problems = settle(engine, config.site, config.posts)
    return Blog(root, engine, why, only, (*faults, *problems))


def survey(config: Config, *, now: datetime, executor: Executor | None = None) -> Survey:
    """Read every post's header and plan the feeds. Raises BlogError, ConfigError."""
    blog = open_blog(config)
    keep_out = _within(blog.root, (config.output_folder, config.state_folder))
    collected = collect(
        blog.root,
        blog.engine,
        now=now,
        keep_out=keep_out,
        only=blog.only,
        map=partial(_map, executor),
    )
    plans = plan(
        collected.posts,
        site=blog.engine.site,
        by=config.feeds.by,
        formats=config.feeds.formats,
        limit=config.feeds.limit,
        min_posts=config.feeds.min_posts,
        layout=config.feeds.paths,
    )
    return Survey(blog, collected, plans)


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


def _map(
    executor: Executor | None, function: Callable[[Source], Parsed], sources: Sequence[Source]
) -> Iterable[Parsed]:
    if executor is None or len(sources) < WORTH_SHARING:
        return map(function, sources)
    return executor.map(function, sources, chunksize=BATCH)


def _root(folders: Sequence[Path]) -> tuple[Path, tuple[str, ...]]:
    """The blog's folder, and the parts of it to look in where not all of it is meant."""
    missing = next((folder for folder in folders if not folder.is_dir()), None)
    if missing is not None:
        raise BlogError(str(missing), "no such folder", "set [posts] path to the blog's folder")
    inner = [folder for folder in folders if folder.name in ("_posts", "_drafts")]
    root = Path(os.path.commonpath([*folders, *(folder.parent for folder in inner)]))
    parts = tuple(folder.relative_to(root).as_posix() for folder in folders)
    return root, () if "." in parts else parts


def _within(root: Path, folders: Sequence[Path]) -> tuple[str, ...]:
    inside = [folder for folder in folders if folder.is_relative_to(root) and folder != root]
    return tuple(folder.relative_to(root).as_posix() for folder in inside)


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


def _summary(plan: FeedPlan, site_url: str) -> FeedSummary:
    urls = {form: address(site_url, path) for form, path in plan.files.items()}
    return FeedSummary(plan.kind, plan.term, plan.title, len(plan.posts), urls)
