"""A plain header is read without YAML, with exactly YAML's result."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.posts.header import Header, read_any_header
from syndicate.posts.plain_header import read_plain_header

EXAMPLES = Path(__file__).parents[2] / "examples"

WORDS = st.sampled_from(
    ("Tea", "a b", "null", "true", "1", "2024-05-01 10:00 +0200", "http://a.example/#b", "it's",
     "R&D", "a, b", "a]", "茶", "\U0001f375", "a  ", "a\\nb", "")
)  # fmt: skip
ODD = st.sampled_from(
    ("~", "No", "a: b", "a:", "#1", "C #1", "-", "- x", "-1", "?", "? a", ":a", "&a", "*a", "!t",
     "|", ">", ">-", "%", "@a", "`a`", "{}", "{a: b}", "a\u3000b", "\u3000a", "a\x85b", "a\tb",
     "a\u200b", "\ufeffa", "\x07", "--- ", "...", "=", "it''s", 'a"')
)  # fmt: skip
QUOTED = st.builds("{0}{1}{0}".format, st.sampled_from("\"'"), WORDS)
SLIPS = st.builds("{0}{1}{0}{2}".format, st.sampled_from("\"'"), ODD, st.just("") | ODD)
ITEMS = st.sampled_from(("Tea", "b c", "~", '"d"', "'e'", " f", "g ")) | QUOTED
LISTS = st.lists(ITEMS, max_size=4).map(", ".join).map("[{}]".format)
KEYS = st.sampled_from(("title", "date", "tags", "a", "b", "no", "_b-c", "c1 "))
FIELDS = st.builds("{}: {}".format, KEYS, WORDS | QUOTED | LISTS)
INDENTS = st.sampled_from(("  ", "  ", "  ", "  ", "", " "))
ENTRIES = FIELDS | st.builds("- {}".format, WORDS | QUOTED | LISTS)
GROUPS = st.builds("{}:\n{}{}\n{}{}".format, KEYS, INDENTS, ENTRIES, INDENTS, ENTRIES)
ODD_LINES = st.builds("{}: {}".format, KEYS, ODD | SLIPS) | st.sampled_from(
    ("1st: a", "<<: b", "a b: c", "'a': b", "  a: b", "- a", "  # a", "words", "...", "a:b", "-",
     "title\u3000: a", "title:\u3000a", "\u3000title: a", "tags: [a, b", "tags: [a]]", "tags: [a:]",
     "tags: ['a, b']", "a: b\r", "a: b\r\nb: c", "a: b\rb: c", "a: b\u2028b: c")
)  # fmt: skip
PLAIN_LINES = FIELDS | GROUPS | st.sampled_from(("tags:", "", "  ", "# a remark"))
LINES = PLAIN_LINES | PLAIN_LINES | PLAIN_LINES | ODD_LINES
PLAIN = (
    "layout: post\ntitle: \"Green tea: a guide\"\ndate: 2024-05-01 10:00:00 +0200\n"
    "categories: [Tea, 'b c', \"d\"]\ntags:\n- green\n- null\n\n# a remark\nimage:\n"
    "  path: /a.png\n  alt: A cup\nempty:\n"
)  # fmt: skip


def file_of(header: str) -> bytes:
    return f"---\n{header}\n---\nBody\n".encode("utf-8", "surrogatepass")


def read(data: bytes) -> Header | None:
    found = read_plain_header(data)
    return Header(found[0], found[1], quoted=found[2]) if found else None


def shown(header: Header) -> tuple[Any, ...]:
    return (header, list(header.meta))


def check(data: bytes) -> bool:
    """Return True if the header is plain, and check that the result equals YAML's."""
    plain = read(data)
    for choices in ({}, {"bare": True}, {"key_value": True}):
        slow = read_any_header(data, "a.md", **choices)
        assert plain is None or shown(plain) == shown(slow)
    return plain is not None


def test_plain_header_has_all_its_fields() -> None:
    """Text, constants, lists, mappings and quotes are read as by YAML."""
    data = file_of(PLAIN)
    assert read(data) == Header(
        {
            "layout": "post",
            "title": "Green tea: a guide",
            "date": "2024-05-01 10:00:00 +0200",
            "categories": ["Tea", "b c", "d"],
            "tags": ["green", None],
            "image": {"path": "/a.png", "alt": "A cup"},
            "empty": None,
        },
        data.index(b"Body"),
        quoted=frozenset({"title"}),
    )
    assert check(data)


@pytest.mark.parametrize(
    "header",
    [
        "title: a: b",
        "title: #1",
        "title: C #1",
        "title: 'it''s'",
        'title: "a\\nb"',
        "title: >\n  a",
        "title: a\n  b",
        "title: &a b",
        "title: a\ntitle: b",
        "title:\n  a:\n    b: c",
        "title:\n- a\n  b",
        "'title': a",
        "title:\tTea",
        "title:\u3000Tea",
        "title: Tea\u3000Time",
        "title: Tea\r",
        "title: Tea\x85a: b",
        "title:Tea",
        "tags: [a, [b]]",
        "tags: [a,\n  b]",
        "tags: {a: b}",
        "words",
        "",
        "# only a remark",
        "title: Tea\n...",
    ],
)
def test_other_header_is_left_to_yaml(header: str) -> None:
    """A header with any other syntax is not plain."""
    assert read(file_of(header)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"---\n---\nBody",
        b"title: Tea\n---\nBody",
        b"\xef\xbb\xbf---\ntitle: Tea\n---\nBody",
        b"---\ntitle: Tea\n",
        b"---\ntitle: Tea\n----\nBody\n---\n",
        b"---\ntitle: Tea\n--- \nBody",
        b"---\ntitle: \xff\n---\nBody",
        b"---\n" + b"a: b\n" * 20_000 + b"---\n",
        b"+++\ntitle = 'Tea'\n+++\n",
    ],
)
def test_other_fence_is_left_to_the_long_way(data: bytes) -> None:
    """Only a header between two lines of three dashes, within 64 KB of UTF-8, is plain."""
    assert read(data) is None


@settings(max_examples=500)
@given(st.lists(LINES, max_size=6))
def test_header_of_any_lines_is_as_yaml_has_it(lines: list[str]) -> None:
    """For any lines, the fast path gives YAML's result or nothing."""
    check(file_of("\n".join(lines)))


@given(
    st.integers(0, len(PLAIN)),
    st.integers(0, 3),
    st.sampled_from(
        (*"\n\r\t -:#'\"[]{},&*!|>%@`?~\\=a\x85\u3000\u2028\ufeff", "\n  ", "\n- ", ": ")
    ),
)
def test_slip_in_a_plain_header_is_as_yaml_has_it(at: int, cut: int, put: str) -> None:
    """With one mistake anywhere, the fast path gives YAML's result or nothing."""
    check(file_of(PLAIN[:at] + put + PLAIN[at + cut :]))


def test_headers_of_the_examples_are_plain() -> None:
    """Most posts of the example blog take the fast path, and all have YAML's result."""
    posts = [path.read_bytes() for path in sorted(EXAMPLES.rglob("_posts/**/*.md"))]
    plain = [data for data in posts if check(data)]
    assert len(plain) > len(posts) / 2 > 0
