"""Common base of VuePress, VitePress and Valaxy: pages in one folder, settings in a script.

The scripts are not run; their literals are read. Dated pages are posts. Documentation beside a
blog has no dates.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from msgspec.structs import replace

from syndicate.engines.base import Dialect, Settings, Sign
from syndicate.engines.plain import Plain
from syndicate.engines.shared.date_names import SYNONYMS, may_be_date
from syndicate.engines.shared.grammar import LOOSE, Grammar
from syndicate.engines.shared.patterns import glob_regex, matches
from syndicate.engines.shared.permalinks import escape
from syndicate.engines.shared.scripts import (
    block,
    folders_to_look_in,
    is_computed,
    literal,
    members,
    named,
    read_script,
)
from syndicate.files.read import first_there, is_there
from syndicate.model import LeftOut, Place, Problem
from syndicate.text.characters import key_name

__all__ = [
    "VUE_GRAMMAR",
    "VuePages",
    "blocks_of",
    "computed",
    "literals",
    "locales_of",
    "scripts_of",
    "settings_from",
]

VUE_GRAMMAR = replace(LOOSE, emoji=True)
"""Lenient Markdown, with emoji codes, which these generators enable."""
ENDINGS = ("ts", "js", "mts", "mjs", "cts", "cjs")
_OPENINGS = (
    r"(?:\b(?:define|with)\w*(?:<[^>\n]{0,200}>)?\(|export default|module\.exports\s{0,20}=)",
    r"\w\s{0,9}=",
)
"""Text before the object of the settings, and before other objects that may be parts of it."""
_MOST = 50
"""Number of objects of a script that are read."""
_LOCALE = re.compile(r"[\"'`]?(/?[A-Za-z][\w-]*/?|/|root)[\"'`]?\s{0,9}:\s{0,9}\{")
_POST_FOLDERS = frozenset(
    ("blog", "blogs", "posts", "post", "_posts", "articles", "article", "news", "journal")
)
_INDEXES = frozenset(("index", "readme"))


class VuePages(Plain, frozen=True):
    """A site of pages. `pages` is their folder; empty for the blog's own folder.

    `locales` maps the first folder of a page to its language, if the site has several languages.
    """

    dialect: Dialect = "vue"
    grammar: Grammar | None = VUE_GRAMMAR
    languages_apart: bool = True
    updated_keys: tuple[str, ...] = ("lastUpdated", "updated", "lastmod", "modified")
    marks: ClassVar[tuple[str, ...]] = ()
    """Configuration files by which a site is recognised."""
    static: ClassVar[str] = "public"
    """Folder of static files, relative to the pages' folder."""
    pages: str = ""
    locales: Mapping[str, str] = {}
    excluded: tuple[str, ...] = ()

    @classmethod
    def found(cls, root: Path) -> tuple[str, str]:
        """Return the site's folder, as a prefix of paths, and its configuration file.

        Both are empty if there is no site. Raises OSError.
        """
        for base in folders_to_look_in(root):
            if mark := first_there(root, (base + name for name in cls.marks)):
                return base, mark
        return "", ""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for the configuration file. In a folder below the root it is only a hint."""
        base, mark = cls.found(root)
        return Sign(mark, certain=not base) if mark else None

    def enters(self, folder: str) -> LeftOut | None:
        """Enter the folder of the pages, the folders in it, and the folders that lead to it."""
        if not f"{folder}/".startswith(self._prefix) and not self._prefix.startswith(f"{folder}/"):
            return LeftOut(f"{folder}/", "not in the folder of the pages")
        if folder == f"{self._prefix}{self.static}":
            return LeftOut(f"{folder}/", "static files")
        return super().enters(folder)

    def place(self, path: str) -> Place | LeftOut:
        """Take Markdown in the folder of the pages. A folder's index may be a post."""
        file = PurePosixPath(path)
        if not path.startswith(self._prefix):
            return LeftOut(path, "not in the folder of the pages")
        inner = PurePosixPath(self.inner(path))
        if file.suffix.lower() != ".md":
            return LeftOut(path, f"not Markdown ({file.suffix or 'no ending'})")
        if any(matches(glob_regex(glob), str(inner)) for glob in self.excluded):
            return LeftOut(path, "excluded by the site's settings")
        if inner.stem.lower() in _INDEXES:
            if len(inner.parts) == 1 or (inner.parts[0] in self.locales and len(inner.parts) == 2):
                return LeftOut(path, "the home page")
            path = str(file.with_name("index.md"))
        found = super().place(path)
        if isinstance(found, LeftOut):
            return found
        language = self.locales.get(inner.parts[0] if len(inner.parts) > 1 else "", "")
        return Place(draft=found.draft, language=language or self.locales.get("", ""))

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold home pages, pages with `article: false`, and pages without a date."""
        if meta.get("home") is True or meta.get("layout") == "home":
            return "a home page"
        if meta.get("article") is False:
            return "article: false"
        if self._is_dated(path, meta) or self._is_in_posts(path):
            return super().withheld(path, meta)
        return "a page without a date"

    def _is_dated(self, path: str, meta: Mapping[str, Any]) -> bool:
        names = (*SYNONYMS["before-path"], dict.fromkeys(self.date_keys, 0))
        keys = (key for key, value in meta.items() if may_be_date(value))
        return bool(self.file_date(path)) or any(
            key_name(key) in name for key in keys for name in names
        )

    def _is_in_posts(self, path: str) -> bool:
        file = PurePosixPath(self.inner(path))
        return not self.is_index(file) and not _POST_FOLDERS.isdisjoint(file.parts[:-1])

    @property
    def _prefix(self) -> str:
        return f"{self.pages}/" if self.pages else ""

    def inner(self, path: str) -> str:
        """Return `path` relative to the folder of the pages."""
        return path.removeprefix(self._prefix)

    def is_index(self, path: PurePosixPath) -> bool:
        """Return True if the page is its folder's index."""
        return path.stem.lower() in _INDEXES

    def page_address(self, inner: str, ending: str) -> str:
        """Return the address of the page at `inner`: the folder of an index, else with `ending`."""
        file = PurePosixPath(inner)
        path = f"{file.parent}/" if self.is_index(file) else f"{file.with_suffix('')}{ending}"
        return escape(f"/{path.removeprefix('./')}")

    def variables(self) -> Mapping[str, Any]:
        """Return the site's title, description and language, and the folder of the pages."""
        site = self.site
        shown = {"title": site.title, "description": site.description, "lang": site.language}
        return {**shown, "pages": self.pages}


