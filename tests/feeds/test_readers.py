"""Libraries of feed readers see the same entries in every format."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import atoma
import fastfeedparser
import feedparser
import feedparser_sgmllib
import pytest

from syndicate.feeds.compose import compose
from syndicate.feeds.values import iri

from .samples import BODY, SITE, days, documents, post

# The reader's copy of feedparser imports this module under its older name.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)
from reader import make_reader  # noqa: E402

POSTS = [
    *days(3),
    post("yun", title="看云 ☁️ 👩‍👩‍👧", categories=("天气",)),
    post("odd", title="Babel <3 R&D ]]>", id="tag:example.org,2025:odd", tags=("C++",)),
    post("uid", title="Version 2.0 — “quoted”", id="7f3c"),
]
FILES = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}


def of_feedparser(path: Path) -> Iterable[Any]:
    for entry in feedparser.parse(path.read_bytes()).entries:
        yield entry.id, entry.title, entry.link, datetime(*entry.published_parsed[:6], tzinfo=UTC)


def of_fastfeedparser(path: Path) -> Iterable[Any]:
    for entry in fastfeedparser.parse(path.read_bytes()).entries:
        yield entry.id, entry.title, entry.link, datetime.fromisoformat(entry.published)


def of_atoma(path: Path) -> Iterable[Any]:
    data = path.read_bytes()
    if path.suffix == ".json":
        for item in atoma.parse_json_feed_bytes(data).items:
            yield item.id_, item.title, item.url, item.date_published
    elif path.stem == "rss":
        for item in atoma.parse_rss_bytes(data).items:
            yield item.guid, item.title, item.link, item.pub_date
    else:
        for entry in atoma.parse_atom_bytes(data).entries:
            yield entry.id_, entry.title.value, entry.links[0].href, entry.published


def of_reader(path: Path) -> Iterable[Any]:
    reader = make_reader(":memory:", feed_root=str(path.parent))
    reader.add_feed(path.name)
    reader.update_feed(path.name)
    found = [(e.id, e.title, e.link, e.published) for e in reader.get_entries()]
    reader.close()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the feeds of all `POSTS`, and return their folder."""
    folder = tmp_path_factory.mktemp("feeds")
    for document in documents(POSTS, hubs=["https://hub.example/"]).values():
        (folder / document.path).write_bytes(document.data)
    return folder


READS = [
    *((of_feedparser, name) for name in ("atom", "rss")),  # version 6 cannot read JSON Feed
    *((read, name) for read in (of_fastfeedparser, of_atoma, of_reader) for name in FILES),
]


@pytest.mark.parametrize(("read", "name"), READS)
def test_a_reader_sees_every_entry(
    read: Callable[[Path], Iterable[Any]], name: str, folder: Path
) -> None:
    """Number, ids, titles, links and dates are those of the posts in every format."""
    entries = [compose(each, BODY, site=SITE, full=True) for each in POSTS]
    known_as = iri if name == "atom" else str
    wanted = sorted((known_as(e.id), e.title, e.url, e.published) for e in entries)
    assert sorted(read(folder / FILES[name])) == wanted
