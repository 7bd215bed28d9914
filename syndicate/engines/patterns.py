"""Patterns that a blog's author wrote, globs and regular expressions, matched within bounds.

The only place where a pattern of a stranger is compiled. A pattern that is not well-formed, longer
than `LONGEST`, or too slow matches nothing.
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
"""Characters of a pattern."""
MOST = 1_000
"""Patterns of one setting."""
_LONGEST_TEXT = 5_000
"""Characters of a path or title that are looked at, and of what a replacement makes of it."""
_SECONDS = 0.2
"""No honest pattern comes near it on a path; a hostile one would not end."""
_SLOW = 0.02
"""Seconds of one match from which on the time counts against the pattern."""

_GROUP = regex.compile(r"\\(?:([1-9]\d?)|g<([^>]*)>)")
_GLOB = regex.compile(
    r"(?P<any>\*\*)|(?P<some>\*)|(?P<one>\?)|(?P<set>\[(?P<not>[!^])?(?P<of>[^]\[]+)\])"
    r"|(?P<open>\{)|(?P<or>,)|(?P<close>\})|\\?(?P<char>.)",
    regex.DOTALL,
)


def glob_regex(glob: str) -> str:
    """A glob as a regular expression: ``*`` and ``?`` stop at "/", ``**`` does not, ``{a,b}``."""
    depth = 0
    parts = []
    for found in _GLOB.finditer(glob):
        kind = found.lastgroup or "char"
        depth += (kind == "open") - (kind == "close")
        parts.append(_part(found, kind, inside=depth > 0))
    return "".join(parts) if depth == 0 else regex.escape(glob)


def _part(found: regex.Match[str], kind: str, *, inside: bool) -> str:
    if kind == "set":
        members = regex.escape(found["of"]).replace("\\-", "-")
        return f"[^{members}]" if found["not"] else f"[{members}]"
    if kind == "or":
        return "|" if inside else ","
    fixed = {"any": ".*", "some": "[^/]*", "one": "[^/]", "open": "(?:", "close": ")"}
    return fixed.get(kind) or regex.escape(found["char"])


class _Pattern:
    """A compiled pattern, which is given up after `_SECONDS` of slow matches."""

    def __init__(self, compiled: regex.Pattern[str]) -> None:
        self.compiled = compiled
        self._left = _SECONDS

    def run(self, action: Callable[[float], T]) -> T | None:
        """Call `action` with the seconds that it may take; None once they are used up."""
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
    """Whether `pattern` is a regular expression at all."""
    return _compiled(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Whether the whole of `text` is what the regular expression says."""
    return _found(pattern, text, "fullmatch") is not None


def occurs(pattern: str, text: str) -> bool:
    """Whether the regular expression is found anywhere in `text`."""
    return _found(pattern, text, "search") is not None


def groups(pattern: str, text: str, *, whole: bool = False) -> dict[str, str]:
    """Read `text` by the named groups of a regular expression, from its start on.

    Groups that took no part are left out; all are where nothing matches. `whole`: up to the end.
    """
    found = _found(pattern, text, "fullmatch" if whole else "match")
    named = found.groupdict() if found else {}
    return {name: value for name, value in named.items() if value is not None}


def fits(pattern: str, replacement: str) -> bool:
    """Whether `substituted` can use these two: every group that is referred to is there."""
    compiled = _compiled(pattern, ignore_case=True)
    if compiled is None or len(replacement) > LONGEST:
        return False
    known = {*compiled.compiled.groupindex, *map(str, range(compiled.compiled.groups + 1))}
    return known.issuperset(filter(None, chain.from_iterable(_GROUP.findall(replacement))))


def substituted(pattern: str, replacement: str, text: str) -> str:
    """`text` with every match of the regular expression, in any case, replaced.

    It stays as it is where pattern and replacement do not fit, or take too long.
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
