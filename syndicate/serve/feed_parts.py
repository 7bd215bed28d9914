"""Outline of a feed file: positions of its entries, its own address and hubs.

expat reads XML, msgspec reads JSON. No entity is expanded, and a document type is rejected. Files
that are not well-formed feeds have no outline; they are served as they are.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from msgspec import Raw, Struct

from syndicate.model import Format

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

__all__ = ["Outline", "Piece", "outline", "part"]

_ATOM = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1"
_DEEPEST = 200
_ENTRIES = {(f"{_ATOM} feed", f"{_ATOM} entry"), ("rss", "channel", "item")}
_DATES = {
    (f"{_ATOM} feed", f"{_ATOM} updated"),
    ("rss", "channel", "lastBuildDate"),
    ("rss", "channel", "pubDate"),
}
_LINKS = {(f"{_ATOM} feed", f"{_ATOM} link"), ("rss", "channel", f"{_ATOM} link")}
_ROOTS: dict[str, Format] = {f"{_ATOM} feed": "atom", "rss": "rss"}


class Piece(Struct, frozen=True):
    """Entry of a feed: its bytes from `start` up to `end`, and their digest."""

    start: int
    end: int
    digest: str


class Outline(Struct, frozen=True):
    """Outline of a feed. `own` is the feed's own address, `hubs` lists its hubs; both may be empty.

    `updated` is in seconds since 1970, or 0 if absent. `shell` is the digest of everything but the
    entries. Pieces of a JSON feed have no positions.
    """

    kind: Format
    own: str
    hubs: tuple[str, ...]
    updated: int
    pieces: tuple[Piece, ...]
    shell: str


def outline(data: bytes) -> Outline | None:
    """Return the outline of `data`; None if it is not a feed."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return _Reader(data).read()
    return _json(data) if head.startswith(b"{") else None


def part(data: bytes, of: Outline, wanted: Collection[str]) -> bytes:
    """Return the feed `data` with outline `of`, reduced to entries with `wanted` digests."""
    if of.kind == "json":
        return _json_part(data, wanted)
    kept, at = [], 0
    for piece in of.pieces:
        if piece.digest not in wanted:
            kept.append(data[at : piece.start].rstrip())
            at = piece.end
    return b"".join((*kept, data[at:]))


def _digest(*data: bytes) -> str:
    hashed = sha256()
    for piece in data:
        hashed.update(piece)
    return hashed.hexdigest()[:16]


class _Refused(ValueError):
    """Raised to stop reading an unacceptable document."""


class _Reader:
    """State of reading one XML document."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._path: list[str] = []
        self._start = 0
        self._text: list[str] | None = None
        self._dates: list[int] = []
        self._links: list[tuple[str, str]] = []
        self._pieces: list[Piece] = []
        self._kind: Format | None = None

    def read(self) -> Outline | None:
        from xml.parsers.expat import ExpatError, ParserCreate

        parser = ParserCreate(namespace_separator=" ")
        self._parser: XMLParserType = parser
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(self._data, True)
        except (ExpatError, _Refused, ValueError):
            return None
        return self._outline() if self._kind else None

    def _outline(self) -> Outline | None:
        if self._kind is None:
            return None
        own = next((href for rel, href in self._links if rel == "self"), "")
        hubs = tuple(href for rel, href in self._links if rel == "hub")
        updated = max(self._dates, default=0)
        return Outline(self._kind, own, hubs, updated, tuple(self._pieces), self._shell())

    def _shell(self) -> str:
        ends = [0, *(piece.end for piece in self._pieces)]
        starts = [*(piece.start for piece in self._pieces), len(self._data)]
        between = (self._data[a:b].strip() for a, b in zip(ends, starts, strict=True))
        return _digest(*between)

    def _refuse(self, *_: object) -> None:
        raise _Refused

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            if name not in _ROOTS:
                raise _Refused
            self._kind = _ROOTS[name]
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise _Refused
        if len(self._path) > 3:
            return
        path = tuple(self._path)
        if path in _ENTRIES:
            self._start = self._parser.CurrentByteIndex
        elif path in _LINKS:
            self._links.append((attributes.get("rel", "alternate"), attributes.get("href", "")))
        elif path in _DATES:
            self._text = []

    def _end(self, _name: str) -> None:
        path = tuple(self._path) if len(self._path) <= 3 else ()
        self._path.pop()
        if path in _ENTRIES:
            end = self._parser.CurrentByteIndex
            if self._data.startswith(b"</", end):  # for <entry/> expat is already past it
                end = self._data.index(b">", end) + 1
            digest = _digest(self._data[self._start : end])
            self._pieces.append(Piece(self._start, end, digest))
        elif self._text is not None and path in _DATES:
            self._dates.extend(_seconds("".join(self._text)))
            self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)


def _seconds(date: str) -> Iterator[int]:
    """Yield an RFC 3339 or RFC 5322 date as seconds since 1970; nothing for other texts."""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(date.strip())
        except (ValueError, TypeError):
            continue
        yield int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
        return


class _Hub(Struct):
    url: str = ""


class _Item(Struct):
    date_published: str = ""
    date_modified: str = ""


class _Feed(Struct):
    version: str
    items: list[Raw]
    feed_url: str = ""
    hubs: list[_Hub] = []


def _json(data: bytes) -> Outline | None:
    try:
        feed = msgspec.json.decode(data, type=_Feed)
        if not feed.version.startswith(_JSON_FEED):
            return None
        items = [msgspec.json.decode(item, type=_Item) for item in feed.items]
        shell = msgspec.json.decode(data, type=dict[str, Raw])
    except (msgspec.DecodeError, RecursionError):
        return None
    dates = (when for item in items for when in _seconds(item.date_modified or item.date_published))
    del shell["items"]
    return Outline(
        kind="json",
        own=feed.feed_url,
        hubs=tuple(hub.url for hub in feed.hubs),
        updated=max(dates, default=0),
        pieces=tuple(Piece(0, 0, _digest(item)) for item in feed.items),
        shell=_digest(msgspec.json.encode(shell)),
    )


def _json_part(data: bytes, wanted: Collection[str]) -> bytes:
    feed = msgspec.json.decode(data, type=dict[str, Raw])
    items = msgspec.json.decode(feed["items"], type=list[Raw])
    kept = [bytes(item) for item in items if _digest(item) in wanted]
    return msgspec.json.encode(feed | {"items": Raw(b"[" + b",\n".join(kept) + b"]")})
