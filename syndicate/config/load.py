"""Read config.toml into a Config, and report every mistake with line, key and cure."""

import os
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from syndicate.config.checks import refuse_logins
from syndicate.config.folder_checks import Folders, refuse_clashes
from syndicate.config.layouts import LAYOUTS
from syndicate.config.lines import line_of
from syndicate.config.pages import file_fault
from syndicate.config.rules import check, names
from syndicate.config.schema import Config, Tables
from syndicate.config.targets import FolderTarget
from syndicate.config.value_checks import refuse_impossible
from syndicate.errors import ConfigError
from syndicate.files.read import is_folder, is_there, read_own
from syndicate.text.toml import loads

__all__ = ["Settings", "load", "load_config", "own_file"]

Settings = Mapping[str, Any]
"""Keys of config.toml with their values, as in ``{"feeds.limit": 0}``."""
MAX_BYTES = 1_000_000
"""Size limit of config.toml."""
FILE_NAMES = ("config.toml", "syndicate.toml")
"""Names of the file, in this order: Hugo and Zola have a config.toml of their own."""
_DEEP = r"[\[{]{50}"
_LONG_NUMBER = r"\d{4300}"
_THEIRS = frozenset(("baseurl", "base_url"))
"""Keys of Hugo and Zola, in lower case."""
_CURES = {
    "feeds.limit": "write `limit = 20`; 0 carries all posts",
    "feeds.max_bytes": "write a number of bytes; 0 is no limit",
    "feeds.tombstones": "write a number of days; 0 lists no withdrawn post",
    "feeds.layout": f"use one of {names(LAYOUTS)}, or a table of path templates",
    "publish": "write `[[publish]]`, and see docs/publishing.md",
}
"""Cures for keys whose example is not enough."""


def load_config(blog: str | Path | Config = ".", *, settings: Settings | None = None) -> Config:
    """Read the configuration of `blog`: its folder, its config.toml, or a Config.

    `settings` are keys of config.toml that win over the file, as in ``{"feeds.limit": 0}``. They
    are ignored for a Config. A folder needs no config.toml. Raises ConfigError.
    """
    if isinstance(blog, Config):
        return blog
    path, pairs = Path(blog), (settings or {}).items()
    return load(file=path, settings=pairs) if is_there(path) else load(path, settings=pairs)


def load(
    blog: Path = Path(), file: Path | None = None, settings: Iterable[tuple[str, Any]] = ()
) -> Config:
    """Read `file`, or else the config.toml in the folder `blog`, which may be missing.

    If the site generator has a config.toml there, syndicate.toml is read instead. `settings` are
    pairs such as ("feeds.limit", 0), and win over the file. Raises ConfigError.
    """
    if file is None and not is_folder(blog):
        raise ConfigError(str(blog), "no such folder", "name the folder that holds the blog")
    path = file or own_file(blog)
    text = _read(path) if file or os.path.lexists(path) else ""
    tables = _parsed(text, path)
    from_file = bool(tables)
    settings = tuple(settings)
    for key, value in settings:
        _set(tables, key, value)
    given = {key for key, _ in settings}
    try:
        return _checked(tables, path, from_file=from_file, given=given)
    except ConfigError as error:
        raise _with_line(error, path, text, given) from None


def _checked(
    tables: dict[str, Any], path: Path, *, from_file: bool, given: Collection[str]
) -> "Config":
    """Check and decode `tables`. Raises ConfigError with file and key."""
    refuse_impossible(tables, str(path))
    refuse_logins(tables, str(path))
    _complete(tables)
    decoded = _decode(tables, str(path))
    check(decoded, str(path))
    # asdict would turn the sections into dicts: the fields are handed over as they are.
    sections = {name: getattr(decoded, name) for name in Tables.__struct_fields__}
    config = Config(**sections, folder=path.parent, from_file=from_file)
    refuse_clashes(_folders(config, path, given), str(path))
    if wrong := file_fault(config.templates_folder, config.css_file):
        raise ConfigError(f"{path}: {wrong[0]}", *wrong[1:])
    return config


def _with_line(error: ConfigError, path: Path, text: str, given: Collection[str]) -> ConfigError:
    """Return the error with the line of its key, or with ``--set`` if that gave the key."""
    _, is_of_a_key, key = error.where.partition(f"{path}: ")
    if not is_of_a_key:
        return error
    if key in given:
        return ConfigError(f"--set {key}", error.what, error.cure)
    line = line_of(text, key)
    where = f"{path}, line {line}: {key}" if line else error.where
    return ConfigError(where, error.what, error.cure)


