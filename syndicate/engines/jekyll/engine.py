"""Jekyll: `_config.yml`, `_posts` folders anywhere, and the permalinks of its documents.

Follows the source of versions 3.9 to 4.4: EntryFilter (excluded files), Drops::UrlDrop and URL
(addresses), Document (titles, categories, dates).
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from fnmatch import translate
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from syndicate.engines.base import Dialect, Engine, Facts, Separator, Settings, Sign
from syndicate.engines.jekyll.defaults import Scope, defaults_for, read_scopes
from syndicate.engines.jekyll.markdown_settings import read_grammar
from syndicate.engines.shared.grammar import Grammar
from syndicate.engines.shared.patterns import LONGEST, MOST
from syndicate.engines.shared.people import author_in
from syndicate.engines.shared.permalinks import (
    date_placeholders,
    escape,
    expand,
    placeholders,
    slugify,
    tidy,
)
from syndicate.engines.shared.settings_files import (
    mapping_files,
    read_data,
    read_mapping,
    settings_of,
)
from syndicate.engines.shared.values import first_text
from syndicate.files.read import is_folder, is_there, may_be_folder
from syndicate.model import Kramdown, LeftOut, Place, Problem

__all__ = ["Jekyll", "is_chirpy"]

CONFIG_FILES = ("_config.yml", "_config.yaml")
STYLES = {
    "pretty": "/:categories/:year/:month/:day/:title/",
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
EXCLUDED_ALWAYS = (
    "Gemfile", "Gemfile.lock", "node_modules", "vendor/bundle/", "vendor/cache/", "vendor/gems/",
    "vendor/ruby/", ".sass-cache", ".jekyll-cache", "gemfiles",
)  # fmt: skip
MOST_DATA_FILES = 1_000
TEXT_ENDINGS = frozenset((".md", ".markdown", ".mkdown", ".mkdn", ".mkd", ".html", ".htm"))

_DATED = re.compile(r"(?:.+/)?(\d{2,4}-\d{1,2}-\d{1,2})-([^/]*)(\.[^./]+)$", re.S)
_DATELESS = re.compile(r"(?:.+/)?([^/]*)(\.[^./]+)$", re.S)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9./-]+")


class Jekyll(Engine, frozen=True):
    """A Jekyll site. `config` holds its `_config.yml`."""

    name: ClassVar[str] = "jekyll"
    naive_timestamps_are_utc: bool = True
    title_from_heading: bool = False
    broken_header_is_published: bool = True
    terms_split: Separator = "space"
    dialect: Dialect = "liquid"
    grammar: Grammar | None = Kramdown()
    meaningless_marks: frozenset[str] = frozenset(("hidden",))

    config: Mapping[str, Any] = {}
    data: Mapping[str, Any] = {}
    """Values of the files in `_data`."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = EXCLUDED_ALWAYS
    collections: str = ""
    """The folder `collections_dir`; empty for the root."""
    scopes: tuple[Scope, ...] = ()
    """The `defaults:` of the configuration."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for the configuration file; a `_posts` folder is a hint."""
        name = next((name for name in CONFIG_FILES if is_there(root / name)), None)
        if name:  # Hexo's file has the same name, and its posts lie in source/
            doubtful = may_be_folder(root / "source" / "_posts")
            return Sign(name, certain=not doubtful or "source" in settings_of(root, name))
        return Sign("_posts", certain=False) if is_folder(root / "_posts") else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read `_config.yml` and `_data`. A file that cannot be read counts as empty."""
        for name in CONFIG_FILES:
            if is_there(root / name):
                config, problems = read_mapping(root, name)
                data, faults = _data(root, _folder(config, "source"))
                return cls._from(config, data), (*problems, *faults)
        return cls(), ()

    @classmethod
    def _from(cls, config: Mapping[str, Any], data: Mapping[str, Any] = {}) -> Self:
        people = data.get("authors")
        collections = _folder(config, "collections_dir")
        return cls(
            people=people if isinstance(people, dict) else {},
            data=data,
            settings=_settings(config),
            drafts=bool(config.get("show_drafts")),
            future=bool(config.get("future")),
            excerpt_separator=str(config.get("excerpt_separator") or ""),
            grammar=read_grammar(config),
            config=config,
            source=_folder(config, "source"),
            include=tuple(_strings(config.get("include"))),
            exclude=(*EXCLUDED_ALWAYS, *_strings(config.get("exclude"))),
            collections=collections,
            scopes=read_scopes(config.get("defaults"), collections),
        )

    def enters(self, folder: str) -> LeftOut | None:
        """Skip hidden, excluded and underscored folders, as EntryFilter does."""
        name = folder.rpartition("/")[2]
        if self._included(folder):
            return None
        if self._excluded(folder, is_folder=True):
            return LeftOut(f"{folder}/", "excluded by _config.yml")
        if name == "_drafts" and not self.drafts:
            return LeftOut(f"{folder}/", "drafts")
        if not _on_the_way(folder, self.collections):
            return LeftOut(f"{folder}/", f"Jekyll's posts are in {self.collections}/")
        if name in ("_posts", "_drafts"):
            return None
        if name == "_site":
            return LeftOut(f"{folder}/", "the built site")
        # Below _posts, only hidden folders and excluded paths are skipped.
        if name[:1] in ".#~" or (name[:1] == "_" and not _below_posts(folder)):
            return LeftOut(f"{folder}/", "Jekyll reads no posts in it")
        return None

    def follows(self, path: str) -> bool:
        """Follow links named `_posts` or `_drafts`, but no links inside, as Jekyll does."""
        return path.rpartition("/")[2] in ("_posts", "_drafts") and not _below_posts(path)

    def place(self, path: str) -> Place | LeftOut:
        """Take the dated files below `_posts`, and all text files below `_drafts`."""
        inner = self._inner(path)
        parts = inner.split("/")
        special = _special(parts[:-1])
        if special is None:
            return LeftOut(path, "not in a _posts folder")
        if self.collections and inner == path:
            return LeftOut(path, f"not in {self.collections}/")
        if parts[-1][:1] in ".#~_":
            return LeftOut(path, "hidden file")
        if self._excluded(path) and not self._included(path):
            return LeftOut(path, "excluded by _config.yml")
        if special == "_posts" and not _DATED.match(path):
            return LeftOut(path, "file name is not YYYY-MM-DD-name.ext")
        ending = os.path.splitext(path)[1]  # noqa: PTH122
        if ending.lower() not in TEXT_ENDINGS:
            return LeftOut(path, f"not Markdown or HTML ({ending})")
        folders = tuple(part for part in inner.partition(f"{special}/")[0].split("/") if part)
        return Place("posts", special == "_drafts", folders)

    def _inner(self, path: str) -> str:
        """Return `path` relative to `collections_dir` if it lies in that folder."""
        return path.removeprefix(f"{self.collections}/") if self.collections else path

    def _included(self, path: str) -> bool:
        return _matches(self.include, path, is_folder=False)

    def _excluded(self, path: str, *, is_folder: bool = False) -> bool:
        return _matches(self.exclude, path, is_folder=is_folder)

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Return the values of the `defaults:` whose scopes hold the file."""
        return defaults_for(self.scopes, self._inner(path), place.collection)

    def file_date(self, path: str) -> str:
        """Return the date at the start of the file's name."""
        match = _DATED.match(path)
        return match[1] if match else ""

    def file_title(self, path: str) -> str:
        """Return "Green Tea" for ``2024-05-01-green-tea.md``."""
        return " ".join(word.capitalize() for word in _slug(path).split("-"))

    def media(self, meta: Mapping[str, Any]) -> str:
        """Return the prefix of the theme Chirpy: its `cdn`, and the post's `media_subpath`.

        Before Chirpy 7.0 their names were `img_cdn` and `img_path`.
        """
        if not is_chirpy(self.config):
            return ""
        folder = str(meta.get("media_subpath") or meta.get("img_path") or "")
        cdn = str(self.config.get("cdn") or self.config.get("img_cdn") or "")
        if not folder and not cdn:
            return ""
        if ":" in folder.split("/")[0]:
            return folder
        host = f"https:{cdn}" if cdn.startswith("//") else cdn
        start = host if "://" in host else f"{self.site.url}/{host}"
        return f"{start}/{folder}"

    def variables(self) -> Mapping[str, Any]:
        """Return Jekyll's `site`: the configuration, and `site.data`."""
        return {**self.config, "data": self.data}

    def address(self, facts: Facts) -> str:
        """Use the permalink of the front matter, else of the collection, else of the site."""
        template = str(facts.meta.get("permalink") or self.permalink or self._style())
        return _normal(tidy(expand(template, self._values(facts, placeholders(template)))))

    def _style(self) -> str:
        collections = self.config.get("collections")
        posts = collections.get("posts") if isinstance(collections, dict) else None
        own = posts.get("permalink") if isinstance(posts, dict) else None
        style = str(own or self.config.get("permalink") or "date")
        return style if own else STYLES.get(style, style)

    def _values(self, facts: Facts, wanted: AbstractSet[str]) -> dict[str, str]:
        """Return the values of the `wanted` placeholders, escaped."""
        values = {name: _escape(make(facts)) for name, make in _MAKERS.items() if name in wanted}
        if wanted - values.keys():
            local = facts.date.astimezone(ZoneInfo(self.site.timezone))
            values |= date_placeholders(local, wanted)
        return values


