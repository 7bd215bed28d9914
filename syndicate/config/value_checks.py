"""Reject values of config.toml that the system or a library would reject later.

Only the value is checked; nothing is looked up but home folders.
"""

from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syndicate.errors import ConfigError

__all__ = ["refuse_impossible"]

MAX_DEPTH = 8
"""Nested tables and lists; our deepest key has five levels."""
MAX_TEXT = 10_000
MAX_ADDRESS = 2_000
MAX_PATH = 4_000
MAX_NAME = 255
"""Bytes of one part of a path: the limit of common file systems."""
MAX_NUMBER = 1_000_000_000_000

_PATHS = frozenset(("path", "key_file", "known_hosts", "secret_file", "templates", "css"))
_ADDRESSES = frozenset(("url", "endpoint", "remote", "hubs", "icon", "logo", "uri"))


def refuse_impossible(tables: Mapping[str, Any], where: str) -> None:
    """Raise ConfigError for the first value that no key can have. `where` is the file."""
    for keys, value in _values(tables, where):
        wrong = _wrong_text(keys, value) if isinstance(value, str) else _wrong_number(value)
        if wrong:
            raise ConfigError(f"{where}: {_shown(keys)}", *wrong)


def _values(tables: Mapping[str, Any], where: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each plain value with its keys; an index of a list is a key. Not recursive."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), tables)]
    while waiting:
        keys, value = waiting.pop()
        if isinstance(value, Mapping):
            inner = [(str(key), each) for key, each in value.items()]
        elif isinstance(value, list | tuple):
            inner = [(f"[{number}]", each) for number, each in enumerate(value)]
        else:
            yield keys, value
            continue
        if len(keys) >= MAX_DEPTH:
            raise ConfigError(f"{where}: {_shown(keys)}", "nested too deeply", "write it flatter")
        waiting += [((*keys, key), each) for key, each in reversed(inner)]


def _shown(keys: tuple[str, ...]) -> str:
    return ".".join(key[:80] for key in keys).replace(".[", "[")


def _wrong_text(keys: tuple[str, ...], value: str) -> tuple[str, str] | None:
    names = [key for key in keys if not key.startswith("[")]
    odd = next((c for c in value if (c < " " and c not in "\t\n") or "\ud800" <= c <= "\udfff"), "")
    if odd:
        kind = "a control character" if odd < " " else "a byte that is not UTF-8"
        return f"contains {kind} (U+{ord(odd):04X})", "remove it"
    if len(value) > MAX_TEXT:
        return f"is longer than {MAX_TEXT:,} characters", "write it shorter"
    if names[-1] in _PATHS or names[:2] == ["feeds", "layout"]:
        return _wrong_path(value)
    if names[-1] in _ADDRESSES:
        return _wrong_address(value)
    return _wrong_host(value) if names[-1] == "host" else None


def _wrong_path(value: str) -> tuple[str, str] | None:
    parts = value.replace("\\", "/").split("/")
    if len(value.encode()) > MAX_PATH or max(len(part.encode()) for part in parts) > MAX_NAME:
        return "is too long for a path", "name a shorter one"
    try:
        Path(value).expanduser()
    except RuntimeError:
        return f"{value}: no such home folder", "write the path out"
    return None


def _wrong_address(value: str) -> tuple[str, str] | None:
    cure = 'write it as "https://example.org"'
    if len(value) > MAX_ADDRESS:
        return f"is longer than {MAX_ADDRESS:,} characters", cure
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  raises where the port is no number, or out of range
    except ValueError:  # its message may contain a password
        return "is not a valid address", cure
    return _wrong_host(parts.hostname or "")


def _wrong_host(value: str) -> tuple[str, str] | None:
    labels = value.removesuffix(".").split(".")
    if len(value) > MAX_NAME or any(len(label) > 63 for label in labels):
        return "has a host that is too long", "correct the host"
    if value and not all(labels):
        return "has a host with an empty part", "correct the host"
    return None


def _wrong_number(value: Any) -> tuple[str, str] | None:
    if isinstance(value, float) and not isfinite(value):
        return f"{value} is not a number", "write a number"
    if isinstance(value, int | float) and abs(value) > MAX_NUMBER:
        return "is too large a number", "write a smaller one"
    return None
