"""Find posts whose words did not reach the feed, by comparing the clean body with its source.

Quick checks come first. Nothing is missing if the body is longer than its source, because marks
become HTML, or if it has most of the letters beyond ASCII, which are hardly ever markup. For other
bodies, the letters outside of tags are counted. If hundreds are missing, passages are compared.
Guaranteed: time is linear in both texts.
"""

import re
from collections.abc import Iterator, Sequence

__all__ = ["lost_words"]

_NO_LETTERS = bytes(number for number in range(128) if not chr(number).isalnum())
_NOT_READ = ("script", "style", "svg", "math", "template", "object")
_SILENT = (
    "button", "canvas", "noembed", "noframes", "noscript", "select", "textarea", "title",
)  # fmt: skip
"""Elements whose text is in no feed."""
_OPEN = ("script", "style", "textarea", "title", "template", "svg", "select")
"""Elements that contain the rest of the body if their end tag is missing."""
_NO_WORDS = re.compile(
    # Each alternative starts with a fixed character, so that the search is fast.
    r"!\[[^\[\]\n]{0,2000}\]\([^()\n]{0,2000}\)|\((?<=\]\()[^()\n]{0,2000}\)"
    r"|\[(?:(?<=^\[)|(?<=^ \[)|(?<=^  \[)|(?<=^   \[))(?!\^)[^\]\n]{1,200}\]:[^\n]*$"
    r"|\{[:#.%][^{}\n]{0,500}\}|h(?=ttps?://[^\s<>()\"'])[^\s<>()\"']+"
    r"|<(?:/?[A-Za-z]|[!?])[^<>]*>|&#?\w{1,31};",
    re.MULTILINE,
)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|<[a-z][^<>]*\shidden[\s>=]", re.I)
_TYPESET = re.compile(r"katex|MathJax|mjx-|<math\b")
"""Signs of programs that write each formula up to three times."""
_SHOWS = re.compile(r"<(?:img|video|audio|picture|hr|table)\b")
_SAMPLED = 2_000  # characters
_FEW = 200  # bytes of letters; a smaller loss is a button or a label
_WORTH_A_LOOK = 600
"""Missing bytes of letters beyond ASCII, from which on passages are compared."""
_LONG_PASSAGE = 100
"""Words. In 10,000 posts of 20 blogs, every longer lost passage was lost by a mistake."""


def lost_words(
    source: str, html: str, *, title: str = "", unknown: Sequence[str] = (), dropped: str = ""
) -> str | None:
    """Return a report on the words of `source` that are missing in the clean `html`, or None.

    There is none if at least half of the words are left, and no long passage is missing. `source`
    is a body without the generator's marks. A heading may repeat `title`. `unknown` are the names
    of dropped tags, and `dropped` the words in those tags.
    """
    report = _most_lost(source, html, title=title, unknown=unknown, dropped=dropped)
    if report is None and html and _may_lack_a_passage(source, html):
        return _lost_passage(source, html)
    return report


