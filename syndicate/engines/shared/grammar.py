"""Settings of Markdown renderers, as frozen data.

Engines read them from a blog's configuration, and `content` renders by them. kramdown's settings
are in `model`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from syndicate.model import Kramdown

__all__ = ["LOOSE", "CommonMark", "Grammar", "PythonMarkdown"]


class CommonMark(Struct, frozen=True):
    """Settings of a renderer that follows CommonMark. The defaults are GitHub's.

    `loose` is for an unknown renderer: it also accepts kramdown's marks, alerts, bodies that are
    completely HTML, and addresses with spaces.
    """

    loose: bool = False
    tables: bool = True
    strikethrough: bool = True
    single_tilde: Literal["", "flanking", "marked"] = ""
    """Rules for strikethrough by single tildes; empty if they are text."""
    task_lists: bool = True
    footnotes: Literal["", "goldmark", "github", "kramdown", "in place"] = ""
    """Rules for the place of footnotes and their back links; empty for no footnotes."""
    definitions: bool = False
    heading_attributes: bool = False
    indented_code: bool = True
    html: bool = True
    """True if HTML in the text is shown. Otherwise it is removed before marks are resolved."""
    jsx: bool = False
    """True if text between lines of tags is Markdown, as in MDX."""
    alerts: bool = False
    """True if a quotation that begins with ``[!NOTE]`` is a note."""
    autolinks: Literal["", "http", "https"] = "http"
    """Scheme of bare addresses without one (``www.example.org``); empty for no autolinks."""
    breaks: bool = False
    """True if a line end in a paragraph is a line break."""
    typography: Literal[
        "", "goldmark", "kramed", "marked", "markdown-it", "pulldown-cmark", "remark"
    ] = ""
    """Rules for typographic quotes, dashes and ellipses; empty if they stay unchanged."""
    emoji: bool = False
    formulas: bool = False
    """True if text between ``$`` or ``$$`` stays unchanged."""
    passthrough: tuple[tuple[str, str], ...] = ()
    """Pairs of opening and closing marks. The text between them stays unchanged, with the marks."""
    signs: tuple[str, ...] = ()
    """Any of "insert" (``++``), "mark" (``==``), "subscript" (``~``), "superscript" (``^``)."""
    description_lists: bool = False
    """True if ``: text`` after a term's line describes the term, once in a paragraph (Hexo)."""
    before_commonmark: Literal["", "kramed", "marked"] = ""
    """Renderer with older rules: emphasis beside all punctuation, and ``#One`` as a heading."""
    block_attributes: bool = False
    """True if ``{.class #id}`` alone on a line belongs to the block above it, as in Hugo."""
    theme_marks: tuple[str, ...] = ()
    """Any of "ruby", "fraction" and "icons": marks of LoveIt and its successors."""
    escaped_space: bool = False
    """True if a backslash and a space separate two words, and are not shown."""


LOOSE = CommonMark(
    loose=True,
    footnotes="kramdown",
    definitions=True,
    heading_attributes=True,
    alerts=True,
    formulas=True,
)
"""Settings for an unknown renderer, which accept all common marks."""


class PythonMarkdown(Struct, frozen=True):
    """Extensions of the renderer Python-Markdown by their full names, and their settings.

    `strikethrough` is Nikola's own addition. `pymdown` holds the extensions of pymdownx that this
    program implements, by their names without ``pymdownx.``, with their settings.
    """

    extensions: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = {}
    strikethrough: bool = False
    pymdown: Mapping[str, Mapping[str, Any]] = {}


Grammar = Kramdown | CommonMark | PythonMarkdown
"""Settings of any Markdown renderer."""
