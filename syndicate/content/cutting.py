"""Find the place to cut a line of text in any script: between graphemes, not inside a word."""

import re
from collections.abc import Collection, Sequence

import regex

__all__ = ["cut_at", "graphemes"]

# Scripts without spaces between words: a cut after any grapheme is allowed.
_WORD = regex.compile(
    r"[[\p{L}\p{M}\p{N}_'’]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Yi}\p{Thai}\p{Lao}"
    r"\p{Khmer}\p{Myanmar}\p{Tibetan}]]",
    regex.V1,
)
_SENTENCE_END = regex.compile(
    r"""[.!?]+["'”’»)\]」』]*(?=\s)|[。！？…｡．]+[”’»」』）)]*|[۔؟।]+(?=\s)"""
)
_GRAPHEME = regex.compile(r"\X")
_LEFT_HANGING = " ,;:、，；：（([{「『《〈【“‘«-–—·/&+=|"


# Characters that are always whole graphemes: Latin, Han, and their punctuation.
_SINGLE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02af\u2010-\u2027\u3001-\u3029\u4e00-\u9fff\uff01-\uff60]*+"
)


def graphemes(text: str) -> int:
    """Return the number of graphemes in `text`; a sequence of emoji is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def cut_at(text: str, length: int, ends: Collection[int] = ()) -> int | None:
    """Return where to cut `text` so that at most `length` graphemes stay, or None if all stay.

    The best place is the end of a sentence or of a block (`ends`, ascending) in the last third,
    then the end of a word. A word is cut in two only if it is longer than half of `length`.
    """
    stops = _stops(text, length)
    if stops is None:
        return None
    if not stops:
        return 0
    floor, limit = stops[len(stops) * 2 // 3], stops[-1]
    sentences = [end.end() for end in _SENTENCE_END.finditer(text, 0, limit + 1)]
    best = max((end for end in (*sentences, *ends) if floor <= end <= limit), default=0)
    return best or _end_of_word(text, stops)


def _stops(text: str, length: int) -> Sequence[int] | None:
    """Return the ends of the first `length` graphemes, or None if there are no more than these."""
    plain = _SINGLE.match(text, 0, length + 1)
    if plain and plain.end() == length + 1:  # most texts; ten times as fast
        return range(1, length + 1)
    stops: list[int] = []
    for grapheme in _GRAPHEME.finditer(text):
        if len(stops) == length:
            return stops
        stops.append(grapheme.end())
    return None


def _end_of_word(text: str, stops: Sequence[int]) -> int:
    shortest = stops[len(stops) // 2]
    for stop in reversed(stops):
        if stop < shortest:
            break
        if not (_WORD.match(text, stop - 1) and _WORD.match(text, stop)):
            return len(text[:stop].rstrip(_LEFT_HANGING)) or stop
    return stops[-1]
