"""Turn straight quotes into curly quotes by kramdown's rules."""

import re
from typing import Literal

__all__ = ["curl"]

_Quote = Literal["lsquo", "rsquo", "ldquo", "rdquo"]
_WORD = "[a-zA-Z0-9_]"
_SIGN = r"[!\"#$%'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"
_CLOSED_BEFORE = r"[^ \\\t\r\n\[{(-]"

# The order matters. Group 1 is the character before the quote, if the pattern needs it.
_RULES = tuple(
    (re.compile(pattern, re.DOTALL), side)
    for pattern, side in (
        (r"()([\"'])(?=[_*]{1,2}\S)", "left"),
        (rf"()([\"'])(?={_SIGN}(?!\.\.)\B)", "right"),
        (rf"([ \t\r\n\f\v]?)(\"')(?={_WORD})", "left"),
        (rf"([ \t\r\n\f\v]?)('\")(?={_WORD})", "left"),
        (r"([ \t\r\n\f\v]?)(')(?=[0-9][0-9]s)", "right"),
        (rf"([ \t\r\n\f\v])(['\"])(?={_WORD})", "left"),
        (rf"({_CLOSED_BEFORE})(['\"])", "right"),
        (r"()([\"'])(?=[ \t\r\n\f\v]|s\b|\Z)", "right"),
        (r"(.?)(')", "left"),
        (r"(.?)(\")", "left"),
    )
)


def curl(src: str, pos: int) -> tuple[str, list[_Quote], int] | None:
    """Return the quotes at `pos`, or one character later.

    Returns that character if it is text, the names of the curly quotes, and the end of the quotes.
    """
    for rule, side in _RULES:
        if match := rule.match(src, pos):
            names: list[_Quote] = [_named(mark, left=side == "left") for mark in match[2]]
            return match[1], names, match.end()
    return None


def _named(mark: str, *, left: bool) -> _Quote:
    if mark == '"':
        return "ldquo" if left else "rdquo"
    return "lsquo" if left else "rsquo"
