"""The plan says which feeds exist, and their paths."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.config.schema import Layout
from syndicate.errors import ConfigError
from syndicate.feeds.plan import too_many_terms
from syndicate.model import Author, FeedPlan, Post

from .samples import SITE, any_post, days, plans, post


def terms(feeds: tuple[FeedPlan, ...]) -> list[tuple[str, str]]:
    return [(feed.kind, feed.term) for feed in feeds]


def test_no_posts_no_feeds() -> None:
    """A blog without posts has no feeds."""
    assert plans([]) == ()


def test_the_feed_of_everything_comes_first_then_kinds_then_terms() -> None:
    """The order is: the feed of all posts, then the kinds in the given order, by term."""
    posts = [post(categories=("b", "a"), tags=("z",), authors=(Author("Bob"),))]
    assert terms(plans(posts, by=["tag", "category", "author"])) == [
        ("all", ""), ("tag", "z"), ("category", "a"), ("category", "b"), ("author", "Bob"),
    ]  # fmt: skip


def test_posts_stand_newest_first_and_equal_dates_by_id() -> None:
    """The order of posts depends on their dates and ids, not on the order of the input."""
    posts = [*days(3), post("b", published=datetime(2025, 1, 1, tzinfo=UTC))]
    for given_order in (posts, posts[::-1]):
        names = [each.path for each in plans(given_order)[0].posts]
        assert names == ["p2.md", "p1.md", "b.md", "p0.md"]


def test_a_limit_keeps_the_newest() -> None:
    """A feed has at most `limit` posts, the newest; 0 means all."""
    assert [each.path for each in plans(days(5), limit=2)[0].posts] == ["p4.md", "p3.md"]
    assert len(plans(days(5), limit=0)[0].posts) == 5


def test_one_post_makes_a_bounded_number_of_feeds() -> None:
    """Only the first terms of a post make feeds; the Problem names the post and both numbers."""
    crowd = post("crowd", tags=tuple(f"t{n:05}" for n in range(10_000)), authors=(Author("Ann"),))
    few = post("few", tags=("t00099", "t00100"))
    posts, by = [crowd, few], ["category", "tag", "author"]
    found = [term for kind, term in terms(plans(posts, by=by)) if kind == "tag"]
    assert found == [f"t{n:05}" for n in range(101)]
    (problem,) = too_many_terms(posts, site=SITE, by=["category", "tag", "author"], max_terms=100)
    assert (problem.path, problem.kind) == (crowd.path, "too-many-terms")
    assert "10,000 tags" in problem.message
    assert "max_terms" in problem.cure


def test_a_term_with_too_few_posts_has_no_feed() -> None:
    """`min_posts` counts all posts of a term, not only those within the limit."""
    posts = [post("x", categories=("two", "one")), post("y", categories=("two",))]
    assert terms(plans(posts, min_posts=2, limit=1)) == [("all", ""), ("category", "two")]


def test_terms_are_told_apart_by_case_and_counted_once_a_post() -> None:
    """`Go` and `go` are two categories; a category that is repeated in a post counts once."""
    posts = [post(categories=("Go", "go", "Go"))]
    feeds = plans(posts)
    assert terms(feeds) == [("all", ""), ("category", "Go"), ("category", "go")]
    assert len(feeds[1].posts) == 1


def test_a_post_without_an_author_is_the_site_authors() -> None:
    """The feed of the site's author also carries posts without an author."""
    assert terms(plans([post()], by=["author"]))[1:] == [("author", "Ann Author")]


def test_a_title_names_site_and_term() -> None:
    """The main feed has the site's title; other feeds add the term."""
    assert [feed.title for feed in plans([post(categories=("中文",))])] == [
        "A Blog",
        "A Blog: 中文",
    ]


def test_a_folder_does_not_move_when_another_term_gains_its_feed() -> None:
    """Terms without a feed reserve their folders too."""
    old, new = (datetime(2025, 1, day, tzinfo=UTC) for day in (1, 2))
    posts = [
        post("a", categories=("a b",), published=old),
        *(post(name, categories=("a-b",), published=new) for name in "bc"),
    ]
    (few,) = (feed for feed in plans(posts, min_posts=2) if feed.term == "a-b")
    (all_,) = (feed for feed in plans(posts, min_posts=1) if feed.term == "a-b")
    assert few.files == all_.files


def test_a_category_cannot_take_the_place_of_another_file() -> None:
    """A category called like the main feed's file, or like the OPML file, gets another folder."""
    layout = Layout(category="{slug}/{file}")
    feeds = plans([post(categories=("atom.xml", "feeds.opml"))], layout=layout)
    assert all(path.count("/") for feed in feeds[1:] for path in feed.files.values())
    assert not any(f.files["atom"].startswith(("atom.xml/", "feeds.opml/")) for f in feeds)


def test_a_layout_that_leaves_two_feeds_one_path_is_refused() -> None:
    """The error names the template and the cure."""
    with pytest.raises(ConfigError, match=r"category: .*same files.*; write \{slug\}"):
        plans([post(categories=("x",))], layout=Layout(category="{file}"))


@settings(max_examples=60)
@given(st.lists(any_post, max_size=6))
def test_no_two_files_share_a_path(posts: list[Post]) -> None:
    """Every file has its own path, whatever the terms and shared templates are."""
    layout = Layout(category="x/{slug}/{file}", tag="x/{slug}/{file}", author="x/{slug}/{file}")
    feeds = plans(posts, by=["category", "tag", "author"], layout=layout)
    paths = [path for feed in feeds for path in feed.files.values()]
    assert len({path.lower() for path in [*paths, layout.opml]}) == len(paths) + 1
    assert not any(part in ("", ".", "..") for path in paths for part in path.split("/"))


def test_a_plan_hangs_on_nothing_but_the_posts() -> None:
    """Shuffled posts give the same plan, with the same paths."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    names = ["C", "c", "C++", "a b", "a-b"]
    posts = [
        post(f"p{n}", categories=(name,), published=start + timedelta(hours=n % 2))
        for n, name in enumerate(names)
    ]
    assert plans(posts) == plans(posts[::-1])
    assert plans(posts)[0].home == f"{SITE.url}/"
