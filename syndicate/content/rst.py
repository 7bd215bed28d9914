"""Render reStructuredText with docutils, from the extra ``syndicate-feeds[rst]``.

Nothing outside the text is read: no ``include``, no ``csv-table`` from a file, no settings file of
the machine, no clock. Text that docutils cannot read, or not in time, is shown as written.
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
    "raw_enabled": True,  # raw HTML is cleaned like all HTML
    "report_level": 5,
    "smart_quotes": False,
    "syntax_highlight": "none",
}


def is_available() -> bool:
    """Return True if docutils is installed."""
    try:
        import docutils  # noqa: F401
    except ImportError:
        return False
    return True


def to_html(text: str) -> str:
    """Return the body of the document `text` as HTML, without its title and fields.

    Raises ImportError if docutils is not installed.
    """
    if not is_within_bounds(text):
        return _as_written(text)
    from docutils.core import publish_parts
    from docutils.parsers.rst import directives
    from docutils.parsers.rst.directives.misc import Class
    from docutils.utils import SystemMessage

    # `date` would insert this machine's clock; `class` without a name is an error.
    directives.register_directive("date", Class)
    try:
        parts = publish_parts(text, writer=_writer(), settings_overrides=_SETTINGS)
    except (SystemMessage, RecursionError):
        return _as_written(text)
    return str(parts["body"])


def _writer() -> Any:
    """Return an HTML writer that gives pictures without an alternative text an empty one.

    docutils would write the address of the picture there. Pelican leaves it empty too.
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
    """Return True if docutils reads `text` in acceptable time. Otherwise it is shown as written."""
    return (
        len(text) <= _LONGEST
        and text.count("\n") <= _MOST_LINES
        and not _LONG_WORD.search(text)
        and len(_REFERENCE.findall(text)) <= _MOST_REFERENCES
    )


def _as_written(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"
