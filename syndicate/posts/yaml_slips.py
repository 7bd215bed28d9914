"""Correct mistakes in front matter that are valid YAML, but lose the author's words.

These are invisible spaces of East Asian keyboards before a key or after its colon, and values that
begin with ``#``, which makes them comments.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from syndicate.posts.yaml_mend import ODD_SPACES, Mending

__all__ = ["eaten_by_comments", "without_odd_spaces"]

_BEFORE_KEY = re.compile(rf"^[{ODD_SPACES}][{ODD_SPACES} \t]*(?=[\w\"'][^\n:]{{0,80}}[:：])", re.M)
_BEFORE_ITEM = re.compile(rf"^[{ODD_SPACES}][{ODD_SPACES} \t]*(?=- )", re.M)
_AFTER_COLON = re.compile(
    rf"^(\w[\w-]{{0,80}}:|[ \t]{{0,9}}-)[{ODD_SPACES}][{ODD_SPACES} \t]*", re.M
)
_TITLES = frozenset(("title", "subtitle"))
_OTHERS = frozenset(
    ("description", "summary", "excerpt", "author", "category", "categories", "tag", "tags", "slug",
     "permalink")
)  # fmt: skip
_TODO = re.compile(r"#(?:todo|fixme|xxx)\b", re.I)
_CURE = "put the value in quotes"


def without_odd_spaces(text: str) -> tuple[str, list[Mending]]:
    """Replace the invisible spaces of a header's text. The lines stay."""
    mended = _BEFORE_ITEM.sub("  ", _BEFORE_KEY.sub("", text))
    mended = _AFTER_COLON.sub(r"\1 ", mended)
    if mended == text:
        return text, []
    pairs = zip(text.split("\n"), mended.split("\n"), strict=True)
    line = next(number for number, (a, b) in enumerate(pairs, 1) if a != b)
    what = "an invisible space (U+3000 or the like) beside a key was ignored"
    return mended, [Mending(line, what, "write a plain space, or none")]


def eaten_by_comments(text: str, meta: dict[str, Any]) -> Iterator[Mending]:
    """Report the comments that are probably values, and restore a title that is a comment."""
    for number, line in enumerate(text.split("\n"), 1):
        key, _, value = line.partition(":")
        at = value.find(" #")
        if at < 0 or not _is_meant(value[at + 2 : at + 3]) or key not in meta:
            continue
        eaten = value[at + 1 :].strip()
        is_all = not value[:at].strip() and meta[key] is None
        if is_all and key in _TITLES and not _TODO.match(eaten):
            meta[key] = eaten
            what = f'"{eaten[:60]}" is a YAML comment; it was read as the {key}'
            yield Mending(number, what, _CURE)
        elif key in _TITLES | _OTHERS and _is_cut(value[:at].strip(), key, meta):
            what = f'"{eaten[:60]}" is a YAML comment and was not read'
            yield Mending(number, what, _CURE)


def _is_meant(after: str) -> bool:
    """Return True if a ``#`` before this character begins a word, not a comment."""
    return bool(after.strip(" \t\r#"))


def _is_cut(before: str, key: str, meta: Mapping[str, Any]) -> bool:
    """Return True if the value of `key` is the text before the comment."""
    return meta[key] == before or (not before and meta[key] is None)
