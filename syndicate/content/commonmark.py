"""Render Markdown of CommonMark renderers: goldmark, marked, markdown-it, remark and others.

pulldown-cmark renders the Markdown. Settings and habits of the blog's own renderer that
pulldown-cmark does not have are applied before and after it.
"""

import re
from collections.abc import Callable
from functools import cache

from pyromark import Options, html

from syndicate.content.autolink import link_addresses
from syndicate.content.fences import outside_code
from syndicate.content.footnotes import with_notes
from syndicate.content.passthrough import CODE_SPAN, HiddenFormulas
from syndicate.content.theme_marks import without_theme_marks
from syndicate.content.typography import PIECE, flanks, typeset
from syndicate.engines.shared.grammar import CommonMark

__all__ = ["to_html", "with_emoji"]

_OPTIONS = (
    ("tables", Options.ENABLE_TABLES),
    ("strikethrough", Options.ENABLE_STRIKETHROUGH),
    ("task_lists", Options.ENABLE_TASKLISTS),
    ("footnotes", Options.ENABLE_FOOTNOTES),
    ("definitions", Options.ENABLE_DEFINITION_LIST),
    ("heading_attributes", Options.ENABLE_HEADING_ATTRIBUTES),
    ("alerts", Options.ENABLE_GFM),
)
_MATH = re.compile(r'<span class="math math-(inline|display)">([^<]*)</span>')
_COLON = re.compile(r"^( {0,3}(?:>[ \t]?)*):(?=[^\s])", re.MULTILINE)
_ALERT = re.compile(r'<blockquote class="markdown-alert-(\w+)">')
_INDENTED = re.compile(r"(?:\A|\n[ \t]*\n)(?: {4}|\t)[ \t]*\S")
_BROKEN_ALREADY = re.compile(r"(?<!\\)((?:\\\\)*\\)  \n")
_PRE = re.compile(r"^[^`\n]*<pre\b(?s:.*?)</pre\s*>", re.MULTILINE | re.IGNORECASE)
_CODE_ENDS = re.compile(r"(?<=<pre><code>)(?:[^\n<]*  \n|\n)*[^\n<]*(?:\n)?(?=</code></pre>)")
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
# A tag alone on its line beside a line of text. Consecutive lines of tags must stay together.
_OPENING_LINE = re.compile(
    r"^( {0,3}<(?!pre\b)[a-z][\w-]*(?:\s[^<>\n]*)?>)[ \t]*\n(?=[ \t]*[^\s<])", re.MULTILINE
)
_CLOSING_LINE = re.compile(r"(?<=[^>\s]\n)( {0,3}</(?!pre\b)[a-z][\w-]*>)[ \t]*$", re.MULTILINE)
_TAG_BEFORE_TEXT = re.compile(
    r"^( {0,3})(?=</?(?:article|aside|blockquote|center|d[dlt]|div|fig\w+|footer|h[1-6]|header|li"
    r"|main|nav|[ou]l|p|section|summary|t\w+)\b[^<>\n]*>[ \t]*[^\s])",
    re.MULTILINE,
)
_JSX_ALONE = re.compile("<p>\u205f(<[^\n]*>)</p>")
_HEADING = re.compile(r"^( {0,3}#{1,6})(?=[^#\s])", re.MULTILINE)
_EMPHASIS = re.compile(
    rf"{CODE_SPAN}|(?<![*\\])(?P<stars>\*\*?)(?![\s*])(?P<inner>[^*\n]{{1,1000}})(?<!\s)(?P=stars)(?!\*)"
)
_NO_SPACE = "\u205f"
"""Stands for an escaped space. The renderer treats it as white space, and authors do not use it."""
_COVER = 0x10F000
_ESCAPE = re.compile(rf"{CODE_SPAN}|\\\\|\\(?P<sign>[-.'\"~+=()])")
_ESCAPED = re.compile("[\U0010f022-\U0010f07e]")
_ATTRIBUTE = r"(?:[#.][\w:.-]+|[A-Za-z_:][\w:.-]*=(?:\"[^\"\n]*\"|[^\s{}\"',]+))"
_BLOCK_ATTRIBUTES = re.compile(
    rf"^((?: {{0,3}}>[ \t]?){{0,9}}) {{0,3}}\{{[ \t]*{_ATTRIBUTE}(?:[ \t,]+{_ATTRIBUTE})*[ \t]*\}}"
    r"[ \t]*$",
    re.MULTILINE,
)
_TILDES = re.compile(r"(?<![~/])~(?=[^\s~])([^~<]{0,1000}[^\s~<])~(?!~)")
_ESCAPED_SPACE = re.compile(r"(?<!\\)((?:\\\\)*)\\ ")
_SIGNS = {
    "insert": (r"\+\+", "ins"),
    "mark": ("==", "mark"),
    "subscript": ("~", "sub"),
    "superscript": (r"\^", "sup"),
}
_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)
_DESCRIBED = re.compile(r"(?:^|\s)(\S.+)<br />:\s+(\S.+)")


