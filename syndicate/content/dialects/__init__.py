"""What a generator does to a body before Markdown: tags, shortcodes, components, links resolved.

One module for each language of marks, behind one function. Guaranteed for any text: it never
raises, its time and memory are bounded, no file outside the blog is read, nothing is executed, and
marks in code stay as they are.
"""

from collections.abc import Callable, Mapping
from importlib import import_module

from syndicate.content.dialects.context import (
    Asked,
    Context,
    Notes,
    Resolved,
    hearing,
    is_still_true,
)
from syndicate.content.dialects.crosslinks import with_addresses
from syndicate.content.markup import is_html

__all__ = ["Asked", "Context", "Resolved", "has_marks", "is_still_true", "resolve"]

# Each module is imported when a body first needs it: python-liquid alone takes 0.1 s.
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
"""Each dialect's module, and what a body with anything to resolve has one of: a character of the
first (where there are any), a text of the second."""


def has_marks(body: str, dialect: str, links: Mapping[str, str]) -> bool:
    """Whether `resolve` could change `body`; where not, no context need be made for it."""
    return _is_marked(body, dialect) or _is_linked(body, links)


def resolve(body: str, dialect: str, *, markup: str, context: Context) -> Resolved:
    """`body` without the marks of `dialect`.

    `dialect` is a key of `_LANGUAGES`, or empty for links alone; `markup` is "markdown", "rst" or
    "html". A body without marks is returned as it is, at the cost of a search.
    """
    marked, linked = _is_marked(body, dialect), _is_linked(body, context.links)
    if not marked and not linked:
        return Resolved(body)
    notes = Notes()
    text = body.replace("\r\n", "\n")
    html = markup == "html" or is_html(text)
    with hearing() as heard:
        if marked:
            text = _renderer(dialect)(text, context, notes, html=html)
        if linked:
            text = with_addresses(text, context, html=html)
    dropped = " ".join(notes.dropped)
    return Resolved(text, tuple(notes.unknown), tuple(notes.faults), tuple(heard), dropped)


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
    found = import_module(f"syndicate.content.dialects.{_LANGUAGES[dialect][0]}")
    render: Callable[..., str] = found.render
    return render
