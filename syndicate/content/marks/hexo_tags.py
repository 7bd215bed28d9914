"""Show the single tags of Hexo's themes and plug-ins.

The table `TAGS` has a row for each tag: its name, and the function that finds text, links and
pictures in its arguments. Other arguments are colours, icons and sizes. The tags are those of NexT,
Butterfly, AnZhiYu, Fluid, Icarus, Volantis, Stellar, tag-plugins-plus and tag-aplayer.
"""

from collections.abc import Mapping

from syndicate.content.marks.common_tags import CALLOUTS
from syndicate.content.marks.handlers import Call, Shown, nothing, unseen
from syndicate.content.marks.hexo_media import MEDIA
from syndicate.content.marks.hexo_words import (
    fields,
    is_address,
    joined,
    keyed,
    on_own_line,
    plain,
    site_address,
    theme,
    tokens,
)
from syndicate.content.marks.snippets import link, picture

__all__ = ["TAGS"]


_LOOKS = frozenset(
    {"checked", "plus", "minus", "times", "red", "green", "blue", "yellow", "orange", "cyan",
     "purple", "pink", "gray", "grey", "white", "black", "light", "dark"}
)  # fmt: skip
_NOTES_ARE_PAIRS = frozenset({"next", "butterfly", "anzhiyu", "fluid", "icarus"})
_CHECKED = frozenset({"checked", "true"})
_BOXES = {"checkbox": "☑☐", "radio": "◉○"}


def _element(name: str, *keys: str) -> Shown:
    """Show all words, except for the `keys`, in an HTML element."""

    def shown(call: Call) -> str:
        words = " ".join(keyed(call.text, keys)[1]) if keys else joined(call.text)
        return f"<{name}>{plain(words)}</{name}>" if words else ""

    return shown


def _field(place: int, *, own_line: bool = False) -> Shown:
    """Show the field at `place`, counted between commas, or the last one if there are fewer."""

    def shown(call: Call) -> str:
        words = fields(call)
        text = words[min(place, len(words) - 1)]
        return on_own_line(call, plain(text)) if own_line else plain(text)

    return shown


def _rest(*keys: str, own_line: bool = False) -> Shown:
    """Show all words, except for `key:value` of one of `keys`."""

    def shown(call: Call) -> str:
        text = plain(" ".join(keyed(call.text, keys)[1]))
        return on_own_line(call, text) if own_line else text

    return shown


def _label(call: Call) -> str:
    """Show a label.

    The arguments are ``class@words`` in NexT and Fluid, ``words class`` in Butterfly.
    """
    words = tokens(call.text)
    of_butterfly = theme(call) in ("butterfly", "anzhiyu") or "@" not in call.text
    text = "".join(words[:1]) if of_butterfly else joined(call.text).partition("@")[2]
    return f"<mark>{plain(text.strip())}</mark>" if text.strip() else ""


def _button(call: Call) -> str:
    """Show the arguments of a button.

    They are ``url, text, …`` in NexT, Butterfly and Fluid, and ``[class,] text, url, …`` in
    Volantis.
    """
    words = fields(call)
    parted = keyed(call.text, ("color", "icon", "size"))[1]
    if len(words) == 1 and any(map(is_address, parted)):  # Stellar separates them by white space
        words = parted
    place = next((index for index, word in enumerate(words) if is_address(word)), None)
    if place is None and theme(call) in ("volantis", "stellar"):
        return plain(words[min(1, len(words) - 1)]) if words else ""
    place = place or 0
    text = words[place - 1] if place else "".join(words[1:2])
    return link(site_address(call, words[place]), text) if words else ""


def _checkbox(call: Call) -> str:
    """Show a checkbox.

    The arguments are ``[looks,] words`` in Volantis, ``words, checked`` in Fluid, and
    ``checked:true words`` in Stellar.
    """
    named, others = keyed(call.text, ("color", "checked", "symbol"))
    words = [field.strip() for field in " ".join(others).split(",")]
    if not words[0] and len(words) > 1:
        words.pop(0)
    first = words[0].split()
    checked = named.get("checked") == "true"
    if len(words) > 1 and (call.name == "cb" or theme(call) == "fluid" or not _is_look(first)):
        checked, text = words[1] not in ("", "false"), words[0]
    elif len(words) > 1:
        checked, text = "checked" in first, words[1]
    elif words[0] in ("checked", "true", "false"):
        checked, text = words[0] in _CHECKED, ""
    else:
        text = words[0]
    sign = _BOXES.get(call.name, _BOXES["checkbox"])[0 if checked else 1]
    return on_own_line(call, f"{sign} {text}".rstrip())


def _is_look(words: list[str]) -> bool:
    return bool(words) and _LOOKS.issuperset(words)


def _progress(call: Call) -> str:
    """Show the words of a progress bar: ``percent colour words``, by white space or commas."""
    return on_own_line(call, plain(" ".join(joined(call.text).replace(",", " ").split()[2:])))


def _with_note(call: Call) -> str:
    """Show the tag with the arguments ``words, note``; the page shows the note beside the words."""
    words = [*fields(call), ""]
    return f"{plain(words[0])} ({plain(words[1])})" if words[1] else plain(words[0])


def _reference(call: Call) -> str:
    words = [*fields(call), ""]
    return f"<sup>[{plain(words[0])}]</sup>" + (f" ({plain(words[1])})" if words[1] else "")


def _source(call: Call) -> str:
    words = [*fields(call), "", ""]
    shown = link(words[2], words[1]) if words[2] else plain(words[1])
    return on_own_line(call, f"[{plain(words[0])}] {shown}")


