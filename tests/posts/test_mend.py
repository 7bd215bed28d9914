"""A header that is not valid YAML is corrected if its meaning is clear, with a warning."""

from typing import Any

import pytest

from syndicate.posts.header import read_header
from syndicate.posts.yaml_mend import mend

CASES: list[tuple[str, dict[str, Any], int]] = [
    ("tags:\n\t- a\n\t- b", {"tags": ["a", "b"]}, 2),
    ("image:\n\tpath: x\n\talt: y", {"image": {"path": "x", "alt": "y"}}, 2),
    ("title: Tea: a cup", {"title": "Tea: a cup"}, 1),
    (
        "a: 1\ntitle: Tea: a cup: of it's\nb: 2",
        {"a": "1", "title": "Tea: a cup: of it's", "b": "2"},
        2,
    ),
    ("title: @me", {"title": "@me"}, 1),
    ("title: `code`", {"title": "`code`"}, 1),
    ("title: %d items", {"title": "%d items"}, 1),
    ("title: *bold* word", {"title": "*bold* word"}, 1),
    ("title: & more", {"title": "& more"}, 1),
    ("title: [Foo] bar", {"title": "[Foo] bar"}, 1),
    ("title: {{ page.title }}", {"title": "{{ page.title }}"}, 1),
    ("title: - dash", {"title": "- dash"}, 1),
    ("title: > more", {"title": "> more"}, 1),
    ('title: "Foo" bar', {"title": '"Foo" bar'}, 1),
    ('title: "He said "hi" to me"', {"title": 'He said "hi" to me'}, 1),
    ("title: 'it's'", {"title": "it's"}, 1),
    (r'title: "C:\Users \d"', {"title": r"C:\Users \d"}, 1),
    ('title: "Foo\nb: 2', {"title": "Foo", "b": "2"}, 1),
    ("tags: []\n- a\n- b", {"tags": ["a", "b"]}, 1),
    ("tags: []\n  - a", {"tags": ["a"]}, 1),
    ("tags: [@a, b: c, 'd']", {"tags": ["@a", "b: c", "d"]}, 1),
    ("tags:\n- @a\n- b: c: d\n- e", {"tags": ["@a", "b: c: d", "e"]}, 2),
    ("image:\n  path: @x\n  alt: a: b", {"image": {"path": "@x", "alt": "a: b"}}, 2),
    ("description: one\n  two: three", {"description": "one two: three"}, 1),
    ("layout: post\n title: Tea", {"layout": "post", "title": "Tea"}, 2),
    ("title: Tea\nstray words\nb: 2", {"title": "Tea", "b": "2"}, 2),
    ("a: 1\ntitle:Tea", {"a": "1", "title": "Tea"}, 2),
    ("a: 1\ntitle：茶", {"a": "1", "title": "茶"}, 2),
    ("title: a\x08b", {"title": "ab"}, 1),
    ("title: a\x9db", {"title": "ab"}, 1),
    ("title: a\x00b", {"title": "ab"}, 1),
]


@pytest.mark.parametrize(("text", "meta", "line"), CASES)
def test_plain_intent(text: str, meta: dict[str, Any], line: int) -> None:
    """Every mistake is corrected, with one warning that has the line and the cure."""
    header = read_header(f"---\n{text}\n---\n".encode(), "a.md")
    assert header.meta == meta
    first = header.problems[0]
    assert (first.kind, first.severity, first.line) == ("yaml-mended", "warning", line + 1)
    assert first.message
    assert first.cure


def test_several_slips() -> None:
    """Several mistakes are corrected and reported one by one."""
    data = b"---\ntitle: a: b\ntags:\n\t- x\nauthor: @me\n---\n"
    header = read_header(data, "a.md")
    assert header.meta == {"title": "a: b", "tags": ["x"], "author": "@me"}
    assert [problem.line for problem in header.problems] == [2, 4, 5]


@pytest.mark.parametrize("text", ["a: [\n  b\n- c", "[", "- a\n b: c\n-"])
def test_what_is_not_plain(text: str) -> None:
    """A header without a clear meaning is not corrected."""
    assert mend(text) is None
