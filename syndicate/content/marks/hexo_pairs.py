"""Show the tag pairs of Hexo's themes and plug-ins, which enclose text.

The table `PAIRS` has a row for each tag: its name, and the function that shows it. The tags are
those of NexT, Butterfly, AnZhiYu, Fluid, Icarus, Volantis, Stellar, tag-plugins-plus and
tag-aplayer. Only titles that the author wrote are shown.
"""

import re
from collections.abc import Mapping

from syndicate.content.marks.common_tags import CALLOUTS
from syndicate.content.marks.handlers import Call, Shown, inner_text, nothing
from syndicate.content.marks.hexo_words import fields, joined, keyed, plain, theme, tokens
from syndicate.content.marks.snippets import block, callout, code_block, details, link, quote, sound

__all__ = ["OPAQUE", "PAIRS"]


_STYLES = CALLOUTS | {
    "default", "primary", "no-icon", "simple", "modern", "flat", "disabled", "light", "dark", "red",
    "blue", "green", "orange", "pink", "purple", "yellow", "cyan", "gray", "grey", "black", "white",
    "quote", "link", "bolt", "ban", "home", "sync", "cogs", "key", "bell", "fold", "open", "close",
    "done", "code", "download", "up", "down", "undo", "border", "center", "left", "right",
}  # fmt: skip
_UNTITLED_NOTES = frozenset({"butterfly", "anzhiyu", "fluid"})
_ICON = re.compile(r"(?:fa[bsrld]?|icon|iconfont|anzhiyufont)(?:[ -]|$)|anzhiyu-icon-")
_LINE_COMMENT = re.compile(
    r"^[ \t]*<!--[ \t]*(end)?(\w+)\b((?:(?!-->).){0,500})-->[ \t]*$", re.MULTILINE
)
_PARTS = {
    "tab": "@", "timeline": "", "node": "", "folder": "", "section": "",
}  # fmt: skip
"""Comments that start a part with a title, and the sign that ends the title."""
_UNTITLED = frozenset({"cell", "paragraph", "line", "okr", "chart", "desc"})
_CHAT = re.compile(r"<!--[ \t]*chat(?:cell|tip)\b((?:(?!-->).){0,2000})-->", re.DOTALL)
_CHAT_KEY = re.compile(
    r"(?:^|\s)(user|tag|md|quote|image|emoji|source|voice|type|video|link|from|file):"
)
_ENTRY = re.compile(
    r"^[ \t]*(-[ \t]+)?(?:(class_name|class_desc|title|name|site|link|url|descr|desc|artist)[ \t]*:"
    r"|(?=https?://))(.*)$",
    re.MULTILINE,
)
_SONG = re.compile(r"\b(title|name|author|artist|url)[\"']?[ \t]*:[ \t]*[\"']([^\"'\n]{1,500})")
_DESCRIPTION = re.compile(r"<!--[ \t]*desc[ \t]*-->((?:(?!<!--[ \t]*enddesc).)*)", re.DOTALL)
_ITEM_ICON = re.compile(r"^([ \t]*- )icon:\S+ ?", re.MULTILINE)
_DIAGRAM = re.compile(
    r"(?:graph|flowchart|\w+Diagram(?:-v\d)?|gantt|pie|journey|mindmap|timeline)\b"
)
_LYRICS_TIME = re.compile(r"^[ \t]*(?:\[[\w:.]{1,20}\])+", re.MULTILINE)


def _note(call: Call) -> str:
    """Show a note. Only NexT has a summary in its arguments ``[class] [no-icon] [summary]``."""
    words = _after_looks(tokens(call.text))
    if not words or theme(call) in _UNTITLED_NOTES:
        return callout(call.inner, "", call.indent)
    return details(call.inner, " ".join(words), call.indent)


def _titled_note(call: Call) -> str:
    """Show the pair with the arguments ``class, title``."""
    words = fields(call)
    return callout(call.inner, words[1] if len(words) > 1 else "", call.indent)


def _box(call: Call) -> str:
    """Show a box.

    The arguments are ``[color:…] title`` in Stellar, ``title:… color:… icon:…`` in Icarus, and
    ``kind title`` in plug-ins.
    """
    named, words = keyed(call.text, ("color", "child", "icon", "size", "type", "title"))
    title = " ".join((named.get("title", ""), *_after_looks(words)))
    return callout(call.inner, title.strip(), call.indent)


def _after_looks(words: list[str]) -> list[str]:
    """Return `words` without the styles and icons at their start."""
    start = 0
    while start < len(words) and (words[start] in _STYLES or _ICON.match(words[start])):
        start += 1
    return words[start:]


def _tip(call: Call) -> str:
    """Show a tooltip of Stellar (``text:…``), or a box with a class in other themes."""
    named, others = keyed(call.text, ("text",))
    if "text" in named:
        return f"{call.inner.strip()} ({plain(' '.join((named['text'], *others)))})"
    return callout(call.inner, "", call.indent)


