"""Typeset quotes, dashes and ellipses in text as each Markdown renderer does.

The rules come from the sources of goldmark's typographer, hexo-renderer-marked, markdown-it and
retext-smartypants. They depend on the characters beside a sign. At the edge of an inline element
that is the mark of the element, at the edge of a block it is white space.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import ClassVar, NamedTuple

__all__ = ["PIECE", "flanks", "typeset"]

_SIGN = re.compile(r"[\"'(]|--|\.\.|\+-|&lt;&lt;|&gt;&gt;|\. \.|<<")
_INSIDE_TAG = (
    r"[^<>\"']*(?:(?:\"[^\"]{0,300}\"|'[^']{0,300}')[^<>\"']*){1,20}>"  # `<` and `>` in quotes
)
_ELEMENT = (
    r"<(?P<code>pre|code|script|style|textarea|math)\b[^<]*(?:<(?!/(?P=code)\s*>)[^<]*)*"
    r"(?:</(?P=code)\s*>|\Z)"
)
PIECE = re.compile(
    rf"{_ELEMENT}|<!--.*?(?:-->|\Z)|<(?P<tag>/?[a-zA-Z][\w-]*)(?:{_INSIDE_TAG}|[^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(rf"(<(?:/?[a-zA-Z]{_INSIDE_TAG}|[^<>]*>))")
_CODE = re.compile(rf"{_ELEMENT}|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_TAG_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_SPANS = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
     "ins", "kbd", "mark", "math", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u",
     "var")
)  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)")
_DASHES = {"--": "–", "---": "—"}


def typeset(rendered: str, style: str) -> str:
    """Return HTML with its text typeset as the renderer `style` does, except in code and tags."""
    typesetter = _STYLES[style]()
    if isinstance(typesetter, _Marked):  # it needs no neighbours, so a faster way is possible
        return _each_by_itself(rendered, typesetter)
    out: list[str] = []
    is_new = True
    for text, tag in _texts(rendered, through=typesetter.sees_through):
        if text is None:
            out.append(tag)
            if not is_new and _ends_block(tag):
                typesetter, is_new = _STYLES[style](), True
        elif text.is_address or not _SIGN.search(text.words):
            out.append(text.words)
        else:
            out.append(typesetter.edited(text.words, text.before, text.after))
            is_new = False
    return "".join(out)


def _ends_block(tag: str) -> bool:
    name = _TAG_NAME.match(tag)
    return name is not None and name[1].lower() not in _SPANS | {"br"}


def _each_by_itself(rendered: str, typesetter: "_Marked") -> str:
    out: list[str] = []
    position = 0
    for code in _CODE.finditer(rendered):
        out += [_in_parts(rendered[position : code.start()], typesetter), code[0]]
        position = code.end()
    return "".join(out) + _in_parts(rendered[position:], typesetter)


def _in_parts(rendered: str, typesetter: "_Marked") -> str:
    if not _SIGN.search(rendered):
        return rendered
    parts = _TAG.split(rendered)
    for number in range(0, len(parts), 2):
        text = parts[number]
        if not _SIGN.search(text):
            continue
        own = number and parts[number - 1].startswith("<a ") and _ADDRESS.match(text)
        if not own:
            parts[number] = typesetter.edited(text, " ", " ")
    return "".join(parts)


class _Text(NamedTuple):
    """Text between two tags, and the characters beside it."""

    words: str
    before: str
    after: str
    is_address: bool


def _texts(rendered: str, *, through: bool) -> Iterator[tuple[_Text | None, str]]:
    """Yield texts, and the tags or elements of code between them.

    If `through`, the neighbours of a text are words, whatever tags are between.
    """
    position, edge, opened = 0, " ", ""
    pieces = [*PIECE.finditer(rendered), None]
    for number, piece in enumerate(pieces):
        start = piece.start() if piece else len(rendered)
        name = ((piece["tag"] or piece["code"] or "") if piece else "").lower().strip("/")
        inline = name in _SPANS
        if text := rendered[position:start]:
            after = "*" if inline else " "
            if inline and through:
                after = _first_word(rendered, pieces, number)
            address = opened == "a" and _ADDRESS.match(text) is not None
            yield _Text(text, edge, after, address), ""
            if through:
                edge = text[-1]
        if piece:
            yield None, piece[0]
            position, opened = piece.end(), piece["tag"] or ""
            if not (inline and through):
                edge = "*" if inline else " "
            elif piece["code"]:
                edge = "x"


def _first_word(rendered: str, pieces: list[re.Match[str] | None], number: int) -> str:
    """Return the first character after the tags that start at piece `number`."""
    for piece, following in zip(
        pieces[number : number + 8], pieces[number + 1 : number + 9], strict=False
    ):
        if piece is None or (piece["tag"] or "").lower().strip("/") not in _SPANS:
            return "x" if piece and piece["code"] else " "
        end = following.start() if following else len(rendered)
        if piece.end() < end:
            return rendered[piece.end()]
    return " "


class _Typesetter:
    """Typesetter of the texts of one block, in order."""

    sees_through: ClassVar[bool] = False

    def edited(self, text: str, before: str, after: str) -> str:
        """Return `text` typeset; it is between the characters `before` and `after`."""
        raise NotImplementedError


class _Marked(_Typesetter):
    """Rules of hexo-renderer-marked, which needs no neighbours."""

    dashes: tuple[tuple[re.Pattern[str], str], ...] = (
        (re.compile("---"), "—"),
        (re.compile("--"), "–"),
    )
    quotes = (
        (re.compile(r"(^|[-—/(\[{\"\s])'"), r"\1‘"),
        (re.compile("'"), "’"),
        (re.compile(r"(^|[-—/(\[{‘\s])\""), r"\1“"),
        (re.compile('"'), "”"),
        (re.compile(r"\.{3}"), "…"),
    )

    def edited(self, text: str, before: str, after: str) -> str:
        for pattern, replacement in (*self.dashes, *self.quotes):
            text = pattern.sub(replacement, text)
        return text


class _Kramed(_Marked):
    dashes = ((re.compile("--"), "—"),)


class _ByNeighbours(_Typesetter):
    """Rules that depend on a sign and the characters beside it."""

    signs: re.Pattern[str]

    def edited(self, text: str, before: str, after: str) -> str:
        whole = f"{before}{text}{after}"

        def sign(match: re.Match[str]) -> str:
            start, end = match.span()
            own = start > 0 and end < len(whole)
            return self.sign(match[0], whole, start, end) if own else match[0]

        return self.signs.sub(sign, whole)[len(before) : -1]

    def sign(self, sign: str, text: str, start: int, end: int) -> str:
        """Return the replacement of `sign`, which is at `start` to `end` in `text`."""
        raise NotImplementedError


class _Goldmark(_ByNeighbours):
    """Rules of goldmark's extension/typographer.go, which counts the open quotes of the block."""

    signs = re.compile(r"---?|\.\.\.|&lt;&lt;|&gt;&gt;|[\"']")
    fixed: ClassVar = {**_DASHES, "...": "…", "&lt;&lt;": "«", "&gt;&gt;": "»"}

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()

    def sign(self, sign: str, text: str, start: int, end: int) -> str:
        if sign in self.fixed:
            return self.fixed[sign]
        before, rest = text[start - 1], text[end:]
        opens, closes = flanks(before, rest[0])
        if sign == "'" and _is_apostrophe(before, rest, opens=opens and not closes):
            return "’"
        if opens and not closes:
            self.open[sign] += 1
            return _LEFT[sign]
        ends = closes and (not opens or _ends_sentence(rest))
        if ends and (self.open[sign] or sign == "'"):
            self.open[sign] -= self.open[sign] > 0
            return _RIGHT[sign]
        return sign


