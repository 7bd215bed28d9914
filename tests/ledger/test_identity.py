"""Ids and dates in several builds in a row."""

from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace

from syndicate.ledger.identity import settle
from syndicate.ledger.records import Record
from tests.state.blog import DAY, MOMENT, NOW, Ledger, a_post

TEA = a_post("tea")
RUM = a_post("rum", days=1)


def test_new_posts_are_as_they_say() -> None:
    """The first build keeps a post's id and dates, and records them."""
    settled = settle([RUM, TEA], [], now=NOW)
    assert settled.posts == (RUM, TEA)
    assert [record.id for record in settled.records] == [RUM.id, TEA.id]
    assert settled.problems == ()


def test_nothing_changed_is_nothing_to_write() -> None:
    """A second build writes no records, and returns the same posts."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    settled = ledger.settle(RUM, TEA)
    assert settled.records == ()
    assert settled.posts[0] is RUM


def test_all_else_of_a_post_stays() -> None:
    """The ledger changes only the id and the dates of a post."""
    ledger = Ledger()
    ledger.build(TEA)
    moved = replace(TEA, url="https://x.example/", id="https://x.example/", tags=("t",), slug="s")
    (known,) = ledger.build(moved)
    assert known == replace(moved, id=TEA.id)


def test_id_of_a_record_is_not_given_twice() -> None:
    """A new post at the former address of another post gets a free id."""
    ledger = Ledger()
    ledger.build(TEA)
    moved = replace(TEA, url="https://example.org/green", id="https://example.org/green")
    new = a_post("new", days=4, id=TEA.id, url=TEA.url)
    assert ledger.ids(new, moved) == [f"{TEA.id}#new", TEA.id]
    assert ledger.ids(new, moved) == [f"{TEA.id}#new", TEA.id]


def test_free_id_is_always_found() -> None:
    """If the id with the file's name is taken too, the file's whole path is used."""
    ledger = Ledger()
    posts = [a_post("x", f"{n}", n, path=f"{n}/a b.md", title=f"{n}", id="i") for n in (2, 1)]
    third = a_post("y", days=3, path="3/a b.md", id="i")
    ids = ledger.ids(third, *posts)
    assert ids[1:] == ["i#a%20b", "i"]
    assert ids[0].startswith("i#a%20b-")


def test_oldest_of_new_posts_has_the_id() -> None:
    """The oldest post keeps a shared id, whatever the names of the files."""
    ledger = Ledger()
    assert ledger.ids(replace(RUM, id="i"), replace(TEA, id="i")) == ["i#rum", "i"]


def test_explicit_id_wins_and_is_told() -> None:
    """A new id in the front matter is used, and a problem has the effect and the cure."""
    ledger = Ledger()
    ledger.build(TEA)
    named = replace(TEA, id="urn:tea", own_id=True)
    settled = ledger.settle(named)
    assert [post.id for post in settled.posts] == ["urn:tea"]
    (problem,) = settled.problems
    assert problem.kind == "id-changed"
    assert f"id: {TEA.id}" in problem.cure
    ledger.build(named)
    assert ledger.records[TEA.id].withdrawn == MOMENT
    assert ledger.records["urn:tea"].published == TEA.published
    ledger.build(named)
    assert ledger.problems == ()


def test_explicit_id_can_be_undone() -> None:
    """The problem's cure restores the old id."""
    ledger = Ledger()
    ledger.build(TEA)
    ledger.build(replace(TEA, id="urn:tea", own_id=True))
    assert ledger.ids(replace(TEA, own_id=True)) == [TEA.id]
    assert ledger.records["urn:tea"].withdrawn


def test_id_stays_when_the_author_takes_it_out() -> None:
    """Removing an explicit id changes nothing."""
    ledger = Ledger()
    ledger.build(replace(TEA, id="urn:tea", own_id=True))
    assert ledger.ids(TEA) == ["urn:tea"]


def test_post_whose_id_another_names_is_told() -> None:
    """A copied explicit id belongs to the post that has it in its front matter."""
    ledger = Ledger()
    ledger.build(TEA)
    thief = replace(RUM, id=TEA.id, own_id=True)
    settled = ledger.settle(thief, TEA)
    assert [post.id for post in settled.posts] == [TEA.id, f"{TEA.id}#tea"]
    assert [(p.path, p.kind) for p in settled.problems] == [("tea.md", "id-changed")]
    assert "rum.md" in settled.problems[0].message


