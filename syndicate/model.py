"""The nouns: frozen data that compares, pickles and serialises by value.

`gc=False` marks numerous structs that cannot form cycles.

The flow turns one into the next:

    Source -> Post -> (FeedPlan) -> Content -> Entry -> Document -> Change,  and a Report of it all
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, Protocol

from msgspec import Struct

__all__ = [
    "ALIASES",
    "COMPARED",
    "FORMATS",
    "HEAD_MARK",
    "PAGE_MARK",
    "UNDATED",
    "WRONG_CLOCK",
    "Author",
    "Change",
    "Content",
    "Document",
    "Enclosure",
    "Entry",
    "FeedFormat",
    "FeedPlan",
    "FeedSummary",
    "Format",
    "Image",
    "Kramdown",
    "LeftOut",
    "Markup",
    "Place",
    "Post",
    "Problem",
    "PublicFolder",
    "Report",
    "Site",
    "Source",
    "Timing",
    "Tombstone",
    "Writable",
]

HEAD_MARK = "<!-- The feeds of this site, written by syndicate"
"""Beginning of the lines that a site's pages include in their heads."""
PAGE_MARK = '<meta name="generator" content="syndicate">'
"""Mark near the beginning of our own pages, so that none is read as a post."""
UNDATED = datetime.min.replace(tzinfo=UTC)
"""Date of a post without a date, as in Hugo. JSON Feed, where dates are optional, has none."""
ALIASES = ".aliases/"
"""Virtual folder in which links find notes by their aliases."""
WRONG_CLOCK = "wrong-clock"
"""Kind of the Problem that this machine's clock is wrong."""
Format = Literal["atom", "rss", "json"]
Markup = Literal["markdown", "html", "rst"]


class FeedFormat(Struct, frozen=True):
    """Properties of a feed format, one row of `FORMATS`.

    `type` is the media type that the format is registered with or known by. `asked_as` are other
    media types that ask for it. `shown_as` is the media type with which browsers show the feed and
    its style sheet. `file` is the default name of its files. `ending` is a file name's ending that
    only this format has, or empty. `sign` is a regular expression for the first bytes of such a
    feed. `module` is the module in `syndicate.feeds` that writes it.
    """

    label: str
    type: str
    asked_as: tuple[str, ...]
    shown_as: str
    file: str
    ending: str
    sign: bytes
    module: str


FORMATS: Mapping[Format, FeedFormat] = MappingProxyType(
    {
        "atom": FeedFormat(
            label="Atom",
            type="application/atom+xml",
            asked_as=("application/xml", "text/xml"),
            shown_as="application/xml",
            file="atom.xml",
            ending=".atom",
            sign=rb"<feed\b",
            module="atom",
        ),
        "rss": FeedFormat(
            label="RSS",
            type="application/rss+xml",
            asked_as=("application/rdf+xml", "application/xml", "text/xml"),
            shown_as="application/xml",
            file="rss.xml",
            ending=".rss",
            sign=rb"<(?:rss|rdf:RDF)\b",
            module="rss",
        ),
        "json": FeedFormat(
            label="JSON Feed",
            type="application/feed+json",
            asked_as=("application/json",),
            shown_as="application/feed+json",
            file="feed.json",
            ending="",
            sign=rb"jsonfeed\.org/version/",
            module="json_feed",
        ),
    }
)
"""Every feed format, in the order in which feeds are listed; the first is recommended."""
COMPARED: tuple[Format, ...] = ("json", *(form for form in FORMATS if form != "json"))
"""The formats in the order in which feeds are compared: JSON is the fastest to read."""


class Kramdown(Struct, frozen=True):
    """Settings of the Markdown renderer kramdown; the defaults are Jekyll's.

    `gfm` is ``input: GFM``, `paragraph_end` and `typographic` are quirks of it. `symbols` are the
    author's own characters for signs, by kramdown's names of them ("ndash").
    """

    gfm: bool = True
    paragraph_end: bool = True
    typographic: bool = True
    hard_wrap: bool = False
    smart_quotes: tuple[str, str, str, str] = ("‘", "’", "“", "”")
    symbols: Mapping[str, str] = {}
    parse_block_html: bool = False
    parse_span_html: bool = True
    toc_levels: frozenset[int] = frozenset(range(1, 7))
    header_offset: int = 0
    footnote_backlink: str = "↩"
    mathjax: bool = True
    emoji: bool = False
    """True if a plug-in (jemoji) replaces ``:tada:`` by the emoji."""


