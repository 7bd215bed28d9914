"""Find the heading at the start of a body, for posts without a title in the header."""

import re

__all__ = ["leading_heading"]

MOST_READ = 8_192
"""Characters of the body that are searched."""

_WORDLESS = re.compile(
    r"\s+"
    r"|<!--.*?-->"
    r"|<!doctype[^<>]*>"
    r"|<(?P<unshown>head|style|script)\b.*?</(?P=unshown)\s*>"
    r"|</?(?!h[1-6]\b)[a-z][^<>]*>"
    r"|!\[[^\[\]\n]{0,300}\]\([^()\n]{0,500}\)"
    r"|(?-i:import)\s[^\n]{0,500}['\"];?[ \t]*(?=\n|\Z)"
    r"|(?-i:export)\s+(?:const|default|function|let)\b[^\n]{0,500}(?=\n|\Z)"
    r"|@?\[\[?_?toc_?\]?\](?:\([^()\n]{0,200}\))?(?=\s|\Z)"
    r"|---[ \t]*\n(?:theme|highlight|title|date|tags|layout|author):[^\n]{0,500}\n"
    r"(?:[^\n]{1,500}\n){0,60}?---[ \t]*(?=\n|\Z)"
    r"|\{%[^\n]{0,500}?%\}"
    r"|\{\{[^\n]{0,500}?\}\}",
    re.I | re.S,
)
"""Text without words that may stand before a title."""
_ATX = re.compile(r"#{1,6}[ \t]+(.*)")
_UNDERLINED = re.compile(r"([^\n]+)\n {0,3}(?:=+|-{2,})[ \t]*(?=\n|\Z)")
_TAGGED = re.compile(r"<h([1-6])(?:\s[^<>]{0,500})?>(.{0,500}?)</h\1\s*>", re.I | re.S)

_INLINE_TAG = re.compile(r"<[^<>]{0,500}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\](?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}]{0,200}\}\s*$")
_CLOSING = re.compile(r"(?:^|[ \t])#+$")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(.{1,300}?)(?<!`)\1(?!`)")
_EMPHASIS = re.compile(
    r"(?<!\\)(?P<stars>\*{1,3}|~~)(?=[^\s*~])(.{1,300}?)(?<=[^\s\\])(?P=stars)"
    r"|(?<![\w\\])(?P<bars>_{1,3})(?=[^\s_])(.{1,300}?)(?<=[^\s\\])(?P=bars)(?!\w)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def leading_heading(body: str) -> str:
    """Return the heading at the start of `body` (Markdown or HTML) as plain text; else empty.

    Comments, pictures, imports and tags without words may stand before the heading.
    """
    text, position = body[:MOST_READ].replace("\r\n", "\n"), 0
    while match := _WORDLESS.match(text, position):
        position = match.end()
    if tagged := _TAGGED.match(text, position):
        return _INLINE_TAG.sub("", tagged[2]).strip()
    indent = text[text.rfind("\n", 0, position) + 1 : position]
    if indent.strip(" ") or len(indent) > 3:
        return ""  # in the middle of a line, or code
    if atx := _ATX.match(text, position):
        return _plain(_CLOSING.sub("", atx[1].strip()))
    underlined = _UNDERLINED.match(text, position)
    is_heading = underlined and text[position] not in "-*>|"
    return _plain(underlined[1]) if underlined and is_heading else ""


def _plain(markdown: str) -> str:
    """Remove the marks of a line of Markdown, except in code spans."""
    line = _ATTRIBUTES.sub("", _LINK.sub(r"\1", markdown[:500]))
    parts = _CODE.split(line)  # text, fence, code, text, …
    shown = (_unmarked(parts[0]), *(
        code.strip() + _unmarked(text) for code, text in zip(parts[2::3], parts[3::3], strict=True)
    ))  # fmt: skip
    return "".join(shown).strip()


def _unmarked(text: str) -> str:
    for _ in range(3):  # emphasis in emphasis
        text = _EMPHASIS.sub(lambda match: match[2] or match[4], text)
    return _ESCAPE.sub(r"\1", text)
