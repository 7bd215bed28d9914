"""The tree that kramdown's readers build: blocks that hold blocks, spans that hold spans."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

__all__ = ["Attributes", "Block", "Footnote", "References", "Span", "apply"]

Model = Literal["raw", "block", "span"]


class Attributes(Struct):
    """An attribute list: values by name, and the names of the lists that it refers to."""

    values: dict[str, str] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)


class Span(Struct, gc=False):
    """A piece of a line. Text is a plain `str` beside it; `value` is code, a formula or HTML."""

    kind: str
    value: str = ""
    children: "list[Span | str]" = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)
    raw: bool = False


class Block(Struct, gc=False):
    """A block. `text` is what spans are read from, or code; `pieces` is raw HTML and blocks in it.

    `ial` holds the attribute lists that were put on it.
    """

    kind: str
    text: str = ""
    children: "list[Block]" = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    ial: Attributes | None = None
    level: int = 0
    transparent: bool = False
    name: str = ""
    model: Model = "raw"
    spans: "Sequence[Span | str]" = ()
    pieces: "list[str | Block]" = field(default_factory=list)
    alignment: Sequence[str] = ()


class Footnote(Struct):
    """A footnote's definition. `mark` holds the attribute list that stands after it."""

    content: Block
    mark: Block


class References(Struct):
    """What a document defines for use elsewhere in it."""

    links: dict[str, tuple[str, str | None, Block]] = field(default_factory=dict)
    footnotes: dict[str, Footnote] = field(default_factory=dict)
    lists: dict[str, Attributes] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)


def apply(attributes: dict[str, str], given: Attributes, lists: dict[str, Attributes]) -> None:
    """Add `given` and the lists that it refers to to `attributes`; classes add up."""
    for ref in given.refs:
        if (referred := lists.get(ref)) is not None and referred is not given:
            merge(attributes, referred.values)
    merge(attributes, given.values)


def merge(attributes: dict[str, str], values: dict[str, str]) -> None:
    """Add `values` to `attributes`; classes add up, other values replace."""
    for name, value in values.items():
        if name == "class" and attributes.get("class"):
            attributes[name] = f"{attributes[name]} {value}"
        else:
            attributes[name] = value
