"""The nouns. All frozen, all plain data: they compare, pickle and serialise by value.

Those of which there are many are not looked at by the garbage collector: none can hold itself.

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
"""Begins the lines that a site's pages include in their heads."""
PAGE_MARK = '<meta name="generator" content="syndicate">'
"""Stands near the beginning of every page of ours, so that none is taken for a post."""
UNDATED = datetime.min.replace(tzinfo=UTC)
"""The date of a post that has none, as Hugo gives it; JSON Feed, which needs no date, says none."""
ALIASES = ".aliases/"
"""Folder that no note lies in: links name notes in it by their other names."""
WRONG_CLOCK = "wrong-clock"
"""The kind of the Problem that this machine's clock cannot be right."""
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
    """Whether a plug-in (jemoji) shows ``:tada:`` as the sign."""


class Author(Struct, frozen=True, gc=False):
    """A person or organisation (RFC 4287 3.2). `email` and `uri` are empty where not known."""

    name: str
    email: str = ""
    uri: str = ""


class Image(Struct, frozen=True, gc=False):
    """A picture by its absolute address."""

    url: str
    alt: str = ""


class Enclosure(Struct, frozen=True, gc=False):
    """A media file that belongs to a post. `length` in bytes, 0 where not known."""

    url: str
    type: str
    length: int = 0


class Site(Struct, frozen=True):
    """What is known of the blog as a whole, config.toml and the blog's own settings merged.

    `url` is the home page's absolute address without a trailing slash and with the base path:
    ``https://example.org/blog``. `timezone` is an IANA name; naive dates are read in it.
    `language` is a BCP 47 tag, empty where not known. `preview`: the address is unknown, and `url`
    is a placeholder or an address that is not public.
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
    """Something its author should know of. `kind` is a short, stable slug that groups the alike.

    `severity` is "error" where the post was left out, "warning" where it was read all the same.
    `line` counts from 1 in the file at `path`; 0 where no line applies.
    """

    path: str
    kind: str
    message: str
    cure: str = ""
    line: int = 0
    severity: Literal["error", "warning"] = "warning"


class LeftOut(Struct, frozen=True, gc=False):
    """A file (or a folder, ending in "/") that gives no post, and why.

    `due` is when it will give one: a post dated ahead. `withheld` says that the author's own mark
    keeps a post out.
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
    """What an engine says of a path that holds a post.

    `collection` is the engine's name for the group ("posts", "drafts", a Hugo section).
    `categories` are those that the folders give, `language` the one that the path gives.
    """

    collection: str = "posts"
    draft: bool = False
    categories: tuple[str, ...] = ()
    language: str = ""


class Source(Struct, frozen=True, gc=False):
    """A file that holds a post: where it lies and when it last changed, not what it says.

    `path` is relative to the blog's folder, with "/" between its parts. `ctime_ns` is when the
    system saw the file change, which no program can set back.
    """

    path: str
    size: int
    mtime_ns: int
    place: Place = Place()
    ctime_ns: int = 0
    date: datetime | None = None
    """When the post was published if it does not say so itself."""


class Post(Struct, frozen=True, gc=False):
    """A post's header, read and settled. The body stays in the file, from byte `body_offset` on.

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
    """The front matter's own; empty where it has none."""
    digest: str = ""
    """Of title and body as written, without white space: changes when the content does."""
    dated: str = ""
    """The date as the author wrote it, in the header or in the file's name."""
    own_id: bool = False
    """Whether `id` is the front matter's own."""
    own_updated: bool = False
    """Whether `updated` is the front matter's own."""
    minor: bool = False
    """Whether the author calls the last change one that readers need not hear of."""
    locked: bool = False
    """Whether the body has parts that are not for everybody."""
    media: str = ""
    """What the blog's theme puts before the addresses of pictures; empty where it puts nothing."""
    encoding: str = ""
    """The codec of the file; empty for UTF-8. `body_offset` counts in the text as UTF-8."""
    aliases: tuple[str, ...] = ()
    """Other names by which notes of an Obsidian vault link to it."""


class Content(Struct, frozen=True):
    """A body, ready to leave: clean HTML with absolute addresses, and its excerpt.

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
    """An entry that is no more (RFC 6721): its id, and when it was withdrawn."""

    id: str
    when: datetime


class FeedPlan(Struct, frozen=True):
    """One feed to be: which posts it carries, newest first, and where its files go.

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
    """What writing a Document did."""

    path: str
    action: Literal["created", "updated", "unchanged", "removed"]


class FeedSummary(Struct, frozen=True):
    """A feed as it was written. `urls` maps each format to the feed's address, percent-encoded."""

    kind: str
    term: str
    title: str
    entries: int
    urls: dict[Format, str]


class Timing(Struct, frozen=True):
    """What a stage of a build took, in seconds, and how many items it touched."""

    stage: str
    seconds: float
    items: int


class Report(Struct, frozen=True):
    """All that a build did, and all that it could not do.

    `rendered` counts the entries that were made and not remembered. When it is `due`, a build
    gives something else though nothing has changed: a post dated ahead, or one that expires.
    `post_count` counts the posts, also where a brief report leaves out `posts`.
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
