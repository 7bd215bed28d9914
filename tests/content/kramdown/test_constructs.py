"""Our reader renders each construct with the same words and structure as kramdown."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.kramdown import to_html
from syndicate.engines.jekyll.markdown_settings import read_grammar

HERE = Path(__file__).parent
CONSTRUCTS: list[dict[str, Any]] = json.loads(
    (HERE / "constructs.json").read_text(encoding="utf-8")
)
EXPECTED: dict[str, str] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
KEPT = ("href", "src", "alt", "title")


def structure(html: str) -> list[str]:
    """Return the tags of `html` with their visible attributes, and the words."""
    root = LexborHTMLParser(f"<main>{html}</main>").css_first("main")
    assert root is not None
    return list(_tokens(root, code=False))


def _tokens(node: LexborNode, *, code: bool) -> list[str]:
    if node.is_comment_node:
        return []
    if node.is_text_node:
        text = node.text_content or ""
        return [text.strip("\n")] if code and text.strip() else text.split()
    attributes = {name: node.attributes.get(name) or "" for name in KEPT if name in node.attributes}
    aligned = re.search(r"text-align: (\w+)", node.attributes.get("style") or "")
    if side := node.attributes.get("align") or (aligned[1] if aligned else ""):
        attributes["align"] = side
    if node.tag == "code" and (language := node.attributes.get("class")):
        attributes["class"] = language
    if node.tag == "pre":
        code = True
    children = [
        token for child in node.iter(include_text=True) for token in _tokens(child, code=code)
    ]
    if node.tag in ("span", "input"):  # they hold a class and a box; words and structure stay
        return children
    return [f"<{node.tag} {attributes}>", *children, f"</{node.tag}>"]


def test_each_construct_has_an_expectation() -> None:
    """`regenerate.py` was run after the last change of the constructs."""
    assert [each["name"] for each in CONSTRUCTS] == list(EXPECTED)


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=[each["name"] for each in CONSTRUCTS])
def test_a_construct_is_rendered_as_by_kramdown(construct: dict[str, Any]) -> None:
    """Words and structure are those of kramdown."""
    grammar = read_grammar({"kramdown": construct.get("options", {})})
    assert grammar is not None
    ours = structure(to_html(construct["text"], grammar))
    assert ours == structure(EXPECTED[construct["name"]])
