"""The ids, dates and addresses of feeds that are online already, for the ledger to keep.

Which id a post keeps, when a feed knows it and the ledger may, too:

1. An id that the ledger has is known: its record stays as it is.
2. An entry is the post of a record if their addresses agree (the record's past ones count; scheme,
   closing slash, fragment and ``utm_`` parameters do not), else if title and moment of
   publication agree, and no other record has both or is in these feeds itself.
3. Such a record keeps its id if a reader may have seen it: a conflict, which is named. So of two
   feeds that know a post by different ids the first one wins. If the build that made the id was
   never published, the record gets the id of the feed.
4. What is left is taken.

Adopting a feed twice is adopting it once.
"""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from msgspec import Struct, structs

from syndicate.errors import SyndicateError
from syndicate.files.read import read_own
from syndicate.ledger.records import Record, is_provisional
from syndicate.model import Problem
from syndicate.reading.read import read
from syndicate.reading.read_feed import MAX_BYTES, MAX_ENTRIES, FeedError, ReadEntry, ReadFeed
from syndicate.text.characters import one_line

__all__ = [
    "MAX_PAGES",
    "Adoption",
    "Conflict",
    "Fetch",
    "Gathered",
    "SpentError",
    "adopt",
    "gather",
    "host_of",
    "take",
]

Fetch = Callable[[str], bytes]
"""Returns what is at an address. Raises SyndicateError."""

MAX_PAGES = 1_000
"""Pages of one feed that are read; each is read once."""

_UTM = re.compile(r"(?<=[?&])utm_[a-z]+=[^&#]*&?")
_WEB = ("http://", "https://")


class SpentError(SyndicateError):
    """Raised by a `Fetch` that may ask no more: its time or its number of pages is used up."""


class Conflict(Struct, frozen=True):
    """A post at `url` that `source` knows by `id`, and that keeps the id `kept`."""

    source: str
    url: str
    id: str
    kept: str


class Gathered(Struct, frozen=True):
    """Feeds that were read: every entry once, by its id, and the first page of each feed."""

    entries: tuple[tuple[ReadEntry, str], ...]
    feeds: tuple[tuple[str, ReadFeed], ...]
    pages: int
    problems: tuple[Problem, ...] = ()


class Adoption(Struct, frozen=True):
    """What came of it: the records `taken`, in the order of the feeds, for the ledger to keep.

    `replaced` are records to keep in the place of those with the ids `dropped`. `known` counts the
    ids that the ledger had before, `pages` what was read.
    """

    taken: tuple[Record, ...] = ()
    replaced: tuple[Record, ...] = ()
    dropped: tuple[str, ...] = ()
    known: int = 0
    conflicts: tuple[Conflict, ...] = ()
    problems: tuple[Problem, ...] = ()
    pages: int = 0


def adopt(
    sources: Sequence[str],
    known: Iterable[Record] = (),
    *,
    fetch: Fetch | None = None,
    any_host: bool = False,
) -> Adoption:
    """Read the feeds `sources`, each a file or an address, with all their pages (RFC 5005).

    `known` is what the ledger holds. Pages on another host than the feed's own, and those that a
    file names, are read only with `any_host`. Addresses are asked through HTTP unless `fetch` does
    so. Raises FeedError for a source that is no feed, and what `fetch` raises for it (HttpError);
    a page that cannot be read is a Problem.
    """
    return take(gather(sources, fetch=fetch, any_host=any_host), known)


def gather(
    sources: Sequence[str], *, fetch: Fetch | None = None, any_host: bool = False
) -> Gathered:
    """Read the feeds `sources` with all their pages. See `adopt` for arguments and errors."""
    problems: list[Problem] = []
    seen: dict[str, tuple[ReadEntry, str]] = {}
    feeds: list[tuple[str, ReadFeed]] = []
    pages = 0
    for source in sources:
        for where, feed in _pages(source, fetch, problems, any_host=any_host):
            pages += 1
            if where == source:
                feeds.append((source, feed))
            problems += feed.problems
            for entry in feed.entries:
                seen.setdefault(entry.id, (entry, where))
            _bounded(seen, where)
    return Gathered(tuple(seen.values()), tuple(feeds), pages, tuple(problems))


