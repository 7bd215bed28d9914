"""Read the settings of Markdown renderers that follow CommonMark.

Checked by running Hugo 0.168, Hexo 8 with its renderers, Eleventy 3, Astro 5 and Docusaurus 3
(`tests/engines/regenerate_grammar.py`). Zola 0.21 was not run: its source was read.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from syndicate.engines.shared.grammar import CommonMark
from syndicate.engines.shared.scripts import block, packages
from syndicate.engines.shared.values import as_map
from syndicate.files.read import is_there

__all__ = [
    "astro_grammar",
    "docusaurus_grammar",
    "eleventy_grammar",
    "hexo_grammar",
    "hugo_grammar",
    "zola_grammar",
]

_DELIMITERS = 20
_THEME_MARKS = {"ruby": "ruby", "fraction": "fraction", "icons": "fontawesome"}
_HOOKS = ("layouts/_markup", "layouts/_default/_markup")
_HEXO_RENDERERS = ("hexo-renderer-markdown-it-plus", "hexo-renderer-markdown-it",
                   "hexo-renderer-kramed", "hexo-renderer-pandoc")  # fmt: skip
_OLD = re.compile(r"[^\d]{0,9}[0-2]\.")
"""Versions of hexo-renderer-marked with a marked from before CommonMark."""
_FORMULA_WORDS = re.compile(r"katex|mathjax|texmath|remark-math|kramed|pandoc|-math\b|-plus\b")
# Settings that plug-ins of markdown-it switch on, by the plug-ins' names.
_PLUGINS: Mapping[str, Mapping[str, Any]] = {
    "markdown-it-footnote": {"footnotes": "goldmark"},
    "markdown-it-deflist": {"definitions": True},
    "markdown-it-attrs": {"heading_attributes": True},
    "markdown-it-emoji": {"emoji": True},
    "markdown-it-task-lists": {"task_lists": True},
    "markdown-it-task-checkbox": {"task_lists": True},
    "markdown-it-github-alerts": {"alerts": True},
}
_SIGNS = {
    "markdown-it-ins": "insert",
    "markdown-it-mark": "mark",
    "markdown-it-sub": "subscript",
    "markdown-it-sup": "superscript",
}


def hugo_grammar(config: Mapping[str, Any], root: Path) -> CommonMark | None:
    """Return the settings of goldmark, or None if the site has another renderer.

    The keys of `config` must be in lower case.
    """
    markup = as_map(config.get("markup"))
    if str(markup.get("defaultmarkdownhandler") or "goldmark").lower() != "goldmark":
        return None
    goldmark = as_map(markup.get("goldmark"))
    renderer, extensions = as_map(goldmark.get("renderer")), as_map(goldmark.get("extensions"))
    attribute = as_map(as_map(goldmark.get("parser")).get("attribute"))
    cjk = as_map(extensions.get("cjk"))
    extras = as_map(extensions.get("extras"))
    return CommonMark(
        tables=extensions.get("table") is not False,
        strikethrough=_struck(extensions, extras),
        single_tilde="" if extensions.get("strikethrough") is False else "flanking",
        task_lists=extensions.get("tasklist") is not False,
        footnotes="goldmark" if _enabled(extensions.get("footnote"), default=True) else "",
        definitions=extensions.get("definitionlist") is not False,
        heading_attributes=attribute.get("title") is not False,
        html=renderer.get("unsafe") is True,
        alerts=_has_theme(config) or _has_quotation_hook(root),
        autolinks=_linkified(extensions),
        breaks=renderer.get("hardwraps") is True,
        typography="goldmark" if _has_typographer(extensions.get("typographer")) else "",
        emoji=config.get("enableemoji") is True,
        passthrough=_passthrough(as_map(extensions.get("passthrough"))),
        signs=tuple(
            name
            for name in ("insert", "mark", "subscript", "superscript")
            if _enabled(extras.get(name), default=False)
        ),
        block_attributes=attribute.get("block") is True,
        theme_marks=_theme_marks(config),
        escaped_space=_enabled(cjk or None, default=False) and cjk.get("escapedspace") is True,
    )


def _has_theme(config: Mapping[str, Any]) -> bool:
    """Return True if the site has a theme, whose templates may render ``[!NOTE]`` as a note."""
    return bool(config.get("theme") or as_map(config.get("module")).get("imports"))


def _theme_marks(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the marks that the theme LoveIt, DoIt or FixIt resolves. FixIt enables all."""
    params, module = as_map(config.get("params")), as_map(config.get("module"))
    in_pages = as_map(params.get("page"))
    default = "fixit" in f"{config.get('theme')} {module.get('imports')}"[:10_000].lower()
    return tuple(
        mark
        for mark, key in _THEME_MARKS.items()
        if in_pages.get(key, params.get(key, default)) is True
    )


