"""config.toml -> Config: decoded strictly, every value frozen, every mistake named with its cure.

A key left out keeps its default; what the blog's own configuration says then applies (the
site's title, address, language and so on are None here until then). Relative paths start from
the folder of config.toml.
"""

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from syndicate.config.checks import quoted, refuse_logins
from syndicate.config.cron import cron_fault
from syndicate.config.durations import seconds_of
from syndicate.config.folder_checks import Folders, refuse_clashes
from syndicate.config.layouts import LAYOUTS, Layout, LayoutName, PerFormat, Template
from syndicate.config.lines import line_of
from syndicate.config.pages import PagesConfig, ReaderConfig, file_fault, reader_fault
from syndicate.config.target_faults import target_fault
from syndicate.config.targets import FolderTarget, TargetConfig, fault
from syndicate.config.value_checks import refuse_impossible
from syndicate.errors import ConfigError
from syndicate.files.read import is_folder, read_own
from syndicate.model import FORMATS, Format
from syndicate.text.toml import loads

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
    "is_timezone",
    "is_web_address",
    "load",
    "own_file",
]

MAX_BYTES = 1_000_000
"""Of config.toml."""
_LONGEST_TOLD = 200
"""Characters of what is wrong, which may hold the value."""
FILE_NAMES = ("config.toml", "syndicate.toml")
"""Where to look, in that order: Hugo and Zola call their own configuration config.toml too."""

ENGINE_NAMES = (
    "hugo", "zola", "hexo", "pelican", "nikola", "docusaurus", "eleventy", "astro", "jekyll",
    "vuepress", "vitepress", "valaxy", "quartz", "plain",
)  # fmt: skip
"""Values of `[posts] engine`: the names of the engines, in the order of `engines.engines()`."""

_DEEP = r"[\[{]{50}"
_LONG_NUMBER = r"\d{4300}"
_THEIRS = frozenset(("baseurl", "base_url"))
By = Literal["category", "tag", "author", "language"]
ContentTypes = Literal["stylable", "precise"]
Natural = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
MAX_TERMS = 100
"""Terms of one post that make feeds; the most seen in 40 real blogs is 13."""


class AuthorConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[site] author`: who writes where a post does not say."""

    name: str
    email: str = ""
    uri: str = ""


class SiteConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[site]`. None: as the blog's own configuration says."""

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
"""What becomes of posts without any date: none, or the moment of the build that first saw it, or
that of the commit that added it.
"""


class PostsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[posts]`. `path` is the blog's folder, or several folders of one blog."""

    path: str | tuple[str, ...] = "."
    engine: str = "auto"
    permalink: str = ""
    drafts: bool | None = None
    future: bool | None = None
    hidden: bool | None = None
    undated: Undated = "leave-out"


class FeedsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[feeds]`. `limit` 0 carries all posts; `max_bytes` 0 sets no bound. `max_terms` bounds
    the feeds of each kind that one post makes. `tombstones` is for how many days Atom feeds tell
    of a withdrawn post.
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
        """The layout that `layout` names or spells out."""
        return self.layout if isinstance(self.layout, Layout) else LAYOUTS[self.layout]


class ExcerptConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[excerpt]`. `length` in characters as people count them (graphemes)."""

    length: Positive = 200


class OutputConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[output]`."""

    path: str = "output"


class StateConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[state]`. `compare` says what tells a changed post: its size and times, or its content."""

    path: str = ".syndicate"
    compare: Literal["times", "content"] = "times"


class ScheduleConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[schedule]`: when the daemon builds, besides when a post falls due.

    `every` is an interval ("15m"), `cron` five fields in `timezone` (the site's where empty);
    `watch` builds when a file is saved.
    """

    every: str = ""
    cron: str = ""
    timezone: str = ""
    watch: bool = True


class DaemonConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[daemon]`: where it answers about itself. `serve` lets it serve the feeds as well."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8081
    serve: bool = False


class ServeConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[serve]`. `max_age` in seconds is how long readers may keep a feed without asking.

    `content_types` "stylable" lets browsers show feeds, "precise" names each format. A client that
    asks for whole feeds more than `polls_per_hour` times is told to wait; 0 lets all do as they
    like.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    max_age: Annotated[int, Meta(ge=0, le=31_536_000)] = 1800
    content_types: ContentTypes = "stylable"
    polls_per_hour: Natural = 60


class GuardConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[guard]`: the share of a feed's entries from which a build that would show them again, or
    drop them, is stopped.
    """

    repeat: Annotated[float, Meta(ge=0, le=1)] = 0.2
    drop: Annotated[float, Meta(ge=0, le=1)] = 0.5


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """All that config.toml may hold."""

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
    """All of config.toml. `folder` is where relative paths start.

    `apart` are folders that hold no posts besides output and state, absolute: those of another
    build. `from_file`: config.toml is there, and has at least one key.
    """

    folder: Path = Path()
    apart: tuple[Path, ...] = ()
    from_file: bool = False

    @property
    def post_folders(self) -> tuple[Path, ...]:
        """The folders of `[posts] path`, absolute."""
        paths = (self.posts.path,) if isinstance(self.posts.path, str) else self.posts.path
        return tuple(self._absolute(path) for path in paths)

    @property
    def output_folder(self) -> Path:
        """Where feeds are written, absolute."""
        return self._absolute(self.output.path)

    @property
    def state_folder(self) -> Path:
        """What is remembered between builds, absolute."""
        return self._absolute(self.state.path)

    @property
    def templates_folder(self) -> Path | None:
        """The folder of `[pages] templates`, absolute; None if there is none."""
        return self._absolute(self.pages.templates) if self.pages.templates else None

    @property
    def css_file(self) -> Path | None:
        """The style sheet of `[pages] css`, absolute; None if there is none."""
        return self._absolute(self.pages.css) if self.pages.css else None

    def _absolute(self, path: str) -> Path:
        return Path(self.folder.absolute() / Path(path).expanduser())


def load(
    blog: Path = Path(), file: Path | None = None, settings: Iterable[tuple[str, Any]] = ()
) -> Config:
    """Read `file`, or else the config.toml in the folder `blog`, which need not be there.

    Where that one is a site generator's, syndicate.toml is ours. `settings` are
    ("feeds.limit", value) pairs that win over the file. Raises ConfigError.
    """
    if file is None and not is_folder(blog):
        raise ConfigError(str(blog), "no such folder", "name the folder that holds the blog")
    path = file or own_file(blog)
    text = _read(path) if file or os.path.lexists(path) else ""
    tables = _parsed(text, path)
    from_file = bool(tables)
    settings = tuple(settings)
    for key, value in settings:
        _set(tables, key, value)
    given = {key for key, _ in settings}
    try:
        return _checked(tables, path, from_file=from_file, given=given)
    except ConfigError as error:
        raise _with_line(error, path, text, given) from None


def _checked(
    tables: dict[str, Any], path: Path, *, from_file: bool, given: Collection[str]
) -> "Config":
    """Return the configuration that `tables` are. Raises ConfigError with file and key."""
    refuse_impossible(tables, str(path))
    refuse_logins(tables, str(path))
    _complete(tables)
    decoded = _decode(tables, str(path))
    _check(decoded, str(path))
    # asdict would turn the sections into dicts: the fields are handed over as they are.
    sections = {name: getattr(decoded, name) for name in Tables.__struct_fields__}
    config = Config(**sections, folder=path.parent, from_file=from_file)
    refuse_clashes(_folders(config, path, given), str(path))
    if wrong := file_fault(config.templates_folder, config.css_file):
        raise ConfigError(f"{path}: {wrong[0]}", *wrong[1:])
    return config


def _with_line(error: ConfigError, path: Path, text: str, given: Collection[str]) -> ConfigError:
    """Return the error with the line of its key, or with ``--set`` if that gave the key."""
    _, is_of_a_key, key = error.where.partition(f"{path}: ")
    if not is_of_a_key:
        return error
    if key in given:
        return ConfigError(f"--set {key}", error.what, error.cure)
    line = line_of(text, key)
    where = f"{path}, line {line}: {key}" if line else error.where
    return ConfigError(where, error.what, error.cure)


def _folders(config: Config, file: Path, given: Collection[str]) -> Folders:
    base = config.folder.absolute()
    targets = (
        (f"publish[{number}].path", base / Path(target.path).expanduser())
        for number, target in enumerate(config.publish)
        if isinstance(target, FolderTarget)
    )
    return Folders(
        posts=config.post_folders,
        own=base if file.exists() else None,
        output=config.output_folder,
        state=config.state_folder,
        targets=tuple(targets),
        given=given,
    )


def own_file(blog: Path) -> Path:
    """Where the configuration of `blog` is, or would be."""
    candidates = [blog / name for name in FILE_NAMES]
    free = [path for path in candidates if not (os.path.lexists(path) and _is_generators(path))]
    there = next((path for path in free if os.path.lexists(path)), None)
    return there or (free[0] if free else candidates[-1])


def _is_generators(path: Path) -> bool:
    try:
        return not _THEIRS.isdisjoint(map(str.lower, _parsed(_read(path), path)))
    except ConfigError:
        return False  # whoever reads it will say what is wrong with it


def _read(path: Path) -> str:
    try:
        return _text(read_own(path, MAX_BYTES))
    except FileNotFoundError:
        raise ConfigError(str(path), "no such file", "`syndicate init` writes one") from None
    except OSError as error:
        what, cure = f"cannot be read ({error.strerror})", "name a file that this user may read"
        raise ConfigError(str(path), what, cure) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            str(path), f"byte {error.start} is not UTF-8", "save it as UTF-8"
        ) from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"not TOML: {error}", "correct that line") from None
    except RecursionError:
        where = f"{path}: {_key_at(_DEEP, text)}"
        raise ConfigError(where, "nested too deeply", "write it flatter") from None
    except ValueError:  # of int(), which tomllib lets pass
        where = f"{path}: {_key_at(_LONG_NUMBER, text)}"
        raise ConfigError(where, "a number is too long", "write a smaller one") from None


def _key_at(pattern: str, text: str) -> str:
    """Return the key, or else the number, of the first line with a match of `pattern`."""
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(pattern, line):
            key = re.match(r"[\w.\s-]{1,200}(?==)", line)
            return key[0].strip() if key else f"line {number}"
    return "the file"


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _set(tables: dict[str, Any], key: str, value: Any) -> None:
    *sections, name = key.split(".")
    for section in sections:
        inner = tables.setdefault(section, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"--set {key}", f"{section} is not a section", "see the names above")
        tables = inner
    tables[name] = value


def _complete(tables: dict[str, Any]) -> None:
    """Give the layout's table all that it does not say itself, from the layout it is `like`."""
    feeds = tables.get("feeds")
    layout = feeds.get("layout") if isinstance(feeds, dict) else None
    if isinstance(layout, dict) and isinstance(like := layout.get("like"), str) and like in LAYOUTS:
        full = msgspec.structs.asdict(LAYOUTS[like]) | layout  # type: ignore[index]
        tables["feeds"] = {**tables["feeds"], "layout": full}  # what came in is the caller's


