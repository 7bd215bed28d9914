"""Read a Hugo site's own configuration for the environment "production".

`config/_default/` and `config/production/` override `hugo.toml` (or `config.toml`, yaml, json).
All keys are converted to lower case, since Hugo ignores case. Themes and modules are not read:
Hugo uses little more of their configuration than `params` and menus.
"""

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from syndicate.engines.base import Settings
from syndicate.engines.shared.patterns import glob_regex
from syndicate.engines.shared.people import author_in
from syndicate.engines.shared.settings_files import (
    is_mapping_file,
    mapping_files,
    read_mapping,
    settings_of,
)
from syndicate.engines.shared.values import as_map, as_strings, as_text
from syndicate.files.read import first_there, is_folder, is_there, names_in
from syndicate.model import Problem

__all__ = [
    "Language", "Mount", "Rule", "configuration_of", "languages",
    "left_out_patterns", "mounts", "read_config", "settings", "static_folders",
]  # fmt: skip

Config = Mapping[str, Any]

_ENDINGS = (".toml", ".yaml", ".yml", ".json")
_OWN_NAMES = tuple(f"hugo{ending}" for ending in _ENDINGS)
_SHARED_NAMES = tuple(f"config{ending}" for ending in _ENDINGS)
_FOLDER = "config/_default"
_LANGUAGE_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TYPICAL = frozenset(
    ("languagecode", "defaultcontentlanguage", "params", "permalinks", "menu", "menus", "module",
     "markup", "outputs", "outputformats", "disablekinds", "paginate", "pagination",
     "enablerobotstxt", "builddrafts", "pygmentsusechroma", "languages", "privacy")
)  # fmt: skip


class Rule(Struct, frozen=True):
    """A permalink pattern, and a regular expression of the logical paths of its pages."""

    pattern: str
    pages: str


class Language(Struct, frozen=True):
    """One language of the site.

    `key` is Hugo's name for it, in lower case, `tag` its BCP 47 tag. `prefix` is the first part of
    its addresses: the key or empty. `host` is its absolute address, if it has a host of its own.
    """

    key: str
    tag: str
    prefix: str = ""
    host: str = ""
    disabled: bool = False
    permalinks: tuple[Rule, ...] = ()


class Mount(Struct, frozen=True):
    """A folder with content. `target` is its logical path below "content"; empty for all of it."""

    folder: str
    target: str = ""
    language: str = ""


def configuration_of(root: Path) -> str:
    """Return the file or folder that makes `root` a Hugo site ("hugo.toml"); else empty.

    Raises OSError if a file that decides cannot be read.
    """
    if name := first_there(root, _OWN_NAMES):
        return name
    if any(is_mapping_file(root / _FOLDER / name) for name in _names(root)):
        return f"{_FOLDER}/"
    for name in _SHARED_NAMES:
        if is_there(root / name) and _is_hugos(settings_of(root, name)):
            return name
    return ""


def _names(root: Path) -> list[str]:
    """Return the names in config/_default. Raises OSError if the folder may be Hugo's."""
    try:
        return names_in(root, _FOLDER)
    except OSError:
        if is_folder(root / "content"):
            raise
        return []  # many programs have a folder with this name


def _is_hugos(config: Config) -> bool:
    """Tell Hugo's config.toml from Zola's and this program's."""
    if any(isinstance(config.get(ours), dict) for ours in ("site", "posts", "feeds")):
        return False
    keys = {key.lower() for key in config}
    return "baseurl" in keys or len(keys & _TYPICAL) > 1


def read_config(root: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Read the whole configuration of the site at `root`, and the Problems of its files."""
    config: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, place in _parts(root, problems):
        values, faults = read_mapping(root, name)
        problems += faults
        for key in reversed(place):
            values = {key: values}
        _overlay(config, _lowered(values))
    return config, tuple(problems)


def _parts(root: Path, problems: list[Problem]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the configuration's files with the keys they are stored under, in rising precedence.

    Folders that cannot be read are added to `problems`.
    """
    single = first_there(root, (*_OWN_NAMES, *_SHARED_NAMES))
    if single and _may_be_hugos(root, single):
        yield single, ()
    for environment in ("_default", "production"):
        names, faults = mapping_files(root, f"config/{environment}")
        problems += faults
        for name in names:
            yield name, _keys(PurePosixPath(name).stem.lower())


def _may_be_hugos(root: Path, name: str) -> bool:
    try:
        return name.startswith("hugo.") or _is_hugos(settings_of(root, name))
    except OSError:
        return True  # reading it reports the error


def _keys(stem: str) -> tuple[str, ...]:
    """Return the keys of a file's values: none for ``hugo``, a language for ``params.zh``."""
    name, _, language = stem.partition(".")
    if language:
        return ("languages", language, *([name] if name in ("params", "menu", "menus") else []))
    return () if name in ("hugo", "config") else (name,)


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _lowered(item) for key, item in value.items()}
    return [_lowered(item) for item in value] if isinstance(value, list) else value


def _overlay(config: dict[str, Any], over: Config) -> None:
    for key, value in over.items():
        mine = config.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            _overlay(mine, value)
        else:
            config[key] = value


