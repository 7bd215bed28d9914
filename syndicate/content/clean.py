"""A body's HTML made fit to leave: nothing hidden, nothing that runs, every address absolute.

One parse, edits on the tree, and the allow-list of `sanitise` as the last word. Guaranteed: never
raises for any text; the result is well-formed, and cleaning it again changes nothing; the text of
`<pre>` and `<code>` is the one that came in, save what XML forbids.
"""

import re
from itertools import islice
from urllib.parse import unquote

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.body_addresses import Page, set_or_drop
from syndicate.content.bounds import bounded
from syndicate.content.embeds import link_embeds
from syndicate.content.formulas import settle_formulas
from syndicate.content.hidden import drop_hidden
from syndicate.content.lazy_pictures import restore_hidden_by_noscript
from syndicate.content.overview import Overview, by_class, overview, stands_in
from syndicate.content.pasted import drop_labels, drop_names_of_files, settle_tree
from syndicate.content.pictures import first_picture, settle_media, settle_picture, spread_policy
from syndicate.content.repeated_titles import drop_repeated_title
from syndicate.content.sanitise import TAGS, sanitise
from syndicate.files.attachments import Attachments
from syndicate.model import Image
from syndicate.text.characters import xml_legal

__all__ = ["Cleaned", "clean"]

# fmt: off
_NOT_FOR_READING = frozenset({
    "script", "style", "link", "meta", "base", "title", "svg", "template", "param", "map", "area",
    "canvas", "noembed", "noframes", "input", "select", "datalist", "button", "textarea",
})
# fmt: on
# They stand beside code and would be read as part of it.
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
# A character that is written as its number, unless the number surely is that of a legal one.
_ODD_REFERENCE = re.compile(
    r"&#(?!(?:3[2-9]|[4-9]\d|[1-9]\d{2,3}|[1-4]\d{4})(?!\d)"
    r"|[xX](?:[2-9a-fA-F][\da-fA-F]|[1-9a-fA-F][\da-fA-F]{2}|[1-9a-cA-C][\da-fA-F]{3})(?![\da-fA-F]))",
    re.ASCII,
)


class Cleaned(Struct, frozen=True):
    """Clean HTML and the first real picture in it."""

    html: str
    image: Image | None = None


def clean(
    html: str, *, page: str, base: str, title: str = "", attachments: Attachments | None = None
) -> Cleaned:
    """The body `html` of the post at `page`, an absolute address, ready for a feed.

    `base` is the site's address with its base path, without a trailing slash: root-relative
    addresses are put under it. A first heading that only repeats `title` is left out.
    `attachments` find the files that the body refers to.
    """
    source = bounded(xml_legal(html))
    tree = _parsed(source)
    place = Page(page, base, attachments)
    found = _take_out(tree, source, place)
    _settle_addresses(tree, found, place)
    if title:
        drop_repeated_title(tree, found, title)
    spans = _keeps_spans(tree, found, source)
    _unwrap_unknown(found, spans=spans)
    _drop_blank(tree, found, source)
    if found.names & _BESIDE_LABELS:
        drop_labels(tree, source)
    if "figcaption" in found.names:
        drop_names_of_files(tree)
    _name_languages(found)
    image = first_picture(node for node, _ in found.of("img") if stands_in(tree, node))
    _double_first_line_end(found)
    safe = sanitise(tree.html or "", spans=spans)
    while _EMPTY.search(safe):  # two elements that may not nest were parted
        safe = _EMPTY.sub("", safe)
    return Cleaned(html=_without_indentation(safe).strip(), image=image)


def _parsed(source: str) -> LexborHTMLParser:
    """The tree of `source`; what it only referred to by number is XML-legal as well."""
    tree = LexborHTMLParser(source, is_fragment=True)
    if _ODD_REFERENCE.search(source):
        html = tree.html or ""
        legal = xml_legal(html if "\ufffd" in source else html.replace("\ufffd", ""))
        if legal != html:
            return LexborHTMLParser(legal, is_fragment=True)
    return tree


def _take_out(tree: LexborHTMLParser, source: str, page: Page) -> Overview:
    """Take out what is hidden or not for reading; some of it leaves words or a link.

    Return the elements that are left, and perhaps some that were removed.
    """
    found = overview(tree)
    if settle_tree(tree, found, source):
        found = overview(tree)
    drop_hidden(tree, found)
    typeset = bool(by_class(tree, found, _TYPESET))
    if typeset or found.names & _RARE:
        _resolve_rare(tree, overview(tree), page, typeset=typeset)
        found = overview(tree)
    if "meta" in found.names and "referrer" in source:
        spread_policy(tree)
    for name in found.names & _NOT_FOR_READING:
        for node, _ in found.of(name):
            node.decompose()
    for node, attributes in found.of("dialog"):
        if "open" not in attributes:
            node.decompose()
    for node in by_class(tree, found, _LINE_NUMBERS):
        node.decompose()
    if "$url" in source:
        _drop_template_marks(found, source)
    return found


def _resolve_rare(tree: LexborHTMLParser, found: Overview, page: Page, *, typeset: bool) -> None:
    if "noscript" in found.names:
        restore_hidden_by_noscript(tree)
    if typeset or found.names & _FORMULAS:
        settle_formulas(tree)
    if found.names & _FRAMES:
        link_embeds(tree, page)
    if "input" in found.names:
        _draw_checkboxes(tree)
    if "textarea" in found.names:
        _restore_code(tree)


def _drop_template_marks(found: Overview, source: str) -> None:
    """Take out the paragraphs that an exporter meant to fill with the post's address."""
    left = source.count("$url")
    for node, _ in found.of("p"):
        if not left:
            return
        if node.text().strip() == "$url":
            node.decompose()
            left -= 1


