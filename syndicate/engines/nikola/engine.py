"""Nikola: `conf.py`, the folders of POSTS, and addresses of folder and slug.

Follows the source of version 8.3: ScanPosts (posts), metadata_extractors and post.get_meta
(headers, `.meta` files), Post.permalink, utils.slugify and encodelink. The settings are not
executed: see `python_settings`.
"""

import re
import unicodedata
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache, reduce
from itertools import islice
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any, ClassVar, Self
from urllib.parse import quote, unquote

from msgspec import Struct

from syndicate.engines.base import Dialect, Engine, Facts, Settings, Sign
from syndicate.engines.nikola.link_targets import pretty_link, slugify
from syndicate.engines.pelican.header_forms import read_rst_header
from syndicate.engines.shared.patterns import LONGEST, MOST, groups, is_regex
from syndicate.engines.shared.permalinks import date_placeholders, expand
from syndicate.engines.shared.python_markdown import nikola_grammar
from syndicate.engines.shared.python_settings import read_python
from syndicate.engines.shared.url_parts import resolved
from syndicate.engines.shared.values import as_text
from syndicate.files.read import head_inside
from syndicate.model import LeftOut, Markup, Place, Problem, PublicFolder

__all__ = ["Nikola", "read_nikola_header"]

TEXT_ENDINGS = frozenset((".rst", ".txt", ".md", ".mdown", ".markdown", ".html", ".htm"))
WANTED = {
    "BLOG_TITLE": "[site] title", "SITE_URL": "[site] url", "BASE_URL": "[site] url",
    "BLOG_AUTHOR": "[site] author", "BLOG_DESCRIPTION": "[site] description",
    "DEFAULT_LANG": "[site] language", "TIMEZONE": "[site] timezone",
    "PRETTY_URLS": "[posts] permalink", "STRIP_INDEXES": "[posts] permalink",
    **dict.fromkeys(("POSTS", "TRANSLATIONS", "TRANSLATIONS_PATTERN", "FILE_METADATA_REGEXP"), ""),
}  # fmt: skip

_HEADER_LINE = re.compile(r"\s*\.\. ([^:]+):(?: (.*)|$)")
_UNTITLED = ("", "NO TITLE")
"""Titles that Nikola does not show. Its importer of WordPress writes the second."""
_IMAGES = {"images": "images"}
_UTC_OFFSET = re.compile(r" UTC([+-]\d\d:\d\d)")
_MARKUPS: Mapping[str, Markup] = {"rest": "rst", "markdown": "markdown", "html": "html"}
_YES, _NO = frozenset(("true", "yes", "1")), frozenset(("false", "no", "0"))


class _Found(Struct, frozen=True):
    """A post's folder below the site, its language, and its name without the language."""

    folder: str
    language: str
    stem: str


