"""Correct a header that is not valid YAML, if the author's meaning is clear.

The header is split into blocks: one top key with its lines. A block that is not valid YAML is
rewritten in a few ways, in a fixed order, until one is valid. A block that stays invalid is left
out, and its text is kept in `Mended.unread`, where marks that withhold the post are still found.
Every change is reported with its line.
"""

import re
from collections.abc import Callable, Iterator

import yaml
from msgspec import Struct

from syndicate.posts.yaml_text import load

__all__ = ["ODD_SPACES", "Mended", "Mending", "mend"]

ODD_SPACES = "\u3000\u00a0\u2002\u2003\u200b\ufeff"
"""Spaces of other keyboards and invisible characters, which YAML treats as letters."""

KNOWN_KEYS = (
    "title|subtitle|date|layout|author|authors|tags|tag|categories|category|description|summary|"
    "excerpt|image|cover|permalink|slug|updated|lastmod|draft|published|comments|keywords|toc"
)
"""Keys that are recognised without a space after the colon, or with a wrong indent."""

_TOP = re.compile(r"[^\s#\-:{}\[\]&*!|>%@`?,][^:\n]*:(?=\s|$)|[\"'][^\"'\n]*[\"']:(?=\s|$)")
_UNSPACED = re.compile(rf"({KNOWN_KEYS})(?::(?=\S)|：[ \t]*)(?!//)", re.I)
_INDENTED_KEY = re.compile(rf"[ \t]+((?:{KNOWN_KEYS}):(?:\s|$))", re.I)
_VALUE = re.compile(
    r"((?:[ \t]*- )?[ \t]*(?:[^\s:\"'\[{{#][^:\n]{0,80}:[ \t]+)|[ \t]*- *)(?=\S)(.*)"
)
_ITEM = re.compile(r"([ \t]*- +)(?=\S)(.*)")
_LIST_KEYS = re.compile(r"(?:tags?|categor(?:y|ies)|keywords|topics|authors?|aliases):", re.I)
_EMPTY_VALUE = re.compile(r"([^:\n]+:)[ \t]*(?:\[[ \t]*\]|\"\"|''|~|null)[ \t]*$")
# Characters that libyaml rejects: not c-printable (YAML 1.1, section 5.1).
_CONTROLS = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN = re.compile(r"[^:\n]+:[ \t]+[^\s\[{|>&*!]")
_STRAY = re.compile(r"[^\s#-]")
_MAX_LINES = 2000


class Mending(Struct, frozen=True):
    """One correction, and its line (from 1) in the header's text."""

    line: int
    what: str
    cure: str


class Mended(Struct, frozen=True):
    """The corrected text of a header, with the line numbers of the author's text.

    `unread` holds the blocks that were left out. A block begins with its top key.
    """

    text: str
    mendings: tuple[Mending, ...]
    unread: tuple[str, ...] = ()


def mend(text: str) -> Mended | None:
    """Correct `text`, which is not valid YAML. Return None if that is not possible."""
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
    """Correct a block. Lines that cannot be read become empty, so that their number stays."""
    mended = _block(block, first, mendings)
    if mended is not None:
        return mended
    # Keep the key's own lines if they can be told apart from the lines that cannot be read.
    cut = next((i for i, line in enumerate(block) if i and _STRAY.match(line)), len(block))
    own = _block(block[:cut], first, mendings) if cut < len(block) else None
    if own is None and len(block) > 1 and _PLAIN.match(block[0]):
        cut, own = 1, _block(block[:1], first, mendings)
    lost = block[cut:] if own else block
    what = f"{_key(lost[0])} cannot be read and was left out"
    mendings.append(Mending(first + len(own or ()), what, "correct its lines"))
    unread.append("\n".join(lost))
    return [*(own or ()), *("" for _ in lost)]


def _without_controls(text: str) -> tuple[str, list[Mending]]:
    match = _CONTROLS.search(text)
    if not match:
        return text, []
    line = 1 + len(re.findall(r"\r\n|\r|\n", text[: match.start()]))
    what = f"a control character (U+{ord(match[0]):04X}) was left out"
    return _CONTROLS.sub("", text), [Mending(line, what, "delete the invisible character")]


def _blocks(lines: list[str], mendings: list[Mending]) -> Iterator[list[str]]:
    """Split the lines before each top key."""
    block: list[str] = []
    for number, raw in enumerate(lines, 1):
        line = _as_top(raw, block, number, mendings)
        if _TOP.match(line) and block:
            yield block
            block = []
        block.append(line)
    yield block


