"""Find posts whose words did not reach the feed: the clean body is compared with its source.

Most bodies are longer than their source, because marks become HTML: they are skipped. So are bodies
that keep the letters beyond ASCII, which are hardly ever markup. Of the rest the letters outside of
tags are counted. Of bodies that keep most, but lack hundreds of letters, passages are compared.
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
"""Elements whose text no feed carries."""
_OPEN = ("script", "style", "textarea", "title", "template", "svg", "select")
"""Elements that take the rest of the body with them where nothing closes them."""
_NO_WORDS = re.compile(
    # Each begins with one certain character, so that the search for it is fast.
    r"!\[[^\[\]\n]{0,2000}\]\([^()\n]{0,2000}\)|\((?<=\]\()[^()\n]{0,2000}\)"
    r"|\[(?:(?<=^\[)|(?<=^ \[)|(?<=^  \[)|(?<=^   \[))(?!\^)[^\]\n]{1,200}\]:[^\n]*$"
    r"|\{[:#.%][^{}\n]{0,500}\}|h(?=ttps?://[^\s<>()\"'])[^\s<>()\"']+"
    r"|<(?:/?[A-Za-z]|[!?])[^<>]*>|&#?\w{1,31};",
    re.MULTILINE,
)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|<[a-z][^<>]*\shidden[\s>=]", re.I)
_TYPESET = re.compile(r"katex|MathJax|mjx-|<math\b")
"""What typesets formulas writes each of them up to three times."""
_SHOWS = re.compile(r"<(?:img|video|audio|picture|hr|table)\b")
_SAMPLED = 2_000  # characters
_FEW = 200  # bytes of letters: a loss of fewer is a button or a label
_WORTH_A_LOOK = 600
"""Bytes that letters beyond ASCII are fewer, from which on the passages are compared."""
_LONG_PASSAGE = 100
"""Words in a row. In 10,000 posts of 20 blogs what was longer was lost by a fault."""


def lost_words(
    source: str, html: str, *, title: str = "", unknown: Sequence[str] = (), dropped: str = ""
) -> str | None:
    """Return what a report says of the words of `source` that are not in the clean `html`.

    None where at least half of the words are left, and no long passage is lost. `source` is a body
    without the generator's marks; a heading may repeat `title`; `unknown` names tags that were
    dropped, and `dropped` are words that stood in those.
    """
    told = _most_lost(source, html, title=title, unknown=unknown, dropped=dropped)
    if told is None and html and _may_lack_a_passage(source, html):
        return _lost_passage(source, html)
    return told


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
        return _said("no words", source, unknown) if words > 0 or unknown else None
    times = 3 if _TYPESET.search(source) else 1
    if _is_enough(left, _count(shown) // times + more):
        return None
    words = (_count(shown) - _repeated(title, shown)) // times + more
    if _is_enough(left, words):
        return None
    return _said(f"{100 * left // words} % of the words", source, unknown)


def _may_lack_a_passage(source: str, html: str) -> bool:
    """Return whether `html` may have hundreds of letters fewer; quick, so not always right."""
    if source.isascii():
        return 4 * len(html) < 3 * len(source)
    if _wide(source) - _wide(html) < _WORTH_A_LOOK:
        return False
    # Most lack only what stood in tags, and passages take ten times as long to compare.
    shown, left = (_NO_WORDS.sub(" ", text) for text in (_read(source), html))
    return _wide(shown) - _wide(left) >= _FEW


def _wide(text: str) -> int:
    """Count the bytes of letters beyond ASCII, without one for each."""
    return len(text.encode("utf-8", "replace")) - len(text)


def _lost_passage(source: str, html: str) -> str | None:
    """Say what is lost where a long passage is not in `html`, though most words are."""
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
    """Count the letters of a `title` that the text repeats: a heading with it is left out."""
    undated = title.lstrip("0123456789- ")
    return _letters(undated) if undated and _folded(undated) in _folded(shown) else 0


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _keeps_letters_beyond_ascii(source: str, html: str) -> bool:
    """Return whether `source` has many letters that are no ASCII, and most are in `html`."""
    wide = _beyond_ascii(source)
    return wide >= _FEW and 5 * _beyond_ascii(html) >= 3 * wide


def _beyond_ascii(text: str) -> int:
    """Estimate the letters beyond ASCII from every nth character, as counting all is slow."""
    step = 1 + len(text) // _SAMPLED
    some = text[::step]
    return step * (len(some.encode("utf-8", "replace")) - len(some))


def _said(share: str, source: str, unknown: Sequence[str]) -> str:
    causes = ", ".join([*_causes(source), *dict.fromkeys(f"the tag {name!r}" for name in unknown)])
    return f"{share} of this post are in the feed" + (f"; left out: {causes}" if causes else "")


def _causes(source: str) -> Iterator[str]:
    """Yield what is in `source` that leaves words out."""
    lower = source.lower()
    if lower.rfind("<!--") > lower.rfind("-->"):
        yield "what follows a comment that nothing closes"
    for name in _OPEN:
        if lower.rfind(f"<{name}") > lower.rfind(f"</{name}"):
            yield f"what follows a <{name}> that nothing closes"
    yield from (f"<{name}>" for name in _SILENT if f"</{name}" in lower)
    if _HIDES.search(source):
        yield "hidden elements"


def _letters(text: str) -> int:
    """Count the bytes of letters and digits, tags and addresses aside."""
    return _count(_NO_WORDS.sub(" ", text))


def _count(text: str) -> int:
    return len(text.encode("utf-8", "replace").translate(None, _NO_LETTERS))


def _read(source: str) -> str:
    """`source` without comments, and without elements that hold no words for readers."""
    text = _without(source, "<!--", "-->")
    for name in _NOT_READ:
        text = _without(text, f"<{name}", f"</{name}")
    return text


def _without(text: str, opening: str, closing: str) -> str:
    """`text` without what stands between the two; what nothing closes stays."""
    parts: list[str] = []
    position = 0
    while (start := text.find(opening, position)) >= 0:
        end = text.find(closing, start)
        if end < 0:
            break
        parts.append(text[position:start])
        position = end + len(closing)
    return "".join((*parts, text[position:])) if parts else text