def _folded(call: Call) -> str:
    """Show the pair with the arguments ``title, colour, …`` of Butterfly."""
    return details(call.inner, fields(call)[0], call.indent)


def _folding(call: Call) -> str:
    """Show folded text with a title.

    The arguments are ``[look,] title``, in Stellar ``color:… open:… title``.
    """
    words = fields(call)
    if len(words) > 1:
        return details(call.inner, words[1], call.indent)
    return details(
        call.inner, " ".join(keyed(call.text, ("color", "child", "open"))[1]), call.indent
    )


def _fold(call: Call) -> str:
    """Show the pair with the arguments ``class @title`` of Fluid; the title alone elsewhere."""
    look, at, title = joined(call.text).partition("@")
    known = at or theme(call) == "fluid" or look.strip() in _STYLES
    return details(call.inner, title.strip() if known else look, call.indent)


def _parted(call: Call) -> str:
    """Show the text; comments that divide it become headings."""

    def headed(match: re.Match[str]) -> str:
        name, rest = match[2], match[3].strip()
        if name in _PARTS and not match[1]:
            named = keyed(rest, ("id", "icon", "title"))[0] if name == "tab" else {}
            sign = _PARTS[name]
            title = rest.partition(sign)[0] if sign else rest
            return _heading(call, named.get("title", "") if named else title)
        return "" if name in _PARTS or name in _UNTITLED else match[0]

    return _LINE_COMMENT.sub(headed, call.inner)


def _heading(call: Call, title: str) -> str:
    title = title.strip()
    return f"\n{call.indent}<strong>{title}</strong>\n\n" if title else ""


def _timeline(call: Call) -> str:
    """Show the pair with the arguments ``[title][, colour]``, then parts."""
    words = " ".join(keyed(call.text, ("api", "type", "user", "hide"))[1])
    title = words.partition(",")[0] if "<!--" in call.inner else words
    return _heading(call, title) + _parted(call)


def _under_title(call: Call) -> str:
    """Show the first field as a heading."""
    return _heading(call, fields(call)[0]) + call.inner


def _menu(call: Call) -> str:
    """Show the pair with the arguments ``[before,] title[, after]``."""
    return _heading(call, " ".join(fields(call))) + call.inner


def _poem(call: Call) -> str:
    """Show a poem.

    The arguments are ``title, author``, in Stellar ``title author:… date:… footer:…``.
    """
    named, others = keyed(call.text, ("title", "author", "date", "footer", "style"))
    words = [word.strip() for word in " ".join(others).split(",")]
    head = [named.get("title", ""), *words, named.get("author", ""), named.get("date", "")]
    text = "\n\n".join(filter(None, (_parted(call).strip(), plain(named.get("footer", "")))))
    shown = f"\n\n{call.indent}".join(plain(word) for word in head if word)
    return block("<blockquote>", f"{shown}\n\n{call.indent}{text}", "</blockquote>", call.indent)


def _banner(call: Call) -> str:
    words = keyed(call.text, ("bg", "avatar", "link"))[1]
    return "".join(_heading(call, word) for word in words) + call.inner


def _dropdown(call: Call) -> str:
    words = keyed(call.text, ("icon", "direction", "align", "open"))[1]
    return _heading(call, " ".join(words)) + _ITEM_ICON.sub(r"\1", call.inner)


def _centred(call: Call) -> str:
    return quote(call.inner, "", call.indent)


def _carousel(call: Call) -> str:
    words = [*fields(call), ""]
    return call.inner + _heading(call, words[1])


def _gallery(call: Call) -> str:
    return "" if fields(call)[0] == "url" else call.inner


def _listed(call: Call) -> str:
    """Show the YAML of Butterfly's ``flink`` or Shoka's ``links`` and ``media`` as links."""
    items: list[dict[str, str]] = [{}]
    for dash, key, value in _ENTRY.findall(call.inner):
        if dash:
            items.append({})
        items[-1][key or "url"] = joined(value)
    return "".join(_item(item) for item in items)


def _item(item: dict[str, str]) -> str:
    def first(*names: str) -> str:
        return next((item[name] for name in names if item.get(name)), "")

    name, url = first("name", "site"), first("link", "url")
    title = "" if url else first("class_name", "title")
    shown = "".join(
        f"\n<strong>{plain(text)}</strong>\n\n" for text in (title, first("class_desc")) if text
    )
    if not url and not name:
        return shown
    more = " ".join(plain(text) for text in (first("artist"), first("descr", "desc")) if text)
    return f"{shown}- {link(url, name or first('title'))} {more}".rstrip() + "\n"