def _slug_of(facts: Facts) -> str:
    return str(facts.meta.get("slug") or _slug(facts.path))


def _stem(facts: Facts) -> str:
    return os.path.splitext(facts.path)[0]  # noqa: PTH122 - a tenth of PurePath's time


def _below_the_posts(facts: Facts) -> str:
    stem = _stem(facts)
    return stem.partition("_posts/")[2] or stem


_MAKERS: Mapping[str, Callable[[Facts], str]] = {
    "collection": lambda facts: facts.place.collection,
    "path": _below_the_posts,
    "name": lambda facts: slugify(_stem(facts).rpartition("/")[2]),
    "title": lambda facts: slugify(_slug_of(facts), "pretty", cased=True),
    "slug": lambda facts: slugify(_slug_of(facts)),
    "categories": lambda facts: _joined(map(str.lower, facts.categories)),
    "slugified_categories": lambda facts: _joined(map(slugify, facts.categories)),
    "output_ext": lambda facts: _output_ending(os.path.splitext(facts.path)[1].lower()),  # noqa: PTH122
}
"""Functions that return the values of a permalink's placeholders, except the date's."""


def _joined(names: Iterable[str]) -> str:
    return "/".join(dict.fromkeys(names))


def _output_ending(ending: str) -> str:
    return ".html" if ending in TEXT_ENDINGS else ending


