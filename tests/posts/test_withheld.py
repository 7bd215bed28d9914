from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.posts.withheld import read_roughly, withheld

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["draft", "published", "status", "password", "private", "visibility", "halo", "build", "type",
     "members", "encrypt", "feed"]
)  # fmt: skip


def reason(meta: dict[str, Any], **let: bool) -> str:
    mark = withheld(meta, **{"drafts": False, **let})
    return mark.reason if mark else ""


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, ""),
        ({"draft": True}, "draft: true"),
        ({"draft": "yes"}, "draft: true"),
        ({"draft": False, "published": True, "hidden": "no", "status": "published"}, ""),
        ({"published": False}, "published: false"),
        ({"published": "2020-01-01"}, ""),
        ({"status": "Draft"}, "status: draft"),
        ({"status": "hidden"}, "status: hidden"),
        ({"hidden": True}, "hidden: true"),
        ({"_build": {"list": "never"}}, "_build.list: never"),
        ({"build": {"list": False}}, "build.list: false"),
        ({"feed": False}, "feed: false"),
        ({"feed": "/feed.xml"}, ""),
        ({"halo": {"publish": False}}, "halo.publish: false"),
    ],
)
def test_the_reason_is_what_the_header_states(meta: dict[str, Any], expected: str) -> None:
    """The reason has the key and, unless it is secret, the value."""
    assert reason(meta) == expected


@pytest.mark.parametrize(
    "key", ["password", "passwd", "encrypt", "protect", "secret", "enc_pwd", "private"]
)
def test_what_opens_a_post_is_not_told(key: str) -> None:
    """A password is not part of the reason."""
    assert "hunter2" not in reason({key: "hunter2"})
    assert "hunter2" not in reason({"extra": {key: "hunter2"}})


def test_drafts_on_demand() -> None:
    """With `drafts`, drafts are published, but not private posts."""
    assert reason({"draft": True, "status": "草稿", "type": "draft"}, drafts=True) == ""
    assert reason({"draft": True, "status": "private"}, drafts=True) == "status: private"


def test_unlisted_posts_on_demand() -> None:
    """With `hidden`, unlisted posts are published, but not private posts."""
    meta = {"hidden": True, "unlisted": True, "visibility": "unlisted", "listed": False}
    assert reason(meta, hidden=True) == ""
    assert reason({**meta, "private": True}, hidden=True) == "private: true"


def test_only_a_doubtful_value_has_a_cure() -> None:
    """A clear mark has no cure. An unknown value has one, as it may be a mistake."""
    plain, doubtful = (withheld({"status": word}, drafts=False) for word in ("private", "seedling"))
    assert plain
    assert not plain.cure
    assert doubtful
    assert "everybody" in doubtful.cure


def test_a_header_that_cannot_be_read_is_read_roughly() -> None:
    """Every line that looks like a field is read, whatever the other lines are."""
    text = 'x: [a\n"password": "pw",\ndraft = true\npublished： false # never\n'
    assert read_roughly(text) == {
        "x": "[a", "password": "pw", "draft": "true", "published": "false"
    }  # fmt: skip


@given(st.dictionaries(KEYS, VALUES))
def test_any_values(meta: dict[str, Any]) -> None:
    """No value of any key raises."""
    withheld(meta, drafts=False)
