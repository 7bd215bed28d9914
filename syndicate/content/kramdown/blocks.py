"""Read kramdown's blocks: paragraphs, headings, code, quotations, rules, definitions.

The rules come from the source of kramdown 2.4 and its GFM parser. Guaranteed: never raises; blocks
nest at most `DEEPEST` deep, deeper ones are paragraphs; time is linear in the text.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from syndicate.content.kramdown.attributes import ID
from syndicate.content.kramdown.extensions import read_extension
from syndicate.content.kramdown.grammar import (
    BLANK,
    END_OF_BLOCK,
    IAL_LINE,
    INDENT,
    LAZY_TAG,
    WHITE,
)
from syndicate.content.kramdown.html_blocks import read_html
from syndicate.content.kramdown.links import link_id
from syndicate.content.kramdown.lists import (
    DEFINITION_START,
    LIST_START,
    read_definitions,
    read_list,
)
from syndicate.content.kramdown.plain import PARAGRAPH
from syndicate.content.kramdown.reader import Reader, is_after_boundary, is_before_boundary
from syndicate.content.kramdown.tables import read_table
from syndicate.content.kramdown.tree import Block, Footnote

__all__ = ["read_blocks"]

_LAZY = rf"(?:[ \t\r\f\v]*\n| {{0,3}}{IAL_LINE}|{END_OF_BLOCK}| {{0,3}}{LAZY_TAG})"
_BLANK = re.compile(BLANK)
_CODE_LINES = (
    rf"(?:(?:{BLANK})?(?:^{INDENT}[ \t]*\S.*\n)+"
    rf"(?:^(?! {{0,3}}{IAL_LINE}|{END_OF_BLOCK}| {{0,3}}{LAZY_TAG})[ \t]*\S.*\n)*)*"
)
_CODE = re.compile(_CODE_LINES, re.MULTILINE | re.ASCII)
_LAZY_CODE_LINE = re.compile(r"\n( {0,3}\S)", re.ASCII)
_INDENT = re.compile(rf"^{INDENT}", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(?P<marks>(?P<mark>[~`])(?P=mark){2,})(?P<info>[^\n]*)\n")
_INFO = re.compile(r"[ \t\r\f\v]*(?:(?P<name>\S+?)(?:\?\S*)?)?[ \t\r\f\v]*\Z", re.ASCII)
_QUOTE = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_ATX_GFM = re.compile(r"(?P<level>#{1,6})[\t ]+(?P<text>.*)\n")
_ATX = re.compile(r"(?P<level>#{1,6})[\t ]*(?P<text>[^ \t\n].*)\n")
_SETEXT = re.compile(r" {0,3}(?P<text>[^ \t\n].*)\n(?P<level>[-=])[-=]*[ \t\r\f\v]*\n")
_HEADING_ID = re.compile(r"[\t ]\{#(?P<id>[^\W\d][-\w.:]*)\}\Z")
_CLOSING_HASHES = {True: re.compile(r"[\t ]#+\Z"), False: re.compile(r"(?<!\\)#+\Z")}
_RULE = re.compile(r" {0,3}([*_-])[ \t]*\1[ \t]*\1(?:\1|[ \t])*\n")
_MATH = re.compile(r" {0,3}(?P<escaped>\\)?\$\$")
_MATH_END = re.compile(r"[ \t\r\f\v]*\n")
_FOOTNOTE = re.compile(rf" {{0,3}}\[\^(?P<name>{ID})\]:[ \t\r\f\v]*(?P<text>.*\n)")
_LINK = re.compile(
    r" {0,3}\[(?P<id>[^\n\]]+)\]:[ \t]*(?:<(?P<angled>.*?)>|(?P<bare>[^\n]*?\S[^\n]*?))"
    r"(?:(?:[ \t]*?\n|[ \t]+?)[ \t]*?(?P<mark>[\"'])(?P<title>.+?)(?P=mark))?[ \t]*?\n",
    re.ASCII,
)
# For long addresses, such as the data of a picture: this search is linear, the other is not.
_LONG_LINK = re.compile(
    r" {0,3}\[(?P<id>[^\n\]]+)\]:[ \t]*(?:<(?P<angled>[^>\n]*)>|(?P<bare>\S+))"
    r"(?:[ \t]+(?P<mark>[\"'])(?P<title>[^\n]+)(?P=mark))?[ \t]*\n",
    re.ASCII,
)
_LONGEST_DEFINITION = 2_000
_BROKEN_TITLE = re.compile(r"[ \t]+[\"']")
_ABBREVIATION = re.compile(r" {0,3}\*\[(?P<name>.+?)\]:(?P<text>.*)\n")
_EOB = re.compile(END_OF_BLOCK)
_UNDERLINES = frozenset("-=")


def read_blocks(reader: Reader, parent: Block, text: str | None = None) -> bool:
    """Read blocks into `parent`: from `text`, or from the rest of the reader's text.

    Returns True if the end tag of `parent`, an HTML element, was read.
    """
    if text is not None and reader.depth >= reader.DEEPEST:
        parent.children.append(Block("p", text.strip(WHITE)))
        return False
    outer = reader.enter(parent, text)
    ended = False
    while not ended and reader.pos < len(reader.src):
        ended = _read_block(reader)
    reader.leave(outer)
    return ended


def _read_block(reader: Reader) -> bool:
    """Read the block at the position. Returns True if it was the parent's end tag."""
    src, pos = reader.src, reader.pos
    if src[pos] in WHITE and (blank := _BLANK.match(src, pos)):
        reader.pos = blank.end()
        if not (reader.tree.children and reader.tree.children[-1].kind == "blank"):
            reader.add(Block("blank", text=blank[0]))
        else:
            reader.tree.children[-1].text += blank[0]
        return False
    plain = PARAGRAPH.match(src, pos)
    if plain and not (reader.tree.children and reader.tree.children[-1].kind == "p"):
        reader.pos = plain.end()
        reader.add(Block("p", text=plain[0].rstrip(WHITE)))
        return False
    first = pos
    while first < pos + 3 and src[first] == " ":
        first += 1
    sign = src[first]
    if sign in "\t ":
        return _read_indented(reader, first)
    if sign == "<":
        ended = read_html(reader)
        if ended is not None:
            return ended
    for read in _READERS.get(sign, _NONE):
        if read(reader):
            return False
    end = src.find("\n", pos)
    if src[end + 1 : end + 2] in _UNDERLINES and _read_setext(reader):
        return False
    if sign in "$\\" and _read_math(reader):
        return False
    if src.find("|", pos, end) >= 0 and read_table(reader):
        return False
    for read in _LATE.get(sign, _NONE):
        if read(reader):
            return False
    _read_paragraph(reader)
    return False


