"""Make the excerpt of a post: as plain text, and as clean HTML of the same words.

Only as much of the body is read as the excerpt needs: usually a few KB. Guaranteed for HTML that
`clean` made: the text is one line without markup, at most as long as requested plus an ellipsis; it
is never cut inside a word, a tag or a grapheme; the HTML is well-formed.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Literal

from msgspec import Struct

from syndicate.content.cutting import cut_at
from syndicate.content.elements import Element, Node, parsed
from syndicate.content.line_ends import is_wide_pair

__all__ = ["Excerpt", "excerpt"]


class Excerpt(Struct, frozen=True):
    """Start of a post: `text` in one line, and `html` of the same words.

    If `cut`, more of the post follows, and both end with an ellipsis.
    """

    text: str
    html: str
    cut: bool


Kind = Literal["text", "list", "heading", "table", "code", "aside"]


class _Run(Struct, frozen=True):
    """Inline content that belongs together: a paragraph, a list item, or loose text."""

    kind: Kind
    nodes: list[Node]


class _Mark(Struct, frozen=True):
    """Start or end tag of an inline element."""

    html: str
    opens: bool


_SLACK = 60  # characters to read beyond the requested length, for parts that are skipped
_TEXT = re.compile(r"(?:^|<(/?[a-z]+\d?)[^<>]*>)([^<]+)")
_TAG = re.compile(r"<[^<>]*>")
_PASSED_OVER = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "figcaption"})
_LARGEST = 100_000
_TEXTLESS = re.compile(r"<pre\b[^<]*(?:<(?!/pre>)[^<]*)*(?:</pre>|\Z)|<img [^<>]*>")
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "dt"), "heading"),
    **dict.fromkeys(("li", "dd"), "list"),
    **dict.fromkeys(("table",), "table"),
    **dict.fromkeys(("pre",), "code"),
    **dict.fromkeys(("nav", "figure", "figcaption", "aside", "footer", "menu"), "aside"),
}
# fmt: off
_KEPT = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "strong", "sub", "sup", "tt", "u", "var",
})
# fmt: on
_INLINE = _KEPT | frozenset(
    {"acronym", "big", "br", "img", "picture", "rb", "rp", "rt", "ruby", "source", "span"}
    | {"strike", "time", "wbr", "audio", "video"}
)
_READINGS = frozenset({"rt", "rtc"})
"""Ruby elements above or beside other characters."""
_CONTENTS = frozenset(
    {"目录", "文章目录", "目錄", "目次", "もくじ", "목차", "contents", "table of contents", "toc"}
    | {"in this article", "on this page", "inhalt", "sommaire", "índice"}
)
_WORDS = re.compile(r"(\s*)(\S+)")


def excerpt(html: str, *, length: int, whole: bool = False) -> Excerpt:
    """Return the first `length` graphemes of the clean `html`.

    If there are paragraphs, headings, tables, code, figures, notes and lists of links are skipped.
    If `whole`, the author chose `html` as excerpt, and only code and tables are skipped.
    """
    start, more = _window(html, _LARGEST), len(html) > _LARGEST
    try:
        result = _first_words(_TEXTLESS.sub("", start), length, whole=whole, more=more)
        if result.text:
            return result
        return _first_words(start, length, whole=whole, more=more)  # a post of only code
    except RecursionError:  # hundreds of nested elements are not prose, but have text
        flow: _Flow = [" ".join(unescape(_TAG.sub(" ", start)).split())]
        return _shortened([flow], length, more=more)


def _first_words(html: str, length: int, *, whole: bool, more: bool) -> Excerpt:
    """Return the excerpt of `html`, parsing only as much as needed. `more` may follow `html`."""
    letters = length + _SLACK
    while True:
        window = _with_letters(html, letters)
        complete = len(window) == len(html)
        runs = _runs(parsed(window))
        chosen = _prose(runs, whole=whole) or (_best_part(runs) if complete else [])
        flows = [_flow(run) for run in chosen]
        result = _shortened(flows, length, more=complete and more)
        if result.cut or complete:
            return result
        letters *= 2


def _with_letters(html: str, letters: int) -> str:
    """Return the start of `html` with about `letters` characters that may be in an excerpt."""
    count = 0
    for text in _TEXT.finditer(html):
        if text[1] not in _PASSED_OVER:
            count += len(text[2].strip())
        if count >= letters:
            return html[: text.end()]
    return html


def _window(html: str, size: int) -> str:
    """Return about `size` characters of `html`, cut between tags or else between words."""
    if len(html) <= size:
        return html
    end = html.rfind("<", size // 2, size)
    if end < 0:
        end = max(html.rfind(" ", 0, size), html.rfind(";", 0, size) + 1)
    return html[: end if end > 0 else size]


def _runs(nodes: Sequence[Node]) -> list[_Run]:
    """Return the inline content of `nodes`, in order."""
    runs: list[_Run] = []
    _gather(nodes, "text", runs)
    return runs


def _gather(nodes: Sequence[Node], kind: Kind, runs: list[_Run]) -> None:
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, str) or node.name in _INLINE:
            run.append(node)
            continue
        if run:
            runs.append(_Run(kind, run))
            run = []
        inner = _KINDS.get(node.name, kind) if kind in ("text", "list") else kind
        _gather(node.children, "aside" if _is_note(node) else inner, runs)
    if run:
        runs.append(_Run(kind, run))


def _is_note(element: Element) -> bool:
    return element.attributes.get("id", "").startswith(("fn:", "user-content-fn-"))


def _prose(runs: list[_Run], *, whole: bool) -> list[_Run]:
    """Return the paragraphs and lists that make the best excerpt: from the first paragraph on."""
    kinds = ("text", "list", "heading") if whole else ("text", "list")
    telling = [run for run in runs if run.kind in kinds and _has_words(run)]
    if whole:
        return telling
    start = next((at for at, run in enumerate(telling) if run.kind == "text"), len(telling))
    return telling[start:]


def _best_part(runs: list[_Run]) -> list[_Run]:
    """Return the best part of a body without paragraphs."""
    telling = [run for run in runs if _has_words(run)]
    for kind in ("list", "aside", "heading", "table", "code"):
        if chosen := [run for run in telling if run.kind == kind]:
            return chosen
    return [run for run in runs if _flow(run)]


def _has_words(run: _Run) -> bool:
    """Return True if `run` has words besides links and "contents"."""
    text = "".join(_texts(run.nodes, without="a"))
    return any(map(str.isalnum, text)) and text.strip(" :：\n\t").lower() not in _CONTENTS


def _texts(nodes: Sequence[Node], *, without: str = "") -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif node.name != without:
            yield from _texts(node.children, without=without)


_Flow = list[_Mark | str]
"""Tags and text of a run, with its white space normalised."""


def _flow(run: _Run) -> _Flow:
    flow: _Flow = []
    gap, last = "", ""
    items: _Flow = []
    _walk(run.nodes, items)
    for item in items:
        if isinstance(item, _Mark):
            flow.append(item)
            continue
        text = item.strip()
        if text:
            before = gap + item[: len(item) - len(item.lstrip())]
            _append(flow, _space(before, last, text[0]) + _settled(text))
            gap, last = item[len(item.rstrip()) :], text[-1]
        else:
            gap += item
            _append(flow, "")
    return flow if last else []


def _settled(text: str) -> str:
    if "\n" not in text or text.isascii():
        return " ".join(text.split())
    settled, last = "", ""
    for space, word in _WORDS.findall(text):
        settled += _space(space, last, word[0]) + word
        last = word[-1]
    return settled


def _append(flow: _Flow, text: str) -> None:
    """Add `text`. A space at its start is moved before the tags that just opened."""
    at = len(flow)
    if text.startswith(" "):
        while at and isinstance(mark := flow[at - 1], _Mark) and mark.opens:
            at -= 1
        flow.insert(at, " ")
        text = text[1:]
    flow.append(text)


def _walk(nodes: Sequence[Node], items: _Flow) -> None:
    """Add the texts of `nodes`, and the tags around them, to `items`."""
    before: Node = ""
    for node in nodes:
        if isinstance(node, str):
            items.append(node)
        elif node.name != "sup" or not _is_reference(node):
            _walk_element(node, before, items)
        before = node


def _walk_element(element: Element, before: Node, items: _Flow) -> None:
    name = element.name
    if name == "br" or name not in _INLINE:
        items.append(" ")
    if name in _KEPT:
        attributes = "".join(
            f' {key}="{escape(element.attributes[key])}"'
            for key in ("href", "title", "dir", "lang")
            if key in element.attributes
        )
        items.append(_Mark(f"<{name}{attributes}>", opens=True))
        _walk(element.children, items)
        items.append(_Mark(f"</{name}>", opens=False))
    elif name in _READINGS and _wants_brackets(element, before):
        items.append("(")
        _walk(element.children, items)
        items.append(")")
    else:
        _walk(element.children, items)


def _wants_brackets(reading: Element, before: Node) -> bool:
    """Return True if a reading has words, but no brackets around it from the author."""
    if isinstance(before, Element) and before.name == "rp":
        return False
    if _first(reading, ("rt", "rp")) is not None:
        return False
    return any(text.strip() for text in _texts(reading.children))


def _is_reference(sup: Element) -> bool:
    """Return True if `sup` is the number of a footnote."""
    link = _first(sup, ("a",))
    return link is not None and "#" in link.attributes.get("href", "")


def _first(element: Element, names: Sequence[str]) -> Element | None:
    """Return the first descendant of `element` with a name in `names`, in document order."""
    for child in element.children:
        if not isinstance(child, str):
            descendant = child if child.name in names else _first(child, names)
            if descendant is not None:
                return descendant
    return None


def _space(gap: str, before: str, after: str) -> str:
    """Return the white space between two characters: a space, or "" (CSS Text 3, 4.1.3)."""
    if not gap or not before:
        return ""
    return "" if "\n" in gap and is_wide_pair(before, after) else " "


def _shortened(flows: list[_Flow], length: int, *, more: bool = False) -> Excerpt:
    """Return the excerpt of `flows`. If `more`, the body goes on after the flows."""
    texts = ["".join(item for item in flow if isinstance(item, str)) for flow in flows]
    text = " ".join(texts)
    ends: list[int] = []
    for piece in texts:
        ends.append((ends[-1] + 1 if ends else 0) + len(piece))
    at = cut_at(text, length, ends)
    if at is None and not (more and text):
        return Excerpt(text=text, html=_paragraphs(flows, len(text), ""), cut=False)
    at = len(text) if at is None else at
    ellipsis = " …" if text[:at].endswith((".", "!", "?", '."', ".”", ".)")) else "…"
    return Excerpt(text=text[:at] + ellipsis, html=_paragraphs(flows, at, ellipsis), cut=True)


def _paragraphs(flows: list[_Flow], room: int, ellipsis: str) -> str:
    """Return the first `room` characters of the flows as paragraphs."""
    done: list[str] = []
    for flow in flows:
        if room <= 0:
            break
        html, used = _paragraph(flow, room)
        room -= used + 1  # the space before the next paragraph
        done.append(html)
    if done:
        done[-1] += ellipsis
    return "".join(f"<p>{html}</p>" for html in done)


def _paragraph(flow: _Flow, room: int) -> tuple[str, int]:
    """Return the HTML of at most `room` characters of a flow, and the number of characters."""
    out: list[str] = []
    waiting: list[_Mark] = []  # opened, but still empty
    opened: list[str] = []
    used = 0
    for item in flow:
        if isinstance(item, str):
            text = item[: room - used]
            if text:
                out += [mark.html for mark in waiting] + [escape(text, quote=False)]
                opened += [_closing(mark.html) for mark in waiting]
                waiting = []
            used += len(text)
            if used >= room:
                break
        elif item.opens:
            waiting.append(item)
        elif waiting:
            waiting.pop()
        else:
            out.append(opened.pop())
    return "".join(out + opened[::-1]), used


def _closing(opening: str) -> str:
    return f"</{opening[1:-1].partition(' ')[0]}>"
