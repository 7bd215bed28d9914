"""Find Astro's content collections, and the pages that give their entries addresses.

The configuration is not executed. Collections of `src/content.config.*` are read if their loader
is `glob` with literal strings (``glob({pattern: '**/*.md', base: './src/blog'})``).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import regex
from msgspec import Struct

from syndicate.engines.shared.patterns import glob_regex, matches
from syndicate.engines.shared.scripted import POST_FOLDERS
from syndicate.engines.shared.scripts import block, members, read_script, strings
from syndicate.files.read import first_there, is_folder

__all__ = [
    "CONTENT_SCRIPTS", "Collection", "fits", "holds_markdown", "language_of",
    "localized_route_of", "localized_routes", "posts_collections", "route_of", "routes",
]  # fmt: skip

CONTENT_SCRIPTS = tuple(
    f"src/{name}.{ending}"
    for name in ("content.config", "content/config")
    for ending in ("ts", "mjs", "js", "mts")
)
_PARENTS = ("src/content", "src/data", "content")
_ENDINGS = (".md", ".mdx", ".markdown")
_ENTRY = r"\[(?:\.\.\.)?(?:slug|id|post|path|entry|article)\]"
_ENTRY_PAGE = regex.compile(rf"(?:(.*)/)?{_ENTRY}(?:/index)?\.astro")
_DEFINED = re.compile(
    r"(?<![\w$-])[\"']?([\w$-]{1,100})[\"']?\s{0,20}[:=]\s{0,20}defineCollection\("
)
_EXPORTED = re.compile(r"[\"']?([\w$-]{1,100})[\"']?\s{0,20}:\s{0,20}([\w$]{1,100})")
_ASKED = re.compile(r"getCollection\(\s{0,20}[\"'`]([\w$-]{1,100})[\"'`]")
_MOST_COLLECTIONS = 100
_MOST_PAGES = 1_000
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?")
_LANGUAGE = re.compile(r"(?:^|(?<=/))\[(\.\.\.)?(?:lang|locale|language)\](?=/|$)")
"""Part of a route that stands for the language of an entry."""


class Collection(Struct, frozen=True):
    """A collection: its name, its folder below the site's, and which files in there it takes."""

    name: str
    folder: str
    patterns: tuple[str, ...] = ()

    @property
    def is_of_posts(self) -> bool:
        """Return True if its name, or its folder's, is a usual name for posts."""
        names = (self.name, self.folder.rpartition("/")[2])
        return any(name.lower() in POST_FOLDERS for name in names)


def posts_collections(site: Path, *, every: bool = False) -> tuple[Collection, ...]:
    """Return the collections at `site` whose names are usual for posts; all if there are none.

    With `every`, return all collections.
    """
    found = [
        item for item in _declared(site) if not item.folder or holds_markdown(site / item.folder)
    ]
    found = found or list(_by_folder(site))
    named = [item for item in found if item.is_of_posts]
    return tuple(found if every else named or found)


def _declared(site: Path) -> Iterator[Collection]:
    script = read_script(site, first_there(site, CONTENT_SCRIPTS))
    if "glob(" not in script:
        return
    exported = members(block(script, r"(?<![\w$])collections\s{0,20}="))
    names = {variable: key for key, variable in _EXPORTED.findall(exported)}
    found = list(islice(_DEFINED.finditer(script), _MOST_COLLECTIONS))
    ends = [*(item.start() for item in found[1:]), len(script)] if found else []
    for one, end in zip(found, ends, strict=True):
        options = block(script[one.end() : end], r"(?<![\w.$])glob\(")
        patterns = strings(options, "pattern", script)
        bases = strings(options, "base", script) or ("",)
        folder = posixpath.normpath(posixpath.join("/", "site", bases[0]))
        if patterns and (folder == "/site" or folder.startswith("/site/")):
            folder = folder.removeprefix("/site").strip("/")
            name = str(one[1])
            yield Collection(names.get(name, name), folder, patterns)