def _decode(tables: Mapping[str, Any], where: str) -> Tables:
    try:
        return msgspec.convert(tables, Tables)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        raise _explain(what, place.rstrip("`").lstrip("."), tables, where) from None


def _explain(what: str, key: str, tables: Mapping[str, Any], where: str) -> ConfigError:
    """Return what is wrong at `key` in words of TOML; msgspec said `what`."""
    from syndicate.config.expected import expected, keys_below, kind_of

    if unknown := re.search(r"unknown field `(.*)`", what):
        full = f"{key}.{unknown[1]}" if key else unknown[1]
        cure = _suggest(unknown[1], keys_below(Tables, key))
        return ConfigError(f"{where}: {full}", "unknown key", cure)
    if missing := re.search(r"missing required field `(.*)`", what):
        wanted = expected(Tables, f"{key}.{missing[1]}")
        return ConfigError(
            f"{where}: {key}", f"{missing[1]} is missing", f"write `{wanted.example}` in it"
        )
    wanted, value = expected(Tables, key), _value_at(tables, key)
    told = f"expected {wanted.what}, not {kind_of(value)}"
    return ConfigError(f"{where}: {key}", told, _CURES.get(key, f"write `{wanted.example}`"))


def _value_at(tables: Any, key: str) -> Any:
    for name in key.replace("]", "").replace("[", ".").split("."):
        tables = tables[int(name)] if isinstance(tables, list | tuple) else tables[name]
    return tables


