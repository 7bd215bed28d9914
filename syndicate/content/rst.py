"""reStructuredText to HTML through docutils, which is an extra: ``syndicate-feeds[rst]``.

Nothing outside the text is read (no ``include``, no ``csv-table`` from a file), no settings file
of the machine is looked at, nor its clock; what docutils cannot read as a whole, or not in time, is
shown as it is written.
"""

import re
from html import escape
from typing import Any

__all__ = ["is_available", "is_within_bounds", "to_html"]

# docutils takes time that grows with the square of these.
_LONGEST = 200_000
"""Characters of a text."""
_MOST_LINES = 5_000
_MOST_REFERENCES = 500
_REFERENCE = re.compile(r"[\w`\]|]__?(?!\w)|\|[^\s|]|\.\. \[")
_LONG_WORD = re.compile(r"\S{2000}")
_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "doctitle_xform": True,
    "docinfo_xform": True,
    "embed_stylesheet": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "initial_header_level": 2,
    "input_encoding": "unicode",
    "line_length_limit": 1_000_000,
    "math_output": "LaTeX",
    "raw_enabled": True,  # raw HTML is cleaned as all HTML is
    "report_level": 5,
    "smart_quotes": False,
    "syntax_highlight": "none",
}


def is_available() -> bool:
    """Whether docutils is installed."""
    try:
        import docutils  # noqa: F401
    except ImportError:
        return False
    return True


def to_html(text: str) -> str:
    """The body of the document `text` as HTML, without its title and its fields.

    Raises ImportError where docutils is not installed.
    """
    if not is_within_bounds(text):
        return _as_written(text)
    from docutils.core import publish_parts
    from docutils.parsers.rst import directives
    from docutils.parsers.rst.directives.misc import Class
    from docutils.utils import SystemMessage

    # `date` would write this machine's clock into the post; `class` without a name says nothing.
    directives.register_directive("date", Class)
    try:
        parts = publish_parts(text, writer=_writer(), settings_overrides=_SETTINGS)
    except (SystemMessage, RecursionError):
        return _as_written(text)
    return str(parts["body"])


def _writer() -> Any:
    """Return a writer of HTML that gives a picture without an alternative text an empty one.

    docutils writes the picture's address there, which says nothing; Pelican leaves it empty too.
    """
    from docutils.writers import html5_polyglot

    class Translator(html5_polyglot.HTMLTranslator):
        def visit_image(self, node: Any) -> None:
            node.setdefault("alt", "")
            super().visit_image(node)

    writer = html5_polyglot.Writer()
    writer.translator_class = Translator
    return writer


def is_within_bounds(text: str) -> bool:
    """Return whether docutils reads `text` in a bearable time; if not, it is shown as written."""
    return (
        len(text) <= _LONGEST
        and text.count("\n") <= _MOST_LINES
        and not _LONG_WORD.search(text)
        and len(_REFERENCE.findall(text)) <= _MOST_REFERENCES
    )


def _as_written(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"
