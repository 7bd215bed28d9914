"""Find the read-more marker."""

import re

from syndicate.content.fences import segments

__all__ = ["MORE", "mark_more"]

MORE = "<!--more-->"
"""Spelling that all read-more markers are replaced by."""

_WORDS = (
    r"(?:read[ -]?)?more|truncate|break|end|excerpt|end[ -]?excerpt|excerpt[ -]?end"
    r"|preview|summary|pelican_end_summary"
)
_MARKS = (  # each starts with a fixed text, so that the search is fast
    re.compile(
        rf"<!--\s*(?:(?:{_WORDS})\b[^<>`-]*"
        # Nikola's marker may contain the text of its link to the whole post.
        r"|(?:TEASER_END|END_TEASER)\s*(?::[^<>`\n]*?)?)-->(?!`)",
        re.IGNORECASE,
    ),
    re.compile(r"\{/\*\s*(?:more|truncate)\s*\*/\}(?!`)", re.IGNORECASE),
)


def mark_more(body: str, separator: str = "", *, unclosed: bool = True) -> str:
    """Return the source `body` with its first read-more marker replaced by `MORE`.

    `separator` is the site's own marker. It is ignored if it is only line ends (Jekyll's default),
    because the author did not choose it. Markers in fenced code are code; if `unclosed`, also in a
    fence without an end.
    """
    place = _find(body, separator, unclosed=unclosed)
    return body[: place[0]] + MORE + body[place[1] :] if place else body


def _find(body: str, separator: str, *, unclosed: bool) -> tuple[int, int] | None:
    """Return the start and end of the first marker, or None."""
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
    """Return the first marker in `text`."""
    marks = filter(None, (mark.search(text) for mark in _MARKS))
    return min(marks, key=re.Match.start, default=None)
