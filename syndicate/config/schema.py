"""The types of config.toml, one Struct for each table.

A key that is None takes its value from the blog's own settings. Relative paths start at the folder
of config.toml.
"""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from syndicate.config.layouts import LAYOUTS, Layout, LayoutName
from syndicate.config.pages import PagesConfig
from syndicate.config.targets import TargetConfig
from syndicate.model import FORMATS, Format

__all__ = [
    "AuthorConfig",
    "By",
    "Config",
    "ContentTypes",
    "DaemonConfig",
    "ExcerptConfig",
    "FeedsConfig",
    "GuardConfig",
    "Layout",
    "OutputConfig",
    "PostsConfig",
    "ScheduleConfig",
    "ServeConfig",
    "SiteConfig",
    "StateConfig",
    "Tables",
]

ENGINE_NAMES = (
    "hugo", "zola", "hexo", "pelican", "nikola", "docusaurus", "eleventy", "astro", "jekyll",
    "vuepress", "vitepress", "valaxy", "quartz", "plain",
)  # fmt: skip
"""Values of `[posts] engine`: the names of the engines, in the order of `engines.engines()`."""

By = Literal["category", "tag", "author", "language"]
ContentTypes = Literal["stylable", "precise"]
Natural = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
MAX_TERMS = 100
"""Terms of one kind in one post that have feeds; the most in 40 real blogs is 13."""


class AuthorConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[site] author`: the author of posts that name none."""

    name: str
    email: str = ""
    uri: str = ""


class SiteConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[site]`: the blog as a whole. Missing keys have the values of the generator's settings."""

    title: str | None = None
    url: str | None = None
    description: str | None = None
    language: str | None = None
    timezone: str | None = None
    author: AuthorConfig | str | None = None
    icon: str | None = None
    logo: str | None = None
    rights: str | None = None


Undated = Literal["leave-out", "first-seen", "git"]
"""Date of a post that has none: the post is left out, or it takes the time of the build that first
read it, or of the commit that added it.
"""


class PostsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[posts]`: which files are posts. `path` is the blog's folder, or several of its folders."""

    path: str | tuple[str, ...] = "."
    engine: str = "auto"
    permalink: str = ""
    drafts: bool | None = None
    future: bool | None = None
    hidden: bool | None = None
    undated: Undated = "leave-out"


class FeedsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[feeds]`: which feeds there are, and what they carry.

    A `limit` of 0 carries all posts. A `max_bytes` of 0 is no limit. Only the first `max_terms`
    terms of one kind in a post have feeds. Atom feeds list a withdrawn post for `tombstones` days.
    """

    formats: tuple[Format, ...] = tuple(FORMATS)
    by: tuple[By, ...] = ("category",)
    languages: Literal["auto", "together", "apart"] = "auto"
    limit: Natural = 20
    min_posts: Positive = 1
    max_terms: Positive = MAX_TERMS
    max_bytes: Natural = 0
    content: Literal["full", "excerpt"] = "full"
    layout: LayoutName | Layout = "default"
    hubs: tuple[str, ...] = ()
    tombstones: Annotated[int, Meta(ge=0, le=36_500)] = 30
    pages: bool = True

    @property
    def paths(self) -> Layout:
        """Return the layout that `layout` names or contains."""
        return self.layout if isinstance(self.layout, Layout) else LAYOUTS[self.layout]


class ExcerptConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[excerpt]`: the excerpts. `length` counts characters as people see them (graphemes)."""

    length: Positive = 200


class OutputConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[output]`: the folder in which feeds are written."""

    path: str = "output"


class StateConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[state]`: the folder of ledger and cache.

    `compare` chooses how a changed post is recognised: by its size and times, or by its content.
    """

    path: str = ".syndicate"
    compare: Literal["times", "content"] = "times"


class ScheduleConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[schedule]`: when the daemon builds. It also builds when a scheduled post falls due.

    `every` is an interval, as "15m". `cron` has five fields, in `timezone` (empty: the site's).
    `watch` builds when a file is saved.
    """

    every: str = ""
    cron: str = ""
    timezone: str = ""
    watch: bool = True


class DaemonConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[daemon]`: the address of its status page. With `serve` it serves the feeds there, too."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8081
    serve: bool = False


class ServeConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[serve]`: the server.

    Readers may keep a feed for `max_age` seconds. With `content_types` "stylable" browsers show
    feeds with their style sheet; "precise" names each format's own media type. A client that
    fetches whole feeds more than `polls_per_hour` times an hour gets status 429; 0 is no limit.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    max_age: Annotated[int, Meta(ge=0, le=31_536_000)] = 1800
    content_types: ContentTypes = "stylable"
    polls_per_hour: Natural = 60


class GuardConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[guard]`: when a build is stopped to protect readers.

    It stops if it would repeat the share `repeat` of a feed's entries, or drop the share `drop`.
    """

    repeat: Annotated[float, Meta(ge=0, le=1)] = 0.2
    drop: Annotated[float, Meta(ge=0, le=1)] = 0.5


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """All tables of config.toml."""

    site: SiteConfig = SiteConfig()
    posts: PostsConfig = PostsConfig()
    feeds: FeedsConfig = FeedsConfig()
    pages: PagesConfig = PagesConfig()
    excerpt: ExcerptConfig = ExcerptConfig()
    output: OutputConfig = OutputConfig()
    state: StateConfig = StateConfig()
    guard: GuardConfig = GuardConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    daemon: DaemonConfig = DaemonConfig()
    serve: ServeConfig = ServeConfig()
    publish: tuple[TargetConfig, ...] = ()


class Config(Tables, frozen=True):
    """A whole config.toml.

    Relative paths start at `folder`. `apart` are more folders without posts, absolute: the output
    and state folders of another build. `from_file` is set if config.toml exists and has a key.
    """

    folder: Path = Path()
    apart: tuple[Path, ...] = ()
    from_file: bool = False

    @property
    def post_folders(self) -> tuple[Path, ...]:
        """Return the absolute folders of `[posts] path`."""
        paths = (self.posts.path,) if isinstance(self.posts.path, str) else self.posts.path
        return tuple(self._absolute(path) for path in paths)

    @property
    def output_folder(self) -> Path:
        """Return the absolute folder of the feeds."""
        return self._absolute(self.output.path)

    @property
    def state_folder(self) -> Path:
        """Return the absolute folder of ledger and cache."""
        return self._absolute(self.state.path)

    @property
    def templates_folder(self) -> Path | None:
        """Return the absolute folder of `[pages] templates`; None if the key is empty."""
        return self._absolute(self.pages.templates) if self.pages.templates else None

    @property
    def css_file(self) -> Path | None:
        """Return the absolute path of `[pages] css`; None if the key is empty."""
        return self._absolute(self.pages.css) if self.pages.css else None

    def _absolute(self, path: str) -> Path:
        return Path(self.folder.absolute() / Path(path).expanduser())
