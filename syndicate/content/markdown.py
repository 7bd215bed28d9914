"""Markdown to HTML: CommonMark with GitHub's extensions and what kramdown adds to them.

Guaranteed: never raises for any text without surrogates; code comes out as it went in; HTML in
the Markdown passes through, unclean: nothing here is safe to publish before `clean`.
"""

import re

from pyromark import Options, html

from syndicate.content.autolink import link_addresses
from syndicate.content.kramdown import without_marks
from syndicate.content.markup import is_html

__all__ = ["to_html"]

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM
    | Options.ENABLE_DEFINITION_LIST
)
_MATH = re.compile(r'<span class="math math-(inline|display)">(.*?)</span>', re.DOTALL)
_ALERT = re.compile(r'<blockquote class="markdown-alert-(\w+)">')


def to_html(text: str) -> str:
    """The HTML of a Markdown body; of one that is HTML as a whole, the body itself.

    Tables, footnotes, definition lists, task lists, strikethrough, heading attributes, alerts and
    bare addresses are rendered. Formulas between ``$$`` stay as they were written.
    """
    if is_html(text):
        return text
    source = without_marks(text)
    formulas = "$$" in source
    rendered = html(source, options=_OPTIONS | Options.ENABLE_MATH if formulas else _OPTIONS)
    if formulas:
        rendered = _MATH.sub(_formula, rendered)
    return link_addresses(_settled(rendered))


def _formula(match: re.Match[str]) -> str:
    fence = "$$" if match[1] == "display" else "$"
    return f"{fence}{match[2]}{fence}"


def _settled(rendered: str) -> str:
    """What the renderer says in classes and styles, said in HTML that outlives the cleaning."""
    if "text-align" in rendered:
        rendered = re.sub(r'(<t[hd]) style="text-align: (\w+)"', r'\1 align="\2"', rendered)
    if "footnote-" in rendered:
        # The prefix that kramdown and goldmark use, so that links reach the page's own notes.
        rendered = rendered.replace(
            '<sup class="footnote-reference"><a href="#',
            '<sup class="footnote-reference"><a href="#fn:',
        ).replace(
            '<div class="footnote-definition" id="', '<div class="footnote-definition" id="fn:'
        )
    if "markdown-alert-" in rendered:
        rendered = _ALERT.sub(_alert, rendered)
    return rendered


def _alert(match: re.Match[str]) -> str:
    return f"<blockquote>\n<p><strong>{match[1].capitalize()}</strong></p>"
