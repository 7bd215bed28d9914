"""Clean the HTML of a body: nothing hidden, no code that runs, every address absolute.

The HTML is parsed once, the tree is edited, and `sanitise` has the last word. Guaranteed: never
raises for any text; the result is well-formed, and cleaning it again changes nothing; the text of
`<pre>` and `<code>` stays unchanged, except for characters that XML forbids.
"""

import re
from itertools import islice
from urllib.parse import unquote

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.body_addresses import Page, set_or_drop
from syndicate.content.embeds import link_embeds
from syndicate.content.formulas import settle_formulas
from syndicate.content.hidden import drop_hidden
from syndicate.content.html_limits import bounded
from syndicate.content.lazy_pictures import restore_hidden_by_noscript
from syndicate.content.overview import Overview, by_class, is_in, overview_of
from syndicate.content.pasted import drop_labels, drop_names_of_files, settle_tree
from syndicate.content.pictures import first_picture, settle_media, settle_picture, spread_policy
from syndicate.content.repeated_titles import drop_repeated_title
from syndicate.content.sanitise import TAGS, sanitise
from syndicate.model import Image
from syndicate.text.characters import xml_legal

__all__ = ["Cleaned", "clean"]

# fmt: off
_NOT_FOR_READING = frozenset({
    "script", "style", "link", "meta", "base", "title", "svg", "template", "param", "map", "area",
    "canvas", "noembed", "noframes", "input", "select", "datalist", "button", "textarea",
})
# fmt: on
# Cells beside code that would be read as part of the code.
_LINE_NUMBERS = {
    "gutter": "td.gutter",
    **{
        name: f".{name}"
        for name in (
            *("rouge-gutter", "lineno", "linenos", "linenodiv", "hljs-ln-numbers"),
            *("line-numbers-rows", "pre-numbering"),
        )
    },
}
_ANCHOR_SIGNS = frozenset({"", "#", "¶", "§", "🔗", "∞"})
_FORMULAS = frozenset({"math", "mjx-container"})
_TYPESET = {name: f"span.{name}" for name in ("katex", "MathJax", "MathJax_Preview")}
_FRAMES = frozenset({"iframe", "frame", "embed", "object", "applet"})
_RARE = _FORMULAS | _FRAMES | {"noscript", "input", "textarea"}
# fmt: off
_MAY_BE_EMPTY = frozenset({
    "table", "tbody", "thead", "tfoot", "tr", "td", "th", "col", "colgroup", "caption", "li", "dt",
    "dd", "br", "hr", "wbr", "img", "source", "video", "audio", "pre", "code", "html", "body",
})
_BLOCKS = frozenset({
    "p", "div", "center", "section", "article", "header", "footer", "aside", "main", "nav",
    "figure", "figcaption", "blockquote", "ul", "ol", "dl", "form", "fieldset", "h1", "h2", "h3",
    "h4", "h5", "h6",
})
# fmt: on
_BESIDE_LABELS = frozenset({"pre", "code", "ol", "table"})
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_DIRECTION = re.compile(r"(?:^|;)\s*direction\s*:\s*(rtl|ltr)\b", re.I)
_BREAKS = frozenset({"br", "wbr"})
_EMPTY = re.compile(r"<(p|h[1-6])(?: [^>]*)?></\1>")
_LANGUAGE = re.compile(r"(?:^|\s)(language-[\w.+#-]+)")
_CODE_TAG = re.compile(r"<(/?)(?:pre|code)\b")
_INDENTATION = re.compile(r"\n[ \t\n]+")
# A numeric reference, unless its character is certainly legal in XML.
_ODD_REFERENCE = re.compile(
    r"&#(?!(?:3[2-9]|[4-9]\d|[1-9]\d{2,3}|[1-4]\d{4})(?!\d)"
    r"|[xX](?:[2-9a-fA-F][\da-fA-F]|[1-9a-fA-F][\da-fA-F]{2}|[1-9a-cA-C][\da-fA-F]{3})(?![\da-fA-F]))",
    re.ASCII,
)


class Cleaned(Struct, frozen=True):
    """Clean HTML, and the first real picture in it."""

    html: str
    image: Image | None = None


def clean(html: str, page: Page, title: str = "") -> Cleaned:
    """Return the body `html` of the post at `page`, clean and ready for a feed.

    A first heading that only repeats `title` is removed.
    """
    source = bounded(xml_legal(html))
    tree = _parsed(source)
    overview = _remove_invisible(tree, source, page)
    _settle_addresses(tree, overview, page)
    if title:
        drop_repeated_title(tree, overview, title)
    spans = _needs_spans(tree, overview, source)
    _unwrap_unknown(overview, spans=spans)
    _drop_blank(tree, overview, source)
    if overview.names & _BESIDE_LABELS:
        drop_labels(tree, source)
    if "figcaption" in overview.names:
        drop_names_of_files(tree)
    _name_languages(overview)
    image = first_picture(node for node, _ in overview.of("img") if is_in(tree, node))
    _double_first_line_end(overview)
    safe = sanitise(tree.html or "", spans=spans)
    while _EMPTY.search(safe):  # the sanitiser split two elements that may not nest
        safe = _EMPTY.sub("", safe)
    return Cleaned(html=_without_indentation(safe).strip(), image=image)


