"""Slips in front matter that YAML takes without a word, and loses what the author wrote.

Invisible spaces of East Asian keyboards before a key or after its colon, and a value that begins
with a ``#``, which makes it a comment.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from syndicate.collect.mend import ODD_SPACES, Mending

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
_CURE = "quote the value"


def without_odd_spaces(text: str) -> tuple[str, list[Mending]]:
    """Return a header's text, line for line, with plain spaces where it has invisible ones."""
    mended = _BEFORE_ITEM.sub("  ", _BEFORE_KEY.sub("", text))
    mended = _AFTER_COLON.sub(r"\1 ", mended)
    if mended == text:
        return text, []
    pairs = zip(text.split("\n"), mended.split("\n"), strict=True)
    line = next(number for number, (a, b) in enumerate(pairs, 1) if a != b)
    what = "an invisible space (U+3000 or the like) beside a key was ignored"
    return mended, [Mending(line, what, "write a plain space, or none")]


def eaten_by_comments(text: str, meta: dict[str, Any]) -> Iterator[Mending]:
    """Yield what is a comment to YAML and was meant as a value; put a whole title into `meta`."""
    for number, line in enumerate(text.split("\n"), 1):
        key, _, value = line.partition(":")
        at = value.find(" #")
        if at < 0 or not _is_meant(value[at + 2 : at + 3]) or key not in meta:
            continue
        eaten = value[at + 1 :].strip()
        is_all = not value[:at].strip() and meta[key] is None
        if is_all and key in _TITLES and not _TODO.match(eaten):
            meta[key] = eaten
            yield Mending(number, f"{eaten[:60]!r}, a comment to YAML, read as the {key}", _CURE)
        elif key in _TITLES | _OTHERS and _is_cut(value[:at].strip(), key, meta):
            yield Mending(number, f"{eaten[:60]!r} is a comment to YAML, and not read", _CURE)


def _is_meant(after: str) -> bool:
    """Whether a ``#`` before this character begins a word and not a remark."""
    return bool(after.strip(" \t\r#"))


def _is_cut(before: str, key: str, meta: Mapping[str, Any]) -> bool:
    """Whether the value of `key` is what stands before the comment."""
    return meta[key] == before or (not before and meta[key] is None)
