"""The base class of all engines: the interface between this program and a site generator.

An engine is a frozen value: the blog's own settings and the rules of its generator. Each generator
has one module, which overrides the rules in which the generator differs. An engine reads its own
configuration files only. `collect` finds, opens and reads the posts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from msgspec import Struct

from syndicate.engines.shared.date_names import Synonyms
from syndicate.engines.shared.grammar import Grammar
from syndicate.model import LeftOut, Markup, Place, Problem, PublicFolder, Site

__all__ = ["Dialect", "Engine", "Facts", "Separator", "Settings", "Sign"]

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


class Sign(Struct, frozen=True):
    """A sign of a blog's generator, such as the name of its configuration file.

    Blogs of other generators may have it too if it is not `certain`. A certain sign wins.
    """

    text: str
    certain: bool = True


class Settings(Struct, frozen=True):
    """Settings of a blog's own configuration; None for a setting that it does not have.

    `url` includes the base path and has no trailing slash. `base` is the base path (``/blog``).
    It is needed if the configuration has no address.
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
    """Values that a post's address may contain. `date` keeps the offset of the front matter."""

    path: str
    place: Place
    meta: Mapping[str, Any]
    date: datetime
    categories: tuple[str, ...]
    tags: tuple[str, ...] = ()
    title: str = ""


class Engine(Struct, frozen=True):
    """A blog's settings and its generator's rules.

    Fields hold the rules that are plain data. Methods hold the other rules. A subclass changes the
    defaults of fields, and `load` sets them from the blog's own configuration.
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
    """The blog's own list of authors: name in the posts -> name, address and other details."""

    date_keys: tuple[str, ...] = ("date",)
    """Front matter keys of the date of publication. The first key with a date wins."""
    date_synonyms: Synonyms = "none"
    """When to read other names of the date, such as ``published_at`` and ``createdAt``."""
    updated_keys: tuple[str, ...] = (
        "updated",
        "last_modified_at",
        "lastmod",
        "modified",
        "updated_at",
        "last_updated",
    )
    naive_timestamps_are_utc: bool = False
    """True if ``YYYY-MM-DD HH:MM:SS`` without an offset is UTC. Other naive dates are local."""
    zone_of_writer: bool = False
    """True if the generator reads dates in its machine's time zone unless the blog names one."""
    tells_future: bool = True
    """True if published posts with a future date are reported."""
    header_required: bool = False
    """True if a file without front matter is not a post."""
    title_from_heading: bool = True
    """True if a post without a title takes its first heading, else its file's name."""
    undated_are_published: bool = False
    """True if a post without a date is published, with the date `UNDATED`."""
    broken_header_is_published: bool = False
    """True if a post whose header cannot be read is published without fields."""
    images_from_root: bool = True
    """True if a picture's relative address in the front matter starts at the site's root.

    Otherwise it starts at the post's own page.
    """
    key_value_headers: bool = False
    """True if ``Key: value`` lines without fences are a header."""
    open_fence_optional: bool = False
    """True if the opening fence of a header may be missing."""
    category_keys: tuple[str, ...] = ("category", "categories")
    tag_keys: tuple[str, ...] = ("tag", "tags")
    terms_split: Separator = "comma"
    """Separator of the names in a plural key that holds one string (``tags: a, b``)."""
    folders_add_categories: bool = True
    """True if folders add categories to those of the front matter, False if only to none."""
    release_keys: tuple[str, ...] = ()
    """Front matter keys of the instant at which the post is published, if not its date."""
    source: str = ""
    """Folder that holds everything but the configuration; empty for the blog's own folder."""
    expiry_keys: tuple[str, ...] = ()
    """Front matter keys of the date on which the post is withdrawn."""
    languages_apart: bool = False
    """True if the generator makes one site, and so one feed, per language."""
    meaningless_marks: frozenset[str] = frozenset()
    """Front matter keys that withhold posts for other generators, but mean nothing to this one."""
    dialect: Dialect = ""
    """Language of the marks that the generator resolves in bodies; empty if it has none."""
    grammar: Grammar | None = None
    """Settings of the Markdown renderer; None if the renderer is unknown."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Return the sign that the blog at `root` is this engine's ("_config.yml"), or None.

        Raises OSError if a file that decides cannot be read.
        """
        raise NotImplementedError

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the blog's own configuration at `root`. Return the engine and the Problems."""
        raise NotImplementedError

    def narrowed(self, root: Path, parts: Sequence[str]) -> Self:
        """Return the engine for a blog whose posts lie in the folders `parts` only.

        `parts` are relative to the blog's folder `root`. Files in `parts` are posts even if they
        would be no posts by the generator's defaults.
        """
        return self

    def enters(self, folder: str) -> LeftOut | None:
        """Return None to look for posts in `folder`, else the reason to skip it.

        `folder` is relative to the blog's folder and has no trailing slash.
        """
        raise NotImplementedError

    def follows(self, path: str) -> bool:
        """Return True if the generator reads posts through the link to a folder at `path`."""
        return False

    def place(self, path: str) -> Place | LeftOut:
        """Return the place of the post at `path`, or the reason why the file is no post.

        Only the path decides. The file is not opened.
        """
        raise NotImplementedError

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Return the front matter that the file gets by default. Its own fields win."""
        return {}

    def file_date(self, path: str) -> str:
        """Return the date in the path, as text (``2024-05-01``); empty if there is none."""
        raise NotImplementedError

    def file_title(self, path: str) -> str:
        """Return a title made from the file's name; empty if the generator gives none."""
        raise NotImplementedError

    def markup(self, path: str) -> Markup:
        """Return the markup of the file's body."""
        return _MARKUP.get(path.rpartition(".")[2].lower(), "markdown")

    def own_header(self, path: str, data: bytes) -> tuple[Mapping[str, Any], int] | None:
        """Read a header in a form of this generator's own from `data`, the start of the file.

        Return the fields and the byte at which the body begins. Return None to let `collect`
        read the header.
        """
        return None

    def sidecars(self, path: str) -> tuple[str, ...]:
        """Return the files whose fields complete the post's own, in rising precedence."""
        return ()

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Translate the post's header to the keys that all engines share."""
        return meta

    def other_date(self, path: str, meta: Mapping[str, Any]) -> Any:
        """Return the date of a post without one under `date_keys`: by default the path's."""
        return self.file_date(path)

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Return why this generator does not publish the post; empty if it does."""
        return ""

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the folders whose files are published, for the post at `path` with the page `url`.

        The post's own folder comes first. A file is in the longest of them that holds it.
        """
        return (PublicFolder("", self.site.url),)

    def media(self, meta: Mapping[str, Any]) -> str:
        """Return the prefix that the theme adds to the addresses of a post's pictures."""
        return ""

    def cover_folder(self, path: str) -> str:
        """Return the folder of the post's own pictures, one of which may be named as its cover."""
        return ""

    def variables(self) -> Mapping[str, Any]:
        """Return the variables that templates in posts may use, such as the configuration."""
        return {}

    def address(self, facts: Facts) -> str:
        """Return the post's address below the site's url: starts with "/", percent-encoded.

        Return an absolute address if the post lies on another host.
        """
        raise NotImplementedError