def _by_folder(site: Path) -> Iterator[Collection]:
    """Yield the collections of the folders in `src/content`, which need no declaration."""
    for parent in _PARENTS:
        if not is_folder(site / parent) or (parent == "content" and not _configured(site)):
            continue
        for folder in sorted(_folders(site / parent)):
            if folder.name[0] not in "._" and holds_markdown(folder):
                yield Collection(folder.name, f"{parent}/{folder.name}")


def _configured(site: Path) -> bool:
    endings = ("mjs", "js", "ts", "mts", "cjs")
    return bool(
        first_there(site, (*(f"astro.config.{ending}" for ending in endings), *CONTENT_SCRIPTS))
    )


def _folders(parent: Path) -> list[Path]:
    try:
        return list(parent.iterdir())
    except OSError:
        return []  # `discover` reports the folder


def holds_markdown(folder: Path) -> bool:
    """Return True if the folder or a folder below it holds Markdown."""
    return is_folder(folder) and any(file.suffix in _ENDINGS for file in folder.rglob("*.m*"))


def fits(inner: str, patterns: tuple[str, ...]) -> bool:
    """Return True if `patterns` match `inner`, a path relative to the collection's folder."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    refused = [item[1:] for item in patterns if item.startswith("!")]
    return any(_matches(item, inner) for item in wanted) and not any(
        _matches(item, inner) for item in refused
    )


def _matches(pattern: str, inner: str) -> bool:
    rooted = f"/{pattern.removeprefix('./')}".replace("/**/", "{/**/,/}")
    return matches(glob_regex(rooted), f"/{inner}")


def routes(site: Path) -> dict[str, frozenset[str]]:
    """Return the routes of entry pages below `src/pages`, such as ``blog/[slug].astro``.

    The value holds the names of the collections that the page reads, if it names them in literal
    strings.
    """
    found = {route: names for route, names in _all_routes(site).items() if "[" not in route}
    return {route: frozenset(names) for route, names in found.items()}


def localized_routes(site: Path) -> dict[str, frozenset[str]]:
    """Return the routes with a language (``[lang]/blog``), in the form of `routes`."""
    found = _all_routes(site).items()
    localized = ((route, names) for route, names in found if "[" not in _LANGUAGE.sub("", route, 1))
    return {route: frozenset(names) for route, names in localized if "[" in route}


def _all_routes(site: Path) -> dict[str, set[str]]:
    pages = site / "src/pages"
    found: dict[str, set[str]] = {}
    files = sorted(pages.rglob("*.astro"))[:_MOST_PAGES] if is_folder(pages) else ()
    for file in files:
        if entry := _ENTRY_PAGE.fullmatch(file.relative_to(pages).as_posix()):
            named = _ASKED.findall(read_script(site, file.relative_to(site).as_posix()))
            found.setdefault(entry[1] or "", set()).update(named)
    return found


def route_of(collection: Collection, found: Mapping[str, frozenset[str]]) -> str:
    """Return the collection's route: its page names the collection, has its name, or is alone."""
    telling = [route for route, names in found.items() if collection.name in names]
    if len(telling) == 1:
        return telling[0]
    free = [route for route, names in found.items() if not names or collection.name in names]
    if collection.name in free or len(free) != 1:
        return collection.name
    return free[0]


def localized_route_of(
    collection: Collection, found: Mapping[str, frozenset[str]]
) -> tuple[str, str, str] | None:
    """Return the part of the route before the language, its ``...``, and the part after it.

    Return None unless exactly one route of `found` is the collection's.
    """
    telling = [route for route, names in found.items() if collection.name in names]
    chosen = telling or [route for route, names in found.items() if not names]
    language = _LANGUAGE.search(chosen[0]) if len(chosen) == 1 else None
    if language is None:
        return None
    route = chosen[0]
    return route[: language.start()], language[1] or "", route[language.end() :]


def language_of(inner: str) -> str:
    """Return the first folder of `inner` if its name is a language tag; else empty."""
    first, slash, _ = inner.partition("/")
    return first if slash and _LANGUAGE_TAG.fullmatch(first) else ""