class _MarkdownIt(_ByNeighbours):
    """Rules of markdown-it's replacements and smartquotes. A quote without a partner stays."""

    signs = re.compile(
        r"\((?:c|r|tm)\)|\+-|\.{2,}|(?<!-)---(?!-)|(?<=\s)--(?=\s)|(?<![-\s])--(?![-\s])|[\"']",
        re.IGNORECASE,
    )
    sees_through = True
    fixed: ClassVar = {"(c)": "©", "(r)": "®", "(tm)": "™", "+-": "±", **_DASHES}

    def sign(self, sign: str, text: str, start: int, end: int) -> str:
        if sign[0] == ".":
            return ".." + "." if text[start - 1] in "?!" else "…"
        if sign not in "\"'":
            return self.fixed[sign.lower()]
        opens, closes = flanks(text[start - 1], text[end])
        if sign == '"' and text[end] == '"' and text[start - 1].isdigit():
            opens = closes = False
        if opens and closes:
            opens, closes = _is_punctuation(text[start - 1]), _is_punctuation(text[end])
        if closes and not opens and _has_open(text, start, sign):
            return _RIGHT[sign]
        if opens and _has_close(text, end, sign):
            return _LEFT[sign]
        return "’" if sign == "'" and not opens and not closes else sign


class _Remark(_ByNeighbours):
    """Rules of retext-smartypants as Astro sets it: two hyphens are a long dash."""

    sees_through = True
    signs = re.compile(r"(?<!-)--(?!-)|\.{3,}|\.(?: \.){2}|[\"']")

    def sign(self, sign: str, text: str, start: int, end: int) -> str:
        if sign[0] in ".-":
            return "—" if sign[0] == "-" else "…"
        before, after = text[start - 1], text[end]
        two = text[end : end + 2]
        if _is_punctuation(after) and (after not in "\"'" or not two[1:].isalnum()):
            return _RIGHT[sign] if not before.isspace() or len(two) < 2 else _LEFT[sign]
        if re.match(r"\d\ds\b", text[end:]) or not (before.isspace() or _is_punctuation(before)):
            return _RIGHT[sign]
        return _RIGHT[sign] if after.isspace() else _LEFT[sign]