class Nikola(Engine, frozen=True):
    """A Nikola site. `config` holds the settings of its `conf.py`."""

    name: ClassVar[str] = "nikola"
    dialect: Dialect = "nikola"
    languages_apart: bool = True
    title_from_heading: bool = False
    updated_keys: tuple[str, ...] = ("updated",)
    category_keys: tuple[str, ...] = ("category", "section")
    tag_keys: tuple[str, ...] = ("tags",)
    folders_add_categories: bool = False

    config: Mapping[str, Any] = {}
    file_pattern: str = ""
    """The setting FILE_METADATA_REGEXP, which matches fields in a post's path."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for a `conf.py` with Nikola's settings. (Sphinx has a file of this name too.)"""
        try:
            data = head_inside(root, "conf.py", 512 * 1024)
        except (FileNotFoundError, NotADirectoryError):
            return None
        match = re.search(rb"^(POSTS|BLOG_TITLE)\s*=", data, re.M)
        return Sign(f"conf.py ({match[1].decode()})") if match else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literal values of conf.py."""
        values, problems = read_python(root, "conf.py", WANTED)
        engine, faults = cls._from(values)
        return engine, (*problems, *faults)

    @classmethod
    def _from(cls, values: Mapping[str, Any]) -> tuple[Self, tuple[Problem, ...]]:
        value = values.get("FILE_METADATA_REGEXP")
        pattern = value if isinstance(value, str) and is_regex(value) else ""
        problems: tuple[Problem, ...] = ()
        if isinstance(value, str) and value != pattern:
            what = (
                f"FILE_METADATA_REGEXP is not a regular expression of at most {LONGEST} characters"
            )
            problems = (Problem("conf.py", "engine-config", what, "correct the expression"),)
        settings = _settings(values)
        future = values.get("FUTURE_IS_NOW") is True
        grammar, unknown = nikola_grammar(values)
        engine = cls(
            settings=settings,
            future=future,
            config=values,
            file_pattern=pattern,
            grammar=grammar,
        )
        return engine, (*problems, *unknown)

    def enters(self, folder: str) -> LeftOut | None:
        """Enter the folders of POSTS, and the folders that lead to them."""
        if folder.rpartition("/")[2].startswith("."):
            return LeftOut(f"{folder}/", "hidden folder")
        for base, _, _ in self._sources:
            if f"{folder}/".startswith(f"{base}/") or f"{base}/".startswith(f"{folder}/"):
                return None
        return LeftOut(f"{folder}/", "not a folder of POSTS")

    def place(self, path: str) -> Place | LeftOut:
        """Take files that a pattern of POSTS matches, in a markup that can be read."""
        found = self._found(path)
        if PurePosixPath(path).suffix == ".meta":
            return LeftOut(path, "the header of the post beside it")
        if not found:
            return LeftOut(path, "not matched by a pattern of POSTS")
        if PurePosixPath(path).suffix not in TEXT_ENDINGS:
            return LeftOut(path, f"in a markup that is not read ({PurePosixPath(path).suffix})")
        language = found.language if found.language != self._language else ""
        return Place(categories=self._category(found), language=language)

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the folders of FILES_FOLDERS and IMAGE_FOLDERS with their targets."""
        folders: dict[str, Any] = {}
        for key, default in (("FILES_FOLDERS", {"files": ""}), ("IMAGE_FOLDERS", _IMAGES)):
            value = self.config.get(key)
            folders |= value if isinstance(value, dict) else default
        return tuple(
            PublicFolder(
                normpath(str(folder)), f"{self.site.url}/{str(target).strip('/')}".rstrip("/")
            )
            for folder, target in islice(folders.items(), MOST)
        )

    def sidecars(self, path: str) -> tuple[str, ...]:
        """Return the `.meta` file; for a translation also the original post and its `.meta`."""
        file = PurePosixPath(path)
        name, language = self._untranslated(file.name)
        first = file.with_name(name)
        meta = str(first.with_suffix(".meta"))
        if name == file.name:
            return (meta,)
        return (str(first), meta, self._translated(meta, language))

    @property
    def _sources(self) -> list[tuple[str, str, Any]]:
        """Return the rows of POSTS: the folder, the pattern of names, the target."""
        posts = self.config.get("POSTS") or [["posts/*.txt", "posts", ""]]
        rows = [row for row in islice(posts, MOST) if isinstance(row, list) and len(row) > 1]
        return [
            (normpath(folder), names, row[1])
            for row in rows
            for folder, _, names in [str(row[0]).rpartition("/")]
            if folder and len(names) <= LONGEST
        ]

    @property
    def _language(self) -> str:
        return str(self.config.get("DEFAULT_LANG") or "en")

    @property
    def _languages(self) -> Mapping[str, Any]:
        folders = self.config.get("TRANSLATIONS")
        return folders if isinstance(folders, dict) and folders else {self._language: ""}

    @property
    def _pattern(self) -> str:
        return str(self.config.get("TRANSLATIONS_PATTERN") or "{path}.{lang}.{ext}")[:LONGEST]

    def _translated(self, name: str, language: str) -> str:
        stem, _, ending = name.rpartition(".")
        pairs = (("{lang}", language), ("{ext}", ending), ("{path}", stem))
        return reduce(lambda text, pair: text.replace(*pair), pairs, self._pattern)

    def _found(self, path: str) -> _Found | None:
        file = PurePosixPath(path)
        name, language = self._untranslated(file.name)
        for folder, pattern, target in self._sources:
            if not path.startswith(f"{folder}/") or name.startswith("."):
                continue
            if fnmatchcase(name, pattern):
                top = target.get(language, "") if isinstance(target, dict) else target
                below = str(file.parent)[len(folder) :].strip("/")
                return _Found(f"{top}/{below}".strip("/"), language, PurePosixPath(name).stem)
        return None

    def _untranslated(self, name: str) -> tuple[str, str]:
        """Return the name of the post that `name` translates, and the language of `name`."""
        others = tuple(str(code) for code in self._languages if code != self._language)
        match = _translation(self._pattern, others).fullmatch(name) if others else None
        return (
            (f"{match['path']}.{match['ext']}", match["lang"]) if match else (name, self._language)
        )

    def _category(self, found: _Found) -> tuple[str, ...]:
        if not self.config.get("CATEGORY_DESTPATH_AS_DEFAULT") or not found.folder:
            return ()
        first = self.config.get("CATEGORY_DESTPATH_FIRST_DIRECTORY_ONLY") is not False
        name = found.folder.split("/")[0] if first else found.folder
        by_language = self.config.get("CATEGORY_DESTPATH_NAMES")
        names = by_language.get(found.language) if isinstance(by_language, dict) else None
        return (str(names.get(name, name)) if isinstance(names, dict) else name,)

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Return the fields that FILE_METADATA_REGEXP matches in the path, except the date."""
        return {key: value for key, value in self._named(path).items() if key != "date"}

    def _named(self, path: str) -> dict[str, str]:
        named = groups(self.file_pattern, path) if self.file_pattern else {}
        fields = {key.lower(): value for key, value in named.items()}
        if "title" in fields and self.config.get("FILE_METADATA_UNSLUGIFY_TITLES") is not False:
            fields["title"] = re.sub(r"[_\-.]", " ", fields["title"]).strip().capitalize()
        return fields

    def file_date(self, path: str) -> str:
        """Return the date that FILE_METADATA_REGEXP matches in the path."""
        return self._named(path).get("date", "")

    def file_title(self, path: str) -> str:
        """Return the file's name unchanged, as Nikola does."""
        found = self._found(path)
        return found.stem if found else PurePosixPath(path).stem

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold posts with the tags `draft` and `private`, unless USE_TAG_METADATA is off."""
        if self.config.get("USE_TAG_METADATA") is False:
            return ""
        value = meta.get("tags")
        tags = value if isinstance(value, list) else str(value or "").split(",")
        for tag in tags:
            word = str(tag).strip().lower()
            if word == "private" or (word == "draft" and not self.drafts):
                return f"tag: {word}"
        return ""

    def own_header(self, path: str, data: bytes) -> tuple[Mapping[str, Any], int] | None:
        """Read the ``.. title:`` lines at the top, and reStructuredText's fields if enabled."""
        text = data.decode("utf-8-sig", "replace")
        if text.lstrip("\ufeff").startswith(("---\n", "+++\n")):
            return None
        fields: dict[str, Any] = {}
        if self.config.get("USE_REST_DOCINFO_METADATA") and path.endswith((".rst", ".txt")):
            fields = read_rst_header(text)
        return {**fields, **read_nikola_header(text)}, 0

    def markup(self, path: str) -> Markup:
        """Return the markup of the ending in COMPILERS; ``.txt`` is reStructuredText."""
        ending = PurePosixPath(path).suffix
        compilers = self.config.get("COMPILERS")
        for name, endings in compilers.items() if isinstance(compilers, dict) else ():
            if name in _MARKUPS and isinstance(endings, list) and ending in endings:
                return _MARKUPS[name]
        return "rst" if ending == ".txt" else super().markup(path)

    def variables(self) -> Mapping[str, Any]:
        """Return the configuration."""
        return self.config

    def address(self, facts: Facts) -> str:
        """Use ``/LANGUAGE/FOLDER/SLUG/``, or the permalink of config.toml."""
        found = self._found(facts.path) or _Found("", self._language, "")
        slug = str(facts.meta.get("slug") or "") or slugify(found.stem, self.config)
        if self.permalink:
            values = {**date_placeholders(facts.date), "slug": slug, "title": slug}
            return _link(expand(self.permalink, values))
        pretty = self._pretty(facts.meta.get("pretty_url"), slug)
        last = f"{slug}/index.html" if pretty else f"{slug}.html"
        path = resolved(f"{self._languages.get(found.language, '')}/{found.folder}/{last}")
        return _link(pretty_link(path, self.config))

    def _pretty(self, value: Any, slug: str) -> bool:
        word = str(value if value is not None else "").strip().lower()
        if word:
            return word in _YES
        return self.config.get("PRETTY_URLS") is not False and slug != "index"


