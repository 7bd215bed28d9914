"""Astro: content collections below `src/content/`, and Markdown pages below `src/pages/`.

Follows the source of version 5: the ids of the glob loader, and github-slugger. The configuration
is not executed. Literal values of `site` and `base` are read. A page of the blog's own
(`src/pages/blog/[...slug].astro`) makes the address of an entry, so the page's path gives it.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

import msgspec
import regex

from syndicate.engines.astro.collections import (
    CONTENT_SCRIPTS,
    Collection,
    fits,
    holds_markdown,
    language_of,
    localized_route_of,
    localized_routes,
    posts_collections,
    route_of,
    routes,
)
from syndicate.engines.base import Dialect, Facts, Settings, Sign
from syndicate.engines.shared.date_names import Synonyms
from syndicate.engines.shared.grammars import astro_grammar
from syndicate.engines.shared.scripted import POST_FOLDERS, Scripted, joined, not_run
from syndicate.engines.shared.scripts import (
    block,
    folders_to_look_in,
    literal,
    members,
    read_script,
    unread,
    uses_package,
)
from syndicate.files.read import first_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Astro"]

SCRIPTS = tuple(f"astro.config.{ending}" for ending in ("mjs", "js", "ts", "mts", "cjs"))

_MARKS = (*SCRIPTS, *CONTENT_SCRIPTS)
_CONFIG = r"(?:defineConfig\(|export default)"
_CONSTANTS = ("src/consts.ts", "src/config.ts", "src/site.config.ts", "src/constants.ts")
_NOT_IN_SLUG = regex.compile(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]")


class Astro(Scripted, frozen=True):
    """An Astro site. `folders` maps each collection's folder to the route of its entries.

    `patterns` maps a collection's folder to the globs of its files, if the collection has globs.
    `ending` is the end of every address: "/", "" or ".html".
    """

    name: ClassVar[str] = "astro"
    languages_apart: bool = True
    endings: ClassVar[tuple[str, ...]] = (".md", ".mdx", ".markdown")
    dialect: Dialect = "mdx"
    date_synonyms: Synonyms = "before-path"
    home: str = ""
    """The folder of the site, as a prefix of paths."""
    date_keys: tuple[str, ...] = (
        "pubDate", "publishDate", "pubDatetime", "date", "published", "publishedAt",
        "publishedDate", "datePublished", "createdAt",
    )  # fmt: skip
    updated_keys: tuple[str, ...] = (
        "updatedDate", "modDatetime", "updatedAt", "updated", "lastUpdated", "lastmod",
        "dateModified", "modified", "last_modified_at",
    )  # fmt: skip

    patterns: Mapping[str, tuple[str, ...]] = {}
    ending: str = "/"
    localized: Mapping[str, tuple[str, str, str]] = {}
    """Routes with a language, by folder: the part before it, ``...`` or "", the part after it."""
    default_language: str = ""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for Astro's configuration or package, else for Markdown folders in `src/content`."""
        return (_found(root) or ("", None))[1]

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Find the collections and their routes; read the literals of the configuration."""
        base = (_found(root) or ("",))[0]
        site = root / base
        known_routes = routes(site)
        found = posts_collections(site) or (Collection("", "src/content"),)
        placed = {item.folder: route_of(item, known_routes) for item in found}
        pages = {f"src/pages/{name}": name for name in POST_FOLDERS}
        placed |= {path: name for path, name in pages.items() if holds_markdown(site / path)}
        script = read_script(root, first_there(root, (base + name for name in SCRIPTS)))
        settings = _settings(root, base, script)
        engine = cls(
            settings=settings,
            home=base,
            folders={_below(base, folder): route for folder, route in placed.items()},
            patterns=_patterns(base, found),
            ending=_ending(script),
            grammar=astro_grammar(script, root, base),
            localized=_localized(base, found, localized_routes(site)),
            default_language=settings.language or "",
        )
        problems = unread(root, (base + name for name in (*SCRIPTS, *_CONSTANTS)))
        certain = {*pages, *(folder.removeprefix(base) for folder in engine.localized)}
        if all(route in known_routes or folder in certain for folder, route in placed.items()):
            return engine, problems
        known = ", ".join(dict.fromkeys(f"/{route}/ID/" for route in placed.values()))
        marks = [base + name for name in _MARKS]
        return engine, (*problems, *not_run(marks, root, f"posts are expected at {known}"))

    def narrowed(self, root: Path, parts: Sequence[str]) -> Self:
        """Add the collections that overlap with those of `parts` that hold no posts yet."""
        new = [part for part in parts if not any(_touch(part, folder) for folder in self.folders)]
        if not new:
            return self
        found = [
            collection
            for collection in posts_collections(root / self.home, every=True)
            if any(_touch(part, _below(self.home, collection.folder)) for part in new)
        ]
        known_routes = routes(root / self.home)
        more = {
            _below(self.home, collection.folder): route_of(collection, known_routes)
            for collection in found
        }
        return msgspec.structs.replace(
            self,
            folders={**self.folders, **more},
            patterns={**self.patterns, **_patterns(self.home, found)},
            localized={
                **self.localized,
                **_localized(self.home, found, localized_routes(root / self.home)),
            },
        )

    def enters(self, folder: str) -> LeftOut | None:
        """Skip folders whose names begin with an underscore, as Astro does."""
        if folder.rpartition("/")[2][0] == "_" and folder not in self.folders:
            return LeftOut(f"{folder}/", "Astro leaves out names that begin with _")
        return super().enters(folder)

    def place(self, path: str) -> Place | LeftOut:
        """Take the collections' entries, unless their names begin with an underscore."""
        if path.rpartition("/")[2].startswith("_"):
            return LeftOut(path, "Astro leaves out names that begin with _")
        patterns = self.patterns.get(self.folder_of(path) or "", ())
        if patterns and not fits(self.inner(path), patterns):
            return LeftOut(path, "not matched by its collection's pattern")
        found = super().place(path)
        if isinstance(found, Place) and (language := self._language(path)):
            return msgspec.structs.replace(found, language=language)
        return found

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return `public`, and the folders whose files the build publishes under new names."""
        return (
            PublicFolder(f"{self.home}public", self.site.url),
            PublicFolder(f"{self.home}src", "", aliases=("~/", "@/")),
            PublicFolder(f"{self.home}src/assets", "", aliases=("@assets/", "~/assets/")),
            PublicFolder(self.folder_of(path) or path.rpartition("/")[0], ""),
        )

    def address(self, facts: Facts) -> str:
        """Use the permalink of config.toml, or the entry's id below its collection's route."""
        if self.permalink:
            return self.by_permalink(facts)
        folder = self.folder_of(facts.path) or ""
        inner = str(PurePosixPath(self.inner(facts.path)).with_suffix(""))
        route = self.folders.get(folder, "")
        if "/src/pages/" in f"/{folder}/":
            return self._ended(joined(route, inner.removesuffix("/index")))
        if language := self._language(facts.path):
            return self._ended(self._in(language, folder, inner, facts.meta.get("slug")))
        return self._ended(joined(route, facts.meta.get("slug") or entry_id(inner)))

    def _language(self, path: str) -> str:
        """Return the post's language from its first folder, if the route contains a language."""
        return language_of(self.inner(path)) if self.folder_of(path) in self.localized else ""

    def _in(self, language: str, folder: str, inner: str, slug: Any) -> str:
        """Return the address of an entry in `language`, the first folder of `inner`."""
        before, optional, after = self.localized[folder]
        is_unnamed = optional and language.lower() == self.default_language.lower()
        rest = slug or entry_id(inner.partition("/")[2])
        return joined(before, "" if is_unnamed else entry_id(language), after, rest)

    def _ended(self, address: str) -> str:
        return address.rstrip("/") + self.ending if address.strip("/") else "/"


