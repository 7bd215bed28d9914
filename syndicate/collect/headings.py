"""The first heading of a body, for posts whose header gives no title."""

import re

__all__ = ["first_heading"]

_ATX = re.compile(r" {0,3}#{1,6}[ \t]+(.*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HTML = re.compile(r"<h([1-6])(?:\s[^<>]{0,500})?>(.{0,500}?)</h\1\s*>", re.I | re.S)
_INLINE_TAG = re.compile(r"<[^<>]{0,500}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()]{0,500}\)")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}]{0,200}\}\s*$")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")


def first_heading(body: str) -> str:
    """The text of the first heading, in Markdown or HTML and outside code; empty without one."""
    lines = body.splitlines()
    fence = ""
    for number, line in enumerate(lines):
        opens = _FENCE.match(line)
        if opens:
            fence = "" if fence and line.strip().startswith(fence) else fence or opens[1]
        if fence or opens:
            continue
        found = _at(lines, number)
        if found:
            return found
    return ""


def _at(lines: list[str], number: int) -> str:
    """The heading that begins on this line."""
    line = lines[number]
    atx = _ATX.fullmatch(line)
    if atx:
        return _plain(_CLOSING.sub("", atx[1].strip()))
    if "<h" in line.lower():
        tagged = _HTML.search("\n".join(lines[number : number + 6])[:1200])
        if tagged:
            return _plain(_INLINE_TAG.sub("", tagged[2]))
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if line.strip() and line[:4].strip() and _UNDERLINE.fullmatch(below) and line[0] not in "-*>|<":
        return _plain(line)
    return ""


def _plain(text: str) -> str:
    return _ATTRIBUTES.sub("", _LINK.sub(r"\1", text[:500])).strip()