class Author(Struct, frozen=True, gc=False):
    """A person or organisation (RFC 4287 3.2). `email` and `uri` are empty if unknown."""

    name: str
    email: str = ""
    uri: str = ""


class Image(Struct, frozen=True, gc=False):
    """A picture, by its absolute address."""

    url: str
    alt: str = ""


class Enclosure(Struct, frozen=True, gc=False):
    """A media file that belongs to a post. `length` is in bytes, 0 if unknown."""

    url: str
    type: str
    length: int = 0


class Site(Struct, frozen=True):
    """The blog as a whole: config.toml merged with the generator's settings.

    `url` is the home page's absolute address without a trailing slash and with the base path:
    ``https://example.org/blog``. `timezone` is an IANA name, for dates without an offset.
    `language` is a BCP 47 tag, empty if unknown. `preview` is set if the address is unknown: `url`
    is then a placeholder or not public.
    """

    title: str
    url: str
    description: str = ""
    language: str = ""
    timezone: str = "UTC"
    author: Author | None = None
    icon: str = ""
    logo: str = ""
    rights: str = ""
    preview: bool = False


class Problem(Struct, frozen=True, gc=False):
    """A fault in a file. `kind` is a short, stable slug, the same for faults of one kind.

    `severity` is "error" if the post was left out, and "warning" if it was read. `line` counts from
    1 in the file at `path`; 0 is no line.
    """

    path: str
    kind: str
    message: str
    cure: str = ""
    line: int = 0
    severity: Literal["error", "warning"] = "warning"


class LeftOut(Struct, frozen=True, gc=False):
    """A file, or a folder ending in "/", that is not a post, and the reason.

    `due` is the date of a future post. `withheld` is set if a mark of the author keeps the post
    private.
    """

    path: str
    reason: str
    due: datetime | None = None
    withheld: bool = False


class PublicFolder(Struct, frozen=True, gc=False):
    """A folder whose files the generator publishes.

    `path` is relative to the blog's folder, empty for all of it. A file is published at `url`, an
    absolute address without a trailing slash, and its path below `path`. Where `url` is empty, it
    is published under a name that only a build of the site knows. `aliases` are what imports write
    in the place of `path` ("@/").
    """

    path: str
    url: str
    aliases: tuple[str, ...] = ()


class Place(Struct, frozen=True, gc=False):
    """Properties of a post that its path implies.

    `collection` is the engine's name for the group ("posts", "drafts", a Hugo section).
    `categories` and `language` come from the folders' names.
    """

    collection: str = "posts"
    draft: bool = False
    categories: tuple[str, ...] = ()
    language: str = ""


class Source(Struct, frozen=True, gc=False):
    """A file that contains a post: its path, size and times, without its content.

    `path` is relative to the blog's folder, with "/" between its parts. `ctime_ns` is the
    system's time of the last change, which no program can set.
    """

    path: str
    size: int
    mtime_ns: int
    place: Place = Place()
    ctime_ns: int = 0
    date: datetime | None = None
    """Date of publication, if the post has none."""


