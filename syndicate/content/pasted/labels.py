"""Drop the words of buttons that were copied along with code: "复制代码", "View Code"."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["drop_labels"]

_ENGLISH = re.compile(r"C(?:opy code|ode(?<=View Code))")
_LABELS = frozenset({"复制代码", "登录后复制", "代码解读 复制代码", "View Code", "Copy code"})
_MAY_BE_A_BUTTON = frozenset({"a", "b", "div", "em", "i", "p", "span", "strong"})
_NEAR = 4
"""Nodes before or after a label: the name of a language may stand between it and the code."""
_CODE = "pre, code, ol, table"


def drop_labels(tree: LexborHTMLParser, source: str) -> None:
    """Remove from `tree`, whose HTML is `source`, labels that stand alone beside code."""
    if tree.root is None or not ("复制" in source or _ENGLISH.search(source)):
        return
    found = [
        node
        for node in tree.root.traverse(include_text=True)
        if node.is_text_node and " ".join((node.text_content or "").split()) in _LABELS
    ]
    holders = _holders_of_code(tree) if found else frozenset()
    for text in found:
        if (button := _button(text)) is not None and _is_beside_code(button, holders):
            button.decompose()


def _holders_of_code(tree: LexborHTMLParser) -> frozenset[int]:
    """Return the identities of all elements that are code or hold some."""
    holders: set[int] = set()
    for code in tree.css(_CODE):
        node: LexborNode | None = code
        while node is not None and node.mem_id not in holders:
            holders.add(node.mem_id)
            node = node.parent
    return frozenset(holders)


def _button(text: LexborNode) -> LexborNode | None:
    """Return the outermost element that holds nothing but `text`, or `text` in a larger one.

    None if `text` is code, a heading, an item of a list or a cell.
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


def _is_beside_code(node: LexborNode, holders: frozenset[int]) -> bool:
    for step in ("prev", "next"):
        beside: LexborNode | None = node
        for _ in range(_NEAR):
            beside = getattr(beside, step) if beside is not None else None
            if beside is not None and beside.is_element_node:
                if beside.mem_id in holders:
                    return True
                break
    return False
