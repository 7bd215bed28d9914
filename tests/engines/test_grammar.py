"""Markdown is rendered as each generator renders it, in words and structure."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.markdown import to_html
from syndicate.content.raw_html import without_html
from syndicate.engines import engines
from syndicate.engines.base import Engine
from syndicate.engines.shared.grammar import CommonMark
from tests.engines.regenerate_grammar import HERE, constructs, lay

VARIANTS: dict[str, Any] = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, dict[str, str | None]] = json.loads(
    (HERE / "expected.json").read_text(encoding="utf-8")
)
DIFFERENCES: dict[str, dict[str, Any]] = json.loads(
    (HERE / "differences.json").read_text(encoding="utf-8")
)
NAMES = {each["text"]: each["name"] for each in constructs()}
KEPT = ("href", "src", "alt", "title")
TRANSPARENT = frozenset({"header", "input", "label", "span"})
WRAPPERS = frozenset({"code", "codehilite", "highlight", "table-container"})
UNSEEN = frozenset({"header-anchor", "headerlink", "sr-only"})
SAME = {"s": "del"}


def structure(html: str) -> list[str]:
    """Return the tags of `html` with their visible attributes, and the words."""
    root = LexborHTMLParser(f"<main>{html}</main>").css_first("main")
    assert root is not None
    return list(_tokens(root))


def _tokens(node: LexborNode) -> Iterator[str]:
    if node.is_comment_node or node.tag in ("link", "script", "style"):
        return
    if node.is_text_node:
        yield from (node.text_content or "").split()
        return
    classes = frozenset((node.attributes.get("class") or "").split())
    if classes & UNSEEN:
        return
    if node.tag == "pre":
        yield f"<pre>{node.text().strip(chr(10))}"
        return
    wraps = node.tag in ("div", "figure") and classes & WRAPPERS
    shown = node.tag not in TRANSPARENT and not wraps
    tag = SAME.get(node.tag or "", node.tag)
    if shown:
        yield f"<{tag}{_attributes(node)}>"
    for child in node.iter(include_text=True):
        yield from _tokens(child)
    if shown:
        yield f"</{tag}>"


def _attributes(node: LexborNode) -> str:
    kept = {name: node.attributes.get(name) or "" for name in KEPT if node.attributes.get(name)}
    aligned = re.search(r"text-align: ?(\w+)", node.attributes.get("style") or "")
    if side := node.attributes.get("align") or (aligned[1] if aligned else ""):
        kept["align"] = side
    plain = {name: " ".join(unquote(value).split()).rstrip("/") for name, value in kept.items()}
    return "".join(f" {name}={value}" for name, value in plain.items())


def engine_of(variant: dict[str, Any], folder: Path) -> Engine:
    lay(folder, variant)
    engine, _ = next(each for each in engines() if each.name == variant["engine"]).load(folder)
    return engine


def differing(name: str, folder: Path) -> dict[str, tuple[str, str]]:
    """Return the constructs that are rendered differently: the generator's HTML, and ours."""
    grammar = engine_of(VARIANTS[name], folder).grammar
    found = {}
    for text, said in EXPECTED.items():
        html = said[name]
        leaves_out = isinstance(grammar, CommonMark) and not grammar.html
        ours = to_html(without_html(text)[0] if leaves_out else text, grammar)
        if text in NAMES and html is not None and structure(ours) != structure(html):
            found[NAMES[text]] = (html, ours)
    return found


def test_what_is_asked_was_answered() -> None:
    """`regenerate_grammar` was run after the last change of the constructs of this folder."""
    own = json.loads((HERE / "constructs.json").read_text(encoding="utf-8"))
    assert {each["text"] for each in own} <= EXPECTED.keys()


@pytest.mark.parametrize("name", VARIANTS)
def test_markdown_is_rendered_as_the_generator_renders_it(name: str, tmp_path: Path) -> None:
    """Only constructs that `differences.json` lists, with the reason, have another structure."""
    known = {each for row in DIFFERENCES.values() for each in row.get(name, ())}
    assert set(differing(name, tmp_path)) == known
