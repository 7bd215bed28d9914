"""Render documents of only headings, paragraphs, short lists and fenced code in one pass.

Each pattern is a block that kramdown reads in only one way, whatever is around it. A document with
any other block is left to `blocks`. Most posts are plain.
"""

import re

from syndicate.content.kramdown.html_text import literal, quoted
from syndicate.content.kramdown.simple import simple_spans

__all__ = ["PARAGRAPH", "plain_document"]

# Sets are negated, because a positive set with all of Unicode takes 4 ms to compile.
_LETTER = r"[^\x00-\x20\x23-\x26\x29-\x40\x5b-\x60\x7b-\x7f]"  # or one of "'(!
_LETTER_OR_MARK = r"[^\x00-\x21\x24-\x26\x29-\x40\x5c-\x5f\x7b-\x7f]"  # or one of #`"'([
# Only a paragraph starts like this. A bar would make a table, a bracket and colon a definition.
_START = (
    rf"(?:{_LETTER}|" + r"\*{1,2}(?![\s*\[])|_{1,2}(?![\s_])|`(?!``)|\[(?![^\n]*\]:)"
    r"|\d+(?![\d.])|\d+\.(?![\s|\d]))"
)
_LINE = rf"{_START}[^\n|]*\n"
PARAGRAPH = re.compile(rf"(?:{_LINE})+(?=[ \t]*\n|\Z)", re.ASCII)
"""Lines that can only be a paragraph, if no block is open before them."""
_ITEM = rf" +(?!\[[ xX]\][ \t]){_LINE}"
# A list ends after a blank line, at a line that cannot belong to it.
_END = rf"(?=[ \t]*\n\s*?^{_LETTER_OR_MARK}|\s*\Z)"
_BLOCK = re.compile(
    rf"(?P<text>(?:{_LINE})+)"
    r"|(?:[ \t]*\n)+(?P<blank>)"
    r"|(?P<level>\#{1,6}) +(?P<heading>[^\n]*[^\s#}])[ \t]*\n"
    rf"|(?P<bullets>(?:[*+-]{_ITEM})+){_END}"
    rf"|(?P<numbers>(?:\d+\.{_ITEM})+){_END}"
    r"|```(?P<language>[^\s`?]*)[ \t]*\n(?P<code>(?:(?! {0,3}```)[^\n]*\n)*) {0,3}```+[ \t]*\n",
    re.MULTILINE | re.ASCII,
)
_MARK = re.compile(r"^(?:[*+-]|\d+\.) +", re.MULTILINE)


def plain_document(source: str, *, named: bool = False) -> str | None:
    """Return the HTML of `source`, or None if some block or span of it is not plain.

    Headings that need ids (`named`) are not plain.
    """
    blocks: list[re.Match[str]] = []
    position = 0
    while position < len(source):
        block = _BLOCK.match(source, position)
        if block is None or (named and block.lastgroup == "heading"):
            return None
        if block.lastgroup != "blank":
            blocks.append(block)
        position = block.end()
    out: list[str] = []
    for block in blocks:
        if not _write(block, out):
            return None
    return "".join(out)


def _write(block: re.Match[str], out: list[str]) -> bool:
    """Write `block`. Returns False if its spans are not plain."""
    kind = block.lastgroup
    if kind == "text":
        html = simple_spans(block["text"].rstrip(" \t\n\r\f\v"))
        out.append(f"<p>{html}</p>\n")
    elif kind == "heading":
        html = simple_spans(block["heading"])
        level = len(block["level"])
        out.append(f"<h{level}>{html}</h{level}>\n")
    elif kind == "code":
        language = block["language"]
        named = f' class="language-{quoted(language)}"' if language else ""
        code = literal(block["code"]).removesuffix("\n")
        out.append(f"<pre><code{named}>{code}\n</code></pre>\n")
        return True
    else:
        return _write_list("ul" if kind == "bullets" else "ol", block[kind or 0], out)
    return html is not None


def _write_list(name: str, lines: str, out: list[str]) -> bool:
    out.append(f"<{name}>\n")
    for line in _MARK.sub("", lines).removesuffix("\n").split("\n"):
        html = simple_spans(line.rstrip(" \t\r\f\v"))
        if html is None:
            return False
        out.append(f"<li>{html}</li>\n")
    out.append(f"</{name}>\n")
    return True