def _suggest(name: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # only those who mistype need it

    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f'did you mean "{close[0]}"?' if close else f"known keys: {', '.join(known)}"


def _names(known: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in known)


_CURES = {
    "feeds.limit": "write `limit = 20`; 0 carries all posts",
    "feeds.max_bytes": "write a number of bytes; 0 sets no bound",
    "feeds.tombstones": "write a number of days; 0 tells of no withdrawn post",
    "feeds.layout": f"use one of {_names(LAYOUTS)}, or a table of path templates",
    "publish": "write `[[publish]]`, and see docs/publishing.md",
}
"""Where an example does not say enough."""


def _check(config: Tables, where: str) -> None:
    def refuse(key: str, what: str, cure: str) -> None:
        shown = what if len(what) <= _LONGEST_TOLD else f"{what[: _LONGEST_TOLD - 1]}…"
        raise ConfigError(f"{where}: {key}", shown, cure)

    site, feeds = config.site, config.feeds
    if wrong := fault(config.publish):
        refuse("publish", *wrong)
    for key, url in (("site.url", site.url), *(("feeds.hubs", hub) for hub in feeds.hubs)):
        if url is not None and not is_web_address(url):
            refuse(
                key,
                f"{quoted(url)} is not an absolute address",
                'write it as "https://example.org"',
            )
    if site.timezone is not None and not is_timezone(site.timezone):
        refuse("site.timezone", f"{site.timezone!r} is not known", 'name it as "Europe/Berlin"')
    if config.schedule.timezone and not is_timezone(config.schedule.timezone):
        what = f"{config.schedule.timezone!r} is not known"
        refuse("schedule.timezone", what, 'name it as "Europe/Berlin"')
    if config.schedule.cron and (wrong_cron := cron_fault(config.schedule.cron)):
        cure = 'write minute, hour, day, month and weekday: "0 5 * * mon-fri"'
        refuse("schedule.cron", wrong_cron, cure)
    if site.language is not None and not is_language(site.language):
        what = f"{site.language!r} is no language tag"
        refuse("site.language", what, 'write it as "en" or "zh-CN" (BCP 47)')
    for number, target in enumerate(config.publish):
        if found := target_fault(target):
            refuse(f"publish[{number}].{found[0]}", *found[1:])
    for number, reader in enumerate(config.pages.readers):
        if isinstance(reader, ReaderConfig) and (wrong_reader := reader_fault(reader)):
            refuse(f"pages.readers[{number}].{wrong_reader[0]}", *wrong_reader[1:])
    if config.schedule.every:
        try:
            seconds_of(config.schedule.every)
        except ValueError as error:
            refuse("schedule.every", str(error), 'write it as "15m" or "1h30m"')
    if site.url is not None and not is_plain(site.url):
        refuse(
            "site.url",
            f"{quoted(site.url)} has more than host and path",
            'write it as "https://example.org/blog"',
        )
    if config.posts.engine not in ("auto", *ENGINE_NAMES):
        what = f"{config.posts.engine!r} is not known"
        refuse("posts.engine", what, f'use "auto", {_names(ENGINE_NAMES)}')
    if not config.posts.path:
        refuse("posts.path", "no folder is named", 'name the folder of the blog; "." is this one')
    if not feeds.formats:
        every = msgspec.json.encode(tuple(FORMATS)).decode()
        refuse("feeds.formats", "no format is named", f"write `formats = {every}`")
    for name in feeds.paths.__struct_fields__:
        _check_templates(name, getattr(feeds.paths, name), refuse)
    if len({getattr(feeds.paths, form) for form in FORMATS}) < len(FORMATS):
        refuse("feeds.layout", "two formats share a file name", "give each its own")


def _check_templates(name: str, template: Template, refuse: Any) -> None:
    slug = ("{slug}",) if name in get_args(By) else ()
    if isinstance(template, PerFormat):
        for form, own in msgspec.structs.asdict(template).items():
            if own:
                _check_template(f"{name}.{form}", own, slug, refuse)
    else:
        file = ("{file}",) if slug or name == "all" else ()
        _check_template(name, template, slug + file, refuse)


def _check_template(name: str, template: str, wanted: tuple[str, ...], refuse: Any) -> None:
    missing = [part for part in wanted if part not in template]
    parts = template.split("/")
    if missing:
        refuse(f"feeds.layout.{name}", f"{missing[0]} is missing", f"write {missing[0]} in it")
    if not all(part.strip(". ") for part in parts) or "\\" in template:
        refuse(f"feeds.layout.{name}", f"{template!r} is not a path inside the output folder",
               "write it without a leading slash, without . and ..")  # fmt: skip


def is_web_address(url: str) -> bool:
    """Whether `url` is an absolute http(s) address with a host and no white space."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises where the port is no number, or out of range
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
        )
    except ValueError:
        return False


def is_plain(url: str) -> bool:
    """Whether the address is one that paths can be put after: no query, fragment or password."""
    parts = urlsplit(url)
    return not (parts.query or parts.fragment or parts.username or "#" in url or "?" in url)


def is_language(tag: str) -> bool:
    """Return whether `tag` has the form of a language tag (BCP 47, RFC 5646 2.1)."""
    return re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag) is not None


def is_timezone(name: str) -> bool:
    """Whether `name` is an IANA time zone, the same on every machine."""
    if name in ("localtime", "posixrules", "Factory"):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True
