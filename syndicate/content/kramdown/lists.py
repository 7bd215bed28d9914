"""Read kramdown's lists: bullets, numbers, task boxes, and definitions."""

import re
from functools import lru_cache
from typing import NamedTuple

from syndicate.content.kramdown.attributes import ID, read_attributes
from syndicate.content.kramdown.grammar import (
    BLANK,
    END_OF_BLOCK,
    IAL_LINE,
    INDENT,
    LAZY_TAG,
    WHITE,
)
from syndicate.content.kramdown.reader import Reader
from syndicate.content.kramdown.tree import Attributes, Block

__all__ = ["DEFINITION_START", "LIST_START", "read_definitions", "read_list"]

LIST_START = r"(?: {0,3}(?:[+*-]|\d+\.)[\t| ].*\n)"
DEFINITION_START = r"(?: {0,3}:[\t| ].*\n)"

_SIGNS = {"ul": r"[+*-]", "ol": r"[0-9]+\.", "dl": ":"}
_LIST = re.compile(LIST_START, re.ASCII)
_BLANK = re.compile(BLANK)
_END = re.compile(END_OF_BLOCK)
_RULE = re.compile(r" {0,3}([*_-])[ \t]*\1[ \t]*\1(?:\1|[ \t])*\n")
_ITEM_IAL = re.compile(
    rf"\s*\{{:(?!(?:{ID})?:|/)(?P<text>(?:\\\}}|[^}}]){{1,600}})\}}\s*", re.ASCII
)
_ONLY_IAL = re.compile(
    rf"(?:\s*\{{:(?!(?:{ID})?:|/)(?:\\\}}|[^}}]){{1,600}}\}}\s*)?\s*\Z", re.ASCII
)
_TABS_FIRST = re.compile(r" *\t")
_LEADING_TABS = re.compile(r"\t+")
_BOX = re.compile(r"\s*\[(?P<mark>[ xX])\]\s+", re.ASCII)
_BOXES = {" ": '<input disabled="" type="checkbox"/> '}
_TICKED = '<input disabled="" type="checkbox" checked=""/> '


class _Lines(NamedTuple):
    """Patterns of the lines that continue an item: indented lines, and lazy ones."""

    indentation: int
    content: re.Pattern[str]
    lazy: re.Pattern[str]
    margin: str


@lru_cache(maxsize=64)
def _start(kind: str, widest: int) -> re.Pattern[str]:
    return re.compile(rf"(?P<mark> {{0,{widest}}}{_SIGNS[kind]})(?P<text>[\t| ].*\n)")


@lru_cache(maxsize=64)
def _lines(indentation: int) -> _Lines:
    fours, rest = divmod(indentation, 4)
    content = rf"(?:{INDENT}{{{fours}}} {{{rest}}}|{INDENT}{{{fours + 1}}}).*\S.*\n"
    lazy = rf"(?! {{0,{min(indentation, 3)}}}(?:{IAL_LINE}|{LAZY_TAG})).*\S.*\n"
    return _Lines(indentation, re.compile(content), re.compile(lazy), " " * indentation)


def _first_line(mark: str, text: str) -> tuple[str, _Lines]:
    """Return the text after the mark of an item, and the patterns of its other lines."""
    indentation = len(mark)
    if _ONLY_IAL.match(text):
        return text.lstrip(WHITE), _lines(4)
    while tabs := _TABS_FIRST.match(text):
        spaces = tabs.end() - 1
        run = _LEADING_TABS.match(text, spaces)
        count = run.end() - spaces if run else 1
        width = 4 - (spaces + indentation) % 4 + (count - 1) * 4
        text = text[:spaces] + " " * width + text[spaces + count :]
    stripped = text.lstrip(WHITE)
    indentation += len(text) - len(text.lstrip(" "))
    return stripped, _lines(min(indentation, 1_000))


def read_list(reader: Reader) -> bool:
    """Read the list at the position. Returns False without one."""
    kind = "ul" if _start("ul", 3).match(reader.src, reader.pos) else "ol"
    if kind == "ol" and not _start("ol", 3).match(reader.src, reader.pos):
        return False
    block = Block(kind)
    if reader.next_ial is not None:
        block.ial, reader.next_ial = reader.next_ial, None
    texts, ended = _read_items(reader, block)
    reader.tree.children.append(block)
    last: Block | None = None
    for item, parts in zip(block.children, texts, strict=True):
        for part in parts:
            reader.read_blocks(reader, item, part)
        last = _settle(block, item, ended=ended)
    if last is not None and not ended:
        reader.tree.children.append(last)
    if reader.options.gfm:
        _tick(block)
    return True


def _read_items(reader: Reader, block: Block) -> tuple[list[list[str]], bool]:
    """Return the texts of the items, split at inner lists; True if ``^`` ended the list."""
    texts: list[list[list[str]]] = []
    start, lines = _start(block.kind, 3), _lines(2)
    nested = blank = ended = False
    src, end = reader.src, len(reader.src)
    while reader.pos < end:
        pos = reader.pos
        if blank and _RULE.match(src, pos):
            break
        if match := _END.match(src, pos):
            reader.pos, ended = match.end(), True
            break
        if match := start.match(src, pos):
            text, lines = _first_line(match["mark"], match["text"])
            item = Block("li")
            block.children.append(item)
            text = _without_ial(item, text)
            start = _start(block.kind, min(lines.indentation - 1, 3))
            nested, blank = _LIST.match(text) is not None, False
            texts.append([[text]])
            reader.pos = match.end()
        elif match := lines.content.match(src, pos) or (
            None if blank else lines.lazy.match(src, pos)
        ):
            nested = _add_line(texts[-1], _untabbed(match[0]), lines, nested=nested)
            blank = False
            reader.pos = match.end()
        elif match := _BLANK.match(src, pos):
            nested = blank = True
            texts[-1][-1].append(match[0])
            reader.pos = match.end()
        else:
            break
    return [["".join(part) for part in parts] for parts in texts], ended


