"""Define the tree that kramdown's readers build: blocks with blocks, spans with spans."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

__all__ = ["Attributes", "Block", "Footnote", "References", "Span", "apply"]

Model = Literal["raw", "block", "span"]


class Attributes(Struct):
    """Attribute list: values by name, and the names of the lists that it refers to."""

    values: dict[str, str] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)


class Span(Struct, gc=False):
    """Part of a line. Plain text is a `str` instead. `value` is code, a formula or HTML."""

    kind: str
    value: str = ""
    children: "list[Span | str]" = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)
    raw: bool = False


class Block(Struct, gc=False):
    """Block. `text` is the source of its spans, or code; `pieces` is raw HTML with blocks in it.

    `ial` holds the attribute lists of the block.
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
    """Definition of a footnote. `mark` holds the attribute list after it."""

    content: Block
    mark: Block


class References(Struct):
    """Definitions of a document that its other parts refer to."""

    links: dict[str, tuple[str, str | None, Block]] = field(default_factory=dict)
    footnotes: dict[str, Footnote] = field(default_factory=dict)
    lists: dict[str, Attributes] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)


def apply(attributes: dict[str, str], given: Attributes, lists: dict[str, Attributes]) -> None:
    """Add `given`, and the lists that it refers to, to `attributes`. Classes add up."""
    for ref in given.refs:
        if (referred := lists.get(ref)) is not None and referred is not given:
            merge(attributes, referred.values)
    merge(attributes, given.values)


def merge(attributes: dict[str, str], values: dict[str, str]) -> None:
    """Add `values` to `attributes`. Classes add up, other values are replaced."""
    for name, value in values.items():
        if name == "class" and attributes.get("class"):
            attributes[name] = f"{attributes[name]} {value}"
        else:
            attributes[name] = value
