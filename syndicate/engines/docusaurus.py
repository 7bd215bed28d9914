"""Docusaurus: the blog plugin's folders, dated names, `authors.yml` and `tags.yml`.

Follows the source of version 3: blogUtils (names, dates, slugs, permalinks) and options (defaults).
`docusaurus.config.js` is not executed. Literal values of title, url, baseUrl and trailingSlash,
and of the blogs' `path` and `routeBasePath`, are read.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

from syndicate.engines.base import Dialect, Facts, Settings, Sign
from syndicate.engines.shared.grammars import docusaurus_grammar
from syndicate.engines.shared.patterns import glob_regex, matches
from syndicate.engines.shared.scripted import Scripted, joined, not_run
from syndicate.engines.shared.scripts import (
    block,
    folders_to_look_in,
    literal,
    members,
    read_script,
    strings,
    unread,
    uses_package,
)
from syndicate.engines.shared.settings_files import read_mapping
from syndicate.files.read import first_there, is_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Docusaurus"]

SCRIPTS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "mts"))

_PLUGIN = "@docusaurus/plugin-content-blog"
_DATED = re.compile(
    r"(?P<folder>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?\.mdx?"
)
_SLASH = re.compile(r"(?<![\w.$])trailingSlash\s{0,20}:\s{0,20}(true|false)\b")


class Docusaurus(Scripted, frozen=True):
    """The blogs of a Docusaurus site. `folders` maps a blog's folder to its `routeBasePath`."""

    name: ClassVar[str] = "docusaurus"
    languages_apart: bool = True
    dialect: Dialect = "docusaurus"
    category_keys: tuple[str, ...] = ("categories", "category")

    tags: Mapping[str, str] = {}
    """Labels of the tags, by their keys in `tags.yml`."""
    trailing_slash: bool | None = None
    excluded: tuple[str, ...] = ()
    """Globs of the posts that the configuration excludes, relative to the blog's folder."""
    home: str = ""
    """The folder of the site, as a prefix of paths."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for the configuration or the package, else for a blog folder with `authors.yml`."""
        return (_found(root) or ("", None))[1]

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literals of the configuration, the authors and the tags."""
        base = (_found(root) or ("",))[0]
        names = [base + name for name in SCRIPTS]
        text = read_script(root, first_there(root, names))
        folders = {base + folder: route for folder, route in _blogs(text).items()}
        people, tags, problems = _people_and_tags(root, folders)
        slash = _SLASH.search(members(_config(text)))
        engine = cls(
            settings=_settings(text),
            folders=folders,
            people=people,
            tags=tags,
            home=base,
            excluded=strings(block(text, r"(?<![\w.$])blog\s{0,20}:"), "exclude", text),
            grammar=docusaurus_grammar(text, root, base),
            trailing_slash=slash[1] == "true" if slash else None,
        )
        routes = ", ".join(f"/{route}" for route in dict.fromkeys(folders.values()))
        problems += unread(root, names)
        return engine, (*problems, *not_run(names, root, f"posts are expected below {routes}"))

    def enters(self, folder: str) -> LeftOut | None:
        """Skip folders whose names begin with an underscore, as Docusaurus does."""
        name = folder.rpartition("/")[2]
        if self.folder_of(folder) is not None and (name[0] == "_" and folder not in self.folders):
            return LeftOut(f"{folder}/", "Docusaurus leaves out names that begin with _")
        return super().enters(folder)

    def place(self, path: str) -> Place | LeftOut:
        """Take Markdown and MDX, but no tests, no names that begin with an underscore."""
        name = path.rpartition("/")[2]
        if name.startswith("_"):
            return LeftOut(path, "Docusaurus leaves out names that begin with _")
        if re.search(r"\.test\.mdx?$", name) or "/__tests__/" in path:
            return LeftOut(path, "a test")
        below = [
            path[len(folder) + 1 :] for folder in self.folders if path.startswith(f"{folder}/")
        ]
        if any(matches(glob_regex(glob), item) for glob in self.excluded for item in below):
            return LeftOut(path, "excluded by the configuration")
        return super().place(path)

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Replace the tags by their labels, and `last_update` by its date."""
        tags, update = meta.get("tags"), meta.get("last_update")
        mine = dict(meta)
        if isinstance(tags, list):
            mine["tags"] = [
                self.tags.get(tag, tag) if isinstance(tag, str) else tag for tag in tags
            ]
        if isinstance(update, dict) and update.get("date"):
            mine["updated"] = update["date"]
        return mine

    def file_date(self, path: str) -> str:
        """Return the date of the name or folders: ``2021-09-13-tea.md``, ``2021/09/13/tea.md``."""
        match = _DATED.fullmatch(self.inner(path))
        return match["date"].replace("/", "-") if match else ""

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return `static`, and the site's folder, whose pictures are published under new names."""
        static = PublicFolder(f"{self.home}static", self.site.url)
        return (static, PublicFolder(self.home.rstrip("/"), "", aliases=("@site/",)))

    def address(self, facts: Facts) -> str:
        """Use the slug, else date and name, below the blog's route."""
        if self.permalink and not facts.meta.get("slug"):
            return self.by_permalink(facts)
        inner = self.inner(facts.path)
        match = _DATED.fullmatch(inner)
        own = re.sub(r"(?:/index)?\.mdx?$", "", inner)
        if match:
            own = f"{match['date'].replace('-', '/')}/{match['folder']}{match['text']}"
        route = self.folders.get(self.folder_of(facts.path) or "", "blog")
        address = joined(route, facts.meta.get("slug") or own)
        if self.trailing_slash is None:
            return address
        return address.rstrip("/") + ("/" if self.trailing_slash else "")


