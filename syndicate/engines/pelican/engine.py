"""Pelican: `pelicanconf.py`, articles below PATH, and the addresses of its `*_URL` settings.

Follows the source of versions 4.0 to 4.12: readers (sources of metadata and their precedence),
contents.Article (slugs and addresses), generators.ArticlesGenerator (articles). The settings are
not executed: see `python_settings`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from msgspec import field

from syndicate.engines.base import Dialect, Engine, Facts, Settings, Sign
from syndicate.engines.pelican.header_forms import read_html_header, read_rst_header
from syndicate.engines.pelican.slug_rules import SUBSTITUTIONS, Substitutions, slugify, strftime
from syndicate.engines.shared.patterns import (
    LONGEST,
    MOST,
    fits,
    glob_regex,
    groups,
    is_regex,
    matches,
)
from syndicate.engines.shared.permalinks import date_placeholders, expand
from syndicate.engines.shared.python_markdown import pelican_grammar
from syndicate.engines.shared.python_settings import read_python
from syndicate.engines.shared.url_parts import encoded, resolved
from syndicate.engines.shared.values import first_text
from syndicate.files.read import is_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Pelican"]

TEXT_ENDINGS = frozenset((".rst", ".md", ".markdown", ".mkd", ".mdown", ".htm", ".html"))
WANTED = {
    "SITENAME": "[site] title", "SITEURL": "[site] url", "AUTHOR": "[site] author",
    "SITESUBTITLE": "[site] description", "TIMEZONE": "[site] timezone",
    "DEFAULT_LANG": "[site] language", "ARTICLE_URL": "[posts] permalink",
    **dict.fromkeys(
        ("PATH", "ARTICLE_PATHS", "ARTICLE_EXCLUDES", "PAGE_PATHS", "ARTICLE_LANG_URL",
         "DRAFT_URL", "DEFAULT_CATEGORY", "DEFAULT_DATE", "DEFAULT_METADATA", "FILENAME_METADATA",
         "PATH_METADATA", "EXTRA_PATH_METADATA", "IGNORE_FILES",
         "USE_FOLDER_AS_CATEGORY", "SLUGIFY_SOURCE",
         "SLUG_REGEX_SUBSTITUTIONS", "SLUGIFY_USE_UNICODE", "SLUGIFY_PRESERVE_CASE"),
        "",
    ),
}  # fmt: skip
DEFAULTS: Mapping[str, Any] = {
    "PATH": ".", "ARTICLE_PATHS": [""], "ARTICLE_EXCLUDES": [], "PAGE_PATHS": ["pages"],
    "ARTICLE_URL": "{slug}.html", "ARTICLE_LANG_URL": "{slug}-{lang}.html",
    "DRAFT_URL": "drafts/{slug}.html", "DRAFT_LANG_URL": "drafts/{slug}-{lang}.html",
    "DEFAULT_LANG": "en", "DEFAULT_CATEGORY": "misc", "USE_FOLDER_AS_CATEGORY": True,
    "CATEGORY_SAVE_AS": "category/{slug}.html", "SLUGIFY_SOURCE": "title",
    "FILENAME_METADATA": r"(?P<date>\d{4}-\d{2}-\d{2}).*", "PATH_METADATA": "",
    "DEFAULT_METADATA": {}, "EXTRA_PATH_METADATA": {}, "IGNORE_FILES": [],
    "STATIC_PATHS": ["images"],
}  # fmt: skip

_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_LINKS = ("{static}", "{attach}", "{filename}", "|static|", "|attach|", "|filename|")
_STATUSES = frozenset(("", "published", "draft", "hidden"))


class Pelican(Engine, frozen=True):
    """A Pelican site. `config` holds its settings, or Pelican's defaults."""

    name: ClassVar[str] = "pelican"
    future: bool = True
    title_from_heading: bool = False
    key_value_headers: bool = True
    updated_keys: tuple[str, ...] = ("modified",)
    category_keys: tuple[str, ...] = ("category",)
    tag_keys: tuple[str, ...] = ("tags",)
    folders_add_categories: bool = False
    dialect: Dialect = "pelican"

    config: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    patterns: tuple[str, ...] = ()
    """FILENAME_METADATA and PATH_METADATA, which match the file's name and its path."""
    slugs: Mapping[str, Substitutions] = {}
    """The settings SLUG_, CATEGORY_ and AUTHOR_REGEX_SUBSTITUTIONS."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for the settings file."""
        return Sign("pelicanconf.py") if is_there(root / "pelicanconf.py") else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literal values of pelicanconf.py, overridden by publishconf.py."""
        values, problems = read_python(root, "pelicanconf.py", WANTED)
        if is_there(root / "publishconf.py"):
            values, more = read_python(root, "publishconf.py", WANTED, values)
            problems = (*problems, *more)
        engine, faults = cls._from(values)
        return engine, (*problems, *faults)

    @classmethod
    def _from(cls, values: Mapping[str, Any]) -> tuple[Self, tuple[Problem, ...]]:
        config = {**DEFAULTS, **dict(_of_the_right_type(values))}
        names = ("FILENAME_METADATA", "PATH_METADATA")
        slugs = {
            kind: config.get(f"{kind}_REGEX_SUBSTITUTIONS")
            for kind in ("SLUG", "CATEGORY", "AUTHOR")
        }
        try:
            patterns = tuple(_pattern(config[name]) for name in names)
            substitutions = {kind: _substitutions(rows) for kind, rows in slugs.items() if rows}
            problems: tuple[Problem, ...] = ()
        except (TypeError, ValueError) as error:
            patterns = tuple(DEFAULTS[name] for name in names)
            substitutions = {}
            what = f"a pattern for names or slugs cannot be read: {error}"
            problems = (Problem("pelicanconf.py", "engine-config", what, "correct the pattern"),)
        grammar, unknown = pelican_grammar(values)
        return cls(
            settings=_settings(values),
            grammar=grammar,
            future=config.get("WITH_FUTURE_DATES") is not False,
            config=config,
            patterns=patterns,
            slugs=substitutions,
        ), (*problems, *unknown)

    def enters(self, folder: str) -> LeftOut | None:
        """Enter PATH and the folders below it, except pages and excluded folders."""
        name = folder.rpartition("/")[2]
        if name.startswith("."):
            return LeftOut(f"{folder}/", "hidden folder")
        if not self._content or folder == self._content or folder.startswith(f"{self._content}/"):
            below = folder.removeprefix(self._content).strip("/")
            return self._kept_out(folder, below) if below else None
        if self._content.startswith(f"{folder}/"):
            return None
        return LeftOut(f"{folder}/", f"Pelican's articles are in {self._content}")

    def _kept_out(self, folder: str, below: str) -> LeftOut | None:
        for key, reason in (
            ("PAGE_PATHS", "pages"),
            ("ARTICLE_EXCLUDES", "excluded by ARTICLE_EXCLUDES"),
        ):
            if below in map(_clean, self.config[key]):
                return LeftOut(f"{folder}/", reason)
        if not self._content and below in ("output", "cache", "themes", "plugins", "__pycache__"):
            return LeftOut(f"{folder}/", "Pelican's own folder")
        paths = [_clean(path) for path in self.config["ARTICLE_PATHS"]]
        if any(f"{below}/".startswith(f"{p}/") or f"{p}/".startswith(f"{below}/") for p in paths):
            return None
        return None if "" in paths else LeftOut(f"{folder}/", "not in ARTICLE_PATHS")

    def place(self, path: str) -> Place | LeftOut:
        """Take the files below PATH and ARTICLE_PATHS that Pelican can read, except pages."""
        below = path.removeprefix(f"{self._content}/") if self._content else path
        if self._content and below == path:
            return LeftOut(path, f"not in {self._content}")
        file = PurePosixPath(below)
        if file.name.startswith("."):
            return LeftOut(path, "hidden file")
        if file.suffix not in TEXT_ENDINGS:
            return LeftOut(path, f"Pelican has no reader for it ({file.suffix or 'no ending'})")
        globs = [glob_regex(item) for item in self.config["IGNORE_FILES"] if isinstance(item, str)]
        if any(matches(glob, file.name) or matches(glob, below) for glob in globs[:MOST]):
            return LeftOut(path, "ignored by IGNORE_FILES")
        for key, reason in (("PAGE_PATHS", "a page"), ("ARTICLE_EXCLUDES", "excluded")):
            if _within(below, self.config[key]):
                return LeftOut(path, reason)
        if not _within(below, self.config["ARTICLE_PATHS"]):
            return LeftOut(path, "not in ARTICLE_PATHS")
        category = self._metadata(path).get("category")
        return Place(categories=(category,) if isinstance(category, str) and category else ())

    @property
    def _content(self) -> str:
        return _clean(self.config["PATH"])

    def _metadata(self, path: str) -> dict[str, Any]:
        """Merge the metadata of the settings and the path; the most specific value wins."""
        below = path.removeprefix(f"{self._content}/") if self._content else path
        metadata: dict[str, Any] = dict(_lowered(self.config["DEFAULT_METADATA"]))
        if self.config["CATEGORY_SAVE_AS"]:
            metadata["category"] = self.config["DEFAULT_CATEGORY"]
        extra = {str(key): value for key, value in self.config["EXTRA_PATH_METADATA"].items()}
        for prefix, values in sorted(extra.items(), key=itemgetter(0)):
            if below == prefix or below.startswith(f"{prefix.rstrip('/')}/"):
                metadata.update(_lowered(values))
        metadata.update(self._path_metadata(below))
        return metadata

    def _path_metadata(self, below: str) -> dict[str, Any]:
        """Return the metadata in the file's name, its path and its folder; the first value wins."""
        file = PurePosixPath(below)
        found: dict[str, Any] = {}
        for pattern, text in zip(self.patterns, (file.stem, below), strict=True):
            for key, value in groups(pattern, text).items() if pattern else ():
                found.setdefault(key.lower(), value)
        as_category = self.config["USE_FOLDER_AS_CATEGORY"] and self.config["CATEGORY_SAVE_AS"]
        if as_category and file.parent.name:
            found.setdefault("category", file.parent.name)
        return found

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Return the metadata of settings and path, except the category and the date."""
        metadata = self._metadata(path)
        return {key: value for key, value in metadata.items() if key not in ("category", "date")}

    def file_date(self, path: str) -> str:
        """Return the date in the file's name or path, else DEFAULT_DATE if it is a date."""
        date = self._metadata(path).get("date") or self.config.get("DEFAULT_DATE")
        if isinstance(date, list) and all(isinstance(part, int) for part in date):
            year, month, day, hour, minute, second = (*date, 0, 0, 0, 0, 0, 0)[:6]
            return f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"
        return date.replace("_", " ") if isinstance(date, str) and date != "fs" else ""

    def file_title(self, path: str) -> str:
        """Return no title, as Pelican does."""
        return ""

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Convert keys to lower case, drop empty fields, and make lists of tags and authors."""
        fields = {key: value for key, value in _lowered(meta) if value not in (None, "")}
        lists: dict[str, Any] = {
            key: _listed(fields[key]) for key in ("tags", "authors") if key in fields
        }
        return {**fields, **lists}

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold posts without a title, or with a status that Pelican does not publish."""
        status = str(meta.get("status") or "").strip().lower()
        if status not in _STATUSES:
            return f"status: {status}"
        return "" if meta.get("title") else "no title"

    def own_header(self, path: str, data: bytes) -> tuple[Mapping[str, Any], int] | None:
        """Read the header of a reStructuredText or HTML file."""
        ending = PurePosixPath(path).suffix.lower()
        if ending == ".rst":
            return read_rst_header(data.decode("utf-8-sig", "replace")), 0
        if ending not in (".html", ".htm"):
            return None
        text = data.decode("utf-8", "surrogateescape")
        fields, offset = read_html_header(text)
        return fields, len(text[:offset].encode("utf-8", "surrogateescape"))

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return PATH, whose linked files are published, and the folders of STATIC_PATHS."""
        names = (_clean(str(item)) for item in self.config["STATIC_PATHS"][:MOST])
        linked = PublicFolder(self._content, self.site.url, aliases=_LINKS)
        static = (
            PublicFolder(
                f"{self._content}/{name}".strip("/"), f"{self.site.url}/{name}".rstrip("/")
            )
            for name in names
        )
        return linked, *static

    def variables(self) -> Mapping[str, Any]:
        """Return the configuration."""
        return self.config

    def address(self, facts: Facts) -> str:
        """Use the post's own `url`, else ARTICLE_URL, DRAFT_URL or the `_LANG_URL` settings."""
        own = facts.meta.get("url")
        if isinstance(own, str) and own:
            return _link(own)
        values = self._values(facts)
        template = self._template(facts, values["lang"])
        if "{" not in template:
            placeholders = {**date_placeholders(facts.date), **values, "title": values["slug"]}
            return _link(expand(template, placeholders))
        date = facts.date.astimezone(ZoneInfo(self.site.timezone))

        def written(match: re.Match[str]) -> str:
            if match[1] == "date":
                return strftime(date, match[2] or "%Y-%m-%d %H:%M:%S%z")
            return values.get(match[1], match[0])

        return _link(_FIELD.sub(written, template))

    def _template(self, facts: Facts, language: str) -> str:
        draft = str(facts.meta.get("status") or "").strip().lower() == "draft"
        if self.permalink and not draft:
            return self.permalink
        kind = "DRAFT" if draft else "ARTICLE"
        main = language == str(self.config["DEFAULT_LANG"]).lower()
        return str(self.config[f"{kind}_URL" if main else f"{kind}_LANG_URL"])

    def _values(self, facts: Facts) -> dict[str, str]:
        meta = {key.lower(): str(value) for key, value in facts.meta.items() if value is not None}
        below = facts.path.removeprefix(f"{self._content}/") if self._content else facts.path
        category = (*facts.categories, *facts.place.categories, "")[0]
        return {
            **meta,
            "path": below,
            "slug": meta.get("slug", "").strip() or self._slug(self._source(facts, below), "SLUG"),
            "lang": meta.get("lang") or str(self.config["DEFAULT_LANG"]).lower(),
            "category": self._slug(category, "CATEGORY"),
            "author": self._slug(_first_author(facts.meta) or self.settings.author or "", "AUTHOR"),
        }

    def _source(self, facts: Facts, below: str) -> str:
        if self.config["SLUGIFY_SOURCE"] == "basename":
            return PurePosixPath(below).stem
        return str(facts.meta.get("title") or facts.title)

    def _slug(self, text: str, kind: str) -> str:
        substitutions = self.slugs.get(kind) or self.slugs.get("SLUG") or SUBSTITUTIONS
        return slugify(
            text,
            substitutions,
            unicode=bool(self.config.get("SLUGIFY_USE_UNICODE")),
            cased=bool(self.config.get("SLUGIFY_PRESERVE_CASE")),
        )


