"""A blog, recognised and read: its posts, and the feeds that there will be. Nothing is rendered.

config -> engine -> posts -> plans
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.collect.posts import Collected, Parsed, collect
from syndicate.config import Config
from syndicate.engines import Engine, choose, settle
from syndicate.errors import BlogError
from syndicate.feeds.paths import address
from syndicate.feeds.plan import plan
from syndicate.model import FeedPlan, FeedSummary, Problem, Report, Source

__all__ = ["BATCH", "WORTH_SHARING", "Blog", "Survey", "open_blog", "survey"]

WORTH_SHARING = 400
"""Posts from which on other processes are faster, their start included."""
BATCH = 50
"""Posts that a process is handed at once."""


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
    engine, problems = settle(engine, config.site, config.posts, name=root.name)
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
    if not collected.posts:
        what = f"no posts among {len(collected.left_out)} files"
        cure = "-v tells why each is left out; is [posts] path the blog's folder?"
        missing = Problem(str(config.posts.path), "no-posts", what, cure)
        blog = msgspec.structs.replace(blog, problems=(*blog.problems, missing))
    return Survey(blog, collected, plans)


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


def _summary(plan: FeedPlan, site_url: str) -> FeedSummary:
    urls = {form: address(site_url, path) for form, path in plan.files.items()}
    return FeedSummary(plan.kind, plan.term, plan.title, len(plan.posts), urls)
