"""Short names for what something was made from: equal keys, equal results.

A key depends on values alone, on the order of mappings too (templates see it), but not on that of
sets, the hash seed or the machine.
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
_WIDE = 1 << 63  # no wider integers in MessagePack


def key(*parts: Any) -> bytes:
    """16 bytes for `parts`, plain data of any depth."""
    data = msgspec.msgpack.encode(_told(parts))
    return blake2b(data, digest_size=_SIZE).digest()


@lru_cache(maxsize=1)
def code_version() -> bytes:
    """Changes when this program does, any library installed beside its own, or a time zone."""
    package = Path(__file__).parent.parent
    stamps = sorted(_stamps(str(package)))
    # Whatever is installed, removed or brought up to date there changes the folder.
    folders = (str(Path(msgspec.__file__).parent.parent), *TZPATH)
    return key(sys.version, list(map(_changed, folders)), stamps)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - at every start
    except OSError:
        return 0  # systems keep their time zones in different places


def _stamps(folder: str) -> list[tuple[str, int, int]]:
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += _stamps(entry.path) if entry.name != "__pycache__" else []
        elif entry.name.endswith((".py", ".css", ".js", ".toml")):
            stat = entry.stat()
            found.append((entry.path[len(folder) :], stat.st_size, stat.st_mtime_ns))
    return found


def _told(value: Any) -> Any:
    """`value` as plain data that tells it from any other."""
    if isinstance(value, str):
        return value if value.isprintable() else ["text", value.encode("utf-8", "surrogatepass")]
    if isinstance(value, bytes | bool | float | None):
        return value
    if isinstance(value, int):
        return value if abs(value) < _WIDE else ["integer", str(value)]
    if isinstance(value, list | tuple):
        return [_told(item) for item in value]
    if isinstance(value, Mapping):
        return ["mapping", *((_told(name), _told(item)) for name, item in value.items())]
    if isinstance(value, Set):
        return ["set", *sorted(map(key, value))]
    if isinstance(value, Struct):
        fields = (getattr(value, name) for name in value.__struct_fields__)
        return [type(value).__name__, *map(_told, fields)]
    pattern = getattr(value, "pattern", None)  # whose repr is cut short
    return [type(value).__name__, repr(value), _told(pattern)]
