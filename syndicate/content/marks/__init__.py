"""Resolve a generator's marks in a body before Markdown: tags, shortcodes, components, links.

Each language of marks is one module, behind the same function. Guaranteed for any text: no module
raises, time and memory are bounded, no file outside the blog is read, nothing is executed, and
marks in code stay unchanged.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from syndicate.content.marks.context import (
    Context,
    Dependency,
    Notes,
    Resolved,
    collecting,
    is_still_true,
)
from syndicate.content.marks.crosslinks import with_addresses
from syndicate.content.markup import is_html

__all__ = ["Context", "Dependency", "Resolved", "has_marks", "is_still_true", "resolve"]

# Each module is imported when a body first needs it; python-liquid alone takes 0.1 s.
_LANGUAGES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "liquid": ("liquid", "{", ("{%", "{{")),
    "eleventy": ("eleventy", "{", ("{%", "{{", "{#")),
    "hugo": ("hugo", "{", ("{{<", "{{%")),
    "hexo": ("hexo", "{", ("{%", "{{", "{#")),
    "nikola": ("nikola", "", ("link:/",)),
    "obsidian": ("obsidian", "", ("[[", "[!", "==", "^")),
    "pelican": ("pelican", "{|%", ("{", "|", "%7B", "%7b")),
    "zola": ("zola", "{", ("{%", "{{")),
    "docusaurus": ("mdx", "", ("{", "<", "import ", "export ", ":::", "mdx-code-block")),
    "vue": ("vue", "", (":::", "[[", "[!", "{{", "<Badge", "<<<", "@", "](/", "](.", "withBase(")),
    "mdx": ("mdx", "", ("{", "<", "import ", "export ", ":::", "mdx-code-block")),
}
"""Module of each dialect, characters and texts.

A body with marks of the dialect has one of the characters (if there are any) and one of the texts.
"""


def has_marks(body: str, dialect: str, links: Mapping[str, str]) -> bool:
    """Return True if `resolve` could change `body`. Otherwise `resolve` needs no context."""
    return _is_marked(body, dialect) or _is_linked(body, links)


def resolve(body: str, dialect: str, *, markup: str, context: Context) -> Resolved:
    """Return `body` without the marks of `dialect`.

    `dialect` is a key of `_LANGUAGES`, or empty to resolve only links. `markup` is "markdown",
    "rst" or "html". A body without marks is only searched, and returned unchanged.
    """
    marked, linked = _is_marked(body, dialect), _is_linked(body, context.links)
    if not marked and not linked:
        return Resolved(body)
    notes = Notes()
    text = body.replace("\r\n", "\n")
    html = markup == "html" or is_html(text)
    with collecting() as dependencies:
        if marked:
            text = _renderer(dialect)(text, context, notes, html=html)
        if linked:
            text = with_addresses(text, context, html=html)
    dropped = " ".join(notes.dropped)
    return Resolved(text, tuple(notes.unknown), tuple(notes.faults), tuple(dependencies), dropped)


def _is_marked(body: str, dialect: str) -> bool:
    if dialect not in _LANGUAGES:
        return False
    _, signs, needles = _LANGUAGES[dialect]
    # One character is found ten times as fast as two, and many posts have no brace.
    if signs and not any(sign in body for sign in signs):
        return False
    return any(needle in body for needle in needles)


def _is_linked(body: str, links: Mapping[str, str]) -> bool:
    return ".md" in body and bool(links)


def _renderer(dialect: str) -> Callable[..., str]:
    module = import_module(f"syndicate.content.marks.{_LANGUAGES[dialect][0]}")
    render: Callable[..., str] = module.render
    return render
