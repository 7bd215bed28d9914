"""Which pages of a site are about which term."""

import pytest

from syndicate.config.layouts import LAYOUTS
from syndicate.pages.site_pages import own_feeds, topics_of
from tests.feeds.samples import plans, post

POSTS = [
    post("a", categories=("Machine Learning", "C", "C#"), tags=("天气",), language="zh-CN"),
    post("b", categories=("c",), language="en"),
]
FEEDS = plans(POSTS, by=["category", "tag", "language"])
TOPICS = topics_of(FEEDS, LAYOUTS["default"])


def terms(path: str) -> list[str]:
    return [feed.term for feed in own_feeds(path, TOPICS)]


@pytest.mark.parametrize(
    "path",
    [
        "categories/machine-learning/index.html",
        "category/Machine%20Learning.html",
        "categories/Machine Learning/index.html",
        "blog/category/machine-learning/page/2/index.html",
        "blog/category/machine-learning/page3/index.html",
        "topics/machine-learning.htm",
    ],
)
def test_the_page_of_a_category_is_recognised(path: str) -> None:
    """In the spellings of the generators, and on later pages too."""
    assert terms(path) == ["Machine Learning"]


def test_a_tag_in_another_script_is_recognised() -> None:
    """Percent-encoded or not."""
    assert terms("tags/天气/index.html") == terms("tag/%E5%A4%A9%E6%B0%94/index.html") == ["天气"]


@pytest.mark.parametrize(
    "path", ["index.html", "2025/machine-learning/index.html", "categories/index.html",
             "tags/machine-learning/index.html", "machine-learning.html",
             "categories/unknown/x.html"],
)  # fmt: skip
def test_other_pages_are_about_nothing(path: str) -> None:
    """A post that is called like a category is not its page."""
    assert terms(path) == []


def test_a_name_that_two_terms_share_is_that_of_the_feed_there() -> None:
    """ "c" is the older category's folder; the other has its own."""
    (older,) = own_feeds("categories/c/index.html", TOPICS)
    assert older.files["atom"] == "category/c/atom.xml"


def test_pages_under_a_language_offer_its_feed() -> None:
    """By the first folder."""
    assert terms("zh-cn/about/index.html") == ["zh-CN"]
