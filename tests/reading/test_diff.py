from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Report
from syndicate.reading.diff import EntryDiff, FeedDiff, FeedDiffs, compare, diff
from syndicate.reading.entry_words import digest
from syndicate.reading.read_feed import FeedError, ReadEntry, ReadFeed

from .feeds import ATOM, JSON, RSS

GROUPS = ("new", "edited", "repeated", "withdrawn", "aged_out")


def entry(day: int, **fields: object) -> ReadEntry:
    """Return an entry dated in January 2025."""
    date = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)
    usual = {"id": f"id:{day}", "url": f"https://tea.example/{day}/", "title": f"Day {day}"}
    return ReadEntry(
        **usual | {"published": date, "updated": date, "digest": digest(f"Text {day}")} | fields
    )


def feed(*entries: ReadEntry | int) -> ReadFeed:
    found = (each if isinstance(each, ReadEntry) else entry(each) for each in entries)
    return ReadFeed("json", entries=tuple(found))


def groups(found: FeedDiff) -> dict[str, list[str]]:
    """Return the ids of each group that is not empty."""
    every = {name: [each.id for each in getattr(found, name)] for name in GROUPS}
    return {name: those for name, those in every.items() if those}


def seen(new: ReadFeed, published: ReadFeed, limit: int | None = 0) -> dict[str, list[str]]:
    return groups(compare("feed.json", new, published, limit))


def test_the_same_feed_has_no_differences() -> None:
    """Equal feeds have no differences."""
    found = compare("feed.json", feed(3, 2, 1), feed(3, 2, 1))
    assert found == FeedDiff("feed.json", "unchanged", entries=3, before=3)


def test_new_and_withdrawn() -> None:
    """An added entry is new; an entry missing from the middle is withdrawn."""
    assert seen(feed(4, 3, 1), feed(3, 2, 1)) == {"new": ["id:4"], "withdrawn": ["id:2"]}


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("digest", "other", "content"),
        ("title", "Other", "title"),
        ("updated", datetime(2025, 6, 1, tzinfo=UTC), "updated"),
        ("published", datetime(2025, 6, 1, tzinfo=UTC), "date"),
        ("url", "https://tea.example/other/", "link"),
    ],
)
def test_an_edit_is_named(field: str, value: object, name: str) -> None:
    """An entry with a new content, title, date or link is edited, and the parts are named."""
    found = compare("feed.json", feed(3, entry(2, **{field: value}), 1), feed(3, 2, 1))
    assert [(each.id, each.changed) for each in found.edited] == [("id:2", (name,))]
    assert found.state == "changed"


def test_a_date_that_a_format_does_not_say_is_no_edit() -> None:
    """A date missing on one side, or the same instant in another zone, is not an edit."""
    east = entry(1).published.astimezone()
    assert seen(feed(entry(1, updated=None)), feed(entry(1, published=east))) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"url": "https://new.example/2/"},
        {"url": "https://new.example/2/", "title": "Other"},
        {"url": "https://new.example/2/", "digest": "other"},
        {"url": "https://new.example/2/", "published": datetime(2025, 6, 1, tzinfo=UTC)},
        {"title": "Other", "digest": "other", "published": None},
    ],
)
def test_the_same_under_another_id_is_repeated(fields: dict[str, object]) -> None:
    """An old post under a new id is repeated: same address, or two of text, title and date."""
    found = compare("feed.json", feed(3, entry(2, id="new", **fields), 1), feed(3, 2, 1))
    assert groups(found) == {"repeated": ["new"]}
    assert found.repeated[0].was == "id:2"


@pytest.mark.parametrize(
    "new", [entry(9, digest=entry(2).digest), entry(9, title="Day 2"), entry(9, digest="")]
)
def test_likeness_in_one_thing_is_no_repetition(new: ReadEntry) -> None:
    """An entry with only the same text or only the same title is new."""
    assert seen(feed(new, 3, 1), feed(3, entry(2), 1)) == {"new": ["id:9"], "withdrawn": ["id:2"]}


def test_copy_of_an_entry_that_stays_is_new() -> None:
    """A copy of an entry that stays is new, not repeated."""
    assert seen(feed(entry(2, id="copy"), 2, 1), feed(2, 1)) == {"new": ["copy"]}


def test_one_entry_is_repeated_once() -> None:
    """An old entry is repeated by at most one new entry."""
    copies = entry(2, id="x"), entry(2, id="y")
    assert seen(feed(*copies, 1), feed(2, 1)) == {"new": ["y"], "repeated": ["x"]}


