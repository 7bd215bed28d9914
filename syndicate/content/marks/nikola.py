"""Resolve Nikola's ``link://kind/name`` in Markdown, HTML and reStructuredText.

Only addresses are resolved: of links, pictures, link definitions and attributes. Text and code stay
unchanged. A dead link is reported and leads to ``#``, as in Nikola.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from syndicate.content.marks.context import Context, Notes, is_contained, post_address, slug_address
from syndicate.content.marks.scan import Scanner, replaced_in_rst
from syndicate.engines.nikola.link_targets import page_address, pretty_link
from syndicate.engines.shared.url_parts import encoded, resolved

__all__ = ["render"]

_MARKDOWN = (
    r"(?:^[ \t>]{0,40}\[[^\]\n]{1,200}\]:[ \t]{0,20}<?|(?<=\]\()<?|(?<=[\"'<=]))link:/(?=/|[\w])"
)
_RST = (
    r"(?:(?<=<)(?=link:[^\s<>]*>`_)|(?<=[\"'])"
    r"|^[ \t]{0,200}(?:\.\.[ \t]|__[ \t]|:target:[ \t])[^\n<\"'`]{0,400}?(?<=[ \t]))"
    r"(?P<target>link:/[^\s\"'<>)]+)"
)
_TARGET = re.compile(r"link:/[^\s\"'<>)]*")
_PAGE_ENDINGS = (".rst", ".md", ".txt", ".html")


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` with its links resolved."""
    if context.path.endswith((".rst", ".txt")):
        return replaced_in_rst(body, _RST, lambda match: _replaced(match, context, notes))
    scanner = Scanner(body, _MARKDOWN, html=html, comments=False)
    parts = []
    for piece in scanner:
        source = body[piece.start : piece.end]
        at = body.find("link:/", piece.start, piece.end)
        match = _TARGET.match(body, at) if piece.kind == "mark" else None
        if match is None:
            parts.append(source)
        else:
            scanner.position = match.end()
            parts.append(body[piece.start : at] + _address(match[0], context, notes))
    return "".join(parts)


def _replaced(match: re.Match[str], context: Context, notes: Notes) -> str:
    before = match.string[match.start("mark") : match.start("target")]
    return before + _address(match["target"], context, notes)


def _address(link: str, context: Context, notes: Notes) -> str:
    if not link.startswith("link://"):
        return link.removeprefix("link:")
    try:
        parts = urlsplit(link)
    except ValueError:  # brackets that are not those of an IPv6 host
        return link
    name = unquote(parts.path.lstrip("/"))
    address = _found(parts.netloc.lower(), name, context)
    if not address:
        notes.fault(f'"{link}" leads to no page'[:200])
        return "#"
    return address + (f"#{parts.fragment}" if parts.fragment else "")


def _found(kind: str, name: str, context: Context) -> str:
    if kind == "slug":
        return slug_address(context, name) or _page(name, context)
    if kind == "filename":
        return post_address(context, f"/{name}") or _page_file(name, context)
    page = page_address(kind, name.rstrip("/"), context.site, _language(context))
    return f"{context.base}{encoded(resolved(page))}" if page else ""


def _page(slug: str, context: Context) -> str:
    """Return the address of a page of PAGES (not a post) by the name of its file."""
    if not slug or "/" in slug:
        return ""
    files = (f"{folder}/{slug}{end}" for folder, _ in _pages(context) for end in _PAGE_ENDINGS)
    return next((address for file in files if (address := _page_file(file, context))), "")


def _page_file(file: str, context: Context) -> str:
    for folder, target in _pages(context):
        if file.startswith(f"{folder}/") and is_contained(context.root, file):
            stem = str(PurePosixPath(file).with_suffix("")).removeprefix(f"{folder}/")
            pretty = context.site.get("PRETTY_URLS") is not False and stem != "index"
            path = f"/{target}/{stem}/index.html" if pretty else f"/{target}/{stem}.html"
            return f"{context.base}{encoded(resolved(pretty_link(path, context.site)))}"
    return ""


def _pages(context: Context) -> list[tuple[str, str]]:
    """Return the folders of PAGES, and the paths that their pages are published under."""
    pages = context.site.get("PAGES")
    rows = pages[:20] if isinstance(pages, list) else [["pages/*", "pages"]]
    return [
        (str(row[0]).rpartition("/")[0], _first(row[1]))
        for row in rows
        if isinstance(row, list) and len(row) > 1 and "/" in str(row[0])
    ]


def _first(value: Any) -> str:
    return str(next(iter(value.values()), "") if isinstance(value, dict) else value)


def _language(context: Context) -> str:
    """Return the post's language, or "" if that is the blog's default."""
    translations: Mapping[str, Any] = context.site.get("TRANSLATIONS") or {}
    default = str(context.site.get("DEFAULT_LANG") or "en")
    marks = context.path.rpartition("/")[2].split(".")[1:]
    others = (str(language) for language in translations if str(language) != default)
    return next((language for language in others if language in marks), "")
