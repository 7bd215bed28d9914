"""Resolve Zola's shortcodes and ``@/`` links.

Shortcodes are ``{{ name(key="value") }}`` and ``{% name() %}…{% end %}``. A shortcode in a comment
(``{{/* name() */}}``) is text that shows the shortcode. Braces without a call are text.
"""

import re
from collections.abc import Iterator

from syndicate.content.marks.arguments import arguments
from syndicate.content.marks.common_tags import CALLOUTS, UNTITLED, stock
from syndicate.content.marks.context import Context, Notes
from syndicate.content.marks.pairs import Mark, Tag, render_pairs
from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import callout, details, picture, quote

__all__ = ["render"]

_CALL = re.compile(r"([A-Za-z_][\w:.-]*)\s*\((.*)\)", re.DOTALL)
_LONGEST = 20_000  # characters of a call
_CLOSERS = {"{%": "%}", "{{": "}}"}


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` with its shortcodes resolved."""

    def resolved(tag: Tag) -> str:
        name = tag.name.rpartition("/")[2]
        shown = _shown(name, tag, context)
        if shown is None:
            notes.drop(tag.name, tag.values.values())
        return shown or tag.inner or ""

    return render_pairs(_pieces(body, html=html), resolved)


def _pieces(body: str, *, html: bool) -> Iterator[str | Mark]:
    scanner = Scanner(body, r"\{%|\{\{", html=html)
    for piece in scanner:
        source = body[piece.start : piece.end]
        yield _mark(scanner, piece.start, source) if piece.kind == "mark" else source


def _mark(scanner: Scanner, start: int, opener: str) -> str | Mark:
    closer = _CLOSERS[opener]
    end = scanner.find(closer, start + 2)
    if end < 0:
        return opener
    if end - start > _LONGEST:
        return opener
    content = scanner.text[start + 2 : end].strip("-~ \t\r\n")
    if content.startswith("/*") and content.endswith("*/"):
        scanner.position = end + 2
        return f"{opener} {content[2:-2].strip()} {closer}"
    call = _CALL.fullmatch(content)
    if call is None and not (opener == "{%" and content == "end"):
        return opener
    scanner.position = end + 2
    if call is None:
        return Mark("end", closes="end")
    opens = "end" if opener == "{%" else ""
    return Mark(call[1], call[2].strip(), opens, "", scanner.indent(start))


def _shown(name: str, tag: Tag, context: Context) -> str | None:
    words = arguments(tag.text)
    if tag.inner is None:
        if name in ("figure", "image", "img"):
            src, caption = words.get("src", "path", "url"), words.get("caption", "title")
            return picture(src, words.get("alt"), "", ("", ""), caption, words.get("link", "href"))
        return stock(name, tag.text, context)
    if name in ("quote", "blockquote"):
        return quote(tag.inner, words.get("author", "cite", "source"), tag.indent)
    if name in ("details", "expand", "collapse"):
        return details(tag.inner, words.get("summary", "title"), tag.indent)
    if name.lower() in CALLOUTS:
        title = words.get("title", "type", "kind") or ("" if name.lower() in UNTITLED else name)
        return callout(tag.inner, title[:1].upper() + title[1:], tag.indent)
    return None
