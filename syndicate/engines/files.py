"""A blog's own settings files: YAML, TOML or JSON to a mapping, bounded, never raised.

A file that is missing, too large, too deep or not well-formed gives an empty mapping and a
Problem that names the line where it is known. Nothing is executed, no tag constructs an object.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from syndicate.model import Problem

__all__ = ["is_mapping_file", "read_front_matter", "read_mapping"]

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
"""libyaml's composer calls itself for each level and has no bound of its own."""

_LANGUAGES = {".yml": "yaml", ".yaml": "yaml", ".toml": "toml", ".json": "json"}
_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*?(---|\+\+\+)[ \t]*\r?\n(.*?)^(?:\1)[ \t]*\r?$", re.S | re.M
)
_TOML_LINE = re.compile(r"at line (\d+)")


def is_mapping_file(file: Path) -> bool:
    """Whether `file` is there and its ending is one that `read_mapping` reads."""
    return file.suffix.lower() in _LANGUAGES and file.is_file()


def read_mapping(file: Path, name: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What the settings file says, by its ending; `name` is what Problems call it.

    Keys that are not text are made text. A file without a mapping at its top is as empty.
    """
    data, problems = _read(file, name)
    if problems:
        return {}, problems
    return _parse(data, _LANGUAGES.get(file.suffix.lower(), "yaml"), name)


def read_front_matter(file: Path, name: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The header of a page (``---`` YAML, ``+++`` TOML or a JSON object); empty without one."""
    data, problems = _read(file, name)
    if problems:
        return {}, problems
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _leading_object(data, name)
    found = _HEADER.match(data)
    if not found:
        return {}, ()
    language = "toml" if found[1] == b"+++" else "yaml"
    return _parse(found[2], language, name, 1 + data.count(b"\n", 0, found.start(2)))


def _read(file: Path, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return b"", (_fault(name, f"cannot be read: {error.strerror}", "check the file", 0),)
    if len(data) > MAX_BYTES:
        what = f"larger than {MAX_BYTES // 1024**2} MB, not read"
        return b"", (_fault(name, what, "move what is not settings out of it", 0),)
    return data, ()


def _parse(
    data: bytes, language: str, name: str, start: int = 1
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """`start` is the line of the file on which `data` begins."""
    try:
        text = data.decode("utf-8-sig")
        if language == "toml":
            value: Any = tomllib.loads(text.replace("\r\n", "\n"))
        elif language == "json":
            value = json.loads(text)
        else:
            value = _yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "not YAML"
        return {}, (_fault(name, what, "correct that line", start + mark.line if mark else 0),)
    except RecursionError:
        return {}, (_fault(name, "nested too deeply", "make it flatter", 0),)
    except ValueError as error:
        return {}, (_fault(name, str(error), "correct that line", _line(error, start)),)
    return _text_keys(value), ()


def _line(error: ValueError, start: int) -> int:
    if isinstance(error, json.JSONDecodeError):
        return start + error.lineno - 1
    found = _TOML_LINE.search(str(error))
    return start + int(found[1]) - 1 if found else 0


def _yaml(text: str) -> Any:
    depth = 0
    events: Iterator[Any] = yaml.parse(text, yaml.CSafeLoader)
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise RecursionError
    return yaml.load(text, yaml.CSafeLoader)


def _text_keys(value: Any) -> dict[str, Any]:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def _leading_object(data: bytes, name: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    text = data.decode("utf-8-sig", "replace").lstrip()
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        return {}, (_fault(name, f"JSON refuses the header: {error}", "correct it", line),)
    return _text_keys(value), ()


def _fault(name: str, what: str, cure: str, line: int) -> Problem:
    return Problem(name, "engine-config", what, cure, line)
