"""Where the code of a Markdown body lies, so that no rule about prose touches it.

Only fenced blocks and raw `<pre>` are told apart here; indented and inline code are left to the
rules themselves, which look at whole lines or at rendered HTML.
"""

import re
from collections.abc import Callable, Iterator

__all__ = ["outside_code", "segments"]

# A fence may stand in quotes and list items. A backtick fence has no backtick in its info string.
_OPEN = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|^ {0,3}(?P<pre><pre\b)",
    re.MULTILINE | re.IGNORECASE,
)
_CLOSE_PRE = re.compile("</pre>", re.IGNORECASE)


def segments(text: str) -> Iterator[tuple[bool, str]]:
    """`text` cut into pieces, each with whether it is code. Joined they are `text` again."""
    position = 0
    while opening := _OPEN.search(text, position):
        start = opening.start()
        end = _end_of_code(text, opening)
        if start > position:
            yield False, text[position:start]
        yield True, text[start:end]
        position = end
    if position < len(text):
        yield False, text[position:]


def outside_code(text: str, edit: Callable[[str], str]) -> str:
    """`text` with `edit` applied to each piece that is not code."""
    return "".join(piece if code else edit(piece) for code, piece in segments(text))


def _end_of_code(text: str, opening: re.Match[str]) -> int:
    """Where the code that starts at `opening` ends; an unclosed fence runs to the end."""
    fence = opening["fence"]
    if fence is None:
        closing = _CLOSE_PRE.search(text, opening.end())
    else:
        bar = re.escape(fence[0])
        pattern = rf"^[ \t>]*{bar}{{{len(fence)},}}[ \t]*$\n?"
        closing = re.compile(pattern, re.MULTILINE).search(text, opening.end())
    return closing.end() if closing else len(text)
