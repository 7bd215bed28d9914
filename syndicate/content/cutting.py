"""Where a line of text may be cut, in any script: by what people see, never inside a word."""

from collections.abc import Collection

import regex

__all__ = ["cut_at", "graphemes"]

# Scripts written without spaces: there every grapheme may be the last.
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


def graphemes(text: str) -> int:
    """How many characters a person counts in `text`; a sequence of emoji is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def cut_at(text: str, length: int, ends: Collection[int] = ()) -> int | None:
    """Where to cut `text` so that at most `length` graphemes stay; None where all of it does.

    The end of a sentence (or of a block: `ends`, ascending) in the last third is best, then the
    end of a word. Only a single word longer than half of all is cut in two.
    """
    stops: list[int] = []
    for grapheme in _GRAPHEME.finditer(text):
        if len(stops) == length:
            break
        stops.append(grapheme.end())
    else:
        return None
    if not stops:
        return 0
    floor, limit = stops[len(stops) * 2 // 3], stops[-1]
    sentences = [end.end() for end in _SENTENCE_END.finditer(text, 0, limit + 1)]
    best = max((end for end in (*sentences, *ends) if floor <= end <= limit), default=0)
    return best or _end_of_word(text, stops)


def _end_of_word(text: str, stops: list[int]) -> int:
    shortest = stops[len(stops) // 2]
    for stop in reversed(stops):
        if stop < shortest:
            break
        if not (_WORD.match(text, stop - 1) and _WORD.match(text, stop)):
            return len(text[:stop].rstrip(_LEFT_HANGING)) or stop
    return stops[-1]
