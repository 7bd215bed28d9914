"""Turn a post into an entry, and entries into feed files.

An entry is serialised once in each format. All feeds that carry it use the same bytes.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from syndicate.feeds.channel import Front, Shell, channel
from syndicate.feeds.formats import SERIALISERS
from syndicate.feeds.item import item_of
from syndicate.feeds.template_texts import escaped_channel, escaped_item
from syndicate.model import FORMATS, Content, Document, Entry, FeedPlan, Format, Post, Site

__all__ = ["LargeFeed", "assemble", "assemble_large", "compose"]


def compose(post: Post, content: Content, *, site: Site, full: bool) -> Entry:
    """Return the entry of `post` in each format: the whole body if `full`, else the excerpt.

    The entry is valid in every format for any text. Raises ValueError if a date has no offset.
    """
    item = item_of(post, content, site=site, full=full)
    texts = escaped_item(item)  # escaped once for all formats
    return Entry(
        id=item.id,
        title=item.title,
        url=item.url,
        published=item.published,
        updated=item.updated,
        data={form: memoryview(made.entry(texts)) for form, made in SERIALISERS.items()},
        summary=item.summary,
        image=item.image.url if item.image else "",
    )


def assemble(
    plan: FeedPlan,
    entries: Sequence[Entry],
    *,
    site: Site,
    hubs: Sequence[str] = (),
    max_bytes: int = 0,
    front: Front | None = None,
) -> tuple[Document, ...]:
    """Return the files of the feed `plan` with `entries`, newest first.

    All formats carry the same entries. Each file has at most `max_bytes` bytes (0: no limit); the
    oldest entries are left out for that, but one entry always stays. `front` is shown to people who
    open the feed in a browser. Raises ValueError without entries.
    """
    shells, carried = _carried(plan, entries, site, hubs, max_bytes, front)
    return tuple(
        Document(path, FORMATS[name].type, shells[name].around(_bytes(name, carried)), len(carried))
        for name, path in plan.files.items()
    )


class LargeFeed(Struct, frozen=True):
    """Feed file that is made while it is written, from entries that are read when needed."""

    path: str
    form: Format
    shell: Shell
    carried: Sequence[Entry]
    size: int

    @property
    def type(self) -> str:
        """Return the media type."""
        return FORMATS[self.form].type

    @property
    def entries(self) -> int:
        """Return how many entries the feed carries."""
        return len(self.carried)

    @property
    def data(self) -> bytes:
        """Return the whole file."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes of the file, about a megabyte at a time."""
        return self.shell.pieces(entry.data[self.form] for entry in self.carried)


def assemble_large(
    plan: FeedPlan,
    entries: Sequence[Entry],
    *,
    site: Site,
    hubs: Sequence[str] = (),
    max_bytes: int = 0,
    front: Front | None = None,
) -> tuple[LargeFeed, ...]:
    """Return the files of `assemble` for more entries than memory should hold at once."""
    shells, carried = _carried(plan, entries, site, hubs, max_bytes, front)
    totals = dict.fromkeys(plan.files, 0)
    for entry in carried:
        for name in totals:
            totals[name] += len(entry.data[name])
    return tuple(
        LargeFeed(path, name, shells[name], carried, shells[name].size(len(carried), totals[name]))
        for name, path in plan.files.items()
    )


def _carried(
    plan: FeedPlan,
    entries: Sequence[Entry],
    site: Site,
    hubs: Sequence[str],
    max_bytes: int,
    front: Front | None,
) -> tuple[dict[Format, Shell], Sequence[Entry]]:
    """Return the shells of the feed, and the entries that fit into `max_bytes`."""
    if not entries:
        raise ValueError(f"the feed {plan.title!r} has no entries")
    shells = _shells(plan, entries, site, hubs, front)
    if max_bytes and (kept := _fitting(shells, entries, max_bytes)) < len(entries):
        entries = entries[:kept]
        shells = _shells(plan, entries, site, hubs, front)
    return shells, entries


def _shells(
    plan: FeedPlan,
    entries: Sequence[Entry],
    site: Site,
    hubs: Sequence[str],
    front: Front | None,
) -> dict[Format, Shell]:
    feed = escaped_channel(channel(plan, entries, site=site, hubs=hubs, front=front))
    return {name: SERIALISERS[name].shell(feed) for name in plan.files}


def _fitting(shells: dict[Format, Shell], entries: Sequence[Entry], max_bytes: int) -> int:
    """Return how many of the first `entries` fit in every format; at least 1.

    The date in a shell may change with the entries, but its length does not.
    """
    kept = len(entries)
    for name, shell in shells.items():
        sizes = [len(entry.data[name]) for entry in entries[:kept]]
        total = sum(sizes)
        while kept > 1 and shell.size(kept, total) > max_bytes:
            kept -= 1
            total -= sizes[kept]
    return kept


def _bytes(name: Format, entries: Sequence[Entry]) -> list[memoryview]:
    return [entry.data[name] for entry in entries]
