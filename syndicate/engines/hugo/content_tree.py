"""Read Hugo's content folders: pages, bundles, sections, and the front matter of `cascade`.

The tree is walked once, when the site is loaded. Only names and the headers of the list pages
(`_index.md`) are read. Links to folders are not followed.
"""

import os
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from syndicate.engines.hugo.site_config import Language, Mount
from syndicate.engines.hugo.url_rules import normal
from syndicate.engines.shared.patterns import glob_regex, matches
from syndicate.engines.shared.settings_files import read_front_matter, unreadable, unreadable_folder
from syndicate.engines.shared.values import as_map, as_strings, as_text
from syndicate.files.read import is_folder, real_inside
from syndicate.model import Problem

__all__ = [
    "FOREIGN_ENDINGS", "OWN_FOLDERS", "Cascade", "Page", "Section", "Tree", "authors_of",
    "cascades", "handed_down", "locks_of", "main_sections", "page_at", "read_tree", "section_names",
]  # fmt: skip

TEXT_ENDINGS = frozenset((".md", ".markdown", ".mdown", ".html", ".htm"))
FOREIGN_ENDINGS = {
    ".org": "Org mode", ".adoc": "AsciiDoc", ".asciidoc": "AsciiDoc", ".ad": "AsciiDoc",
    ".rst": "reStructuredText", ".pandoc": "Pandoc Markdown", ".pdc": "Pandoc Markdown",
}  # fmt: skip
OWN_FOLDERS = frozenset(
    ("archetypes", "assets", "data", "i18n", "layouts", "public", "resources", "static", "themes")
)
"""Folders of the site that Hugo uses for other things than content."""
_DATE = re.compile(":year|:2006")
_BLOGGISH = frozenset(
    ("post", "posts", "blog", "blogs", "article", "articles", "news", "notes", "writing")
)
_LOCKS = ("encrypted", "encrypt", "password", "protected", "private")
_PARTICULARS = ("email", "uri", "website", "homepage")
_CONTENT_ENDINGS = TEXT_ENDINGS | FOREIGN_ENDINGS.keys()


class Page(Struct, frozen=True):
    """A path below a content folder, in parts. Names are not normalised.

    `folder` is the logical folder ("posts/2024"), without the folder of a leaf bundle. `name` is
    the file's name without language and ending, or the bundle's name. `kind` is "page", "leaf",
    "branch" (`_index`), or "file" if the ending is not one of content.
    """

    folder: str
    name: str
    ending: str
    kind: str
    language: str

    @property
    def path(self) -> str:
        """Return Hugo's logical path of the page: ``/posts/green-tea``."""
        return normal(posixpath.join("/", self.folder, "" if self.kind == "branch" else self.name))

    @property
    def section(self) -> str:
        """Return the first folder, normalised; empty for pages at the root."""
        return normal(self.folder.partition("/")[0])


class Cascade(Struct, frozen=True):
    """Front matter for the pages below. `pages` and `kinds` are regular expressions."""

    values: Mapping[str, Any]
    pages: str = ""
    kinds: str = ""


class Section(Struct, frozen=True):
    """Title and slug of a list page; both may be empty."""

    title: str = ""
    slug: str = ""


class Tree(Struct, frozen=True):
    """Contents of the content folders.

    `headers` maps normalised logical folders to the headers of their list pages ("" is the home
    page). `bundles` are the folders of leaf bundles with more content files than their page.
    `pages` counts the pages in the default language by section, `foreign` the files by markup
    that is not read.
    """

    headers: Mapping[str, Mapping[str, Any]] = {}
    bundles: frozenset[str] = frozenset()
    pages: Mapping[str, int] = {}
    foreign: Mapping[str, int] = {}


def page_at(
    path: str, mounts: Sequence[Mount], languages: Mapping[str, Language], default: str
) -> Page | None:
    """Split a path (relative to the site). Return None outside the content folders."""
    for mount in mounts:
        if mount.folder == "." or path.startswith(f"{mount.folder}/"):
            break
    else:
        return None
    inner = path if mount.folder == "." else path[len(mount.folder) + 1 :]
    folder, _, file = posixpath.join(mount.target, inner).rpartition("/")
    name, ending = posixpath.splitext(file)
    if ending.lower() not in _CONTENT_ENDINGS:
        return Page(folder, file, ending.lower(), "file", mount.language or default)
    stem, dot, suffix = name.rpartition(".")
    language = mount.language or default
    if dot and suffix.lower() in languages:
        name, language = stem, suffix.lower()
    kind = {"index": "leaf", "_index": "branch"}.get(name, "page")
    if kind == "leaf":
        folder, _, name = folder.rpartition("/")
    return Page(folder, name, ending.lower(), kind, language)


def read_tree(
    root: Path, mounts: Sequence[Mount], languages: Mapping[str, Language], default: str
) -> tuple[Tree, tuple[Problem, ...]]:
    """Walk all content folders."""
    walk = _Walk(root, mounts, languages, default)
    for mount in mounts:
        walk.look_into(mount.folder)
    tree = Tree(walk.headers, frozenset(walk.bundles), dict(walk.pages), dict(walk.foreign))
    return tree, tuple(walk.problems)


