"""Read kramdown's tables: lines with bars. Header, footer and outer bars are optional."""

import re

from syndicate.content.kramdown.grammar import BLOCK_ELEMENTS, OPEN_TAG, VOID_ELEMENTS, WHITE
from syndicate.content.kramdown.html_blocks import plain_name
from syndicate.content.kramdown.reader import Reader, is_after_boundary, is_before_boundary
from syndicate.content.kramdown.tree import Block

__all__ = ["read_table"]

_BAR = r"(?:\||.*?[^\\\n]\|)"
_TABLE_LINE = re.compile(rf"{_BAR}.*?\n")
_START = re.compile(rf" {{0,3}}(?=\S){_BAR}.*?\n", re.ASCII)
_STARTS_WITH_BAR = re.compile(r"\s*\|", re.ASCII)
_SEPARATOR = re.compile(r"(?P<cells>[+|: \t-]*?-[+|: \t-]*)\n")
_FOOTER = re.compile(r"[+|: \t=]*?=[+|: \t=]*\n")
_ALIGNMENT = re.compile(r"[ \t]?(:?)-+(:?)[ \t]?")
_HAS_BAR = re.compile(_BAR)
_CODE = re.compile(r"<code.*?>.*?</code>")
_TICKS = re.compile("`+")
_TICKS_AND_TAGS = re.compile("`+|<")
_WHITE = frozenset(" \t\r\n\f\v")
_SIDES = {("", ""): "", (":", ""): "left", ("", ":"): "right", (":", ":"): "center"}


def read_table(reader: Reader) -> bool:
    """Read the table at the position. Returns False without one."""
    src, start = reader.src, reader.pos
    if not is_after_boundary(reader) or not _START.match(src, start):
        return False
    table = Block("table")
    if reader.next_ial is not None:
        table.ial = reader.next_ial
    _read_rows(reader, table)
    whole = src[start : reader.pos - 1]
    if not is_before_boundary(reader) or not _has_bar_on_each_line(whole):
        reader.pos = start
        return False
    if not any(part.kind == "tbody" for part in table.children):
        reader.pos = start
        return False
    reader.next_ial = None
    _fill_up(table)
    reader.tree.children.append(table)
    return True


def _read_rows(reader: Reader, table: Block) -> None:
    src, end = reader.src, len(reader.src)
    with_bar = _STARTS_WITH_BAR.match(src, reader.pos) is not None
    if first := _SEPARATOR.match(src, reader.pos):
        reader.pos = first.end()
    rows: list[Block] = []
    footer = False
    while reader.pos < end and (line := _TABLE_LINE.match(src, reader.pos)):
        if separator := _SEPARATOR.match(src, reader.pos):
            if rows and not table.alignment and not footer:
                rows = _add_part(table, "thead", rows)
                table.alignment = [
                    _SIDES[sides] for sides in _ALIGNMENT.findall(separator["cells"])
                ]
            elif rows and not footer:
                rows = _add_part(table, "tbody", rows)
        elif _FOOTER.match(src, reader.pos):
            rows = _add_part(table, "tbody", rows) if rows else rows
            footer = True
        else:
            rows.append(_row(line[0].rstrip(" \t\n"), with_bar=with_bar))
        reader.pos = src.index("\n", reader.pos) + 1
    if rows:
        _add_part(table, "tfoot" if footer else "tbody", rows)


def _add_part(table: Block, kind: str, rows: list[Block]) -> list[Block]:
    table.children.append(Block(kind, children=rows))
    return []


def _row(line: str, *, with_bar: bool) -> Block:
    cells = _cells(line)
    if with_bar and not cells[0].strip(WHITE):
        cells.pop(0)
    if cells and not cells[-1].strip(WHITE):
        cells.pop()
    return Block("tr", children=[Block("td", text=cell.strip(WHITE)) for cell in cells])


def _cells(line: str) -> list[str]:
    """Split the line at its bars, except in code and after a backslash."""
    cells = [""]
    position = 0
    for code in _CODE.finditer(line) if "<code" in line else ():
        _part(line[position : code.start()], cells)
        cells[-1] += code[0]
        position = code.end()
    _part(line[position:], cells)
    return cells


def _part(text: str, cells: list[str]) -> None:
    for code, piece in _code_spans(text) if "`" in text else ((False, text),):
        if code:
            cells[-1] += piece
            continue
        first, *others = re.split(r"(?<!\\)\|", piece)
        cells[-1] += first.replace("\\|", "|")
        cells.extend(other.replace("\\|", "|") for other in others)


def _code_spans(text: str, *, html: bool = False) -> list[tuple[bool, str]]:
    """Return the pieces of `text`, with True for code. If `html`, elements are left out."""
    pieces: list[tuple[bool, str]] = []
    start = position = 0
    missing: set[str] = set()
    tokens = _TICKS_AND_TAGS if html else _TICKS
    while token := tokens.search(text, position):
        position = token.end()
        if token[0] == "<":
            end = _end_of_element(text, token.start(), missing)
            if end:
                pieces.append((False, text[start : token.start()]))
                start = position = end
            continue
        alone = len(token[0]) == 1
        before = text[token.start() - 1 : token.start()]
        if alone and (not before or before in _WHITE) and text[position : position + 1] in _WHITE:
            continue
        end = -1 if token[0] in missing else text.find(token[0], position)
        if end < 0:
            missing.add(token[0])
            continue
        pieces.append((False, text[start : token.start()]))
        start = position = end + len(token[0])
        pieces.append((True, text[token.start() : position]))
    pieces.append((False, text[start:]))
    return pieces


def _end_of_element(text: str, position: int, missing: set[str]) -> int:
    """Return the end of the element or comment at `position`, or 0."""
    if text.startswith("<!--", position):
        return text.find("-->", position) + 3 if "-->" in text[position:] else 0
    tag = OPEN_TAG.match(text, position)
    if tag is None or plain_name(tag["name"]) in BLOCK_ELEMENTS:
        return 0
    name = plain_name(tag["name"])
    if tag["closed"] or name in VOID_ELEMENTS:
        return tag.end()
    end = None
    if name not in missing:
        end = re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE | re.ASCII).search(
            text, tag.end()
        )
    if end is None:
        missing.add(name)
    return end.end() if end else len(text)


def _has_bar_on_each_line(text: str) -> bool:
    """Return True if each line has a bar outside of code and elements."""
    if "`" not in text and "<" not in text:
        return True  # a line without a bar has ended the table
    bar = False
    for code, piece in _code_spans(text, html=True):
        if not piece:
            continue
        lines = piece.split("\n")
        if code:
            if len(lines) > 2 or (len(lines) == 2 and not bar):
                break
            bar = bar and len(lines) < 2
            continue
        if len(lines) > 1 and not bar and not _HAS_BAR.match(lines[0]):
            break
        bar = (bar and len(lines) == 1) or _HAS_BAR.match(lines[-1]) is not None
    return bar


def _fill_up(table: Block) -> None:
    """Give each row as many cells as the longest row."""
    rows = [row for part in table.children for row in part.children]
    columns = max(len(row.children) for row in rows)
    if len(table.children) * columns * len(rows) > 1_000_000:
        return
    for row in rows:
        row.children.extend(Block("td") for _ in range(columns - len(row.children)))
    table.alignment = [*table.alignment, *[""] * columns][:columns]
