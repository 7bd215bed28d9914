"""Show the shortcodes of Hugo's common themes.

The table has a row for each shortcode: its name, with a folder if it has one, and the function that
finds text, links and pictures in its arguments. Colours, icons and sizes are not text, and no title
is invented. The themes are LoveIt, DoIt, FixIt, Stack, Blowfish, Congo, PaperMod, Hextra, Ananke,
and Docsy, Book and Relearn where their shortcodes mean the same.
"""

import re
from collections.abc import Mapping
from html import escape

from syndicate.content.marks.handlers import Call, Shown, inner_text, nothing, unseen
from syndicate.content.marks.hugo_media import MEDIA, as_markdown
from syndicate.content.marks.snippets import block, callout, code_block, details, link, quote

__all__ = ["OPAQUE", "SHORTCODES"]


_EVENT = re.compile(
    r"^[ \t]*(?:-[ \t]+)?[\"']?(timestamp|content)[\"']?[ \t]*[:=](.*)$", re.MULTILINE
)
_UNNAMED_TAB = "<!--tab-->"
_CHINESE = {
    "note": "注意", "abstract": "摘要", "info": "信息", "tip": "技巧", "success": "成功",
    "question": "问题", "warning": "警告", "failure": "失败", "danger": "危险", "bug": "Bug",
    "example": "示例", "quote": "引用",
}  # fmt: skip
"""Chinese titles of boxes in LoveIt and the themes made from it."""


def _words(*names: str) -> Shown:
    """Show the named argument, the first argument, or the text of the pair."""

    def shown(call: Call) -> str:
        return as_markdown(call.words.get(*names, at=0)) or call.inner

    return shown


def _element(name: str) -> Shown:
    """Show the text of the pair, or all positional arguments, in an HTML element."""

    def shown(call: Call) -> str:
        given = call.words.get("text", "content") or " ".join(call.words.positional)
        text = call.inner.strip() or as_markdown(given)
        return f"<{name}>{text}</{name}>" if text else ""

    return shown


def _heading(call: Call, *titles: str) -> str:
    """Return each title as a bold paragraph."""
    return "".join(
        f"\n\n{call.indent}<strong>{as_markdown(title)}</strong>\n\n" for title in titles if title
    )


def _titled(*names: str) -> Shown:
    """Show the text of the pair with the named arguments as headings."""

    def shown(call: Call) -> str:
        return _heading(call, *map(call.words.get, names)) + call.inner

    return shown


def _untitled_box(call: Call) -> str:
    """Show a box with the title that the author gave; the first argument is an icon or a kind."""
    text = call.inner.strip() or as_markdown(call.words.get("text", "content", "message"))
    title = call.words.get("title", "heading", "header")
    return callout(text, title, call.indent) if text else as_markdown(title)


def _admonition(call: Call) -> str:
    """Show a box: ``kind [title]``. The default title is the name of the kind."""
    words = call.words
    kind = words.get("type", "style", "kind", "color", at=0) or "note"
    site = str(call.context.site.get("language") or "")
    chinese = _CHINESE.get(kind.lower(), "") if site.lower().startswith("zh") else ""
    title = words.get("title", at=1) or chinese or kind[:1].upper() + kind[1:]
    return callout(call.inner, "" if title == "~" else title, call.indent)


def _folded(call: Call) -> str:
    title = call.words.get("summary", "title", "header", "text", at=0)
    return details(call.inner, title, call.indent)


def _tab(call: Call) -> str:
    """Show a tab's label above its text. The pair around the tabs labels a tab without one."""
    label = call.words.get("label", "name", "title", "header", "tabName", at=0)
    return (_heading(call, label) if label else f"\n\n{_UNNAMED_TAB}\n\n") + call.inner


def _tabs(call: Call) -> str:
    """Show the tabs; ``items="one,two"`` labels those without a label."""
    names = iter(call.words.get("items").split(","))

    def named(_: re.Match[str]) -> str:
        return _heading(call, next(names, "").strip())

    return re.sub(_UNNAMED_TAB, named, call.inner)


def _quote(call: Call) -> str:
    """Show a quotation with ``author``, ``source`` and ``url`` of Stack."""
    get = call.words.get
    if not call.inner.strip():
        return quote(
            as_markdown(get("text", "quote", at=0)), as_markdown(get("author", at=1)), call.indent
        )
    author, source, url = (
        get("author", at=0),
        get("source", "cite", "attribution"),
        get("url", "link"),
    )
    shown = link(url, source or author) if url else as_markdown(source)
    who = as_markdown(author) if author and not (url and not source) else ""
    return quote(call.inner, ", ".join(filter(None, (who, shown))), call.indent)


def _typed(call: Call) -> str:
    """Show text that the page types out letter by letter; with ``code`` it is code."""
    language = call.words.get("code")
    if language:
        return code_block(call.inner, language, "", call.indent)
    return "\n\n".join(filter(None, (as_markdown(call.words.get("initialString")), call.inner)))