def _special(folders: list[str]) -> str | None:
    return "_posts" if "_posts" in folders else "_drafts" if "_drafts" in folders else None


def _slug(path: str) -> str:
    match = _DATED.match(path)
    if match:
        return match[2]
    dateless = _DATELESS.match(path)
    return dateless[1] if dateless else path


def _escape(value: str) -> str:
    return value if _PLAIN_PATH.fullmatch(value) else escape(value)


def _normal(address: str) -> str:
    """Escape the characters of the template itself. Existing escapes stay."""
    if _PLAIN_PATH.fullmatch(address):
        return address
    return "".join(
        part if part.startswith("%") else escape(part)
        for part in re.split(r"(%[0-9A-Fa-f]{2})", address)
    )


def _folder(config: Mapping[str, Any], key: str) -> str:
    """Return the relative folder in the setting `key`; empty for the root."""
    value = config.get(key)
    parts = PurePosixPath(value).parts if isinstance(value, str) else ()
    return "/".join(part for part in parts if part != "/")


def _on_the_way(folder: str, target: str) -> bool:
    return not target or f"{folder}/".startswith(f"{target}/") or target.startswith(f"{folder}/")


def _data(root: Path, source: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Read `_data`: files by their names, folders as mappings."""
    found: dict[str, Any] = {}
    folder = str(PurePosixPath(source, "_data"))
    files, problems = mapping_files(root, folder, deep=True)
    if len(files) > MOST_DATA_FILES:
        what = f"{len(files)} data files; the first {MOST_DATA_FILES} are read"
        problems += (Problem(folder, "engine-config", what, "keep fewer files in it"),)
    for name in files[:MOST_DATA_FILES]:
        file = PurePosixPath(name).relative_to(folder)
        value, faults = read_data(root, name)
        problems += faults
        inner = found
        for part in file.parts[:-1]:
            if not isinstance(inner.get(part), dict):
                inner[part] = {}  # a file of the folder's name
            inner = inner[part]
        inner[file.stem] = value
    return found, problems


def _settings(config: Mapping[str, Any]) -> Settings:
    text = partial(first_text, config)
    author, author_email = author_in(config)
    url, base = text("url"), (text("baseurl") or "").strip("/")
    return Settings(
        title=text("title", "name"),
        url=f"{url.rstrip('/')}/{base}".rstrip("/") if url else None,
        description=text("description", "tagline"),
        language=text("lang", "locale"),
        timezone=text("timezone"),
        author=author,
        author_email=author_email,
        icon=text("icon", "favicon"),
        logo=text("logo"),
        base=f"/{base}" if base else "",
    )


def is_chirpy(config: Mapping[str, Any]) -> bool:
    """Return True if the blog uses the theme Chirpy, as a gem or as a fork of its starter."""
    theme = f"{config.get('theme')} {config.get('remote_theme')}"
    return "chirpy" in theme or "theme_mode" in config


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value] if value else []
    found = (str(item) for item in values[:MOST] if item is not None)
    return [item for item in found if len(item) <= LONGEST]


def _matches(patterns: tuple[str, ...], path: str, *, is_folder: bool) -> bool:
    """Match globs, and prefixes of the path, as EntryFilter#glob_include? does."""
    rooted = f"/{path}"
    pattern = _pattern(patterns)
    return bool(pattern.match(rooted) or (is_folder and pattern.fullmatch(f"{rooted}/")))


@lru_cache(maxsize=10)
def _pattern(globs: tuple[str, ...]) -> re.Pattern[str]:
    starts = [f"/{glob.lstrip('/')}" for glob in globs]
    either = (f"{re.escape(start)}|{translate(start)}" for start in starts)
    return re.compile("|".join(either) or r"(?!)", re.DOTALL)


def _below_posts(folder: str) -> bool:
    return bool({"_posts", "_drafts"} & set(folder.split("/")[:-1]))
