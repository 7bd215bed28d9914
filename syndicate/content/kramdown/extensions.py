"""Read kramdown's marks on their own lines: attribute lists, comments, options."""

import re

from syndicate.content.kramdown.attributes import ID, read_attributes
from syndicate.content.kramdown.grammar import IAL_LINE
from syndicate.content.kramdown.reader import Reader
from syndicate.content.kramdown.tree import Attributes, Block

__all__ = ["read_extension"]

_LIST = re.compile(
    rf" {{0,3}}\{{:(?P<name>{ID}):(?P<text>(?:\\\}}|[^}}]){{1,600}})\}}[ \t\r\f\v]*\n"
)
_EXTENSION = re.compile(
    r" {0,3}(?:\{::(?P<name>[a-zA-Z0-9_]+)"
    r"(?:\s(?P<text>(?:\\\}|[^}]){0,600}?))?(?P<closed>/)?\}"
    rf"|(?P<stop>\{{:/(?:{ID})?\}}))[ \t\r\f\v]*\n",
    re.ASCII,
)
_IAL = re.compile(rf" {{0,3}}{IAL_LINE.replace('(?:', '(?P<text>', 1)}")
_DEFINITIONS = ("link", "abbreviation", "footnote")


def read_extension(reader: Reader) -> bool:
    """Read an attribute list or ``{::name …}`` on its own line. Returns False without one."""
    src, pos = reader.src, reader.pos
    if match := _LIST.match(src, pos):
        attributes = reader.references.lists.setdefault(match["name"], Attributes())
        read_attributes(match["text"], attributes)
        reader.add(Block("end", name="list"))
        reader.pos = match.end()
        return True
    if match := _EXTENSION.match(src, pos):
        return _read_named(reader, match)
    if match := _IAL.match(src, pos):
        reader.pos = match.end()
        _put_on(reader, match["text"])
        return True
    return False


def _put_on(reader: Reader, text: str) -> None:
    """Add the list `text` to the block before it, or else to the block after it."""
    last = reader.tree.children[-1] if reader.tree.children else None
    if (
        last is None
        or last.kind == "blank"
        or (last.kind == "end" and last.name not in _DEFINITIONS)
    ):
        reader.next_ial = reader.next_ial or Attributes()
        read_attributes(text, reader.next_ial)
        return
    last.ial = last.ial or Attributes()
    read_attributes(text, last.ial)
    if not _IAL.match(reader.src, reader.pos):
        reader.add(Block("end", name="ial"))


def _read_named(reader: Reader, match: re.Match[str]) -> bool:
    """Read ``{::name …}`` up to its end. Returns False if it is text: unknown or open."""
    name, body, end = match["name"], "", match.end()
    if match["stop"]:
        return False
    if not match["closed"]:
        stop = rf"^ {{0,3}}\{{:/(?:{name})?\}}[ \t\r\f\v]*\n"
        closing = reader.find(re.compile(stop, re.MULTILINE), end)
        if closing is None:
            return False
        body, end = reader.src[end : closing.start()].removesuffix("\n"), closing.end()
    if name not in ("comment", "nomarkdown", "options"):
        return False
    reader.pos = end
    given = Attributes()
    read_attributes(match["text"] or "", given)
    if name == "options":
        reader.set_options(given.values)
        reader.add(Block("end", name="extension"))
    elif name == "nomarkdown" and not match["closed"]:
        wanted = given.values.get("type", "").split()
        kept = not wanted or "html" in wanted
        reader.tree.children.append(Block("html", pieces=[body + "\n"] if kept else []))
    elif name == "comment" and not match["closed"]:
        reader.tree.children.append(Block("comment", text=body))
    return True
