"""Read the target of a link: ``(address "title")``, ``[definition]``, or its text's definition."""

import re
from typing import TYPE_CHECKING

from syndicate.content.kramdown.grammar import WHITE
from syndicate.content.kramdown.tree import Attributes

if TYPE_CHECKING:
    from syndicate.content.kramdown.spans import SpanReader

__all__ = ["link_id", "read_target"]

_ID = re.compile(r"\s*?\[(?P<id>[^\]]+)?\]", re.ASCII)
_ANGLED = re.compile(r"\(<(?P<address>.*?)>")
_STOP = re.compile(r"[()]|\s(?=['\"])", re.ASCII)
_TITLE = {
    mark: re.compile(rf"\s*?{mark}(?P<title>.+?){mark}\s*?\)", re.DOTALL | re.ASCII)
    for mark in ("'", '"')
}

_QUOTE = re.compile(r"\s*(['\"])", re.ASCII)
_BEFORE_ID = frozenset("[ \t\r\n\f\v")

Target = tuple[str, str | None, Attributes | None]


def read_target(spans: "SpanReader", text: str) -> Target | None:
    """Return the address, title and attributes at the position of `spans`, after a link's `text`.

    Advances past them. Returns None if there is no target.
    """
    src, at = spans.src, spans.pos
    reference = _ID.match(src, at) if src[at : at + 1] in _BEFORE_ID else None
    if reference or not src.startswith("(", at):
        spans.pos = reference.end() if reference else at
        definition = spans.references.links.get(link_id((reference and reference["id"]) or text))
        return (definition[0], definition[1], definition[2].ial) if definition else None
    if angled := _ANGLED.match(src, at):
        address = angled["address"]
        spans.pos = angled.end()
        if src.startswith(")", spans.pos):
            spans.pos += 1
            return address, None, None
    else:
        address, closed = _address(spans)
        if closed:
            return address, None, None
    title = _title(spans)
    return (address, title, None) if title is not None else None


def link_id(text: str) -> str:
    """Return the name under which a link finds its definition."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text).lower()


def _address(spans: "SpanReader") -> tuple[str, bool]:
    """Return the address in brackets, and True if no title follows it."""
    src, start = spans.src, spans.pos
    depth, end = 0, start
    for stop in _STOP.finditer(src, start):
        end = stop.end()
        if stop[0] == ")":
            depth -= 1
            if depth == 0:
                break
        elif stop[0] == "(":
            depth += 1
        else:
            break
    spans.pos = end
    return src[start + 1 : end - 1].strip(WHITE), depth == 0


def _title(spans: "SpanReader") -> str | None:
    quote = _QUOTE.match(spans.src, spans.pos)
    if quote is None:
        return None
    mark, key = quote[1], f"title {quote[1]}"
    if spans.pos >= spans.missing.get(key, spans.pos + 1):
        return None
    match = _TITLE[mark].match(spans.src, spans.pos)
    if match is None:
        spans.missing[key] = spans.pos
        return None
    spans.pos = match.end()
    return match["title"]
