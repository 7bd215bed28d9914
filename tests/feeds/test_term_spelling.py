"""Categories with similar spellings are reported."""

from syndicate.feeds.term_spelling import misspelt_terms

from .samples import SITE, post


def test_categories_in_other_case_are_reported_once() -> None:
    """One Problem lists all of them, at the post with the rarer spelling."""
    posts = [post("a", categories=("News", "Tea")), post("b", categories=("news", "tea")),
             post("c", categories=("News",))]  # fmt: skip
    [problem] = misspelt_terms(posts, site=SITE, by=["category"])
    assert (problem.path, problem.kind) == ("b.md", "category-case")
    assert '"News" and "news", "Tea" and "tea"' in problem.message


def test_a_list_that_was_split_at_spaces_is_reported_once() -> None:
    """`categories: news, foundation` gives Jekyll the category "news,"."""
    posts = [post(name, categories=("news,", "foundation")) for name in "ab"]
    [problem] = misspelt_terms(posts, site=SITE, by=["category"])
    assert (problem.path, problem.kind) == ("a.md", "category-comma")
    assert "[news, foundation]" in problem.cure


def test_kinds_without_feeds_are_not_looked_at() -> None:
    """The spelling of tags without feeds does not matter."""
    posts = [post("a", tags=("Tea", "tea"))]
    assert list(misspelt_terms(posts, site=SITE, by=["category", "language"])) == []
