"""A blog's own settings files: YAML, TOML or JSON to a mapping, bounded, never raised.

A file that is missing, too large, too deep or not well-formed gives an empty mapping and a
Problem that names the line where it is known. Nothing is executed, no tag constructs an object,
and what comes out is a tree of bounded depth and size (aliases counted at full length).
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from syndicate.model import Problem

__all__ = ["is_mapping_file", "read_data", "read_front_matter", "read_mapping"]

Read = tuple[dict[str, Any], tuple[Problem, ...]]

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 1_000_000

_LANGUAGES = {".yml": "yaml", ".yaml": "yaml", ".toml": "toml", ".json": "json"}
_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
_TOML_LINE = re.compile(r"at line (\d+)")


def is_mapping_file(file: Path) -> bool:
    """Whether `file` is there and its ending is one that `read_mapping` reads."""
    return file.suffix.lower() in _LANGUAGES and file.is_file()


def read_mapping(file: Path, name: str) -> Read:
    """What the settings file says, by its ending; `name` is what Problems call it.

    Top keys that are not text are made text. A file without a mapping at its top is as empty.
    """
    data, problems = _bytes(file, name)
    if problems:
        return {}, problems
    return _parse(data, _LANGUAGES.get(file.suffix.lower(), "yaml"), name)


def read_data(file: Path, name: str) -> tuple[Any, tuple[Problem, ...]]:
    """What the data file says, whatever its shape; None where it cannot be read."""
    data, problems = _bytes(file, name)
    if problems:
        return None, problems
    return _parse_any(data, _LANGUAGES.get(file.suffix.lower(), "yaml"), name)


def read_front_matter(file: Path, name: str) -> Read:
    """The header of a page (``---`` YAML, ``+++`` TOML or a JSON object); empty without one."""
    data, problems = _bytes(file, name)
    if problems:
        return {}, problems
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _parse(data, "json at the start", name)
    found = _HEADER.match(data)
    if not found:
        return {}, ()
    language = "toml" if found[1] == b"+++" else "yaml"
    return _parse(found[2], language, name, 1 + data.count(b"\n", 0, found.start(2)))


def _bytes(file: Path, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return b"", (_fault(name, f"cannot be read ({type(error).__name__})", "check the file"),)
    if len(data) > MAX_BYTES:
        what = f"larger than {MAX_BYTES // 1024**2} MB, not read"
        return b"", (_fault(name, what, "keep only settings in it"),)
    return data, ()


def _parse(data: bytes, language: str, name: str, start: int = 1) -> Read:
    value, problems = _parse_any(data, language, name, start)
    found = {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}
    return found, problems


def _parse_any(
    data: bytes, language: str, name: str, start: int = 1
) -> tuple[Any, tuple[Problem, ...]]:
    """`start` is the line of the file on which `data` begins."""
    try:
        return _bounded(_value(data.decode("utf-8-sig"), language), 0), ()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "not YAML"
        return None, (_fault(name, what, "correct that line", start + mark.line if mark else 0),)
    except RecursionError:
        return None, (_fault(name, "nested too deeply, or too large", "make it flatter"),)
    except ValueError as error:
        return None, (_fault(name, str(error), "correct that line", _line(error, start)),)


def _value(text: str, language: str) -> Any:
    if language == "toml":
        return tomllib.loads(text.replace("\r\n", "\n"))
    if language == "json":
        return json.loads(text)
    if language == "json at the start":
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    _check_yaml(text)
    return yaml.load(text, yaml.CSafeLoader)


def _check_yaml(text: str) -> None:
    """Raise RecursionError before libyaml, which has no bounds of its own, meets such a text."""
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, yaml.CSafeLoader):
        anchor, size = getattr(event, "anchor", None), 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((anchor, 1))
            size = 0
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_.pop()
        elif isinstance(event, yaml.AliasEvent):
            size = sizes.get(str(anchor), MAX_VALUES + 1)  # not closed yet: it holds itself
        elif not isinstance(event, yaml.ScalarEvent):
            continue
        if size and anchor:
            sizes[anchor] = size
        open_[-1] = (open_[-1][0], open_[-1][1] + size)
        if len(open_) > MAX_DEPTH or open_[-1][1] > MAX_VALUES:
            raise RecursionError


def _bounded(value: Any, depth: int) -> Any:
    """`value`; raises RecursionError where it is too deep to be walked without a thought."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _bounded(item, depth + 1)
    return value


def _line(error: ValueError, start: int) -> int:
    if isinstance(error, json.JSONDecodeError):
        return start + error.lineno - 1
    found = _TOML_LINE.search(str(error))
    return start + int(found[1]) - 1 if found else 0


def _fault(name: str, what: str, cure: str, line: int = 0) -> Problem:
    return Problem(name, "engine-config", what, cure, line)
