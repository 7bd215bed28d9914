"""Show the single tags of Hexo's themes and plug-ins.

The table `TAGS` has a row for each tag: its name, and the function that finds text, links and
pictures in its arguments. Other arguments are colours, icons and sizes. The tags are those of NexT,
Butterfly, AnZhiYu, Fluid, Icarus, Volantis, Stellar, tag-plugins-plus and tag-aplayer.
"""

import re
from collections.abc import Callable, Mapping

from syndicate.content.dialects.call import Call, unseen
from syndicate.content.dialects.hexo_words import (
    fields,
    is_address,
    joined,
    keyed,
    plain,
    theme,
    tokens,
)
from syndicate.content.dialects.snippets import embed, link, picture, sound, video
from syndicate.content.dialects.stock import CALLOUTS, stock

__all__ = ["TAGS"]

Shown = Callable[[Call], str]

_LOOKS = frozenset(
    {"checked", "plus", "minus", "times", "red", "green", "blue", "yellow", "orange", "cyan",
     "purple", "pink", "gray", "grey", "white", "black", "light", "dark"}
)  # fmt: skip
_NOTES_ARE_PAIRS = frozenset({"next", "butterfly", "anzhiyu", "fluid", "icarus"})
_CHECKED = frozenset({"checked", "true"})
_PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|avif)(?:\?|$)")
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
        return _on_own_line(call, plain(text)) if own_line else plain(text)

    return shown


def _rest(*keys: str, own_line: bool = False) -> Shown:
    """Show all words, except for `key:value` of one of `keys`."""

    def shown(call: Call) -> str:
        text = plain(" ".join(keyed(call.text, keys)[1]))
        return _on_own_line(call, text) if own_line else text

    return shown


def _on_own_line(call: Call, html: str) -> str:
    """Return `html` as a paragraph if the tag is alone on its line."""
    if not html or not call.alone:
        return html
    return f"\n\n{call.indent}{html}\n\n{call.indent}"


def _nothing(_: Call) -> str:
    return ""


def _label(call: Call) -> str:
    """Show the arguments ``class@words`` of NexT and Fluid; ``words class`` of Butterfly."""
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
    return link(_site_address(call, words[place]), text) if words else ""


def _site_address(call: Call, address: str) -> str:
    """Return the root-relative `address` below the site's base path, as Butterfly has it."""
    whole = address.startswith(("/", "#", ".")) or ":" in address
    of_butterfly = theme(call) in ("butterfly", "anzhiyu")
    return address if whole or not of_butterfly else f"{call.context.base}/{address}"


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
    return _on_own_line(call, f"{sign} {text}".rstrip())


def _is_look(words: list[str]) -> bool:
    return bool(words) and _LOOKS.issuperset(words)


def _progress(call: Call) -> str:
    """Show the arguments ``percent colour words``, separated by white space or commas."""
    return _on_own_line(call, plain(" ".join(joined(call.text).replace(",", " ").split()[2:])))


def _with_note(call: Call) -> str:
    """Show the arguments ``words, note``; the page shows the note beside the words."""
    words = [*fields(call), ""]
    return f"{plain(words[0])} ({plain(words[1])})" if words[1] else plain(words[0])


def _reference(call: Call) -> str:
    words = [*fields(call), ""]
    return f"<sup>[{plain(words[0])}]</sup>" + (f" ({plain(words[1])})" if words[1] else "")


def _source(call: Call) -> str:
    words = [*fields(call), "", ""]
    shown = link(words[2], words[1]) if words[2] else plain(words[1])
    return _on_own_line(call, f"[{plain(words[0])}] {shown}")


def _link(call: Call) -> str:
    """Show a link.

    The arguments are ``words, [site,] url[, picture]``, in Stellar ``url words``, in Hexo ``words
    url``.
    """
    words = fields(call)
    place = next((index for index, word in enumerate(words) if index and is_address(word)), 0)
    if place:
        return _on_own_line(call, link(words[place], " ".join(words[:place])))
    rest = keyed(call.text, ("icon", "desc"))[1]
    place = next((index for index, word in enumerate(rest) if is_address(word)), -1)
    if place < 0:
        return plain(" ".join(rest))
    return link(rest[place], " ".join(rest[:place] if place else rest[1:]))


