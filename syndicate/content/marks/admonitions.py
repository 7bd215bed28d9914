"""Show ``:::note Title`` … ``:::`` of Docusaurus, remark and VitePress as quotations."""

import re
from collections.abc import Iterator

from syndicate.content.marks.arguments import unquoted
from syndicate.content.marks.pairs import Mark, Tag, render_pairs
from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import callout, details

__all__ = ["NEEDLE", "without_admonitions"]

NEEDLE = ":::"
_LINE = r"^[ \t]*(?:>[ \t]?)*:{3,}[ \t]*(?:[A-Za-z][^\n]*)?$"
_OPENING = re.compile(
    r"([ \t>]*):{3,}[ \t]*([\w-]+)[ \t]*(?:\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\])?"
    r"(?:\{[^}\n]*\})?[ \t]*([^\n]*)"
)
_FOLDED = frozenset({"details", "spoiler", "collapse"})
_PLAIN = frozenset(
    (
        "row",
        "col",
        "column",
        "columns",
        "div",
        "center",
        "card",
        "cards",
        "grid",
        "tabs",
        "tab",
        "code-group",
        "code-tabs",
        "raw",
        "v-pre",
        "slot",
        "left",
        "right",
        "justify",
        "theme",
    )
)


def without_admonitions(body: str, *, html: bool) -> str:
    """Return `body` with its admonitions, also nested ones, as quotations with bold titles."""
    return render_pairs(_pieces(body, html=html), _shown) if NEEDLE in body else body


def _pieces(body: str, *, html: bool) -> Iterator[str | Mark]:
    for piece in Scanner(body, _LINE, html=html):
        source = body[piece.start : piece.end]
        yield _mark(source) if piece.kind == "mark" else source


def _mark(line: str) -> Mark:
    match = _OPENING.match(line)
    if match is None:
        return Mark(NEEDLE, closes=NEEDLE)
    # VitePress and remark write the title after the name, remark's directives write it in brackets.
    title = match[3] if match[3] is not None else unquoted(match[4].strip())
    return Mark(match[2], title, NEEDLE, "", match[1])


def _shown(tag: Tag) -> str:
    if tag.inner is None or tag.name in _PLAIN:
        return tag.inner or ""
    title = tag.text.strip() or tag.name[:1].upper() + tag.name[1:]
    if ">" in tag.indent:
        return f"{tag.indent}**{title}**\n{tag.inner}"
    shown = details if tag.name in _FOLDED else callout
    return shown(tag.inner, title, tag.indent)
