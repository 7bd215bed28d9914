"""Matching of posts with records: each test builds, changes something, and builds again."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from syndicate.ledger.records import Record
from syndicate.model import UNDATED
from tests.state.blog import DAY, NOW, Ledger, a_post

TEA = a_post("tea")
RUM = a_post("rum", days=1)


@pytest.mark.parametrize(
    "changed",
    [
        replace(TEA, digest="1"),
        replace(TEA, title="Green tea"),
        replace(TEA, url="https://example.org/green", id="https://example.org/green"),
        replace(TEA, url="https://new.example/tea", id="https://new.example/tea"),
        replace(TEA, path="drinks/tea.md"),
        replace(TEA, path="b.md", url="https://new.example/b", id="https://new.example/b"),
        replace(TEA, path="b.md", url="https://example.org/b", dated="1999", published=NOW),
        replace(TEA, digest="1", title="Green", dated="1999", published=NOW),
        replace(TEA, path="b.md", digest="1", title="Green", dated="1999", published=NOW),
        replace(TEA, path="b.md", url="https://example.org/b", digest="1"),
        replace(TEA, digest="1", title="Green", url="https://example.org/b"),
        replace(TEA, digest="1", dated="1999", published=NOW, url="https://example.org/b"),
    ],
    ids=[
        "edited", "retitled", "slug", "domain", "moved", "all but content and date",
        "all but content", "all but file and address", "all but address", "all but title and date",
        "all but file and date", "all but file and title",
    ],
)  # fmt: skip
def test_post_is_known_again(changed: object) -> None:
    """An id survives every change that leaves enough evidence."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    assert ledger.ids(RUM, changed) == [RUM.id, TEA.id]  # type: ignore[arg-type]
    assert ledger.problems == ()


def test_explicit_id_is_known_whatever_else_changed() -> None:
    """An explicit id matches the record with this id."""
    ledger = Ledger()
    ledger.build(replace(TEA, id="urn:tea", own_id=True))
    other = a_post("other", days=9, id="urn:tea", own_id=True)
    assert ledger.ids(other) == ["urn:tea"]
    assert len(ledger.records) == 1


def test_chain_of_renames_goes_by_content() -> None:
    """a -> b, b -> c: the posts keep their ids, not the files."""
    ledger = Ledger()
    ledger.build(a_post("b", "B"), a_post("a", "A"))
    assert ledger.ids(a_post("c", "B"), a_post("b", "A")) == [
        "https://example.org/b",
        "https://example.org/a",
    ]
    assert ledger.problems == ()


def test_swapped_files_keep_their_contents_ids() -> None:
    """a <-> b: ids follow the content, not the file."""
    ledger = Ledger()
    ledger.build(a_post("b", "B", title=""), a_post("a", "A", title=""))
    assert ledger.ids(a_post("b", "A", title=""), a_post("a", "B", title="")) == [
        "https://example.org/a",
        "https://example.org/b",
    ]


def test_same_content_is_told_apart_by_date() -> None:
    """Posts with equal content keep their ids when all are moved to another folder."""
    ledger = Ledger()
    weeks = [a_post(f"week{n}", "open", title="Open", days=7 * n) for n in (3, 2, 1)]
    ids = ledger.ids(*weeks)
    moved = [replace(p, path=f"x/{p.path}", url=f"{p.url}/x", id=f"{p.url}/x") for p in weeks]
    assert ledger.ids(*moved) == ids


def test_same_content_in_several_posts_proves_nothing() -> None:
    """A new open thread does not take the id of the one that was removed."""
    ledger = Ledger()
    weeks = [a_post(f"week{n}", "open", title="Open", days=7 * n) for n in (4, 3, 2, 1)]
    ledger.build(*weeks[1:])
    assert ledger.ids(*weeks[:3]) == [post.id for post in weeks[:3]]


def test_identical_posts_are_never_merged() -> None:
    """Two equal posts that are renamed at once are reported."""
    ledger = Ledger()
    ledger.build(a_post("a", "x", title="T"), a_post("b", "x", title="T"))
    ids = ledger.ids(a_post("c", "x", title="T"), a_post("d", "x", title="T"))
    assert ids == ["https://example.org/c", "https://example.org/d"]
    assert ledger.problems == ("doubtful-identity", "doubtful-identity")


def test_file_alone_does_not_make_it_the_post() -> None:
    """Another post under an old name gets a new id, and a problem names both."""
    ledger = Ledger()
    ledger.build(TEA)
    new = a_post("rum", days=5, path=TEA.path)
    settled = ledger.settle(new)
    assert settled.posts == (new,)
    (problem,) = settled.problems
    assert (problem.path, problem.kind) == (TEA.path, "doubtful-identity")
    assert "Title of tea" in problem.message
    assert f"id: {TEA.id}" in problem.cure


def test_cure_of_a_doubt_works() -> None:
    """The problem's cure, an id in the front matter, restores the old post."""
    ledger = Ledger()
    ledger.build(TEA)
    new = a_post("rum", days=5, path=TEA.path)
    ledger.build(new)
    assert ledger.ids(replace(new, id=TEA.id, own_id=True)) == [TEA.id]
    assert ledger.records[new.id].withdrawn
    assert not ledger.records[TEA.id].withdrawn


