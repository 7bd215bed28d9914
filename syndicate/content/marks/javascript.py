"""Find the end of an expression, a string or a statement in JavaScript.

Guaranteed: time is linear. Returns None if brackets do not match, and never guesses.
"""

import re

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
    depth = 0
    for piece in _PIECE.finditer(text, position, position + _LONGEST):
        if piece["open"]:
            depth += 1
        elif piece["close"]:
            depth -= 1
            if depth == 0:
                return piece.end()
    return None


def end_of_statement(text: str, position: int) -> int | None:
    """Return the end of the statement at `position`: the first line end outside all brackets.

    None if there is none within a reasonable length.
    """
    depth = 0
    for piece in _PIECE.finditer(text, position, position + _LONGEST):
        if piece["open"]:
            depth += 1
        elif piece["close"]:
            depth -= 1
        elif piece["line"] and depth <= 0 and not _goes_on(text, position, piece.start()):
            return piece.start()
    return None


def literal(expression: str) -> str | None:
    """Return the text of an expression that is a single string literal, or None."""
    match = _LITERAL.fullmatch(expression)
    if match is None:
        return None
    raw = next(group for group in match.groups() if group is not None)
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), raw, flags=re.DOTALL)


def _goes_on(text: str, start: int, end: int) -> bool:
    return text[max(start, end - 3) : end].rstrip().endswith(("=", "=>", "&&", "||", ",", "from"))
