"""Values put into the text of config.toml, in which everything else stays as it is written."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from shutil import copymode
from typing import Any

from syndicate.errors import ConfigError
from syndicate.files.read import read_own
from syndicate.files.write import write_new

__all__ = ["with_values", "write_values"]

MAX_BYTES = 10_000_000
_BOM = "\ufeff"


def write_values(path: Path, table: str, values: Mapping[str, str]) -> bool:
    """Put `values`, each written in TOML, into `table` of the file `path`; make it if missing.

    Returns False if the file had them. The file is whole at any time. Raises ConfigError.
    """
    path = path.resolve()  # a link stays one
    temporary = path.with_name(f".{path.name}.part")
    try:
        before = read_own(path, MAX_BYTES).decode() if path.exists() else ""
        after = with_values(before, table, values, str(path))
        if after == before:
            return False
        write_new(temporary, after.encode(), sync=True)
        if path.exists():
            copymode(path, temporary)
        os.replace(temporary, path)  # noqa: PTH105  one call, atomic on every system
    except UnicodeDecodeError:
        raise ConfigError(str(path), "is not UTF-8", "save it as UTF-8") from None
    except OSError as error:
        temporary.unlink(missing_ok=True)
        cure = "see that you may write there"
        raise ConfigError(str(path), f"cannot be written ({error.strerror})", cure) from error
    return True


def with_values(text: str, table: str, values: Mapping[str, str], where: str) -> str:
    """Return the TOML `text` with `values` in `table`; comments and all other keys stay.

    Raises ConfigError, which names `where`, if the text cannot be edited line by line.
    """
    wanted = {key: tomllib.loads(f"v = {value}")["v"] for key, value in values.items()}
    before = _parsed(text, where)
    section = before.get(table, {})
    missing = {key: value for key, value in values.items() if section.get(key) != wanted[key]}
    if not missing:
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    for key, value in reversed(missing.items()):  # a new line goes to the top of the table
        lines = _with_value(lines, table, key, f"{key} = {value}", newline)
    after = "".join(lines)
    try:
        right = tomllib.loads(after.removeprefix(_BOM)) == {**before, table: {**section, **wanted}}
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        lines = [f"{key} = {value}" for key, value in values.items()]
        cure = f"write by hand, in [{table}]: {'; '.join(lines)}"
        raise ConfigError(where, f"[{table}] is written in a way that cannot be edited", cure)
    return after


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(where, f"not TOML: {error}", "correct that line") from None


def _with_value(lines: list[str], table: str, key: str, line: str, newline: str) -> list[str]:
    start = next((n for n, each in enumerate(lines) if _header(each) == table), None)
    if start is None:
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines = [*lines[:-1], lines[-1] + newline]
        gap = [newline] if lines else []
        return [*lines, *gap, f"[{table}]{newline}", line + newline]
    end = next((n for n in range(start + 1, len(lines)) if _header(lines[n])), len(lines))
    for number in range(start + 1, end):
        if _key(lines[number]) == key:
            last = _last_line(lines, number, end)
            comment = _comment(lines[number]) if last == number + 1 else ""
            return [*lines[:number], line + comment + newline, *lines[last:]]
    if not lines[start].endswith(("\n", "\r")):
        lines = [*lines[:start], lines[start] + newline, *lines[start + 1 :]]
    return [*lines[: start + 1], line + newline, *lines[start + 1 :]]


def _header(line: str) -> str:
    """Return the name in a line like ``[feeds]  # ours``; "?" for one that is less plain."""
    text = line.strip().removeprefix(_BOM)
    if not text.startswith("["):
        return ""
    name, bracket, rest = text[1:].partition("]")
    plain = bracket and not rest.strip().partition("#")[0]
    return name.strip() if plain and not name.startswith("[") else "?"


def _key(line: str) -> str:
    return line.partition("=")[0].strip().strip("\"'") if "=" in line else ""


def _last_line(lines: list[str], start: int, end: int) -> int:
    """Return the number of the line after the value that begins at `start`."""
    for number in range(start + 1, min(end, start + 200) + 1):
        try:
            tomllib.loads("".join(lines[start:number]))
        except tomllib.TOMLDecodeError:
            continue
        return number
    return start + 1


def _comment(line: str) -> str:
    """Return the comment at the end of ``key = value  # why``, with the space before it."""
    line = line.rstrip("\r\n")
    value = tomllib.loads(line)
    for at, character in enumerate(line):
        if character != "#":
            continue
        try:
            if tomllib.loads(line[:at]) == value:
                return line[len(line[:at].rstrip()) :]
        except tomllib.TOMLDecodeError:
            continue
    return ""
