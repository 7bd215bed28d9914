"""Cache for functions of request headers, bounded in bytes."""

import sys
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ["CACHE_BYTES", "BoundedCache"]

Params = ParamSpec("Params")
Result = TypeVar("Result")

CACHE_BYTES = 1_000_000
"""Bound of one cache. The headers of all usual clients take a few kilobytes."""
LONGEST_KEY = 1_000
"""Longest arguments in bytes that are cached; no feed reader sends longer headers."""
_SLOT_BYTES = 200
_ABSENT: Any = object()


class BoundedCache(Generic[Params, Result]):
    """Pure function of hashable arguments that caches up to `CACHE_BYTES` of its results.

    A full cache is emptied. So a client that never sends the same header twice costs the other
    clients only one more call each.
    """

    def __init__(self, work: Callable[Params, Result]) -> None:
        self._work = work
        self._results: dict[tuple[object, ...], Result] = {}
        self.held = 0
        """Bytes of the cached results, keys included."""

    def __call__(self, *arguments: Params.args, **named: Params.kwargs) -> Result:
        """Return the function's result. Calls with named arguments are not cached."""
        cached: Result = self._results.get(arguments, _ABSENT)
        if cached is not _ABSENT and not named:
            return cached
        result = self._work(*arguments, **named)
        if named or (size := _size(arguments)) > LONGEST_KEY:
            return result
        size += _SLOT_BYTES + _size(result)
        if self.held + size > CACHE_BYTES:
            self._results.clear()
            self.held = 0
        self._results[arguments] = result
        self.held += size
        return result


def _size(value: object) -> int:
    """Return the bytes of `value` and its contents; a shared part counts every time."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + sum(_size(name) + _size(inner) for name, inner in value.items())
    if isinstance(value, tuple | frozenset):
        return size + sum(map(_size, value))
    return size
