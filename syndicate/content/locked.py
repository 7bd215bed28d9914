"""Remove the locked parts of a body. Only members or holders of a password may read them.

A mark locks if its name is about encryption, passwords, members or the like. The kind of mark
(shortcode, tag, component, container, brackets, comment) decides how it ends. If the end is
missing, the rest of the body is locked. Marks in code are text. Guaranteed: time is linear in the
length of the body, and no text raises.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from syndicate.content.lock_names import STEMS, locks, locks_rest

__all__ = ["LockedPart", "PublicText", "public_text"]


class LockedPart(Struct, frozen=True):
    """Removed part: its opening mark, its line in the text, and False if its end is missing."""

    mark: str
    line: int
    closed: bool


class PublicText(Struct, frozen=True):
    """Text without its locked `parts`. `is_bare` is True if hardly any other text is left."""

    text: str
    parts: tuple[LockedPart, ...]
    is_bare: bool


class _Mark(NamedTuple):
    """Mark that opens or closes a part. Marks with the same `key` close each other."""

    key: str
    label: str
    """Name of the mark in reports; empty if it does not lock."""
    start: int
    end: int
    closes: bool = False
    alone: bool = False
    """True if the mark is a complete part that needs no end."""
    closed: bool = True
    sure: bool = True
    """True if the mark locks the rest of the text when its end is missing."""


_HTML = (
    "(?:a|b|blockquote|br|code|div|em|figure|font|h[1-6]|hr|i|img|li|ol|p|pre|s|section|small|span"
    "|strong|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul)"
)
"""Elements that never lock. A body of HTML has many."""
_SIMPLE = rb"([A-Za-z_-][\w\x80-\xff-]{1,200})"
_OPENINGS = (
    (
        b"<",
        rb"<(?!/?" + _HTML.encode() + rb"[\s/>])(?:/|!--[\s/]*(?:(?i:start|begin|end) )?)?"
        rb"([A-Za-z_][\w\x80-\xff./:-]{1,200}(?: only| content)?)",
    ),
    (
        b"{",
        rb"\{(?:/?(?=[\w\x80-\xff-]{2,200}[ =}])|(?:%[-+~]?|\{[<%]?-?)\s{0,20}/?\s{0,20})"
        rb"([A-Za-z_][\w\x80-\xff./:-]{1,200})",
    ),
    # Words in brackets are a mark only if another mark closes them; that one is found.
    (b"[", rb"\[[/!]?" + _SIMPLE + rb"(?=[]=]| [^][\n=]{0,1200}=)"),
    (b":", rb":(?<!\w:)" + _SIMPLE + rb"\["),
    (b".", rb"\.\.[ \t]{1,9}" + _SIMPLE),
    (b"!", rb"!!!\+?[ \t]{1,9}[\"']?" + _SIMPLE),
    (b"?", rb"\?\?\?\+?[ \t]{1,9}[\"']?" + _SIMPLE),
)
"""First bytes of marks, and patterns of their names. `_PATTERN` then decides.