def _link(call: Call) -> str:
    """Show a link.

    The arguments are ``words, [site,] url[, picture]``, in Stellar ``url words``, in Hexo ``words
    url``.
    """
    words = fields(call)
    place = next((index for index, word in enumerate(words) if index and is_address(word)), 0)
    if place:
        return on_own_line(call, link(words[place], " ".join(words[:place])))
    rest = keyed(call.text, ("icon", "desc"))[1]
    place = next((index for index, word in enumerate(rest) if is_address(word)), -1)
    if place < 0:
        return plain(" ".join(rest))
    return link(rest[place], " ".join(rest[:place] if place else rest[1:]))


def _repository(call: Call) -> str:
    path = "".join(keyed(fields(call)[0], ("theme",))[1][:1])
    return on_own_line(call, link(f"https://github.com/{path}", path)) if path else ""


def _site(call: Call) -> str:
    """Show the tag with the arguments ``name, url=…, screenshot=…, avatar=…, description=…``."""
    words = fields(call)
    named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    shown = picture(named["screenshot"]) if named.get("screenshot") else ""
    below = f"{link(named.get('url', ''), words[0])} {plain(named.get('description', ''))}"
    return on_own_line(call, f"{shown} {below}".strip())


def _card(call: Call) -> str:
    """Show the tag with the arguments ``url picture tip title logo name text`` of AnZhiYu."""
    url, src, tip, title, _, name, text = (*tokens(call.text), *[""] * 7)[:7]
    words = [plain(word) for word in (tip, title, text) if word]
    shown = [picture(src), link(url, name or title), *words]
    return on_own_line(call, " ".join(filter(None, shown)))


def _file(call: Call) -> str:
    return link("".join(tokens(call.text)[:1]))


def _caniuse(call: Call) -> str:
    feature = joined(call.text).partition("@")[0].strip()
    return link(f"https://caniuse.com/{feature}") if feature else ""


def _badge(call: Call) -> str:
    """Show the tag with the arguments ``right, left, logo || colour, url, title``."""
    names, _, rest = joined(call.text).partition("||")
    words = [word.strip() for word in names.split(",")][:2]
    text = " ".join(reversed([word for word in words if word]))
    address = next((word.strip() for word in rest.split(",") if is_address(word.strip())), "")
    return link(address, text) if address else plain(text)


def _menu_item(call: Call) -> str:
    words = [*fields(call), ""]
    if words[0] == "hr":
        return ""
    return f"\n{call.indent}- {link(words[1], words[0]) if words[1] else plain(words[0])}\n"


def _hashtag(call: Call) -> str:
    words = [*keyed(call.text, ("color",))[1], ""]
    return link(words[1], f"#{words[0]}") if words[1] else plain(f"#{words[0]}")


def _download(call: Call) -> str:
    """Show the tag with the arguments ``kind, url, password, name``, without the password."""
    words = [*fields(call), "", "", "", ""]
    return link(words[1], words[3])


def _note(call: Call) -> str:
    """Show a single note.

    The arguments are ``[looks,] words`` in Volantis, ``[color:…] [title] words`` in Stellar. In
    other themes a note is a pair, and the arguments of one without an end are only looks.
    """
    words = fields(call)
    if theme(call) in _NOTES_ARE_PAIRS or (words[0] in CALLOUTS and len(words) == 1):
        return ""
    if theme(call) == "volantis" or (len(words) > 1 and theme(call) != "stellar"):
        return on_own_line(call, words[1] if len(words) > 1 else words[0])
    others = keyed(call.text, ("color", "child"))[1]
    if len(others) < 2:
        return on_own_line(call, "".join(others))
    head = f"<strong>{plain(others[0])}</strong>"
    return on_own_line(call, f"{head} {' '.join(others[1:])}")


TAGS: Mapping[str, Shown] = {
    # Words in the text.
    "label": _label,
    "u": _element("u"),
    "wavy": _element("u"),
    "emp": _element("em"),
    "del": _element("del"),
    "kbd": _element("kbd"),
    "blur": _rest(),
    "psw": nothing,
    "mark": _element("mark", "color"),
    "copy": _element("code", "git", "prefix"),
    "span": _field(1),
    "p": _field(1, own_line=True),
    "hideInline": _field(0),
    "bubble": _with_note,
    "nota": _with_note,
    "referto": _reference,
    "referfrom": _source,
    "checkbox": _checkbox,
    "cb": _checkbox,
    "radio": _checkbox,
    "note": _note,
    "progress": _progress,
    "quot": _rest("el", "icon", "prefix", "suffix", own_line=True),
    "navbar": _rest("active", own_line=True),
    "hashtag": _hashtag,
    "bdage": _badge,
    # Links.
    "btn": _button,
    "button": _button,
    "cell": _button,
    "link": _link,
    "exturl": _link,
    "ghcard": _repository,
    "site": _site,
    "intCard": _card,
    "menuitem": _menu_item,
    "pandown": _download,
    "pdf": _file,
    "md": _file,
    "can": _caniuse,
    "caniuse": _caniuse,
    **MEDIA,
    # Without words.
    **dict.fromkeys(
        ("icon", "iconfont", "emoji", "toc", "rating", "vote", "dogeplayer", "mbti"), nothing
    ),
    # The text is in data files of the site, not in the post.
    **dict.fromkeys(
        ("series", "issues", "friends", "users", "sites", "albums", "posters", "contributors"),
        unseen,
    ),
}  # fmt: skip
"""Name of each tag, and the function that shows it."""
