"""Read Jekyll's `defaults:` of `_config.yml`: default front matter for the files of a scope.

Follows the source of FrontmatterDefaults, versions 3.9 to 4.4.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

__all__ = ["Scope", "defaults_for", "read_scopes"]


class Scope(Struct, frozen=True):
    """A set of files, and their default front matter `values`.

    `where` is the path of a file or folder, or a glob; empty for all files. `collection` is None
    for all collections. `length` is the length of the path in `_config.yml`, which ranks scopes.
    """

    where: str
    collection: str | None
    length: int
    values: dict[str, Any]

    def holds(self, path: str, collection: str) -> bool:
        """Return True if the scope holds the file at `path` of a collection."""
        if self.collection is not None and self.collection != collection:
            return False
        where = self.where
        if not where or path == where or path.startswith(f"{where}/"):
            return True
        return "*" in where and (fnmatchcase(path, where) or fnmatchcase(path, f"{where}/*"))


def read_scopes(defaults: Any, collections: str) -> tuple[Scope, ...]:
    """Return the scopes of `defaults:`, with paths relative to the folder `collections`."""
    found = []
    for item in defaults if isinstance(defaults, list) else ():
        if isinstance(item, dict) and isinstance(item.get("values"), dict):
            scope = item.get("scope")
            scope = scope if isinstance(scope, dict) else {}
            path = str(scope.get("path") or "").strip("/")
            kind = str(scope["type"]) if "type" in scope else None
            where = path.removeprefix(f"{collections}/")
            found.append(Scope(where, kind, len(path), item["values"]))
    return tuple(found)


def defaults_for(scopes: Sequence[Scope], path: str, collection: str) -> dict[str, Any]:
    """Merge the values of the scopes that hold the file. The longer path wins, then the later."""
    merged: dict[str, Any] = {}
    old: Scope | None = None
    for scope in scopes:
        if scope.holds(path, collection):
            if old is None or _precedes(scope, old):
                merged, old = _merge(merged, scope.values), scope
            else:
                merged = _merge(scope.values, merged)
    return merged


def _precedes(new: Scope, old: Scope) -> bool:
    if new.length != old.length:
        return new.length > old.length
    return new.collection is not None or old.collection is None


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        mine = merged.get(key)
        both = isinstance(mine, dict) and isinstance(value, dict)
        merged[key] = _merge(mine, value) if both else value  # type: ignore[arg-type]
    return merged