def _repository(call: Call) -> str:
    path = "".join(keyed(fields(call)[0], ("theme",))[1][:1])
    return _on_own_line(call, link(f"https://github.com/{path}", path)) if path else ""


def _image(call: Call) -> str:
    """Show a picture.

    The arguments are ``url, alt=…`` or ``url, alt``, in Stellar ``url alt key:value``, in Hexo
    those of ``img``.
    """
    words = fields(call)
    if len(words) == 1:
        keys = ("width", "height", "bg", "download", "padding", "fancybox", "ratio")
        rest = " ".join(f'"{word}"' for word in keyed(call.text, keys)[1])
        return stock("img", rest, call.context) or ""
    named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    alt = named.get("alt") or next((word for word in words[1:] if "=" not in word), "")
    return picture(words[0], alt, "", ("", ""), alt if "alt" in named else "")


def _small_image(call: Call) -> str:
    found = fields(call)[0].split()
    return picture(_site_address(call, found[0])) if found else ""


def _album(call: Call) -> str:
    """Show the arguments ``name text url picture``."""
    name, text, url, src = (*tokens(call.text), "", "", "", "")[:4]
    shown = picture(_site_address(call, src)) if src else ""
    below = f"{link(_site_address(call, url), name)} {plain(text)}"
    return _on_own_line(call, f"{shown} {below}".strip())


def _site(call: Call) -> str:
    """Show the arguments ``name, url=…, screenshot=…, avatar=…, description=…``."""
    words = fields(call)
    named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    shown = picture(named["screenshot"]) if named.get("screenshot") else ""
    below = f"{link(named.get('url', ''), words[0])} {plain(named.get('description', ''))}"
    return _on_own_line(call, f"{shown} {below}".strip())


def _card(call: Call) -> str:
    """Show the arguments ``url picture tip title logo name text`` of AnZhiYu."""
    url, src, tip, title, _, name, text = (*tokens(call.text), *[""] * 7)[:7]
    words = [plain(word) for word in (tip, title, text) if word]
    shown = [picture(src), link(url, name or title), *words]
    return _on_own_line(call, " ".join(filter(None, shown)))


def _frame(call: Call) -> str:
    """Show a picture or film in a frame.

    The arguments are ``device | img=… | video=… | alt=…``, in Stellar ``device alt img:…``.
    """
    if "|" in call.text:
        parts = [part.strip() for part in joined(call.text).split("|")]
        named = dict(part.split("=", 1) for part in parts if "=" in part)
        alt = named.get("alt", "")
    else:
        named, others = keyed(call.text, ("img", "video", "focus"))
        alt = " ".join(others[1:])
    if named.get("video"):
        return video(named["video"], named.get("img", ""), alt)
    return picture(named.get("img", ""), alt)


def _film(call: Call) -> str:
    """Show a film.

    The argument is ``url``, in Stellar ``bilibili:id`` or ``youtube:id``, in DPlayer ``url=…``.
    """
    named, others = keyed(call.text, ("bilibili", "youtube", "type", "ratio", "width", "autoplay"))
    for site in ("bilibili", "youtube"):
        if site in named:
            return embed(site, named[site])
    given = dict(word.split("=", 1) for word in others if word.startswith(("url=", "pic=")))
    src = given.get("url") or "".join(others[:1])
    poster = next((word for word in others[1:] if _PICTURE.search(word)), "")
    return video(src, given.get("pic") or poster)


def _sound(call: Call) -> str:
    """Show the arguments ``url``, or in Stellar ``netease:id``."""
    named, others = keyed(call.text, ("netease", "type", "autoplay"))
    if "netease" in named:
        return embed("music163", named["netease"])
    return sound("".join(others[:1]))


