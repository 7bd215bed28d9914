"""Tags that several generators, or their usual plug-ins and themes, have under the same name."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from syndicate.content.dialects.arguments import Arguments, arguments
from syndicate.content.dialects.context import Context, looked_up
from syndicate.content.dialects.snippets import embed, link, picture, sound, video

__all__ = ["CALLOUTS", "UNTITLED", "include", "stock"]

UNTITLED = frozenset(("box", "aside", "message", "callout", "alert", "notice", "admonition"))
"""Boxes whose name is no title."""

CALLOUTS = UNTITLED | {
    "note", "tip", "info", "hint", "warning", "caution", "danger", "important", "error", "success",
    "question", "example", "abstract", "summary", "todo", "bug", "failure", "attention", "seealso",
    "pitfall", "experimental",
}  # fmt: skip
"""What themes call a box with a note in it."""

# ``{% youtube page.video %}``: a field of the post, where it is not part of something longer.
_FIELD = re.compile(r"(?<![\w\"'./-])(page|site)\.([\w.-]+)")
_FILE = re.compile(r"https?://|[./]|[^\s/]+\.\w{3,4}$")
_NUMBER = re.compile(r"(?:\d+(?:px|%)?|auto|null|false)$")


def _image(words: Arguments) -> str:
    """``[classes] address [width [height]] [title [alt]]``, as Octopress and Hexo write it."""
    rest = list(words.positional)
    while rest and not _FILE.match(rest[0]):
        rest.pop(0)
    if not rest:
        return ""
    src, size = rest.pop(0), ["", ""]
    for side in (0, 1):
        if rest and _NUMBER.match(rest[0]):
            size[side] = rest.pop(0)
    # The last word of several is the alternative text only where they were quoted as such.
    title, alt = (rest[0], rest[1]) if len(rest) == 2 and " " in rest[0] else (" ".join(rest), "")
    return picture(src, alt or title, title, (size[0], size[1]))


def _embed(site: str, words: Arguments) -> str:
    return embed(site, words.get("id", "user", "url", "video", "src", at=0), words.get("title"))


def _gist(words: Arguments) -> str:
    # ``user id`` and ``user/id`` and ``id file``
    first, second = words.get("id", at=0), words.get("file", at=1)
    return embed("gist", f"{first}/{second}" if re.fullmatch(r"[0-9a-f]{5,40}", second) else first)


def _tweet(words: Arguments) -> str:
    user, identifier = (
        words.get("user"),
        words.get("id", "tweet", at=max(0, len(words.positional) - 1)),
    )
    if user:
        return link(f"https://twitter.com/{user}/status/{identifier}")
    return embed("tweet", identifier)


def _video(words: Arguments) -> str:
    files = [word for word in words.positional if _FILE.match(word)]
    src = words.get("src", "url", "file", "mp4") or next(iter(files), "")
    poster = words.get("poster", "pic") or next(
        (file for file in files[1:] if re.search(r"\.(?:png|jpe?g|webp|gif)$", file)), ""
    )
    return video(src, poster, words.get("title"))


def _frame(words: Arguments) -> str:
    return link(words.get("src", "url", at=0), words.get("title"))


_TAGS: Mapping[str, Callable[[Arguments], str]] = {
    **{
        name: partial(_embed, name)
        for name in (
            "youtube", "vimeo", "instagram", "bilibili", "codepen", "jsfiddle", "spotify",
            "soundcloud", "asciinema", "speakerdeck", "dailymotion", "twitch",
        )
    },
    "youtubeEmbed": partial(_embed, "youtube"),
    "youtube-lite": partial(_embed, "youtube"),
    "youtubeLite": partial(_embed, "youtube"),
    "lite_youtube": partial(_embed, "youtube"),
    "gist": _gist,
    "tweet": _tweet,
    "twitter": _tweet,
    "x": _tweet,
    "img": _image,
    "video": _video,
    "audio": lambda words: sound(words.get("src", "url", at=0)),
    "iframe": _frame,
}  # fmt: skip
"""Tags without a pair, from their arguments to HTML."""

_PICTURES = ("url", "image_path", "path", "src", "file", "image", "img")
_SITE = re.compile(r"(?:^|/)(?:embed[/-])?([a-z]+?)(?:[-_](?:player|embed|video|lite))?(?:\.\w+)?$")


def include(name: str, values: Mapping[str, str]) -> str | None:
    """What themes include under `name` (a video, a picture); None where that is not known."""
    found = _SITE.search(name.lower())
    kind = found[1] if found else ""
    words = Arguments((), dict(values))
    if kind == "video" and values.get("provider") in _TAGS:
        kind = values["provider"]
    if kind in ("figure", "image", "img", "picture"):
        src = words.get(*_PICTURES)
        # Elsewhere than at the site's root only the theme knows where its pictures lie.
        known = src.startswith(("/", "http:", "https:"))
        caption = words.get("caption")
        alt = words.get("alt") or caption
        return picture(src, alt, "", ("", ""), caption, words.get("link")) if known else None
    return _TAGS[kind](words) if kind in _TAGS else None


def stock(name: str, text: str, context: Context) -> str | None:
    """What the tag `name` with arguments `text` stands for; None where it is not one of ours."""
    if name not in _TAGS:
        return None
    return _TAGS[name](arguments(_FIELD.sub(lambda field: _written(field, context), text)))


def _written(field: re.Match[str], context: Context) -> str:
    value = looked_up(context.page if field[1] == "page" else context.site, field[2])
    return str(value) if isinstance(value, str | int | float) else ""
