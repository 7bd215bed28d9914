"""Results of functions of what clients send, cached with a bound in bytes."""

import sys
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ["KEPT_BYTES", "Kept", "kept_bytes"]

Params = ParamSpec("Params")
Result = TypeVar("Result")

KEPT_BYTES = 1_000_000
"""Bound of each cache. What feed readers and browsers send takes a few kilobytes."""
LONGEST_KEY = 1_000
"""Bytes of arguments above which nothing is cached: no feed reader sends such headers."""
_SLOT_BYTES = 200
_ABSENT: Any = object()
_CACHES: "list[Kept[..., Any]]" = []


class Kept(Generic[Params, Result]):
    """A pure function of hashable arguments, with at most `KEPT_BYTES` of its results cached.

    A full cache starts anew: a client that never sends the same text twice costs the others no
    more than computing their results once more.
    """

    def __init__(self, work: Callable[Params, Result]) -> None:
        self._work = work
        self._results: dict[tuple[object, ...], Result] = {}
        self.held = 0
        _CACHES.append(self)

    def __call__(self, *asked: Params.args, **named: Params.kwargs) -> Result:
        """Return what the function returns; arguments by name are passed on and not cached."""
        found: Result = self._results.get(asked, _ABSENT)
        if found is not _ABSENT and not named:
            return found
        made = self._work(*asked, **named)
        if named or (size := _size(asked)) > LONGEST_KEY:
            return made
        size += _SLOT_BYTES + _size(made)
        if self.held + size > KEPT_BYTES:
            self._results.clear()
            self.held = 0
        self._results[asked] = made
        self.held += size
        return made


def kept_bytes() -> int:
    """Return how many bytes the caches of this process hold, keys included."""
    return sum(each.held for each in _CACHES)


def _size(value: object) -> int:
    """Return the bytes of `value` and of what it contains; shared parts count each time."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + sum(_size(name) + _size(each) for name, each in value.items())
    if isinstance(value, tuple | frozenset):
        return size + sum(map(_size, value))
    return size
