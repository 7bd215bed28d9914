"""Markdown to HTML: CommonMark with GitHub's extensions and what kramdown adds to them.

Guaranteed: never raises for any text without surrogates; code comes out as it went in; HTML in
the Markdown passes through, unclean: nothing here is safe to publish before `clean`.
"""

import re

from pyromark import Options, html

from syndicate.content.autolink import link_addresses
from syndicate.content.fences import outside_code
from syndicate.content.markup import is_html
from syndicate.content.stray_marks import without_marks
from syndicate.model import Kramdown

__all__ = ["to_html"]

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM
)
# A definition has white space behind its colon (kramdown, PHP Markdown Extra, goldmark).
_DEFINITION = re.compile(r"\n[ \t>]*:[ \t]")
_NO_DEFINITION = re.compile(r"^([ >]{0,8}):(?=\S)", re.MULTILINE)
_MATH = re.compile(r'<span class="math math-(inline|display)">([^<]*)</span>')
_PRE = re.compile(
    r"(?P<fence>^[ \t>]*(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=mark)|\Z))|<pre\b.*?</pre>",
    re.DOTALL | re.MULTILINE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_SPACED_LINK = re.compile(
    r"^([^`\n]*?\]\()([^\s()<>\"'](?=[^()<>\"'\n ]* )[^()<>\"'\n]*\.\w{2,5})(\))", re.M
)
_SPACE_IN_LINK = re.compile(r"\]\([^ ()<>\"'\n]*+ [^()<>\"'\n]*+\)")
_NOTE = re.compile(
    r'<div class="footnote-definition" id="(?P<id>[^"]*)">(?:(?!<div|</div>).)*</div>\n', re.DOTALL
)
_NOTE_LINK = re.compile('<a href="#([^"]*)"')
_ALERT = re.compile(r'<blockquote class="markdown-alert-(\w+)">')


def to_html(text: str, grammar: Kramdown | None = None) -> str:
    """The HTML of a Markdown body; of one that is HTML as a whole, the body itself.

    `grammar` holds kramdown's settings where that is the blog's renderer, and its rules are
    followed (`syndicate.content.kramdown`). Otherwise tables, footnotes, definition lists, task
    lists, strikethrough, heading attributes and alerts are rendered, and formulas between ``$$``
    stay as they were written. Bare addresses are linked.
    """
    if is_html(text):
        return text
    if grammar is not None:
        from syndicate.content import kramdown

        return link_addresses(kramdown.to_html(text, grammar), marks=False)
    source = _with_whole_pre(without_marks(text))
    if _SPACE_IN_LINK.search(source):
        source = outside_code(source, _with_encoded_spaces)
    formulas, options = "$$" in source, _OPTIONS
    if formulas:
        options |= Options.ENABLE_MATH
    if _DEFINITION.search(source):
        options |= Options.ENABLE_DEFINITION_LIST
        source = outside_code(source, lambda text: _NO_DEFINITION.sub(r"\1\:", text))
    rendered = html(source, options=options)
    if formulas:
        rendered = _MATH.sub(_formula, rendered)
    return link_addresses(_settled(rendered))


def _with_whole_pre(text: str) -> str:
    """Each `<pre>` that has blank lines on one line, its line ends as character references.

    Within another HTML block a blank line would end the block, and the code with it.
    """
    end = text.rfind("</pre>") + len("</pre>") if "<pre" in text else 0
    if end < len("</pre>") or not _BLANK_LINE.search(text):
        return text
    return _PRE.sub(_on_one_line, text[:end]) + text[end:]


def _on_one_line(match: re.Match[str]) -> str:
    block = match[0]
    # At the start of a line, after a blank one, Markdown leaves it alone by itself.
    alone = match.start() == 0 or match.string.endswith("\n\n", 0, match.start())
    if alone or match["fence"] or not _BLANK_LINE.search(block):
        return block
    return block.replace("\n", "&#10;")


def _with_encoded_spaces(text: str) -> str:
    """Links to files with spaces in their names, which only kramdown takes as they are."""
    return _SPACED_LINK.sub(lambda m: m[1] + m[2].replace(" ", "%20") + m[3], text)


def _formula(match: re.Match[str]) -> str:
    fence = "$$" if match[1] == "display" else "$"
    return f"{fence}{match[2]}{fence}"


def _settled(rendered: str) -> str:
    """What the renderer says in classes and styles, said in HTML that outlives the cleaning."""
    if "text-align" in rendered:
        rendered = re.sub(r'(<t[hd]) style="text-align: (\w+)"', r'\1 align="\2"', rendered)
    if "footnote-" in rendered:
        rendered = _with_notes_last(rendered)
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


def _with_notes_last(rendered: str) -> str:
    """Footnotes at the end, where readers look for them; those that nothing refers to are out."""
    named = set(_NOTE_LINK.findall(rendered))
    notes = [note[0] for note in _NOTE.finditer(rendered) if note["id"] in named]
    return _NOTE.sub("", rendered) + "".join(notes)


def _alert(match: re.Match[str]) -> str:
    return f"<blockquote>\n<p><strong>{match[1].capitalize()}</strong></p>"
