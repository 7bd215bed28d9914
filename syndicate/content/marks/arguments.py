"""Parse the arguments of a mark: words, quoted strings, ``key=value``, ``key: value``."""

import re
from typing import NamedTuple

__all__ = ["Arguments", "arguments", "unquoted"]

_VALUE = r"""
    "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)' | `(?P<raw>[^`]*)`
    | “(?P<curly>[^“”]*)” | (?P<bare>[^\s,]+)
"""
_ARGUMENT = re.compile(rf"(?:(?P<key>[\w.@-]+)\s*=\s*)?(?:{_VALUE})", re.VERBOSE | re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST = 20_000


class Arguments(NamedTuple):
    """Arguments of a mark, without their quotes: by position and by name."""

    positional: tuple[str, ...] = ()
    named: dict[str, str] = {}  # noqa: RUF012 - never written to

    def get(self, *names: str, at: int | None = None) -> str:
        """Return the first argument with one of `names`, or the one at position `at`, or ""."""
        for name in names:
            if name in self.named:
                return self.named[name]
        if at is not None and at < len(self.positional):
            return self.positional[at]
        return ""


def arguments(text: str) -> Arguments:
    """Parse the arguments in `text`. Commas between arguments are ignored."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text[:_LONGEST]):
        value = _value(match)
        if match["key"]:
            named.setdefault(match["key"], value)
        else:
            positional.append(value)
    return Arguments(tuple(positional), named)


def unquoted(text: str) -> str:
    """Return `text` without its quotes if it is one quoted string."""
    match = _ARGUMENT.fullmatch(text.strip())
    return _value(match) if match and not match["key"] else text


def _value(match: re.Match[str]) -> str:
    for kind in ("double", "single"):
        if match[kind] is not None:
            return _ESCAPED.sub(r"\1", match[kind])
    return next((match[kind] for kind in ("raw", "curly", "bare") if match[kind] is not None), "")
