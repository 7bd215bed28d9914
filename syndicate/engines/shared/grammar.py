"""How a blog's Markdown is read: the settings of its renderer, as frozen data.

Engines fill them in from a blog's configuration, `content` follows them. kramdown's are in `model`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from syndicate.model import Kramdown

__all__ = ["LOOSE", "CommonMark", "Grammar", "PythonMarkdown"]


class CommonMark(Struct, frozen=True):
    """What a renderer that follows CommonMark has switched on; the defaults are GitHub's Markdown.

    `loose` is for blogs of no known renderer: kramdown's marks, alerts, bodies that are HTML as a
    whole and addresses with spaces are read as they are meant.
    """

    loose: bool = False
    tables: bool = True
    strikethrough: bool = True
    single_tilde: Literal["", "flanking", "marked"] = ""
    """Whose rules single tildes strike out by, in words too; empty where they are text."""
    task_lists: bool = True
    footnotes: Literal["", "goldmark", "github", "kramdown", "in place"] = ""
    """Whose footnotes there are: where they stand and how they lead back."""
    definitions: bool = False
    heading_attributes: bool = False
    indented_code: bool = True
    html: bool = True
    """Whether HTML in the text is shown; else it is left out before marks are resolved."""
    jsx: bool = False
    """Whether what stands between lines of tags is Markdown, as in MDX."""
    alerts: bool = False
    """Whether a quotation that begins with ``[!NOTE]`` is a note."""
    autolinks: Literal["", "http", "https"] = "http"
    """The scheme of bare addresses without one (``www.example.org``); empty where none are linked.
    """
    breaks: bool = False
    """Whether a line end in a paragraph is a line break."""
    typography: Literal[
        "", "goldmark", "kramed", "marked", "markdown-it", "pulldown-cmark", "remark"
    ] = ""
    """Whose rules quotes, dashes and ellipses are typeset by; empty where they stay."""
    emoji: bool = False
    formulas: bool = False
    """Whether what stands between ``$`` or ``$$`` stays as it was written."""
    passthrough: tuple[tuple[str, str], ...] = ()
    """Opening and closing marks; what stands between two stays as it was written, with them."""
    signs: tuple[str, ...] = ()
    """Of "insert" (``++``), "mark" (``==``), "subscript" (``~``) and "superscript" (``^``)."""
    description_lists: bool = False
    """Whether ``: text`` on the line after a term describes it, once in a paragraph, as in Hexo."""
    before_commonmark: Literal["", "kramed", "marked"] = ""
    """Whose older rules hold: emphasis beside all punctuation; ``#One`` is kramed's heading."""
    block_attributes: bool = False
    """Whether ``{.class #id}`` alone on a line belongs to the block above it, as Hugo has it."""
    theme_marks: tuple[str, ...] = ()
    """Of "ruby", "fraction" and "icons": the marks of LoveIt and its heirs."""
    escaped_space: bool = False
    """Whether a backslash before a space parts two words without a space between them."""


LOOSE = CommonMark(
    loose=True,
    footnotes="kramdown",
    definitions=True,
    heading_attributes=True,
    alerts=True,
    formulas=True,
)
"""How Markdown is read whose renderer is not known: all that is often meant."""


class PythonMarkdown(Struct, frozen=True):
    """Extensions of the renderer Python-Markdown by their full names, and the settings of each.

    `strikethrough` is Nikola's own addition. `pymdown` are the extensions of pymdownx that are read
    by rules of our own, by their names without ``pymdownx.``, with the settings of each.
    """

    extensions: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = {}
    strikethrough: bool = False
    pymdown: Mapping[str, Mapping[str, Any]] = {}


Grammar = Kramdown | CommonMark | PythonMarkdown
"""How a blog's Markdown is read."""
