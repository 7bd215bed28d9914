"""Properties of ids under any changes of posts."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.ledger.faults import faults
from syndicate.ledger.identity import settle
from syndicate.ledger.records import Record
from syndicate.model import Post
from tests.state.blog import DAY, NOW, Ledger, a_post

FEW = st.sampled_from("abcd")


@st.composite
def _chaos(draw: st.DrawFn) -> Post:
    """Generate a post that may share any value with other posts."""
    days = draw(st.integers(0, 2))
    post = a_post(draw(FEW), draw(FEW), days, title=draw(FEW), minor=draw(st.booleans()))
    name, own = draw(FEW), draw(st.booleans())
    changes = {"url": f"https://example.org/{name}", "id": name if own else post.url}
    return replace(post, path=f"{draw(FEW)}.md", own_id=own, **changes)


BLOGS = st.lists(_chaos(), max_size=4, unique_by=lambda post: post.path)
ADOPTED = st.builds(
    lambda tail, name, days: Record(
        f"old:{tail}", f"https://example.org/{name}", name, DAY + timedelta(days), DAY, adopted=True
    ),
    FEW, FEW, st.integers(0, 2),
)  # fmt: skip


@given(st.lists(BLOGS, min_size=1, max_size=5), st.lists(ADOPTED, unique_by=lambda r: r.id), FEW)
def test_ledger_is_sound_whatever_happens(
    blogs: list[list[Post]], adopted: list[Record], broken: str
) -> None:
    """No two posts have one id, no record two posts, no live posts one file; to settle again
    changes nothing; and no record is ever lost.
    """
    ledger = Ledger(*adopted)
    for number, posts in enumerate(blogs):
        away = tuple(path for path in (f"{broken}.md",) if path not in {p.path for p in posts})
        before = set(ledger.records)
        settled = ledger.build(*posts, broken=away)
        assert len({post.id for post in settled}) == len(posts)
        assert [post.path for post in settled] == [post.path for post in posts]
        assert before <= set(ledger.records)
        assert list(faults(list(ledger.records.values()))) == []
        live = {each.path for each in ledger.records.values() if not each.withdrawn and each.path}
        assert live - set(away) == {post.path for post in posts}
        later = NOW + timedelta(days=number)
        again = ledger.settle(*settled, now=later, broken=away)
        assert (again.posts, again.records) == (tuple(settled), ())
        as_before = ledger.settle(*posts, now=later, broken=away)
        assert (as_before.posts, as_before.records) == (tuple(settled), ())


@given(st.data())
def test_ids_outlive_honest_changes(data: st.DataObject) -> None:
    """Ids survive many edits, renames, slugs, domains, withdrawals and returns at once."""
    blog = {n: a_post(f"post{n}", days=n) for n in range(5)}
    ledger, host = Ledger(), "example.org"
    ids = {n: post.id for n, post in blog.items()}
    ledger.build(*blog.values())
    for step in range(data.draw(st.integers(1, 6))):
        host = data.draw(st.sampled_from([host, f"host{step}.example"]))
        there = data.draw(st.sets(st.sampled_from(sorted(blog)), min_size=1))
        names = data.draw(st.permutations([f"name{n}" for n in blog]))
        for number, name in zip(sorted(there), names, strict=False):
            blog[number] = data.draw(st.sampled_from(_changes(blog[number], name, host, step)))
        posts = [blog[n] for n in sorted(there)]
        settled = ledger.build(*posts)
        assert [post.id for post in settled] == [ids[n] for n in sorted(there)]


def _changes(post: Post, name: str, host: str, step: int) -> list[Post]:
    """Change a post as an author may between two builds."""
    slug = post.url.rpartition("/")[2]
    moved = replace(post, url=f"https://{host}/{slug}")
    moved = replace(moved, id=moved.url)
    renamed = replace(moved, path=f"{name}-{post.dated}.md")
    url = f"https://{host}/{name}-{post.dated}"
    return [
        moved,
        renamed,
        replace(renamed, url=url, id=url),
        replace(moved, digest=f"{step}{post.dated}"),
        replace(moved, title=f"{post.title}!", digest=f"{step}{post.dated}"),
    ]


@given(BLOGS, st.randoms())
def test_order_of_records_changes_nothing(posts: list[Post], random: object) -> None:
    """The order of records does not matter."""
    records = list(settle(posts, [], now=NOW).records)
    changed = [replace(post, path=f"new/{post.path}") for post in posts]
    forward = settle(changed, records, now=NOW)
    random.shuffle(records)  # type: ignore[attr-defined]
    assert settle(changed, records, now=NOW) == forward
