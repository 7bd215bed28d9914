"""Read values of settings whatever their type."""

from collections.abc import Mapping
from typing import Any

__all__ = ["as_map", "as_strings", "as_text", "first_text"]


def as_map(value: Any) -> Mapping[str, Any]:
    """Return `value` if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_text(value: Any) -> str:
    """Return `value` on one line if it is text or a number, else empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def as_strings(value: Any) -> list[str]:
    """Return the texts in a list, or a single text as a list."""
    values = value if isinstance(value, list) else [value]
    return [text for text in map(as_text, values) if text]


def first_text(values: Mapping[str, Any], *keys: str) -> str | None:
    """Return the first text or number under `keys`, on one line; None if there is none."""
    return next((text for key in keys if (text := as_text(values.get(key)))), None)
