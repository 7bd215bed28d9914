"""A plain folder of Markdown or HTML files, for no generator or an unknown one.

Every text file is a post, except for certain names and folders. The date comes from the front
matter, the file's name or its folders. The address is the file's path: without the ending for
Markdown (``/notes/tea/``), unchanged for HTML (``/notes/tea.html``).
"""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Self
from zoneinfo import ZoneInfo

from syndicate.engines.base import Dialect, Engine, Facts, Sign
from syndicate.engines.quartz.private_notes import Quartz, read_quartz
from syndicate.engines.shared.date_names import Synonyms
from syndicate.engines.shared.permalinks import date_placeholders, escape, expand, slugify
from syndicate.engines.shared.url_parts import resolved
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
"""Folders that hold all texts of a site, and are not part of addresses."""


class Plain(Engine, frozen=True):
    """A plain folder of texts."""

    key_value_headers: bool = True
    date_synonyms: Synonyms = "before-path"
    quartz: Quartz = Quartz()
    """Notes that the settings of a vault for Quartz keep private."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Recognise any folder, as a hint: other engines win."""
        return Sign("no files of a site generator", certain=False) if is_folder(root) else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the settings of Quartz, if any. A folder `.obsidian` means notes of Obsidian."""
        dialect: Dialect = "obsidian" if is_folder(root / ".obsidian") else ""
        return cls(quartz=read_quartz(root), dialect=dialect), ()

    def enters(self, folder: str) -> LeftOut | None:
        """Skip hidden folders, and folders of templates, packages or static files."""
        name = folder.rpartition("/")[2]
        if name.startswith("."):
            return LeftOut(f"{folder}/", "hidden folder")
        if self.quartz.ignores(folder):
            return LeftOut(f"{folder}/", "kept private by ignorePatterns of Quartz")
        reason = _FOLDERS_WITHOUT_POSTS.get(name.lower())
        return LeftOut(f"{folder}/", reason) if reason else None

    def place(self, path: str) -> Place | LeftOut:
        """Take text files, except the home page and files such as README and LICENSE."""
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
        """Withhold notes without `publish: true` if Quartz has ExplicitPublish."""
        if not self.quartz.explicit or str(meta.get("publish")).strip().lower() == "true":
            return ""
        return "no publish: true, which ExplicitPublish of Quartz requires"

    def file_date(self, path: str) -> str:
        """Return the date of ``2024-05-01-tea.md``, ``20240501.md`` or ``2024/05/01/tea.md``."""
        stem = _named(path)
        match = _DATED_NAME.match(stem) or _DATED_FOLDERS.search(path)
        return "-".join([g for g in match.groups() if g][:3]) if match else ""

    def file_title(self, path: str) -> str:
        """Return "green tea" for ``2024-05-01-green-tea.md``. A date without a name stays."""
        stem = _named(path)
        return re.sub(r"[-_\s]+", " ", _without_date(stem)).strip() or stem

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the folder that holds all texts of the site, and the blog's folder."""
        wrapping = _WRAPPING.match(path)
        around = (PublicFolder(wrapping[0].rstrip("/"), self.site.url),) if wrapping else ()
        return (*around, PublicFolder("", self.site.url))

    def address(self, facts: Facts) -> str:
        """Use the permalink of the front matter, the permalink of config.toml, or the path."""
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
    """Return the address of a file: HTML at its path, Markdown as a folder."""
    if file.suffix.lower() in HTML_ENDINGS:
        return str(file).removesuffix("index.html")
    return f"{file.parent}/" if file.stem == "index" else f"{file.with_suffix('')}/"


def _named(path: str) -> str:
    """Return the file's own name, or its folder's name for an index file."""
    file = PurePosixPath(path)
    return file.parent.name if file.stem == "index" and file.parent.name else file.stem


def _without_date(stem: str) -> str:
    match = _DATED_NAME.match(stem)
    return (match[4] or match[8] or stem) if match else stem
