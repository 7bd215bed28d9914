"""Put lines into the head of an HTML page and keep every other byte.

Pages are read as bytes and tolerantly: as people and minifiers write them, with or without
``<head>`` tags, in any encoding that extends ASCII. Raises NotAPage for a page that is not
understood.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urljoin

from msgspec import Struct

from syndicate.text.urls import encoded

__all__ = ["END", "START", "NotAPage", "with_links"]

START = b"<!-- feeds, by syndicate -->"
END = b"<!-- /feeds -->"

_DECLARED = re.compile(rb"<!doctype\s+html\b|<html\b|<head\b", re.I)
_TAG = re.compile(rb"""<([A-Za-z][^\s/>]*)(?=[\s/>])((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_COMMENT = re.compile(rb"<!--(?:-?>|.*?--!?>)", re.S)
_DECLARATION = re.compile(rb"<[!?][^>]*>")
_CLOSED = re.compile(rb"</([A-Za-z][^\s/>]*)(?=[\s/>])[^>]*>")
_ATTRIBUTE = re.compile(rb"""([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_SPACE = re.compile(rb"[ \t\r\n\f]*")
_RAW = frozenset((b"title", b"style", b"script", b"noscript", b"template"))
"""Elements of a head whose contents are skipped."""
# Up to the next "<" only: otherwise many false ends would take quadratic time.
_ENDS = {name: re.compile(rb"</" + name + rb"(?=[\s/>])[^<>]*>", re.I) for name in _RAW}
_IN_HEAD = _RAW | {b"html", b"head", b"meta", b"link", b"base", b"basefont", b"bgsound"}
_LONGEST = 10_000
"""Maximum length of the address in ``<base>``, which is joined with every link of the page."""
_UTF_8_MARK = b"\xef\xbb\xbf"


class NotAPage(Exception):
    """Raised for a file that is not an HTML page that can be edited; holds the reason."""


class _Piece(Struct, frozen=True):
    """A tag, comment or element of the head: its place, and a tag's name and attributes."""

    start: int
    end: int
    name: bytes = b""
    attributes: bytes = b""


class _Head(Struct, frozen=True):
    """The end of the head, the place of our lines (None if there are none) and linked addresses."""

    end: int
    ours: tuple[int, int] | None
    links: frozenset[str]


def with_links(page: bytes, links: Mapping[str, str], *, address: str) -> bytes:
    """Return `page`, which is at `address`, with the `links` that its head lacks.

    `links` maps the address of each feed to its ``<link>``. Lines of an earlier call are replaced,
    so that a second call changes nothing. Raises NotAPage.
    """
    head = _read(page, address)
    newline = _newline(page[: head.end])
    lines = [str(line) for url, line in links.items() if encoded(url) not in head.links]
    block = newline.join((START, *_encoded_lines(page, lines), END)) if lines else b""
    if head.ours:
        start, end = head.ours
        whole = not block and _begins_line(page, start) and page.startswith(newline, end)
        return page[:start] + block + page[end + len(newline) * whole :]
    line = page.rfind(b"\n", 0, head.end) + 1
    if line and not page[line : head.end].strip():  # the end of the head has its own line
        return page[:line] + (block and block + newline) + page[line:]
    return page[: head.end] + block + page[head.end :]


def _read(page: bytes, address: str) -> _Head:
    """Return the page's head. Raises NotAPage."""
    if b"\x1b$" in page:
        raise NotAPage("is in ISO-2022, whose letters look like tags")
    if b"\0" in page[:4]:
        raise NotAPage("is in UTF-16 or UTF-32")
    if not _DECLARED.search(page, 0, 100_000):
        raise NotAPage("has neither <html> nor <head>")
    end, start, ours = 0, -1, None
    links, base = set(), address
    for piece in _pieces(page):
        end = piece.end
        if page.startswith(START, piece.start):
            start = piece.start
        elif page.startswith(END, piece.start) and start >= 0:
            ours, start = (start, end), -1
        elif piece.name == b"base":
            base = _joined(address, _attributes(piece).get("href", "")[:_LONGEST]) or address
        elif piece.name == b"link" and start < 0:
            links.add(_feed(_attributes(piece), base))
    if start >= 0:
        raise NotAPage(f"has {START.decode()} without {END.decode()}")
    if ours and not _DECLARED.search(page[: ours[0]] + page[ours[1] :], 0, 100_000):
        raise NotAPage("has nothing but the lines between our marks")
    return _Head(_after_space(page, end), ours, frozenset(links))


def _pieces(page: bytes) -> Iterator[_Piece]:
    """Yield the parts of the head, up to the first part of the body."""
    at = len(_UTF_8_MARK) * page.startswith(_UTF_8_MARK)
    while piece := _piece(page, _after_space(page, at)):
        yield piece
        at = piece.end


def _piece(page: bytes, at: int) -> _Piece | None:
    """Return the part of the head that begins at `at`, None at its end. Raises NotAPage."""
    if page.startswith(b"<!--", at):
        comment = _COMMENT.match(page, at)
        if not comment:
            raise NotAPage("has a comment without an end")
        return _Piece(at, comment.end())
    if declaration := _DECLARATION.match(page, at):
        return _Piece(at, declaration.end())
    if closed := _CLOSED.match(page, at):
        ends = closed[1].lower() in (b"head", b"html", b"body")
        return None if ends else _Piece(at, closed.end())
    tag = _TAG.match(page, at)
    if not tag or (name := tag[1].lower()) not in _IN_HEAD:
        return None
    if name not in _RAW or tag[2].endswith(b"/"):
        return _Piece(at, tag.end(), name, tag[2])
    closing = _ENDS[name].search(page, tag.end())
    if not closing:
        raise NotAPage(f"has a <{name.decode()}> without an end")
    return _Piece(at, closing.end(), name, tag[2])


def _attributes(piece: _Piece) -> dict[str, str]:
    matches = _ATTRIBUTE.findall(piece.attributes)
    pairs = [(name.decode("latin-1").lower(), _value(value)) for name, value in matches]
    return dict(reversed(pairs))  # the first of two counts (HTML 13.2.5.33)


def _value(text: bytes) -> str:
    if text[:1] in (b'"', b"'"):
        text = text[1:-1]
    return unescape(text.decode("utf-8", "replace")).strip()


def _feed(attributes: Mapping[str, str], base: str) -> str:
    """Return the address that a ``<link rel="alternate">`` offers; empty for other links."""
    if "alternate" not in attributes.get("rel", "").lower().split():
        return ""
    return encoded(_joined(base, attributes.get("href", "")))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # a bad port or IPv6 host
        return ""


def _encoded_lines(page: bytes, lines: list[str]) -> list[bytes]:
    """Return `lines` in the page's encoding, and as XHTML if the page is."""
    if page.startswith(b"<?xml") or b"//DTD XHTML" in page[:500]:
        lines = [line.removesuffix(">") + " />" for line in lines]
    # In a page of ASCII or of another encoding all other letters are character references.
    encoding = "ascii" if page.isascii() or not _is_utf8(page) else "utf-8"
    return [line.encode(encoding, "xmlcharrefreplace") for line in lines]


def _is_utf8(page: bytes) -> bool:
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _newline(head: bytes) -> bytes:
    if b"\r\n" in head:
        return b"\r\n"
    return b"\n" if b"\n" in head else b""


def _begins_line(page: bytes, at: int) -> bool:
    return page[:at].endswith(b"\n")


def _after_space(page: bytes, at: int) -> int:
    space = _SPACE.match(page, at)
    return space.end() if space else at