@cache
def _translation(pattern: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    groups = {
        "{path}": "(?P<path>.+)",
        "{lang}": f"(?P<lang>{'|'.join(map(re.escape, languages))})",
        "{ext}": r"(?P<ext>[^./]+)",
    }
    parts = re.split(r"(\{path\}|\{lang\}|\{ext\})", pattern)
    try:
        return re.compile("".join(groups.get(part, re.escape(part)) for part in parts))
    except re.error:  # a mark that comes twice
        return _translation("{path}.{lang}.{ext}", languages)


def read_nikola_header(text: str) -> dict[str, str]:
    """Read ``.. name: value`` lines, in a post or a `.meta` file, up to the first blank line."""
    block = text.removeprefix("\ufeff").lstrip().replace("\r\n", "\n").partition("\n\n")[0]
    found = {}
    for line in block.split("\n"):
        match = _HEADER_LINE.match(line)
        value = (match[2] or "").strip() if match else ""
        if match and match[1] == "title" and value in _UNTITLED:
            found["title"] = ""
        elif match and value:
            found[match[1]] = _UTC_OFFSET.sub(r"\1", value)
    return found


def _link(path: str) -> str:
    return quote(unquote(unicodedata.normalize("NFC", resolved(path))), safe="/~")


def _settings(values: Mapping[str, Any]) -> Settings:
    language = str(values.get("DEFAULT_LANG") or "en")

    def text(key: str) -> str | None:
        value = values.get(key)
        value = value.get(language) if isinstance(value, dict) else value
        return as_text(value) or None

    url = text("BASE_URL") or text("SITE_URL")
    return Settings(
        title=text("BLOG_TITLE"),
        url=url.rstrip("/") if url else None,
        description=text("BLOG_DESCRIPTION"),
        language=text("DEFAULT_LANG"),
        timezone=text("TIMEZONE"),
        author=text("BLOG_AUTHOR"),
        author_email=text("BLOG_EMAIL"),
    )
