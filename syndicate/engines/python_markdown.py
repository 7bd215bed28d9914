"""Extensions of the renderer Python-Markdown, as Pelican's and Nikola's settings name them.

Only those that come with Python-Markdown, and those of pymdownx that are read here, are used, by
lists of ours: no setting of a blog makes this program import a module.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from syndicate.grammar import PythonMarkdown
from syndicate.model import Problem

__all__ = ["nikola_grammar", "pelican_grammar"]

_PREFIX = "markdown.extensions."
_KNOWN = frozenset(
    ("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code",
     "footnotes", "legacy_em", "md_in_html", "nl2br", "sane_lists", "smarty", "tables", "toc",
     "wikilinks")
)  # fmt: skip
_NEEDED = {
    "pymdownx.extra": ("extra",),
    "pymdownx.superfences": ("fenced_code",),
    "pymdownx.highlight": ("codehilite",),
    "pymdownx.details": ("admonition",),
    "pymdownx.tabbed": ("admonition",),
}
"""What comes with Python-Markdown and is needed for an extension of pymdownx."""
_READ_HERE = {
    "pymdownx.extra": "superfences",
    **{
        f"pymdownx.{name}": name
        for name in ("arithmatex", "caret", "details", "emoji", "inlinehilite", "keys",
                     "magiclink", "mark", "smartsymbols", "superfences", "tabbed", "tasklist",
                     "tilde")
    },
}  # fmt: skip
_SAYS_NOTHING = frozenset(
    ("meta", "pymdownx.b64", "pymdownx.betterem", "pymdownx.escapeall", "pymdownx.pathconverter",
     "pymdownx.saneheaders", "pymdownx.striphtml")
)  # fmt: skip
"""Extensions that take something out before we see the text, or change no words."""
_PELICANS = ("codehilite", "extra")
_NIKOLAS = ("fenced_code", "codehilite", "extra")
_MOST = 100


def pelican_grammar(config: Mapping[str, Any]) -> tuple[PythonMarkdown, tuple[Problem, ...]]:
    """Return what the setting MARKDOWN says, and a Problem that names what is not known of it."""
    told = config.get("MARKDOWN")
    if not isinstance(told, dict):
        return _grammar(_PELICANS, {}, "pelicanconf.py", "MARKDOWN")
    settings = _map(told.get("extension_configs"))
    names = [*_names(told.get("extensions")), *settings]
    return _grammar(names, settings, "pelicanconf.py", "MARKDOWN")


def nikola_grammar(config: Mapping[str, Any]) -> tuple[PythonMarkdown, tuple[Problem, ...]]:
    """Return what MARKDOWN_EXTENSIONS says, and a Problem that names what is not known of it."""
    told = config.get("MARKDOWN_EXTENSIONS")
    names = _names(told) if isinstance(told, list) else _NIKOLAS
    settings = _map(config.get("MARKDOWN_EXTENSION_CONFIGS"))
    settings = _map(settings.get("DEFAULT")) or settings
    grammar, problems = _grammar(names, settings, "conf.py", "MARKDOWN_EXTENSIONS")
    return replace(grammar, strikethrough=True), problems


def _grammar(
    names: Iterable[str], settings: Mapping[str, Any], file: str, key: str
) -> tuple[PythonMarkdown, tuple[Problem, ...]]:
    found: dict[str, Mapping[str, Any]] = {}
    pymdown: dict[str, Mapping[str, Any]] = {}
    strange = []
    for name in dict.fromkeys(names):
        told = {str(key): value for key, value in _map(settings.get(name)).items()}
        own = _READ_HERE.get(name)
        short = name.removeprefix(_PREFIX)
        needed = _NEEDED.get(name, (short,) if short in _KNOWN else ())
        found.update({_PREFIX + each: told for each in needed})
        if own:
            pymdown[own] = told
        elif not needed and short not in _SAYS_NOTHING:
            strange.append(name)
    problems: tuple[Problem, ...] = ()
    if strange:
        what = f"{key}: these extensions of Markdown are not run: {', '.join(strange)}"
        cure = "nothing need be done where the posts read well without them"
        problems = (Problem(file, "markdown-extension", what, cure),)
    return PythonMarkdown(tuple(found), found, pymdown=pymdown), problems


def _names(value: Any) -> list[str]:
    values = value[:_MOST] if isinstance(value, list) else []
    return [each.partition("(")[0] for each in values if isinstance(each, str)]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
