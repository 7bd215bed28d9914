"""Read Eleventy's data files: JSON beside posts, and the site's settings in `_data`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from syndicate.engines.base import Settings
from syndicate.engines.shared.people import author_in
from syndicate.engines.shared.scripts import flags, read_script
from syndicate.engines.shared.settings_files import read_mapping
from syndicate.engines.shared.values import first_text
from syndicate.files.read import first_there, is_folder, is_there
from syndicate.model import Problem

__all__ = ["data_files", "merged", "read_data", "site_settings"]

_SUFFIXES = (
    ".11tydata.json", ".11tydata.js", ".11tydata.cjs", ".11tydata.mjs", ".11tydata.ts", ".json",
)  # fmt: skip
_DATA_FILES = ("_data/metadata.json", "_data/site.json", "_data/meta.json")


def data_files(
    root: Path, where: str, folders: Iterable[str], endings: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the JSON files of folders and posts, with the path they apply to, by name."""
    own = [root / where / (PurePosixPath(where).name + suffix) for suffix in _SUFFIXES]
    files = {file for file in own if where and is_there(file)}
    files |= {file for folder in folders for file in _walk(root / folder, endings)}
    posts = {file.with_suffix("") for file in files if file.suffix in endings}
    # Files with the longer suffix come last: their values win.
    for file in sorted(files, key=lambda file: (file.name.endswith(_SUFFIXES[0]), file)):
        suffix = next((item for item in _SUFFIXES if file.name.endswith(item)), None)
        if suffix is None:
            continue
        stem = file.with_name(file.name.removesuffix(suffix))
        target = file.parent if stem.name == file.parent.name else stem
        if target == file.parent or stem in posts:
            yield file.relative_to(root).as_posix(), target.relative_to(root).as_posix()


def _walk(folder: Path, endings: Collection[str]) -> Iterator[Path]:
    try:
        found = list(folder.iterdir())
    except OSError:
        return  # `discover` reports the folder
    for item in found:
        if is_folder(item) and not item.is_symlink():
            if item.name[0] != "." and item.name not in ("node_modules", "_site", "_data"):
                yield from _walk(item, endings)
        elif item.name.endswith(_SUFFIXES) or item.suffix in endings:
            yield item


def read_data(root: Path, file: str) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """Read a data file, with numbers as text, the form in which headers are read.

    Scripts are not run. Only their literal true and false are read.
    """
    if file.endswith(".json"):
        values, problems = read_mapping(root, file)
        return _as_text(values), problems
    return flags(read_script(root, file)), ()


def _as_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert numbers to text, the form in which headers are read."""
    number = (int, float)
    return {
        key: str(value) if isinstance(value, number) and not isinstance(value, bool) else value
        for key, value in values.items()
    }


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge data as Eleventy does: mappings key by key, lists by appending."""
    result = dict(base)
    for key, value in over.items():
        mine = result.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            result[key] = merged(mine, value)
        elif isinstance(mine, list) and isinstance(value, list):
            result[key] = [*mine, *value]
        else:
            result[key] = value
    return result


def site_settings(root: Path, where: str) -> tuple[Settings, tuple[Problem, ...]]:
    """Read the site's settings from the data file in which starter kits keep them."""
    names = [str(PurePosixPath(where, name)) for name in _DATA_FILES] + list(_DATA_FILES)
    name = first_there(root, names)
    site, problems = read_mapping(root, name) if name else ({}, ())
    author, author_email = author_in(site)

    text = partial(first_text, site)
    return (
        Settings(
            title=text("title", "name"),
            url=(text("url") or "").rstrip("/") or None,
            description=text("description"),
            language=text("language", "lang", "locale"),
            author=author,
            author_email=author_email,
        ),
        problems,
    )