def test_same_moment_alone_is_a_doubt() -> None:
    """The same second of publication alone is a doubt, not a match."""
    ledger = Ledger()
    ledger.build(TEA)
    other = a_post("other", dated=TEA.dated)
    assert ledger.ids(other) == [other.id]
    assert ledger.problems == ("doubtful-identity",)


@pytest.mark.parametrize("published", [DAY.replace(hour=0, minute=0, second=0), UNDATED])
def test_same_day_alone_is_no_doubt(published: object) -> None:
    """The same day, or no date, is no evidence."""
    ledger = Ledger()
    ledger.build(replace(TEA, published=published, dated=""))
    ledger.build(replace(RUM, published=published, dated=""))
    assert ledger.problems == ()
    assert set(ledger.records) == {TEA.id, RUM.id}


def test_earlier_address_is_known() -> None:
    """A renamed post is matched by a former address."""
    ledger = Ledger()
    ledger.build(TEA)
    ledger.build(replace(TEA, url="https://example.org/green"))
    back = a_post("back", days=3, url=TEA.url)
    assert ledger.ids(back) == [TEA.id]


def test_two_posts_at_addresses_of_one_are_a_doubt() -> None:
    """A record with two former addresses matches neither of two posts that have them."""
    ledger = Ledger()
    for name in "abc":
        ledger.build(replace(TEA, url=f"https://example.org/{name}"))
    ids = ledger.ids(a_post("a", days=3), a_post("b", days=4))
    assert TEA.id not in ids
    assert ledger.problems == ("doubtful-identity", "doubtful-identity")


def test_withdrawn_post_comes_back() -> None:
    """A post that comes back has its old id, and is no longer withdrawn."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    ledger.build(RUM)
    assert ledger.ids(RUM, replace(TEA, path="x.md", url="https://example.org/x")) == [
        RUM.id,
        TEA.id,
    ]
    assert ledger.records[TEA.id].withdrawn is None


def test_post_that_is_there_comes_before_a_withdrawn_one() -> None:
    """Pasting a withdrawn post's text into another post does not change that post's id."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    ledger.build(RUM)
    assert ledger.ids(replace(RUM, digest=TEA.digest)) == [RUM.id]


def test_address_alone_does_not_bring_a_withdrawn_post_back() -> None:
    """A new post at a withdrawn post's address gets a free id."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    ledger.build(RUM)
    new = replace(a_post("green", days=5), url=TEA.url, id=TEA.id)
    assert ledger.ids(RUM, new) == [RUM.id, f"{TEA.id}#green"]


def test_unreadable_posts_record_is_nobody_elses() -> None:
    """The record of an unreadable file matches no other post."""
    ledger = Ledger()
    ledger.build(RUM, TEA)
    copy = replace(TEA, path="copy.md", url="https://example.org/copy", id="copy")
    settled = ledger.settle(RUM, copy, broken=(TEA.path,))
    assert settled.posts[1].id == "copy"
    assert [record.id for record in settled.records] == ["copy"]


ADOPTED = Record(
    id="old:tea",
    url="http://example.org/tea/",
    title="Title  of tea",
    published=DAY + timedelta(seconds=0),
    updated=DAY + timedelta(days=3),
    adopted=True,
)


@pytest.mark.parametrize(
    "post",
    [
        replace(TEA, title="Other", published=NOW),
        replace(TEA, url="https://new.example/2024/tea", id="x"),
        replace(TEA, title="Other", published=NOW, url="https://new.example/t", id="old:tea"),
        replace(TEA, id="old:tea", own_id=True),
    ],
    ids=["address", "title and date", "id", "explicit id"],
)
def test_adopted_record_finds_its_post(post: object) -> None:
    """A post that matches an adopted entry has the older feed's id and date."""
    ledger = Ledger(ADOPTED)
    (known,) = ledger.build(post)  # type: ignore[arg-type]
    assert (known.id, known.published, known.updated) == ("old:tea", DAY, ADOPTED.updated)
    assert not ledger.records["old:tea"].adopted
    assert ledger.records["old:tea"].digest == TEA.digest


def test_adopted_id_wins_over_the_front_matters() -> None:
    """An adopted id wins over an id in the front matter."""
    ledger = Ledger(ADOPTED)
    post = replace(TEA, id="urn:uuid:1", own_id=True)
    assert ledger.ids(post) == ["old:tea"]
    assert ledger.ids(post) == ["old:tea"]
    assert ledger.problems == ()


def test_adopted_record_without_post_waits() -> None:
    """Adopted entries without a post are neither withdrawn nor matched."""
    ledger = Ledger(ADOPTED)
    ledger.build(RUM)
    assert ledger.records["old:tea"] == ADOPTED


def test_order_of_records_does_not_matter() -> None:
    """The order of records does not matter."""
    ledger = Ledger()
    ledger.build(*(a_post(f"p{n}", "x" if n % 2 else "", days=n % 3) for n in range(12)))
    posts = [a_post(f"q{n}", "x" if n % 2 else "", days=n % 3) for n in range(12)]
    forward = ledger.settle(*posts)
    ledger.records = dict(reversed(ledger.records.items()))
    assert ledger.settle(*posts) == forward
