"""Remove HTML from Markdown, as Hugo does unless `unsafe` is set.

HTML blocks are removed with their text; of inline HTML only the tags are. Shortcodes and their
content stay, because Hugo inserts their HTML later. Comments stay, because some are marks.
"""

import re

from pyromark import Options, events_with_range

__all__ = ["without_html"]

_TAG = re.compile(r"<[/a-zA-Z?]")
_MARK = re.compile(rb"\{\{(?P<kind>[<%])\s*(?P<closes>/?)\s*(?P<name>[\w./-]*)[^{}]*[>%]\}\}")
_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES


def without_html(body: str) -> tuple[str, bool]:
    """Return `body` without its HTML, and True if it had any."""
    if not _TAG.search(body):
        return body, False
    data = body.encode()
    out: list[bytes] = []
    position = 0
    for event, place in events_with_range(_masked(data).decode(), options=_OPTIONS):
        if not isinstance(event, dict) or not (event.keys() & {"Html", "InlineHtml"}):
            continue
        html = str(event.get("Html") or event.get("InlineHtml"))
        if not _COMMENT.fullmatch(html):
            out += [data[position : place["start"]], b"\n" if "Html" in event else b""]
            position = place["end"]
    return (b"".join(out) + data[position:]).decode(), bool(out)


def _masked(data: bytes) -> bytes:
    """Return `data` with each shortcode and its content replaced by a word of the same length."""
    marks = list(_MARK.finditer(data))
    closings: dict[bytes, list[int]] = {}
    for mark in reversed(marks):
        if mark["closes"] and mark["kind"] == b"<":
            closings.setdefault(mark["name"], []).append(mark.end())
    out: list[bytes] = []
    position = 0
    for mark in marks:
        if mark.start() < position:
            continue
        ends = closings.get(mark["name"], []) if mark["kind"] == b"<" else []
        while ends and ends[-1] <= mark.start():
            ends.pop()
        end = ends[-1] if ends and not mark["closes"] else mark.end()
        out += [data[position : mark.start()], b"x" * (end - mark.start())]
        position = end
    return b"".join(out) + data[position:]
