"""Astro: content collections below `src/content/`, and Markdown pages below `src/pages/`.

Read from its source, version 5: the glob loader's ids, and github-slugger. The configuration is
not executed: `site` and `base` are taken where they are written out. The address of an entry is
made by a page of the blog's own (`src/pages/blog/[...slug].astro`): the page's place tells it.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import ClassVar, Self

import regex

from syndicate.engines.base import Dialect, Facts, Hint, Settings
from syndicate.engines.date_names import Synonyms
from syndicate.engines.scripted import POST_FOLDERS, Scripted, joined, not_run
from syndicate.engines.scripts import (
    block,
    folders_to_look_in,
    literal,
    members,
    read_script,
    unread,
    uses_package,
)
from syndicate.files.read import first_there, is_folder
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Astro"]

SCRIPTS = tuple(f"astro.config.{ending}" for ending in ("mjs", "js", "ts", "mts", "cjs"))
COLLECTIONS = ("src/content", "src/data", "content")

_MARKS = (*SCRIPTS, "src/content.config.ts", "src/content.config.mjs", "src/content.config.js",
          "src/content/config.ts", "src/content/config.mjs", "src/content/config.js")  # fmt: skip
_CONSTANTS = ("src/consts.ts", "src/config.ts", "src/site.config.ts", "src/constants.ts")
_ENTRY_PAGE = regex.compile(r"\[(?:\.\.\.)?(?:slug|id|post|path|entry|article)\]\.astro")
_NOT_IN_SLUG = regex.compile(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]")


class Astro(Scripted, frozen=True):
    """An Astro site. `folders` maps each collection's folder to the route of its entries."""

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

    @classmethod
    def recognise(cls, root: Path) -> str | None:
        """By its configuration or package, else by folders of Markdown in `src/content`."""
        return (_found(root) or ("", None))[1]

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Find the collections and their routes; read the literals of the configuration."""
        base = (_found(root) or ("", ""))[0]
        routes = frozenset(_routes(root / base))
        folders = _collections(root / base) or {"src/content": ""}
        placed = {folder: _route(route, routes) for folder, route in folders.items()}
        pages = {f"src/pages/{name}": name for name in POST_FOLDERS}
        placed |= {folder: name for folder, name in pages.items() if _holds(root / base / folder)}
        engine = cls(
            settings=_settings(root, base),
            home=base,
            folders={base + folder: route for folder, route in placed.items()},
        )
        problems = unread(root, (base + name for name in (*SCRIPTS, *_CONSTANTS)))
        if all(route in routes or folder in pages for folder, route in placed.items()):
            return engine, problems
        known = ", ".join(dict.fromkeys(f"/{route}/ID/" for route in placed.values()))
        marks = [base + name for name in _MARKS]
        return engine, (*problems, *not_run(marks, root, f"posts are taken at {known}"))

    def enters(self, folder: str) -> LeftOut | None:
        """Not folders that begin with an underscore, which Astro passes over."""
        if folder.rpartition("/")[2][0] == "_" and folder not in self.folders:
            return LeftOut(f"{folder}/", "Astro leaves out names that begin with _")
        return super().enters(folder)

    def place(self, path: str) -> Place | LeftOut:
        """Entries whose names do not begin with an underscore."""
        if path.rpartition("/")[2].startswith("_"):
            return LeftOut(path, "Astro leaves out names that begin with _")
        return super().place(path)

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """`public`; what is imported from `src`, or from beside a post, gets names of its own."""
        return (
            PublicFolder(f"{self.home}public", self.site.url),
            PublicFolder(f"{self.home}src", "", aliases=("~/", "@/")),
            PublicFolder(f"{self.home}src/assets", "", aliases=("@assets/", "~/assets/")),
            PublicFolder(self.folder_of(path) or path.rpartition("/")[0], ""),
        )

    def address(self, facts: Facts) -> str:
        """The permalink of config.toml, or the entry's id below its collection's route."""
        if self.permalink:
            return self.by_permalink(facts)
        folder = self.folder_of(facts.path) or ""
        inner = str(PurePosixPath(self.inner(facts.path)).with_suffix(""))
        route = self.folders.get(folder, "")
        if "/src/pages/" in f"/{folder}/":
            return joined(route, inner.removesuffix("/index"), "")
        return joined(route, facts.meta.get("slug") or entry_id(inner), "")


def entry_id(inner: str) -> str:
    """The id that Astro's glob loader gives to the entry at `inner`, a path without its ending."""
    slugs = [_NOT_IN_SLUG.sub("", part.lower()).replace(" ", "-") for part in inner.split("/")]
    return "/".join(slugs).removesuffix("/index")


def _found(root: Path) -> tuple[str, str] | None:
    """The folder of the site, as a prefix, and what tells."""
    for base in folders_to_look_in(root):
        if mark := first_there(root, (base + name for name in _MARKS)):
            return base, mark
        if uses_package(root, "astro", base):
            return base, f"{base}package.json with astro"
    for base in folders_to_look_in(root):
        if any(folder.startswith("src/content/") for folder in _collections(root / base)):
            return base, Hint(f"{base}src/content with collections")
    return None


def _collections(site: Path) -> dict[str, str]:
    """The folders of the collections that hold posts by their names, else of all; and the names."""
    found = {
        f"{parent}/{each.name}": each.name
        for parent in COLLECTIONS
        if is_folder(site / parent) and (parent != "content" or _configured(site))
        for each in sorted(_folders(site / parent))
        if _holds(each)
    }
    known = {folder: name for folder, name in found.items() if name.lower() in POST_FOLDERS}
    return known or found


def _configured(site: Path) -> bool:
    return bool(first_there(site, _MARKS))


def _folders(parent: Path) -> list[Path]:
    try:
        return list(parent.iterdir())
    except OSError:
        return []  # `discover` reports the folder


def _holds(folder: Path) -> bool:
    """Whether Markdown lies in the folder, at any depth."""
    if not is_folder(folder) or folder.name[0] in "._":
        return False
    return any(file.suffix in Astro.endings for file in folder.rglob("*.m*"))


def _routes(site: Path) -> Iterator[str]:
    """The folders below `src/pages` in which a page stands for each entry of a collection."""
    pages = site / "src/pages"
    for file in sorted(pages.rglob("*.astro")) if is_folder(pages) else ():
        if _ENTRY_PAGE.fullmatch(file.name):
            yield file.parent.relative_to(pages).as_posix().removeprefix(".")


def _route(collection: str, routes: frozenset[str]) -> str:
    """The collection's own route, else the only one that there is."""
    only = next(iter(routes)) if len(routes) == 1 else collection
    return collection if collection in routes else only


def _settings(root: Path, base: str) -> Settings:
    script = read_script(root, first_there(root, (base + name for name in SCRIPTS)))
    config = members(block(script, r"(?:defineConfig\(|export default)"))
    said = "\n".join(read_script(root, base + name) for name in _CONSTANTS)
    url = literal(config, "site") or literal(said, "website") or literal(said, "SITE_URL")
    base = (literal(config, "base") or "/").strip("/")
    i18n = members(block(script, r"i18n\s{0,20}:"))
    return Settings(
        title=literal(said, "SITE_TITLE") or literal(said, "title"),
        url=f"{url.rstrip('/')}/{base}".rstrip("/") if url else None,
        base=f"/{base}" if base else "",
        description=literal(said, "SITE_DESCRIPTION") or literal(said, "description"),
        language=literal(i18n, "defaultLocale") or literal(said, "lang"),
        timezone=literal(said, "timezone"),
        author=literal(said, "author"),
    )
