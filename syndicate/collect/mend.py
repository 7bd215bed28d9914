"""A header that YAML refuses, read the way its author plainly meant it.

The header is cut into blocks, one for each top key with the lines that belong to it. Each block
that YAML refuses on its own is tried in a few other writings, in a fixed order; the first that
YAML accepts wins. A block without such a writing is left out, and its text is kept in
`Mended.unread`, so that marks in it that withhold the post are still seen. Every change is named,
with its line.
"""

import re
from collections.abc import Callable, Iterator

import yaml
from msgspec import Struct

from syndicate.collect.loader import load

__all__ = ["ODD_SPACES", "Mended", "Mending", "mend"]

ODD_SPACES = "\u3000\u00a0\u2002\u2003\u200b\ufeff"
"""Spaces of other keyboards and invisible marks, which to YAML are letters."""

KNOWN_KEYS = (
    "title|subtitle|date|layout|author|authors|tags|tag|categories|category|description|summary|"
    "excerpt|image|cover|permalink|slug|updated|lastmod|draft|published|comments|keywords|toc"
)
"""Keys that are recognised without the space after their colon, or when indented by mistake."""

_TOP = re.compile(r"[^\s#\-:{}\[\]&*!|>%@`?,][^:\n]*:(?=\s|$)|[\"'][^\"'\n]*[\"']:(?=\s|$)")
_UNSPACED = re.compile(rf"({KNOWN_KEYS})(?::(?=\S)|：[ \t]*)(?!//)", re.I)
_INDENTED_KEY = re.compile(rf"[ \t]+((?:{KNOWN_KEYS}):(?:\s|$))", re.I)
_VALUE = re.compile(
    r"((?:[ \t]*- )?[ \t]*(?:[^\s:\"'\[{{#][^:\n]{0,80}:[ \t]+)|[ \t]*- *)(?=\S)(.*)"
)
_ITEM = re.compile(r"([ \t]*- +)(?=\S)(.*)")
_LIST_KEYS = re.compile(r"(?:tags?|categor(?:y|ies)|keywords|topics|authors?|aliases):", re.I)
_EMPTY_VALUE = re.compile(r"([^:\n]+:)[ \t]*(?:\[[ \t]*\]|\"\"|''|~|null)[ \t]*$")
# What libyaml's reader refuses: YAML 1.1 section 5.1, c-printable, inverted.
_CONTROLS = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN = re.compile(r"[^:\n]+:[ \t]+[^\s\[{|>&*!]")
_STRAY = re.compile(r"[^\s#-]")
_MAX_LINES = 2000


class Mending(Struct, frozen=True):
    """What was read as what, on which line (from 1) of the header's text."""

    line: int
    what: str
    cure: str


class Mended(Struct, frozen=True):
    """A header's text that YAML accepts, line for line where the author's was.

    `unread` holds the blocks that were left out, each with its top key first.
    """

    text: str
    mendings: tuple[Mending, ...]
    unread: tuple[str, ...] = ()


def mend(text: str) -> Mended | None:
    """`text`, which YAML refuses, in a writing that it accepts; None where none is plain."""
    clean, mendings = _without_controls(text)
    lines = re.split(r"\r\n|\r|\n", clean)
    if len(lines) > _MAX_LINES:
        return None
    out: list[str] = []
    unread: list[str] = []
    for block in _blocks(lines, mendings):
        out += _readable(block, len(out) + 1, mendings, unread)
    result = "\n".join(out)
    if not any(map(_TOP.match, out)):
        return None
    return Mended(result, tuple(mendings), tuple(unread)) if _loads(result) else None


def _readable(
    block: list[str], first: int, mendings: list[Mending], unread: list[str]
) -> list[str]:
    """Return as many lines as `block`, those that cannot be read as empty ones."""
    mended = _block(block, first, mendings)
    if mended is not None:
        return mended
    # What follows a key's own lines costs it its value only where they cannot be told apart.
    cut = next((i for i, line in enumerate(block) if i and _STRAY.match(line)), len(block))
    own = _block(block[:cut], first, mendings) if cut < len(block) else None
    if own is None and len(block) > 1 and _PLAIN.match(block[0]):
        cut, own = 1, _block(block[:1], first, mendings)
    lost = block[cut:] if own else block
    name = lost[0].partition(":")[0].strip()[:60]
    what = f"{name!r} cannot be read and was left out"
    mendings.append(Mending(first + len(own or ()), what, "correct its lines"))
    unread.append("\n".join(lost))
    return [*(own or ()), *("" for _ in lost)]


def _without_controls(text: str) -> tuple[str, list[Mending]]:
    found = _CONTROLS.search(text)
    if not found:
        return text, []
    line = 1 + len(re.findall(r"\r\n|\r|\n", text[: found.start()]))
    what = f"control character U+{ord(found[0]):04X} left out"
    return _CONTROLS.sub("", text), [Mending(line, what, "delete the invisible character")]


def _blocks(lines: list[str], mendings: list[Mending]) -> Iterator[list[str]]:
    """The lines, cut before each top key; lines that open no key belong to the one above."""
    block: list[str] = []
    for number, raw in enumerate(lines, 1):
        line = _as_top(raw, block, number, mendings)
        if _TOP.match(line) and block:
            yield block
            block = []
        block.append(line)
    yield block