class _Walk:
    def __init__(
        self, root: Path, mounts: Sequence[Mount], languages: Mapping[str, Language], default: str
    ) -> None:
        self.root, self.rules = root, (mounts, languages, default)
        self.headers: dict[str, Mapping[str, Any]] = {}
        self.bundles: set[str] = set()
        self.pages: Counter[str] = Counter()
        self.foreign: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.seen: set[str] = set()

    def look_into(self, top: str) -> None:
        try:
            real_inside(self.root, top)
        except OSError as error:
            self.problems.append(unreadable(top, error))
            return
        for here, folders, files in os.walk(self.root / top, onerror=self.note):
            folder = Path(here).relative_to(self.root).as_posix()
            if folder in self.seen:
                folders.clear()
                continue
            self.seen.add(folder)
            prefix = "" if folder == "." else f"{folder}/"
            pages = [
                (prefix + file, page)
                for file in sorted(files)
                if (page := page_at(prefix + file, *self.rules)) and page.kind != "file"
            ]
            leaves = [page for _, page in pages if page.kind == "leaf"]
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            if folder == ".":
                folders[:] = [name for name in folders if name not in OWN_FOLDERS]
            if leaves:
                if folders or len(leaves) < len(pages):
                    self.bundles.add(folder)
                folders.clear()
            self.count(leaves or [page for _, page in pages if page.kind == "page"])
            self.read_headers((path, page) for path, page in pages if page.kind == "branch")

    def note(self, error: OSError) -> None:
        if is_folder(error.filename):
            folder = Path(error.filename).relative_to(self.root).as_posix()
            self.problems.append(unreadable_folder(f"{folder}/", error))

    def count(self, pages: list[Page]) -> None:
        default = self.rules[2]
        self.pages.update(page.section for page in pages if page.language == default)
        self.foreign.update(
            FOREIGN_ENDINGS[page.ending] for page in pages if page.ending in FOREIGN_ENDINGS
        )

    def read_headers(self, pages: Iterable[tuple[str, Page]]) -> None:
        """Read the list pages' headers. In a folder with several, the default language wins."""
        default = self.rules[2]
        for path, page in sorted(pages, key=lambda item: item[1].language != default):
            header, problems = read_front_matter(self.root, path)
            self.headers.setdefault(
                normal(page.folder), {key.lower(): value for key, value in header.items()}
            )
            self.problems += problems


def locks_of(head: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a list page that also lock the pages below it (cryptoid)."""
    return {key: head[key] for key in _LOCKS if key in head}


def cascades(value: Any) -> tuple[Cascade, ...]:
    """Parse the value of `cascade`, a mapping or a list of mappings, with keys in lower case."""
    found = []
    for one_item in map(as_map, value if isinstance(value, list) else [value]):
        own = {str(key).lower(): item for key, item in one_item.items()}
        target = as_map(own.pop("target", None) or own.pop("_target", None))
        environment = as_text(target.get("environment")) or "production"
        values = {**as_map(own.pop("params", None)), **own}
        if values and matches(glob_regex(environment), "production"):
            pages = as_text(target.get("path")).lower().replace(" ", "-")
            kinds = as_text(target.get("kind")).lower()
            found.append(Cascade(values, glob_regex(pages), glob_regex(kinds)))
    return tuple(found)


def handed_down(
    path: str, kind: str, folder: str, by_folder: Mapping[str, Sequence[Cascade]]
) -> dict[str, Any]:
    """Return the front matter that the page at `path` inherits from the sections above it.

    `folder` is the nearest folder with a cascade that may apply. The nearest folder wins, then the
    first of a list. The site's own cascade (".") comes last.
    """
    values: dict[str, Any] = {}
    while True:
        for cascade in by_folder.get(folder, ()):
            if _reaches(cascade, path, kind):
                values = {**cascade.values, **values}
        if folder == ".":
            return values
        folder = folder.rpartition("/")[0] if folder else "."


def _reaches(cascade: Cascade, path: str, kind: str) -> bool:
    if cascade.pages and not matches(cascade.pages, path):
        return False
    return not cascade.kinds or matches(cascade.kinds, kind)


def section_names(
    tree: Tree, wanted: frozenset[str], by_folder: Mapping[str, Sequence[Cascade]]
) -> dict[str, Section]:
    """Return title and slug of the sections in `wanted`, inherited values included."""
    found = {}
    for folder in sorted({*tree.headers, *tree.pages}):
        if folder and folder.partition("/")[0] in wanted:
            own = tree.headers.get(folder, {})
            values = {**handed_down(f"/{folder}", "section", folder, by_folder), **own}
            slug = as_text(values.get("slug")).strip("-")
            found[folder] = Section(as_text(values.get("title")), slug)
    return found


def main_sections(config: Mapping[str, Any], tree: Tree) -> frozenset[str]:
    """Return the sections with posts; only "" if the site has no sections.

    Without `mainSections`, Hugo uses the largest section. A section whose permalink has a date is
    a surer choice, because documentation is often larger than the blog beside it.
    """
    params = as_map(config.get("params"))
    named = as_strings(config.get("mainsections") or params.get("mainsections"))
    if named:
        return frozenset(normal(name.strip("/")) for name in named)
    sizes = {section: size for section, size in tree.pages.items() if section}
    if not sizes:
        return frozenset(("",))
    largest = max(sorted(sizes), key=lambda section: sizes[section])
    permalinks = as_map(config.get("permalinks"))
    patterns = {**permalinks, **as_map(permalinks.get("page"))}
    dated = {section for section in sizes if _DATE.search(as_text(patterns.get(section)))}
    return frozenset(dated | {largest} if largest in _BLOGGISH or not dated else dated)


def authors_of(headers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the authors of the taxonomy "authors", by their names in posts."""
    people = {}
    for folder, header in headers.items():
        top, _, name = folder.partition("/")
        if top == "authors" and name and "/" not in name:
            title = as_text(header.get("display_name") or header.get("title")) or name
            kept = {key: header[key] for key in _PARTICULARS if key in header}
            people[name] = {"name": title, **kept}
    return people