def take(gathered: Gathered, known: Iterable[Record] = (), *, replace: bool = False) -> Adoption:
    """Decide what to keep of `gathered` beside the records `known`.

    With `replace` no reader has seen an id that the ledger has from a build of ours.
    """
    book = _Book(known, frozenset(entry.id for entry, _ in gathered.entries), replace=replace)
    for entry, where in gathered.entries:
        book.enter(entry, where)
    return Adoption(
        taken=tuple(book.taken),
        replaced=tuple(book.replaced.values()),
        dropped=tuple(book.replaced),
        known=book.known,
        conflicts=tuple(book.conflicts),
        problems=(*gathered.problems, *_undated(book.undated)),
        pages=gathered.pages,
    )


class _Book:
    """The ledger's records and those taken, found by id, by address, or by title and date."""

    def __init__(self, records: Iterable[Record], shown: frozenset[str], *, replace: bool) -> None:
        self.taken: list[Record] = []
        self.replaced: dict[str, Record] = {}
        self.conflicts: list[Conflict] = []
        self.undated: list[tuple[ReadEntry, str]] = []
        self.known = 0
        self._shown, self._replace = shown, replace
        self._ids: set[str] = set()
        self._urls: dict[str, Record] = {}
        self._dates: dict[tuple[str, datetime], Record | None] = {}
        for record in records:
            if is_provisional(record):
                continue
            self._add(record)
            if record.title and record.id not in shown:
                mark = one_line(record.title), record.published
                # Two posts of one title and moment cannot be told apart by them.
                self._dates[mark] = None if mark in self._dates else record

    def enter(self, entry: ReadEntry, where: str) -> None:
        """Count, take or refuse an entry, whose id was not entered before."""
        published = entry.published or entry.updated
        if entry.id in self._ids:
            self.known += 1
        elif record := self._same(entry):
            if published and self._may_replace(record):
                self.replaced[record.id] = _renamed(record, entry, published)
                self._ids.add(entry.id)
            else:
                self.conflicts.append(Conflict(where, entry.url, entry.id, record.id))
        elif published is None:
            self.undated.append((entry, where))
        else:
            self.taken.append(_record(entry, published))
            self._add(self.taken[-1])

    def _may_replace(self, record: Record) -> bool:
        """Return True if a build gave `record` its id and no reader has seen it."""
        seen = record.adopted or record.from_feed or record.id in self._shown
        return self._replace and not seen and record.id not in self.replaced

    def _add(self, record: Record) -> None:
        self._ids.add(record.id)
        for url in filter(None, (record.url, *record.past)):
            self._urls.setdefault(_key(url), record)

    def _same(self, entry: ReadEntry) -> Record | None:
        if entry.url.startswith(_WEB) and (record := self._urls.get(_key(entry.url))):
            return record
        if entry.published is None:
            return None
        # Of two alike in a feed only one can be the record's.
        return self._dates.pop((entry.title, entry.published), None)


def _record(entry: ReadEntry, published: datetime) -> Record:
    return Record(
        id=entry.id,
        url=_tidy(entry.url) if entry.url.startswith(_WEB) else "",
        title=entry.title,
        published=published,
        updated=entry.updated or published,
        categories=entry.categories,
        adopted=True,
    )


def _renamed(record: Record, entry: ReadEntry, published: datetime) -> Record:
    """Return the record of a post of ours with the id and the dates of the older feed."""
    return structs.replace(
        record,
        id=entry.id,
        published=published,
        updated=max(entry.updated or published, published),
        # The front matter's id must not count as one that its author wrote just now.
        own=record.own or (record.id if record.id != record.url else ""),
        from_feed=True,
    )


