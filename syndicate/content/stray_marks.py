"""Remove kramdown's marks, which a CommonMark renderer would show as text.

`without_marks` removes lines with only a mark before rendering, so that they end a paragraph or
table as in kramdown. `autolink` removes marks inside a line after rendering, because only then can
code be told from text.
"""

import re

from syndicate.content.fences import outside_code

__all__ = ["INLINE_MARK", "without_marks"]

INLINE_MARK = r"(?<=>)\{:[^{}<\n]*\}|\n[ ]*\{:[^{}<\n]*\}(?=\n|<|\Z)|\{::?/?[^{}<\n]*\}(?<=/\})"
"""List of a span's attributes (after a tag), a line of a block's attributes, ``{::options /}``."""

_COMMENT_START = re.compile(r"^ {0,3}\{::comment\}", re.M)
_COMMENT_END = re.compile(r"\{:/(?:comment)?\}[ \t]*$", re.M)
# A table of contents replaces the only item of this list.
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
    """Return the Markdown `text` without kramdown's block marks, except in code."""
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
        # A blank line after the opening tag makes CommonMark read Markdown inside.
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