Searching for one plain byte is faster than for a set of bytes.
"""
_FINDERS = tuple((sign, re.compile(opening).findall) for sign, opening in _OPENINGS)
_FENCES = (re.compile(rb":::([^\n]*)").findall, re.compile(rb"///([^\n]*)").findall)
"""Openings with any number of names behind them: ``::: {.note .locked}``."""
_STEM = re.compile(b"|".join(STEMS))
_NAME = r"[A-Za-z_][\w./:-]{0,60}"
_PATTERN = (
    rf"\{{\{{[<%]-?\s{{0,20}}(?P<hugo_end>/?)\s{{0,20}}(?P<hugo>{_NAME})"
    rf"|\{{%[-+~]?\s{{0,20}}(?P<tag_end>/?)(?P<tag>{_NAME})(?P<call>\s{{0,5}}\()?"
    rf"|\{{\{{-?\s{{0,20}}(?P<output>{_NAME})\s{{0,5}}\("
    rf"|<(?P<tagged_end>/?)(?!{_HTML}[\s/>])(?P<tagged>[A-Za-z][\w.:-]{{0,60}})(?=[\s/>])"
    r"|(?<![\\!])\[(?P<square_end>/?)(?P<square>[A-Za-z][\w-]{0,40})(?:[ =][^\[\]\n]{0,300})?\]"
    r"|(?<![\\{$])\{(?P<curly_end>/?)(?P<curly>[A-Za-z][\w-]{0,40})(?:[ =][^{}\n]{0,300})?\}"
    r"|^[ \t>]{0,40}(?P<colons>:{3,40}|/{3,40})[ \t]{0,20}\{?\.?(?P<fenced>[A-Za-z][\w-]{0,40})?"
    r"[^\n]*"
    r"|(?<![:\w]):{1,2}(?P<role>[A-Za-z][\w-]{0,40})\["
    r"|^(?P<margin>[ \t]{0,40})(?:\.\.[ \t]{1,9}(?P<rst>[A-Za-z][\w-]{0,40})::|[!?]{3}\+?[ \t]{1,9}"
    r"[\"']?(?P<boxed>[A-Za-z][\w-]{0,40}))[^\n]*"
    r"|^[ \t]{0,3}>[ \t>]{0,9}\[!(?P<callout>[\w-]{1,40})\][^\n]*"
    r"|(?<![A-Za-z0-9%'\"\\])(?P<aside>%%)(?!%)"
)
_NOTE = re.compile(
    rf"<!--\s*(?P<end>/?)(?:(?P<first>start|begin|end)[ :_-])?(?:wp:)?"
    rf"(?P<name>{_NAME}?(?: only| content)?)(?:[ :_-](?P<last>start|begin|end))?\s*"
    r"(?:\{[^\n]*\})?\s*/?-->",
    re.IGNORECASE,
)
_OPAQUE = frozenset(("raw", "verbatim", "highlight", "codeblock", "code", "comment"))
_OPAQUE_SHORTCODES = frozenset(("highlight", "code", "comment", "mermaid"))
_LONGEST_LINE = 2_000
_LONGEST_MARGIN = 200

_REFERENCE = re.compile(r"^ {0,3}\[([^\[\]\n]{1,60})\]:", re.MULTILINE)
_ASIDE_CLOSES = re.compile(r"(?:(?<=\S)|^)%%(?![\w%])", re.MULTILINE)
_ASIDE_ENDS = re.compile(r"%%[ \t]*$", re.MULTILINE)
_FORUM = frozenset(
    ("hidden", "login", "reply", "vip", "private", "secret", "members", "member", "protected",
     "password", "encrypt", "encrypted", "locked", "premium", "paid", "subscribers")
)  # fmt: skip
"""Words in square brackets that forums write before text for registered visitors."""
_FEW = 20
"""Letters; a body with fewer may count as empty."""
_NO_WORDS = re.compile(r"<[^<>]*>|^[ \t]*#{1,6}[^\n]*$", re.MULTILINE)


def public_text(data: bytes, markup: str) -> PublicText | None:
    """Return the UTF-8 text `data` without its locked parts; None if it has none.

    Most texts have none, which a quick search shows.
    """
    if not _may_lock(data):
        return None
    from syndicate.content.fences import without_mdx_fences  # few bodies need them
    from syndicate.content.markup import is_html

    # Other line ends would hide the end of code, and so a mark after the code.
    body = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    body = without_mdx_fences(body)  # Docusaurus removes these fences and shows their content
    parts = sorted(_parts(body, html=markup == "html" or is_html(body)))
    if not parts:
        return None
    kept, found, position, line = [], [], 0, 1
    for start, end, label, closed in parts:
        if start >= position:
            kept.append(body[position:start])
            line += body.count("\n", position, start)
            found.append(LockedPart(label, line, closed))
        if end > position:
            line += body.count("\n", max(position, start), end)
            position = end
    text = "".join(kept) + body[position:]
    return PublicText(text, tuple(found), _is_bare(text, len(body) - len(text)))


def _may_lock(data: bytes) -> bool:
    """Return True if the text may have a mark: a name that locks, after the start of a mark."""
    if b"%" in data and b"%%" in data:
        return True
    names: list[bytes] = []
    for sign, find in _FINDERS:
        if sign in data:
            names += find(data)
    for find in _FENCES:
        if lines := find(data):
            names += re.findall(rb"[\w\x80-\xff-]+", b" ".join(lines))
    if not _STEM.search(b" ".join(names).lower()):
        return False
    texts = [name.decode("utf-8", "replace") for name in names]
    return any(locks(text) or locks(text.lower()) for text in texts)


def _is_bare(text: str, taken: int) -> bool:
    """Return True if hardly any words are left. Headings, comments and marks do not count."""
    left = sum(map(str.isalnum, _NO_WORDS.sub("", text)))
    return left == 0 or (left < _FEW and left * 50 < taken)


def _parts(body: str, *, html: bool) -> Iterator[tuple[int, int, str, bool]]:
    """Yield the locked parts: start, end, label, and True if closed. Parts may overlap."""
    waiting: dict[str, list[_Mark]] = {}
    for mark in _Reader(body, html=html).marks():
        if mark.alone:
            yield mark.start, mark.end, mark.label, mark.closed
        elif not mark.closes:
            waiting.setdefault(mark.key, []).append(mark)
        elif waiting.get(mark.key):
            opening = waiting[mark.key].pop()
            if opening.label:
                yield opening.start, mark.end, opening.label, True
    for mark in (mark for marks in waiting.values() for mark in marks):
        if mark.label and mark.sure:
            yield mark.start, len(body), mark.label, False


class _Reader:
    """Reader that finds the marks of a body from left to right."""

    def __init__(self, body: str, *, html: bool) -> None:
        from syndicate.content.marks.scan import Scanner  # imports the Markdown parser

        self._body = body
        self._scanner = Scanner(body, _PATTERN, html=html)
        self._without_asides = 0  # before this offset, no ``%%`` in the paragraph closes another

    @cached_property
    def _references(self) -> frozenset[str]:
        """Names of link definitions in the body, in lower case."""
        return frozenset(_REFERENCE.findall(self._body.lower()))

    def marks(self) -> Iterator[_Mark]:
        for piece in self._scanner:
            if piece.kind == "mark" and piece.match:
                mark = self._mark(piece.match)
            elif piece.kind == "code" and self._body.startswith("<!--", piece.start):
                mark = self._note(piece.start, piece.end)
            else:
                continue
            if mark:
                yield mark

    def _mark(self, match: re.Match[str]) -> _Mark | None:
        kinds = match.groupdict()
        for kind in ("hugo", "tag", "output", "tagged"):
            if name := kinds[kind]:
                return self._delimited(kind, name, match)
        if kinds["colons"]:
            return self._fence(match)
        if kinds["aside"]:
            return self._aside(match.start("aside"))
        if kinds["role"]:
            return self._role(match)
        if name := kinds["rst"] or kinds["boxed"] or kinds["callout"]:
            return self._block(name, match) if locks(name) else None
        return self._bracketed("square" if kinds["square"] else "curly", match)

    def _bracketed(self, kind: str, match: re.Match[str]) -> _Mark | None:
        if not locks(match[kind]):
            return None
        name = match[kind].lower()
        # Words in brackets without an end are common in prose; so are link references.
        sure = name == "hide" or (kind == "square" and name in _FORUM)
        if sure and kind == "square":
            words = " " in match[0] and "=" not in match[0]
            sure = not words and name not in self._references
        start, end = match.span("mark")
        sure = sure and self._stands_as_mark(start, end, is_hide=name == "hide")
        return _Mark(f"{kind} {name}", name, start, end, bool(match[f"{kind}_end"]), sure=sure)

    def _stands_as_mark(self, start: int, end: int, *, is_hide: bool) -> bool:
        """Return True if a bracket without an end is a mark, and not a word of a sentence."""
        body = self._body
        if body[start - 1 : start] == "]":
            return False  # the name of a link: [text][login]
        after = body[end : end + _LONGEST_MARGIN].partition("\n")[0]
        if after[:1] in ("(", "[", ":"):
            return False  # the text or target of a link
        if after[:1].isalnum():
            return True
        begins = not self._before(start).strip(" \t>")
        return begins and (is_hide or not after.strip() or not after[0].isspace())

    def _before(self, start: int) -> str:
        """Return the text before a mark on its line, or the end of that text."""
        return self._body[max(0, start - _LONGEST_MARGIN) : start].rpartition("\n")[2]

    def _delimited(self, kind: str, name: str, match: re.Match[str]) -> _Mark | None:
        """Return a mark that ends with its own closer. It may be a complete part without a pair."""
        if kind in ("tagged", "output") and not locks(name):
            return None
        start, body = match.start("mark"), self._body
        closer = {"tag": "%}", "output": "}}", "tagged": ">"}.get(kind, "")
        closer = closer or (">}}" if body[start + 2] == "<" else "%}}")
        end = self._scanner.find(closer, match.end())
        if end < 0:
            return None
        ends = kind != "output" and bool(match[f"{kind}_end"])
        alone = kind == "output" or (body[end - 1] == "/" and not ends)
        end += len(closer)
        label, name = name if locks(name) else "", name.lower()
        if kind == "tag":
            return self._tag(name, label, match, end, ends=ends)
        if kind == "hugo" and name in _OPAQUE_SHORTCODES and not ends:
            self._pass_over(rf"\{{\{{[<%]\s*/\s*{name}\b", end)
            return None
        if not label:
            return None
        if alone and kind != "output" and locks_rest(name):
            return _Mark("", label, start, len(body), alone=True, closed=False)
        # `<login>` in prose is a placeholder. The name of a component has a capital letter or a
        # hyphen.
        sure = kind != "tagged" or (
            re.fullmatch("[a-z]+", match["tagged"]) is None and not self._before(start).strip()
        )
        return _Mark(f"{kind} {name}", label, start, end, ends, alone, sure=sure)

    def _tag(
        self, name: str, label: str, match: re.Match[str], end: int, *, ends: bool
    ) -> _Mark | None:
        """Return ``{% name %}`` or its end: ``{% endname %}``, ``{% /name %}``, ``{% end %}``."""
        start = match.start("mark")
        if name in _OPAQUE and not ends:
            self._pass_over(rf"\{{%[-+~]?\s*end{name}\b", end)
            return None
        if match["call"] or name == "end":
            return _Mark("tag end", label, start, end, name == "end")
        if name.startswith("end") and locks(name[3:]):
            return _Mark(f"tag {name[3:].lstrip('_-')}", label, start, end, closes=True)
        return _Mark(f"tag {name}", label, start, end, ends) if label else None

    def _pass_over(self, closing: str, end: int) -> None:
        """Continue after the pair, because its content is code or shown as written."""
        match = self._scanner.search(re.compile(closing, re.IGNORECASE), end)
        self._scanner.position = match.end() if match else end

    def _fence(self, match: re.Match[str]) -> _Mark:
        """Return ``::: name`` or ``/// name``, which open a container, or a bare closing fence."""
        kind = match["colons"][0]
        said = match[0].lstrip(" \t>").lstrip(kind).strip()
        names = [match["fenced"] or "", *re.findall(r"\.([\w-]+)", said)]
        label = next(filter(locks, names), "")
        return _Mark(f"fence {kind}", label, *match.span("mark"), closes=not said)

    def _role(self, match: re.Match[str]) -> _Mark | None:
        """Return ``:name[…]``, a directive within a line."""
        end = self._body.find("]", match.end(), match.end() + _LONGEST_LINE) + 1
        name, start = match["role"], match.start("mark")
        return _Mark("", name, start, end or match.end(), alone=True) if locks(name) else None

    def _aside(self, start: int) -> _Mark | None:
        """Return Obsidian's comment: in a paragraph, or from a line's start to a line's end."""
        body = self._body
        line_end = body.find("\n", start)
        line_end = len(body) if line_end < 0 else line_end
        before = self._before(start).strip(" \t>")
        begins = before in ("", "-", "*", "+")
        end = body.find("%%", start + 2, line_end)
        closed = True
        if end < 0 and begins:
            closing = self._scanner.search(_ASIDE_ENDS, line_end)
            end = closing.start() if closing else -1
            if not closing and not before and not body[start + 2 : line_end].strip():
                end, closed = len(body), False
        if end < 0 and start >= self._without_asides and body[start - 1 : start].isspace():
            paragraph_end = body.find("\n\n", start)
            paragraph_end = len(body) if paragraph_end < 0 else paragraph_end
            closing = _ASIDE_CLOSES.search(body, line_end, paragraph_end)
            end = closing.start() if closing else -1
            self._without_asides = 0 if closing else paragraph_end
        if end < 0:
            return None
        self._scanner.position = min(end + 2, len(body))
        return _Mark("", "%%", start, self._scanner.position, alone=True, closed=closed)

    def _block(self, name: str, match: re.Match[str]) -> _Mark:
        """Return a block that ends where its lines are no longer indented or quoted."""
        body, end = self._body, match.end()
        margin = len(match["margin"] or "")
        while end < len(body):
            after = body.find("\n", end + 1)
            after = len(body) if after < 0 else after
            line = body[end + 1 : after]
            bare = line.lstrip()
            within = bare.startswith(">") if match["callout"] else len(line) - len(bare) > margin
            if not within and (match["callout"] or bare):
                break
            end = after
        self._scanner.position = end
        return _Mark("", name, match.start("mark"), end, alone=True)

    def _note(self, start: int, end: int) -> _Mark | None:
        """Return the mark of a comment that is only a name."""
        match = _NOTE.fullmatch(self._body, start, end)
        if not match:
            return None
        name = match["name"].lower()
        edges = ((match[edge] or "").lower() for edge in ("first", "last"))
        closes = bool(match["end"]) or "end" in edges
        if name.startswith("end") and locks(name[3:]):
            name, closes = name[3:].lstrip("_- "), True
        return _Mark(f"note {name}", name, start, end, closes) if locks(name) else None