def scripts_of(root: Path, names: Iterable[str]) -> str:
    """Join the scripts that exist, without their comments."""
    return "\n".join(read_script(root, name) for name in names if is_there(root / name))


def blocks_of(text: str) -> str:
    """Return the outermost keys of the objects in the scripts, the settings' keys first."""
    return "\n".join(keys for opening in _OPENINGS for keys in _keys_of(text, opening))


def _keys_of(text: str, opening: str) -> Iterator[str]:
    pattern = re.compile(opening + r"\s{0,20}\{")
    for _ in range(_MOST):
        match = pattern.search(text)
        if match is None:
            return
        inside = block(text[match.start() :], opening)
        yield members(inside)
        text = text[match.end() + len(inside) :]


def literals(text: str, *keys: str) -> str | None:
    """Return the string of the first of `keys` that has one in `text`."""
    return next((found for key in keys if (found := literal(text, key))), None)


def locales_of(text: str) -> dict[str, str]:
    """Return the languages in `locales`, by the folder of their pages ("" is the root)."""
    locales = block(text, r"(?<![\w.$])locales\s{0,20}:")
    found: dict[str, str] = {}
    start = 0
    while len(found) < _MOST and (match := _LOCALE.search(locales, start)):
        inside = block(locales[match.start() :], r"[^{]{0,99}:")
        folder = match[1].strip("/")
        language = literal(members(inside), "lang") or ""
        found.setdefault("" if folder == "root" else folder, language)
        start = match.end() + len(inside)
    spoken = {folder: language for folder, language in found.items() if language}
    return spoken if len(spoken) > 1 else {}


def settings_from(text: str, top: str, url: str | None, author: str | None = None) -> Settings:
    """Read the settings in `top` (outermost keys) and in the root's locale of `text`.

    `author` is the default of the author's name.
    """
    person = members(block(text, r"(?<![\w.$])author\s{0,20}:"))
    root = members(block(block(text, r"(?<![\w.$])locales\s{0,20}:"), r"[\"'`/root]{1,9}\s{0,9}:"))
    path = (named(top, "base", text) or "").strip("/")
    return Settings(
        title=literal(top, "title") or literal(root, "title"),
        url=_below(url, path) if url else None,
        base=f"/{path}" if path else "",
        description=literal(top, "description") or literal(root, "description"),
        language=literal(top, "lang") or literal(root, "lang"),
        author=literal(person, "name") or author,
        author_email=literal(person, "email"),
    )


def computed(script: str, top: str, values: Mapping[str, object]) -> tuple[Problem, ...]:
    """Report the settings of addresses that `script` computes.

    `values` holds these settings, with empty values for unknown ones. `top` holds the script's
    outermost keys.
    """
    unknown = [key for key, value in values.items() if not value and is_computed(top, key)]
    if not unknown:
        return ()
    what = f"{', '.join(unknown)}: computed, not literal, so addresses may be wrong"
    return (Problem(script, "engine-script", what, "set [site] url and [posts] permalink"),)


def _below(url: str, path: str) -> str:
    """Append `path` to `url`, unless `url` ends in it."""
    host = url.rstrip("/")
    return host if not path or host.endswith(f"/{path}") else f"{host}/{path}"
