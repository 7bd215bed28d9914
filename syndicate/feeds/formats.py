"""Load the modules that write each feed format of `FORMATS`, and share their templates."""

from collections.abc import Mapping
from importlib import import_module
from itertools import chain
from types import MappingProxyType
from typing import Any, Protocol, cast

import msgspec

from syndicate.feeds.channel import Channel, Shell
from syndicate.feeds.item import Item
from syndicate.feeds.xml_templates import Escaped, Shapes, add_templates, new_templates
from syndicate.model import FORMATS, Format

__all__ = ["SERIALISERS", "Serialiser", "add_shapes", "known_shapes", "new_shapes"]


class Serialiser(Protocol):
    """Module that writes one feed format. It may have templates, `SHAPES`."""

    def entry(self, texts: Escaped[Item], /) -> bytes:
        """Return the entry of an item in this format."""

    def shell(self, texts: Escaped[Channel], /) -> Shell:
        """Return the head and the end of a feed in this format."""


SERIALISERS: Mapping[Format, Serialiser] = MappingProxyType(
    {
        form: cast("Serialiser", import_module(f"syndicate.feeds.{row.module}"))
        for form, row in FORMATS.items()
    }
)
"""The module that writes each format, in the order of `FORMATS`."""
_SHAPES: tuple[Shapes[Any], ...] = tuple(
    chain.from_iterable(getattr(module, "SHAPES", ()) for module in SERIALISERS.values())
)


def new_shapes() -> bytes:
    """Return the templates that this process made since the last call; empty if there is none."""
    return new_templates(_SHAPES)


def known_shapes() -> bytes:
    """Return all templates of this process."""
    return msgspec.msgpack.encode([list(shapes.templates.items()) for shapes in _SHAPES])


def add_shapes(data: bytes) -> None:
    """Add the templates of another process. Raises msgspec.DecodeError.

    Both processes must run the same version of the program and its libraries.
    """
    add_templates(_SHAPES, data)
