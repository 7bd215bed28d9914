"""Run the program on the small blogs of this folder, with results like `expected.json`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.config.schema import PostsConfig, SiteConfig
from syndicate.engines import Engine, Facts, settle
from syndicate.model import Place
from syndicate.posts.dates import read_date
from syndicate.posts.fields import title as text_of
from syndicate.posts.header import read_header
from syndicate.posts.read_posts import collect

__all__ = ["facts_of", "fields_of", "instants", "said_of"]

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def said_of(root: Path, engine: Engine, site: SiteConfig | None = None) -> dict[str, Any]:
    """Return the posts by path; dates are instants, categories and tags are sorted."""
    settled, _ = settle(engine, site or SiteConfig(), PostsConfig())
    return {
        post.path: {
            "url": post.url,
            "date": post.published.astimezone(UTC),
            "title": post.title,
            "categories": sorted(post.categories),
            "tags": sorted(post.tags),
        }
        for post in collect(root, settled, now=NOW).posts
    }


def instants(expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return `expected` with parsed dates."""
    return {
        path: {**post, "date": datetime.fromisoformat(post["date"]).astimezone(UTC)}
        for path, post in expected.items()
        if post
    }


def fields_of(root: Path, path: str, engine: Engine) -> dict[str, Any]:
    """Return the fields of the post at `path`, completed by the engine and other files."""
    fields = dict(engine.defaults(path, engine.place(path)))
    for name in (*engine.sidecars(path), path):
        if (root / name).is_file():
            data = (root / name).read_bytes()
            own = engine.own_header(name, data)
            meta = own[0] if own else read_header(data, name, key_value=True).meta
            fields.update(engine.front_matter(name, meta))
    return fields


def facts_of(path: str, fields: Mapping[str, Any], engine: Engine) -> Facts:
    """Return the values for the address of the post at `path`."""
    place = engine.place(path)
    assert isinstance(place, Place), place
    told = fields.get("date") or engine.file_date(path)
    date = read_date(told, ZoneInfo(engine.site.timezone)).instant
    assert date, path
    categories = (str(fields["category"]),) if fields.get("category") else place.categories
    title = text_of(fields.get("title")) or engine.file_title(path)
    return Facts(path, place, fields, date, categories, (), title)
