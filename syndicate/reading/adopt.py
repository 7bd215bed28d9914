"""Adoption of ids, dates and addresses from feeds that are already online, for the ledger.

These rules decide which id a post gets:

1. If the ledger already has the entry's id, its record stays unchanged.
2. Otherwise an entry matches a record with the same address. The record's past addresses count;
   scheme, final slash, fragment and ``utm_`` parameters do not. Else it matches a record with the
   same title and time of publication, if this is the only such record and the feeds do not contain
   its id.
3. A matching record keeps its id if a reader may have seen it. This is reported as a conflict. So
   of two feeds with different ids for a post, the first one wins. If the build that made the id was
   never published, the record gets the id of the feed.
4. All other entries become new records.

Adopting a feed a second time changes nothing.
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
"""Returns the data at an address. Raises SyndicateError."""

MAX_PAGES = 1_000
"""Most pages that are read of one feed."""

_UTM = re.compile(r"(?<=[?&])utm_[a-z]+=[^&#]*&?")
_WEB = ("http://", "https://")


class SpentError(SyndicateError):
    """Raised by a `Fetch` whose limit of time or pages is used up."""


class Conflict(Struct, frozen=True):
    """Post at `url` whose id in `source` is `id`, but that keeps the id `kept`."""

    source: str
    url: str
    id: str
    kept: str


class Gathered(Struct, frozen=True):
    """Feeds that were read: their entries without repeated ids, and the first page of each feed."""

    entries: tuple[tuple[ReadEntry, str], ...]
    feeds: tuple[tuple[str, ReadFeed], ...]
    pages: int
    problems: tuple[Problem, ...] = ()


class Adoption(Struct, frozen=True):
    """Result of an adoption: the new records `taken`, in the order of the feeds.

    `replaced` are records that replace those with the ids `dropped`. `known` counts the ids that
    the ledger had before, `pages` the pages that were read.
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
    """Read the feeds `sources` (files or addresses) with all their pages (RFC 5005).

    `known` are the records of the ledger. Pages on another host than the feed's own, and pages that
    a file names, are read only with `any_host`. `fetch` replaces HTTP. Raises FeedError for a
    source that is not a feed, and the exceptions of `fetch` (HttpError). Further pages that cannot
    be read are Problems.
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
    """Decide which entries of `gathered` become records, beside the records `known`.

    `replace` states that no reader has seen the ids of our own builds.
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
    """Records of the ledger and new ones, indexed by id, by address, and by title and date."""

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
                # Two posts with the same title and time are ambiguous.
                self._dates[mark] = None if mark in self._dates else record

    def enter(self, entry: ReadEntry, where: str) -> None:
        """Process an entry by the rules above. Every id is entered only once."""
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
        # Only one of two equal entries can match the record.
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
        # Otherwise the id in the front matter would look like an edit of its author.
        own=record.own or (record.id if record.id != record.url else ""),
        from_feed=True,
    )


def _key(url: str) -> str:
    """Return a key that is equal for all addresses of one page."""
    page, mark, query = _tidy(url).partition("://")[2].partition("?")
    host, slash, path = page.rstrip("/").partition("/")
    return unquote(f"{host.lower()}{slash}{path}{mark}{query}")


def _tidy(url: str) -> str:
    """Return `url` without its fragment and tracking parameters."""
    return _UTM.sub("", url.partition("#")[0]).rstrip("?&")


def _bounded(seen: Collection[str], where: str) -> None:
    if len(seen) > MAX_ENTRIES:
        what, cure = f"exceeds {MAX_ENTRIES:,} entries in total", "adopt fewer feeds at once"
        raise FeedError(where, what, cure)


def _pages(
    source: str, fetch: Fetch | None, problems: list[Problem], *, any_host: bool
) -> Iterator[tuple[str, ReadFeed]]:
    """Yield the feed at `source`, then its other pages, with their addresses."""
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
        cure = "use the path or the address of a feed"
        raise FeedError(source, f"cannot be read ({error.strerror})", cure) from error


def _fetched(url: str) -> bytes:
    from syndicate.net import fetch

    return fetch(url, max_bytes=MAX_BYTES).data


def _fetched_abroad(url: str) -> bytes:
    """Fetch a page on another host, but never from this machine or its network."""
    from syndicate.net import fetch

    return fetch(url, max_bytes=MAX_BYTES, private="never").data


def _parts(feed: ReadFeed) -> Iterator[str]:
    return filter(None, (feed.next_page, feed.prev_archive, feed.next_archive))


def _unseen(waiting: deque[str], seen: set[str]) -> Iterator[str]:
    """Take the addresses from `waiting`, and yield those that are not `seen` yet."""
    while waiting:
        page = waiting.popleft()
        if page not in seen:
            seen.add(page)
            yield page


def host_of(address: str) -> str:
    """Return host and port of an address in lower case; "" for a file."""
    try:
        parts = urlsplit(address) if address.lower().startswith(_WEB) else None
    except ValueError:  # raised for an invalid IPv6 host
        return ""
    return parts.netloc.rpartition("@")[2].lower() if parts else ""


def _elsewhere(source: str, page: str) -> Problem:
    what = f"continues on another host, at {page}, which was not read"
    return Problem(source, "other-host", what, "adopt that address too if it is the same blog")


def _unread(page: str, error: SyndicateError) -> Problem:
    cure = "adopt again later; adopted entries stay as they are"
    return Problem(page, "unread-page", error.what, cure, severity="error")


def _endless(source: str) -> Problem:
    what = f"has more than {MAX_PAGES:,} pages; the others were not read"
    return Problem(source, "too-many-pages", what, "adopt its later pages by their addresses")


def _undated(undated: Sequence[tuple[ReadEntry, str]]) -> Iterator[Problem]:
    if undated:
        entry, where = undated[0]
        first = f"the first is {entry.id}" if len(undated) > 1 else entry.id
        noun = "entry" if len(undated) == 1 else "entries"
        what = f"{len(undated)} {noun} without a valid date not adopted: {first}"
        yield Problem(
            where, "undated", what, "add dates to the feed, and adopt it again", severity="error"
        )
