"""Find the feeds of a site from the address of a feed or a page.

address -> a feed, or a page that links to feeds
        -> the home page's links (autodiscovery, and links in its text)
        -> the other formats that the same program makes
"""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

from syndicate.cli.moving.generators import GENERATORS, Generator, recognise
from syndicate.errors import SyndicateError
from syndicate.files.read import read_own
from syndicate.model import Problem
from syndicate.reading.adopt import Fetch, SpentError, host_of
from syndicate.reading.discovery import feed_links
from syndicate.reading.read import read
from syndicate.reading.read_feed import FeedError, ReadFeed

__all__ = ["OldFeed", "OldSite", "find", "is_address", "place_of"]

MAX_FEEDS = 100
"""Feeds of one site that are looked for."""


class OldFeed(Struct, frozen=True):
    """An existing feed: its address, its path below the site, and its content.

    `path` is empty where it is unknown. `main`: it is a feed of everything.
    """

    source: str
    path: str
    feed: ReadFeed
    main: bool


class OldSite(Struct, frozen=True):
    """The feeds of a site, the named ones first. `generator` made the first feed.

    `base` is the address below which they were read, empty for files.
    """

    feeds: tuple[OldFeed, ...]
    generator: Generator | None = None
    base: str = ""
    problems: tuple[Problem, ...] = ()


def find(sources: Sequence[str], fetch: Fetch, *, site: str = "", name: str = "") -> OldSite:
    """Read `sources`, files or addresses, and the feeds that they lead to on the same host.

    `site` is the blog's own address, which feeds may be a copy of. `name` is the program that the
    blog's own settings name; it counts if the feed does not say. Raises FeedError for a source
    that is no feed and links to none, and what `fetch` raises for it. Feeds that are only guessed
    and are not there are skipped; of the others a Problem tells.
    """
    search = _Search(fetch, site)
    for source in sources:
        search.read_source(source)
    first = search.found[0]
    feed, where = search.feeds[first], first
    base = _base(where, feed, site)
    generator = recognise(feed, place_of(where, feed, site)) or GENERATORS.get(name)
    if is_address(where):
        search.follow(base, feed, generator)
    paths = {each: place_of(each, old, site, base) for each, old in search.feeds.items()}
    mains = _mains(search.feeds, paths, first, generator)
    feeds = [OldFeed(s, paths[s], old, s in mains) for s, old in search.feeds.items()]
    feeds.sort(key=lambda each: each.source != first)
    address = base if is_address(where) else ""
    return OldSite(tuple(feeds), generator, address, tuple(search.problems))


def _mains(
    feeds: Mapping[str, ReadFeed],
    paths: Mapping[str, str],
    first: str,
    generator: Generator | None,
) -> set[str]:
    """Return which of `feeds` are feeds of everything: the first, and its other formats."""
    usual = generator.files.values() if generator else ()
    found = {first}
    formats = {feeds[first].format}
    for source, feed in feeds.items():
        other = feed.format not in formats
        if other and (paths[source] in usual or feed.title == feeds[first].title):
            found.add(source)
            formats.add(feed.format)
    return found


class _Search:
    def __init__(self, fetch: Fetch, site: str) -> None:
        self.feeds: dict[str, ReadFeed] = {}
        self.found: list[str] = []
        self.problems: list[Problem] = []
        self._tried: set[str] = set()
        self._fetch, self._site = fetch, site

    def read_source(self, source: str) -> None:
        """Read a feed, or the feeds that a page links to."""
        data = self._fetch(source) if is_address(source) else _file(source)
        try:
            self._add(source, read(data, source if is_address(source) else "", where=source))
        except FeedError:
            links = feed_links(data, source) if is_address(source) else []
            before = len(self.found)
            for link in links[:MAX_FEEDS]:
                self._try(self._near(link, source, source), guessed=False)
            if len(self.found) == before:
                raise

    def follow(self, base: str, feed: ReadFeed, generator: Generator | None) -> None:
        """Read what the home page links to, and the formats that `generator` makes besides."""
        guesses = [urljoin(base, path) for path in generator.files.values()] if generator else []
        for guess in guesses:
            self._try(guess.removesuffix("index.xml"), guessed=True)
        try:
            page = self._fetch(self._near(feed.home, base, feed.home) or base)
        except SyndicateError:
            return
        for link in feed_links(page, feed.home or base)[:MAX_FEEDS]:
            self._try(self._near(link, base, feed.home), guessed=False)

    def _near(self, link: str, base: str, home: str) -> str:
        """Return `link` where it is on the host of `base`, or its copy there; else empty.

        A site that is served elsewhere than at its own address links to that address.
        """
        if host_of(link) == host_of(base):
            return link
        for prefix in filter(None, (self._site, home)):
            if link.startswith(prefix.rstrip("/") + "/"):
                return urljoin(base, link[len(prefix.rstrip("/")) + 1 :])
        return ""

    def _try(self, url: str, *, guessed: bool) -> None:
        if not url or url in self._tried or url in self.feeds or len(self.feeds) >= MAX_FEEDS:
            return
        self._tried.add(url)
        try:
            self._add(url, read(self._fetch(url), url))
        except (FeedError, SpentError):
            return  # `gather` tells when the bound is reached
        except SyndicateError as error:
            if not guessed:
                cure = "adopt it by its address once it can be read"
                self.problems.append(Problem(url, "unread-feed", error.what, cure))

    def _add(self, source: str, feed: ReadFeed) -> None:
        self.feeds[source] = feed
        self.found.append(source)


def place_of(source: str, feed: ReadFeed, site: str, base: str = "") -> str:
    """Return the path of `feed` below its site, as its own address or `source` says, or ""."""
    for url in filter(None, (feed.url, source)):
        if site and host_of(url) == host_of(site):
            return _below(url, site) or ""
        for prefix in filter(None, (site, base, feed.home)):
            below = _below(url, prefix)
            if below is not None:
                return below
    return ""


def _below(url: str, prefix: str) -> str | None:
    start = urlsplit(prefix)
    parts = urlsplit(url)
    folder = start.path.rstrip("/") + "/"
    if not is_address(url) or parts.netloc != start.netloc or not parts.path.startswith(folder):
        return None
    path = unquote(parts.path[len(folder) :])
    return f"{path}index.xml" if path.endswith("/") else path


def _base(source: str, feed: ReadFeed, site: str) -> str:
    """Return the address below which the site of `feed` was read: `source` without its path."""
    path = place_of(source, feed, site)
    for end in (path, path.removesuffix("index.xml")):
        if end and unquote(source).endswith(f"/{end}"):
            return source[: len(source) - len(_as_written(source, end))]
    return urljoin(source, "./") if is_address(source) else ""


def _as_written(source: str, end: str) -> str:
    """Return the last part of `source` that says `end`, as it is encoded there."""
    count = end.count("/") + 1
    return "/".join(source.split("/")[-count:])


def _file(source: str) -> bytes:
    from syndicate.reading.read_feed import MAX_BYTES

    try:
        return read_own(source, MAX_BYTES)
    except OSError as error:
        cure = "give the path or the address of a feed"
        raise FeedError(source, f"cannot be read ({error.strerror})", cure) from error


def is_address(source: str) -> bool:
    """Return whether `source` is an address rather than a file."""
    return source.lower().startswith(("http://", "https://"))
