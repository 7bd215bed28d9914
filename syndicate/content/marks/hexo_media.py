"""Show the single tags of Hexo's themes that hold pictures, films and sounds."""

import re
from collections.abc import Mapping

from syndicate.content.marks.common_tags import stock
from syndicate.content.marks.handlers import Call, Shown
from syndicate.content.marks.hexo_words import (
    fields,
    joined,
    keyed,
    on_own_line,
    plain,
    site_address,
    tokens,
)
from syndicate.content.marks.snippets import embed, link, picture, sound, video

__all__ = ["MEDIA"]

_PICTURE = re.compile(r"\.(?:png|jpe?g|webp|gif|avif)(?:\?|$)")


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
    words = fields(call)[0].split()
    return picture(site_address(call, words[0])) if words else ""


def _album(call: Call) -> str:
    """Show the tag with the arguments ``name text url picture``."""
    name, text, url, src = (*tokens(call.text), "", "", "", "")[:4]
    shown = picture(site_address(call, src)) if src else ""
    below = f"{link(site_address(call, url), name)} {plain(text)}"
    return on_own_line(call, f"{shown} {below}".strip())


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
    named_words = dict(word.split("=", 1) for word in others if word.startswith(("url=", "pic=")))
    src = named_words.get("url") or "".join(others[:1])
    poster = next((word for word in others[1:] if _PICTURE.search(word)), "")
    return video(src, named_words.get("pic") or poster)


def _sound(call: Call) -> str:
    """Show the tag with the arguments ``url``, or in Stellar ``netease:id``."""
    named, others = keyed(call.text, ("netease", "type", "autoplay"))
    if "netease" in named:
        return embed("music163", named["netease"])
    return sound("".join(others[:1]))


def _song(call: Call) -> str:
    """Show the tag with the arguments ``title author url …`` of tag-aplayer."""
    title, author, url = (*tokens(call.text), "", "", "")[:3]
    shown = " – ".join(plain(word) for word in (title, author) if word)
    return on_own_line(call, f"{shown} {sound(url)}".strip())


def _played(call: Call) -> str:
    """Show the song in the arguments ``id server type`` of MetingJS, if it has a page (NetEase)."""
    identifier, server, kind = (*tokens(call.text), "", "", "")[:3]
    if server != "netease" or kind not in ("song", "playlist", "album", "artist"):
        return ""
    return link(f"https://music.163.com/{kind}?id={identifier}") if identifier.isdigit() else ""


MEDIA: Mapping[str, Shown] = {
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
}
"""Name of each tag, and the function that shows it."""