_LEFT = {'"': "“", "'": "‘"}
_RIGHT = {'"': "”", "'": "’"}
_STYLES: dict[str, Callable[[], _Typesetter]] = {
    "goldmark": _Goldmark,
    "kramed": _Kramed,
    "marked": _Marked,
    "markdown-it": _MarkdownIt,
    "remark": _Remark,
}
_ABBREVIATED = re.compile(r"(?:[smtd]|ve|ll|re)(?!\w)")


def _is_apostrophe(before: str, rest: str, *, opens: bool) -> bool:
    if opens and re.match(r"\d\ds(?!\w)", rest):
        return True
    if not before.isalnum() and rest[0] in "tenl":
        return True
    if before.isalnum() and rest[0].isalpha():
        return True
    return opens and _ABBREVIATED.match(rest) is not None


def _ends_sentence(rest: str) -> bool:
    return _is_punctuation(rest[0]) and (
        len(rest) < 2 or rest[1].isspace() or _is_punctuation(rest[1])
    )


def flanks(before: str, after: str) -> tuple[bool, bool]:
    """Return whether a sign between the two may open, and whether it may close (CommonMark 6.2)."""
    spaces = before.isspace(), after.isspace()
    marks = _is_punctuation(before), _is_punctuation(after)
    opens = not spaces[1] and (not marks[1] or spaces[0] or marks[0])
    closes = not spaces[0] and (not marks[0] or spaces[1] or marks[1])
    return opens, closes


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _has_open(text: str, start: int, sign: str) -> bool:
    """Return True if an opening quote is within reach before `start`."""
    at = text.rfind(sign, max(0, start - 1000), start)
    return at > 0 and (not text[at - 1].isalnum())


def _has_close(text: str, end: int, sign: str) -> bool:
    """Return True if a closing quote is within reach after `end`."""
    at = text.find(sign, end, end + 1000)
    return at > 0 and not text[at - 1].isspace()
