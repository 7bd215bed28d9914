"""Headers in every language are read, or reported with line and cure."""

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.posts.header import Header, read_header

POST = b"---\ntitle: Tea\n---\nBody"


def read(data: bytes, **allowed: bool) -> tuple[dict[str, Any], bytes]:
    header = read_header(data, "a.md", **allowed)
    assert header.problems == ()
    return header.meta, data[header.body_offset :]


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: Tea\n---\nBody",
        b"---\r\ntitle: Tea\r\n---\r\nBody",
        b"---\rtitle: Tea\r---\rBody",
        b"\xef\xbb\xbf---\ntitle: Tea\n---\nBody",
        b"\n\n  \n---\ntitle: Tea\n---\nBody",
        b"--- \t\ntitle: Tea\n--- \nBody",
        b"---\ntitle: Tea\n...\nBody",
        b"-----\ntitle: Tea\n-----\nBody",
        b"---\ntitle: Tea\n-----\nBody",
        b"---yaml\ntitle: Tea\n---\nBody",
        b"---\n\n# a remark\ntitle: Tea\n---\nBody",
        b"+++\ntitle = 'Tea'\n+++\nBody",
        b"+++\r\ntitle = 'Tea'\r\n+++\r\nBody",
        b"---toml\ntitle = 'Tea'\n---\nBody",
        b'---json\n{"title": "Tea"}\n---\nBody',
        b'{\n  "title": "Tea"\n}\nBody',
        b';;;\n"title": "Tea"\n;;;\nBody',
        b'---js\n{ title: "Tea", }\n---\nBody',
    ],
)
def test_fences(data: bytes) -> None:
    """All kinds of fences give the same fields and the exact start of the body."""
    assert read(data) == ({"title": "Tea"}, b"Body")


def test_without_opening_fence() -> None:
    """A header without an opening fence is read only if it is allowed."""
    data = b"title: Tea\ntags:\n- x\n---\nBody"
    assert read(data, bare=True) == ({"title": "Tea", "tags": ["x"]}, b"Body")
    assert read_header(data, "a.md").found is False


def test_heading_is_no_bare_header() -> None:
    """Prose above an underline is not mistaken for a header without an opening fence."""
    data = b"Some words\nand a heading\n---\nBody"
    assert read_header(data, "a.md", bare=True).found is False


def test_key_value_lines() -> None:
    """Pelican's header ends at the first line that is neither ``Key: value`` nor indented."""
    data = b"Title: Tea: a cup\nTags: a, b\nSummary: one\n    two\n\nBody: x"
    meta, body = read(data, key_value=True)
    assert meta == {"title": "Tea: a cup", "tags": "a, b", "summary": "one two"}
    assert body == b"\nBody: x"
    assert read_header(data, "a.md").found is False


@pytest.mark.parametrize(
    "data", [b"---\n---\nBody", b"---\n\n---\nBody", b"---\n# none\n---\nBody"]
)
def test_empty_header(data: bytes) -> None:
    """A header without fields is a header, and the body begins after it."""
    assert read(data) == ({}, b"Body")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.md", b""),
        ("a.md", b"Body"),
        ("a.md", b"---\n\nBody after a rule"),
        ("a.md", b"----\n\nsome words\n\n----\nBody"),
        ("a.md", b"  ---\ntitle: Tea\n---\n"),
        ("a.rst", b"------\nTea: a cup\n------\nBody"),
        ("a.md", b"{% include x %}\nBody"),
        ("a.md", b"{{ x }}"),
    ],
)
def test_what_only_looks_like_a_header(name: str, data: bytes) -> None:
    """Rules, overlines and template marks belong to the body."""
    header = read_header(data, name)
    assert header == Header({}, 0, found=False)


def test_rule_and_rule() -> None:
    """Words between two rules belong to the body, with a problem."""
    header = read_header(b"---\n\nsome words\n\n---\nBody", "a.md")
    assert (header.body_offset, header.found) == (0, False)
    assert [(p.kind, p.severity, p.line) for p in header.problems] == [
        ("not-a-header", "warning", 1)
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("404", "404"),
        ("007", "007"),
        ("1e3", "1e3"),
        ("24:00:00", "24:00:00"),
        ("2025-02-20", "2025-02-20"),
        ("2017-02-29", "2017-02-29"),
        ("yes", "yes"),
        ("off", "off"),
        ("true", True),
        ("'true'", "true"),
        ("~", None),
        ("", None),
        ("'~'", "~"),
        ("=", "="),
        ("!ruby/object:Foo bar", "bar"),
        ("!!python/object/apply:os.system [id]", ["id"]),
        ("!!binary aGk=", "aGk="),
        ("{1: a, null: b}", {"1": "a", "null": "b"}),
        ("|\n  a\n  b", "a\nb"),
    ],
)
def test_yaml_scalars_stay_text(written: str, expected: object) -> None:
    """Only null, true and false are not text, and tags construct no objects."""
    assert read(f"---\nx: {written}\n---\n".encode())[0] == {"x": expected}


def test_yaml_anchors_and_merges() -> None:
    """Anchors and merge keys work. The mapping's own keys win."""
    data = b"---\na: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\ncontent: c\nhandler: h\n---\n"
    meta = read(data)[0]
    assert meta["b"] == {"x": "1", "y": "3"}
    assert (meta["content"], meta["handler"]) == ("c", "h")


