"""Read HTML that starts a block. It ends at its closing tag, also after blank lines.

Its content is HTML, unless the element has ``markdown="1"``.
"""

import re
from typing import Literal

from syndicate.content.kramdown.grammar import (
    ATTRIBUTE,
    BLOCK_MODEL,
    CLOSE_TAG,
    COMMENT,
    INSTRUCTION,
    KNOWN_ELEMENTS,
    NAME,
    OPEN_TAG,
    RAW_MODEL,
    SPAN_ELEMENTS,
    SPAN_MODEL,
    VOID_ELEMENTS,
)
from syndicate.content.kramdown.reader import Reader
from syndicate.content.kramdown.tree import Block

__all__ = ["attributes_of", "escaped", "markdown_model", "plain_name", "read_html"]

Model = Literal["raw", "block", "span"]

_START = re.compile(rf" {{0,3}}(?=<(?:{NAME}|!--|/))")
_REST_OF_LINE = re.compile(r"[ \t]*\n")
_MARK = re.compile(rf"<(?:{NAME}|/|!--|\?)")
_REFERENCE = re.compile(r"&(?![a-zA-Z0-9_:][-a-zA-Z0-9_:.]*;|#\d+;|#x[0-9a-fA-F]+;)", re.ASCII)
_MARKDOWN = re.compile(r"\s+markdown\s*=\s*(?:\w+|\"[^\"]*\"|'[^']*')", re.IGNORECASE | re.ASCII)


def read_html(reader: Reader) -> bool | None:
    """Read the HTML at the position: None without any, True for the parent's end tag."""
    start = _START.match(reader.src, reader.pos)
    if start is None:
        return None
    src, pos = reader.src, start.end()
    if src.startswith("<!--", pos) and pos == reader.pos:
        comment_end = reader.index("-->", pos + 4)
        if comment_end >= 0:
            reader.tree.children.append(Block("html", pieces=[src[pos : comment_end + 3], "\n"]))
            rest = _REST_OF_LINE.match(src, comment_end + 3)
            reader.pos = rest.end() if rest else comment_end + 3
            return False
        return None
    if tag := OPEN_TAG.match(src, pos):
        if tag["name"].lower() in SPAN_ELEMENTS:
            return None
        reader.pos = tag.end()
        _read_element(reader, tag)
        return False
    if tag := CLOSE_TAG.match(src, pos):
        parent = reader.tree
        if parent.kind == "element" and parent.name == tag["name"].lower():
            reader.pos = tag.end()
            return True
    return None


