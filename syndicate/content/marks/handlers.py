"""Define the argument of handlers: a tag, its arguments and its context."""

from collections.abc import Callable
from typing import NamedTuple

from syndicate.content.marks.arguments import Arguments
from syndicate.content.marks.context import Context, Notes
from syndicate.content.marks.pairs import Tag

__all__ = ["Call", "Shown", "inner_text", "nothing", "unseen"]


class Call(NamedTuple):
    """Tag with parsed arguments and the context that it may refer to."""

    tag: Tag
    words: Arguments
    context: Context
    notes: Notes

    @property
    def name(self) -> str:
        """Name of the tag."""
        return self.tag.name

    @property
    def text(self) -> str:
        """Arguments as they were written."""
        return self.tag.text

    @property
    def inner(self) -> str:
        """Content of the tag's pair; empty without a pair."""
        return self.tag.inner or ""

    @property
    def indent(self) -> str:
        """White space before the tag if the tag starts its line."""
        return self.tag.indent

    @property
    def alone(self) -> bool:
        """True if the tag is the only thing on its line."""
        return self.tag.alone


Shown = Callable[[Call], str]
"""Handler that returns the Markdown or HTML of a tag."""


def inner_text(call: Call) -> str:
    """Show the text of the pair."""
    return call.inner


def nothing(_: Call) -> str:
    """Show nothing."""
    return ""


def unseen(call: Call) -> str:
    """Show nothing for a tag whose text is in the site's data files, and report the tag."""
    call.notes.unknown.append(call.name)
    return ""