def _folders(config: Config, file: Path, given: Collection[str]) -> Folders:
    base = config.folder.absolute()
    targets = (
        (f"publish[{number}].path", base / Path(target.path).expanduser())
        for number, target in enumerate(config.publish)
        if isinstance(target, FolderTarget)
    )
    return Folders(
        posts=config.post_folders,
        own=base if file.exists() else None,
        output=config.output_folder,
        state=config.state_folder,
        targets=tuple(targets),
        given=given,
    )


def own_file(blog: Path) -> Path:
    """Return the path of the configuration of `blog`, whether the file exists or not."""
    candidates = [blog / name for name in FILE_NAMES]
    free = [path for path in candidates if not (os.path.lexists(path) and _is_generators(path))]
    there = next((path for path in free if os.path.lexists(path)), None)
    return there or (free[0] if free else candidates[-1])


def _is_generators(path: Path) -> bool:
    try:
        return not _THEIRS.isdisjoint(map(str.lower, _parsed(_read(path), path)))
    except ConfigError:
        return False  # reading it later reports the fault


def _read(path: Path) -> str:
    try:
        return _text(read_own(path, MAX_BYTES))
    except FileNotFoundError:
        raise ConfigError(str(path), "no such file", "`syndicate init` writes one") from None
    except OSError as error:
        what, cure = f"cannot be read ({error.strerror})", "name a file that this user may read"
        raise ConfigError(str(path), what, cure) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            str(path), f"byte {error.start} is not UTF-8", "save it as UTF-8"
        ) from None


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"not TOML: {error}", "correct that line") from None
    except RecursionError:
        where = f"{path}: {_key_at(_DEEP, text)}"
        raise ConfigError(where, "nested too deeply", "write it flatter") from None
    except ValueError:  # from int(), through tomllib
        where = f"{path}: {_key_at(_LONG_NUMBER, text)}"
        raise ConfigError(where, "a number is too long", "write a smaller one") from None


def _key_at(pattern: str, text: str) -> str:
    """Return the key of the first line that matches `pattern`, or the line's number."""
    for number, line in enumerate(text.split("\n"), 1):
        if re.search(pattern, line):
            key = re.match(r"[\w.\s-]{1,200}(?==)", line)
            return key[0].strip() if key else f"line {number}"
    return "the file"


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _set(tables: dict[str, Any], key: str, value: Any) -> None:
    *sections, name = key.split(".")
    for section in sections:
        inner = tables.setdefault(section, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"--set {key}", f"{section} is not a section", "see the names above")
        tables = inner
    tables[name] = value


def _complete(tables: dict[str, Any]) -> None:
    """Complete the layout's table from the layout that it is `like`."""
    feeds = tables.get("feeds")
    layout = feeds.get("layout") if isinstance(feeds, dict) else None
    if isinstance(layout, dict) and isinstance(like := layout.get("like"), str) and like in LAYOUTS:
        full = msgspec.structs.asdict(LAYOUTS[like]) | layout  # type: ignore[index]
        tables["feeds"] = {
            **tables["feeds"],
            "layout": full,
        }  # the caller owns the table


def _decode(tables: Mapping[str, Any], where: str) -> Tables:
    try:
        return msgspec.convert(tables, Tables)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        raise _explain(what, place.rstrip("`").lstrip("."), tables, where) from None


def _explain(what: str, key: str, tables: Mapping[str, Any], where: str) -> ConfigError:
    """Return the error at `key` in words of TOML; `what` is msgspec's message."""
    from syndicate.config.expected import expected, keys_below, kind_of

    if unknown := re.search(r"unknown field `(.*)`", what):
        full = f"{key}.{unknown[1]}" if key else unknown[1]
        cure = _suggest(unknown[1], keys_below(Tables, key))
        return ConfigError(f"{where}: {full}", "unknown key", cure)
    if missing := re.search(r"missing required field `(.*)`", what):
        wanted = expected(Tables, f"{key}.{missing[1]}")
        return ConfigError(
            f"{where}: {key}", f"{missing[1]} is missing", f"write `{wanted.example}` in it"
        )
    wanted, value = expected(Tables, key), _value_at(tables, key)
    what = f"expected {wanted.what}, not {kind_of(value)}"
    return ConfigError(f"{where}: {key}", what, _CURES.get(key, f"write `{wanted.example}`"))


def _value_at(tables: Any, key: str) -> Any:
    for name in key.replace("]", "").replace("[", ".").split("."):
        tables = tables[int(name)] if isinstance(tables, list | tuple) else tables[name]
    return tables


def _suggest(name: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # needed for mistakes only

    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f'did you mean "{close[0]}"?' if close else f"known keys: {', '.join(known)}"