def _draw_checkboxes(tree: LexborHTMLParser) -> None:
    """A task list's boxes as the characters that look like them."""
    for node in tree.css('li input[type="checkbox" i]'):
        box = "☑" if "checked" in node.attributes else "☐"
        after = node.next.text_content if node.next is not None else None
        node.replace_with(box if (after or "")[:1].isspace() else f"{box} ")


def _restore_code(tree: LexborHTMLParser) -> None:
    """Old highlighters kept code in a text field: that is no form, but a ``<pre>``."""
    for node in tree.css("textarea[class], textarea[name=code]"):
        code = LexborHTMLParser("<pre></pre>", is_fragment=True).css_first("pre")
        if code is not None:
            code.insert_child(node.text())
            node.replace_with(code)


def _settle_addresses(tree: LexborHTMLParser, found: Overview, page: Page) -> None:
    links = [entry for entry in reversed(found.of("a")) if stands_in(tree, entry[0])]
    targets = {
        unquote(fragment)
        for node, attributes in links
        if (href := attributes.get("href"))
        and "#" in href
        and (fragment := page.own_fragment(href))
        and not _is_bare(node)
    }
    for node, attributes in reversed(found.of("img")):
        if stands_in(tree, node):
            settle_picture(node, attributes, page)
    for name in ("source", "video", "audio"):
        for node, attributes in reversed(found.of(name)):
            if stands_in(tree, node):
                settle_media(node, attributes, page)
    _keep_targets(found, targets)
    for node, attributes in links:
        _settle_link(node, attributes.get("href"), page)
    for name in ("blockquote", "q", "del", "ins") if "cite" in found.keys else ():
        for node, attributes in found.of(name):
            if "cite" in attributes:
                set_or_drop(node, "cite", page.resolve(attributes["cite"] or ""))


def _keep_targets(found: Overview, targets: set[str]) -> None:
    """Keep an id (or an old `name`, as an id) only where a link of the same body points at it."""
    marked = zip(found.nodes, found.attributes, strict=True)
    for node, attributes in marked if found.keys & {"id", "name"} else ():
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
    """Whether a link into the page is only there to be copied, as ``#`` beside a heading is."""
    return node.text().strip() in _ANCHOR_SIGNS and node.css_first("img") is None


def _keeps_spans(tree: LexborHTMLParser, found: Overview, source: str) -> bool:
    """Name the directions of text, and return whether a `<span>` turns it."""
    turned = "direction" in source and _name_directions(found)
    return (turned or "dir" in found.keys) and any(map(_turns_text, tree.css("span[dir]")))


def _unwrap_unknown(found: Overview, *, spans: bool) -> None:
    """Put the content of elements that the sanitiser does not know in their place.

    It would do so itself, but more slowly, and after the empty ones were looked for.
    """
    for name in found.names - TAGS:
        for node, _ in found.of(name):
            if not (spans and _turns_text(node)):
                node.unwrap()


def _name_directions(found: Overview) -> bool:
    """Put the direction of text that a style gives into `dir`, which readers know; True if so."""
    turned = False
    for node, style in found.having("style"):
        if "dir" not in node.attrs and (direction := _DIRECTION.search(style)):
            node.attrs["dir"] = direction[1].lower()
            turned = True
    return turned


def _turns_text(node: LexborNode) -> bool:
    """Whether this is a `<span>` without which text would run the wrong way."""
    return node.tag == "span" and (node.attributes.get("dir") or "").lower() in _DIRECTIONS


def _drop_blank(tree: LexborHTMLParser, found: Overview, source: str) -> None:
    """Take out what has nothing in it, and what that leaves with nothing in it."""
    tags = [places for name, places in found.places.items() if name not in _MAY_BE_EMPTY]
    blank = [at for places in tags for at in places if _is_vacant(found.nodes[at])]
    # From the end on, so that what precedes in a parent soon says that the parent is not vacant.
    for at in sorted(blank, reverse=True):
        node = found.nodes[at]
        if stands_in(tree, node) and not _in_code(node):
            _prune(node)
    if "br" in found.names or "&nbsp;" in source or "\xa0" in source:
        for node, _ in reversed(found.of("p")):
            if not node.text().strip() and _holds_breaks_alone(node) and not _in_code(node):
                parent = node.parent
                node.decompose()
                _prune(parent)


def _holds_breaks_alone(node: LexborNode) -> bool:
    inside = islice(node.traverse(), 1, None)
    return all(inner.tag in _BREAKS for inner in inside if inner.is_element_node)


def _prune(node: LexborNode | None) -> None:
    """Take out `node` if nothing is in it, then its parent if nothing else was."""
    current = node
    while current is not None and current.tag not in _MAY_BE_EMPTY and _is_vacant(current):
        parent = current.parent
        if current.tag in _BLOCKS or current.first_child is None:
            current.decompose()
        else:
            current.unwrap()  # its white space may part two words
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


def _name_languages(found: Overview) -> None:
    """Of all classes keep the one that names a code's language (HTML 4.5.15)."""
    for node, attributes in found.of("code"):
        if "class" in attributes:
            language = _LANGUAGE.search(attributes["class"] or "")
            set_or_drop(node, "class", language[1] if language else "")


def _double_first_line_end(found: Overview) -> None:
    """Where a `<pre>` starts with a line end that is text: the next parser will drop one again."""
    for pre, _ in found.of("pre"):
        first = pre.first_child
        if first is not None and (first.text_content or "").startswith("\n"):
            first.insert_before("\n")


def _without_indentation(html: str) -> str:
    """Well-formed `html` with each line end and white space after it one line end, code aside."""
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
