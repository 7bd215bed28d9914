"""Where an author ended the part that invites to read on."""

import re

from syndicate.content.fences import segments

__all__ = ["MORE", "mark_more"]

MORE = "<!--more-->"
"""How every spelling is written once it is found."""

_WORDS = (
    r"(?:read[ -]?)?more|truncate|break|end|excerpt|end[ -]?excerpt|excerpt[ -]?end"
    r"|preview|summary|pelican_end_summary"
)
_MARKS = (  # each begins with one text, so that the search for it is fast
    re.compile(
        rf"<!--\s*(?:(?:{_WORDS})\b[^<>`-]*"
        # Nikola's may hold the text of the link to the whole post.
        r"|(?:TEASER_END|END_TEASER)\s*(?::[^<>`\n]*?)?)-->(?!`)",
        re.IGNORECASE,
    ),
    re.compile(r"\{/\*\s*(?:more|truncate)\s*\*/\}(?!`)", re.IGNORECASE),
)


def mark_more(body: str, separator: str = "", *, unclosed: bool = True) -> str:
    """The raw `body` with its first more-mark, in whatever spelling, written as `MORE`.

    `separator` is the site's own mark. One of nothing but line ends (Jekyll's default) marks no
    choice of the author's and is not looked for. Marks in fenced code are code; `unclosed`: also
    behind a fence that nothing closes.
    """
    found = _find(body, separator, unclosed=unclosed)
    return body[: found[0]] + MORE + body[found[1] :] if found else body


def _find(body: str, separator: str, *, unclosed: bool) -> tuple[int, int] | None:
    """Where the first mark starts and ends."""
    own = separator.strip()
    if not own and "<!--" not in body and "{/*" not in body:
        return None
    if not (own and own in body) and not _mark(body):
        return None
    position = 0
    for code, piece in segments(body, unclosed=unclosed):
        at = piece.find(own) if own and not code else -1
        if at >= 0:
            return position + at, position + at + len(own)
        if not code and (mark := _mark(piece)):
            return position + mark.start(), position + mark.end()
        position += len(piece)
    return None


def _mark(text: str) -> re.Match[str] | None:
    """Return the first mark in `text`."""
    found = filter(None, (mark.search(text) for mark in _MARKS))
    return min(found, key=re.Match.start, default=None)
