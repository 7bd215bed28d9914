"""Remove or resolve elements that the programs of other sites left in the HTML of a body.

Most are recognised by class names that only these programs write, some by addresses.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.overview import Attributes, Overview, by_class
from syndicate.content.pasted.office import settle_office

__all__ = ["drop_names_of_files", "settle_tree"]

_DROPPED: Mapping[str, str] = {
    **{
        name: f".{name}"
        for name in (
            # cnblogs: toolbars, "View Code", the plus and minus signs of folded code
            "cnblogs_code_toolbar",
            "cnblogs_code_copy",
            "cnblogs_code_collapse",
            "code_img_closed",
            "code_img_opened",
            # CSDN and 51CTO
            "hide-preCode-box",
            "look-more-preCode",
            "hljs-button",
            "operation_box",
            "CopyToClipboard",
            "ViewSource",
            # Juejin
            "copy-code-btn",
            "code-block-extension-header",
            # SegmentFault
            "widget-codetool",
            # WeChat's line numbers
            "code-snippet__line-index",
            # Zhihu: the buttons below an answer, the picture and host of a link card
            "zm-meta-panel",
            "LinkCard-meta",
            "LinkCard-imageCell",
            "LinkCard-image",
            # Medium, Blogger
            "mixtapeImage",
            "blogger-post-footer",
            # GitHub
            "zeroclipboard-container",
        )
    },
    # SyntaxHighlighter, dp.SyntaxHighlighter, Prism, Discuz
    "syntaxhighlighter": ".syntaxhighlighter .toolbar",
    "dp-highlighter": ".dp-highlighter .bar",
    "code-toolbar": ".code-toolbar > .toolbar",
    "viewsource": "span.viewsource",
    "copycode": ".copycode",
    # Medium's exports
    "p-canonical": "footer:has(.p-canonical)",
}
"""Elements to remove, by a class that the body must have."""

_BUTTONS = re.compile(r"copycode\.gif|/OutliningIndicators/")
_CAPTION_OF_NOBODY = re.compile(
    r"(?:image|图片|图片发自简书App|[^\s/]{0,80}\.(?:png|jpe?g|gif|webp|bmp))?", re.IGNORECASE
)
_FIRST_NUMBER = re.compile(r"<td[^<>]*>\s*(?:<(?:p|div|pre|span)[^<>]*>\s*){1,3}1\s*<")
_NUMBER_COLOUR = re.compile(r"color:(?:#008080|rgb\(0,128,128\))")
_SIZED = re.compile(r"^(\S+)\s+=(\d{0,5}%?)x(\d{0,5}%?)$")
_FILE_OF_CODE = re.compile(r"(language-[\w.+#-]*):(?:title=)?(\S[^\n]{0,200})")
_NOT_A_NAME = re.compile(r"(?:no-)?line-numbers\b.*|preview\b.*|collapsed-lines.*|\{.*|v-pre")
_REDIRECTORS: Mapping[str, tuple[str, ...]] = {
    "link.zhihu.com": ("target",),
    "link.jianshu.com": ("t",),
    "links.jianshu.com": ("to",),
    "link.juejin.cn": ("target",),
    "link.juejin.im": ("target",),
    "link.csdn.net": ("target",),
    "gitee.com": ("target",),
    "xie.infoq.cn": ("target",),
    "www.oschina.net": ("url",),
}
"""Hosts of pages that warn before leaving a site, and the parameter with the link's target."""
_REDIRECTED = re.compile(r"\?(?:target|to?|url)=https?(?::|%3[Aa])")
_REDIRECT_PATHS = frozenset({"", "/", "/go", "/link", "/action/GoToLink"})


def settle_tree(tree: LexborHTMLParser, overview: Overview, source: str) -> bool:
    """Remove or resolve in `tree`, whose HTML is `source`, elements of other sites' programs.

    `overview` describes the tree. Returns True if elements were added or changed, not only removed.
    """
    for node in by_class(tree, overview, _DROPPED):
        # otherwise an end tag is missing, and the element contains the code
        if node.css_first("pre") is None:
            node.decompose()
    corrected = [
        node for node, attributes in overview.of("img") if _settle_picture(node, attributes)
    ]
    edits = list(_edits(overview, source))
    for selector, edit in edits:
        for node in reversed(tree.css(selector)):
            edit(node)
    return settle_office(tree, overview, source) or bool(corrected or edits)


def _edits(overview: Overview, source: str) -> Iterator[tuple[str, Callable[[LexborNode], None]]]:
    """Yield the edits that `source` may need, each with the selector of its elements."""
    if any(":" in name for name in overview.classes):
        yield 'code[class*=":"]', _name_file
    for name in sorted(_EDITS.keys() & overview.classes):
        yield _EDITS[name]
    if "td" in overview.names and _FIRST_NUMBER.search(source):
        yield "tr", _drop_numbers_of_lines
    if "a" in overview.names and _REDIRECTED.search(source):
        yield "a[href]", _lead_to_target


def _settle_picture(node: LexborNode, attributes: Attributes) -> bool:
    """Remove a button, or correct the address of a picture. Returns True for the latter."""
    source = attributes.get("src") or ""
    if _BUTTONS.search(source) or (attributes.get("alt") == "复制代码" and ".gif" in source):
        node.decompose()
        return False
    is_sized = " =" in source
    lacks_host = "/img/bV" in source or "/img/bV" in (attributes.get("data-src") or "")
    if is_sized:
        _size(node)
    if lacks_host:
        _give_host(node)
    return is_sized or lacks_host