def _as_top(line: str, block: list[str], number: int, mendings: list[Mending]) -> str:
    """Remove the indent of a known key, and add the space after its colon."""
    unspaced = _UNSPACED.match(line)
    if unspaced:
        what = f'"{unspaced[0]}" was read as the key {unspaced[1]}'
        mendings.append(Mending(number, what, f'write a space after the colon: "{unspaced[1]}: "'))
        return f"{unspaced[1]}: {line[unspaced.end() :]}"
    indented = _INDENTED_KEY.match(line)
    if indented and len(block) == 1 and re.match(r"[^:]+:[ \t]+[^\s|>{\[]", block[0]):
        mendings.append(
            Mending(number, f'"{line.strip()}" was read without its indent', "remove the indent")
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
    """Return the first valid rewriting of the block at line `first`, or None."""
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
"""The rewritten lines, the change in words, and the cure."""
_QUOTE = "put the value in quotes"
_SHOWN = 60
"""Characters of the author's text that a message shows."""


def _key(line: str) -> str:
    return line.partition(":")[0].strip()[:_SHOWN]


def _needs_quotes(key: str, value: str) -> str:
    because = ' because it contains ": "' if ": " in value else ""
    return f"{key} needs quotes{because}. Read as: {value[:_SHOWN]}"


def _untabbed(lines: list[str]) -> _Attempt:
    out = [
        re.sub(r"^[ \t]+", lambda m: m[0].replace("\t", "  "), line).replace("\t", " ")
        for line in lines
    ]
    return out, "the tabs were read as spaces", "indent with spaces"


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
    key = empty[1].rstrip(":")
    value = lines[0][len(empty[1]) :].strip()
    what = f"{key} has both an empty value ({value}) and a list; the list was used"
    return out, what, f"delete {value}"


def _as_list(lines: list[str]) -> _Attempt | None:
    """Quote the items of a list such as ``tags: [@a, b: c]``."""
    inline = re.match(r"([^:]+:)[ \t]*\[(.*)\][ \t]*$", lines[0])
    if not inline or not _LIST_KEYS.match(lines[0]):
        return None
    items = ", ".join(_quoted(item) for item in inline[2].split(",") if item.strip())
    what = f"the list of {_key(lines[0])} needs quotes. Read as: {items[:_SHOWN]}"
    return [f"{inline[1]} [{items}]", *lines[1:]], what, "put quotes around the items"


def _as_text(lines: list[str]) -> _Attempt:
    """Quote the values that are invalid on their own lines, up to the line's end."""
    shape = _ITEM if _LIST_KEYS.match(lines[0]) else _VALUE
    out = [line if _loads(line.strip()) else _text_value(line, shape) for line in lines]
    changed = next((line for line, new in zip(lines, out, strict=True) if line != new), lines[0])
    value = changed.partition(":")[2].strip() or changed.strip()
    return out, _needs_quotes(_key(lines[0]), value), _QUOTE


def _text_value(line: str, shape: re.Pattern[str]) -> str:
    match = shape.match(line) or _VALUE.match(line)
    return match[1] + _quoted(match[2]) if match else line


def _one_text(lines: list[str]) -> _Attempt | None:
    """Join and quote a value of several lines."""
    match = re.match(r"([^:]+:)[ \t]+([^\s\[{].*)", lines[0])
    if not match or any(line[:1].strip() for line in lines[1:]):
        return None
    words = " ".join([match[2], *(line.strip() for line in lines[1:] if line.strip())])
    out = [f"{match[1]} {_quoted(words)}", *("" for _ in lines[1:])]
    return out, _needs_quotes(_key(lines[0]), words), _QUOTE


def _without_strays(lines: list[str]) -> _Attempt | None:
    """Leave out unindented lines that belong to no key."""
    strays = [line for line in lines if line.strip() and not re.match(r"[\s#-]", line)]
    strays = [line for line in strays if not _TOP.match(line)]
    if not strays:
        return None
    out = ["" if line in strays else line for line in lines]
    what = f'the line "{strays[0].strip()[:_SHOWN]}" belongs to no key and was left out'
    return out, what, 'delete the line, or write it as "key: value"'


def _quoted(value: str) -> str:
    """Put `value` in single quotes, without the quotes that the author put around it."""
    text = value.strip()
    mark = text[:1]
    if mark in ("'", '"') and (text[-1] == mark or text.count(mark) == 1):
        text = text.strip(mark) if text.count(mark) == 1 else text[1:-1]
        if mark == '"':
            text = re.sub(r'\\([\\"])', r"\1", text)
    return "'" + text.replace("'", "''") + "'"


def _then(*steps: Callable[[list[str]], _Attempt | None]) -> Callable[[list[str]], _Attempt | None]:
    """Combine several attempts into one that makes all their changes."""

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
