"""Read the extensions of the renderer Python-Markdown from Pelican's and Nikola's settings.

Only extensions in the lists below are used: a blog's settings never make this program import a
module. The lists hold Python-Markdown's own extensions, and the extensions of pymdownx that this
program implements.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from syndicate.engines.shared.grammar import PythonMarkdown
from syndicate.engines.shared.values import as_map
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
"""Python-Markdown's own extensions that an extension of pymdownx needs."""
_READ_HERE = {
    "pymdownx.extra": "superfences",
    **{
        f"pymdownx.{name}": name
        for name in ("arithmatex", "caret", "details", "emoji", "inlinehilite", "keys",
                     "magiclink", "mark", "smartsymbols", "superfences", "tabbed", "tasklist",
                     "tilde")
    },
}  # fmt: skip
_WITHOUT_EFFECT = frozenset(
    ("meta", "pymdownx.b64", "pymdownx.betterem", "pymdownx.escapeall", "pymdownx.pathconverter",
     "pymdownx.saneheaders", "pymdownx.striphtml")
)  # fmt: skip
"""Extensions that need no support: they change no words of the text."""
_PELICANS = ("codehilite", "extra")
_NIKOLAS = ("fenced_code", "codehilite", "extra")
_MOST = 100


def pelican_grammar(config: Mapping[str, Any]) -> tuple[PythonMarkdown, tuple[Problem, ...]]:
    """Read the setting MARKDOWN. Report its unknown extensions in a Problem."""
    options = config.get("MARKDOWN")
    if not isinstance(options, dict):
        return _grammar(_PELICANS, {}, "pelicanconf.py", "MARKDOWN")
    settings = as_map(options.get("extension_configs"))
    names = [*_names(options.get("extensions")), *settings]
    return _grammar(names, settings, "pelicanconf.py", "MARKDOWN")


def nikola_grammar(config: Mapping[str, Any]) -> tuple[PythonMarkdown, tuple[Problem, ...]]:
    """Read the setting MARKDOWN_EXTENSIONS. Report its unknown extensions in a Problem."""
    extensions = config.get("MARKDOWN_EXTENSIONS")
    names = _names(extensions) if isinstance(extensions, list) else _NIKOLAS
    settings = as_map(config.get("MARKDOWN_EXTENSION_CONFIGS"))
    settings = as_map(settings.get("DEFAULT")) or settings
    grammar, problems = _grammar(names, settings, "conf.py", "MARKDOWN_EXTENSIONS")
    return replace(grammar, strikethrough=True), problems


def _grammar(
    names: Iterable[str], settings: Mapping[str, Any], file: str, key: str
) -> tuple[PythonMarkdown, tuple[Problem, ...]]:
    found: dict[str, Mapping[str, Any]] = {}
    pymdown: dict[str, Mapping[str, Any]] = {}
    unknown = []
    for name in dict.fromkeys(names):
        options = {str(key): value for key, value in as_map(settings.get(name)).items()}
        own = _READ_HERE.get(name)
        short = name.removeprefix(_PREFIX)
        needed = _NEEDED.get(name, (short,) if short in _KNOWN else ())
        found.update({_PREFIX + extension: options for extension in needed})
        if own:
            pymdown[own] = options
        elif not needed and short not in _WITHOUT_EFFECT:
            unknown.append(name)
    problems: tuple[Problem, ...] = ()
    if unknown:
        what = f"{key}: Markdown extensions without support: {', '.join(unknown)}"
        cure = "check in the feeds that the posts read well without them"
        problems = (Problem(file, "markdown-extension", what, cure),)
    return PythonMarkdown(tuple(found), found, pymdown=pymdown), problems


def _names(value: Any) -> list[str]:
    values = value[:_MOST] if isinstance(value, list) else []
    return [item.partition("(")[0] for item in values if isinstance(item, str)]