def _has_quotation_hook(root: Path) -> bool:
    return any(is_there(root / f"{item}/render-blockquote.html") for item in _HOOKS)


def _linkified(extensions: Mapping[str, Any]) -> Literal["", "http", "https"]:
    if extensions.get("linkify") is False:
        return ""
    return "http" if extensions.get("linkifyprotocol") == "http" else "https"


def _has_typographer(value: Any) -> bool:
    return value is not False and as_map(value).get("disable") is not True


def _struck(extensions: Mapping[str, Any], extras: Mapping[str, Any]) -> bool:
    by_extras = _enabled(extras.get("delete"), default=False)
    return extensions.get("strikethrough") is not False or by_extras


def _passthrough(options: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if options.get("enable") is not True:
        return ()
    delimiters = as_map(options.get("delimiters"))
    found = [
        (pair[0], pair[1])
        for pairs in (delimiters.get(kind) for kind in ("block", "inline"))
        for pair in (pairs[:_DELIMITERS] if isinstance(pairs, list) else ())
        if isinstance(pair, list) and len(pair) == 2 and all(map(_is_mark, pair))
    ]
    return tuple(dict.fromkeys(found))


def _is_mark(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _DELIMITERS and not value.isspace()


def hexo_grammar(config: Mapping[str, Any], root: Path) -> CommonMark | None:
    """Return the settings of Hexo's renderer, or None if it is pandoc.

    The renderer is named by `package.json`, else by its settings in `_config.yml`. The default is
    hexo-renderer-marked.
    """
    named = _packages(root)
    renderer = next((item for item in _HEXO_RENDERERS if item in named), "")
    if not renderer and "hexo-renderer-marked" not in named and "marked" not in config:
        keys = {"markdown": "hexo-renderer-markdown-it", "kramed": "hexo-renderer-kramed"}
        renderer = next((keys[key] for key in keys if isinstance(config.get(key), dict)), "")
    emoji = "hexo-filter-github-emojis" in named
    formulas = not named or _has_formulas(named)  # without package.json they are possible
    if renderer == "hexo-renderer-pandoc":
        return None
    if renderer.startswith("hexo-renderer-markdown-it"):
        return _markdown_it(config, plus=renderer.endswith("plus"), emoji=emoji, formulas=formulas)
    options = as_map(config.get("kramed" if renderer else "marked"))
    kramed = bool(renderer)
    gfm = options.get("gfm") is not False
    own: Literal["kramed", "marked"] = "kramed" if kramed else "marked"
    return CommonMark(
        tables=gfm,
        strikethrough=gfm,
        single_tilde="marked" if gfm and not kramed else "",
        task_lists=gfm and not kramed,
        footnotes="goldmark" if kramed else "",
        autolinks="http" if gfm and options.get("autolink") is not False else "",
        breaks=gfm and options.get("breaks") is not False,
        typography=own if options.get("smartypants") is not False else "",
        emoji=emoji,
        formulas=formulas or kramed,
        before_commonmark=own if kramed or _is_old(named) else "",
        description_lists=not kramed and options.get("descriptionLists") is not False,
    )


def _is_old(named: Mapping[str, str]) -> bool:
    return _OLD.match(named.get("hexo-renderer-marked", "")) is not None


def _markdown_it(
    config: Mapping[str, Any], *, plus: bool, emoji: bool, formulas: bool
) -> CommonMark:
    options = as_map(config.get("markdown"))
    render = {**options, **as_map(options.get("render"))}
    plugins = options.get("plugins")
    names = [
        str(item.get("name") if isinstance(item, dict) else item)
        for item in (plugins if isinstance(plugins, list) else ())
    ]
    if plus:
        names += [*_PLUGINS, *_SIGNS]
    whole = str(options.get("preset") or "default") != "commonmark"
    return CommonMark(
        tables=whole,
        strikethrough=whole,
        task_lists=False,
        autolinks="http" if render.get("linkify") is not False else "",
        breaks=render.get("breaks") is not False,
        typography="markdown-it" if render.get("typographer") is not False else "",
        formulas=formulas or _has_formulas(names),
        **{"emoji": emoji, **_plugged(names)},
    )


def _plugged(names: Iterable[str]) -> dict[str, Any]:
    """Return the settings that plug-ins of markdown-it switch on."""
    added: dict[str, Any] = {}
    signs = []
    for name in names:
        added.update(_PLUGINS.get(name.rpartition("/")[2], {}))
        signs += [_SIGNS[name]] if name in _SIGNS else []
    return {**added, "signs": tuple(signs)} if signs else added


def zola_grammar(config: Mapping[str, Any]) -> CommonMark:
    """Return the settings of the section `[markdown]` of config.toml."""
    options = as_map(config.get("markdown"))
    return CommonMark(
        footnotes="github" if options.get("bottom_footnotes") is True else "in place",
        definitions=options.get("definition_list") is True,
        heading_attributes=True,
        alerts=options.get("github_alerts") is True,
        autolinks="",
        typography="pulldown-cmark" if options.get("smart_punctuation") is True else "",
        emoji=options.get("render_emoji") is True,
    )


def eleventy_grammar(script: str, root: Path) -> CommonMark:
    """Return the settings of markdown-it that are literals in the configuration."""
    own = "markdown-it" in script or "setLibrary" in script or "amendLibrary" in script
    named = [name for name in _packages(root) if name in script]
    added = {"task_lists": False, **_plugged(named)}
    code = re.search(r"""\.enable\(\s{0,9}\[?\s{0,9}["']code["']""", script)
    return CommonMark(
        autolinks="http" if own and _is_on(script, "linkify") else "",
        indented_code=code is not None,
        breaks=own and _is_on(script, "breaks"),
        typography="markdown-it" if own and _is_on(script, "typographer") else "",
        formulas=_has_formulas(named),
        **added,
    )


def astro_grammar(script: str, root: Path, folder: str) -> CommonMark:
    """Return the settings of remark that are literals in Astro's configuration."""
    markdown = block(script, r"\bmarkdown\s{0,9}:")
    named = [name for name in _packages(root, folder) if name in script]
    gfm = not _is_off(markdown, "gfm")
    return CommonMark(
        tables=gfm,
        strikethrough=gfm,
        single_tilde="flanking" if gfm else "",
        task_lists=gfm,
        footnotes="github" if gfm else "",
        autolinks="http" if gfm else "",
        breaks="remark-breaks" in named,
        typography="" if _is_off(markdown, "smartypants") else "remark",
        emoji="remark-emoji" in named or "remark-gemoji" in named,
        formulas=_has_formulas(named),
    )


def docusaurus_grammar(script: str, root: Path, folder: str) -> CommonMark:
    """Return the settings of MDX in Docusaurus."""
    named = [name for name in _packages(root, folder) if name in script]
    return CommonMark(
        single_tilde="flanking",
        footnotes="github",
        heading_attributes=True,
        indented_code=False,
        jsx=True,
        breaks="remark-breaks" in named,
        emoji=not _is_off(block(script, r"\bmarkdown\s{0,9}:"), "emoji"),
        formulas=_has_formulas(named),
    )


def _has_formulas(names: Iterable[str]) -> bool:
    return any(_FORMULA_WORDS.search(name) for name in names)


def _packages(root: Path, folder: str = "") -> Mapping[str, str]:
    try:
        return packages(root, folder)
    except OSError:  # `Engine.recognise` reports it
        return {}


def _is_on(script: str, key: str) -> bool:
    return bool(re.search(rf"\b{key}\s{{0,9}}:\s{{0,9}}true\b", script))


def _is_off(script: str, key: str) -> bool:
    return bool(re.search(rf"\b{key}\s{{0,9}}:\s{{0,9}}false\b", script))


def _enabled(value: Any, *, default: bool) -> bool:
    """Return True if an extension is on. `value` is a boolean or a table with `enable`."""
    if isinstance(value, bool):
        return value
    enabled = as_map(value).get("enable")
    return enabled if isinstance(enabled, bool) else default
