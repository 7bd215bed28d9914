"""Render Markdown by the rules of kramdown, the default renderer of Jekyll.

text -> blocks (`blocks`, `lists`, `tables`, `html_blocks`) -> spans (`spans`, `links`, `quotes`) ->
HTML (`writer`). Documents and lines with only plain marks take a shortcut (`plain`, `simple`) that
gives the same bytes. Guaranteed: never raises for text without surrogates; time is linear in its
length. The result is not safe to publish before `clean`.
"""

from msgspec.structs import replace

from syndicate.content.kramdown.blocks import read_blocks
from syndicate.content.kramdown.plain import plain_document
from syndicate.content.kramdown.reader import Reader
from syndicate.content.kramdown.tree import Block
from syndicate.content.kramdown.writer import Writer, leads_to_headings
from syndicate.model import Kramdown

__all__ = ["to_html"]

_USUAL = Kramdown()


def to_html(text: str, options: Kramdown = Kramdown()) -> str:  # noqa: B008 - a frozen value
    """Return the HTML of the Markdown `text`."""
    source = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    if replace(options, emoji=False) == _USUAL:  # emoji are inserted afterwards
        html = plain_document(source, named=leads_to_headings(source))
        if html is not None:
            return html
    reader = Reader(options, read_blocks)
    root = Block("root")
    reader.read_blocks(reader, root, source)
    return Writer(reader.options, reader.references, source).document(root)
