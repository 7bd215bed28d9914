"""Define the patterns of kramdown's blocks and spans: names, tags, attribute lists, lines.

White space, digits and ``\\w`` are ASCII only, as in Ruby. Letters of names are Unicode.
"""

import re

__all__ = [
    "ATTRIBUTE",
    "BLANK",
    "BLOCK_ELEMENTS",
    "BLOCK_MODEL",
    "CLOSE_TAG",
    "COMMENT",
    "END_OF_BLOCK",
    "ENTITY",
    "IAL",
    "IAL_LINE",
    "INDENT",
    "INSTRUCTION",
    "KNOWN_ELEMENTS",
    "LAZY_TAG",
    "NAME",
    "OPEN_TAG",
    "RAW_MODEL",
    "SPACE",
    "SPAN_ELEMENTS",
    "SPAN_MODEL",
    "VOID_ELEMENTS",
    "WHITE",
]

WHITE = " \t\r\n\f\v"
SPACE = r"[ \t\r\n\f\v]"
NAME = r"(?u:(?:[^\W\d][-\w.]*:)?[^\W\d][-\w.]*)"
INDENT = r"(?:\t| {4})"
BLANK = r"(?:[ \t\r\f\v]*\n)+"
END_OF_BLOCK = r"\^[ \t\r\f\v]*\n"

# The end of an attribute list must be within reach, so that each search is short.
IAL = r"\{:(?![:/])(?P<ial>(?:\\\}|[^}]){1,600})\}"
IAL_LINE = IAL.replace("?P<ial>", "?:") + r"[ \t\r\f\v]*\n"

COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
INSTRUCTION = re.compile(r"<\?.*?\?>", re.DOTALL)
OPEN_TAG = re.compile(
    rf"<(?P<name>{NAME})"
    rf"(?P<attributes>(?:{SPACE}+{NAME}(?:{SPACE}*={SPACE}*(?:\w+|\"[^\"]*\"|'[^']*'))?)*)"
    rf"{SPACE}*(?P<closed>/)?>"
)
CLOSE_TAG = re.compile(rf"</(?P<name>{NAME}){SPACE}*>")
ATTRIBUTE = re.compile(
    rf"{SPACE}*(?P<name>{NAME})(?:{SPACE}*={SPACE}*(?:(?P<bare>\w+)|(?P<mark>[\"'])(?P<value>.*?)(?P=mark)))?",
    re.DOTALL,
)
ENTITY = re.compile(r"&(?:([\w:][-\w.:]*)|#(\d+)|#x([0-9a-fA-F]+));", re.ASCII)

# fmt: off
SPAN_ELEMENTS = frozenset({
    "a", "abbr", "acronym", "b", "big", "bdo", "br", "button", "cite", "code", "del", "dfn", "em",
    "i", "img", "input", "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt",
    "rtc", "ruby", "samp", "select", "small", "span", "strong", "sub", "sup", "tt", "u", "var",
})
"""Elements that never start a block."""

BLOCK_ELEMENTS = frozenset({
    "address", "article", "aside", "applet", "body", "blockquote", "caption", "col", "colgroup",
    "dd", "div", "dl", "dt", "fieldset", "figcaption", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hgroup", "hr", "html", "head", "iframe", "legend", "menu", "li", "main",
    "map", "nav", "ol", "optgroup", "p", "pre", "section", "summary", "table", "tbody", "td", "th",
    "thead", "tfoot", "tr", "ul",
})
"""Elements whose tags are shown as text inside a line."""

VOID_ELEMENTS = frozenset({
    "area", "base", "br", "col", "command", "embed", "hr", "img", "input", "keygen", "link", "meta",
    "param", "source", "track", "wbr",
})
BLOCK_MODEL = frozenset({
    "address", "applet", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl",
    "fieldset", "figure", "figcaption", "footer", "form", "header", "hgroup", "iframe", "li",
    "main", "map", "menu", "nav", "noscript", "object", "section", "summary", "td",
})
"""Elements that hold blocks if ``markdown`` is set."""

SPAN_MODEL = frozenset({
    "a", "abbr", "acronym", "b", "bdo", "big", "button", "cite", "caption", "del", "dfn", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "label", "legend", "optgroup", "p", "q",
    "rb", "rbc", "rp", "rt", "rtc", "ruby", "select", "small", "span", "strong", "sub", "sup", "th",
    "tt",
})
RAW_MODEL = frozenset({
    "script", "style", "math", "option", "textarea", "pre", "code", "kbd", "samp", "var",
})
"""Elements whose content is never Markdown."""
# fmt: on
KNOWN_ELEMENTS = (
    SPAN_ELEMENTS | BLOCK_ELEMENTS | VOID_ELEMENTS | BLOCK_MODEL | SPAN_MODEL | RAW_MODEL
)

_NOT_LAZY = "|".join(sorted(SPAN_ELEMENTS | {"script"}))
LAZY_TAG = rf"<(?!/?(?:{_NOT_LAZY})\b)(?:(?u:[^\W\d])|/(?u:[^\W\d][-\w.:]*){SPACE}*>)"
"""Tag that ends a paragraph at the start of a line."""
