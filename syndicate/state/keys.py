"""Cache keys: digests of the inputs of a computation.

A key depends on the values only, including the order of mappings, which templates can see. It does
not depend on the order of sets, the hash seed or the machine.
"""

import os
import sys
from collections.abc import Mapping, Set
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

import msgspec
from msgspec import Struct

__all__ = ["code_version", "key"]

_SIZE = 16
_WIDE = 1 << 63  # limit of MessagePack's integers


def key(*parts: Any) -> bytes:
    """Return the key of `parts`, plain data of any depth: 16 bytes."""
    data = msgspec.msgpack.encode(_plain_data(parts))
    return blake2b(data, digest_size=_SIZE).digest()


@lru_cache(maxsize=1)
def code_version() -> bytes:
    """Return a key of this program's code, its installed libraries and the time zones."""
    package = Path(__file__).parent.parent
    stamps = sorted(_stamps(str(package)))
    # Installing, removing or updating a library changes the folder's time.
    folders = (str(Path(msgspec.__file__).parent.parent), *TZPATH)
    return key(sys.version, list(map(_changed, folders)), stamps)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - at every start
    except OSError:
        return 0  # not every system has all folders of time zones


def _stamps(folder: str) -> list[tuple[str, int, int]]:
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += _stamps(entry.path) if entry.name != "__pycache__" else []
        elif entry.name.endswith((".py", ".html", ".css", ".js", ".svg", ".toml")):
            stat = entry.stat()
            found.append((entry.path[len(folder) :], stat.st_size, stat.st_mtime_ns))
    return found


def _plain_data(value: Any) -> Any:
    """Convert `value` to plain data that is distinct for distinct values."""
    if isinstance(value, str):
        return value if value.isprintable() else ["text", value.encode("utf-8", "surrogatepass")]
    if isinstance(value, bytes | bool | float | None):
        return value
    if isinstance(value, int):
        return value if abs(value) < _WIDE else ["integer", str(value)]
    if isinstance(value, list | tuple):
        return [_plain_data(item) for item in value]
    if isinstance(value, Mapping):
        return [
            "mapping",
            *((_plain_data(name), _plain_data(item)) for name, item in value.items()),
        ]
    if isinstance(value, Set):
        return ["set", *sorted(map(key, value))]
    if isinstance(value, Struct):
        fields = (getattr(value, name) for name in value.__struct_fields__)
        return [type(value).__name__, *map(_plain_data, fields)]
    pattern = getattr(value, "pattern", None)  # the repr of a regular expression is truncated
    return [type(value).__name__, repr(value), _plain_data(pattern)]
