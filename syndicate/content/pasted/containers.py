"""Show ``:::note Title`` … ``:::`` of Zenn, Qiita, Yuque and VuePress on other generators.

Containers become quotations and folded parts, written so that every Markdown renderer reads their
content as Markdown.
"""

import re
from collections.abc import Iterator
from html import escape

from syndicate.content.marks.pairs import Mark, Tag, render_pairs
from syndicate.content.marks.scan import Scanner

__all__ = ["without_containers"]

_COLONS = ":::"
_KINDS = frozenset(
    {"message", "note", "info", "tip", "tips", "hint", "success", "warn", "warning", "danger",
     "alert", "error", "caution", "important", "question", "quote", "example", "details",
     "color1", "color2", "color3", "color4", "color5"}
)  # fmt: skip
_FRAMES = frozenset(
    {"code-group", "code-tabs", "v-pre", "tabs", "raw", "center", "left", "right", "justify"}
)
"""Containers of VuePress and VitePress that only arrange their content."""
_LEVELS = frozenset({"", "info", "warn", "alert", "warning"})
"""Words after Zenn's ``message`` and Qiita's ``note`` that choose a colour and are not shown."""
_LINE = r"^ {0,3}:{3,9}[ \t]*(?:[A-Za-z][A-Za-z0-9-]{0,20}(?:[ \t\[{][^\n]{0,300})?)?[ \t]*$"
_BRACKETED = re.compile(r"\[([^\n]{0,300})\](?:\{[^\n]*)?$")
_OPENING = re.compile(r" {0,3}:{3,9}[ \t]*([A-Za-z][A-Za-z0-9-]*)[ \t]*([^\n]*)")


def without_containers(text: str) -> str:
    """Return the Markdown `text` with its known containers as quotations.

    A mark without a partner stays unchanged.
    """
    parts = list(_parts(text))
    if not any(isinstance(part, Mark) and part.opens for part in parts):
        return text
    return render_pairs(parts, _shown)


def _parts(text: str) -> Iterator[str | Mark]:
    for piece in Scanner(text, _LINE, html=False):
        source = text[piece.start : piece.end]
        yield _mark(source) if piece.kind == "mark" else source


def _mark(line: str) -> str | Mark:
    if not line.strip(": \t"):
        return Mark(_COLONS, closes=_COLONS)
    match = _OPENING.fullmatch(line)
    if match is None or match[1].lower() not in _KINDS | _FRAMES:
        return line
    return Mark(match[1].lower(), line, _COLONS)


def _shown(tag: Tag) -> str:
    match = _OPENING.fullmatch(tag.text)
    if tag.inner is None or match is None:
        return tag.text
    title, inner = _title(match[2]), tag.inner.strip("\n")
    if tag.name in _FRAMES:
        return f"\n{inner}\n"
    indent = tag.text[: len(tag.text) - len(tag.text.lstrip())]
    if tag.name == "details":
        summary = escape(title or "Details", quote=False)
        head = f'{indent}<details markdown="1">\n{indent}<summary>{summary}</summary>'
        return f"\n{head}\n\n{inner}\n\n{indent}</details>\n"
    if tag.name in ("message", "note") and title in _LEVELS:
        title = ""
    lines = [line.removeprefix(indent) for line in inner.split("\n")]
    if title:
        lines = [f"**{title}**", "", *lines]
    return "\n" + "\n".join(f"{indent}> {line}".rstrip() for line in lines) + "\n"


def _title(rest: str) -> str:
    """Return the title after the name; remark writes it in brackets."""
    bracketed = _BRACKETED.match(rest)
    return (bracketed[1] if bracketed else rest.partition("{")[0]).strip()
