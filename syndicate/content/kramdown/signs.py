"""Read signs in a line: quotes, dashes, formulas, references, escapes, attribute lists.

Each function returns False if its sign is not at the position.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from syndicate.content.kramdown.attributes import ID, read_attributes
from syndicate.content.kramdown.grammar import ENTITY, WHITE
from syndicate.content.kramdown.quotes import curl
from syndicate.content.kramdown.tree import Attributes, Span, apply

if TYPE_CHECKING:
    from syndicate.content.kramdown.spans import SpanReader

__all__ = [
    "read_dashes",
    "read_dots",
    "read_entity",
    "read_escape",
    "read_extension",
    "read_guillemets",
    "read_math",
    "read_quote",
]

_EXTENSION = re.compile(
    rf"\{{::(?P<name>[a-zA-Z0-9_]+)(?:\s(?P<text>(?:\\\}}|[^}}]){{0,600}}?))?(?P<closed>/)?\}}"
    rf"|(?P<stop>\{{:/(?:{ID})?\}})",
    re.ASCII,
)
_IAL = re.compile(r"\{:(?P<text>(?:\\\}|[^}]){1,600})\}")


def read_quote(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read the quotes at the position, or one character later."""
    result = curl(reader.src, reader.pos)
    if result is None:
        return False
    before, quotes, reader.pos = result
    if before:
        children.append(before)
    children.extend(Span("quote", quote) for quote in quotes)
    return True


def read_math(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read a formula between ``$$``."""
    at = reader.pos
    end = reader.find("$$", at + 2) if reader.src.startswith("$$", at) else -1
    if end < 0:
        return False
    children.append(Span("math", reader.src[at + 2 : end].strip(WHITE)))
    reader.pos = end + 2
    return True


def read_entity(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read a character reference."""
    match = ENTITY.match(reader.src, reader.pos)
    if match is None:
        return False
    reader.pos = match.end()
    if match[1] and match[1] not in _names():
        children.extend((Span("sign", "&"), match[0][1:]))
    else:
        children.append(Span("entity", match[0]))
    return True


def read_dashes(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read two or three hyphens as a dash."""
    written = "---" if reader.src.startswith("---", reader.pos) else "--"
    return _read_sign(reader, children, written)


def read_dots(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read three dots as an ellipsis."""
    return _read_sign(reader, children, "...")


def read_guillemets(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read two ``>`` as a guillemet, with the space before them."""
    last = children[-1] if children else ""
    if reader.options.typographic and isinstance(last, str) and last.endswith(" "):
        children[-1] = last[:-1]
        reader.pos -= 1
        return _read_sign(reader, children, " >>")
    return _read_sign(reader, children, ">>")


def _read_sign(reader: "SpanReader", children: list[Span | str], written: str) -> bool:
    if not reader.options.typographic:
        return False
    children.append(Span("sign", reader.sign(written)))
    reader.pos += len(written)
    return True


def read_escape(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read a backslash and the character that it escapes."""
    src, at = reader.src, reader.pos
    if reader.options.typographic and src.startswith(("\\<<", "\\>>"), at):
        children.append(Span("sign", src[at + 1 : at + 3]))
        reader.pos = at + 3
    elif not reader.options.hard_wrap and src.startswith("\\\\\n", at):
        children.append(Span("br"))
        reader.pos = at + 2
    elif match := reader.escaped.match(src, at):
        children.append(match[1])
        reader.pos = match.end()
    else:
        return False
    return True


def read_extension(reader: "SpanReader", children: list[Span | str]) -> bool:
    """Read an attribute list for the span before it, or ``{::name …}``."""
    if match := _EXTENSION.match(reader.src, reader.pos):
        return _read_named(reader, children, match)
    match = _IAL.match(reader.src, reader.pos)
    last = children[-1] if children else ""
    if match is None or isinstance(last, str):
        return False
    reader.pos = match.end()
    given = Attributes()
    read_attributes(match["text"], given)
    apply(last.attributes, given, reader.references.lists)
    last.refs.extend(given.refs)
    return True


def _read_named(reader: "SpanReader", children: list[Span | str], match: re.Match[str]) -> bool:
    name, body, end = match["name"], "", match.end()
    if match["stop"] or name not in ("comment", "nomarkdown", "options"):
        return False
    if not match["closed"]:
        if end >= reader.missing.get(f"end of {name}", end + 1):
            return False
        closing = re.compile(rf"\{{:/(?:{name})?\}}").search(reader.src, end)
        if closing is None:
            reader.missing[f"end of {name}"] = end
            return False
        body, end = reader.src[match.end() : closing.start()], closing.end()
        kind = "comment" if name == "comment" else "html"
        if name != "options":
            children.append(Span(kind, body))
    reader.pos = end
    return True


@lru_cache(maxsize=1)
def _names() -> Mapping[str, int]:
    """Return the names of the characters that kramdown knows: those of HTML 4."""
    from html.entities import name2codepoint

    return name2codepoint | {"apos": 39, "vellip": 0x22EE}
