"""`syndicate.build`: the program as a library, in one call."""

from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syndicate.config.schema import Config, load
from syndicate.files.read import is_there
from syndicate.model import Report
from syndicate.pipeline import build as pipeline

__all__ = ["build"]


def build(
    blog: str | Path | Config = ".",
    *,
    settings: Mapping[str, Any] | None = None,
    now: datetime | None = None,
    dry_run: bool = False,
    executor: Executor | None = None,
) -> Report:
    """Build the feeds of `blog`: its folder, its config.toml, or a Config.

    `settings` are keys of config.toml that win over it, ``{"feeds.limit": 0}``; they go with a
    path, not with a Config. `now` is the moment after which posts are in the future: an aware
    datetime, this moment by default. `executor` (processes, or those of a cluster) shares the work
    of a large blog; without one it is done here. Returns what was done; nothing is printed. Raises
    SyndicateError where nothing could be done; what is wrong with single posts is in
    `Report.problems`.
    """
    moment = now or datetime.now(UTC)
    if moment.tzinfo is None:
        raise ValueError("now: a datetime without a time zone; use datetime.now(UTC)")
    config = blog if isinstance(blog, Config) else _load(Path(blog), settings or {})
    return pipeline.build(config, now=moment, dry_run=dry_run, executor=executor)


def _load(path: Path, settings: Mapping[str, Any]) -> Config:
    if is_there(path):
        return load(file=path, settings=settings.items())
    return load(path, settings=settings.items())