def _most_lost(
    source: str, html: str, *, title: str, unknown: Sequence[str], dropped: str
) -> str | None:
    more = _letters(dropped) if dropped else 0
    is_whole = len(html) >= len(source) or _keeps_letters_beyond_ascii(source, html)
    if html and is_whole and more < _FEW:
        return None
    left = _letters(html)
    if left and _is_enough(left, _count(source) + more):  # even if all markup were words
        return None
    shown = _NO_WORDS.sub(" ", _read(source))
    if not left and not _SHOWS.search(html):
        words = _count(shown) - _repeated(title, shown)
        return _report("no words", source, unknown) if words > 0 or unknown else None
    times = 3 if _TYPESET.search(source) else 1
    if _is_enough(left, _count(shown) // times + more):
        return None
    words = (_count(shown) - _repeated(title, shown)) // times + more
    if _is_enough(left, words):
        return None
    return _report(f"{100 * left // words} % of the words", source, unknown)


def _may_lack_a_passage(source: str, html: str) -> bool:
    """Return True if `html` may have hundreds of letters less. Quick, and not exact."""
    if source.isascii():
        return 4 * len(html) < 3 * len(source)
    if _wide(source) - _wide(html) < _WORTH_A_LOOK:
        return False
    # Most bodies lack only text in tags. Comparing passages takes ten times as long.
    shown, left = (_NO_WORDS.sub(" ", text) for text in (_read(source), html))
    return _wide(shown) - _wide(left) >= _FEW


def _wide(text: str) -> int:
    """Return the bytes of letters beyond ASCII, minus one for each letter."""
    return len(text.encode("utf-8", "replace")) - len(text)


def _lost_passage(source: str, html: str) -> str | None:
    """Return a report if a long passage is missing in `html`, though most words are there."""
    from syndicate.content.passages import longest_lost  # few posts need it

    lost = longest_lost(_read(source), html)
    if lost.words < _LONG_PASSAGE:
        return None
    causes = ", ".join(_causes(source))
    what = f'a passage of some {lost.words:,} words is not in the feed ("{lost.start} …")'
    return what + (f"; left out: {causes}" if causes else "")


def _is_enough(left: int, words: int) -> bool:
    return 2 * left >= words or words - left < _FEW


def _repeated(title: str, shown: str) -> int:
    """Count the letters of `title` if the text repeats it, because such a heading is removed."""
    undated = title.lstrip("0123456789- ")
    return _letters(undated) if undated and _folded(undated) in _folded(shown) else 0


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _keeps_letters_beyond_ascii(source: str, html: str) -> bool:
    """Return True if `source` has many letters beyond ASCII, and most are in `html`."""
    wide = _beyond_ascii(source)
    return wide >= _FEW and 5 * _beyond_ascii(html) >= 3 * wide


def _beyond_ascii(text: str) -> int:
    """Estimate the number of letters beyond ASCII from every nth character, which is fast."""
    step = 1 + len(text) // _SAMPLED
    some = text[::step]
    return step * (len(some.encode("utf-8", "replace")) - len(some))


def _report(share: str, source: str, unknown: Sequence[str]) -> str:
    causes = ", ".join([*_causes(source), *dict.fromkeys(f"the tag {name!r}" for name in unknown)])
    return f"{share} of this post are in the feed" + (f"; left out: {causes}" if causes else "")


def _causes(source: str) -> Iterator[str]:
    """Yield the elements and comments of `source` that remove words."""
    lower = source.lower()
    if lower.rfind("<!--") > lower.rfind("-->"):
        yield "the text after a comment without an end"
    for name in _OPEN:
        if lower.rfind(f"<{name}") > lower.rfind(f"</{name}"):
            yield f"the text after a <{name}> without an end tag"
    yield from (f"<{name}>" for name in _SILENT if f"</{name}" in lower)
    if _HIDES.search(source):
        yield "hidden elements"


def _letters(text: str) -> int:
    """Count the bytes of letters and digits, except in tags and addresses."""
    return _count(_NO_WORDS.sub(" ", text))


def _count(text: str) -> int:
    return len(text.encode("utf-8", "replace").translate(None, _NO_LETTERS))


def _read(source: str) -> str:
    """Return `source` without comments, and without elements that have no visible words."""
    text = _without(source, "<!--", "-->")
    for name in _NOT_READ:
        text = _without(text, f"<{name}", f"</{name}")
    return text


def _without(text: str, opening: str, closing: str) -> str:
    """Return `text` without the parts from `opening` to `closing`. A part without an end stays."""
    parts: list[str] = []
    position = 0
    while (start := text.find(opening, position)) >= 0:
        end = text.find(closing, start)
        if end < 0:
            break
        parts.append(text[position:start])
        position = end + len(closing)
    return "".join((*parts, text[position:])) if parts else text
