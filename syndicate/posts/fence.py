"""Find the header of a file and its language, by its fences.

Works on the first 64 KB of bytes, in linear time.
"""

import json
import re
from typing import Literal

from msgspec import Struct

__all__ = ["MAX_HEADER", "Fenced", "Language", "find_header"]

MAX_HEADER = 65_536
"""Bytes of the longest header."""

Language = Literal["yaml", "toml", "json", "json-members", "js", "key-value"]

_BOM = b"\xef\xbb\xbf"
_LEAD = re.compile(rb"\s*")
_OPENS = re.compile(rb"(-{3,}|\+{3,}|;{3,})([A-Za-z]*)[ \t]*(?=[\r\n]|\Z)")
_LANGUAGES: dict[bytes, Language] = {
    b"": "yaml",
    b"yaml": "yaml",
    b"yml": "yaml",
    b"toml": "toml",
    b"json": "json",
    b"js": "js",
    b"javascript": "js",
}
_LINE_END = re.compile(rb"\r\n|\r|\n|\Z")
_BREAK = rb"(?:\r\n|\r|\n)"
_FIELD = re.compile(rb"(?:\A|[\r\n])[ \t]*[\"']?[^\s#:>*|-][^\r\n:]{0,80}?(?::(?!//)|\xef\xbc\x9a)")
_EMPTY = re.compile(rb"(?:\s|#[^\r\n]*(?![^\r\n]))*\Z")
_BARE_LINE = re.compile(rb"[A-Za-z_][\w -]*:(?:[ \t]|\Z)|[ \t]|- |#|\"|\Z")
_TELLING = re.compile(rb"(?im)^(?: |\xe3\x80\x80){0,3}(?:title|date):")
_KEY_LINE = re.compile(rb"(?: |\xe3\x80\x80){0,3}([A-Za-z][\w-]*):(?:[ \t]+|(?=[\r\n]|\Z))")


class Fenced(Struct, frozen=True):
    """Position of a header: its text is ``data[start:end]``, the body begins at `body`.

    `line` is the line (from 1) on which the text starts. `closed` is False if the closing fence is
    missing; `body` is then the start of the header.
    """

    language: Language
    start: int
    end: int
    body: int
    line: int
    closed: bool = True
    holds_fields: bool = True


def find_header(
    data: bytes, *, bare: bool = False, key_value: bool = False, rst: bool = False
) -> Fenced | None:
    """Find the header of the file that begins with `data`. Return None if there is none.

    `bare` accepts a header without an opening fence (Hexo), `key_value` a header without fences
    (Pelican). In `rst`, the opening fence has exactly three dashes: more are a title's overline.
    """
    first = len(_BOM) if data.startswith(_BOM) else 0
    lead = _LEAD.match(data, first, first + MAX_HEADER)
    start = lead.end() if lead else first
    if start > first and data[start - 1 : start] in b" \t":
        return None
    found = _fenced(data, start, rst=rst) or _braces(data, start)
    if not found and bare:
        found = _bare(data, start)
    if not found and key_value:
        found = _key_value(data, start)
    return found


def _fenced(data: bytes, start: int, *, rst: bool) -> Fenced | None:
    opens = _OPENS.match(data, start)
    language = _language(opens) if opens else None
    if not opens or not language or (rst and opens[1] != b"---"):
        return None
    # The closing fence may have more dashes than the opening one, as in Hugo.
    marks = rb"-{3,}|\.\.\." if opens[1][:1] == b"-" else re.escape(opens[1])
    closes = re.compile(_BREAK + rb"(?:" + marks + rb")[ \t]*(?=[\r\n]|\Z)")
    close = closes.search(data, opens.end(), opens.end() + MAX_HEADER)
    line = _line_of(data, opens.end())
    if not close:
        head = _first_line(data, opens.end())
        if language == "yaml" and not _FIELD.match(head):
            return None  # a horizontal rule
        return Fenced(language, opens.end(), opens.end(), start, line, closed=False)
    inner = data[opens.end() : close.start()]
    fields = language != "yaml" or bool(
        _FIELD.search(inner) or _EMPTY.match(inner) or b"{" in inner
    )
    if not fields and len(opens[1]) > 3:
        return None
    return Fenced(
        language,
        opens.end(),
        close.start(),
        _after_line(data, close.end()),
        line,
        holds_fields=fields,
    )


def _language(opens: re.Match[bytes]) -> Language | None:
    if opens[1].startswith(b"-"):
        return _LANGUAGES.get(opens[2].lower())
    if opens[2]:
        return None
    return "toml" if opens[1].startswith(b"+") else "json-members"


def _braces(data: bytes, start: int) -> Fenced | None:
    """Find a header that is a JSON object without fences (Hugo)."""
    if not re.compile(rb'\{\s*"').match(data, start):
        return None
    line = _line_of(data, start)
    text = data[start : start + MAX_HEADER].decode("utf-8", "surrogateescape")
    try:
        end = start + len(
            text[: json.JSONDecoder().raw_decode(text)[1]].encode("utf-8", "surrogateescape")
        )
    except (ValueError, RecursionError):
        return Fenced("json", start, start, start, line, closed=False)
    return Fenced("json", start, end, _after_line(data, end), line)


def _bare(data: bytes, start: int) -> Fenced | None:
    """Find a header without an opening fence (Hexo)."""
    close = re.compile(_BREAK + rb"(-{3,}|;{3,})[ \t]*(?=[\r\n]|\Z)").search(
        data, start, start + MAX_HEADER
    )
    if not close or data[start : start + 1] in b" \t-#":
        return None
    if not all(_BARE_LINE.match(line) for line in data[start : close.start()].splitlines()):
        return None
    language: Language = "json-members" if close[1].startswith(b";") else "yaml"
    body = _after_line(data, close.end())
    return Fenced(language, start, close.start(), body, _line_of(data, start))


def _key_value(data: bytes, start: int) -> Fenced | None:
    """Find the lines of ``Key: value`` at the start. Indented lines continue a value."""
    end = start
    filled = len(data[: start + MAX_HEADER].rstrip())
    while end < min(len(data), start + MAX_HEADER):
        continues = start < end < filled and data[end : end + 1] in b" \t"
        if not continues and not _KEY_LINE.match(data, end):
            break
        end = _after_line(data, end)
    if not _TELLING.search(data, start, end):
        return None  # a text may begin with "Note: …"
    return Fenced("key-value", start, end, end, _line_of(data, start))


def _first_line(data: bytes, start: int) -> bytes:
    """Return the first line from `start` on that is not blank."""
    lead = _LEAD.match(data, start, start + MAX_HEADER)
    begin = lead.end() if lead else start
    return data[begin : _end_of_line(data, begin)]


def _end_of_line(data: bytes, start: int) -> int:
    end = _LINE_END.search(data, start)
    return end.start() if end else len(data)


def _after_line(data: bytes, start: int) -> int:
    end = _LINE_END.search(data, start)
    return end.end() if end else len(data)


def _line_of(data: bytes, offset: int) -> int:
    """Return the number, from 1, of the line at `offset`. A lone CR ends a line too."""
    return 1 + len(re.findall(_BREAK, data[:offset]))