def to_html(text: str, grammar: CommonMark) -> str:
    """Return the HTML of Markdown as the renderer with the settings `grammar` writes it."""
    hidden = HiddenFormulas(grammar.passthrough)
    source = outside_code(text, edit) if (edit := _edits(text, grammar, hidden)) else text
    if not grammar.indented_code and _INDENTED.search(source):
        source = _without_indented_code(source, _options(grammar, formulas=False))
    formulas = grammar.formulas and "$$" in source
    rendered = html(source, options=_options(grammar, formulas=formulas))
    if formulas:
        rendered = _MATH.sub(_formula, rendered)
    result = hidden.restore(_finished(rendered, grammar))
    if _covers_escapes(text, grammar):
        result = _ESCAPED.sub(lambda sign: chr(ord(sign[0]) - _COVER), result)
    return result


def _options(grammar: CommonMark, *, formulas: bool) -> Options:
    options = Options.ENABLE_MATH if formulas else Options(0)
    for name, option in _OPTIONS:
        if getattr(grammar, name):
            options |= option
    if grammar.typography == "pulldown-cmark":
        options |= Options.ENABLE_SMART_PUNCTUATION
    return options


def _edits(text: str, grammar: CommonMark, hidden: HiddenFormulas) -> Callable[[str], str] | None:
    """Return the function that edits the parts of `text` outside code; None without any edit."""
    edits: list[Callable[[str], str]] = []
    if hidden.may_hide(text):
        edits.append(hidden.hide)
    if grammar.definitions and _COLON.search(text):
        edits.append(lambda part: _COLON.sub(r"\1\\:", part))
    if grammar.block_attributes and "}" in text:
        edits.append(lambda part: _BLOCK_ATTRIBUTES.sub(r"\1", part))
    if _covers_escapes(text, grammar):
        edits.append(_with_escapes_covered)
    if grammar.before_commonmark and "*" in text:
        edits.append(_with_free_emphasis)
    if grammar.before_commonmark == "kramed" and "#" in text:
        edits.append(lambda part: _HEADING.sub(r"\1 ", part))
    if grammar.jsx and "<" in text:
        edits.append(_with_jsx)
    if grammar.escaped_space and "\\ " in text:
        edits.append(lambda part: _ESCAPED_SPACE.sub(rf"\1{_NO_SPACE}", part))
    if grammar.breaks and "\n" in text:
        edits.append(_with_breaks)

    def edit(part: str) -> str:
        for step in edits:
            part = step(part)
        return part

    return edit if edits else None


def _with_breaks(part: str) -> str:
    """Add two spaces at each line end, which make a hard break in a paragraph.

    Lines in `<pre>` elements stay unchanged, because the spaces would be visible there.
    """
    end = part.rfind("</pre") + len("</pre>") if "</pre" in part else 0
    if end:
        out, position = [], 0
        for pre in _PRE.finditer(part, 0, end):
            out += [_broken(part[position : pre.start()]), pre[0]]
            position = pre.end()
        return "".join(out) + _broken(part[position:])
    return _broken(part)


def _broken(part: str) -> str:
    broken = part.replace("\n", "  \n")
    return _BROKEN_ALREADY.sub(r"\1\n", broken) if "\\  \n" in broken else broken


def _with_free_emphasis(part: str) -> str:
    """Add invisible white space around emphasis that CommonMark's punctuation rule prevents."""

    def freed(match: re.Match[str]) -> str:
        inner = match["inner"]
        if inner is None or (inner[0].isalnum() and inner[-1].isalnum()):
            return match[0]
        return f"{_NO_SPACE}{match[0]}{_NO_SPACE}"

    return _EMPHASIS.sub(freed, part)


def _with_jsx(part: str) -> str:
    """Make Markdown of text below a tag, and inline HTML of other tags at the start of a line."""
    part = _CLOSING_LINE.sub(r"\n\1\n", _OPENING_LINE.sub(r"\1\n\n", part))
    return _TAG_BEFORE_TEXT.sub(rf"\1{_NO_SPACE}", part)


def _covers_escapes(text: str, grammar: CommonMark) -> bool:
    return "\\" in text and bool(grammar.typography or grammar.single_tilde or grammar.signs)


def _with_escapes_covered(part: str) -> str:
    """Replace escaped signs by private characters, so that later steps do not see the signs."""

    def cover(match: re.Match[str]) -> str:
        return chr(_COVER + ord(match["sign"])) if match["sign"] else match[0]

    return _ESCAPE.sub(cover, part)


