"""Read a blog's own settings files: YAML, TOML or JSON, within bounds.

A file that is missing, too large, too deep or malformed gives an empty mapping and a Problem, with
the line if it is known. Nothing is executed, and no YAML tag constructs an object. Depth and size
of the values are bounded; an alias counts with the full size of its value.
"""

import errno
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from syndicate.files.read import (
    LeadsOut,
    Refused,
    closed_at,
    is_folder,
    is_there,
    names_in,
    read_inside,
    real_inside,
)
from syndicate.model import Problem
from syndicate.text import toml

__all__ = [
    "is_mapping_file",
    "mapping_files",
    "read_data",
    "read_front_matter",
    "read_mapping",
    "settings_of",
    "unreadable",
    "unreadable_folder",
]

Read = tuple[dict[str, Any], tuple[Problem, ...]]

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of the largest settings file that is read."""
MAX_DEPTH = 64
MAX_VALUES = 1_000_000
WEIGHT = 16
"""Characters of text that count as one more value."""

_LANGUAGES = {".yml": "yaml", ".yaml": "yaml", ".toml": "toml", ".json": "json"}
_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
_TOML_LINE = re.compile(r"at line (\d+)")


def is_mapping_file(file: Path) -> bool:
    """Return True if `file` exists and `read_mapping` reads files with its ending."""
    return file.suffix.lower() in _LANGUAGES and is_there(file)


def mapping_files(
    root: Path, folder: str, *, deep: bool = False
) -> tuple[list[str], tuple[Problem, ...]]:
    """Return the files in a folder of the blog that `read_mapping` reads, sorted.

    With `deep`, include the folders below. Links to folders inside the blog are followed. Folders
    that cannot be read and links out of the blog are Problems.
    """
    found: list[str] = []
    problems: list[Problem] = []
    folders, seen = [folder], set()
    while folders:
        here = folders.pop()
        try:
            real = real_inside(root, here)
            names = [] if real in seen else names_in(root, here)
        except OSError as error:
            problems.append(unreadable(here, error))
            continue
        seen.add(real)
        paths = [f"{here}/{name}" for name in names]
        found += [path for path in paths if is_mapping_file(root / path)]
        folders += [path for path in paths if deep and is_folder(root / path)]
    return sorted(found, key=lambda path: path.split("/")), tuple(problems)


def read_mapping(root: Path, name: str) -> Read:
    """Read the settings file `name` of the blog at `root`; its ending decides the language.

    Top keys are converted to text. A file whose top value is no mapping counts as empty.
    """
    data, problems = _bytes(root, name)
    if problems:
        return {}, problems
    return _parse(data, _language(name), name)


def settings_of(root: Path, name: str) -> dict[str, Any]:
    """Read a settings file to recognise its generator. Return {} if it is malformed or too large.

    Raises OSError if the file exists and cannot be read.
    """
    try:
        return _parse(read_inside(root, name, MAX_BYTES), _language(name), name)[0]
    except Refused as error:
        if error.errno != errno.EFBIG:
            raise
        return {}


def read_data(root: Path, name: str) -> tuple[Any, tuple[Problem, ...]]:
    """Read a data file with any top value. Return None if it cannot be read."""
    data, problems = _bytes(root, name)
    if problems:
        return None, problems
    return _parse_any(data, _language(name), name)


def read_front_matter(root: Path, name: str) -> Read:
    """Read the header of a page (``---`` YAML, ``+++`` TOML or a JSON object); {} without one."""
    data, problems = _bytes(root, name)
    if problems:
        return {}, problems
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _parse(data, "json at the start", name)
    match = _HEADER.match(data)
    if not match:
        return {}, ()
    language = "toml" if match[1] == b"+++" else "yaml"
    return _parse(match[2], language, name, 1 + data.count(b"\n", 0, match.start(2)))


def unreadable(name: str, error: OSError) -> Problem:
    """Return the Problem of a settings file or folder `name` that cannot be read.

    If `error` is due to a folder above it, the Problem names that folder.
    """
    if isinstance(error, LeadsOut):
        cure = "replace the link by a copy of the file"
        return Problem(name, "leads-out", f"a link that {error.strerror}; not read", cure)
    cure = "keep only settings in it" if error.errno == errno.EFBIG else "make it readable"
    return _fault(_cause(name, error), f"cannot be read ({error.strerror})", cure)


def _cause(name: str, error: OSError) -> str:
    if not isinstance(error, PermissionError) or not error.filename:
        return name
    below = len(Path(error.filename).parts) - len(Path(closed_at(error.filename)).parts)
    parts = name.split("/")
    return "/".join(parts[: len(parts) - below]) or name


def unreadable_folder(name: str, error: OSError) -> Problem:
    """Return the Problem of a folder that may hold posts and cannot be read."""
    what = f"the folder cannot be read ({error.strerror})"
    cure = "let this user read and enter it"
    return Problem(name, "unreadable", what, cure, severity="error")


def _bytes(root: Path, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    try:
        return read_inside(root, name, MAX_BYTES), ()
    except OSError as error:
        return b"", (unreadable(name, error),)


def _language(name: str) -> str:
    return _LANGUAGES.get(PurePosixPath(name).suffix.lower(), "yaml")


def _parse(data: bytes, language: str, name: str, start: int = 1) -> Read:
    value, problems = _parse_any(data, language, name, start)
    found = {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}
    return found, problems


def _parse_any(
    data: bytes, language: str, name: str, start: int = 1
) -> tuple[Any, tuple[Problem, ...]]:
    """Parse `data`, which begins on the line `start` of the file."""
    try:
        return _bounded(_value(data.decode("utf-8-sig"), language), 0), ()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "not YAML"
        return None, (_fault(name, what, "correct that line", start + mark.line if mark else 0),)
    except RecursionError:
        return None, (_fault(name, "nested too deeply, or too large", "simplify the file"),)
    except ValueError as error:
        return None, (_fault(name, str(error), "correct that line", _line(error, start)),)


def _value(text: str, language: str) -> Any:
    if language == "toml":
        return toml.loads(text)
    if language == "json":
        return json.loads(text)
    if language == "json at the start":
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    _check_yaml(text)
    return yaml.load(text, yaml.CSafeLoader)


def _check_yaml(text: str) -> None:
    """Raise RecursionError for a text that is too deep or too large for libyaml."""
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, yaml.CSafeLoader):
        anchor, size = getattr(event, "anchor", None), 1
        if isinstance(event, yaml.ScalarEvent):
            size += len(event.value) // WEIGHT
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((anchor, 1))
            size = 0
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_.pop()
        elif isinstance(event, yaml.AliasEvent):
            size = sizes.get(str(anchor), MAX_VALUES + 1)  # an open anchor contains itself
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        if size and anchor:
            sizes[anchor] = size
        open_[-1] = (open_[-1][0], open_[-1][1] + size)
        if len(open_) > MAX_DEPTH or open_[-1][1] > MAX_VALUES:
            raise RecursionError


def _bounded(value: Any, depth: int) -> Any:
    """Return `value`. Raise RecursionError if it is nested too deeply."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _bounded(item, depth + 1)
    return value


def _line(error: ValueError, start: int) -> int:
    if isinstance(error, json.JSONDecodeError):
        return start + error.lineno - 1
    match = _TOML_LINE.search(str(error))
    return start + int(match[1]) - 1 if match else 0


def _fault(name: str, what: str, cure: str, line: int = 0) -> Problem:
    return Problem(name, "engine-config", what, cure, line)
