"""Resolve Obsidian's Markdown as Quartz does: wikilinks, embeds, callouts, highlights, block ids.

A link to an unpublished note becomes its text. An embedded note becomes a quotation without the
parts that its author locked. Tags in the text stay. Comments (``%%``) were removed before.
"""

import posixpath
import re
from html import escape

import regex

from syndicate.content.marks.context import Context, Notes, contained, post_address
from syndicate.content.marks.included_pages import public_body
from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import link, picture, sound, video
from syndicate.content.marks.vault import file_of_vault
from syndicate.engines.quartz.private_notes import sluggify
from syndicate.engines.shared.url_parts import encoded

__all__ = ["render"]

_MARK = (
    r"!?\[\[[^\[\]\n]{1,400}\]\]"
    r"|==(?=[^\s=])[^=\n]{1,400}(?<=[^\s=])=="
    r"|^[ \t]{0,3}>[ \t>]{0,20}\[!\w[\w-]{0,40}(?:\|[^\]\n]{0,80})?\][+-]?[^\n]*$"
    r"|(?:(?<=\S)[ \t]+|^[ \t]{0,20})\^[A-Za-z0-9-]{1,40}[ \t]*$"
)
_CALLOUT = re.compile(r"([ \t>]+)\[!(\w[\w-]*)(?:\|[^\]]*)?\][+-]?[ \t]*(.*)")
_SIZE = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_NOT_IN_ANCHORS = regex.compile(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]")
_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".ico"))
_SOUNDS = frozenset((".mp3", ".wav", ".m4a", ".ogg", ".3gp", ".flac"))
_VIDEOS = frozenset((".mp4", ".webm", ".ogv", ".mov", ".mkv"))
_MOST_EMBEDS = 20


def render(
    body: str, context: Context, notes: Notes, *, html: bool, embeds: int = _MOST_EMBEDS
) -> str:
    """Return `body` in plain Markdown or HTML. At most `embeds` notes are embedded in it."""
    parts = []
    for piece in Scanner(body, _MARK, html=html):
        source = body[piece.start : piece.end]
        if piece.kind == "mark":
            embeds -= source.startswith("![[")
            source = _shown(source, context, notes, embeds)
        parts.append(source)
    return "".join(parts)


def _shown(source: str, context: Context, notes: Notes, embeds: int) -> str:
    if source.startswith("![["):
        return _embed(source[3:-2], context, notes, embeds)
    if source.startswith("[["):
        return _link(source[2:-2], context)
    if source.startswith("=="):
        return f"<mark>{source[2:-2]}</mark>"
    if "[!" in source:
        return _callout(source, context, notes)
    return ""  # id of a block


def _parts(inside: str) -> tuple[str, str, str]:
    """Split the text between the brackets into note, heading and label."""
    target, _, text = inside.replace("\\|", "|").partition("|")
    page, _, heading = target.partition("#")
    return page.strip(), heading.rpartition("#")[2].strip(), text.strip()


def _link(inside: str, context: Context) -> str:
    page, heading, text = _parts(inside)
    shown = text or posixpath.basename(page).removesuffix(".md") or heading.lstrip("^")
    fragment = "" if not heading or heading.startswith("^") else f"#{_anchor(heading)}"
    if not page:
        return f'<a href="{escape(fragment)}">{shown}</a>' if fragment else shown
    address = post_address(context, page)
    if not address and posixpath.splitext(page)[1].lower() not in ("", ".md"):
        address, fragment = _asset(context, page), ""
    return f'<a href="{escape(address + fragment)}">{shown}</a>' if address else shown


def _anchor(heading: str) -> str:
    """Return the id that github-slugger gives to a heading."""
    return encoded(_NOT_IN_ANCHORS.sub("", heading.lower()).replace(" ", "-"))


def _embed(inside: str, context: Context, notes: Notes, embeds: int) -> str:
    page, heading, text = _parts(inside)
    ending = posixpath.splitext(page)[1].lower()
    if ending in ("", ".md") or post_address(context, page):
        return _note(page, heading, context, notes, embeds)
    address = _asset(context, page)
    if not address:
        notes.fault(f'there is no file "{page}" to show'[:200])
        return ""
    if ending in _PICTURES:
        alt, _, last = text.rpartition("|")
        size = _SIZE.fullmatch(last.strip())
        alt = alt if size else text
        return picture(address, alt, "", (size[1], size[2] or "") if size else ("", ""))
    if ending in _SOUNDS:
        return sound(address)
    return video(address) if ending in _VIDEOS else link(address, text or posixpath.basename(page))


def _note(page: str, heading: str, context: Context, notes: Notes, embeds: int) -> str:
    """Return a note, or a section of it, as a quotation; a link if too much was embedded before."""
    address = post_address(context, page)
    shown = _link(f"{page}#{heading}" if heading else page, context)
    if not address or embeds < 0:
        return shown
    path = next((path for path, url in context.links.items() if url == address), "")
    text = contained(context.root, path) if path.endswith(".md") and path != context.path else None
    if text is None:
        return shown
    text = _section(public_body(text), heading)
    inner = render(text, context, notes, html=False, embeds=-1)
    quoted = "".join(f"> {line}\n" for line in inner.strip().split("\n"))
    return f"\n\n{quoted}\n"


def _section(text: str, heading: str) -> str:
    """Return the section below `heading`, or all of `text` if `heading` is empty."""
    if not heading or heading.startswith("^"):
        return text
    for match in _HEADING.finditer(text):
        if _anchor(match[2]) == _anchor(heading):
            later = (following for following in _HEADING.finditer(text, match.end()))
            ends = (following.start() for following in later if len(following[1]) <= len(match[1]))
            return text[match.start() : next(ends, len(text))]
    return text


def _callout(line: str, context: Context, notes: Notes) -> str:
    match = _CALLOUT.match(line)
    if match is None:
        return line
    marks, kind = match[1], match[2]
    title = render(match[3].strip(), context, notes, html=False, embeds=-1)
    title = title or kind[:1].upper() + kind[1:].replace("-", " ").lower()
    return f"{marks}**{title}**\n{marks.rstrip()}"


def _asset(context: Context, name: str) -> str:
    """Return the address of a file in the vault, or ""."""
    content = str(context.site.get("content") or "")
    path = file_of_vault(context, name)
    below = path.removeprefix(f"{content}/") if content else path
    below = sluggify(below) if context.site.get("slugs") else below
    return f"{context.base}/{encoded(below)}" if path else ""
