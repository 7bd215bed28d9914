"""Remove labels of buttons that were copied with code: "复制代码", "View Code"."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["drop_labels"]

_ENGLISH = re.compile(r"C(?:opy code|ode(?<=View Code))")
_LABEL = re.compile(
    r"(?:代码解读 ?|登录后)?复制(?:代码)?|代码语言[:：] ?[\w+#.-]{1,20} ?(?:复制)?"
    r"|View Code|Copy code"
)
_BEGINS = ("复制", "代码语言", "View", "Copy")
_BEFORE = re.compile(r"(?:代码解读|登录后)\Z")
_MAY_PRECEDE = frozenset({"", ">", ";", "读", "后"})
"""Character before a label if that is no space: the end of a tag, or one of `_BEFORE`."""
_LONGEST = 200  # characters, most of them white space
_WORD = "复制"
"""An ordinary word too: not a label if it occurs alone only once."""
_MAY_BE_A_BUTTON = frozenset({"a", "b", "div", "em", "i", "p", "span", "strong"})
_NEAR = 4
"""Nodes before or after a label. The name of a language may be between the label and the code."""


def drop_labels(tree: LexborHTMLParser, source: str) -> None:
    """Remove from `tree`, whose HTML is `source`, labels that stand alone beside code."""
    is_there = "复制" in source or "代码语言" in source or _ENGLISH.search(source)
    if tree.root is None or not is_there or not _may_stand_alone(source):
        return
    labels = [
        node
        for node in tree.root.traverse(include_text=True)
        if node.is_text_node and _is_label(node.text_content or "")
    ]
    if not labels:
        return
    code, blocks = _holders(tree, "pre, code, ol, table"), _holders(tree, "pre")
    words = sum(_is_word(text) for text in labels)
    for text in reversed(labels):  # of two labels, only the second is beside the code
        if _is_word(text) and words == 1 and "代码语言" not in source:
            continue
        button = _button(text)
        if button is not None and _is_beside(button, blocks if _is_word(text) else code):
            button.decompose()


def _may_stand_alone(source: str) -> bool:
    """Return True if a text in the HTML `source` may start with a label."""
    for word in _BEGINS:
        start = source.find(word)
        while start >= 0:
            last = source[start - 1 : start]
            if last in _MAY_PRECEDE or last.isspace():
                before = source[max(0, start - _LONGEST) : start].replace("&nbsp;", " ").rstrip()
                before = _BEFORE.sub("", before).rstrip()
                if not before or before.endswith(">"):
                    return True
            start = source.find(word, start + len(word))
    return False


def _is_word(text: LexborNode) -> bool:
    return (text.text_content or "").strip() == _WORD


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_LABEL.fullmatch(" ".join(text.split())))


def _holders(tree: LexborHTMLParser, selector: str) -> frozenset[int]:
    """Return the ids of the elements that `selector` finds, and of their ancestors."""
    holders: set[int] = set()
    for code in tree.css(selector):
        node: LexborNode | None = code
        while node is not None and node.mem_id not in holders:
            holders.add(node.mem_id)
            node = node.parent
    return frozenset(holders)


def _button(text: LexborNode) -> LexborNode | None:
    """Return the outermost element with only `text` in it, or `text` if it has siblings.

    None if `text` is in code, a heading, a list item or a table cell.
    """
    node, parent = text, text.parent
    while parent is not None and parent.tag in _MAY_BE_A_BUTTON and _is_only_child(node, parent):
        node, parent = parent, parent.parent
    is_bare = node is text and parent is not None and parent.tag not in _MAY_BE_A_BUTTON
    return None if is_bare else node


def _is_only_child(node: LexborNode, parent: LexborNode) -> bool:
    return all(
        child.mem_id == node.mem_id or child.is_empty_text_node or child.is_comment_node
        for child in parent.iter(include_text=True)
    )


def _is_beside(node: LexborNode, holders: frozenset[int]) -> bool:
    for step in ("prev", "next"):
        beside: LexborNode | None = node
        for _ in range(_NEAR):
            beside = getattr(beside, step) if beside is not None else None
            if beside is not None and beside.is_element_node:
                if beside.mem_id in holders:
                    return True
                break
    return False