def _finished(rendered: str, grammar: CommonMark) -> str:
    if "text-align" in rendered:
        rendered = re.sub(r'(<t[hd]) style="text-align: (\w+)"', r'\1 align="\2"', rendered)
    if grammar.breaks and "<pre><code>" in rendered:
        rendered = _CODE_ENDS.sub(lambda code: code[0].replace("  \n", "\n"), rendered)
    if grammar.description_lists and "<br />\n: " in rendered:
        rendered = _PARAGRAPH.sub(_described, rendered)
    if "footnote-" in rendered:
        rendered = with_notes(rendered, grammar.footnotes)
    if "markdown-alert-" in rendered:
        rendered = _ALERT.sub(_alert, rendered)
    if grammar.emoji:
        rendered = with_emoji(rendered)
    if grammar.theme_marks:
        rendered = _in_text(rendered, lambda text: without_theme_marks(text, grammar.theme_marks))
    for sign in grammar.signs:
        mark, tag = _SIGNS[sign]
        rendered = _between(rendered, _spans(mark), tag)
    if grammar.jsx:
        rendered = _JSX_ALONE.sub(r"\1", rendered)
    if grammar.escaped_space or grammar.before_commonmark or grammar.jsx:
        rendered = rendered.replace(_NO_SPACE, "")
    if grammar.autolinks or grammar.loose:
        rendered = link_addresses(
            rendered,
            marks=grammar.loose,
            scheme=grammar.autolinks or "http",
            mails=not grammar.loose,
        )
    if grammar.typography not in ("", "pulldown-cmark"):
        rendered = typeset(rendered, grammar.typography)
    if grammar.single_tilde and rendered.count("~") > 1:
        flanking = grammar.single_tilde == "flanking"
        rendered = _between(rendered, _TILDES, "del", flanking=flanking)
    return rendered


@cache
def _spans(m: str) -> re.Pattern[str]:
    """Return the pattern of text between two marks."""
    return re.compile(rf"(?<!{m}){m}(?!{m})(?=[^\s<])((?:(?!{m})[^<\n]){{1,1000}}){m}(?!{m})")


def _between(rendered: str, spans: re.Pattern[str], name: str, *, flanking: bool = True) -> str:
    """Put text between two marks into the element `name`, by CommonMark's rule if `flanking`."""

    def put(match: re.Match[str]) -> str:
        text, (start, end) = match.string, match.span()
        before, after = text[start - 1] if start else " ", text[end : end + 1] or " "
        fits = flanks(before, match[1][0])[0] and flanks(match[1][-1], after)[1]
        return f"<{name}>{match[1]}</{name}>" if fits or not flanking else match[0]

    return _in_text(rendered, lambda text: spans.sub(put, text))


def with_emoji(rendered: str) -> str:
    """Return HTML with emoji instead of their codes, except in code."""
    if not _EMOJI.search(rendered):
        return rendered
    from syndicate.content.emoji import with_emoji as signs

    return _in_text(rendered, signs)


def _in_text(rendered: str, edit: Callable[[str], str]) -> str:
    """Return `rendered` with `edit` applied to its text, except in code."""
    out, position = [], 0
    for piece in PIECE.finditer(rendered):
        if piece.start() > position:
            out.append(edit(rendered[position : piece.start()]))
        out.append(piece[0])
        position = piece.end()
    return "".join(out) + edit(rendered[position:])


def _without_indented_code(source: str, options: Options) -> str:
    """Return `source` without the indentation that would turn a paragraph into code."""
    from pyromark import events_with_range

    for _ in range(8):  # each round removes one level of indentation
        data = source.encode()
        starts = [
            place["start"]
            for event, place in events_with_range(source, options=options)
            if isinstance(event, dict) and event.get("Start") == {"CodeBlock": "Indented"}
        ]
        if not starts:
            break
        out, position = [], 0
        for start in starts:
            bare = data.rfind(b"\n", 0, start) + 1
            line = data[bare:start].expandtabs(4)
            rest = data[start:].lstrip(b" \t") if start < len(data) else b""
            kept = line[: max(0, len(line) - 4)] if line.strip() == b"" else data[bare:start]
            out += [data[position:bare], kept]
            position = len(data) - len(rest)
        source = (b"".join(out) + data[position:]).decode()
    return source


def _formula(match: re.Match[str]) -> str:
    fence = "$$" if match[1] == "display" else "$"
    return fence + match[2].replace("  \n", "\n") + fence


def _described(paragraph: re.Match[str]) -> str:
    """Turn a line ``: text`` into the description of the line before it, as Hexo does."""
    inner = paragraph[1].replace("<br />\n", "<br />")
    described, count = _DESCRIBED.subn(r"<dl><dt>\1</dt><dd>\2</dd></dl>", inner, count=1)
    return described if count else paragraph[0]


def _alert(match: re.Match[str]) -> str:
    return f"<blockquote>\n<p><strong>{match[1].capitalize()}</strong></p>"
