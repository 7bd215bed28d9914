"""Find the end of an expression, a string or a statement in JavaScript.

Guaranteed: time is linear. Returns None if brackets do not match, and never guesses.
"""

import re
from collections.abc import Iterator

__all__ = ["end_of_braces", "end_of_statement", "literal"]

_LONGEST = 50_000
_PIECE = re.compile(
    r"""
    \\. | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\]|\\.)*(?:`|\Z)
    | /\*(?:[^*]|\*(?!/))*(?:\*/|\Z) | //[^\n]*
    | (?P<open> [{(\[] ) | (?P<close> [})\]] ) | (?P<line> \n )
    """,
    re.VERBOSE | re.DOTALL,
)
_LITERAL = re.compile(
    r"""\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`)\s*""",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": ""}


def end_of_braces(text: str, position: int) -> int | None:
    """Return where the braces that open at `position` end, or None."""
    pieces = _pieces(text, position)
    return next((piece.end() for piece, depth in pieces if piece["close"] and depth == 0), None)


def end_of_statement(text: str, position: int) -> int | None:
    """Return the end of the statement at `position`: the first line end outside all brackets.

    None if there is none within a reasonable length.
    """
    for piece, depth in _pieces(text, position):
        if piece["line"] and depth <= 0 and not _goes_on(text, position, piece.start()):
            return piece.start()
    return None


def _pieces(text: str, position: int) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the brackets and line ends outside of strings, each with the depth behind it."""
    depth = 0
    for piece in _PIECE.finditer(text, position, position + _LONGEST):
        depth += bool(piece["open"]) - bool(piece["close"])
        yield piece, depth


def literal(expression: str) -> str | None:
    """Return the text of an expression that is a single string literal, or None."""
    match = _LITERAL.fullmatch(expression)
    if match is None:
        return None
    raw = next(group for group in match.groups() if group is not None)
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), raw, flags=re.DOTALL)


def _goes_on(text: str, start: int, end: int) -> bool:
    return text[max(start, end - 3) : end].rstrip().endswith(("=", "=>", "&&", "||", ",", "from"))
