"""Reduce formulas to readable text. Scripts typeset formulas twice, or as pictures."""

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.text.characters import xml_legal

__all__ = ["settle_formulas"]

_TYPESET = "math, .katex, mjx-container, .MathJax_Preview, .MathJax_Display, .MathJax"
_NO_FORMULA = "p, br, img, pre, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6"
"""Elements that are never in a formula. If one is, an end tag is missing."""
_NEEDS_TEX = re.compile(r"[\\^_{}]")
# A scraped KaTeX formula ends with its source, after glyphs on lines of their own.
_BLANK_LINE = re.compile(r"\n[ \t\u200b]*\n")


def settle_formulas(tree: LexborHTMLParser) -> None:
    """Replace each typeset formula by its TeX source, or else by its text.

    TeX with more than plain letters is written between dollar signs.
    """
    scripts = tree.css('script[type^="math/tex"]')
    for script in scripts:
        script.replace_with(_written(script.text()))
    for node in reversed(tree.css(_TYPESET)):
        if node.css_first(_NO_FORMULA) is not None:
            _open(node)
        elif scripts or "MathJax_Preview" in (node.attributes.get("class") or ""):
            node.decompose()
        elif node.tag in ("math", "mjx-container") or node.css_matches(".katex"):
            node.replace_with(_written(_source(node)))


def _open(node: LexborNode) -> None:
    """Unwrap the elements of a formula that is not closed, to keep the text after it."""
    for child in list(node.iter()):
        if "katex-mathml" in (child.attributes.get("class") or ""):
            child.decompose()
    node.unwrap()


def _source(node: LexborNode) -> str:
    annotation = node.css_first("annotation")
    if annotation is not None:
        return annotation.text()
    if node.tag == "math":
        return node.attributes.get("alttext") or "".join(node.text().split())
    hidden = node.css_first(".katex-mathml")
    if hidden is not None:
        return _BLANK_LINE.split(hidden.text().strip())[-1]
    return _glyphs(node) or " ".join(node.text().split())


def _glyphs(node: LexborNode) -> str:
    """Return the letters of a formula drawn by MathJax, whose glyphs name their characters."""
    codes = [use.attributes.get("data-c") or "" for use in node.css("use[data-c], mjx-c[data-c]")]
    letters = (chr(int(code, 16)) for code in codes if re.fullmatch("[0-9A-Fa-f]{1,5}", code))
    return unicodedata.normalize("NFKC", xml_legal("".join(letters)))


def _written(source: str) -> str:
    text = " ".join(source.split())
    return f"${text}$" if _NEEDS_TEX.search(text) else text
