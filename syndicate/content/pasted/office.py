"""Clean up HTML that was pasted from Word, OneNote and Evernote."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.overview import Overview

__all__ = ["settle_office"]

_RUN = re.compile(r"[ \t\n]*\xa0[ \t\n]*\xa0[\xa0 \t\n]*")
_EVERNOTE = frozenset({"en-crypt", "en-todo"})
_MONOSPACED = re.compile("mono|courier|consol", re.IGNORECASE)
_ISLAND = re.compile(r"<(?:w|o|m):", re.IGNORECASE)


def settle_office(tree: LexborHTMLParser, overview: Overview, source: str) -> bool:
    """Clean up HTML of word processors and notebooks in `tree`. Returns True if there is any.

    `overview` describes the tree, `source` is its HTML. Word's settings and the encrypted parts of
    Evernote's notes are removed. In Word's paragraphs, runs of no-break spaces, which indent and
    align on paper, become one space, except in code.
    """
    of_evernote = bool(overview.names & _EVERNOTE)
    # An <xml> that is not closed contains the whole text.
    if "xml" in overview.names and source.count("<xml") == source.count("</xml>"):
        _drop_settings(tree)
    if of_evernote:
        _settle_evernote(tree)
    if any(name.startswith("Mso") for name in overview.classes):
        _shorten_runs(tree)
    return of_evernote


def _drop_settings(tree: LexborHTMLParser) -> None:
    for node in reversed(tree.css("xml")):
        if _ISLAND.search(node.html or ""):
            node.decompose()


def _settle_evernote(tree: LexborHTMLParser) -> None:
    for node in reversed(tree.css("en-crypt")):
        node.decompose()
    for node in tree.css("en-todo"):
        box = "☑" if (node.attributes.get("checked") or "").lower() == "true" else "☐"
        node.insert_before(f"{box} ")
        node.unwrap()


def _shorten_runs(tree: LexborHTMLParser) -> None:
    paragraphs = {paragraph.mem_id for paragraph in tree.css('[class*="Mso"]')}
    for node in list(tree.root.traverse(include_text=True)) if tree.root is not None else ():
        text = (node.text_content or "") if node.is_text_node else ""
        if "\xa0" in text and _RUN.search(text) and _is_prose(node, paragraphs):
            node.replace_with(_RUN.sub(" ", text))


def _is_prose(node: LexborNode, paragraphs: set[int]) -> bool:
    """Return True if `node` is in one of Word's `paragraphs` and does not look like code."""
    parent = node.parent
    inside = False
    while parent is not None:
        if parent.tag in ("pre", "code") or _MONOSPACED.search(
            parent.attributes.get("style") or ""
        ):
            return False
        inside = inside or parent.mem_id in paragraphs
        parent = parent.parent
    return inside
