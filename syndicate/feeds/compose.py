"""From a post to an entry, and from entries to feed files.

An entry is serialised once in each format; every feed that carries it takes the same bytes.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from syndicate.feeds.by_shape import escaped_channel, escaped_item
from syndicate.feeds.channel import Front, Shell, channel
from syndicate.feeds.formats import FORMATS
from syndicate.feeds.item import settle
from syndicate.model import Content, Document, Entry, FeedPlan, Format, Post, Site

__all__ = ["LargeFeed", "assemble", "assemble_large", "compose"]


def compose(post: Post, content: Content, *, site: Site, full: bool) -> Entry:
    """`post` as each format writes it: its whole body where `full`, else its excerpt.

    Valid in every format for any text. Raises ValueError for a date without an offset.
    """
    item = settle(post, content, site=site, full=full)
    texts = escaped_item(item)  # escaped once for Atom and RSS
    return Entry(
        id=item.id,
        title=item.title,
        url=item.url,
        published=item.published,
        updated=item.updated,
        atom=memoryview(FORMATS["atom"].entry(texts)),
        rss=memoryview(FORMATS["rss"].entry(texts)),
        json=memoryview(FORMATS["json"].entry(texts)),
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
    """The files of the feed `plan`, which carries `entries` in that order, newest first.

    All formats carry the same entries: the oldest are left out until every file has at most
    `max_bytes` bytes (0: no bound), but one always stays. `front` is what people who open the
    feed in a browser are shown. Raises ValueError without entries.
    """
    shells, carried = _carried(plan, entries, site, hubs, max_bytes, front)
    return tuple(
        Document(path, FORMATS[name].type, shells[name].around(_bytes(name, carried)), len(carried))
        for name, path in plan.files.items()
    )


class LargeFeed(Struct, frozen=True):
    """A feed file that is made while it is written, from entries that are read when needed."""

    path: str
    form: Format
    shell: Shell
    carried: Sequence[Entry]
    size: int

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
        return self.shell.pieces(map(FORMATS[self.form].of, self.carried))


def assemble_large(
    plan: FeedPlan,
    entries: Sequence[Entry],
    *,
    site: Site,
    hubs: Sequence[str] = (),
    max_bytes: int = 0,
    front: Front | None = None,
) -> tuple[LargeFeed, ...]:
    """Return what `assemble` returns for `entries` that memory may not hold at once."""
    shells, carried = _carried(plan, entries, site, hubs, max_bytes, front)
    totals = dict.fromkeys(plan.files, 0)
    for entry in carried:
        for name in totals:
            totals[name] += len(FORMATS[name].of(entry))
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
    """Return the shells of the feed, and the entries for which there is room."""
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
    return {name: FORMATS[name].shell(feed) for name in plan.files}


def _fitting(shells: dict[Format, Shell], entries: Sequence[Entry], max_bytes: int) -> int:
    """How many of `entries`, from the first on, fit in every format; at least one.

    The date in a shell may change with the entries, but not its length.
    """
    kept = len(entries)
    for name, shell in shells.items():
        sizes = [len(FORMATS[name].of(entry)) for entry in entries[:kept]]
        total = sum(sizes)
        while kept > 1 and shell.size(kept, total) > max_bytes:
            kept -= 1
            total -= sizes[kept]
    return kept


def _bytes(name: Format, entries: Sequence[Entry]) -> list[memoryview]:
    return [FORMATS[name].of(entry) for entry in entries]
