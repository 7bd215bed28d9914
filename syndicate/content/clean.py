"""A body's HTML made fit to leave: nothing hidden, nothing that runs, every address absolute.

One parse, edits on the tree, and the allow-list of `sanitise` as the last word. Guaranteed: never
raises for any text; the result is well-formed, and cleaning it again changes nothing; the text of
`<pre>` and `<code>` is the one that came in, save what XML forbids.
"""

import re
import unicodedata
from collections import defaultdict
from urllib.parse import unquote

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.attachments import Attachments
from syndicate.content.addresses import Page, set_or_drop
from syndicate.content.bounds import bounded
from syndicate.content.embeds import link_embeds
from syndicate.content.formulas import settle_formulas
from syndicate.content.hidden import drop_hidden
from syndicate.content.lazy_pictures import restore_hidden_by_noscript
from syndicate.content.pasted import drop_labels, drop_names_of_files, settle_tree
from syndicate.content.pictures import (
    first_picture,
    settle_media,
    settle_picture,
    spread_policy,
)
from syndicate.content.sanitise import TAGS, sanitise
from syndicate.model import Image
from syndicate.text import xml_legal

__all__ = ["Cleaned", "clean"]

# fmt: off
_NOT_FOR_READING = frozenset({
    "script", "style", "link", "meta", "base", "title", "svg", "template", "param", "map", "area",
    "canvas", "noembed", "noframes", "input", "select", "datalist", "button", "textarea",
})
# fmt: on
_NOT_SHOWN = (
    "dialog:not([open]),"
    # Line numbers beside code would be read as part of it.
    "td.gutter, .rouge-gutter, .lineno, .linenos, .linenodiv, .hljs-ln-numbers,"
    ".line-numbers-rows, .pre-numbering"
)
_ADDRESSED = {
    **{name: name for name in ("a", "img", "source", "video", "audio")},
    **{name: f"{name}[cite]" for name in ("blockquote", "q", "del", "ins")},
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ANCHOR_SIGNS = frozenset({"", "#", "¶", "§", "🔗", "∞"})
_FORMULAS = frozenset({"math", "mjx-container"})
_TYPESET = "span.katex, span.MathJax, span.MathJax_Preview"
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
_SAYS_NOTHING = frozenset({"span", "font"})
_SETTLED = TAGS | _SAYS_NOTHING | _NOT_FOR_READING | {"-comment"}
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_DIRECTION = re.compile(r"(?:^|;)\s*direction\s*:\s*(rtl|ltr)\b", re.I)
_BLANK = ":blank:not(br, img)"
_HOLDS_A_LOOK = "p:not(:has(:not(br)))"
_LEADING_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[-\s]+")
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
    names = _take_out(tree, source, place)
    if "$url" in source:
        _drop_template_marks(tree)
    _settle_addresses(tree, names, place)
    if title:
        _drop_repeated_title(tree, names, title)
    turned = "direction" in source and _name_directions(tree)
    spans = (turned or "dir=" in source) and any(map(_turns_text, tree.css("span[dir]")))
    _unwrap_unknown(tree, names, spans=spans)
    _drop_blank(tree, source)
    if names & _BESIDE_LABELS:
        drop_labels(tree, source)
    if "figcaption" in names:
        drop_names_of_files(tree)
    if "code" in names:
        _name_languages(tree)
    image = first_picture(tree) if "img" in names else None
    if "pre" in names:
        _double_first_line_end(tree)
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


def _take_out(tree: LexborHTMLParser, source: str, page: Page) -> frozenset[str]:
    """Take out what is hidden or not for reading, or leave in its place what is.

    Gives the names of the elements that are left, and perhaps some more: what is in none of them
    need not be looked for.
    """
    settle_tree(tree, source)
    drop_hidden(tree, source)
    names = _names(tree)
    typeset = ("katex" in source or "MathJax" in source) and tree.css_first(_TYPESET) is not None
    if typeset or names & _RARE:
        _resolve_rare(tree, names, page, formulas=typeset or bool(names & _FORMULAS))
        names = _names(tree)
    if "meta" in names and "referrer" in source:
        spread_policy(tree)
    if unread := names & _NOT_FOR_READING:
        for node in reversed(tree.css(", ".join(unread))):
            node.decompose()
    for node in reversed(tree.css(_NOT_SHOWN)):
        node.decompose()
    return names


def _names(tree: LexborHTMLParser) -> frozenset[str]:
    nodes = tree.root.traverse() if tree.root is not None else ()
    return frozenset(node.tag or "" for node in nodes)


def _resolve_rare(
    tree: LexborHTMLParser, names: frozenset[str], page: Page, *, formulas: bool
) -> None:
    if "noscript" in names:
        restore_hidden_by_noscript(tree)
    if formulas:
        settle_formulas(tree)
    if names & _FRAMES:
        link_embeds(tree, page)
    if "input" in names:
        _draw_checkboxes(tree)
    if "textarea" in names:
        _restore_code(tree)


def _drop_template_marks(tree: LexborHTMLParser) -> None:
    """Take out the paragraphs that an exporter meant to fill with the post's address."""
    for node in tree.css("p"):
        if node.text().strip() == "$url":
            node.decompose()


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


def _settle_addresses(tree: LexborHTMLParser, names: frozenset[str], page: Page) -> None:
    found: dict[str, list[LexborNode]] = defaultdict(list)
    if addressed := ", ".join(_ADDRESSED[name] for name in _ADDRESSED.keys() & names):
        for node in reversed(tree.css(addressed)):
            found[node.tag or ""].append(node)
    hrefs = [node.attributes.get("href") for node in found["a"]]
    targets = {
        unquote(fragment)
        for node, href in zip(found["a"], hrefs, strict=True)
        if href and "#" in href and (fragment := page.own_fragment(href)) and not _is_bare(node)
    }
    for node in found["img"]:
        settle_picture(node, page)
    for node in (*found["source"], *found["video"], *found["audio"]):
        settle_media(node, page)
    for node in tree.css("[id], [name]"):
        _keep_target(node, targets)
    for node, href in zip(found["a"], hrefs, strict=True):
        _settle_link(node, href, page)
    for node in (*found["blockquote"], *found["q"], *found["del"], *found["ins"]):
        set_or_drop(node, "cite", page.resolve(node.attributes.get("cite") or ""))


def _keep_target(node: LexborNode, targets: set[str]) -> None:
    """Keep an id (or an old `name`, as an id) only where a link of the same body points at it."""
    name = node.attributes.get("id") or (node.attributes.get("name") if node.tag == "a" else "")
    set_or_drop(node, "id", name if name and unquote(name) in targets else "")


def _settle_link(node: LexborNode, href: str | None, page: Page) -> None:
    address = page.link(href) if href else ""
    if address:
        if page.own_fragment(address) and _is_bare(node):
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


def _drop_repeated_title(tree: LexborHTMLParser, names: frozenset[str], title: str) -> None:
    headings = [name for name in _HEADINGS if name in names]
    heading = tree.css_first(", ".join(headings)) if headings else None
    if heading is None:
        return
    text = _folded(heading.text())
    titles = map(_folded, {title, _LEADING_DATE.sub("", title, count=1)})
    if text and text in titles and _is_first(heading):
        heading.decompose()


def _is_first(heading: LexborNode) -> bool:
    """Whether no text stands before `heading`."""
    node: LexborNode | None = heading
    while node is not None:
        before = node.prev
        while before is not None:
            if not before.is_comment_node and before.text().strip():
                return False
            before = before.prev
        node = node.parent
    return True


def _folded(text: str) -> str:
    """`text` as one would compare titles: without case, width, white space and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _unwrap_unknown(tree: LexborHTMLParser, names: frozenset[str], *, spans: bool) -> None:
    """Put the content of elements that the sanitiser does not know in their place.

    It would do so itself, but more slowly, and after the empty ones were looked for.
    """
    if names & _SAYS_NOTHING:
        tree.unwrap_tags(["font"] if spans else ["span", "font"])
    if tree.root is None or names <= _SETTLED:
        return
    for node in list(tree.root.traverse()):
        if node.is_element_node and node.tag not in TAGS and not _turns_text(node):
            node.unwrap()


def _name_directions(tree: LexborHTMLParser) -> bool:
    """Put the direction of text that a style gives into `dir`, which readers know; True if so."""
    found = False
    for node in tree.css("[style*=direction i]:not([dir])"):
        if direction := _DIRECTION.search(node.attributes.get("style") or ""):
            node.attrs["dir"] = direction[1].lower()
            found = True
    return found


def _turns_text(node: LexborNode) -> bool:
    """Whether this is a `<span>` without which text would run the wrong way."""
    return node.tag == "span" and (node.attributes.get("dir") or "").lower() in _DIRECTIONS


def _drop_blank(tree: LexborHTMLParser, source: str) -> None:
    """Take out what has nothing in it, and what that leaves with nothing in it."""
    for node in reversed(tree.css(_BLANK)):
        if node.tag not in _MAY_BE_EMPTY and not _in_code(node):
            _prune(node)
    if "<br" in source or "&nbsp;" in source or "\xa0" in source:
        for node in reversed(tree.css(_HOLDS_A_LOOK)):
            if not node.text().strip() and not _in_code(node):
                parent = node.parent
                node.decompose()
                _prune(parent)


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
    if "id" in node.attrs and node.tag == "a":
        return False
    return all(
        child.is_comment_node or child.is_empty_text_node for child in node.iter(include_text=True)
    )


def _in_code(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in ("pre", "code"):
            return True
        parent = parent.parent
    return False


def _name_languages(tree: LexborHTMLParser) -> None:
    """Of all classes keep the one that names a code's language (HTML 4.5.15)."""
    for node in tree.css("code[class]"):
        language = _LANGUAGE.search(node.attributes.get("class") or "")
        set_or_drop(node, "class", language[1] if language else "")


def _double_first_line_end(tree: LexborHTMLParser) -> None:
    """Where a `<pre>` starts with a line end that is text: the next parser will drop one again."""
    for pre in tree.css("pre"):
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