def entry_id(inner: str) -> str:
    """Return the id that Astro's glob loader gives the entry at `inner`, a path without ending."""
    slugs = [_NOT_IN_SLUG.sub("", part.lower()).replace(" ", "-") for part in inner.split("/")]
    return "/".join(slugs).removesuffix("/index")


def _found(root: Path) -> tuple[str, Sign] | None:
    """Return the site's folder, as a prefix of paths, and the sign by which it is recognised."""
    for base in folders_to_look_in(root):
        if mark := first_there(root, (base + name for name in _MARKS)):
            return base, Sign(mark)
        if uses_package(root, "astro", base):
            return base, Sign(f"{base}package.json with astro")
    for base in folders_to_look_in(root):
        if any(
            collection.folder.startswith("src/content/")
            for collection in posts_collections(root / base)
        ):
            return base, Sign(f"{base}src/content with collections", certain=False)
    return None


def _below(base: str, folder: str) -> str:
    return (base + folder).rstrip("/")


def _patterns(base: str, found: Iterable[Collection]) -> dict[str, tuple[str, ...]]:
    """Return the patterns by folder; collections of one folder are merged."""
    patterns: dict[str, tuple[str, ...]] = {}
    for item in found:
        folder = _below(base, item.folder)
        patterns[folder] = (*patterns.get(folder, ()), *item.patterns)
    return patterns


def _localized(
    base: str, found: Iterable[Collection], known: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, str, str]]:
    """Return the routes with a language, by the folders of their collections."""
    routes = ((item, localized_route_of(item, known)) for item in found) if known else ()
    return {_below(base, item.folder): route for item, route in routes if route}


def _touch(one: str, other: str) -> bool:
    """Return True if the folders are equal or one contains the other."""
    return not other or f"{one}/".startswith(f"{other}/") or other.startswith(f"{one}/")


def _ending(script: str) -> str:
    """Return the end of Astro's addresses (getUrlForPath of its build)."""
    built = block(script, r"(?<![\w.$])build\s{0,20}:")
    if literal(members(built), "format") == "file":
        return ".html"
    config = members(block(script, _CONFIG))
    return "" if literal(config, "trailingSlash") == "never" else "/"


def _settings(root: Path, base: str, script: str) -> Settings:
    config = members(block(script, _CONFIG))
    constants = "\n".join(read_script(root, base + name) for name in _CONSTANTS)
    url = literal(config, "site") or literal(constants, "website") or literal(constants, "SITE_URL")
    base = (literal(config, "base") or "/").strip("/")
    i18n = members(block(script, r"i18n\s{0,20}:"))
    return Settings(
        title=literal(constants, "SITE_TITLE") or literal(constants, "title"),
        url=f"{url.rstrip('/')}/{base}".rstrip("/") if url else None,
        base=f"/{base}" if base else "",
        description=literal(constants, "SITE_DESCRIPTION") or literal(constants, "description"),
        language=literal(i18n, "defaultLocale") or literal(constants, "lang"),
        timezone=literal(constants, "timezone"),
        author=literal(constants, "author"),
    )
