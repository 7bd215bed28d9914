"""Load YAML with all scalars as text, within bounds.

Numbers, dates, ``yes`` and ``off`` stay text. Only plain ``null`` and ``~`` become None, and plain
``true`` and ``false`` become bool. Tags are ignored. Depth and the expansion of aliases are
bounded, so that no header can hang the program or overflow its stack (libyaml's own composer
overflows the stack on 60,000 brackets).
"""

from collections.abc import Mapping
from typing import Any

import yaml
from msgspec import Struct
from yaml import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.cyaml import CParser  # type: ignore[attr-defined] # the stubs forget it

__all__ = ["CONSTANTS", "MAX_DEPTH", "Loaded", "load"]

MAX_DEPTH = 40
MAX_NODES = 50_000
WEIGHT = 16
"""Characters of text that count as one more node. An alias counts with the size of its value."""

_STARTS = (yaml.StreamStartEvent, yaml.DocumentStartEvent)

CONSTANTS: Mapping[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class Loaded(Struct, frozen=True):
    """A mapping and notes about its form.

    `quoted` holds the top keys with values in quotes. `duplicates` holds the repeated top keys,
    with the lines (from 1) of the later ones, which win.
    """

    meta: dict[str, Any]
    quoted: frozenset[str] = frozenset()
    duplicates: tuple[tuple[str, int], ...] = ()


def load(text: str) -> Loaded:
    """Load one YAML mapping. Raises `yaml.YAMLError`, with the line if it is known."""
    return _Walk(text).document()


class _Walk:
    """One pass over libyaml's events."""

    def __init__(self, text: str) -> None:
        self.parser = CParser(text)
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.quoted: set[str] = set()
        self.duplicates: list[tuple[str, int]] = []

    def document(self) -> Loaded:
        event: Any = self.parser.get_event()
        while isinstance(event, _STARTS):
            event = self.parser.get_event()
        if type(event) is StreamEndEvent:
            return Loaded({})
        value = self.value(event, 0)
        if value is not None and not isinstance(value, dict):
            raise _error("the header has no fields", event)
        self.parser.get_event()  # the document's end
        event = self.parser.get_event()
        if type(event) is not StreamEndEvent:
            raise _error("a second document begins inside the header", event)
        return Loaded(value or {}, frozenset(self.quoted), tuple(self.duplicates))

    def value(self, event: Any, depth: int) -> Any:
        before = self.nodes
        kind = type(event)
        self.nodes += 1 + len(event.value) // WEIGHT if kind is ScalarEvent else 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise _error("nested too deeply or expanded too far", event)
        if kind is ScalarEvent:
            value: Any = event.value
            if event.implicit[0]:
                value = CONSTANTS.get(value, value)
        elif kind is MappingStartEvent:
            value = self.mapping(depth + 1)
        elif kind is SequenceStartEvent:
            value = self.sequence(depth + 1)
        else:
            return self.alias(event)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.nodes - before)
        return value

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise _error(f"*{event.anchor} names no anchor", event)
        value, weight = self.anchors[event.anchor]
        self.nodes += weight
        return value

    def sequence(self, depth: int) -> list[Any]:
        items = []
        event: Any = self.parser.get_event()
        while type(event) is not SequenceEndEvent:
            items.append(self.value(event, depth))
            event = self.parser.get_event()
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: list[Any] = []
        event: Any = self.parser.get_event()
        while type(event) is not MappingEndEvent:
            key = self.key(event)
            inner: Any = self.parser.get_event()
            value = self.value(inner, depth)
            if key == "<<":
                merged += value if isinstance(value, list) else [value]
            else:
                if depth == 1:
                    self.note(key, key in found, event, inner)
                found[key] = value
            event = self.parser.get_event()
        return _merged(merged, found) if merged else found

    def note(self, key: str, again: bool, event: Any, inner: Any) -> None:
        if again:
            self.duplicates.append((key, event.start_mark.line + 1))
            self.quoted.discard(key)
        if type(inner) is ScalarEvent and not inner.implicit[0]:
            self.quoted.add(key)

    def key(self, event: Any) -> str:
        if isinstance(event, yaml.AliasEvent):
            value = self.alias(event)
            if isinstance(value, str):
                return value
        if type(event) is not ScalarEvent:
            raise _error("a key that is not text", event)
        return str(event.value)


def _merged(others: list[Any], own: dict[str, Any]) -> dict[str, Any]:
    """Merge the mappings among `others`, then `own`. The last value of a key wins."""
    found: dict[str, Any] = {}
    for other in others:
        if isinstance(other, dict):
            found.update(other)
    found.update(own)
    return found


def _error(problem: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
