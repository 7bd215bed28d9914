"""RFC 3229: 226 with the entries that a reader lacks."""

import gzip
import json
import random
from collections.abc import Callable

import feedparser
import pytest

from syndicate.config.schema import ServeConfig
from syndicate.serve.feed_parts import outline, part
from tests.serve.conftest import MAKERS, Response, Served, posts

FORMATS = tuple(MAKERS)


def ids(found: Response, path: str) -> list[str]:
    if path.endswith("json"):
        return [item["id"] for item in json.loads(found.body)["items"]]
    parsed = feedparser.parse(found.body)
    assert not parsed.bozo
    return [entry.id for entry in parsed.entries]


def ask(served: Served, path: str, tag: str, **more: str) -> Response:
    return served.get(f"/{path}", {"A-IM": "feed", "If-None-Match": tag, **more})


@pytest.mark.parametrize("path", FORMATS)
def test_a_reader_gets_what_it_lacks(served: Served, path: str) -> None:
    """A part is a valid feed of the new and changed entries, in their order, with the full tag."""
    before = served.get(f"/{path}").headers["etag"]
    changed = posts("e", "d", "c") | {"b": "changed"} | posts("a")
    served.write(path, MAKERS[path](changed))
    found = ask(served, path, before)
    assert found.status == 226
    assert ids(found, path) == ["urn:e", "urn:d", "urn:b"]
    assert found.headers["im"] == "feed"
    assert found.headers["delta-base"] == before
    assert "im" in found.headers["cache-control"]
    assert "no-store" in found.headers["cache-control"]
    assert found.headers["vary"] == "Accept-Encoding, A-IM, If-None-Match"
    whole = served.get(f"/{path}")
    assert found.headers["etag"] == whole.headers["etag"]
    assert found.headers["content-type"] == whole.headers["content-type"]
    assert ask(served, path, found.headers["etag"]).status == 304


@pytest.mark.parametrize("path", FORMATS)
def test_a_part_is_coded_too(served: Served, path: str) -> None:
    """Parts are compressed, and the tag of any coding identifies the state."""
    before = served.get(f"/{path}", {"Accept-Encoding": "br"}).headers["etag"]
    served.write(path, MAKERS[path](posts("d", "c", "b", "a")))
    found = ask(served, path, before, **{"Accept-Encoding": "gzip"})
    assert (found.status, found.headers["content-encoding"]) == (226, "gzip")
    assert found.headers["etag"].endswith('-gzip"')
    plain = Response(226, found.headers, gzip.decompress(found.body))
    assert ids(plain, path) == ["urn:d"]


def test_the_whole_is_sent_where_no_part_can_be(served: Served) -> None:
    """The whole feed is sent for an unknown state, without A-IM, for HEAD, and if all is new."""
    before = served.get("/atom.xml").headers["etag"]
    served.write("atom.xml", MAKERS["atom.xml"](posts("d", "c", "b", "a")))
    assert ask(served, "atom.xml", '"unknown"').status == 200
    assert served.get("/atom.xml", {"If-None-Match": before}).status == 200
    assert ask(served, "atom.xml", before, **{"A-IM": "feed;q=0"}).status == 200
    assert served.get("/atom.xml", {"A-IM": "feed", "If-None-Match": before}, "HEAD").status == 200
    served.write("atom.xml", MAKERS["atom.xml"](posts("x", "y")))
    assert ask(served, "atom.xml", before).status == 200
    assert ask(served, "index.html", '"unknown"').status == 200


def test_a_withdrawn_entry_is_nothing_new(served: Served) -> None:
    """If entries were only removed, the answer is 304; a new title gives the whole feed."""
    before = served.get("/atom.xml").headers["etag"]
    served.write("atom.xml", MAKERS["atom.xml"](posts("c", "a")))
    after = served.get("/atom.xml").headers["etag"]
    found = ask(served, "atom.xml", before)
    assert (found.status, found.headers["etag"]) == (304, after)
    served.write("atom.xml", MAKERS["atom.xml"](posts("c", "a"), "Another title"))
    assert ask(served, "atom.xml", before).status == 200