def _song(call: Call) -> str:
    """Show the arguments ``title author url …`` of tag-aplayer."""
    title, author, url = (*tokens(call.text), "", "", "")[:3]
    shown = " – ".join(plain(word) for word in (title, author) if word)
    return _on_own_line(call, f"{shown} {sound(url)}".strip())


def _played(call: Call) -> str:
    """Show the arguments ``id server type`` of MetingJS. Only NetEase has pages for ids."""
    identifier, server, kind = (*tokens(call.text), "", "", "")[:3]
    if server != "netease" or kind not in ("song", "playlist", "album", "artist"):
        return ""
    return link(f"https://music.163.com/{kind}?id={identifier}") if identifier.isdigit() else ""


def _file(call: Call) -> str:
    return link("".join(tokens(call.text)[:1]))


def _caniuse(call: Call) -> str:
    feature = joined(call.text).partition("@")[0].strip()
    return link(f"https://caniuse.com/{feature}") if feature else ""


def _badge(call: Call) -> str:
    """Show the arguments ``right, left, logo || colour, url, title``."""
    names, _, rest = joined(call.text).partition("||")
    words = [word.strip() for word in names.split(",")][:2]
    text = " ".join(reversed([word for word in words if word]))
    found = next((word.strip() for word in rest.split(",") if is_address(word.strip())), "")
    return link(found, text) if found else plain(text)


def _menu_item(call: Call) -> str:
    words = [*fields(call), ""]
    if words[0] == "hr":
        return ""
    return f"\n{call.indent}- {link(words[1], words[0]) if words[1] else plain(words[0])}\n"


def _hashtag(call: Call) -> str:
    words = [*keyed(call.text, ("color",))[1], ""]
    return link(words[1], f"#{words[0]}") if words[1] else plain(f"#{words[0]}")


def _download(call: Call) -> str:
    """Show the arguments ``kind, url, password, name``, without the password."""
    words = [*fields(call), "", "", "", ""]
    return link(words[1], words[3])


def _note(call: Call) -> str:
    """Show the arguments ``[looks,] words`` of Volantis, or ``[color:…] [title] words`` of Stellar.

    In other themes a note is a pair. The arguments of one without an end are only looks.
    """
    words = fields(call)
    if theme(call) in _NOTES_ARE_PAIRS or (words[0] in CALLOUTS and len(words) == 1):
        return ""
    if theme(call) == "volantis" or (len(words) > 1 and theme(call) != "stellar"):
        return _on_own_line(call, words[1] if len(words) > 1 else words[0])
    others = keyed(call.text, ("color", "child"))[1]
    if len(others) < 2:
        return _on_own_line(call, "".join(others))
    head = f"<strong>{plain(others[0])}</strong>"
    return _on_own_line(call, f"{head} {' '.join(others[1:])}")


TAGS: Mapping[str, Shown] = {
    # Words in the text.
    "label": _label,
    "u": _element("u"),
    "wavy": _element("u"),
    "emp": _element("em"),
    "del": _element("del"),
    "kbd": _element("kbd"),
    "blur": _rest(),
    "psw": _nothing,
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
    # Pictures, films and sounds.
    "image": _image,
    "fullimage": _image,
    "fi": _image,
    "inlineimage": _small_image,
    "inlineImg": _small_image,
    "galleryGroup": _album,
    "frame": _frame,
    "video": _film,
    "dplayer": _film,
    "audio": _sound,
    "aplayer": _song,
    "meting": _played,
    # Without words.
    **dict.fromkeys(
        ("icon", "iconfont", "emoji", "toc", "rating", "vote", "dogeplayer", "mbti"), _nothing
    ),
    # The text is in data files of the site, not in the post.
    **dict.fromkeys(
        ("series", "issues", "friends", "users", "sites", "albums", "posters", "contributors"),
        unseen,
    ),
}  # fmt: skip
"""Name of each tag, and the function that shows it."""