class Post(Struct, frozen=True, gc=False):
    """A post's header. The body stays in the file, from byte `body_offset` on.

    `url` is the absolute, percent-encoded permalink. `id` is what feed readers know the post by:
    the front matter's own where it has one, else the permalink. `published` and `updated` carry
    an offset and no fraction of a second. `title` may be empty: the entry then takes its
    first words. `excerpt` is the author's own, still unclean. `markup` names how the body is
    written.
    """

    path: str
    url: str
    id: str
    title: str
    published: datetime
    updated: datetime
    body_offset: int
    markup: Markup = "markdown"
    authors: tuple[Author, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    excerpt: str = ""
    image: Image | None = None
    enclosure: Enclosure | None = None
    language: str = ""
    external_url: str = ""
    slug: str = ""
    """Slug of the front matter; may be empty."""
    digest: str = ""
    """Digest of title and body as written, without white space."""
    dated: str = ""
    """Date as the author wrote it, in the header or in the file's name."""
    own_id: bool = False
    """True if the front matter sets `id`."""
    own_updated: bool = False
    """True if the front matter sets `updated`."""
    minor: bool = False
    """True if the author marks the last change as minor."""
    locked: bool = False
    """True if the body has locked parts."""
    media: str = ""
    """The theme's prefix for the addresses of pictures; may be empty."""
    encoding: str = ""
    """Codec of the file; empty for UTF-8. `body_offset` counts bytes after conversion to UTF-8."""
    aliases: tuple[str, ...] = ()
    """Other names of the note in links of an Obsidian vault."""


class Content(Struct, frozen=True):
    """A rendered body: clean HTML with absolute addresses, and its excerpt.

    `excerpt` is plain text, `excerpt_html` clean and closed HTML of the same words.
    `image` is the first picture of the body.
    """

    html: str
    excerpt: str
    excerpt_html: str
    image: Image | None = None


class Entry(Struct, frozen=True):
    """A post as each format writes it, serialised once and shared by every feed that carries it.

    `data` has the bytes in each format, as views, so that an entry from the disk is not copied.
    `summary` is plain text; `image` is an absolute address, empty where there is none.
    """

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    data: dict[Format, memoryview]
    summary: str = ""
    image: str = ""


class Tombstone(Struct, frozen=True):
    """A withdrawn entry (RFC 6721): its id, and the time of withdrawal."""

    id: str
    when: datetime


class FeedPlan(Struct, frozen=True):
    """A planned feed: its posts, newest first, and the paths of its files.

    `kind` is "all", "category", "tag", "author" or "language"; `term` is the category's own name,
    empty for "all". `files` maps each format to a path under the output folder, unencoded, with
    "/". `home` is the page the feed belongs to (its alternate link).
    """

    kind: str
    term: str
    title: str
    home: str
    posts: tuple[Post, ...]
    files: dict[Format, str]
    tombstones: tuple[Tombstone, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the feed in the manifest: kind and term."""
        return f"{self.kind} {self.term}".strip()


class Document(Struct, frozen=True):
    """A file to be written: `path` under the output folder, media type, bytes.

    `entries` is how many it carries, where it is a feed.
    """

    path: str
    type: str
    data: bytes
    entries: int = 0

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.data)

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes, in pieces that memory can hold."""
        yield self.data


class Writable(Protocol):
    """A file to be written: a Document, or one that is made piece by piece while it is written."""

    @property
    def path(self) -> str:
        """Return the path under the output folder."""

    @property
    def type(self) -> str:
        """Return the media type."""

    @property
    def entries(self) -> int:
        """Return how many entries it carries, where it is a feed."""

    @property
    def data(self) -> bytes:
        """Return the whole file."""

    @property
    def size(self) -> int:
        """Return the number of bytes."""

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes, in pieces that memory can hold."""


class Change(Struct, frozen=True, gc=False):
    """Result of writing a Document."""

    path: str
    action: Literal["created", "updated", "unchanged", "removed"]


class FeedSummary(Struct, frozen=True):
    """A written feed. `urls` maps each format to the feed's address, percent-encoded."""

    kind: str
    term: str
    title: str
    entries: int
    urls: dict[Format, str]


class Timing(Struct, frozen=True):
    """Time of a build's stage in seconds, and the number of its items."""

    stage: str
    seconds: float
    items: int


class Report(Struct, frozen=True):
    """Result of a build.

    `rendered` counts the entries that did not come from the cache. At `due`, a build changes the
    feeds even if no file changes, because a post falls due or expires. `post_count` counts the
    posts, even if a brief report leaves out `posts`.
    """

    engine: str
    recognised_by: str
    site: Site
    posts: tuple[Post, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()
    feeds: tuple[FeedSummary, ...] = ()
    changes: tuple[Change, ...] = ()
    rendered: int = 0
    due: datetime | None = None
    timings: tuple[Timing, ...] = ()
    post_count: int = 0

    def __repr__(self) -> str:
        """Return the counts: the fields of a large blog's report would fill many screens."""
        return (
            f"Report(engine={self.engine!r}, posts={self.post_count}, feeds={len(self.feeds)}, "
            f"changes={len(self.changes)}, problems={len(self.problems)})"
        )