def _parsed(source: str) -> LexborHTMLParser:
    """Parse `source` into a tree in which numeric references are also legal in XML."""
    tree = LexborHTMLParser(source, is_fragment=True)
    if _ODD_REFERENCE.search(source):
        html = tree.html or ""
        legal = xml_legal(html if "\ufffd" in source else html.replace("\ufffd", ""))
        if legal != html:
            return LexborHTMLParser(legal, is_fragment=True)
    return tree


def _remove_invisible(tree: LexborHTMLParser, source: str, page: Page) -> Overview:
    """Remove hidden content and elements without text; some become text or a link.

    Returns the overview of the tree, which may still list removed elements.
    """
    overview = overview_of(tree)
    if settle_tree(tree, overview, source):
        overview = overview_of(tree)
    drop_hidden(tree, overview)
    typeset = bool(by_class(tree, overview, _TYPESET))
    if typeset or overview.names & _RARE:
        _resolve_rare(tree, overview_of(tree), page, typeset=typeset)
        overview = overview_of(tree)
    if "meta" in overview.names and "referrer" in source:
        spread_policy(tree)
    for name in overview.names & _NOT_FOR_READING:
        for node, _ in overview.of(name):
            node.decompose()
    for node, attributes in overview.of("dialog"):
        if "open" not in attributes:
            node.decompose()
    for node in by_class(tree, overview, _LINE_NUMBERS):
        node.decompose()
    if "$url" in source:
        _drop_template_marks(overview, source)
    return overview


def _resolve_rare(tree: LexborHTMLParser, overview: Overview, page: Page, *, typeset: bool) -> None:
    if "noscript" in overview.names:
        restore_hidden_by_noscript(tree)
    if typeset or overview.names & _FORMULAS:
        settle_formulas(tree)
    if overview.names & _FRAMES:
        link_embeds(tree, page)
    if "input" in overview.names:
        _draw_checkboxes(tree)
    if "textarea" in overview.names:
        _restore_code(tree)


def _drop_template_marks(overview: Overview, source: str) -> None:
    """Remove the paragraphs that an exporter should have replaced by the post's address."""
    left = source.count("$url")
    for node, _ in overview.of("p"):
        if not left:
            return
        if node.text().strip() == "$url":
            node.decompose()
            left -= 1


def _draw_checkboxes(tree: LexborHTMLParser) -> None:
    """Replace the boxes of a task list by characters."""
    for node in tree.css('li input[type="checkbox" i]'):
        box = "☑" if "checked" in node.attributes else "☐"
        after = node.next.text_content if node.next is not None else None
        node.replace_with(box if (after or "")[:1].isspace() else f"{box} ")


def _restore_code(tree: LexborHTMLParser) -> None:
    """Replace text fields, in which old highlighters kept code, by ``<pre>``."""
    for node in tree.css("textarea[class], textarea[name=code]"):
        code = LexborHTMLParser("<pre></pre>", is_fragment=True).css_first("pre")
        if code is not None:
            code.insert_child(node.text())
            node.replace_with(code)


def _settle_addresses(tree: LexborHTMLParser, overview: Overview, page: Page) -> None:
    links = [entry for entry in reversed(overview.of("a")) if is_in(tree, entry[0])]
    targets = {
        unquote(fragment)
        for node, attributes in links
        if (href := attributes.get("href"))
        and "#" in href
        and (fragment := page.own_fragment(href))
        and not _is_bare(node)
    }
    for node, attributes in reversed(overview.of("img")):
        if is_in(tree, node):
            settle_picture(node, attributes, page)
    for name in ("source", "video", "audio"):
        for node, attributes in reversed(overview.of(name)):
            if is_in(tree, node):
                settle_media(node, attributes, page)
    _keep_targets(overview, targets)
    for node, attributes in links:
        _settle_link(node, attributes.get("href"), page)
    for name in ("blockquote", "q", "del", "ins") if "cite" in overview.keys else ():
        for node, attributes in overview.of(name):
            if "cite" in attributes:
                set_or_drop(node, "cite", page.resolve(attributes["cite"] or ""))


def _keep_targets(overview: Overview, targets: set[str]) -> None:
    """Keep an id (or an old `name`, as an id) only if a link in the same body leads to it."""
    marked = zip(overview.nodes, overview.attributes, strict=True)
    for node, attributes in marked if overview.keys & {"id", "name"} else ():
        if "id" in attributes or ("name" in attributes and node.tag == "a"):
            name = attributes.get("id") or (attributes.get("name") if node.tag == "a" else "")
            set_or_drop(node, "id", name if name and unquote(name) in targets else "")


