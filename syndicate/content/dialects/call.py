"""A mark on its way to becoming HTML: what handlers are given."""

from typing import NamedTuple

from syndicate.content.dialects.arguments import Arguments
from syndicate.content.dialects.context import Context, Notes
from syndicate.content.dialects.weave import Tag

__all__ = ["Call", "unseen"]


class Call(NamedTuple):
    """A tag, its arguments read, and what it may refer to."""

    tag: Tag
    words: Arguments
    context: Context
    notes: Notes

    @property
    def name(self) -> str:
        """What the tag is called."""
        return self.tag.name

    @property
    def text(self) -> str:
        """The arguments as they were written."""
        return self.tag.text

    @property
    def inner(self) -> str:
        """What the tag's pair holds; empty without a pair."""
        return self.tag.inner or ""

    @property
    def indent(self) -> str:
        """The white space before the tag where it starts its line."""
        return self.tag.indent

    @property
    def alone(self) -> bool:
        """Whether the tag is the only thing on its line."""
        return self.tag.alone


def unseen(call: Call) -> str:
    """Show nothing for a tag whose words stand in the site's data, and report the tag."""
    call.notes.unknown.append(call.name)
    return ""