def _key(url: str) -> str:
    """What all addresses of one page have in common."""
    page, mark, query = _tidy(url).partition("://")[2].partition("?")
    host, slash, path = page.rstrip("/").partition("/")
    return unquote(f"{host.lower()}{slash}{path}{mark}{query}")


def _tidy(url: str) -> str:
    """`url` without its fragment, and without what some services count readers by."""
    return _UTM.sub("", url.partition("#")[0]).rstrip("?&")


def _bounded(seen: Collection[str], where: str) -> None:
    if len(seen) > MAX_ENTRIES:
        raise FeedError(where, f"brings more than {MAX_ENTRIES:,} entries", "adopt fewer at once")


def _pages(
    source: str, fetch: Fetch | None, problems: list[Problem], *, any_host: bool
) -> Iterator[tuple[str, ReadFeed]]:
    """The feed at `source`, then its other parts, each with its address."""
    first = _first(source, fetch or _fetched)
    yield source, first
    seen = {source, first.url}
    waiting = deque(_parts(first))
    for _ in range(MAX_PAGES - 1):
        page = next(_unseen(waiting, seen), "")
        if not page:
            return
        abroad = host_of(page) != host_of(source)
        if abroad and not any_host:
            problems.append(_elsewhere(source, page))
            continue
        try:
            feed = read((fetch or (_fetched_abroad if abroad else _fetched))(page), page)
        except SpentError as error:
            problems.append(_unread(page, error))
            return
        except SyndicateError as error:
            problems.append(_unread(page, error))
            continue
        waiting.extend(_parts(feed))
        yield page, feed
    if next(_unseen(waiting, seen), ""):
        problems.append(_endless(source))


def _first(source: str, fetch: Fetch) -> ReadFeed:
    if source.lower().startswith(_WEB):
        return read(fetch(source), source)
    try:
        return read(read_own(source, MAX_BYTES), where=source)
    except OSError as error:
        cure = "give the path or the address of a feed"
        raise FeedError(source, f"cannot be read ({error.strerror})", cure) from error


def _fetched(url: str) -> bytes:
    from syndicate.net import fetch

    return fetch(url, max_bytes=MAX_BYTES).data


def _fetched_abroad(url: str) -> bytes:
    """What a feed says lies on another host: nothing of this machine or its network."""
    from syndicate.net import fetch

    return fetch(url, max_bytes=MAX_BYTES, private="never").data


def _parts(feed: ReadFeed) -> Iterator[str]:
    return filter(None, (feed.next_page, feed.prev_archive, feed.next_archive))


def _unseen(waiting: deque[str], seen: set[str]) -> Iterator[str]:
    """The addresses that are `waiting`, without those that were `seen`."""
    while waiting:
        page = waiting.popleft()
        if page not in seen:
            seen.add(page)
            yield page


def host_of(address: str) -> str:
    """Return host and port of an address, in lower case; empty for a file."""
    try:
        parts = urlsplit(address) if address.lower().startswith(_WEB) else None
    except ValueError:  # urllib's word for a bad IPv6 host
        return ""
    return parts.netloc.rpartition("@")[2].lower() if parts else ""


def _elsewhere(source: str, page: str) -> Problem:
    what = f"goes on at {page}, which lies elsewhere: not read"
    return Problem(source, "other-host", what, "adopt that address, too, if it is the same blog's")


def _unread(page: str, error: SyndicateError) -> Problem:
    cure = "adopt again once it can be read: what is known stays as it is"
    return Problem(page, "unread-page", error.what, cure, severity="error")


def _endless(source: str) -> Problem:
    what = f"has more than {MAX_PAGES:,} pages: the rest is not read"
    return Problem(source, "too-many-pages", what, "adopt its later pages by their addresses")


def _undated(undated: Sequence[tuple[ReadEntry, str]]) -> Iterator[Problem]:
    if undated:
        entry, where = undated[0]
        what = f"{len(undated)} entries without a date that can be read, the first {entry.id}"
        cure = "not taken: give them dates in the feed, and adopt it again"
        yield Problem(where, "undated", what, cure, severity="error")
