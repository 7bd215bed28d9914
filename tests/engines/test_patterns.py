import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines.shared.patterns import (
    fits,
    glob_regex,
    groups,
    is_regex,
    matches,
    occurs,
    substituted,
)


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("/posts/**", "/posts/a/b", True),
        ("/posts/*", "/posts/a/b", False),
        ("/posts/*", "/posts/a", True),
        ("/p?", "/pa", True),
        ("/p?", "/p/", False),
        ("**/{a,b}*", "/x/y/bcd", True),
        ("{/t/e,/t/f}", "/t/g", False),
        ("[!a]x", "bx", True),
        ("[a-c]x", "bx", True),
        ("a,b.c", "a,b.c", True),
        ("a.c", "abc", False),
        (r"\*", "*", True),
        ("{a", "{a", True),
    ],
)
def test_globs(glob: str, path: str, expected: bool) -> None:
    """A star stops at a slash, two do not; braces choose, brackets hold letters."""
    assert matches(glob_regex(glob), path) is expected


def test_faulty_expression_matches_nothing() -> None:
    """An invalid regular expression is detected, and matches nothing."""
    assert not is_regex("(")
    assert not matches("(", "(")
    assert not occurs("(", "(")


def test_expression_is_found_anywhere() -> None:
    """`occurs` searches the text, `matches` compares all of it."""
    assert occurs("b.d", "abcde")
    assert not matches("b.d", "abcde")


def test_endless_expression_ends() -> None:
    """An expression with catastrophic backtracking ends soon and matches nothing."""
    assert not occurs(r"(?:a|a|b|ab)+c(?<=x)", "ab" * 5000)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_glob_raises(glob: str, path: str) -> None:
    """Any text is accepted as a glob."""
    assert matches(glob_regex(glob), path) in (True, False)


@given(st.text(alphabet=st.characters(exclude_characters="*?[]{}\\"), max_size=40))
def test_plain_glob_matches_itself(text: str) -> None:
    """Text without marks matches itself alone."""
    assert matches(glob_regex(text), text)


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(.+?)" * 12 + "!", "(?:a?){200}a{200}b"])
def test_hostile_expression_is_given_up(pattern: str) -> None:
    """A slow expression takes its time once, not once per post."""
    text = "a" * 200 + "b/" * 50
    for number in range(3_000):
        assert groups(pattern, f"{text}{number}", whole=True) == {}
        assert substituted(pattern, "x", f"{text}{number}")


def test_groups_are_read_by_name() -> None:
    """Groups that took no part in the match are left out."""
    assert groups(r"(?P<year>\d+)-(?P<name>\w+)?", "2024-x") == {"year": "2024", "name": "x"}
    assert groups(r"(?P<year>\d+)-(?P<name>\w+)?", "2024-") == {"year": "2024"}
    assert groups(r"(?P<year>\d+)", "2024-", whole=True) == {}


@pytest.mark.parametrize(
    ("pattern", "replacement", "expected"),
    [
        ("A+", "b", "xbx"),
        ("(a)(a)", r"\2-\1", "xa-ax"),
        ("(?P<n>a)", r"\g<n>!", "xa!a!x"),
        ("(a)", r"\2", None),
        ("(a)", r"\g<n>", None),
        ("(", "b", None),
        ("a" * 3_000, "b", None),
    ],
)
def test_replacements(pattern: str, replacement: str, expected: str | None) -> None:
    """Case is ignored, and a replacement that does not fit changes nothing."""
    assert fits(pattern, replacement) is (expected is not None)
    assert substituted(pattern, replacement, "xaax") == (expected or "xaax")
