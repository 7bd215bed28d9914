"""Short names for what something was made from: equal keys, equal results.

A key depends on values alone, not on the order of sets and mappings, the hash seed or the machine.
"""

import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["code_version", "key"]

_SIZE = 16


def key(*parts: Any) -> bytes:
    """16 bytes for `parts`, plain data of any depth."""
    try:
        data = msgspec.msgpack.encode(parts, enc_hook=_plain, order="deterministic")
    except TypeError:  # msgspec sorts only keys that are text
        data = repr(_sorted(msgspec.to_builtins(parts, enc_hook=_plain))).encode(
            "utf-8", "surrogatepass"
        )
    return blake2b(data, digest_size=_SIZE).digest()


@lru_cache(maxsize=1)
def code_version() -> bytes:
    """Changes when this program does, or any library that is installed beside its own."""
    package = Path(__file__).parent.parent
    stamps = sorted(_stamps(str(package)))
    # Whatever is installed, removed or brought up to date there changes the folder.
    libraries = os.stat(Path(msgspec.__file__).parent.parent).st_mtime_ns  # noqa: PTH116
    return key(sys.version, libraries, stamps)


def _stamps(folder: str) -> list[tuple[str, int, int]]:
    found = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += _stamps(entry.path) if entry.name != "__pycache__" else []
        elif entry.name.endswith(".py"):
            stat = entry.stat()
            found.append((entry.path[len(folder) :], stat.st_size, stat.st_mtime_ns))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    return repr(value)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        items = [(repr(name), _sorted(item)) for name, item in value.items()]
        return sorted(items, key=lambda item: item[0])
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