def _link_grid(call: Call) -> str:
    """Show NexT's links, one ``name | url | description | picture`` in each line."""
    _, parting, remark = [*tokens(call.text), *("", "|", "%")[len(tokens(call.text)) :]][:3]
    shown = [""]
    for line in call.inner.split("\n"):
        words = [word.strip() for word in line.split(parting or "|")]
        if words[0] and not words[0].startswith(remark) and len(words) > 1:
            text = f" {plain(words[2])}" if len(words) > 2 else ""
            shown.append(f"- {link(words[1], words[0])}{text}")
    return "\n".join([*shown, ""])


def _songs(call: Call) -> str:
    """Show the JSON of tag-aplayer's songs as a list of titles and authors."""
    shown: list[str] = []
    head: list[str] = []
    for key, value in _SONG.findall(call.inner):
        if key == "url":
            shown.append(f"{' – '.join(head)} {sound(value)}")
            head = []
        else:
            head.append(plain(value))
    return "".join(f"\n\n{call.indent}{message.strip()}\n\n" for message in shown)


def _chat(call: Call) -> str:
    """Show the messages that Stellar keeps in comments, each with its author."""
    shown = [""]
    for match in _CHAT.finditer(call.inner):
        parts = _CHAT_KEY.split(match[1])
        values = {key: text.strip() for key, text in zip(parts[1::2], parts[2::2], strict=True)}
        text = parts[0].strip() or values.get("md", "")
        who = f"<strong>{plain(values['user'])}</strong>: " if "user" in values else ""
        if text:
            shown.append(f"{who}{text}\n")
    return "\n".join(shown)


def _chart(call: Call) -> str:
    """Show the text below a chart of Butterfly. The numbers are not text."""
    match = _DESCRIPTION.search(call.inner)
    return match[1] if match else ""


def _score(call: Call) -> str:
    """Show music in ABC notation, without the options above it."""
    head, dashes, notes = call.inner.partition("------")
    return code_block(notes if dashes else head, "abc", "", call.indent)


def _mermaid(call: Call) -> str:
    """Show a diagram. The first line may be in NexT's tag; other themes have settings there."""
    head = joined(call.text)
    first = f"{head}\n" if _DIAGRAM.match(head) else ""
    return code_block(f"{first}{call.inner.lstrip(chr(10))}", "mermaid", "", call.indent)


def _drawing(call: Call) -> str:
    return code_block(call.inner, call.name, "", call.indent)


def _song(call: Call) -> str:
    title, author, url = (*tokens(call.text), "", "", "")[:3]
    head = " – ".join(plain(word) for word in (title, author) if word)
    lyrics = _LYRICS_TIME.sub("", call.inner).strip().replace("\n", "<br>\n")
    return f"\n\n{call.indent}{head} {sound(url)}\n\n{lyrics}\n\n{call.indent}"


OPAQUE = frozenset(
    {"flink", "links", "media", "linkgrid", "lg", "chartjs", "chart", "echarts", "score",
     "wavedrom", "aplayerlrc", "aplayerlist", "chat", "mermaid", "plantuml", "puml"}
)  # fmt: skip
"""Pairs that enclose data, so that tags in it are not tags."""

PAIRS: Mapping[str, Shown] = {
    "note": _note,
    "subnote": _note,
    "noteblock": _titled_note,
    "blocknote": _titled_note,
    "box": _box,
    "message": _box,
    "notel": _box,
    "notelarge": _box,
    "notes": _box,
    "tip": _tip,
    "hideBlock": _folded,
    "hideToggle": _folded,
    "details": _folded,
    "spoiler": _folded,
    "toggle": _folded,
    "fold": _fold,
    "folding": _folding,
    "tabs": _parted,
    "subtabs": _parted,
    "subsubtabs": _parted,
    "folders": _parted,
    "grid": _parted,
    "okr": _parted,
    "timeline": _timeline,
    "timenode": _under_title,
    "sitegroup": _under_title,
    "menu": _menu,
    "submenu": _menu,
    "dropdown": _dropdown,
    "banner": _banner,
    "poem": _poem,
    "poetry": _poem,
    "reel": _poem,
    "paper": _poem,
    "centerquote": _centred,
    "cq": _centred,
    "carousel": _carousel,
    "gallery": _gallery,
    "flink": _listed,
    "links": _listed,
    "media": _listed,
    "linkgrid": _link_grid,
    "lg": _link_grid,
    "chat": _chat,
    "chartjs": _chart,
    "chart": nothing,
    "echarts": nothing,
    "score": _score,
    "mermaid": _mermaid,
    "wavedrom": _drawing,
    "plantuml": _drawing,
    "puml": _drawing,
    "aplayerlrc": _song,
    "aplayerlist": _songs,
    **dict.fromkeys(
        ("about", "btns", "buttons", "ghcardgroup", "gi", "gp", "groupimage", "grouppicture",
         "linkgroup", "swiper", "table", "videos"),
        inner_text,
    ),
}  # fmt: skip
"""Name of each tag, and the function that shows it."""