def _settle_link(node: LexborNode, href: str | None, page: Page) -> None:
    address = page.link(href) if href else ""
    if address:
        if "#" in address and page.own_fragment(address) and _is_bare(node):
            node.decompose()
        elif address != href:
            node.attrs["href"] = address
    elif "id" not in node.attrs:
        node.unwrap()
    else:
        set_or_drop(node, "href", "")


def _is_bare(node: LexborNode) -> bool:
    """Return True if a link into the page is only to be copied, such as ``#`` beside a heading."""
    return node.text().strip() in _ANCHOR_SIGNS and node.css_first("img") is None


def _needs_spans(tree: LexborHTMLParser, overview: Overview, source: str) -> bool:
    """Write the directions of text as `dir`. Returns True if a `<span>` has one."""
    turned = "direction" in source and _name_directions(overview)
    return (turned or "dir" in overview.keys) and any(map(_sets_direction, tree.css("span[dir]")))


def _unwrap_unknown(overview: Overview, *, spans: bool) -> None:
    """Replace elements that the sanitiser does not know by their content.

    The sanitiser would do this more slowly, and after empty elements were removed.
    """
    for name in overview.names - TAGS:
        for node, _ in overview.of(name):
            if not (spans and _sets_direction(node)):
                node.unwrap()


def _name_directions(overview: Overview) -> bool:
    """Write the text direction of a style as `dir`. Returns True if there is one."""
    turned = False
    for node, style in overview.having("style"):
        if "dir" not in node.attrs and (direction := _DIRECTION.search(style)):
            node.attrs["dir"] = direction[1].lower()
            turned = True
    return turned


def _sets_direction(node: LexborNode) -> bool:
    """Return True for a `<span>` that sets the direction of its text."""
    return node.tag == "span" and (node.attributes.get("dir") or "").lower() in _DIRECTIONS


def _drop_blank(tree: LexborHTMLParser, overview: Overview, source: str) -> None:
    """Remove empty elements, and elements that are empty afterwards."""
    tags = [places for name, places in overview.places.items() if name not in _MAY_BE_EMPTY]
    blank = [at for places in tags for at in places if _is_vacant(overview.nodes[at])]
    # From the end, so that content before a node soon shows that the parent is not empty.
    for at in sorted(blank, reverse=True):
        node = overview.nodes[at]
        if is_in(tree, node) and not _in_code(node):
            _prune(node)
    if "br" in overview.names or "&nbsp;" in source or "\xa0" in source:
        for node, _ in reversed(overview.of("p")):
            if not node.text().strip() and _has_only_breaks(node) and not _in_code(node):
                parent = node.parent
                node.decompose()
                _prune(parent)


def _has_only_breaks(node: LexborNode) -> bool:
    inside = islice(node.traverse(), 1, None)
    return all(inner.tag in _BREAKS for inner in inside if inner.is_element_node)


def _prune(node: LexborNode | None) -> None:
    """Remove `node` if it is empty, then its parent if that is empty."""
    current = node
    while current is not None and current.tag not in _MAY_BE_EMPTY and _is_vacant(current):
        parent = current.parent
        if current.tag in _BLOCKS or current.first_child is None:
            current.decompose()
        else:
            current.unwrap()  # its white space may separate two words
        current = parent


def _is_vacant(node: LexborNode) -> bool:
    child = node.first_child
    while child is not None:
        if not child.is_empty_text_node and not child.is_comment_node:
            return False
        child = child.next
    return node.tag != "a" or "id" not in node.attrs


def _in_code(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in ("pre", "code"):
            return True
        parent = parent.parent
    return False


def _name_languages(overview: Overview) -> None:
    """Remove all classes except for the language of code (HTML 4.5.15)."""
    for node, attributes in overview.of("code"):
        if "class" in attributes:
            language = _LANGUAGE.search(attributes["class"] or "")
            set_or_drop(node, "class", language[1] if language else "")


def _double_first_line_end(overview: Overview) -> None:
    """Double a line end at the start of a `<pre>`, because the next parser drops one."""
    for pre, _ in overview.of("pre"):
        first = pre.first_child
        if first is not None and (first.text_content or "").startswith("\n"):
            first.insert_before("\n")


def _without_indentation(html: str) -> str:
    """Return the well-formed `html` without indentation and blank lines, except in code."""
    out: list[str] = []
    position = depth = 0
    for tag in _CODE_TAG.finditer(html):
        if depth == 0:
            out.append(_INDENTATION.sub("\n", html[position : tag.start()]))
            position = tag.start()
        depth += -1 if tag[1] else 1
        if depth == 0:
            out.append(html[position : tag.end()])
            position = tag.end()
    out.append(_INDENTATION.sub("\n", html[position:]))
    return "".join(out)