def test_of_two_with_one_explicit_id_the_old_file_keeps_it() -> None:
    """Of a post and its copy with the same id, the copy is new."""
    ledger = Ledger()
    post = replace(TEA, id="urn:tea", own_id=True)
    ledger.build(post)
    copy = replace(post, path="copy.md", url="https://example.org/copy", published=DAY)
    assert ledger.ids(post, copy) == ["urn:tea", "urn:tea#copy"]


def test_published_stays_unless_the_author_moves_it() -> None:
    """Another time zone or engine does not change the instant of the same date text."""
    ledger = Ledger()
    ledger.build(TEA)
    shifted = replace(TEA, published=DAY + timedelta(hours=8))
    assert ledger.build(shifted)[0].published == DAY
    moved = replace(shifted, dated="2024-06-01")
    assert ledger.build(moved)[0].published == DAY + timedelta(hours=8)


def test_updated_changes_with_the_content() -> None:
    """An edit is dated when it is first seen, in whole seconds and UTC, and then stays."""
    ledger = Ledger()
    ledger.build(TEA)
    edited = replace(TEA, digest="1")
    east = timezone(timedelta(hours=8))
    assert ledger.build(edited, now=NOW.astimezone(east))[0].updated == MOMENT
    assert ledger.build(edited, now=NOW + timedelta(days=1))[0].updated == MOMENT


@pytest.mark.parametrize(
    "changed",
    [
        replace(TEA, path="x.md"),
        replace(TEA, url="https://example.org/x"),
        replace(TEA, categories=("x",), tags=("y",)),
        replace(TEA, excerpt="x"),
        replace(TEA, digest="1", minor=True),
        replace(TEA, digest="2:abc"),
    ],
    ids=["file", "address", "terms", "excerpt", "minor", "other way to count"],
)
def test_updated_stays_where_the_content_does(changed: object) -> None:
    """An edit with `minor: true` does not change `updated`."""
    ledger = Ledger()
    ledger.build(TEA)
    assert ledger.build(changed)[0].updated == TEA.updated  # type: ignore[arg-type]


def test_minor_edit_is_not_told_later() -> None:
    """Removing `minor` later does not count the earlier edit."""
    ledger = Ledger()
    ledger.build(TEA)
    ledger.build(replace(TEA, digest="1", minor=True))
    assert ledger.build(replace(TEA, digest="1"))[0].updated == TEA.updated


def test_authors_own_updated_counts() -> None:
    """An explicit date of update wins, unless it is before publication."""
    ledger = Ledger()
    ledger.build(TEA)
    own = replace(TEA, digest="1", updated=DAY + timedelta(days=2), own_updated=True)
    assert ledger.build(own)[0].updated == own.updated
    assert ledger.build(replace(own, updated=DAY - timedelta(days=2)))[0].updated == DAY


def test_past_addresses_are_kept_in_order() -> None:
    """Former addresses are ordered oldest first, without duplicates and the present one."""
    ledger = Ledger()
    for name in "abcb":
        ledger.build(replace(TEA, url=f"https://example.org/{name}"))
    record = ledger.records[TEA.id]
    assert record.url == "https://example.org/b"
    assert record.past == ("https://example.org/a", "https://example.org/c")


def test_gone_post_is_withdrawn_once() -> None:
    """The date of withdrawal stays."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    ledger.build(RUM)
    ledger.build(RUM, now=NOW + timedelta(days=1))
    assert ledger.records[TEA.id].withdrawn == MOMENT


def test_unreadable_post_is_not_withdrawn() -> None:
    """A post whose header cannot be read is not withdrawn."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    ledger.build(RUM, broken=(TEA.path,))
    assert ledger.records[TEA.id].withdrawn is None
    assert ledger.ids(RUM, TEA) == [RUM.id, TEA.id]


def test_an_entry_that_had_no_address_leaves_none_behind() -> None:
    """A post that matches an adopted entry without an address has no former address."""
    adopted = Record(TEA.id, "", TEA.title, TEA.published, TEA.updated, adopted=True)
    (record,) = Ledger(adopted).settle(TEA).records
    assert (record.url, record.past) == (TEA.url, ())
