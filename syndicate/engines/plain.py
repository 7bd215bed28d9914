"""A plain folder of Markdown or HTML files, written by hand or for a generator we do not know.

Every text file is a post unless its name or folder says otherwise. The date comes from the front
matter, the file's name or its folders; the address is the file's path without its ending
(``/notes/tea/``), or as it is for HTML (``/notes/tea.html``).
"""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Self
from zoneinfo import ZoneInfo

from syndicate.engines.addresses import resolved
from syndicate.engines.base import Dialect, Engine, Facts, Hint
from syndicate.engines.date_names import Synonyms
from syndicate.engines.permalinks import date_placeholders, escape, expand, slugify
from syndicate.engines.quartz import Quartz, read_quartz
from syndicate.files.read import is_folder
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Plain"]

POST_ENDINGS = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".html", ".htm"))
HTML_ENDINGS = frozenset((".html", ".htm"))

_FOLDERS_WITHOUT_POSTS = {
    "archetypes": "scaffold",
    "scaffolds": "scaffold",
    "templates": "templates",
    "_templates": "templates",
    "layouts": "templates",
    "_layouts": "templates",
    "_includes": "templates",
    "themes": "templates",
    "node_modules": "installed packages",
    "vendor": "installed packages",
    "_site": "the built site",
    "static": "static files",
    "assets": "static files",
    "private": "private files",
    "_private": "private files",
}
_NOT_POSTS = frozenset(
    ("readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "security",
     "404", "_index")
)  # fmt: skip
_DRAFT_FOLDERS = frozenset(("_drafts", "drafts"))
_DATED_NAME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_ ]+(.*))?$|(\d{4})(\d\d)(\d\d)(?:[-_ ]+(.*))?$"
)
_DATED_FOLDERS = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})[-/](\d{1,2})(?:/|[-_])")
_WRAPPING = re.compile(r"(?:(?:src|source|content|pages)/)+")
"""Folders that hold the whole site's texts; no site has them in its addresses."""


class Plain(Engine, frozen=True):
    """The plain folder."""

    key_value_headers: bool = True
    date_synonyms: Synonyms = "before-path"
    quartz: Quartz = Quartz()
    """What the settings of a vault that Quartz publishes keep private."""

    @classmethod
    def recognise(cls, root: Path) -> str | None:
        """Any folder can be a plain one; others are asked first."""
        return Hint("no site generator's files were found") if is_folder(root) else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """A plain folder has no configuration of its own, save what Quartz keeps private.

        Notes of Obsidian are known by its folder `.obsidian`.
        """
        dialect: Dialect = "obsidian" if is_folder(root / ".obsidian") else ""
        return cls(quartz=read_quartz(root), dialect=dialect), ()

    def enters(self, folder: str) -> LeftOut | None:
        """Not hidden folders, nor those that hold templates or packages."""
        name = folder.rpartition("/")[2]
        if name.startswith("."):
            return LeftOut(f"{folder}/", "hidden folder")
        if self.quartz.ignores(folder):
            return LeftOut(f"{folder}/", "kept private by ignorePatterns of Quartz")
        reason = _FOLDERS_WITHOUT_POSTS.get(name.lower())
        return LeftOut(f"{folder}/", reason) if reason else None

    def place(self, path: str) -> Place | LeftOut:
        """Text files that are not the folder's own papers."""
        file = PurePosixPath(path)
        if file.name.startswith("."):
            return LeftOut(path, "hidden file")
        if self.quartz.ignores(path):
            return LeftOut(path, "kept private by ignorePatterns of Quartz")
        if file.suffix.lower() not in POST_ENDINGS:
            return LeftOut(path, f"not Markdown or HTML ({file.suffix or 'no ending'})")
        if file.stem.lower() in _NOT_POSTS:
            return LeftOut(path, f"{file.stem} is not a post")
        if file.stem.lower() == "index" and len(file.parts) == 1:
            return LeftOut(path, "the home page")
        return Place(draft=any(part.lower() in _DRAFT_FOLDERS for part in file.parts[:-1]))

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Notes without `publish: true`, where Quartz is told to publish no others."""
        if not self.quartz.explicit or str(meta.get("publish")).strip().lower() == "true":
            return ""
        return "no publish: true, which ExplicitPublish of Quartz asks for"

    def file_date(self, path: str) -> str:
        """``2024-05-01-tea.md``, ``20240501.md``, ``2024/05/01/tea.md``, ``2024/05-01-tea.md``."""
        stem = _named(path)
        found = _DATED_NAME.match(stem) or _DATED_FOLDERS.search(path)
        return "-".join([g for g in found.groups() if g][:3]) if found else ""

    def file_title(self, path: str) -> str:
        """``2024-05-01-green-tea.md`` -> "green tea"; a bare date stays."""
        stem = _named(path)
        return re.sub(r"[-_\s]+", " ", _without_date(stem)).strip() or stem

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """The blog's folder, and the one that holds the whole site's texts."""
        wrapping = _WRAPPING.match(path)
        around = (PublicFolder(wrapping[0].rstrip("/"), self.site.url),) if wrapping else ()
        return (*around, PublicFolder("", self.site.url))

    def address(self, facts: Facts) -> str:
        """By the permalink of the front matter, of config.toml, or the path."""
        path = _WRAPPING.sub("", facts.path, count=1) if _WRAPPING.match(facts.path) else facts.path
        template = str(facts.meta.get("permalink") or self.permalink)
        if not template:
            return escape(resolved(_at(PurePosixPath(path))))
        slug = slugify(str(facts.meta.get("slug") or _without_date(_named(facts.path))))
        values = {
            **date_placeholders(facts.date.astimezone(ZoneInfo(self.site.timezone))),
            "path": str(PurePosixPath(path).with_suffix("")),
            "name": PurePosixPath(facts.path).stem,
            "title": slug,
            "slug": slug,
            "categories": "/".join(slugify(c) for c in facts.categories),
        }
        return escape(resolved(expand(template, values)))


def _at(file: PurePosixPath) -> str:
    """Where a file is served by its path: HTML as it is, Markdown as a folder."""
    if file.suffix.lower() in HTML_ENDINGS:
        return str(file).removesuffix("index.html")
    return f"{file.parent}/" if file.stem == "index" else f"{file.with_suffix('')}/"


def _named(path: str) -> str:
    """The name that says what a file is: its own, or its folder's for an index file."""
    file = PurePosixPath(path)
    return file.parent.name if file.stem == "index" and file.parent.name else file.stem


def _without_date(stem: str) -> str:
    found = _DATED_NAME.match(stem)
    return (found[4] or found[8] or stem) if found else stem
