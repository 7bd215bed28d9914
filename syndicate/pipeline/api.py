"""The program as a library: each function does what the command of its name does."""

from collections.abc import Iterator
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path

from syndicate.config.load import Settings, load_config
from syndicate.config.schema import Config
from syndicate.model import Report, Writable
from syndicate.pipeline import blog as recognised
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.blog import Blog

__all__ = ["build", "check", "open_blog", "preview"]


def open_blog(blog: str | Path | Config = ".", *, settings: Settings | None = None) -> Blog:
    """Recognise the blog's site generator, and read the generator's own settings.

    `blog` and `settings` are those of `load_config`. Write nothing and read no post. Raises
    BlogError if the folder cannot be a blog, and ConfigError.
    """
    return recognised.open_blog(load_config(blog, settings=settings))


def build(
    blog: str | Path | Config = ".",
    *,
    settings: Settings | None = None,
    now: datetime | None = None,
    dry_run: bool = False,
    executor: Executor | None = None,
) -> Report:
    """Build the feeds of the blog, print nothing, and return what was done.

    `blog` and `settings` are those of `load_config`. Posts dated after `now` are left out: an aware
    datetime, by default the current time. With `dry_run` nothing is written. A large blog's work is
    shared with `executor`; without one it is done in this process. Faults of single posts are in
    `Report.problems`. Raises a SyndicateError if nothing could be built; the published files then
    stay as they were.
    """
    config = load_config(blog, settings=settings)
    return pipeline.build(config, now=_aware(now), dry_run=dry_run, executor=executor)


def check(
    blog: str | Path | Config = ".",
    *,
    settings: Settings | None = None,
    now: datetime | None = None,
    executor: Executor | None = None,
) -> Report:
    """Report every problem of posts and feeds, and write nothing.

    The arguments and errors are those of `build`.
    """
    config = load_config(blog, settings=settings)
    return pipeline.check(config, now=_aware(now), executor=executor)


def preview(
    blog: str | Path | Config = ".",
    *,
    settings: Settings | None = None,
    now: datetime | None = None,
    executor: Executor | None = None,
) -> Iterator[Writable]:
    """Yield every file that a build would leave in the output folder, and write nothing.

    The arguments and errors are those of `build`.
    """
    config = load_config(blog, settings=settings)
    return pipeline.preview(config, now=_aware(now), executor=executor)


def _aware(now: datetime | None) -> datetime:
    """Return `now`, by default the current time. Raises ValueError without a time zone."""
    moment = now or datetime.now(UTC)
    if moment.tzinfo is None:
        raise ValueError("now has no time zone; use datetime.now(UTC)")
    return moment
