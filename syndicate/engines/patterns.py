"""Patterns that a blog's author wrote, globs and regular expressions, matched within bounds.

A pattern that is not well-formed, or that takes too long on a path, matches nothing.
"""

from functools import lru_cache

import regex

__all__ = ["glob_regex", "is_regex", "matches", "occurs"]

_SECONDS = 0.2
"""No honest pattern comes near it on a path; a hostile one would not end."""

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


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    try:
        return regex.compile(pattern, regex.DOTALL)
    except regex.error:
        return None


def is_regex(pattern: str) -> bool:
    """Whether `pattern` is a regular expression at all."""
    return _compiled(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Whether the whole of `text` is what the regular expression says."""
    compiled = _compiled(pattern)
    try:
        return compiled is not None and bool(compiled.fullmatch(text, timeout=_SECONDS))
    except TimeoutError:
        return False


def occurs(pattern: str, text: str) -> bool:
    """Whether the regular expression is found anywhere in `text`."""
    compiled = _compiled(pattern)
    try:
        return compiled is not None and bool(compiled.search(text, timeout=_SECONDS))
    except TimeoutError:
        return False