def _show_folded_code(node: LexborNode) -> None:
    """Show the code that cnblogs shows on a click."""
    if "style" in node.attrs:
        del node.attrs["style"]


def _drop_line_numbers(pre: LexborNode) -> None:
    """Remove the numbers before each line of cnblogs' code if they count 1, 2, 3, …"""
    numbers = [span for span in pre.css("span[style]") if _is_line_number(span)]
    if [span.text().strip() for span in numbers] != [
        str(number) for number in range(1, len(numbers) + 1)
    ]:
        return
    for span in numbers:
        after = span.next
        text = (after.text_content or "") if after is not None and after.is_text_node else ""
        if after is not None and text.startswith(" "):
            after.replace_with(text[1:])
        span.decompose()


def _is_line_number(span: LexborNode) -> bool:
    style = (span.attributes.get("style") or "").replace(" ", "")
    if not _NUMBER_COLOUR.search(style) or not span.text().strip().isdecimal():
        return False
    before = span.prev
    return before is None or before.text(deep=True).endswith("\n")


def _drop_numbers_of_lines(row: LexborNode) -> None:
    """Remove the first of two cells if it counts the lines of code in the second."""
    cells = [node for node in row.iter() if node.tag in ("td", "th")]
    if len(cells) != 2 or cells[1].css_first("pre, code") is None:
        return
    numbers = cells[0].text(separator=" ").split()
    if len(numbers) > 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]:
        cells[0].decompose()


def _drop_unnamed_caption(node: LexborNode) -> None:
    if _CAPTION_OF_NOBODY.fullmatch(node.text().strip()):
        node.decompose()


def drop_names_of_files(tree: LexborHTMLParser) -> None:
    """Remove from `tree` captions of pictures that are only the name of a file."""
    for node in tree.css("figcaption"):
        picture = node.parent.css_first("img") if node.parent is not None else None
        if picture is not None and _CAPTION_OF_NOBODY.fullmatch(node.text().strip()):
            node.decompose()


def _caption_picture(node: LexborNode) -> None:
    """Turn the table in which Blogger puts a picture and its caption into a figure."""
    picture = node.css_first("img")
    caption = node.css_first(".tr-caption")
    if picture is None or caption is None or caption.css_first("table") is not None:
        return
    parent = picture.parent
    shown = parent if parent is not None and parent.tag == "a" else picture
    html = f"<figure>{shown.html}<figcaption>{caption.inner_html}</figcaption></figure>"
    figure = LexborHTMLParser(html, is_fragment=True).css_first("figure")
    if figure is not None:
        node.replace_with(figure)


_EDITS: Mapping[str, tuple[str, Callable[[LexborNode], None]]] = {
    "cnblogs_code_hide": (".cnblogs_code_hide", _show_folded_code),
    "cnblogs_code": (".cnblogs_code pre:not(pre pre)", _drop_line_numbers),
    "image-caption": (".image-caption:not(.image-caption .image-caption)", _drop_unnamed_caption),
    "tr-caption-container": (
        "table.tr-caption-container:not(.tr-caption-container .tr-caption-container)",
        _caption_picture,
    ),
}
"""Edits of the elements that a selector finds, by a class that the body must have."""


def _size(node: LexborNode) -> None:
    """Remove the size from the address of a picture, as CSDN and HackMD write it."""
    match = _SIZED.match((node.attributes.get("src") or "").strip())
    if match is None:
        return
    node.attrs["src"] = match[1]
    for name, value in (("width", match[2]), ("height", match[3])):
        if value.isdecimal() and name not in node.attrs:
            node.attrs[name] = value


def _give_host(node: LexborNode) -> None:
    """Make the address of a picture on SegmentFault absolute."""
    for name in ("src", "data-src"):
        address = node.attributes.get(name) or ""
        if address.startswith("/img/bV"):
            node.attrs[name] = f"https://segmentfault.com{address}"


def _name_file(node: LexborNode) -> None:
    """Show the file name that Qiita and Zenn write after the language of code above the code."""
    match = _FILE_OF_CODE.fullmatch((node.attributes.get("class") or "").strip())
    pre = node.parent
    if match is None or pre is None or pre.tag != "pre" or _NOT_A_NAME.fullmatch(match[2]):
        return
    node.attrs["class"] = match[1]
    html = "<figure><figcaption></figcaption></figure>"
    figure = LexborHTMLParser(html, is_fragment=True).css_first("figure")
    caption = figure.css_first("figcaption") if figure is not None else None
    if figure is not None and caption is not None:
        caption.insert_child(match[2])
        pre.insert_before(figure)


def _lead_to_target(node: LexborNode) -> None:
    """Let a link lead to its target, and not to a page that warns of leaving."""
    href = node.attributes.get("href") or ""
    if not _REDIRECTED.search(href):
        return
    try:
        parts = urlsplit(href)
        names = _REDIRECTORS.get(parts.hostname or "", ())
        given = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return
    target = next((given[name][0] for name in names if name in given), "")
    if parts.path in _REDIRECT_PATHS and target.startswith(("http://", "https://")):
        node.attrs["href"] = target