def _read_indented(reader: Reader, first: int) -> bool:
    if reader.src[first] == "\t" and first > reader.pos:  # neither code nor paragraph in kramdown
        line = reader.line()
        reader.add(Block("text", text=line))
        return False
    code = _CODE.match(reader.src, reader.pos)
    text = code[0] if code else reader.line()
    reader.pos += len(text) if code else 0
    reader.add(Block("code", text=_INDENT.sub("", _LAZY_CODE_LINE.sub(r" \1", text))))
    return False


@cache
def _end_of_lazy() -> re.Pattern[str]:
    """Return the pattern of lines that end a quotation."""
    return re.compile(rf"^{_LAZY}", re.MULTILINE | re.ASCII)


@cache
def _end_of_paragraph(*, gfm: bool) -> re.Pattern[str]:
    """Return the pattern of lines that end a paragraph."""
    starts = [_LAZY, DEFINITION_START]
    if gfm:
        starts += [LIST_START, r"#{1,6}[\t ]+", " {0,3}>", " {0,3}[~`]{3}"]
    return re.compile(f"^(?:{'|'.join(starts)})", re.MULTILINE | re.ASCII)


def _read_fence(reader: Reader) -> bool:
    opening = _FENCE.match(reader.src, reader.pos)
    if opening is None or (opening["mark"] == "`" and not reader.options.gfm):
        return False
    if not reader.options.gfm and opening.start("marks") > reader.pos:
        return False
    # A fence without an end may still be a shorter fence.
    longest = min(len(opening["marks"]), 100)
    for length in range(longest, 2, -1):
        info = _INFO.match(opening["marks"][length:] + opening["info"])
        if info is None:
            continue
        closing = reader.find(_closing_fence(opening["mark"], length), opening.end())
        if closing is not None:
            reader.pos = closing.end()
            code = Block("code", text=reader.src[opening.end() : closing.start()])
            code.name = info["name"] or ""
            reader.add(code)
            return True
    return False


@lru_cache(maxsize=64)
def _closing_fence(mark: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"^ {{0,3}}{mark}{{{length},}}[ \t\r\f\v]*\n", re.MULTILINE)


def _read_quote(reader: Reader) -> bool:
    text = reader.until(_end_of_lazy())
    quote = reader.add(Block("blockquote"))
    read_blocks(reader, quote, _QUOTE.sub("", text))
    return True


def _read_heading(reader: Reader) -> bool:
    quirk = reader.options.gfm and reader.options.paragraph_end
    heading = (_ATX_GFM if reader.options.gfm else _ATX).match(reader.src, reader.pos)
    if heading is None or not (quirk or is_after_boundary(reader)):
        return False
    text, name = _heading(heading["text"])
    shorter = _CLOSING_HASHES[quirk].sub("", text)
    if shorter != text:
        text = shorter.rstrip(WHITE)
    return bool(text) and _add_heading(reader, heading, text, name)


