"""Categories whose spelling makes feeds that nobody meant."""

from syndicate.feeds.term_spelling import misspelt_terms

from .samples import SITE, post


def test_categories_in_other_case_are_named_once() -> None:
    """However many there are, one Problem names them, at the post that has the rarer one."""
    posts = [post("a", categories=("News", "Tea")), post("b", categories=("news", "tea")),
             post("c", categories=("News",))]  # fmt: skip
    [problem] = misspelt_terms(posts, site=SITE, by=["category"])
    assert (problem.path, problem.kind) == ("b.md", "category-case")
    assert '"News" and "news", "Tea" and "tea"' in problem.message


def test_a_list_that_was_parted_at_spaces_is_named_once() -> None:
    """`categories: news, foundation` gives Jekyll the category "news,"."""
    posts = [post(name, categories=("news,", "foundation")) for name in "ab"]
    [problem] = misspelt_terms(posts, site=SITE, by=["category"])
    assert (problem.path, problem.kind) == ("a.md", "category-comma")
    assert "[news, foundation]" in problem.cure


def test_kinds_without_feeds_are_not_looked_at() -> None:
    """Tags that make no feeds may be spelt as they like."""
    posts = [post("a", tags=("Tea", "tea"))]
    assert list(misspelt_terms(posts, site=SITE, by=["category", "language"])) == []