def test_quotes_are_remembered() -> None:
    """Top values in quotes are recorded, because Jekyll parses quoted dates differently."""
    header = read_header(b"---\na: '2020-01-02 03:04:05'\nb: 2020-01-02\n---\n", "a.md")
    assert header.quoted == {"a"}


def test_duplicate_key() -> None:
    """The last of two equal keys wins, and its line is reported."""
    header = read_header(b"---\nimage: {path: x}\na: 1\nimage: y\n---\n", "a.md")
    assert header.meta == {"image": "y", "a": "1"}
    assert [(p.kind, p.line, p.severity) for p in header.problems] == [
        ("duplicate-key", 4, "warning")
    ]


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b"---\ntitle: Tea\n\nBody", "unterminated", 1),
        (b"\n\n---\ntitle: Tea", "unterminated", 3),
        (b"---\n- b: [\n- c: {\n---\n", "yaml", 3),
        (b"---\r\n- b: [\r\n- c: {\r\n---\r\n", "yaml", 3),
        (b"+++\na = 1\nb = \n+++\n", "toml", 3),
        (b"+++\na = 1979-02-30\n+++\n", "toml", 2),
        (b'---json\n{"a": 1,\n"b"}\n---\n', "json", 3),
        (b"---json\n[1]\n---\n", "json", 1),
        (b'{"a": \nBody', "unterminated", 1),
        (b"---js\nconst title = makeTitle();\n---\n", "js", 1),
        ("title: Tea".encode("utf-16"), "encoding", 1),
    ],
)
def test_what_cannot_be_read(data: bytes, kind: str, line: int) -> None:
    """A header that cannot be read gives no fields, but a problem with line and cure."""
    header = read_header(data, "a.md")
    assert header.meta == {}
    [problem] = header.problems
    assert (problem.kind, problem.line, problem.severity) == (kind, line, "error")
    assert problem.path == "a.md"
    assert problem.cure


def test_invalid_utf8() -> None:
    """A byte that is not UTF-8 is left out, and its line is named; the rest is read."""
    header = read_header(b"---\ndate: 2020-01-02\ntitle: Caf\xe9\n---\n", "a.md")
    assert header.meta == {"date": "2020-01-02", "title": "Caf"}
    assert [(p.kind, p.line) for p in header.problems] == [("encoding", 3)]


def test_lone_surrogates_of_json() -> None:
    """Lone surrogates in JSON's escapes are removed."""
    meta = read(b'---json\n{"a\\ud800": ["\\udfff"]}\n---\n')[0]
    assert meta == {"a": [""]}


LAUGHS = b"a0: &a0 [x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 20)
)


@pytest.mark.parametrize(
    "data",
    [
        b"---\n" + LAUGHS + b"---\n",
        b"---\na: &a [*a]\n---\n",
        b"---\na: " + b"[" * 60_000 + b"\n---\n",
        b"---\na: " + b"- " * 30_000 + b"\n---\n",
        b"---\n" + b"? " * 30_000 + b"\n---\n",
        b"---\na: " + b"{a: " * 15_000 + b"\n---\n",
        b'---json\n{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}\n---\n",
        b'---json\n{"a": ' + b"[" * 300 + b"]" * 300 + b"}\n---\n",
        b"+++\na = " + b"[" * 30_000 + b"]" * 30_000 + b"\n+++\n",
        b"+++\n" + b"a." * 20_000 + b"b = 1\n+++\n",
        b"+++\na = " + b"9" * 60_000 + b"\n+++\n",
        b"---\n" + b"a: b: c\n" * 8_000 + b"---\n",
        b"---\n" + b"\t\n" * 30_000 + b"x\n---\n",
        b"\r\n" * 30_000 + b"x",
        b"---\nx: " + b"'" * 60_000 + b"\n---\n",
        b"---\n" + b"a" * 60_000 + b"\n---\n",
    ],
    ids=range(16),
)
def test_bombs(data: bytes) -> None:
    """A header that is made to exhaust time, memory or the stack is rejected or read quickly."""
    start = process_time()
    read_header(data, "a.md", bare=True, key_value=True)
    assert process_time() - start < 3


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"---\n", b"+++\n", b"---json\n", b"---js\n"])
)
def test_any_bytes(data: bytes, fence: bytes) -> None:
    """Any bytes give a header, and its body lies in the file."""
    whole = fence + data + b"\n" + fence.strip()[:3] + b"\n"
    header = read_header(whole, "a.md", bare=True, key_value=True)
    assert 0 <= header.body_offset <= len(whole)
    assert all(isinstance(key, str) for key in header.meta)


YAML_BITS = st.sampled_from(
    [
        "title",
        ": ",
        "\n",
        "- ",
        "[",
        "]",
        "'",
        '"',
        "a",
        "@",
        "\t",
        "  ",
        "{",
        "}",
        "&x",
        "*x",
        "|",
        "#",
    ]
)


@given(st.lists(YAML_BITS, max_size=30).map("".join))
def test_any_yaml(text: str) -> None:
    """Any text between the fences is read, corrected or rejected. The body stays."""
    data = f"---\n{text}\n---\nBody".encode()
    header = read_header(data, "a.md")
    assert data[header.body_offset :] in (b"Body", data)
