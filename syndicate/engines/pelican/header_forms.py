"""Read headers that are part of the text: reStructuredText's docinfo, HTML's `<head>`.

Both functions are pure, and linear in the text. A text without a header gives an empty mapping.
Names are in lower case. Values are text, or lists of text.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

__all__ = ["read_html_header", "read_rst_header"]

_ADORNMENT = re.compile(r"([!-/:-@[-`{-~])\1*\s*$")
_FIELD = re.compile(r":([^:\s][^:]*):(?:\s+(.*))?$")
_BULLET = re.compile(r"[-*+]\s+(.*)")
_SHOWN = re.compile(r"\.\. (?:\[|(?!role::|default-role::|meta::)[^\s|]+::)")
"""Markup of ``.. `` that is visible, so that no title may follow it."""
_INLINE = (
    (re.compile(r"``([^`]+)``"), r"\1"),
    (re.compile(r"`([^`<]+?)(?: <[^`>]*>)?`_{0,2}"), r"\1"),
    (re.compile(r"\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*"), r"\1\2"),
    (re.compile(r"\\(?=\S)"), ""),
)


def read_rst_header(text: str) -> dict[str, Any]:
    """Read the title and the fields below it (``:date: 2024-05-01``) of a reStructuredText.

    Comments may stand before the title. A subtitle is ignored.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    found: dict[str, Any] = {}
    at = _after_comments(lines, 0)
    title, at = _title(lines, at)
    if title:
        found["title"] = _plain(title)
        at = _after_comments(lines, at)
        subtitle, after = _title(lines, at)
        at = _after_comments(lines, after) if subtitle else at
    found.update(_fields(lines, at))
    return found


def _after_comments(lines: list[str], at: int) -> int:
    """Return the next line that is neither blank nor part of a comment or a target."""
    comment = False
    while at < len(lines):
        line = lines[at]
        if line.startswith(".. ") or line.strip() == "..":
            comment = not _SHOWN.match(line)
            if not comment:
                return at
        elif line.strip() and not (comment and line[:1] in " \t"):
            return at
        at += 1
    return at


def _title(lines: list[str], at: int) -> tuple[str, int]:
    """Return the title that begins on the line `at`, or "", and the line after it."""
    here, below, under = (lines[at + n] if at + n < len(lines) else "" for n in range(3))
    if _ADORNMENT.match(here) and _ADORNMENT.match(under) and below.strip():
        return (below.strip(), at + 3) if here.strip() == under.strip() else ("", at)
    if here[:1].strip() and _ADORNMENT.match(below):
        return here.strip(), at + 2
    return "", at


def _plain(title: str) -> str:
    for pattern, text in _INLINE:
        title = pattern.sub(text, title)
    return title


def _fields(lines: list[str], at: int) -> Iterator[tuple[str, Any]]:
    while at < len(lines) and (match := _FIELD.match(lines[at])):
        more = []
        at += 1
        while at < len(lines) and (lines[at][:1] in (" ", "\t") or not lines[at].strip()):
            more.append(lines[at].strip())
            at += 1
        yield match[1].lower(), _field((match[2] or "").strip(), [line for line in more if line])


def _field(first: str, more: list[str]) -> Any:
    bullets = [_BULLET.match(line) for line in ([first] if first else []) + more]
    if bullets and all(bullets):
        return [bullet[1] for bullet in bullets if bullet]
    return " ".join([first, *more]).strip()


def read_html_header(text: str) -> tuple[dict[str, Any], int]:
    """Read `<title>` and `<meta>` of a page's head. Also return where in `text` its body begins.

    `keywords` are tags, as for Pelican. Values of a repeated name make a list.
    """
    reader = _Head()
    reader.feed(text)
    starts = _starts(text)
    line, column = reader.body_at
    return reader.found, starts[min(line - 1, len(starts) - 1)] + column


def _starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, Any] = {}
        self.body_at = (1, 0)
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            line, column = self.getpos()
            self.body_at = (line, column + len(self.get_starttag_text() or ""))
            self.within = "body"
        elif tag == "head" or (tag == "title" and self.within == "head"):
            self.within = tag
        elif tag == "meta" and self.within == "head":
            self._meta(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "head") and self.within == tag:
            self.within = "head" if tag == "title" else ""

    def handle_data(self, data: str) -> None:
        if self.within == "title":
            self.found["title"] = f"{self.found.get('title', '')}{data}"

    def _meta(self, attributes: dict[str, str | None]) -> None:
        name = (attributes.get("name") or "").lower()
        value = attributes.get("content") or attributes.get("contents") or ""
        name = "tags" if name == "keywords" else name
        if not name:
            return
        before = self.found.get(name)
        if isinstance(before, list):
            before.append(value)
        else:
            self.found[name] = value if before is None else [before, value]