def _read_setext(reader: Reader) -> bool:
    heading = _SETEXT.match(reader.src, reader.pos)
    if heading is None or not is_after_boundary(reader):
        return False
    text, name = _heading(heading["text"])
    return bool(text) and _add_heading(reader, heading, text, name)


def _heading(text: str) -> tuple[str, str]:
    """Split a heading into its text and the id at its end."""
    text = text.rstrip(WHITE)
    match = _HEADING_ID.search(text) if text.endswith("}") else None
    return (text[: match.start()].rstrip(WHITE), match["id"]) if match else (text, "")


def _add_heading(reader: Reader, match: re.Match[str], text: str, name: str) -> bool:
    level = {"=": 1, "-": 2}.get(match["level"], len(match["level"]))
    reader.pos = match.end()
    heading = reader.add(Block("heading", text=text, level=level))
    if name:
        heading.attributes["id"] = name
    return True


def _read_rule(reader: Reader) -> bool:
    rule = _RULE.match(reader.src, reader.pos)
    if rule is None:
        return False
    reader.pos = rule.end()
    reader.add(Block("hr"))
    return True


def _read_math(reader: Reader) -> bool:
    opening = _MATH.match(reader.src, reader.pos)
    if opening is None or not is_after_boundary(reader):
        return False
    end = reader.index("$$", opening.end())
    if end < 0:
        return False
    line_end = _MATH_END.match(reader.src, end + 2)
    if opening["escaped"]:  # a formula in a paragraph of its own
        reader.pos = opening.end("escaped") if line_end else reader.pos
        return False
    start, reader.pos = reader.pos, line_end.end() if line_end else end + 2
    if is_before_boundary(reader):
        reader.add(Block("math", text=reader.src[opening.end() : end].strip(WHITE)))
        return True
    reader.pos = start
    return False


def _read_footnote(reader: Reader) -> bool:
    match = _FOOTNOTE.match(reader.src, reader.pos)
    if match is None:
        return False
    more = _CODE.match(reader.src, match.end())
    text = match["text"] + (more[0] if more else "")
    reader.pos = match.start("text") + len(text)
    content = Block("footnote")
    read_blocks(reader, content, _INDENT.sub("", text))
    mark = reader.add(Block("end", name="footnote"))
    reader.references.footnotes[match["name"]] = Footnote(content, mark)
    return True


def _read_link(reader: Reader) -> bool:
    long = reader.src.find("\n", reader.pos) - reader.pos > _LONGEST_DEFINITION
    match = (_LONG_LINK if long else _LINK).match(reader.src, reader.pos)
    if match is None or (match["bare"] and _BROKEN_TITLE.search(match["bare"])):
        return False
    reader.pos = match.end()
    mark = reader.add(Block("end", name="link"))
    address = match["bare"] if match["angled"] is None else match["angled"]
    reader.references.links[link_id(match["id"])] = (address, match["title"], mark)
    return True


def _read_abbreviation(reader: Reader) -> bool:
    match = _ABBREVIATION.match(reader.src, reader.pos)
    if match is None:
        return False
    reader.pos = match.end()
    reader.add(Block("end", name="abbreviation"))
    reader.references.abbreviations[match["name"]] = match["text"].strip(WHITE)
    return True


def _read_end(reader: Reader) -> bool:
    match = _EOB.match(reader.src, reader.pos)
    if match is None:
        return False
    reader.pos = match.end()
    reader.add(Block("end"))
    return True


def _read_paragraph(reader: Reader) -> None:
    pos = reader.pos
    gfm = reader.options.gfm and reader.options.paragraph_end
    text = reader.until(_end_of_paragraph(gfm=gfm)).rstrip(WHITE)
    last = reader.tree.children[-1] if reader.tree.children else None
    if last is not None and last.kind == "p":
        broken = reader.src[max(0, pos - 3) : pos] == "  \n"
        last.text += ("  \n" if broken else "\n") + text
    else:
        reader.add(Block("p", text=text.lstrip(WHITE)))


_Read = Callable[[Reader], bool]
_NONE: tuple[_Read, ...] = ()


_READERS: Mapping[str, tuple[_Read, ...]] = {
    "`": (_read_fence,),
    "~": (_read_fence,),
    ">": (_read_quote,),
    "#": (_read_heading,),
    "*": (_read_rule, read_list),
    "-": (_read_rule, read_list),
    "_": (_read_rule,),
    "+": (read_list,),
    **dict.fromkeys("0123456789", (read_list,)),
    ":": (read_definitions,),
}
"""Possible readers of a block by its first character, in kramdown's order."""
_LATE: Mapping[str, tuple[_Read, ...]] = {
    "[": (_read_footnote, _read_link),
    "*": (_read_abbreviation,),
    "{": (read_extension,),
    "^": (_read_end,),
}
