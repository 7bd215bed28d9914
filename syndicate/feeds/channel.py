"""A feed as every format says it, without its entries: the same in all of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from syndicate.feeds.fields import language_tag, person
from syndicate.feeds.paths import address
from syndicate.model import Author, Entry, FeedPlan, Format, Site
from syndicate.text import one_line
from syndicate.urls import absolute

__all__ = ["Channel", "Shell", "channel"]


class Channel(Struct, frozen=True):
    """A feed without its entries. `urls` maps each format to the address of its file.

    `updated` is that of the entry that changed last: a feed changes when its content does, and
    at no other time.
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


class Shell(Struct, frozen=True):
    """The bytes of a feed before, between and after its entries."""

    head: bytes
    between: bytes
    tail: bytes

    def around(self, entries: Sequence[bytes]) -> bytes:
        """The whole feed of `entries`, at least one."""
        parts = [self.head]
        for entry in entries:
            parts += (entry, self.between)
        parts[-1] = self.tail
        return b"".join(parts)  # one copy of the whole, which may be large


def channel(
    plan: FeedPlan, entries: Iterable[Entry], *, site: Site, hubs: Sequence[str]
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
    )