def plain_name(name: str) -> str:
    """Return an element's name, in lower case if it is an element of HTML."""
    return name.lower() if name.lower() in KNOWN_ELEMENTS else name


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes in the `text` of a start tag. The last of equal names counts."""
    return {
        match["name"].lower(): match["bare"] or match["value"] or ""
        for match in ATTRIBUTE.finditer(text)
    }


def escaped(text: str) -> str:
    """Return `text` as HTML. Character references in it stay."""
    if "&" in text:
        text = _REFERENCE.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def markdown_model(name: str, value: str | None) -> Model | None:
    """Return the content model of an element with the attribute ``markdown``; None without one."""
    if value == "0":
        return "raw"
    if value == "1":
        return default_model(name)
    return "block" if value == "block" else "span" if value == "span" else None


def default_model(name: str) -> Model:
    """Return the content model of the element `name` if its content is Markdown."""
    if name in RAW_MODEL:
        return "raw"
    return "block" if name in BLOCK_MODEL else "span" if name in SPAN_MODEL else "raw"


def _read_element(reader: Reader, tag: re.Match[str]) -> None:
    """Read the element that starts with `tag` (just read), and the rest of its last line."""
    block, whole = _element(reader, tag, inside_raw=False)
    if block is None:
        block = reader.add(Block("html"))
        block.pieces.append(_written(tag))
        if not whole:
            _read_raw(reader, block, plain_name(tag["name"]))
        block.pieces.append("\n")
    else:
        reader.add(block)
        if not whole:
            _fill(reader, block)
    if not whole and plain_name(tag["name"]) not in ("script", "style"):
        _skip_line_end(reader)


def _element(reader: Reader, tag: re.Match[str], *, inside_raw: bool) -> tuple[Block | None, bool]:
    """Return the block of an element with Markdown, else None; and True if it is empty."""
    name = plain_name(tag["name"])
    whole = bool(tag["closed"]) or name in VOID_ELEMENTS
    model: Model = "raw"
    if reader.options.parse_block_html and not inside_raw:
        model = default_model(name)
    written = tag["attributes"]
    if "markdown" in written.lower():
        model = markdown_model(name, attributes_of(written).get("markdown")) or model
    if model == "raw" or name in ("script", "style"):
        return None, whole
    attributes = attributes_of(written)
    attributes.pop("markdown", None)
    return Block("element", name=name, model=model, attributes=attributes), whole


def _fill(reader: Reader, block: Block) -> None:
    """Read the content of the element `block`, and its end tag."""
    if block.model == "block":
        _skip_line_end(reader)
        if reader.depth < reader.DEEPEST:
            reader.read_blocks(reader, block)
        return
    end = reader.find(
        re.compile(rf"</{re.escape(block.name)}\s*>", re.IGNORECASE | re.ASCII), reader.pos
    )
    block.text = reader.src[reader.pos : end.start() if end else len(reader.src)]
    reader.pos = end.end() if end else len(reader.src)


def _skip_line_end(reader: Reader) -> None:
    if rest := _REST_OF_LINE.match(reader.src, reader.pos):
        reader.pos = rest.end()


def _written(tag: re.Match[str]) -> str:
    """Return a start tag as written, without the attribute ``markdown``."""
    return _MARKDOWN.sub("", tag[0]) if "markdown" in tag[0] else tag[0]


def _read_raw(reader: Reader, block: Block, name: str) -> None:
    """Read HTML into `block` up to the end tag of the open element `name`."""
    pieces, src = block.pieces, reader.src
    opened: list[str] = []
    if name in ("script", "style"):
        _read_script(reader, pieces, name)
        return
    opened.append(name)
    while opened:
        mark = _MARK.search(src, reader.pos)
        if mark is None:
            pieces.append(escaped(src[reader.pos :]))
            reader.pos = len(src)
            break
        pieces.append(escaped(src[reader.pos : mark.start()]))
        reader.pos = mark.start()
        if not _read_mark(reader, block, opened):
            pieces.append("&lt;")
            reader.pos += 1
    pieces.extend(f"</{name}>" for name in reversed(opened))


def _read_mark(reader: Reader, block: Block, opened: list[str]) -> bool:
    """Read the comment, instruction or tag at the position. Returns False without one."""
    src, pos, pieces = reader.src, reader.pos, block.pieces
    if src.startswith("<!--", pos):
        match = COMMENT.match(src, pos) if reader.index("-->", pos) >= 0 else None
    elif src.startswith("<?", pos):
        match = INSTRUCTION.match(src, pos) if reader.index("?>", pos) >= 0 else None
    elif match := CLOSE_TAG.match(src, pos):
        if opened[-1] == plain_name(match["name"]):
            opened.pop()
            pieces.append(f"</{plain_name(match['name'])}>")
        else:
            pieces.append(escaped(match[0]))
        reader.pos = match.end()
        return True
    elif match := OPEN_TAG.match(src, pos):
        reader.pos = match.end()
        _read_inner(reader, block, match, opened)
        return True
    if match is None:
        return False
    pieces.append(match[0])
    reader.pos = match.end()
    return True


def _read_inner(reader: Reader, block: Block, tag: re.Match[str], opened: list[str]) -> None:
    name = plain_name(tag["name"])
    inner, whole = _element(reader, tag, inside_raw=True)
    if inner is not None:
        block.pieces.append(inner)
        if not whole:
            _fill(reader, inner)
        return
    block.pieces.append(_written(tag))
    if name in ("script", "style"):
        _read_script(reader, block.pieces, name)
    elif not whole:
        opened.append(name)


def _read_script(reader: Reader, pieces: "list[str | Block]", name: str) -> None:
    end = reader.find(re.compile(rf"</{name}\s*>", re.IGNORECASE | re.ASCII), reader.pos)
    stop = end.start() if end else len(reader.src)
    pieces.append(reader.src[reader.pos : stop])
    pieces.append(f"</{name}>")
    reader.pos = end.end() if end else len(reader.src)