def _found(root: Path) -> tuple[str, Sign] | None:
    """Return the site's folder, as a prefix of paths, and the sign by which it is recognised."""
    for base in folders_to_look_in(root):
        if script := first_there(root, (base + name for name in SCRIPTS)):
            return base, Sign(script)
        if uses_package(root, "@docusaurus/core", base):
            return base, Sign(f"{base}package.json with @docusaurus/core")
        if is_there(root / base / "blog/authors.yml"):
            return base, Sign(f"{base}blog/authors.yml", certain=False)
    return None


def _config(text: str) -> str:
    """Return the text of the object that the script exports."""
    return block(text, r"(?:\bconfig\b[^={\n]{0,80}=|export default|module\.exports\s{0,20}=)")


def _blogs(text: str) -> dict[str, str]:
    """Return the folders and routes of the preset's blog and of the plugin's other instances."""
    found: dict[str, str] = {}
    if not re.search(r"(?<![\w.$])blog\s{0,20}:\s{0,20}false\b", text):
        found |= _blog(members(block(text, r"(?<![\w.$])blog\s{0,20}:")), "blog")
    # The options of an instance follow the plugin's name.
    for part in text.split(_PLUGIN)[1:]:
        if "id" in (options := members(block(part[:4000], r"\A[\"'`]\s{0,20},"))):
            found |= _blog(options, literal(options, "id") or "blog")
    return found or {"blog": "blog"}


def _blog(options: str, name: str) -> dict[str, str]:
    folder = (literal(options, "path") or name).removeprefix("./").strip("/")
    route = re.search(r"routeBasePath\s{0,20}:\s{0,20}([\"'`])/?\1", options)
    return {folder: "" if route else (literal(options, "routeBasePath") or "blog").strip("/")}


def _people_and_tags(
    root: Path, folders: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str], tuple[Problem, ...]]:
    people: dict[str, Any] = {}
    tags: dict[str, str] = {}
    problems: tuple[Problem, ...] = ()
    for folder in folders:
        for name in ("authors.yml", "tags.yml"):
            file = f"{folder}/{name}"
            values, faults = read_mapping(root, file) if is_there(root / file) else ({}, ())
            problems += faults
            if name == "authors.yml":
                people |= values
            else:
                tags |= {key: _label(key, value) for key, value in values.items()}
    return people, tags, problems


def _label(key: str, value: Any) -> str:
    label = value.get("label") if isinstance(value, dict) else value
    return label if isinstance(label, str) and label else key


def _settings(text: str) -> Settings:
    config = _config(text)
    outer = members(config)
    url = literal(outer, "url")
    base = (literal(outer, "baseUrl") or "/").strip("/")
    return Settings(
        title=literal(outer, "title"),
        url=f"{url.rstrip('/')}/{base}".rstrip("/") if url else None,
        base=f"/{base}" if base else "",
        description=literal(outer, "tagline"),
        language=literal(members(block(config, r"i18n\s{0,20}:")), "defaultLocale"),
        icon=literal(outer, "favicon"),
    )
