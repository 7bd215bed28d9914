"""Render the Markdown of Pelican and Nikola with their own renderer, Python-Markdown."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from syndicate.content.autolink import link_addresses
from syndicate.content.commonmark import with_emoji
from syndicate.engines.shared.grammar import PythonMarkdown

if TYPE_CHECKING:
    from markdown import Markdown

__all__ = ["is_fast", "to_html"]

# Python-Markdown takes time that grows with the square of these.
_LONGEST = 200_000
"""Characters of a text."""
_MOST_MARKS = 400
"""Marks of spans in a paragraph, and marks of quotations or lists at the start of a line."""
_MOST_LINES = 1_000
"""Consecutive lines that are not blank."""
_MARKS = re.compile(r"[*_\[\]`<(!~^{=]")
_MARKS_OF_PYMDOWN = re.compile(r"[*_\[\]`<(!~^{=+$]|[\dc+=]/|-->")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_DEEP = re.compile(r"^(?:[ \t]*>){40}|^(?: {4}|\t){40}", re.MULTILINE)
_SETTABLE = ("markdown.extensions.smarty", "markdown.extensions.footnotes",
             "markdown.extensions.wikilinks")  # fmt: skip
_CODE = "markdown.extensions.codehilite"
_STRUCK = r"(~{2})(.+?)(~{2})"


def is_fast(text: str, grammar: PythonMarkdown) -> bool:
    """Return True if the renderer's time for `text` is about linear."""
    if len(text) > _LONGEST or _DEEP.search(text):
        return False
    if text.count("\n") > _MOST_LINES:
        parts = _PARAGRAPHS.split(text)
        if any(part.count("\n") > _MOST_LINES for part in parts):
            return False
    marks = _MARKS_OF_PYMDOWN if grammar.pymdown else _MARKS
    if len(marks.findall(text)) <= _MOST_MARKS:
        return True
    return all(len(marks.findall(part)) <= _MOST_MARKS for part in _PARAGRAPHS.split(text))


def to_html(text: str, grammar: PythonMarkdown) -> str:
    """Return the HTML of `text`, for which `is_fast` is True.

    Raises RecursionError if it is nested too deeply.
    """
    renderer = _renderer(msgspec.msgpack.encode(grammar))
    renderer.reset()
    rendered = str(renderer.convert(text))
    if "magiclink" in grammar.pymdown:
        rendered = link_addresses(rendered, marks=False)
    return with_emoji(rendered) if "emoji" in grammar.pymdown else rendered


@lru_cache(maxsize=8)
def _renderer(encoded: bytes) -> "Markdown":
    from markdown.inlinepatterns import SimpleTagInlineProcessor

    grammar = msgspec.msgpack.decode(encoded, type=PythonMarkdown)
    settings = {
        name: _settings(name, grammar.settings.get(name, {})) for name in grammar.extensions
    }
    try:
        markdown = _markdown(grammar.extensions, settings)
    except (KeyError, TypeError, ValueError):  # a setting that the extension does not have
        markdown = _markdown(grammar.extensions, {_CODE: _settings(_CODE, {})})
    if grammar.pymdown:
        from syndicate.content.pymdown import Pymdown

        Pymdown(grammar.pymdown).extendMarkdown(markdown)
    if grammar.strikethrough:
        markdown.inlinePatterns.register(
            SimpleTagInlineProcessor(_STRUCK, "del"), "strikethrough", 175
        )
    return markdown


def _markdown(extensions: tuple[str, ...], settings: dict[str, Any]) -> "Markdown":
    from markdown import Markdown

    return Markdown(extensions=list(extensions), extension_configs=settings, output_format="html")


def _settings(name: str, settings: Any) -> dict[str, Any]:
    if name == _CODE:
        return {"use_pygments": False}
    plain = {key: value for key, value in settings.items() if isinstance(value, str | bool | int)}
    return plain if name in _SETTABLE else {}