def _add_line(parts: list[list[str]], line: str, lines: _Lines, *, nested: bool) -> bool:
    """Add a line to an item. Returns True if a list within the item has started."""
    indented = line.startswith(lines.margin)
    if indented:
        line = line[len(lines.margin) :]
    if not nested and indented and _LIST.match(line):
        parts.append([])
        nested = True
    elif nested and not indented and _LIST.match(line):
        line = " " * (lines.indentation + 4) + line
    parts[-1].append(line)
    return nested


def _untabbed(line: str) -> str:
    rest = line.lstrip("\t")
    return "    " * (len(line) - len(rest)) + rest


def _without_ial(item: Block, text: str) -> str:
    match = _ITEM_IAL.match(text)
    if match is None:
        return text
    item.ial = item.ial or Attributes()
    read_attributes(match["text"], item.ial)
    return text[match.end() :]


def _settle(block: Block, item: Block, *, ended: bool) -> Block | None:
    """Make the paragraph of a tight item transparent. Returns the blank that ends the item."""
    children = item.children
    if not children:
        return None
    first, is_last = children[0], item is block.children[-1]
    if first.kind == "p" and len(children) >= 2 and children[1].kind == "end" and first.ial:
        del children[1]
    tight = first.kind == "p" and (
        len(children) < 2
        or children[1].kind != "blank"
        or (is_last and len(children) == 2 and not ended)
    )
    if tight and is_last and len(block.children) > 1:
        others = (other.children[0] if other.children else None for other in block.children[:-1])
        tight = any(start is None or start.kind != "p" or start.transparent for start in others)
    if tight:
        if len(children) > 1 and children[1].kind != "blank":
            first.text += "\n"
        first.transparent = True
    return children.pop() if children[-1].kind == "blank" else None


def _tick(block: Block) -> None:
    """Write the boxes of a task list as HTML elements."""
    for item in block.children:
        first = item.children[0] if item.children else None
        if first is None or first.kind != "p":
            continue
        if match := _BOX.match(first.text):
            first.text = _BOXES.get(match["mark"], _TICKED) + first.text[match.end() :]


def read_definitions(reader: Reader) -> bool:
    """Read the definitions at the position. The paragraph before them has their terms."""
    siblings = reader.tree.children
    if not _start("dl", 3).match(reader.src, reader.pos) or not _has_terms(siblings):
        return False
    block = Block("dl")
    reader.next_ial, block.ial = None, reader.next_ial
    terms = siblings.pop()
    loose = terms.kind == "blank"
    if loose:
        terms = siblings.pop()
    for line in terms.text.rstrip("\n").split("\n"):
        term = Block("dt")
        term.text = _without_ial(term, line)
        block.children.append(term)
    block.ial = terms.ial
    last = _read_definitions(reader, block, loose=loose)
    if siblings and siblings[-1].kind == "dl":
        siblings[-1].children.extend(block.children)
    elif len(siblings) >= 2 and siblings[-1].kind == "blank" and siblings[-2].kind == "dl":
        siblings.pop()
        siblings[-1].children.extend(block.children)
    else:
        siblings.append(block)
    if last is not None:
        siblings.append(last)
    return True


def _has_terms(siblings: list[Block]) -> bool:
    if not siblings:
        return False
    if siblings[-1].kind == "p":
        return True
    return (
        len(siblings) >= 2
        and siblings[-1].kind == "blank"
        and siblings[-1].text == "\n"
        and siblings[-2].kind == "p"
    )


def _read_definitions(reader: Reader, block: Block, *, loose: bool) -> Block | None:
    texts: list[tuple[Block, list[str], bool]] = []
    start, lines = _start("dl", 3), _lines(2)
    blank = False
    src, end = reader.src, len(reader.src)
    while reader.pos < end:
        pos = reader.pos
        if match := start.match(src, pos):
            text, lines = _first_line(match["mark"], match["text"])
            item = Block("dd")
            block.children.append(item)
            texts.append((item, [_without_ial(item, text)], loose))
            start = _start("dl", min(lines.indentation - 1, 3))
            loose = blank = False
        elif _END.match(src, pos):
            break
        elif match := lines.content.match(src, pos) or (
            None if blank else lines.lazy.match(src, pos)
        ):
            texts[-1][1].append(_untabbed(match[0]).removeprefix(lines.margin))
            loose = blank = False
        elif match := _BLANK.match(src, pos):
            texts[-1][1].append(match[0])
            loose = blank = True
        else:
            break
        reader.pos = match.end()
    last: Block | None = None
    for item, parts, as_paragraph in texts:
        reader.read_blocks(reader, item, "".join(parts))
        children = item.children
        if not children:
            continue
        last = children.pop() if children[-1].kind == "blank" else None
        if children and children[0].kind == "p" and not as_paragraph:
            if len(children) > 1:
                children[0].text += "\n"
            children[0].transparent = True
    return last
