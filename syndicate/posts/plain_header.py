"""Parse the plainest headers without YAML, in a seventh of its time.

Such a header has lines of ``key: value``. The value is plain, in quotes without escapes, or a list
of such values in brackets on the same line. A key without a value may have lines of ``- value``, or
lines of ``key: value`` with one indent. Blank lines and comments at a line's start are allowed. The
result equals YAML's. Any other header is left to YAML.
"""

import re
from typing import Any

from syndicate.posts.fence import MAX_HEADER
from syndicate.posts.yaml_text import CONSTANTS

__all__ = ["read_plain_header"]

_LINE = re.compile(
    r"^( *)(?:([A-Za-z_][\w-]{0,60}) {0,9}:|(-))(?: +|$)(.*)$|^(?: *|#.*)$", re.ASCII | re.MULTILINE
)
"""Indent, key, dash and value; all are empty for a blank line or a comment."""
_QUOTES = ('"', "'")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
"""Characters that begin no plain value, or only before certain characters (YAML 1.1, 5.3)."""
_ENDS_ITEM = re.compile(r"[\[\]{}:?#]")
"""Characters that may end a plain value in brackets."""

_Line = tuple[str, str, str, str]


class _NotPlain(Exception):
    """The header needs YAML."""


def read_plain_header(data: bytes) -> tuple[dict[str, Any], int, frozenset[str]] | None:
    """Parse the header of the file that begins with `data`. Return None if it is not plain.

    Return the fields, the byte at which the body begins, and the keys with values in quotes.
    """
    if not data.startswith(b"---\n"):
        return None
    end = data.find(b"\n---\n", 3, MAX_HEADER)
    if end < 0:
        return None
    try:
        text = data[4:end].decode()
        # Tabs, other line ends, invisible characters and comments need YAML.
        if " #" in text or not text.replace("\n", "").isprintable():
            return None
        lines = _LINE.findall(text)
        if len(lines) <= text.count("\n"):
            return None
        meta, quoted = _fields(lines)
    except (UnicodeDecodeError, _NotPlain):
        return None
    return (meta, end + len("\n---\n"), frozenset(quoted)) if meta else None


def _fields(lines: list[_Line]) -> tuple[dict[str, Any], set[str]]:
    """Return the fields, and the keys with values in quotes. Raises _NotPlain."""
    meta: dict[str, Any] = {}
    quoted = set()
    empty = depth = ""  # the last key if it has no value, and the indent below it
    for indent, key, dash, written in lines:
        value = _value(written.rstrip(" ")) if written else None
        if key and not indent:
            if key in meta:
                raise _NotPlain
            meta[key] = value
            if written.startswith(_QUOTES):
                quoted.add(key)
            empty = "" if written else key
        elif key or dash:
            if not empty:
                raise _NotPlain
            if meta[empty] is None:
                meta[empty], depth = {} if key else [], indent
            if indent != depth:
                raise _NotPlain
            _add(meta[empty], key, value)
    return meta, quoted


def _add(group: dict[str, Any] | list[Any], key: str, value: Any) -> None:
    if isinstance(group, list) and not key:
        group.append(value)
    elif isinstance(group, dict) and key and key not in group:
        group[key] = value
    else:
        raise _NotPlain


def _value(text: str) -> Any:
    first = text[0]
    if first in _QUOTES:
        return _unquoted(text)
    if first == "[" and text[-1] == "]":
        items = text[1:-1].strip(" ")
        return [_item(item.strip(" ")) for item in items.split(",")] if items else []
    if first in _INDICATORS or ": " in text or text[-1] == ":":
        raise _NotPlain
    return CONSTANTS.get(text, text)


def _item(text: str) -> Any:
    if text.startswith(_QUOTES):
        return _unquoted(text)
    if not text or text[0] in _INDICATORS or _ENDS_ITEM.search(text):
        raise _NotPlain
    return CONSTANTS.get(text, text)


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    if len(text) < 2 or text[-1] != text[0] or text[0] in inner or "\\" in inner:
        raise _NotPlain
    return inner
