"""Run an engine alone on a small blog, with a result in the form of `expected.json`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.config.schema import PostsConfig, SiteConfig
from syndicate.engines import Engine, Facts, settle
from syndicate.posts.dates import read_date
from syndicate.posts.discover import discover
from syndicate.posts.fields import title
from syndicate.posts.header import read_header
from syndicate.posts.withheld import withheld

__all__ = ["expected_of", "said_of"]


def said_of(root: Path, engine: Engine, permalink: str = "") -> dict[str, dict[str, Any]]:
    """Return absolute address and instant in UTC of every post, by path."""
    engine, _ = settle(engine, SiteConfig(), PostsConfig(permalink=permalink))
    found = {}
    for source in discover(root, engine).sources:
        header = read_header((root / source.path).read_bytes(), source.path).meta
        header = dict(engine.front_matter(source.path, header))  # type: ignore[attr-defined]
        meta = {**engine.defaults(source.path, source.place), **header}
        if engine.withheld(source.path, meta) or withheld(meta, drafts=False):
            continue
        date = instant(source.path, meta, engine)
        facts = Facts(source.path, source.place, meta, date, (), (), title(meta.get("title")))
        url = engine.site.url + engine.address(facts)
        found[source.path] = {"url": url, "date": date.astimezone(UTC)}
    return found


def instant(path: str, meta: dict[str, Any], engine: Engine) -> datetime:
    said = next((meta[key] for key in engine.date_keys if meta.get(key)), None)
    date = read_date(said or engine.other_date(path, meta), ZoneInfo(engine.site.timezone)).instant
    assert date is not None, path
    return date


def expected_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return `expected.json` with parsed dates."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return {
        path: {"url": post["url"], "date": datetime.fromisoformat(post["date"]).astimezone(UTC)}
        for path, post in expected.items()
    }