def languages(config: Config) -> tuple[str, dict[str, Language]]:
    """Return the key of the default language, and all languages of the site by key."""
    default = as_text(config.get("defaultcontentlanguage")).lower()
    default = default if _LANGUAGE_KEY.fullmatch(default) else "en"
    table = {
        key: as_map(own)
        for key, own in as_map(config.get("languages")).items()
        if _LANGUAGE_KEY.fullmatch(key)
    }
    if default not in table:
        table = {default: {}, **table}
    off = {key.lower() for key in as_strings(config.get("disablelanguages"))}
    hosts = any(own.get("baseurl") for own in table.values())
    in_folder = config.get("defaultcontentlanguageinsubdir") is True
    return default, {
        key: Language(
            key=key,
            tag=_tag(own) or (key == default and _tag(config)) or key,
            prefix="" if hosts or (key == default and not in_folder) else key,
            host=_web_address(own.get("baseurl")) or "",
            disabled=own.get("disabled") is True or (key in off and key != default),
            permalinks=tuple(_rules(own.get("permalinks", config.get("permalinks")))),
        )
        for key, own in table.items()
    }


def _tag(config: Config) -> str:
    return as_text(config.get("locale") or config.get("languagecode")).replace("_", "-")


def _rules(permalinks: Any) -> Iterator[Rule]:
    """Yield the rules of `permalinks`: a list in order, or a table of sections, longest first."""
    if isinstance(permalinks, list):
        for permalink in map(as_map, permalinks):
            target, pattern = as_map(permalink.get("target")), as_text(permalink.get("pattern"))
            if pattern and "page" in as_text(target.get("kind") or "page").lower():
                yield Rule(pattern, glob_regex(as_text(target.get("path")).lower() or "**"))
        return
    table = as_map(permalinks)
    sections = {
        **as_map(table.get("page")),
        **{k: v for k, v in table.items() if isinstance(v, str)},
    }
    for section in sorted(sections, key=lambda name: (-len(name), name)):
        name = glob_regex(section.strip(" /"))
        yield Rule(as_text(sections[section]), f"/{name}(?:/.*)?" if name else "/[^/]*")


def mounts(config: Config, default: str) -> tuple[Mount, ...]:
    """Return the folders with content, deepest first. Folders outside the site are skipped."""
    found = list(_module_mounts(config)) or [
        Mount(as_text(own.get("contentdir")), language=key if key != default else "")
        for key, own in as_map(config.get("languages")).items()
        if as_text(as_map(own).get("contentdir"))
    ]
    if not any(mount.language in ("", default) for mount in found):
        found.append(Mount(as_text(config.get("contentdir")) or "content"))
    inside = [
        Mount(posixpath.normpath(m.folder).strip("/"), m.target, m.language)
        for m in found
        if not m.folder.startswith("/") and ".." not in m.folder
    ]
    return tuple(sorted(set(inside), key=lambda m: (-len(m.folder), m.folder, m.language)))


def _module_mounts(config: Config) -> Iterator[Mount]:
    mounted = as_map(config.get("module")).get("mounts")
    for item in map(as_map, mounted if isinstance(mounted, list) else ()):
        target = as_text(item.get("target")).strip("/")
        if target == "content" or target.startswith("content/"):
            matrix = as_map(as_map(item.get("sites")).get("matrix"))
            spoken = as_strings(item.get("lang") or matrix.get("languages"))
            language = spoken[0].lower() if spoken else ""
            yield Mount(as_text(item.get("source")), target[8:], language)


def left_out_patterns(config: Config) -> Iterator[str]:
    """Yield `ignoreFiles` and the mounts' `excludeFiles`, as regular expressions of ``/path``."""
    yield from as_strings(config.get("ignorefiles"))
    mounted = as_map(config.get("module")).get("mounts")
    for item in map(as_map, mounted if isinstance(mounted, list) else ()):
        folder = re.escape(as_text(item.get("source")).strip("/"))
        globs = item.get("excludeFiles", item.get("excludefiles"))
        for glob in as_strings(globs):
            yield f"^/{folder}/{glob_regex(glob.lstrip('/'))}$"


def static_folders(config: Config) -> tuple[str, ...]:
    """Return the folders of static files: `staticDir`, or the module mounts."""
    mounted = as_map(config.get("module")).get("mounts")
    found = [
        as_text(item.get("source"))
        for item in map(as_map, mounted if isinstance(mounted, list) else ())
        if as_text(item.get("target")).strip("/") == "static"
    ]
    found = found or as_strings(config.get("staticdir")) or ["static"]
    inside = (posixpath.normpath(item) for item in found if not item.startswith("/"))
    return tuple(item for item in inside if not item.startswith("."))


def settings(config: Config, default: str) -> Settings:
    """Return the site's settings. The settings of the default language win."""
    own = as_map(as_map(config.get("languages")).get(default))
    params = {**as_map(config.get("params")), **as_map(own.get("params"))}

    def value(key: str) -> Any:
        return own.get(key) or config.get(key)

    author, author_email = author_in(params, own, config)
    return Settings(
        title=as_text(value("title")) or None,
        url=_web_address(value("baseurl")),
        description=_plain(params.get("description") or value("description")) or None,
        language=_tag(own) or _tag(config) or default,
        timezone=as_text(value("timezone")) or None,
        author=author,
        author_email=author_email,
        rights=as_text(value("copyright")) or None,
    )


def _web_address(value: Any) -> str | None:
    url = as_text(value).rstrip("/")
    return url if url.lower().startswith(("http://", "https://")) else None


def _plain(value: Any) -> str:
    """Remove the markup from a description."""
    return html.unescape(re.sub(r"<[^<>]*>", "", as_text(value)))
