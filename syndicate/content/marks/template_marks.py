"""Read the marks of Liquid, Nunjucks and similar languages: ``{% tag %}`` and ``{{ output }}``.

Guaranteed: time is linear in the body's length. Marks in code are ignored, except for ``raw``
pairs, whose contents are kept unchanged. Text that only resembles a mark stays text.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from syndicate.content.marks.arguments import unquoted
from syndicate.content.marks.pairs import Mark, OpenPairs
from syndicate.content.marks.scan import Piece, Scanner
from syndicate.content.marks.snippets import code_block

__all__ = ["EXPRESSION", "HIGHLIGHTED", "IN_CODE", "OUTPUT", "Syntax", "read_marks"]

OUTPUT = "{{"
"""Name of a mark that is an output, ``{{ }}``."""

IN_CODE = "{{ in code"
"""Name of a mark that is an output in code."""

HIGHLIGHTED = "highlighted code"
"""Name of a mark that is highlighted code with outputs. Its text: language, line end, code."""

EXPRESSION = re.compile(r"\{\{\{?([^{}]*)\}\}")
"""Output in code, as Liquid reads it."""

_LONGEST_FILLED = 7_000
"""Length of highlighted code, in characters, up to which its outputs are filled in."""
_NAME = re.compile(r"[\w.-]*")
_CLOSING = re.compile(r"\{%[-~+]?\s*end([\w.-]+)")
_RAW = re.compile(r"\{%-?\s*(end)?(?:raw|verbatim)\s*-?%\}")
_VERBATIM = frozenset({"raw", "verbatim"})
_ANOTHER_MARK = re.compile(r"\{[{%]")
_FORMULA = re.compile(r"[{}\\]")


class Syntax(Struct, frozen=True):
    """Marks of one template language, and their meaning in code."""

    braces: bool = True
    """True if ``{{ }}`` is a mark."""
    formulas: bool = False
    """True if ``{{ }}`` with characters of formulas is text."""
    remarks: bool = False
    """True if ``{# #}`` is a comment."""
    code: frozenset[str] = frozenset({"highlight", "codeblock"})
    """Names of pairs whose content is code: a code block, or the `inner` of the mark."""
    code_html: bool = True
    """True if these pairs become code blocks."""
    unclosed: bool = True
    """True if a fence without an end is code."""
    fill: bool = False
    """True if ``{{ }}`` in code is a mark called `IN_CODE`.

    A code block with such marks is one mark called `HIGHLIGHTED`.
    """
    nested: bool = False
    """True if marks in indented code count while a pair is open."""


def read_marks(text: str, syntax: Syntax, *, html: bool) -> Iterator[str | Mark]:
    """Split the body into text and marks. The `text` of a mark is its content after the name."""
    pattern = r"\{%" + r"|\{\{" * syntax.braces + r"|\{\#(?=[\s-])" * syntax.remarks
    scanner = Scanner(text, pattern, html=html, comments=False, unclosed=syntax.unclosed)
    reader = _Reader(scanner, syntax)
    pairs = OpenPairs(frozenset(_CLOSING.findall(text)) if syntax.nested else ())
    for piece in scanner:
        for part in reader.read(piece, nested=bool(pairs)):
            if isinstance(part, Mark):
                pairs.note(part)
            yield part


class _Reader:
    """Reader that applies the white space control of marks to the text around them."""

    def __init__(self, scanner: Scanner, syntax: Syntax) -> None:
        self._scanner, self._syntax = scanner, syntax
        self._text = scanner.text
        self._no_output = _FORMULA if syntax.formulas else _ANOTHER_MARK
        self._trimmed = False

    def read(self, piece: Piece, *, nested: bool = False) -> Iterator[str | Mark]:
        source = self._text[piece.start : piece.end]
        if piece.kind == "text":
            yield self._spaced(source, piece.end)
        elif piece.kind == "code" and nested and source.startswith(("{%", "{{")):
            self._scanner.position = piece.start + 2
            yield self._mark(source[:2], piece.start)
        elif piece.kind == "code":
            self._trimmed = False
            yield from _code(source, fill=self._syntax.fill)
        else:
            yield self._mark(source, piece.start)

    def _spaced(self, source: str, end: int) -> str:
        if self._trimmed:
            source = source.lstrip()
        self._trimmed = False
        return source.rstrip() if self._text[end : end + 3] in ("{%-", "{{-") else source

    def _mark(self, opener: str, start: int) -> str | Mark:
        closer = {"{%": "%}", "{{": "}}"}.get(opener, "#}")
        end = self._scanner.find(closer, start + 2)
        if end < 0 or (opener == "{{" and self._no_output.search(self._text, start + 2, end)):
            return opener
        self._scanner.position = end + 2
        self._trimmed = self._text[end - 1] == "-" and end > start + 2
        content = self._text[start + 2 : end].strip("-~+ \t\r\n")
        if opener == "{{":
            return Mark(OUTPUT, content, indent=self._scanner.indent(start))
        if closer == "#}":
            return ""
        return self._tag(start, content)

    def _tag(self, start: int, content: str) -> str | Mark:
        match = _NAME.match(content)
        name = match[0] if match else ""
        if not name and not content.startswith("#"):
            return self._text[start : self._scanner.position]
        rest = content[len(name) :].strip()
        if name == "comment":
            self._inner("endcomment")
            return ""
        if name in _VERBATIM and name not in self._syntax.code:
            return self._inner(f"end{name}") or ""
        if name in self._syntax.code and (inner := self._inner(f"end{name}")) is not None:
            language = unquoted(rest.partition(" ")[0])
            if self._is_filled(inner):
                return Mark(HIGHLIGHTED, f"{language}\n{inner}")
            inner = _without_raw(inner)
            if self._syntax.code_html:
                return code_block(inner, language)
            return Mark(name, rest, indent=self._scanner.indent(start), inner=inner)
        closes = name.removeprefix("end") if name.startswith("end") else ""
        indent = self._scanner.indent(start)
        alone = self._scanner.is_alone(start, self._scanner.position)
        return Mark(name, rest, "" if closes else name, closes, indent, alone=alone)

    def _is_filled(self, code: str) -> bool:
        if not self._syntax.fill or "{{" not in code or "{%" in code or len(code) > _LONGEST_FILLED:
            return False
        return EXPRESSION.search(code) is not None

    def _inner(self, closer: str) -> str | None:
        """Return the text before the tag `closer`, and advance past the tag; None without one."""
        start = self._scanner.position
        closing = self._scanner.search(
            re.compile(rf"\{{%[-~+]?\s*{re.escape(closer)}\s*[-~+]?%\}}"), start
        )
        if closing is None:
            return None
        self._scanner.position = closing.end()
        self._trimmed = closing[0].endswith("-%}")
        return self._text[start : closing.start()]


def _without_raw(code: str) -> str:
    """Return `code` without the tags of its ``raw`` pairs."""
    return "".join(part for part, _ in _parted(code))


def _code(code: str, *, fill: bool) -> Iterator[str | Mark]:
    """Return `code` without ``raw`` tags. If `fill`, ``{{ }}`` outside the pairs are marks."""
    for part, raw in _parted(code):
        if raw or not fill or "{{" not in part:
            yield part
            continue
        position = 0
        for output in EXPRESSION.finditer(part):
            yield part[position : output.start()]
            yield Mark(IN_CODE, output[1])
            position = output.end()
        yield part[position:]


def _parted(code: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of `code` between ``raw`` tags, and True for parts inside a pair."""
    opening: re.Match[str] | None = None
    position = 0
    for tag in _RAW.finditer(code) if "{%" in code else ():
        if tag[1] and opening:
            yield code[position : opening.start()], False
            yield code[opening.end() : tag.start()], True
            position = tag.end()
        opening = None if tag[1] else opening or tag
    yield code[position:], False
