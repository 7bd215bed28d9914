"""Settle the fields of a feed, without its entries, once for all formats."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from syndicate.feeds.paths import address
from syndicate.feeds.values import language_tag, person
from syndicate.model import Author, Entry, FeedPlan, Format, Site, Tombstone
from syndicate.text.characters import one_line
from syndicate.text.urls import absolute

__all__ = ["Channel", "Front", "Shell", "channel"]


_PIECE_BYTES = 1_000_000
_BETWEEN = b"\0"  # XML cannot hold it


class Front(Struct, frozen=True):
    """Page and style sheet of a feed for people who open it in a browser.

    `page` and `style` are paths under the output folder: of the page that explains the feed, and of
    the style sheet. Atom links to the page with the text `label`, which is in `language`.
    """

    page: str
    label: str
    language: str
    style: str


class Channel(Struct, frozen=True):
    """Feed without its entries. `urls` maps each format to the address of its file.

    `updated` is the latest `updated` of the entries, so a feed changes only when its content does.
    `page` is the address of the page that explains the feed, or empty. `styles` maps each format to
    the address of the style sheet, relative to the feed file.
    """

    title: str
    description: str
    home: str
    urls: dict[Format, str]
    updated: datetime
    language: str
    author: Author | None
    icon: str
    logo: str
    rights: str
    hubs: tuple[str, ...]
    page: str = ""
    front: Front | None = None
    styles: dict[Format, str] = {}
    tombstones: tuple[Tombstone, ...] = ()


class Shell(Struct, frozen=True):
    """The bytes of a feed before, between and after its entries."""

    head: bytes
    between: bytes
    tail: bytes

    @classmethod
    def unpacked(cls, data: bytes) -> "Shell":
        """Return the shell of which `packed` made `data`."""
        return cls(*data.split(_BETWEEN))

    def packed(self) -> bytes:
        """Return the bytes of an XML shell as one value."""
        return _BETWEEN.join((self.head, self.between, self.tail))

    def around(self, entries: Sequence[memoryview]) -> bytes:
        """Return the bytes of the whole feed with `entries`, at least one."""
        parts: list[bytes | memoryview] = [self.head]
        for entry in entries:
            parts += (entry, self.between)
        parts[-1] = self.tail
        return b"".join(parts)  # one copy of the feed, which may be large

    def pieces(self, entries: Iterable[memoryview]) -> Iterator[bytes]:
        """Yield the bytes that `around` returns, about a megabyte at a time."""
        parts, size = list[bytes | memoryview](), 0
        between = self.head
        for entry in entries:
            parts += (between, entry)
            between = self.between
            size += len(entry)
            if size >= _PIECE_BYTES:
                yield b"".join(parts)
                parts, size = [], 0
        yield b"".join((*parts, self.tail))

    def size(self, entries: int, total: int) -> int:
        """Return the size of the feed: `entries` entries that have `total` bytes together."""
        return len(self.head) + total + (entries - 1) * len(self.between) + len(self.tail)


def channel(
    plan: FeedPlan,
    entries: Iterable[Entry],
    *,
    site: Site,
    hubs: Sequence[str],
    front: Front | None = None,
) -> Channel:
    """Return the fields of the feed `plan` for all formats. It carries `entries`, at least one."""
    return Channel(
        title=plan.title,
        description=one_line(site.description),
        home=plan.home,
        urls={name: address(site.url, path) for name, path in plan.files.items()},
        updated=max(entry.updated for entry in entries),
        language=plan.term if plan.kind == "language" else language_tag(site.language),
        author=person(site.author),
        icon=absolute(site.icon, plan.home, site.url),
        logo=absolute(site.logo, plan.home, site.url),
        rights=one_line(site.rights),
        hubs=tuple(dict.fromkeys(hubs)),
        page=address(site.url, front.page) if front else "",
        front=front,
        styles=_styles(plan, front.style) if front else {},
        tombstones=plan.tombstones,
    )


def _styles(plan: FeedPlan, style: str) -> dict[Format, str]:
    """Return the addresses of the style sheet, relative so that previews work on any host."""
    return {name: "../" * path.count("/") + style for name, path in plan.files.items()}
