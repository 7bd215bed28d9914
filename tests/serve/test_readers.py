"""Real feed readers against the server."""

from collections.abc import Callable

import feedparser
import pytest

from tests.serve.conftest import MAKERS, Served, posts


@pytest.mark.parametrize("path", ["atom.xml", "rss.xml", "feed"])
def test_feedparser_polls(served: Served, path: str) -> None:
    """feedparser gets all entries, then 304 by tag or date, then only the new entry."""
    url = f"http://127.0.0.1:{served.port}/{path}"
    first = feedparser.parse(url)
    assert [entry.id for entry in first.entries] == ["urn:c", "urn:b", "urn:a"]
    assert feedparser.parse(url, etag=first.etag).status == 304
    assert feedparser.parse(url, modified=first.modified).status == 304
    for name in ("atom.xml", "rss.xml"):
        served.write(name, MAKERS[name](posts("d", "c", "b", "a")))
    second = feedparser.parse(url, etag=first.etag)
    assert second.status == 226
    assert [entry.id for entry in second.entries] == ["urn:d"]
    assert feedparser.parse(url, etag=second.etag).status == 304


@pytest.mark.parametrize("path", list(MAKERS))
def test_reader_polls(start: Callable[..., Served], path: str) -> None:
    """reader's updates see all entries, nothing new, then one new entry; old ones stay."""
    reader = pytest.importorskip("reader", reason="reader is not installed")
    served = start()
    served.write(path, MAKERS[path](posts("c", "b", "a")))
    with reader.make_reader(":memory:") as client:
        url = f"http://127.0.0.1:{served.port}/{path}"
        client.add_feed(url)
        assert client.update_feed(url).new == 3
        assert client.update_feed(url) is None
        served.write(path, MAKERS[path](posts("d", "c", "b", "a")))
        assert client.update_feed(url).new == 1
        assert {entry.id for entry in client.get_entries()} == {f"urn:{name}" for name in "abcd"}