def _of_the_right_type(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values that have the same type as Pelican's defaults."""
    for key, value in values.items():
        default = DEFAULTS.get(key)
        if default is None or isinstance(value, type(default)):
            yield key, value


def _pattern(text: str) -> str:
    """Return `text` if it is a regular expression within bounds. Raises ValueError."""
    if not is_regex(text):
        raise ValueError(
            f"{text[:80]!r} is not a regular expression of at most {LONGEST} characters"
        )
    return text


def _substitutions(rows: Any) -> Substitutions:
    """Parse pairs of a pattern and its replacement. Raises TypeError or ValueError."""
    found = tuple((_pattern(pattern), text) for pattern, text in rows[:MOST])
    for pattern, text in found:
        if not isinstance(text, str) or not fits(pattern, text):
            raise ValueError(f"{text!r} cannot replace {pattern!r}"[:200])
    return found


def _clean(path: Any) -> str:
    """Normalise a folder's path. Return "" if it leads out of the blog's folder."""
    text = normpath(str(path)).strip("/")
    return "" if text == "." or text.startswith("..") else text


def _within(below: str, folders: Any) -> bool:
    return any(
        f"{below}/".startswith(f"{folder}/") or not folder for folder in map(_clean, folders)
    )


def _lowered(values: Any) -> Iterator[tuple[str, Any]]:
    for key, value in values.items() if isinstance(values, dict) else ():
        yield str(key).lower(), value


def _listed(value: Any) -> list[str]:
    """Split names at semicolons, or at commas if there are no semicolons. Drop duplicates."""
    text = str(value)
    names = value if isinstance(value, list) else text.split(";" if ";" in text else ",")
    return [name for name in dict.fromkeys(str(name).strip() for name in names) if name]


def _first_author(meta: Mapping[str, Any]) -> str:
    return str(meta.get("author") or "").strip() or (*_listed(meta.get("authors") or []), "")[0]


def _link(address: str) -> str:
    return encoded(resolved(address))


def _settings(values: Mapping[str, Any]) -> Settings:
    text = partial(first_text, values)
    url = text("SITEURL")
    return Settings(
        title=text("SITENAME"),
        url=url.rstrip("/") if url else None,
        description=text("SITESUBTITLE"),
        language=text("DEFAULT_LANG"),
        timezone=text("TIMEZONE"),
        author=text("AUTHOR"),
    )