def test_every_id_changed() -> None:
    """If all ids change, all entries are repeated, and none is withdrawn."""
    new = [entry(day, id=f"new:{day}", url=f"https://new.example/{day}/") for day in (3, 2, 1)]
    assert seen(feed(*new), feed(3, 2, 1), 3) == {"repeated": ["new:3", "new:2", "new:1"]}


@pytest.mark.parametrize(
    ("new", "limit", "wanted"),
    [
        ((4, 3, 2), 3, {"new": ["id:4"], "aged_out": ["id:1"]}),
        ((4, 3, 2), None, {"new": ["id:4"], "aged_out": ["id:1"]}),
        ((4, 3, 2), 0, {"new": ["id:4"], "withdrawn": ["id:1"]}),
        ((6, 5, 4), 3, {"new": ["id:6", "id:5", "id:4"], "aged_out": ["id:3", "id:2", "id:1"]}),
        ((3, 2), 2, {"aged_out": ["id:1"]}),
        ((3, 2), 3, {"withdrawn": ["id:1"]}),
        ((3, 2), None, {"withdrawn": ["id:1"]}),
        ((4, 3, 1), 3, {"new": ["id:4"], "withdrawn": ["id:2"]}),
        ((2, 1, 0), 3, {"new": ["id:0"], "withdrawn": ["id:3"]}),
    ],
)
def test_only_a_full_feed_ages_entries_out(
    new: tuple[int, ...], limit: int | None, wanted: dict[str, list[str]]
) -> None:
    """Entries age out only at the end of a full feed; others are withdrawn."""
    assert seen(feed(*new), feed(3, 2, 1), limit) == wanted


days = st.lists(st.integers(1, 12), unique=True, max_size=8)


@given(days, days, st.sampled_from([None, 0, 4]), st.sets(st.integers(1, 12)))
def test_every_entry_is_accounted_for(
    new: list[int], published: list[int], limit: int | None, renamed: set[int]
) -> None:
    """An entry is in at most one group, and entries in no group are equal on both sides."""
    ours = [entry(day, id=f"new:{day}") if day in renamed else entry(day) for day in new]
    found = compare("x", feed(*ours), feed(*published), limit)
    said = groups(found)
    assert sum(map(len, said.values())) == len({id_ for ids in said.values() for id_ in ids})
    came = {*said.get("new", ()), *said.get("repeated", ())}
    went = {*said.get("withdrawn", ()), *said.get("aged_out", ()), *(e.was for e in found.repeated)}
    assert {each.id for each in ours} - came == {f"id:{day}" for day in published} - went
    assert "edited" not in said


def test_feeds_of_one_side_are_created_or_removed() -> None:
    """A feed on only one side is created or removed."""
    found = diff(
        {"a.json": JSON.encode(), "b.json": feed(1)}, {"b.json": feed(1), "c.json": feed(2)}
    )
    assert [(each.path, each.state) for each in found.feeds] == [
        ("a.json", "created"), ("b.json", "unchanged"), ("c.json", "removed"),
    ]  # fmt: skip
    assert found.differs
    assert not diff({"b": feed(1)}, {"b": feed(1)}).differs


def test_broken_published_feed_is_a_problem() -> None:
    """An unreadable published feed counts as created, and a Problem names its file."""
    found = diff({"a.xml": RSS.encode()}, {"a.xml": b"<html/>"})
    assert [each.state for each in found.feeds] == ["created"]
    assert [(p.path, p.kind) for p in found.problems] == [("a.xml", "published-feed")]
    with pytest.raises(FeedError, match=r"a\.xml"):
        diff({"a.xml": b"<html/>"}, {})


def test_serialised_otherwise_is_the_same() -> None:
    """A feed in another format or from another serialiser has no differences."""
    texts = [text.encode() for text in (ATOM, RSS, JSON)]
    for new in texts:
        for published in texts:
            assert not diff({"feed": new}, {"feed": published}).differs


def test_differences_as_json_come_back() -> None:
    """Differences survive a round trip through JSON."""
    found = diff({"a": feed(2, entry(1, title="x"))}, {"a": feed(1)})
    assert msgspec.json.decode(msgspec.json.encode(found), type=FeedDiffs) == found
    assert found.feeds[0].edited == (EntryDiff("id:1", "x", "https://tea.example/1/", ("title",)),)


def test_our_own_feeds_do_not_differ_from_themselves(example: tuple[Report, Path]) -> None:
    """A feed that was just built has no differences from the published one."""
    _, folder = example
    feeds = {path.name: path.read_bytes() for path in folder.rglob("*.json")}
    assert not diff(feeds, feeds).differs
