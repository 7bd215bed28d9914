"""Render Markdown to HTML by the rules of the blog's own renderer.

Guaranteed: never raises for text without surrogates; code stays unchanged; HTML in the Markdown is
passed through. The result is not safe to publish before `clean`.
"""

import re

from syndicate.content.autolink import link_addresses
from syndicate.content.fences import outside_code
from syndicate.content.markup import is_html
from syndicate.content.stray_marks import without_marks
from syndicate.engines.shared.grammar import LOOSE, CommonMark, Grammar, PythonMarkdown
from syndicate.model import Kramdown

__all__ = ["open_fences_are_code", "to_html"]

_PRE = re.compile(
    r"(?P<fence>^[ \t>]*(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=mark)|\Z))|<pre\b.*?</pre>",
    re.DOTALL | re.MULTILINE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_SPACED_LINK = re.compile(
    r"^([^`\n]*?\]\()([^\s()<>\"'](?=[^()<>\"'\n ]* )[^()<>\"'\n]*\.\w{2,5})(\))", re.M
)
_SPACE_IN_LINK = re.compile(r"\]\([^ ()<>\"'\n]* [^()<>\"'\n]*\)")


def to_html(text: str, grammar: Grammar | None = None) -> str:
    """Return the HTML of a Markdown body. A body that is HTML as a whole is returned unchanged.

    `grammar` holds the settings of the blog's renderer. If they are unknown (None), kramdown's
    marks and addresses with spaces are also accepted.
    """
    if isinstance(grammar, Kramdown):
        return _by_kramdown(text, grammar)
    if isinstance(grammar, PythonMarkdown):
        return _by_python_markdown(text, grammar)
    from syndicate.content import commonmark  # blogs of Jekyll do not need it

    if grammar is not None and not grammar.loose:
        return commonmark.to_html(text, grammar)
    if is_html(text):
        return text
    source = _with_whole_pre(without_marks(text))
    if _SPACE_IN_LINK.search(source):
        source = outside_code(source, _with_encoded_spaces)
    return commonmark.to_html(source, grammar or LOOSE)


def open_fences_are_code(grammar: Grammar | None) -> bool:
    """Return True if a fence without an end is code up to the end of the text, as in CommonMark."""
    return grammar is None or isinstance(grammar, CommonMark)


def _by_kramdown(text: str, grammar: Kramdown) -> str:
    from syndicate.content import kramdown

    if is_html(text):
        return text
    rendered = link_addresses(kramdown.to_html(text, grammar), marks=False)
    if not grammar.emoji:
        return rendered
    from syndicate.content.commonmark import with_emoji

    return with_emoji(rendered)


def _by_python_markdown(text: str, grammar: PythonMarkdown) -> str:
    from syndicate.content import python_markdown

    try:
        if python_markdown.is_fast(text, grammar):
            rendered = python_markdown.to_html(text, grammar)
            # it uses this character in placeholders, which it sometimes leaves behind
            if "\x03" not in rendered:
                return rendered
    except RecursionError:
        pass
    return to_html(text)


def _with_whole_pre(text: str) -> str:
    """Put each `<pre>` with blank lines on one line, its line ends as character references.

    A blank line would end an HTML block around the `<pre>`, and so the code.
    """
    end = text.rfind("</pre>") + len("</pre>") if "<pre" in text else 0
    if end < len("</pre>") or not _BLANK_LINE.search(text):
        return text
    return _PRE.sub(_on_one_line, text[:end]) + text[end:]


def _on_one_line(match: re.Match[str]) -> str:
    block = match[0]
    # At the start of a line, after a blank line, Markdown keeps the block unchanged.
    alone = match.start() == 0 or match.string.endswith("\n\n", 0, match.start())
    if alone or match["fence"] or not _BLANK_LINE.search(block):
        return block
    return block.replace("\n", "&#10;")


def _with_encoded_spaces(text: str) -> str:
    """Encode the spaces in the targets of links to files, which only kramdown accepts."""
    return _SPACED_LINK.sub(lambda m: m[1] + m[2].replace(" ", "%20") + m[3], text)
