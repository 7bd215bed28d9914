"""Remove user names and passwords from the addresses in a blog's own settings."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from syndicate.engines.base import Engine
from syndicate.model import Problem
from syndicate.text.urls import without_login

__all__ = ["without_logins"]

_DEEPEST = 60
_NO_SETTINGS = frozenset(("data", "site"))
"""Fields of engines that are not searched: data files may be large, and `site` is checked."""


def without_logins(engine: Engine) -> tuple[Engine, tuple[Problem, ...]]:
    """Remove user names and passwords from the engine's settings. Report each changed key.

    Settings reach feeds and pages, where everybody could read them.
    """
    walk = _Walk()
    clean: Engine = walk.of(engine, "", 0)
    return clean, tuple(_problem(key, engine.name) for key in dict.fromkeys(walk.keys))


def _problem(key: str, name: str) -> Problem:
    return Problem(
        f"{name} settings",
        "login-in-address",
        f"{key} holds an address with a user name or a password (not shown); they were removed",
        "remove them from the settings, and change them if others may have seen them",
    )


class _Walk:
    """One pass over settings. A value that several keys share (YAML's aliases) is cleaned once."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._seen: dict[int, Any] = {}

    def of(self, value: Any, key: str, depth: int) -> Any:
        """Return `value` without logins; the same object if it has none."""
        if isinstance(value, str):
            plain = without_login(value)
            if plain != value:
                self.keys.append(key)
            return plain if plain != value else value
        if not isinstance(value, Mapping | list | tuple | Struct) or depth > _DEEPEST:
            return value
        if id(value) not in self._seen:
            self._seen[id(value)] = value  # in case the value contains itself
            self._seen[id(value)] = self._inside(value, key, depth + 1)
        return self._seen[id(value)]

    def _inside(self, value: Any, key: str, depth: int) -> Any:
        if isinstance(value, list | tuple):
            items = [self.of(item, key, depth) for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return value if same else type(value)(items)
        if isinstance(value, Mapping):
            pairs = {name: self.of(item, _below(key, name), depth) for name, item in value.items()}
            return value if all(pairs[name] is value[name] for name in value) else pairs
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        new = {
            name: self.of(item, _below(key, name), depth)
            for name, item in fields.items()
            if name not in _NO_SETTINGS
        }
        changed = {name: item for name, item in new.items() if item is not fields[name]}
        return msgspec.structs.replace(value, **changed) if changed else value


def _below(key: str, name: object) -> str:
    """Return the full key of a setting, without the names of the engine's own fields."""
    return f"{key}.{name}" if key and key not in ("settings", "config") else str(name)
