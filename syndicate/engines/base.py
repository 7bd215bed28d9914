"""The seam: what every site generator promises about a blog made for it.

An engine is a frozen value: the blog's own settings plus the rules of its generator. The base
class is the plainest engine there is; each generator is one module that overrides what it does
otherwise. Engines read their own configuration files and nothing else: finding, opening and
reading posts is `collect`'s.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from msgspec import Struct

from syndicate.engines.date_names import Synonyms
from syndicate.grammar import Grammar
from syndicate.model import LeftOut, Markup, Place, Problem, PublicFolder, Site

__all__ = ["Dialect", "Engine", "Facts", "Hint", "Separator", "Settings"]

Dialect = Literal[
    "",
    "liquid",
    "hugo",
    "hexo",
    "nikola",
    "obsidian",
    "pelican",
    "docusaurus",
    "mdx",
    "zola",
    "eleventy",
    "vue",
]
Separator = Literal["space", "comma", ""]

_MARKUP: Mapping[str, Markup] = {"html": "html", "htm": "html", "rst": "rst"}


class Hint(str):
    """A mark that blogs of other generators may have as well: what is sure goes before it."""

    __slots__ = ()


class Settings(Struct, frozen=True):
    """What a blog's own configuration says; None where it says nothing.

    `url` includes the base path and has no trailing slash. `base` is the base path where the
    configuration has one and no address: ``/blog``.
    """

    title: str | None = None
    url: str | None = None
    description: str | None = None
    language: str | None = None
    timezone: str | None = None
    author: str | None = None
    author_email: str | None = None
    icon: str | None = None
    logo: str | None = None
    rights: str | None = None
    base: str = ""


class Facts(Struct, frozen=True):
    """What an address may be made of. `date` has the offset that it was written with."""

    path: str
    place: Place
    meta: Mapping[str, Any]
    date: datetime
    categories: tuple[str, ...]
    tags: tuple[str, ...] = ()
    title: str = ""


class Engine(Struct, frozen=True):
    """One blog, seen through its generator's eyes.

    The fields are the rules that are data, the methods those that are not. A subclass gives a
    field another default; `load` gives it what the blog's own configuration says.
    """

    name: ClassVar[str] = "plain"

    settings: Settings = Settings()
    site: Site = Site(title="", url="")
    permalink: str = ""
    drafts: bool = False
    future: bool = False
    hidden: bool = False
    excerpt_separator: str = ""
    people: Mapping[str, Any] = {}
    """The blog's own list of authors: what posts call them by -> their particulars."""

    date_keys: tuple[str, ...] = ("date",)
    """Front matter keys that hold the date of publication, the first that is there wins."""
    date_synonyms: Synonyms = "none"
    """Whether other names of the date count, such as ``published_at`` and ``createdAt``."""
    updated_keys: tuple[str, ...] = (
        "updated",
        "last_modified_at",
        "lastmod",
        "modified",
        "updated_at",
        "last_updated",
    )
    naive_timestamps_are_utc: bool = False
    """Whether ``YYYY-MM-DD HH:MM:SS`` without an offset is UTC; other naive dates are local."""
    zone_of_writer: bool = False
    """Whether the generator reads dates in the zone of its machine where the blog names none."""
    tells_future: bool = True
    """Whether posts dated after now that are published all the same are named."""
    header_required: bool = False
    """Whether a file without front matter is not a post."""
    title_from_heading: bool = True
    """Whether a post without a title takes its first heading, else the file name."""
    undated_are_published: bool = False
    """Whether a post without any date is one; it then has the date `UNDATED`."""
    broken_header_is_published: bool = False
    """Whether a header that cannot be read leaves a post without fields rather than no post."""
    images_from_root: bool = True
    """Whether a relative address of the front matter's picture is meant from the site's root
    rather than from the post's own page."""
    key_value_headers: bool = False
    """Whether ``Key: value`` lines without fences are a header."""
    open_fence_optional: bool = False
    """Whether a header may begin at once and only end with a fence."""
    category_keys: tuple[str, ...] = ("category", "categories")
    tag_keys: tuple[str, ...] = ("tag", "tags")
    terms_split: Separator = "comma"
    """What parts the names in a plural key that holds one string (``tags: a, b``)."""
    folders_add_categories: bool = True
    """Whether the folder's categories join those of the front matter, or only stand in for none."""
    release_keys: tuple[str, ...] = ()
    """Front matter keys that hold the instant from which the post is out, rather than its date."""
    source: str = ""
    """The folder in which the generator looks for everything but its configuration."""
    expiry_keys: tuple[str, ...] = ()
    """Front matter keys that hold the date from which the post is out again."""
    languages_apart: bool = False
    """Whether the generator has a site, and so a feed, for each language of a blog."""
    meaningless_marks: frozenset[str] = frozenset()
    """Front matter keys that withhold posts elsewhere and that this generator knows nothing of."""
    dialect: Dialect = ""
    """The marks that the generator itself resolves in bodies."""
    grammar: Grammar | None = None
    """How Markdown is read; None where nothing is known of its renderer."""

    @classmethod
    def recognise(cls, root: Path) -> str | None:
        """Why the blog at `root` is this engine's ("_config.yml"); None where it is not.

        A `Hint` where the blog may as well be another's.
        """
        raise NotImplementedError

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the blog's own configuration at `root`; its faults are Problems, never raised."""
        raise NotImplementedError

    def narrowed(self, root: Path, parts: Sequence[str]) -> Self:
        """Return the engine for a blog of whose folders `parts` alone are said to hold posts.

        `root` is the blog's folder, `parts` are relative to it. What the generator would take for
        something other than posts by its default alone, is posts there.
        """
        return self

    def enters(self, folder: str) -> LeftOut | None:
        """Why `folder` (relative, no trailing slash) is not looked into; None to look into it."""
        raise NotImplementedError

    def follows(self, path: str) -> bool:
        """Return True if the generator reads posts through the link to a folder at `path`."""
        return False

    def place(self, path: str) -> Place | LeftOut:
        """What the file at `path` is, judged by its path alone."""
        raise NotImplementedError

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Front matter that applies to the file where it does not say otherwise."""
        return {}

    def file_date(self, path: str) -> str:
        """The date that the path gives, as text (``2024-05-01``); empty where it gives none."""
        raise NotImplementedError

    def file_title(self, path: str) -> str:
        """A readable title from the file's name."""
        raise NotImplementedError

    def markup(self, path: str) -> Markup:
        """How the body of the file is written."""
        return _MARKUP.get(path.rpartition(".")[2].lower(), "markdown")

    def own_header(self, path: str, data: bytes) -> tuple[Mapping[str, Any], int] | None:
        """The header where it is part of the text, and the byte at which the body begins.

        None where the header is one that `collect` knows. `data` is the start of the file.
        """
        return None

    def sidecars(self, path: str) -> tuple[str, ...]:
        """Files whose fields stand in for those that the post lacks, the weakest first."""
        return ()

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """The post's own header in the keys that all engines share."""
        return meta

    def other_date(self, path: str, meta: Mapping[str, Any]) -> Any:
        """The date where no key of `date_keys` gives one: by default that of the path."""
        return self.file_date(path)

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Why the post is not published, by rules of this generator alone; else empty."""
        return ""

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the folders whose files are published, for the post at `path` with the page `url`.

        The post's own folder comes first. A file is in the longest of them that holds it.
        """
        return (PublicFolder("", self.site.url),)

    def media(self, meta: Mapping[str, Any]) -> str:
        """Return what the theme puts before the addresses of a post's pictures; else empty."""
        return ""

    def cover_folder(self, path: str) -> str:
        """Return the folder of the post's own pictures, one of which may be named as its cover."""
        return ""

    def variables(self) -> Mapping[str, Any]:
        """What templates in posts know of the site: its configuration, and its data files."""
        return {}

    def address(self, facts: Facts) -> str:
        """The post's address below the site's url: starts with "/", percent-encoded.

        A whole address where the post lies on a host of its own.
        """
        raise NotImplementedError
