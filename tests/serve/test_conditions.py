"""Validators, content codings and ranges, over real sockets."""

import gzip
import os
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.schema import ServeConfig
from syndicate.serve.accept import best_format, coding_tiers, weights
from syndicate.serve.conditions import entity_tags, http_date, range_of, seconds_of
from tests.serve.conftest import PAGE, Served, atom, posts

FIRST = 1_700_000_000
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstandard.decompress,
}


def test_either_validator_alone_gives_304(standing: Served) -> None:
    """The tag alone and the date alone give 304, with caching headers and no body."""
    got = standing.get("/atom.xml")
    for headers in (
        {"If-None-Match": got.headers["etag"]},
        {"If-None-Match": "W/" + got.headers["etag"]},
        {"If-None-Match": f'"x", {got.headers["etag"]} , W/"y"'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": got.headers["last-modified"]},
        {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"},
    ):
        found = standing.get("/atom.xml", headers)
        assert (found.status, found.body) == (304, b"")
        for name in ("etag", "cache-control", "vary", "last-modified"):
            assert found.headers[name] == got.headers[name]
        assert "content-length" not in found.headers
    assert got.headers["cache-control"] == "public, max-age=1800"


def test_the_tag_wins_over_the_date(standing: Served) -> None:
    """Another tag gives the whole file, whatever the date is."""
    date = standing.get("/atom.xml").headers["last-modified"]
    headers = {"If-None-Match": '"other"', "If-Modified-Since": date}
    assert standing.get("/atom.xml", headers).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Modified-Since": "Sun, 18 Oct 2026 19:29:59 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Sun, 99 Oct 99999 19:29:59 GMT"},
        {"If-None-Match": ""},
        {"If-None-Match": '"'},
        {"If-None-Match": "\xff"},
    ],
)
def test_outdated_validators_give_the_whole_file(standing: Served, headers: dict[str, str]) -> None:
    """Older dates and unreadable headers give the whole file."""
    assert standing.get("/atom.xml", headers).status == 200


def test_a_write_of_the_same_bytes_changes_no_validator(served: Served) -> None:
    """A file rewritten with the same bytes keeps its tag and date."""
    for path in ("atom.xml", "index.html"):
        before = served.get(f"/{path}").headers
        file = served.write(path, (served.root / path).read_bytes())
        os.utime(file, (2_000_000_000, 2_000_000_000))
        after = served.get(f"/{path}").headers
        assert after["etag"] == before["etag"]
        assert after["last-modified"] == before["last-modified"]


def test_dates_are_remembered_and_begin_with_the_files_own(
    start: Callable[..., Served],
) -> None:
    """The first date is the file's time, later ones that of a change, even after a restart."""
    served = start(now=lambda: 1_800_000_000.5)
    os.utime(served.write("atom.xml", atom(posts("a"))), (FIRST, FIRST))
    assert served.get("/atom.xml").headers["last-modified"] == http_date(FIRST).decode()
    for names in ("b", "c"):
        served.write("atom.xml", atom(posts(names)))
        changed = served.get("/atom.xml").headers["last-modified"]
        assert changed == http_date(1_800_000_000 + (names == "c")).decode()
    again = start(now=lambda: 1_900_000_000.0)
    assert again.get("/atom.xml").headers["last-modified"] == changed


def test_a_state_folder_that_cannot_be_written_stops_no_reader(
    start: Callable[..., Served],
) -> None:
    """With an unusable serve.db feeds are served, with the dates of their files."""
    served = start()
    served.state.mkdir()
    (served.state / "serve.db").write_bytes(b"SQLite format 3\0 not ours" * 100)
    os.utime(served.write("atom.xml", atom(posts("a"))), (FIRST, FIRST))
    assert served.get("/atom.xml").headers["last-modified"] == http_date(FIRST).decode()


@pytest.mark.parametrize("coding", DECODERS)
def test_each_coding_gives_the_same_bytes(standing: Served, coding: str) -> None:
    """Every coding decodes to the file, and has its own tag, which gives 304."""
    plain = standing.get("/atom.xml")
    coded = standing.get("/atom.xml", {"Accept-Encoding": coding})
    assert coded.headers["content-encoding"] == coding
    assert coded.headers["vary"] == "Accept-Encoding"
    assert coded.headers["etag"] != plain.headers["etag"]
    assert DECODERS[coding](coded.body) == plain.body
    for accept in (coding, "identity"):
        asked = {"Accept-Encoding": accept, "If-None-Match": coded.headers["etag"]}
        again = standing.get("/atom.xml", asked)
        assert (again.status, again.headers["etag"]) == (304, coded.headers["etag"])


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("gzip;q=0", None),
        ("br;q=0, gzip;q=0.5, zstd;q=0.4", "gzip"),
        ("gzip;q=0.1, zstd;q=1.0, br;q=0.9", "zstd"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("*;q=0.1, br;q=0, zstd;q=0", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("gzip;q=banana", None),
        ("identity;q=0, *;q=0", None),
    ],
)
def test_the_coding_most_wanted_is_sent(standing: Served, accept: str, coding: str | None) -> None:
    """The coding with the highest weight is sent; identity if no other is accepted."""
    found = standing.get("/atom.xml", {"Accept-Encoding": accept})
    assert found.headers.get("content-encoding") == coding


