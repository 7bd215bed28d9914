"""Read HTML inside a line, addresses in angle brackets, and struck-out text."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from syndicate.content.kramdown.grammar import (
    BLOCK_ELEMENTS,
    BLOCK_MODEL,
    CLOSE_TAG,
    OPEN_TAG,
    SPAN_MODEL,
    VOID_ELEMENTS,
    WHITE,
)
from syndicate.content.kramdown.html_blocks import attributes_of, plain_name
from syndicate.content.kramdown.tree import Span

if TYPE_CHECKING:
    from syndicate.content.kramdown.spans import SpanReader

__all__ = ["read_angle", "read_struck"]

_AUTOLINK = re.compile(r"<((?P<scheme>mailto|https?|ftps?):.+?|[\w.-]+?@[\w.-]+?)>")
_STRUCK = re.compile(r"~~(?P<text>.*?[^\s~])~~", re.DOTALL | re.ASCII)
_NOT_STRUCK = frozenset(WHITE + "~")
_LINES = re.compile(r"\n+")
_MARKDOWN_MODEL = BLOCK_MODEL | SPAN_MODEL


def read_angle(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read an address, a comment, a tag or guillemets at a ``<``. Returns False without one."""
    src, at = reader.src, reader.pos
    if link := _AUTOLINK.match(src, at):
        address = link[1] if link["scheme"] else f"mailto:{link[1]}"
        text = link[1].removeprefix("mailto:")
        children.append(Span("a", children=[text], attributes={"href": address}))
        reader.pos = link.end()
        return True
    if src.startswith("<!--", at) and (end := reader.find("-->", at + 4)) >= 0:
        children.append(Span("html", src[at : end + 3]))
        reader.pos = end + 3
        return True
    if close := CLOSE_TAG.match(src, at):
        children.append(close[0])
        reader.pos = close.end()
        return True
    if tag := OPEN_TAG.match(src, at):
        _read_element(reader, children, tag)
        return True
    if src.startswith("<<", at) and reader.options.typographic:
        written = "<< " if src.startswith("<< ", at) else "<<"
        children.append(Span("sign", reader.sign(written)))
        reader.pos = at + len(written)
        return True
    return False


def _read_element(reader: "SpanReader", children: list[Span | str], tag: re.Match[str]) -> None:
    name = plain_name(tag["name"])
    reader.pos = tag.end()
    if name in BLOCK_ELEMENTS or not reader.may_open():
        children.append(tag[0])
        return
    written = attributes_of(tag["attributes"]) if tag["attributes"] else {}
    attributes = {key: _LINES.sub(" ", value) for key, value in written.items()}
    inside_raw = bool(reader.open) and reader.open[-1] == "raw"
    raw = name not in _MARKDOWN_MODEL or inside_raw or not reader.options.parse_span_html
    wanted = attributes.pop("markdown", None)
    if wanted in ("span", "1", "0"):
        raw = wanted == "0" or (wanted == "1" and name not in _MARKDOWN_MODEL)
    span = Span("element", name, attributes=attributes, raw=raw)
    children.append(span)
    if tag["closed"] or name in VOID_ELEMENTS:
        return
    end = _end_tag(name)

    def closes() -> bool:
        return end.match(reader.src, reader.pos) is not None

    reader.open.append("raw" if raw else "element")
    if raw:
        closed = _read_raw(reader, span.children, closes)
    else:
        closed = reader.read_until(span.children, closes)
    reader.open.pop()
    if closed and (closing := end.match(reader.src, reader.pos)):
        reader.pos = closing.end()
    else:
        span.children.append(reader.src[reader.pos :])
        reader.pos = len(reader.src)


def _read_raw(reader: "SpanReader", children: list[Span | str], stop: Callable[[], bool]) -> bool:
    """Read the HTML of an element without Markdown. Returns True if `stop` held."""
    while True:
        at = reader.src.find("<", reader.pos)
        if at < 0:
            return False
        children.append(reader.src[reader.pos : at])
        reader.pos = at
        if stop():
            return True
        tag = OPEN_TAG.match(reader.src, at)
        close = CLOSE_TAG.match(reader.src, at)
        if reader.src.startswith("<!--", at) and (end := reader.find("-->", at + 4)) >= 0:
            children.append(Span("html", reader.src[at : end + 3]))
            reader.pos = end + 3
        elif tag and not close:
            _read_element(reader, children, tag)
        else:
            children.append(close[0] if close else "<")
            reader.pos = close.end() if close else at + 1


def read_struck(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read text between ``~~``. Returns False without it."""
    at = reader.pos
    if not reader.options.gfm or reader.src[at + 2 : at + 3] in _NOT_STRUCK:
        return False
    if at >= reader.missing.get("struck", at + 1):
        return False
    match = _STRUCK.match(reader.src, at)
    if match is None:
        reader.missing["struck"] = at
        return False
    reader.pos = match.end()
    if reader.may_open():
        reader.spend(match.start(), match.end())
        inner = reader.read(match["text"])
    else:
        inner = [match["text"]]
    children.append(Span("element", "del", inner))
    return True


def _end_tag(name: str) -> re.Pattern[str]:
    flags = re.IGNORECASE if plain_name(name) == name.lower() else re.NOFLAG
    return re.compile(rf"</{re.escape(name)}\s*>", flags | re.ASCII)
