"""A feed as every format says it, without its entries: the same in all of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from syndicate.feeds.fields import language_tag, person
from syndicate.feeds.paths import address
from syndicate.model import Author, Entry, FeedPlan, Format, Site, Tombstone
from syndicate.text import one_line
from syndicate.urls import absolute

__all__ = ["Channel", "Front", "Shell", "channel"]


_PIECE_BYTES = 1_000_000


class Front(Struct, frozen=True):
    """What a feed has for people who open it in a browser.

    `page` and `style` are the paths under the output folder of the page that explains it, to which
    Atom leads with the words `label` in `language`, and of the style sheet that shows it.
    """

    page: str
    label: str
    language: str
    style: str


class Channel(Struct, frozen=True):
    """A feed without its entries. `urls` maps each format to the address of its file.

    `updated` is that of the entry that changed last: a feed changes when its content does, and
    at no other time. `page` is the address of the page that explains the feed, empty where there is
    none, `front` the rest of it, `styles` the address of the style sheet from each format's file.
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

    def around(self, entries: Sequence[memoryview]) -> bytes:
        """The whole feed of `entries`, at least one."""
        parts: list[bytes | memoryview] = [self.head]
        for entry in entries:
            parts += (entry, self.between)
        parts[-1] = self.tail
        return b"".join(parts)  # one copy of the whole, which may be large

    def pieces(self, entries: Iterable[memoryview]) -> Iterator[bytes]:
        """Yield what `around` returns, about a megabyte at a time."""
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
        """Return how many bytes `around` returns for so many entries of so many bytes."""
        return len(self.head) + total + (entries - 1) * len(self.between) + len(self.tail)


def channel(
    plan: FeedPlan,
    entries: Iterable[Entry],
    *,
    site: Site,
    hubs: Sequence[str],
    front: Front | None = None,
) -> Channel:
    """What the formats say of the feed `plan` that carries `entries`, at least one."""
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
    """Relative, so that a feed looks the same on whatever host it is previewed."""
    return {name: "../" * path.count("/") + style for name, path in plan.files.items()}