def test_of_codings_wanted_alike_the_smallest_is_sent(standing: Served) -> None:
    """The headers of browsers get the smallest coding."""
    sizes = {
        name: len(standing.get("/atom.xml", {"Accept-Encoding": name}).body) for name in DECODERS
    }
    found = standing.get("/atom.xml", {"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert len(found.body) == min(sizes.values())


def test_pictures_are_not_coded(served: Served) -> None:
    """Compressed formats are sent unchanged, without Vary."""
    served.write("a.png", b"\x89PNG" + bytes(5000))
    found = served.get("/a.png", {"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in found.headers
    assert "vary" not in found.headers


@pytest.mark.parametrize(
    ("asked", "status", "first", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=5-99999999", 206, 5, None),
        ("bytes=-99999999", 206, 0, None),
        ("bytes=9-0", 200, 0, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("lines=0-1", 200, 0, None),
        ("bytes=a-b", 200, 0, None),
        ("bytes=٣-٤", 200, 0, None),
    ],
)
def test_a_range_is_of_the_plain_bytes(
    standing: Served, asked: str, status: int, first: int, end: int | None
) -> None:
    """One range gives 206 and its bytes; any other header gives the whole file."""
    data = PAGE.encode()
    found = standing.get("/index.html", {"Range": asked.encode().decode("latin-1")})
    assert (found.status, found.body) == (status, data[first:end])
    if status == 206:
        first = len(data) + first if first < 0 else first
        last = first + len(found.body) - 1
        assert found.headers["content-range"] == f"bytes {first}-{last}/{len(data)}"
        assert found.headers["etag"] == standing.get("/index.html").headers["etag"]


def test_a_range_beyond_the_end_is_refused(standing: Served) -> None:
    """The answer is 416 with the length of the file."""
    for asked in ("bytes=999999-", "bytes=-0"):
        found = standing.get("/index.html", {"Range": asked})
        assert found.status == 416
        assert found.headers["content-range"] == f"bytes */{len(PAGE)}"


def test_a_range_of_another_state_is_not_sent(standing: Served) -> None:
    """If-Range with the current strong tag or date gives 206, any other the whole file."""
    got = standing.get("/index.html").headers
    for value, status in (
        (got["etag"], 206),
        (got["last-modified"], 206),
        ("W/" + got["etag"], 200),
        ('"other"', 200),
        ("Sun, 18 Oct 2020 19:30:00 GMT", 200),
    ):
        asked = {"Range": "bytes=0-1", "If-Range": value}
        assert standing.get("/index.html", asked).status == status


def test_failed_precondition_gives_412(standing: Served) -> None:
    """If-Match and If-Unmodified-Since give 412 if the file has changed."""
    tag = standing.get("/atom.xml").headers["etag"]
    for headers, status in (
        ({"If-Match": tag}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"other"'}, 412),
        ({"If-Unmodified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
        ({"If-Unmodified-Since": "Sun, 18 Oct 2020 19:30:00 GMT"}, 412),
        ({"If-Unmodified-Since": "never"}, 200),
    ):
        assert standing.get("/atom.xml", headers).status == status


def test_the_age_is_a_setting(start: Callable[..., Served]) -> None:
    """`max_age` is sent in Cache-Control."""
    served = start(ServeConfig(max_age=60))
    served.write("atom.xml", atom(posts("a")))
    assert served.get("/atom.xml").headers["cache-control"] == "public, max-age=60"


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_header_is_an_error(text: str) -> None:
    """No header raises an exception."""
    data = text.encode("latin-1")
    assert all(0 <= weight <= 1 for weight in weights(text).values())
    assert coding_tiers(data)[-1] == {"identity"}
    assert best_format(text, ("atom", "json")) in ("atom", "json")
    assert all(b'"' not in tag for tag in entity_tags(data))
    seconds_of(data)


@given(st.text("0123456789-=,bytes \t", max_size=40), st.integers(0, 1000))
def test_a_range_lies_within_the_file(text: str, size: int) -> None:
    """Every range is inside the file and not empty."""
    try:
        found = range_of(text.encode(), size)
    except ValueError:
        return
    assert found is None or 0 <= found[0] < found[1] <= size