def _two(call: Call, *second: str) -> tuple[str, str]:
    """Return the text that a shortcode shows, and its explanation.

    The text is that of the pair, or the first argument. The explanation is the first argument that
    `second` names, or the last argument.
    """
    inner, words = call.inner.strip(), call.words
    rest = [*words.positional, *(text for key, text in words.named.items() if key not in second)]
    shown = inner or as_markdown("".join(rest[:1]))
    return shown, words.get(*second) or "".join(rest[-1:] if inner else rest[1:2])


def _ruby(call: Call) -> str:
    """Show ruby: ``base reading``, or only the reading if the pair holds the base."""
    base, reading = _two(call, "rt", "ruby", "reading", "furigana", "kana")
    return f"<ruby>{base}<rp>(</rp><rt>{as_markdown(reading)}</rt><rp>)</rp></ruby>"


def _abbreviation(call: Call) -> str:
    """Show an abbreviation: ``short long``, or only the long form beside a pair."""
    short, long = _two(call, "title", "long", "full", "description")
    return f'<abbr title="{escape(long)}">{short}</abbr>'


def _tooltip(call: Call) -> str:
    shown, tip = _two(call, "tip", "title", "content")
    return f"{shown} ({as_markdown(tip)})" if tip else shown


def _directed(way: str) -> Shown:
    return lambda call: block(f'<div dir="{way}">', call.inner, "</div>", call.indent)


def _events(call: Call) -> str:
    """Show FixIt's events, each with its time; Blowfish's items have no time."""
    events = [(key, value.strip(" \t,\"'")) for key, value in _EVENT.findall(call.inner)]
    if not events:
        return call.inner
    return "".join(
        _heading(call, value) if key == "timestamp" else f"\n\n{call.indent}{value}\n\n"
        for key, value in events
    )


def _in_production(call: Call) -> str:
    return call.inner if call.words.get(at=0) == "production" else ""


def _code(language: str) -> Shown:
    return lambda call: code_block(call.inner, language, "", call.indent)


def _tree(call: Call) -> str:
    """Show Hextra's tree of files as a nested list."""
    inner = "".join(line.strip() for line in call.inner.split("\n"))
    name = as_markdown(call.words.get("name"))
    if call.name == "filetree/container":
        return f"\n\n{call.indent}<ul>{inner}</ul>\n\n{call.indent}"
    return f"<li>{name}{f'<ul>{inner}</ul>' if inner else ''}</li>"


OPAQUE = frozenset({"chart", "echarts", "file-tree", "mapbox", "script", "leaflet"})
"""Pairs that enclose code or data, so that no shortcode in it counts."""

SHORTCODES: Mapping[str, Shown] = {
    **MEDIA,
    # Words in the text.
    **{name: _element(name) for name in ("kbd", "mark", "sub", "sup", "small", "u", "del", "ins")},
    "abbr": _abbreviation,
    "ruby": _ruby,
    "tooltip": _tooltip,
    "term": _words("entry"),
    "version": _words(),
    # Text with a title, or text set apart.
    "accordionItem": _folded,
    "accordion-item": _folded,
    "details": _folded,
    "collapse": _folded,
    "expand": _folded,
    "spoiler": _folded,
    "toggle": _folded,
    "admonition": _admonition,
    "notice": _admonition,
    "alert": _untitled_box,
    "callout": _untitled_box,
    "aside": _untitled_box,
    "box": _untitled_box,
    "message": _untitled_box,
    "hint": _untitled_box,
    "pageinfo": _untitled_box,
    "panel": _untitled_box,
    "center-quote": lambda call: quote(call.inner, "", call.indent),
    "quote": _quote,
    "blockquote": _quote,
    "tab": _tab,
    "tabs": _tabs,
    "timeline": _events,
    "timelineItem": _titled("header", "badge", "subheader"),
    "step": _titled("title"),
    "stat": _titled("value", "label"),
    "typeit": _typed,
    "env": _in_production,
    "ltr": _directed("ltr"),
    "rtl": _directed("rtl"),
    "file-tree": _code("yaml"),
    "filetree/container": _tree,
    "filetree/folder": _tree,
    "filetree/file": _tree,
    # The text, below its title if there is one.
    **dict.fromkeys(
        ("accordion", "aplayer", "auto-dark", "cardpane", "cards", "cell", "center", "col",
         "column", "columns", "feature-grid", "gallery", "gh-repo-card-container", "grid",
         "hextra/feature-grid", "hextra/hero-badge", "hextra/hero-headline",
         "hextra/hero-section", "hextra/hero-subtitle", "katex", "keyword", "keywordList",
         "keywords", "latex", "lead", "marquee", "marquee-item", "math", "mathjax", "row",
         "slider", "stats", "steps", "style", "tabgroup", "tabpane"),
        _titled("title", "heading", "header", "summary"),
    ),
    # Drawn by the page's scripts, or made from data files; not the text of the post.
    **dict.fromkeys(("chart", "echarts", "leaflet", "mapbox", "script"), nothing),
    "list": unseen,
    "page-index": unseen,
    **dict.fromkeys(
        ("busuanzi_embed", "fa-icon", "fontawesome", "form-contact", "icon", "load-photoswipe",
         "profile", "reward", "reward-log", "sociallink", "swatches", "toc"),
        inner_text,
    ),
}  # fmt: skip
"""Name of each shortcode, and the function that shows it."""
