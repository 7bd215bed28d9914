"""Remove content that styles hide from the readers of the page.

The rules are those of CSS: `display: none` hides all descendants; `visibility: hidden` is inherited
until a descendant is `visible`. A wrapper around the whole body that waits for a script to show it,
such as the article of a WeChat page, is not hidden. Guaranteed: time is linear in the nodes.
"""

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.overview import Overview

__all__ = ["drop_hidden"]

_GONE = re.compile(r"(?:^|[;\s])display\s*:\s*none", re.IGNORECASE)
_VISIBILITY = re.compile(r"(?:^|[;\s])visibility\s*:\s*(hidden|visible)", re.IGNORECASE)
_VISIBLE = re.compile(r"visibility\s*:\s*visible")
_WRAPS = frozenset({"div", "section", "article", "main", "center", "body"})
_DEEPEST_WRAPPER = 20
_WECHAT = re.compile(r"(?:^|\s)rich_media_content(?:\s|$)")
_SAYS_NOTHING = frozenset(
    {"-comment", "script", "style", "link", "meta", "base", "title", "template", "noscript", "br",
     "hr", "param"}
)  # fmt: skip
_SHOWS = frozenset({"img", "video", "audio", "iframe", "embed", "object", "svg", "math", "canvas"})


def drop_hidden(tree: LexborHTMLParser, overview: Overview) -> None:
    """Remove the hidden nodes of `tree`, which has this `overview`. Wrappers lose their style."""
    styles = [(node, style.lower()) for node, style in overview.having("style")]
    nodes = [node for node, style in styles if "none" in style or "hidden" in style]
    nodes += [node for node, _ in overview.having("hidden")]
    if not nodes:
        return
    for node in (*_wrappers(tree), *filter(_is_of_wechat, nodes)):
        for name in ("style", "hidden"):
            if name in node.attrs:
                del node.attrs[name]
    inherited = any("visible" in style and _VISIBLE.search(style) for _, style in styles)
    for node in nodes:
        if _is_gone(node) or (not inherited and _visibility(node) == "hidden"):
            node.decompose()
    if inherited:
        _drop_invisible(tree)


def _style(node: LexborNode) -> str:
    return (node.attributes.get("style") or "") if node.is_element_node else ""


def _is_gone(node: LexborNode) -> bool:
    return "hidden" in node.attributes or _GONE.search(_style(node)) is not None


def _visibility(node: LexborNode) -> str:
    match = _VISIBILITY.search(_style(node))
    return match[1].lower() if match else ""


def _is_of_wechat(node: LexborNode) -> bool:
    """Return True if `node` is the article of a WeChat page, which a script makes visible."""
    if _visibility(node) != "hidden" or _is_gone(node):
        return False
    return node.id == "js_content" or bool(_WECHAT.search(node.attributes.get("class") or ""))


def _wrappers(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield the hidden elements that hold all visible content, the outermost first."""
    first = tree.root
    for _ in range(_DEEPEST_WRAPPER):
        shown = list(islice(filter(_shows, _with_next(first)), 2))
        if len(shown) != 1 or shown[0].tag not in _WRAPS:
            return
        first = shown[0].first_child
        hides = _is_gone(shown[0]) or _visibility(shown[0]) == "hidden"
        if hides and any(node.is_element_node and _shows(node) for node in _with_next(first)):
            yield shown[0]


def _with_next(first: LexborNode | None) -> Iterator[LexborNode]:
    node = first
    while node is not None:
        yield node
        node = node.next


def _shows(node: LexborNode) -> bool:
    """Return True if `node` has content to show, ignoring its styles."""
    if node.is_text_node:
        return not node.is_empty_text_node
    if node.tag in _SAYS_NOTHING:
        return False
    return any(
        not inner.is_empty_text_node if inner.is_text_node else inner.tag in _SHOWS
        for inner in node.traverse(include_text=True)
    )


def _drop_invisible(tree: LexborHTMLParser) -> None:
    """Remove the invisible nodes, except for ancestors of visible nodes."""
    if tree.root is None:
        return
    invisible: dict[int, LexborNode] = {}
    kept: set[int] = set()
    for node in tree.root.traverse(include_text=True):
        parent = node.parent
        own = _visibility(node)
        if own == "hidden" or (not own and parent is not None and parent.mem_id in invisible):
            invisible[node.mem_id] = node
            continue
        while parent is not None and parent.mem_id in invisible and parent.mem_id not in kept:
            kept.add(parent.mem_id)
            parent = parent.parent
    for identity, node in reversed(invisible.items()):
        if identity not in kept:
            node.decompose()
