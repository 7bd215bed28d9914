"""Zola: `config.toml` with `base_url`, pages below `content/`, addresses by their own paths.

Follows the source of version 0.21: Page::parse (slugs, paths, dates in names), FileInfo (colocated
folders, languages), Site::load (pages), slugify_paths. Only pages with a date are posts, as in
Zola's own feeds.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

from syndicate.engines.base import Dialect, Facts, Settings, Sign
from syndicate.engines.plain import Plain
from syndicate.engines.shared.grammars import zola_grammar
from syndicate.engines.shared.patterns import LONGEST, MOST
from syndicate.engines.shared.people import author_in
from syndicate.engines.shared.permalinks import date_placeholders, expand
from syndicate.engines.shared.scripted import joined
from syndicate.engines.shared.settings_files import read_front_matter, read_mapping, settings_of
from syndicate.engines.shared.transliterate import to_ascii
from syndicate.engines.shared.url_parts import folder_of_page
from syndicate.engines.shared.values import as_map
from syndicate.files.read import first_there, is_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Zola"]

CONFIG_FILES = ("zola.toml", "config.toml")

_DATED = re.compile(
    r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?)"
    r"(?:\s?[_-](.+))?",
    re.S,
)
_DATE_IN_PATH = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?=[/-]|$)")
_UNSAFE = re.compile(r"[<>:\"/\\|?*]")


class Zola(Plain, frozen=True):
    """A Zola site. `config` holds its `config.toml`."""

    name: ClassVar[str] = "zola"
    languages_apart: bool = True
    header_required: bool = True
    dialect: Dialect = "zola"

    config: Mapping[str, Any] = {}
    languages: frozenset[str] = frozenset()
    """Codes of the languages, except the default language."""
    draft_sections: frozenset[str] = frozenset()

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for a `config.toml` with `base_url`, which Hugo and this program do not have."""
        for name in CONFIG_FILES:
            if is_there(root / name) and "base_url" in settings_of(root, name):
                return Sign(f"{name} with base_url")
        return None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the configuration and the headers of the sections."""
        name = first_there(root, CONFIG_FILES)
        config, problems = read_mapping(root, name) if name else ({}, ())
        home, faults = _section(root, "content/_index.md")
        drafts = []
        for file in sorted((root / "content").glob("**/_index.md")):
            relative = file.relative_to(root).as_posix()
            section, broken = _section(root, relative)
            faults += broken if relative != "content/_index.md" else ()
            if section.get("draft") is True:
                drafts.append(str(PurePosixPath(relative).parent))
        engine = cls(
            settings=_settings({**_named(home), **_named(config)}, config),
            config=config,
            grammar=zola_grammar(config),
            languages=_languages(config),
            draft_sections=frozenset(drafts),
        )
        return engine, (*problems, *faults)

    def enters(self, folder: str) -> LeftOut | None:
        """Enter `content` and the folders in it, except sections that are drafts."""
        if folder in self.draft_sections and not self.drafts:
            return LeftOut(f"{folder}/", "a section that is a draft")
        if folder == "content" or folder.startswith("content/"):
            return None
        return LeftOut(f"{folder}/", "not in content/")

    def place(self, path: str) -> Place | LeftOut:
        """Take Markdown files that are not sections."""
        file = PurePosixPath(path)
        if file.parts[0] != "content" or len(file.parts) == 1:
            return LeftOut(path, "not in content/")
        if file.name.startswith("."):
            return LeftOut(path, "hidden file")
        if not file.name.endswith(".md"):
            return LeftOut(path, f"not a page ({file.suffix or 'no ending'})")
        if file.name.startswith("_index."):
            return LeftOut(path, "a section, not a page")
        if any(fnmatchcase(path, f"*{glob}") for glob in self._ignored()):
            return LeftOut(path, "ignored by ignored_content")
        folders, _, language = self._parts(path)
        return Place(folders[0] if folders else "posts", language=language)

    def _ignored(self) -> tuple[str, ...]:
        globs = self.config.get("ignored_content")
        found = map(str, globs[:MOST]) if isinstance(globs, list) else ()
        return tuple(glob for glob in found if len(glob) <= LONGEST)

    def _parts(self, path: str) -> tuple[tuple[str, ...], str, str]:
        """Return the folders of the address, the name with slug and date, and the language."""
        file = PurePosixPath(path)
        folders, name = file.parts[1:-1], file.stem
        stem, _, code = name.partition(".")
        language = code if code in self.languages else ""
        name = stem if language else name
        if folders and name == "index":
            return folders[:-1], folders[-1], language
        return folders, name, language

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the page's own folder, `static`, and `content`."""
        folder, _, name = path.rpartition("/")
        is_alone = name.partition(".")[0] == "index" and folder != "content"
        own = (PublicFolder(folder, folder_of_page(url)),) if is_alone else ()
        return (*own, *(PublicFolder(item, self.site.url) for item in ("static", "content")))

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make the taxonomies fields of their own."""
        taxonomies = meta.get("taxonomies")
        return {**taxonomies, **meta} if isinstance(taxonomies, dict) else meta

    def file_date(self, path: str) -> str:
        """Return the RFC 3339 date at the start of the page's name."""
        match = _DATED.match(self._parts(path)[1])
        return match[1] if match else ""

    def file_title(self, path: str) -> str:
        """Return "green tea" for ``2024-05-01-green-tea.md``."""
        name = self._parts(path)[1]
        return re.sub(r"[-_\s]+", " ", _undated(name)).strip() or name

    def other_date(self, path: str, meta: Mapping[str, Any]) -> str:
        """Return the date in the name, else in the page's own `path` (``2015/05/15/x``)."""
        match = _DATE_IN_PATH.search(str(meta.get("path") or ""))
        return self.file_date(path) or ("-".join(match.groups()) if match else "")

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold pages that are not rendered, and pages without a date, as Zola's feeds do."""
        if meta.get("render") is False:
            return "render = false: the post has no page"
        if not meta.get("date") and not self.other_date(path, meta):
            return "a page without a date; Zola's feeds leave it out too"
        return ""

    def variables(self) -> Mapping[str, Any]:
        """Return the configuration."""
        return self.config

    def address(self, facts: Facts) -> str:
        """Use the page's own `path`, the permalink of config.toml, or sections and slug."""
        folders, name, language = self._parts(facts.path)
        slug = self._slug(str(facts.meta.get("slug") or self._undated(name)))
        if own := str(facts.meta.get("path") or "").strip():
            return joined(own, "")
        if self.permalink:
            values = {**date_placeholders(facts.date), "path": "/".join((*folders, slug))}
            values |= {"title": slug, "slug": slug, "name": name}
            values["collection"] = facts.place.collection
            return joined(expand(self.permalink, values))
        return joined(language, *folders, slug, "")

    def _undated(self, name: str) -> str:
        keeps = as_map(self.config.get("slugify")).get("paths_keep_dates") is True
        return name if keeps else _undated(name)

    def _slug(self, text: str) -> str:
        mode = as_map(self.config.get("slugify")).get("paths", "on")
        if mode == "off":
            return text
        return _UNSAFE.sub("", text.rstrip(" .")) if mode == "safe" else _ascii_slug(text)


def _undated(name: str) -> str:
    match = _DATED.match(name)
    return (match and match[2]) or name


def _ascii_slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(text).lower()).strip("-")


def _section(root: Path, name: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    return read_front_matter(root, name) if is_there(root / name) else ({}, ())


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if isinstance(value, str) and value}


def _languages(config: Mapping[str, Any]) -> frozenset[str]:
    """Read ``[languages.fr]``, and the older form ``languages = [{code = "fr"}]``."""
    table = config.get("languages")
    if isinstance(table, list):
        table = {str(row.get("code")): row for row in table if isinstance(row, dict)}
    default = config.get("default_language", "en")
    return frozenset(table if isinstance(table, dict) else ()) - {default}


def _settings(values: Mapping[str, Any], config: Mapping[str, Any]) -> Settings:
    url, extra = config.get("base_url"), config.get("extra")
    author, email = author_in(config, as_map(extra))
    return Settings(
        title=values.get("title"),
        url=url.rstrip("/") if isinstance(url, str) else None,
        description=values.get("description"),
        language=values.get("default_language", "en"),
        author=author,
        author_email=email,
    )
