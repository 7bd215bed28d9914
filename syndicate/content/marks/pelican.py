"""Resolve Pelican's links to files (``{filename}x`` and others) and the tags of liquid_tags.

Links in code stay unchanged. A dead link is reported and becomes the bare path.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from syndicate.content.marks import hexo
from syndicate.content.marks.context import Context, Notes, post_address
from syndicate.content.marks.scan import Scanner, replaced_in_rst
from syndicate.engines.shared.permalinks import slugify

__all__ = ["render"]

_KINDS = "filename|static|attach|author|category|tag|index"
_BEFORE = r"(?<=[\"'(<\s=>:])"
_LINK = rf"{_BEFORE}(?:\{{|\||%7B)(?:{_KINDS})(?:\}}|\||%7D)"
_PARTS = (
    rf"(?:\{{|\||%7B)(?P<kind>{_KINDS})(?:\}}|\||%7D)"
    r"(?P<path>[^\s\"'<>()#?]*(?:\([^\s\"'<>()]*\)[^\s\"'<>()#?]*)*)"
)
_LINK_PARTS = re.compile(_PARTS, re.IGNORECASE)
_LINK_IN_RST = _BEFORE + _PARTS
_TEXTS = frozenset({"", ".md", ".rst", ".html", ".markdown"})


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` with its links and tags resolved."""
    if "{%" in body:
        body = hexo.render(body, context, notes, html=html, braces=False)
    if not _LINK_PARTS.search(body):
        return body
    # in reStructuredText, addresses stand between single backticks
    if context.path.endswith(".rst"):
        return replaced_in_rst(body, _LINK_IN_RST, lambda match: _put(match, context, notes))
    scanner = Scanner(body, _LINK, html=html, comments=False)
    parts = []
    for piece in scanner:
        match = _LINK_PARTS.match(body, piece.start) if piece.kind == "mark" else None
        if match is None:
            parts.append(body[piece.start : piece.end])
        else:
            scanner.position = match.end()
            parts.append(_put(match, context, notes))
    return "".join(parts)


def _put(match: re.Match[str], context: Context, notes: Notes) -> str:
    return _address(match["kind"].lower(), unquote(match["path"]), context, notes)


def _address(kind: str, path: str, context: Context, notes: Notes) -> str:
    if kind in _PAGES:
        return _PAGES[kind](path, context)
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(context.path), path))
    if kind == "filename":
        content = str(context.site.get("PATH") or "").strip("/")
        whole = f"{content}{path}" if path.startswith("/") else beside
        address = post_address(context, whole) or post_address(context, path)
        if address:
            return address
        if posixpath.splitext(path)[1].lower() in _TEXTS:
            notes.fault(f'{{filename}}: there is no post "{path}"'[:200])
    if kind == "attach" and context.page_url:
        return posixpath.join(posixpath.dirname(context.page_url), posixpath.basename(path))
    return f"{context.base}/{_from_content(path, beside, context)}"


def _from_content(path: str, beside: str, context: Context) -> str:
    """Return the address of a static file, which keeps its path below the content folder."""
    content = str(context.site.get("PATH") or "content").strip("./")
    if path.startswith("/"):
        return path.lstrip("/")
    return beside.removeprefix(f"{content}/")


def _term(setting: str, default: str) -> Callable[[str, Context], str]:
    def address(name: str, context: Context) -> str:
        pattern = str(context.site.get(setting) or default)
        return f"{context.base}/{pattern.replace('{slug}', slugify(name)).lstrip('/')}"

    return address


_PAGES: Mapping[str, Callable[[str, Context], str]] = {
    "author": _term("AUTHOR_URL", "author/{slug}.html"),
    "category": _term("CATEGORY_URL", "category/{slug}.html"),
    "tag": _term("TAG_URL", "tag/{slug}.html"),
    "index": lambda _, context: f"{context.base}/",
}
