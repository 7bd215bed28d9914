"""Match the globs and regular expressions of a blog's settings, within bounds.

Untrusted patterns are compiled only here. A pattern that is malformed, longer than `LONGEST`, or
too slow matches nothing.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from time import perf_counter
from typing import TypeVar

import regex

__all__ = [
    "LONGEST",
    "MOST",
    "fits",
    "glob_regex",
    "groups",
    "is_regex",
    "matches",
    "occurs",
    "substituted",
]

T = TypeVar("T")

LONGEST = 2_000
"""Characters of the longest pattern."""
MOST = 1_000
"""Number of patterns that are read of one setting."""
_LONGEST_TEXT = 5_000
"""Characters of a path or title that are matched, and of the longest result."""
_SECONDS = 0.2
"""Seconds for all slow matches of one pattern, then it is disabled."""
_SLOW = 0.02
"""Seconds from which on a match counts as slow."""

_GROUP = regex.compile(r"\\(?:([1-9]\d?)|g<([^>]*)>)")
_GLOB = regex.compile(
    r"(?P<any>\*\*)|(?P<some>\*)|(?P<one>\?)|(?P<set>\[(?P<not>[!^])?(?P<of>[^]\[]+)\])"
    r"|(?P<open>\{)|(?P<or>,)|(?P<close>\})|\\?(?P<char>.)",
    regex.DOTALL,
)


def glob_regex(glob: str) -> str:
    """Convert a glob to a regular expression. ``*`` and ``?`` stop at "/", ``**`` does not.

    ``{a,b}`` matches either.
    """
    depth = 0
    parts = []
    for match in _GLOB.finditer(glob):
        kind = match.lastgroup or "char"
        depth += (kind == "open") - (kind == "close")
        parts.append(_part(match, kind, inside=depth > 0))
    return "".join(parts) if depth == 0 else regex.escape(glob)


def _part(match: regex.Match[str], kind: str, *, inside: bool) -> str:
    if kind == "set":
        members = regex.escape(match["of"]).replace("\\-", "-")
        return f"[^{members}]" if match["not"] else f"[{members}]"
    if kind == "or":
        return "|" if inside else ","
    fixed = {"any": ".*", "some": "[^/]*", "one": "[^/]", "open": "(?:", "close": ")"}
    return fixed.get(kind) or regex.escape(match["char"])


class _Pattern:
    """A compiled pattern. It is disabled after `_SECONDS` of slow matches."""

    def __init__(self, compiled: regex.Pattern[str]) -> None:
        self.compiled = compiled
        self._left = _SECONDS

    def run(self, action: Callable[[float], T]) -> T | None:
        """Call `action` with the seconds that it may take. Return None after they are used up."""
        if self._left <= 0:
            return None
        started = perf_counter()
        try:
            return action(self._left)
        except (TimeoutError, MemoryError):
            self._left = 0
            return None
        finally:
            seconds = perf_counter() - started
            self._left -= seconds if seconds > _SLOW else 0


@lru_cache(maxsize=4 * MOST)
def _compiled(pattern: str, *, ignore_case: bool = False) -> _Pattern | None:
    if len(pattern) > LONGEST:
        return None
    try:
        return _Pattern(regex.compile(pattern, regex.I if ignore_case else regex.DOTALL))
    except (regex.error, RecursionError, OverflowError):
        return None


def is_regex(pattern: str) -> bool:
    """Return True if `pattern` is a valid regular expression."""
    return _compiled(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Return True if the regular expression matches all of `text`."""
    return _found(pattern, text, "fullmatch") is not None


def occurs(pattern: str, text: str) -> bool:
    """Return True if the regular expression matches somewhere in `text`."""
    return _found(pattern, text, "search") is not None


def groups(pattern: str, text: str, *, whole: bool = False) -> dict[str, str]:
    """Match the start of `text`, or all of it if `whole`. Return the named groups' values.

    The result holds only groups that took part in the match.
    """
    found = _found(pattern, text, "fullmatch" if whole else "match")
    named = found.groupdict() if found else {}
    return {name: value for name, value in named.items() if value is not None}


def fits(pattern: str, replacement: str) -> bool:
    """Return True if `pattern` has all groups to which `replacement` refers."""
    compiled = _compiled(pattern, ignore_case=True)
    if compiled is None or len(replacement) > LONGEST:
        return False
    known = {*compiled.compiled.groupindex, *map(str, range(compiled.compiled.groups + 1))}
    return known.issuperset(filter(None, chain.from_iterable(_GROUP.findall(replacement))))


def substituted(pattern: str, replacement: str, text: str) -> str:
    """Replace every match of the regular expression in `text`, ignoring case.

    Return `text` unchanged if pattern and replacement do not fit, or take too long.
    """
    compiled = _compiled(pattern, ignore_case=True)
    if compiled is None or len(replacement) > LONGEST:
        return text
    expression, text = compiled.compiled, text[:_LONGEST_TEXT]
    try:
        result = compiled.run(lambda left: expression.sub(replacement, text, timeout=left))
    except (regex.error, IndexError):
        return text
    return text if result is None else result[:_LONGEST_TEXT]


def _found(pattern: str, text: str, how: str) -> regex.Match[str] | None:
    compiled = _compiled(pattern)
    if compiled is None:
        return None
    match: Callable[..., regex.Match[str] | None] = getattr(compiled.compiled, how)
    return compiled.run(lambda left: match(text[:_LONGEST_TEXT], timeout=left))
