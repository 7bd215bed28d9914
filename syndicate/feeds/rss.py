"""Write RSS from templates, which feedgen builds once for each shape."""

from syndicate.feeds.channel import Channel, Shell
from syndicate.feeds.item import Item
from syndicate.feeds.template_texts import (
    channel_of_marks,
    escaped_channel,
    escaped_item,
    item_of_marks,
)
from syndicate.feeds.xml_templates import Escaped, Shapes

__all__ = ["SHAPES", "entry", "shell"]


# feedgen is imported only for a new shape. Most builds have a template for every shape.
def _built_entry(item: Item) -> bytes:
    from syndicate.feeds import atom_rss

    return atom_rss.rss_entry(item)


def _built_shell(channel: Channel) -> bytes:
    from syndicate.feeds import atom_rss

    return atom_rss.rss_shell(channel).packed()


entry = Shapes(_built_entry, escaped_item, item_of_marks, as_hexadecimal=True)
_shell = Shapes(_built_shell, escaped_channel, channel_of_marks, as_hexadecimal=True)
SHAPES: tuple[Shapes[Item] | Shapes[Channel], ...] = (entry, _shell)
"""The templates for entries and for feeds."""


def shell(texts: Escaped[Channel]) -> Shell:
    """Return the head and the end of the RSS feed, as `atom_rss.rss_shell` does."""
    return Shell.unpacked(_shell(texts))
