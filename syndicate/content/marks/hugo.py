"""Resolve Hugo's shortcodes: ``{{< name >}}`` and ``{{% name %}}``.

Hugo's own shortcodes give what Hugo's templates give, but a frame becomes a link. `hugo_themes` has
the shortcodes of common themes. A shortcode in a comment (``{{</* name */>}}``) is text that shows
the shortcode. An unknown shortcode is dropped, and the text that it encloses is kept.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

from syndicate.content.marks.arguments import arguments
from syndicate.content.marks.common_tags import CALLOUTS, stock
from syndicate.content.marks.context import Context, Notes, looked_up
from syndicate.content.marks.handlers import Call
from syndicate.content.marks.hugo_refs import page_reference
from syndicate.content.marks.hugo_themes import OPAQUE, SHORTCODES
from syndicate.content.marks.pairs import Mark, OpenPairs, Tag, render_pairs
from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import callout, code_block, link, picture

__all__ = ["render"]

_MARK = r"\{\{[<%]"
_CLOSING = re.compile(r"\{\{[<%]\s*/\s*([\w./-]+)")
_NAME = re.compile(r"\s*(/?)\s*([\w./-]*)")
_SHOWN = re.compile(r"\{\{([<%])/\*((?:[^*{]|\*(?!/)|\{(?!\{[<%]/\*))*)\*/([>%])\}\}")
_OPAQUE = OPAQUE | {"highlight", "mermaid", "raw", "rawhtml"}


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` with its shortcodes resolved."""

    def resolved(tag: Tag) -> str:
        call = Call(tag, arguments(tag.text), context, notes)
        name = tag.name.rpartition("/")[2]
        if handler := _SHORTCODES.get(name) or SHORTCODES.get(tag.name) or SHORTCODES.get(name):
            return handler(call)
        if name.lower() in CALLOUTS and tag.inner is not None:
            return _callout(call)
        shown = stock(name, tag.text, context) if tag.inner is None else None
        if shown is None:
            notes.drop(tag.name, [*call.words.positional, *call.words.named.values()])
        return shown or call.inner

    return render_pairs(_pieces(body, html=html), resolved)


def _pieces(body: str, *, html: bool) -> Iterator[str | Mark]:
    scanner = Scanner(body, _MARK, html=html)
    pairs = OpenPairs(frozenset(_CLOSING.findall(body)))
    for piece in scanner:
        source = body[piece.start : piece.end]
        if piece.kind == "mark" or (pairs and source.startswith("{{")):
            scanner.position = piece.start + 3
            mark = _mark(scanner, piece.start)
            if isinstance(mark, Mark):
                pairs.note(mark)
            yield mark
        else:
            yield _SHOWN.sub(r"{{\1\2\3}}", source) if piece.kind == "code" else source


def _mark(scanner: Scanner, start: int) -> str | Mark:
    text = scanner.text
    closer = ">}}" if text[start + 2] == "<" else "%}}"
    end = scanner.find(closer, start + 3)
    if end < 0:
        return text[start : start + 3]
    scanner.position = end + 3
    content = text[start + 3 : end].strip()
    if content.startswith("/*") and content.endswith("*/"):
        shown = f"{text[start : start + 3]} {content[2:-2].strip()} {closer}"
        return escape(shown, quote=False)
    match = _NAME.match(content)
    if match is None or not match[2]:
        return ""
    name, rest = match[2], content[match.end() :].strip()
    if match[1]:
        return Mark(name, closes=name)
    indent = scanner.indent(start)
    if rest.endswith("/"):
        return Mark(name, rest[:-1].rstrip(), indent=indent)
    inner = _opaque(scanner, name) if name in _OPAQUE else None
    return Mark(name, rest, "" if inner is not None else name, "", indent, inner)


def _opaque(scanner: Scanner, name: str) -> str | None:
    """Return the text up to the closing mark, and advance past it; None without one."""
    closing = scanner.search(
        re.compile(rf"\{{\{{([<%])\s*/\s*{re.escape(name)}\s*[>%]\}}\}}"), scanner.position
    )
    if closing is None:
        return None
    inner = scanner.text[scanner.position : closing.start()]
    scanner.position = closing.end()
    return _SHOWN.sub(r"{{\1\2\3}}", inner)


def _callout(call: Call) -> str:
    """Show a box whose title is its kind."""
    name = call.name.rpartition("/")[2]
    title = call.words.get("title", "heading", at=1) or name[:1].upper() + name[1:]
    return callout(call.inner, title, call.indent)


def _figure(call: Call) -> str:
    get = call.words.get
    caption = get("caption", "title")
    size = get("width"), get("height")
    below = f"{caption} {get('attr')}".strip()
    return picture(get("src", at=0), get("alt") or caption, "", size, below, get("link", "href"))


def _highlight(call: Call) -> str:
    return code_block(call.inner, call.words.get("lang", at=0), "", call.indent)


def _param(call: Call) -> str:
    name = call.words.get("name", at=0)
    value = looked_up(call.context.page, name)
    if value is None:
        value = looked_up(call.context.site.get("params"), name)
    return "" if value is None else escape(str(value), quote=False)


def _qr(call: Call) -> str:
    text = call.words.get("text", at=0) or call.inner.strip()
    return link(text) if text.startswith(("http:", "https:")) else escape(text, quote=False)


def _ref(call: Call) -> str:
    path = call.words.get("path", at=0)
    if path.startswith(("#", "http:", "https:")):
        return path
    words = call.words
    address = page_reference(call.context, path, words.get("lang"), words.get("outputFormat", at=1))
    if not address:
        call.notes.fault(f'{call.name}: there is no page "{path}"'[:200])
    return address


_SHORTCODES: Mapping[str, Callable[[Call], str]] = {
    "comment": lambda _: "",
    "figure": _figure,
    "highlight": _highlight,
    "mermaid": lambda call: code_block(call.inner, "mermaid"),
    "param": _param,
    "qr": _qr,
    "raw": lambda call: call.inner,
    "rawhtml": lambda call: call.inner,
    "ref": _ref,
    "relref": _ref,
}
"""Hugo's own shortcodes. `hugo_themes` has those of themes."""
