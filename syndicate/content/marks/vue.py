"""Resolve the Markdown of VuePress, VitePress and Valaxy.

That is containers, tables of contents, badges and included files. Values of the page and site (``{{
$frontmatter.title }}``) are filled in; no other expression is run. Code stays unchanged.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NamedTuple

from syndicate.content.marks.admonitions import without_admonitions
from syndicate.content.marks.context import Context, Notes, contained, looked_up
from syndicate.content.marks.included_pages import public_body
from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import code_block

__all__ = ["render"]

_MARK = (
    r"^[ \t]{0,20}\[\[(?i:toc)\]\][ \t]*$"
    r"|\{\{\s{0,20}(?:'[^'\n]{0,400}'|\"[^\"\n]{0,400}\""
    r"|\$?(?:frontmatter|page|site|siteTitle|title|description|lang)\b[\w.$]{0,100})\s{0,20}\}\}"
    r"|<Badge\b(?:[^<>\"']|\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'){0,400}>|</Badge>"
    r"|^[ \t]{0,20}@tab\b[^\n]*$"
    r"|^[ \t]{0,3}>[ \t>]{0,20}\[!(?i:tip|note|important|warning|caution)\][ \t]*[^\s][^\n]*$"
    r"|^<<<[ \t]?[^\n]+$|^@\[code[^\]\n]{0,80}\]\([^)\n]{1,400}\)[ \t]*$"
    r"|(?<=\s):(?:src|href)=\"\$?withBase\(['\"`][^'\"`\n]{0,400}['\"`]\)\""
    r"|(?<=\]\()\.{0,2}/[^\s()<>\"'#?]{1,400}(?=[\s)#?])"
)
_INCLUDE = r"<!--[ \t]{0,20}@include:[ \t]{0,20}[^\s{}<>]{1,400}(?:\{[\d,-]{0,20}\})?[ \t]{0,20}-->"
_INCLUDED = re.compile(r"<!--[ \t]*@include:[ \t]*([^\s{}<>]+?)(?:\{([\d,-]*)\})?[ \t]*-->")
_ATTRIBUTE = re.compile(r"(?<![\w:])text=(?:\"([^\"]*)\"|'([^']*)')")
_QUOTED = re.compile(r"['\"`]([^'\"`\n]*)['\"`]")
_NAMED_NOTE = re.compile(r"([ \t>]+)\[!\w+\][ \t]*(.+)")
_FILE = re.compile(r"(?:<<<[ \t]?|@\[code[^\]\n]*\]\()([^\s#{(\[\])]+)")


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` as Markdown or HTML without the marks of the generator."""
    if "@include:" in body:
        body = _with_included(body, context, notes, html=html)
    parts = []
    for piece in Scanner(body, _MARK, html=html):
        source = body[piece.start : piece.end]
        parts.append(_shown(source, context, notes) if piece.kind == "mark" else source)
    return without_admonitions("".join(parts), html=html)


def _with_included(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Resolve ``<!-- @include: ./x.md{1,9} -->``: the body, or lines, of another Markdown file."""
    parts = []
    for piece in Scanner(body, _INCLUDE, html=html, comments=False):
        source = body[piece.start : piece.end]
        match = _INCLUDED.match(source) if piece.kind == "mark" else None
        if match is not None:
            name = _file_name(match[1], context)
            text = contained(context.root, name, notes=notes) if name.endswith(".md") else None
            if text is None:
                notes.fault(f'there is no page "{match[1]}" to include'[:200])
            source = public_body(text or "", match[2] or "")
        parts.append(source)
    return "".join(parts)


def _file_name(path: str, context: Context) -> str:
    """Return the path, from the blog's folder, of a file that a post names; "" if it is outside."""
    inside = path.startswith(("@/", "/"))
    folder = str(context.site.get("pages") or "") if inside else posixpath.dirname(context.path)
    name = posixpath.normpath(posixpath.join(folder, path.removeprefix("@").lstrip("/")))
    return "" if name.startswith("..") else name


class _Call(NamedTuple):
    """Mark and its context."""

    mark: str
    context: Context
    notes: Notes


def _shown(source: str, context: Context, notes: Notes) -> str:
    call = _Call(source.lstrip(), context, notes)
    for start, show in _KINDS.items():
        if call.mark.startswith(start):
            return show(call)
    return _linked(source, context)


def _interpolation(call: _Call) -> str:
    name, page = call.mark[2:-2].strip(), call.context.page
    if quoted := _QUOTED.fullmatch(name):
        return escape(quoted[1], quote=False)
    name = name.removeprefix("$").removeprefix("page.")
    if name.startswith("frontmatter."):
        value: Any = looked_up(page, name.removeprefix("frontmatter."))
    elif name.startswith("site"):
        value = looked_up(call.context.site, name.removeprefix("site").lstrip(".").lower())
    else:
        value = page.get(name)
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value if isinstance(item, str | int | float))
    known = isinstance(value, str | int | float) and not isinstance(value, bool)
    return escape(str(value), quote=False) if known else ""


def _badge(call: _Call) -> str:
    text = _ATTRIBUTE.search(call.mark)
    return escape(text[1] or text[2] or "", quote=False) if text else ""


def _named_note(call: _Call) -> str:
    """Show ``> [!TIP] Title`` as a bold title above the quoted text."""
    named = _NAMED_NOTE.match(call.mark)
    return f"{named[1]}**{named[2].strip()}**\n{named[1].rstrip()}" if named else call.mark


def _tab(call: _Call) -> str:
    title = re.sub(r"^@tab(?::active)?", "", call.mark).split("#", 1)[0].strip()
    return f"\n**{title}**\n" if title else ""


def _code(call: _Call) -> str:
    """Show a file of code in the page; ``@/`` is the folder of the pages."""
    named, context = _FILE.match(call.mark), call.context
    path = named[1] if named else ""
    name = _file_name(path, context)
    text = contained(context.root, name, notes=call.notes) if name else None
    if text is None:
        call.notes.fault(f'there is no file "{path}" to show'[:200])
        return ""
    return code_block(text, posixpath.splitext(name)[1][1:])


def _bound(call: _Call) -> str:
    """Resolve ``:src="$withBase('/x.png')"``: an address below the site's base path."""
    path = _QUOTED.search(call.mark, call.mark.index("("))
    name = call.mark[1 : call.mark.index("=")]
    return f'{name}="{call.context.base}/{path[1].lstrip("/")}"' if path else call.mark


def _linked(address: str, context: Context) -> str:
    """Return a link to a page with the extension that VitePress adds, unless `cleanUrls` is set."""
    last = address.rpartition("/")[2]
    bare = bool(last) and "." not in last
    return f"{address}.html" if bare and context.site.get("html_links") else address


_KINDS: Mapping[str, Callable[[_Call], str]] = {
    "[[": lambda _: "",
    "{{": _interpolation,
    "<Badge": _badge,
    "</Badge": lambda _: "",
    "@tab": _tab,
    ">": _named_note,
    "<<<": _code,
    "@[code": _code,
    ":": _bound,
}
"""Start of each mark, and the function that resolves the mark."""
