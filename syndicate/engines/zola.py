"""Zola: `config.toml` with `base_url`, pages below `content/`, addresses by their own paths.

Read from its source, version 0.21: Page::parse (slugs, paths, dates of names), FileInfo
(colocated folders, languages), Site::load (what is a page), slugify_paths. Zola's feeds carry
the pages that have a date, and so do ours.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

from syndicate.engines.addresses import folder_of_page
from syndicate.engines.base import Dialect, Facts, Settings
from syndicate.engines.files import read_front_matter, read_mapping, settings_of
from syndicate.engines.grammars import zola_grammar
from syndicate.engines.patterns import LONGEST, MOST
from syndicate.engines.people import author_in
from syndicate.engines.permalinks import date_placeholders, expand
from syndicate.engines.plain import Plain
from syndicate.engines.scripted import joined
from syndicate.engines.transliterate import to_ascii
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
    """A Zola site. `config` is what its `config.toml` says."""

    name: ClassVar[str] = "zola"
    languages_apart: bool = True
    header_required: bool = True
    dialect: Dialect = "zola"

    config: Mapping[str, Any] = {}
    languages: frozenset[str] = frozenset()
    """The codes of the languages besides the default one."""
    draft_sections: frozenset[str] = frozenset()

    @classmethod
    def recognise(cls, root: Path) -> str | None:
        """By a `config.toml` with `base_url`, which neither Hugo's nor this program's has."""
        for name in CONFIG_FILES:
            if is_there(root / name) and "base_url" in settings_of(root, name):
                return f"{name} with base_url"
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
        """`content` and what is in it, but for sections that are drafts."""
        if folder in self.draft_sections and not self.drafts:
            return LeftOut(f"{folder}/", "a section that is a draft")
        if folder == "content" or folder.startswith("content/"):
            return None
        return LeftOut(f"{folder}/", "not in content/")

    def place(self, path: str) -> Place | LeftOut:
        """Pages: the Markdown files that are not sections."""
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
            return LeftOut(path, "ignored_content of config.toml")
        folders, _, language = self._parts(path)
        return Place(folders[0] if folders else "posts", language=language)

    def _ignored(self) -> tuple[str, ...]:
        globs = self.config.get("ignored_content")
        found = map(str, globs[:MOST]) if isinstance(globs, list) else ()
        return tuple(glob for glob in found if len(glob) <= LONGEST)

    def _parts(self, path: str) -> tuple[tuple[str, ...], str, str]:
        """The folders that are in the address, the name that gives slug and date, the language."""
        file = PurePosixPath(path)
        folders, name = file.parts[1:-1], file.stem
        stem, _, code = name.partition(".")
        language = code if code in self.languages else ""
        name = stem if language else name
        if folders and name == "index":
            return folders[:-1], folders[-1], language
        return folders, name, language

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """The page's own folder, the static files, and the sections' folders."""
        folder, _, name = path.rpartition("/")
        is_alone = name.partition(".")[0] == "index" and folder != "content"
        own = (PublicFolder(folder, folder_of_page(url)),) if is_alone else ()
        return (*own, *(PublicFolder(each, self.site.url) for each in ("static", "content")))

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """The header with its taxonomies as fields of their own."""
        taxonomies = meta.get("taxonomies")
        return {**taxonomies, **meta} if isinstance(taxonomies, dict) else meta

    def file_date(self, path: str) -> str:
        """The RFC 3339 date that the page's name begins with."""
        found = _DATED.match(self._parts(path)[1])
        return found[1] if found else ""

    def file_title(self, path: str) -> str:
        """``2024-05-01-green-tea.md`` -> "green tea"."""
        name = self._parts(path)[1]
        return re.sub(r"[-_\s]+", " ", _undated(name)).strip() or name

    def other_date(self, path: str, meta: Mapping[str, Any]) -> str:
        """The date of the name, else the one in the page's own `path` (``2015/05/15/x``)."""
        found = _DATE_IN_PATH.search(str(meta.get("path") or ""))
        return self.file_date(path) or ("-".join(found.groups()) if found else "")

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Pages that are not rendered, and those without a date, which are in no feed of Zola's."""
        if meta.get("render") is False:
            return "render = false: it has no page of its own"
        if not meta.get("date") and not self.other_date(path, meta):
            return "a page without a date: Zola's feeds leave it out too"
        return ""

    def variables(self) -> Mapping[str, Any]:
        """The configuration."""
        return self.config

    def address(self, facts: Facts) -> str:
        """The page's own `path`, the permalink of config.toml, or sections and slug."""
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
        keeps = _table(self.config, "slugify").get("paths_keep_dates") is True
        return name if keeps else _undated(name)

    def _slug(self, text: str) -> str:
        mode = _table(self.config, "slugify").get("paths", "on")
        if mode == "off":
            return text
        return _UNSAFE.sub("", text.rstrip(" .")) if mode == "safe" else _ascii_slug(text)


def _undated(name: str) -> str:
    found = _DATED.match(name)
    return (found and found[2]) or name


def _ascii_slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(text).lower()).strip("-")


def _section(root: Path, name: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    return read_front_matter(root, name) if is_there(root / name) else ({}, ())


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if isinstance(value, str) and value}


def _table(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    return value if isinstance(value, dict) else {}


def _languages(config: Mapping[str, Any]) -> frozenset[str]:
    """``[languages.fr]``, and ``languages = [{code = "fr"}]`` of old."""
    said = config.get("languages")
    if isinstance(said, list):
        said = {str(each.get("code")): each for each in said if isinstance(each, dict)}
    default = config.get("default_language", "en")
    return frozenset(said if isinstance(said, dict) else ()) - {default}


def _settings(values: Mapping[str, Any], config: Mapping[str, Any]) -> Settings:
    url, extra = config.get("base_url"), config.get("extra")
    author, email = author_in(config, extra if isinstance(extra, dict) else {})
    return Settings(
        title=values.get("title"),
        url=url.rstrip("/") if isinstance(url, str) else None,
        description=values.get("description"),
        language=values.get("default_language", "en"),
        author=author,
        author_email=email,
    )
