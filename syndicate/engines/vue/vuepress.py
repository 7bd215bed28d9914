"""VuePress 1 and 2: `.vuepress/config.*`, pages with ``.html``, permalinks.

Follows the sources of 1.9 (fileToPath, getPermalink, plugin-blog) and 2.0 (inferPagePath,
resolvePagePermalink). Posts are the dated pages, as in the themes hope, plume and reco and in the
blog plug-ins of both versions. Home pages and pages with ``article: false`` are no posts.
"""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

from syndicate.engines.base import Facts, Settings
from syndicate.engines.shared.permalinks import date_placeholders
from syndicate.engines.shared.scripted import not_run
from syndicate.engines.shared.scripts import block, literal, members, named, unread
from syndicate.engines.shared.settings_files import read_mapping
from syndicate.engines.shared.url_parts import encoded, resolved
from syndicate.engines.vue.pages import (
    ENDINGS,
    VuePages,
    blocks_of,
    computed,
    literals,
    locales_of,
    scripts_of,
    settings_from,
)
from syndicate.files.read import first_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["VuePress"]

_FOLDER = ".vuepress"
SCRIPTS = tuple(f"{_FOLDER}/config.{ending}" for ending in ENDINGS)
_MAPPINGS = tuple(f"{_FOLDER}/config.{ending}" for ending in ("yml", "yaml", "toml", "json"))
_THEMES = tuple(f"{_FOLDER}/{name}.{ending}" for name in ("theme", "themeConfig", "plugins")
                for ending in ENDINGS)  # fmt: skip
_SECOND = re.compile(
    r"defineUserConfig|hopeTheme|@vuepress/(?:bundler|theme-default|cli)\b|Bundler\("
)
_DATED = re.compile(r"(\d{4}-\d{1,2}(?:-\d{1,2})?)-(.*)")
_DATED_FOLDER = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})(?:/(\d{1,2}))?(?:/|$)")
_SPECIAL = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'“”‘’–—<>,.?/]+")
_POSTS = "_posts"
_PATTERN = "/:year/:month/:day/:slug"
"""Default permalink of plugin-blog for the posts in `_posts`."""


class VuePress(VuePages, frozen=True):
    """A VuePress site. `second` is True for version 2. `pattern` is the permalink of all pages."""

    name: ClassVar[str] = "vuepress"
    static: ClassVar[str] = f"{_FOLDER}/public"
    marks: ClassVar[tuple[str, ...]] = (*SCRIPTS, *_MAPPINGS)
    second: bool = True
    pattern: str = ""
    item_pattern: str = _PATTERN

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literals of the configuration and the theme's configuration."""
        base, mark = cls.found(root)
        names = [base + name for name in (*SCRIPTS, *_THEMES)]
        text = scripts_of(root, names)
        values, problems = _mapping(root, base)
        top = blocks_of(text) + "".join(f"\n{key}: {value!r}" for key, value in values.items())
        second = bool(_SECOND.search(text))
        key = "permalinkPattern" if second else "permalink"
        engine = cls(
            settings=_settings(text, top),
            pages=base.rstrip("/"),
            locales=locales_of(text),
            second=second,
            pattern=named(top, key, text) or "",
            item_pattern=literal(text, "itemPermalink") or _PATTERN,
        )
        known = {"base": engine.settings.base, key: engine.pattern}
        problems += (*unread(root, names), *computed(mark, top, known))
        return engine, (*problems, *not_run(names, root, "only its literal values are read"))

    def file_date(self, path: str) -> str:
        """Return the date at the start of the name, or in the folders."""
        inner = PurePosixPath(self.inner(path))
        name = inner.parent.name if self.is_index(inner) else inner.stem
        if match := _DATED.match(name):
            return match[1]
        within = _DATED_FOLDER.search(str(inner.parent))
        return "-".join(filter(None, within.groups())) if within else ""

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return `.vuepress/public`, and the pages' folder, whose files get new names."""
        public = PublicFolder(f"{self.pages}/{self.static}".lstrip("/"), self.site.url)
        return (public, PublicFolder(self.pages, "", aliases=("@source/", "@/")))

    def address(self, facts: Facts) -> str:
        """Use the permalink of the post, the settings or its folder, else its path with .html."""
        inner = self.inner(facts.path)
        own = facts.meta.get("permalink")
        default = facts.meta.get("permalinkPattern", self.permalink or self.pattern)
        pattern = str(own or default or "")
        if not pattern and not self.second and f"{_POSTS}/" in f"{inner}/":
            pattern = self.item_pattern
        path = self.page_address(inner, ".html")
        if not pattern:
            return path
        if self.second and own:
            return encoded(resolved(pattern))
        first, _, rest = inner.partition("/")
        locale = f"/{first}" if rest and first in self.locales else ""
        filled = encoded(resolved(f"{locale}/{self._filled(pattern, facts, path)}"))
        return filled if self.second or re.search(r"(?:\.html|/)$", filled) else f"{filled}/"

    def _filled(self, pattern: str, facts: Facts, path: str) -> str:
        slug = self._slug(PurePosixPath(self.inner(facts.path)))
        known = date_placeholders(facts.date)
        names = ("year", "month", "i_month", "i_day", "day")
        pairs = {f":{name}": known[name] for name in names} | {":slug": slug, ":title": slug}
        pairs |= {":regular": path.lstrip("/"), ":raw": path.lstrip("/")}
        return re.sub(r":\w+", lambda match: pairs.get(match[0], match[0]), pattern)

    def _slug(self, file: PurePosixPath) -> str:
        name = file.stem
        if not self.second and self.is_index(file):
            name = file.parent.name
        match = _DATED.match(name)
        name = match[2] if match else name
        return name if self.second else slugify(name)

    def place(self, path: str) -> Place | LeftOut:
        """Take the pages, except files in the folder of the settings."""
        if f"/{_FOLDER}/" in f"/{path}":
            return LeftOut(path, "in the folder of the settings")
        return super().place(path)


def slugify(text: str) -> str:
    """Return VuePress 1's slug of `text`, unescaped."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    slug = re.sub(r"-{2,}", "-", _SPECIAL.sub("-", re.sub(r"[\x00-\x1f]", "", bare))).strip("-")
    return re.sub(r"^(\d)", r"_\1", slug).lower()


def _mapping(root: Path, base: str) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    name = first_there(root, (base + name for name in _MAPPINGS))
    values, problems = read_mapping(root, name) if name else ({}, ())
    return {key: value for key, value in values.items() if isinstance(value, str)}, problems


def _settings(text: str, top: str) -> Settings:
    theme = members(block(text, r"(?:hopeTheme\(|plumeTheme\(|themeConfig\s{0,20}:)"))
    url = literals(theme, "hostname", "domain") or literals(text, "hostname")
    author = literals(theme, "author") or literals(top, "author")
    return settings_from(text, top, url, author)