def _as_top(line: str, block: list[str], number: int, mendings: list[Mending]) -> str:
    """`line` with a known key put where it was meant: unindented, with a space after its colon."""
    unspaced = _UNSPACED.match(line)
    if unspaced:
        what = f"{unspaced[0]!r} read as the key {unspaced[1]!r}"
        mendings.append(Mending(number, what, f"write '{unspaced[1]}: ' with a colon and a space"))
        return f"{unspaced[1]}: {line[unspaced.end() :]}"
    indented = _INDENTED_KEY.match(line)
    if indented and len(block) == 1 and re.match(r"[^:]+:[ \t]+[^\s|>{\[]", block[0]):
        mendings.append(
            Mending(number, f"{line.strip()!r} read without indent", "unindent the key")
        )
        return line.lstrip()
    return line


def _loads(text: str) -> bool:
    try:
        load(text)
    except yaml.YAMLError:
        return False
    return True


def _block(lines: list[str], first: int, mendings: list[Mending]) -> list[str] | None:
    """The block at line `first` in the first writing that loads, of as many lines; or None."""
    if _loads("\n".join(lines)):
        return lines
    for attempt in _ATTEMPTS:
        found = attempt(lines)
        if found and _loads("\n".join(found[0])):
            changed = (i for i, (a, b) in enumerate(zip(lines, found[0], strict=True)) if a != b)
            mendings.append(Mending(first + next(changed, 0), found[1], found[2]))
            return found[0]
    return None


_Attempt = tuple[list[str], str, str]


def _untabbed(lines: list[str]) -> _Attempt:
    out = [
        re.sub(r"^[ \t]+", lambda m: m[0].replace("\t", "  "), line).replace("\t", " ")
        for line in lines
    ]
    return out, "tabs read as spaces", "indent with spaces"


def _list_after_nothing(lines: list[str]) -> _Attempt | None:
    empty = _EMPTY_VALUE.match(lines[0])
    items = [line.strip() for line in lines[1:] if line.strip()]
    if not empty or not items:
        return None
    out = [empty[1], *lines[1:]]
    if items[0].startswith("[") and items[-1].endswith("]"):
        out = [empty[1], *(f"  {line}" for line in lines[1:])]
    elif not all(item.startswith("-") for item in items):
        return None
    return out, "an empty value and then a list read as the list", "delete '[]'"


def _as_list(lines: list[str]) -> _Attempt | None:
    """``tags: [@a, b: c]``: items that YAML refuses, taken as text."""
    inline = re.match(r"([^:]+:)[ \t]*\[(.*)\][ \t]*$", lines[0])
    if not inline or not _LIST_KEYS.match(lines[0]):
        return None
    items = ", ".join(_quoted(item) for item in inline[2].split(",") if item.strip())
    return [f"{inline[1]} [{items}]", *lines[1:]], "the items read as text", "quote the items"


def _as_text(lines: list[str]) -> _Attempt:
    """Each value that YAML refuses on its own line, taken as text to the line's end."""
    shape = _ITEM if _LIST_KEYS.match(lines[0]) else _VALUE
    out = [line if _loads(line.strip()) else _text_value(line, shape) for line in lines]
    return out, "the value read as text", "quote the value"


def _text_value(line: str, shape: re.Pattern[str]) -> str:
    found = shape.match(line) or _VALUE.match(line)
    return found[1] + _quoted(found[2]) if found else line


def _one_text(lines: list[str]) -> _Attempt | None:
    """A value that runs over several lines, taken as one text."""
    found = re.match(r"([^:]+:)[ \t]+([^\s\[{].*)", lines[0])
    if not found or any(line[:1].strip() for line in lines[1:]):
        return None
    words = " ".join([found[2], *(line.strip() for line in lines[1:] if line.strip())])
    out = [f"{found[1]} {_quoted(words)}", *("" for _ in lines[1:])]
    return out, "the value's lines read as one text", "quote the value"


def _without_strays(lines: list[str]) -> _Attempt | None:
    """Unindented lines that belong to no key, left out."""
    strays = [line for line in lines if line.strip() and not re.match(r"[\s#-]", line)]
    strays = [line for line in strays if not _TOP.match(line)]
    if not strays:
        return None
    out = ["" if line in strays else line for line in lines]
    return out, f"{strays[0].strip()[:60]!r} left out", "delete the line or make it a 'key: value'"


def _quoted(value: str) -> str:
    """`value` in single quotes, without the double or single quotes that were meant as such."""
    text = value.strip()
    mark = text[:1]
    if mark in ("'", '"') and (text[-1] == mark or text.count(mark) == 1):
        text = text.strip(mark) if text.count(mark) == 1 else text[1:-1]
        if mark == '"':
            text = re.sub(r'\\([\\"])', r"\1", text)
    return "'" + text.replace("'", "''") + "'"


def _then(*steps: Callable[[list[str]], _Attempt | None]) -> Callable[[list[str]], _Attempt | None]:
    """Several attempts, one upon the other."""

    def attempt(lines: list[str]) -> _Attempt | None:
        what, cure = "", ""
        for step in steps:
            found = step(lines)
            if found:
                lines, cure = found[0], cure or found[2]
                what = f"{what}, {found[1]}" if what else found[1]
        return (lines, what, cure) if what else None

    return attempt


_ATTEMPTS: tuple[Callable[[list[str]], _Attempt | None], ...] = (
    _untabbed,
    _list_after_nothing,
    _as_list,
    _as_text,
    _then(_untabbed, _list_after_nothing, _as_text),
    _without_strays,
    _then(_untabbed, _as_text, _without_strays),
    _one_text,
)