def test_the_newest_state_named_counts(served: Served) -> None:
    """With several tags, the newest state counts."""
    first = served.get("/atom.xml").headers["etag"]
    served.write("atom.xml", MAKERS["atom.xml"](posts("d", "c", "b", "a")))
    second = served.get("/atom.xml").headers["etag"]
    served.write("atom.xml", MAKERS["atom.xml"](posts("e", "d", "c", "b", "a")))
    found = ask(served, "atom.xml", f"{second}, {first}")
    assert ids(found, "atom.xml") == ["urn:e"]
    assert found.headers["delta-base"] == second


def test_states_outlive_the_server(start: Callable[..., Served]) -> None:
    """States are known after a restart of the server."""
    served = start()
    served.write("atom.xml", MAKERS["atom.xml"](posts("b", "a")))
    before = served.get("/atom.xml").headers["etag"]
    again = start()
    again.write("atom.xml", MAKERS["atom.xml"](posts("c", "b", "a")))
    assert ids(ask(again, "atom.xml", before), "atom.xml") == ["urn:c"]


@pytest.mark.parametrize("path", FORMATS)
def test_every_state_gets_exactly_its_part(served: Served, path: str) -> None:
    """Readers with thirty different states each get exactly the entries that they lack."""
    rng = random.Random(path)
    now = dict(list(posts(*(f"p{n}" for n in range(30))).items()))
    states: list[tuple[str, dict[str, str]]] = []
    for step in range(30):
        now = {f"n{step}": f"new {step} " + "w" * 300, **dict(list(now.items())[:29])}
        now[rng.choice(list(now))] = f"changed in {step}"
        served.write(path, MAKERS[path](now))
        states.append((served.get(f"/{path}").headers["etag"], dict(now)))
    for tag, known in states:
        found = ask(served, path, tag)
        wanted = [f"urn:{name}" for name, text in now.items() if known.get(name) != text]
        if not wanted:
            assert found.status == 304
        else:
            assert found.status == (226 if len(wanted) < len(now) else 200)
            assert ids(found, path) == wanted


def test_a_reader_whose_negotiated_feed_grew_gets_the_part(served: Served) -> None:
    """The common address gives parts in every format."""
    accept = {"Accept": "application/rss+xml"}
    before = served.get("/feed", accept).headers["etag"]
    served.write("rss.xml", MAKERS["rss.xml"](posts("d", "c", "b", "a")))
    found = ask(served, "feed", before, **accept)
    assert ids(found, "rss.xml") == ["urn:d"]
    assert found.headers["vary"] == "Accept, Accept-Encoding, A-IM, If-None-Match"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<feed/>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>",
        b"<rss>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</rss>",
        b"{}",
        b'{"version":"https://jsonfeed.org/version/1.1"}',
        b'{"version":"https://jsonfeed.org/version/1.1","items":{}}',
        b'{"version":"https://jsonfeed.org/version/1.1","items":[1]}',
        b"{" * 100_000,
    ],
)
def test_broken_feed_has_no_outline(data: bytes) -> None:
    """A broken feed is served as a plain file."""
    assert outline(data) is None


def test_a_part_keeps_all_that_is_no_entry() -> None:
    """Text before, between and after entries stays in a part."""
    data = (
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:t="urn:t"><a:id>x</a:id>'
        b'<a:entry><a:id>1</a:id><x a=">"/></a:entry>\n<t:gone ref="9"/> <a:entry t:y=">"/>'
        b"<a:entry><a:id>3</a:id></a:entry><!-- end --></a:feed>"
    )
    feed = outline(data)
    assert feed
    assert len(feed.pieces) == 3
    assert part(data, feed, {feed.pieces[2].digest}) == (
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:t="urn:t"><a:id>x</a:id>\n'
        b'<t:gone ref="9"/><a:entry><a:id>3</a:id></a:entry><!-- end --></a:feed>'
    )


def test_parts_need_no_validators_to_be_counted(start: Callable[..., Served]) -> None:
    """A reader that sends its state is never limited."""
    served = start(ServeConfig(polls_per_hour=1))
    served.write("atom.xml", MAKERS["atom.xml"](posts("b", "a")))
    for _ in range(5):
        assert ask(served, "atom.xml", '"x"').status == 200
