"""kramdown's own marks, which a CommonMark renderer would leave lying in the text.

Lines that hold nothing but a mark go before rendering (`without_marks`), so that they end a
paragraph or table as kramdown lets them; those within a line go after it, in `autolink`, where
code can be told from text.
"""

import re

from syndicate.content.fences import outside_code

__all__ = ["INLINE_MARK", "without_marks"]

INLINE_MARK = r"(?<=>)\{:[^{}<\n]*\}|\n[ ]*\{:[^{}<\n]*\}(?=\n|<|\Z)|\{::?/?[^{}<\n]*\}(?<=/\})"
"""A span's attribute list (after a tag), a line of attributes within a block, ``{::options /}``."""

_COMMENT_START = re.compile(r"^ {0,3}\{::comment\}", re.M)
_COMMENT_END = re.compile(r"\{:/(?:comment)?\}[ \t]*$", re.M)
# The list that a table of contents replaces is its one item.
_TOC = re.compile(r"^(?:[ \t]*(?:[-*+]|\d+\.)[^\n]*\n)?[ ]{0,3}\{:\s*toc\b[^{}\n]*\}[ \t]*$", re.M)
_LINE = re.compile(r"^ {0,3}(?:>[ \t]?)*\{:[^{}\n]*\}[ \t]*$", re.M)
_EXTENSION = re.compile(r"^ {0,3}\{:(?::(?:nomarkdown|options)\b[^{}\n]*|/[a-z]*)\}", re.M)
_ABBREVIATION = re.compile(r"^ {0,3}\*\[[^\]\n]+\]:[^\n]*$", re.M)
_MARKDOWN_IN = re.compile(
    r"^([ \t]*<[a-zA-Z](?:(?!\smarkdown=)[^<>\n])*)(?<!\s)"
    r"""\s+markdown=(?:"\w*"|'\w*'|\w+)([^<>\n]*>)[ \t]*""",
    re.M,
)
_CLOSING_LINE = re.compile(r"^[ \t]*(</[a-zA-Z][\w-]*>)[ \t]*$", re.M)


def without_marks(text: str) -> str:
    """Markdown `text` without kramdown's block marks; code is left as it is."""
    if "{:" in text or "markdown=" in text or "*[" in text:
        return outside_code(text, _edit)
    return text


def _edit(text: str) -> str:
    if "{:" in text:
        text = _without_comments(text)
        for mark in (_TOC, _EXTENSION, _LINE):
            text = mark.sub("", text)
    if "*[" in text:
        text = _ABBREVIATION.sub("", text)
    if "markdown=" in text and _MARKDOWN_IN.search(text):
        # A blank line after the opening tag is CommonMark's way of asking for Markdown inside.
        text = _MARKDOWN_IN.sub(r"\1\2\n\n", text)
        text = _CLOSING_LINE.sub(r"\n\1\n", text)
    return text


def _without_comments(text: str) -> str:
    out: list[str] = []
    position, end = 0, -1
    for opening in _COMMENT_START.finditer(text):
        if opening.start() < position:
            continue
        if end < opening.end():
            end = text.find("{:/", opening.end())
        if end < 0:
            break
        if closing := _COMMENT_END.match(text, end):
            out.append(text[position : opening.start()])
            position = closing.end()
    return "".join(out) + text[position:]
