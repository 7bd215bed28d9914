"""Show tags that have the same name in several generators, plug-ins and themes."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from syndicate.content.marks.arguments import Arguments, arguments
from syndicate.content.marks.context import Context, looked_up
from syndicate.content.marks.snippets import embed, link, picture, sound, video

__all__ = ["CALLOUTS", "UNTITLED", "include", "stock"]

UNTITLED = frozenset(("box", "aside", "message", "callout", "alert", "notice", "admonition"))
"""Boxes whose name is not a title."""

CALLOUTS = UNTITLED | {
    "note", "tip", "info", "hint", "warning", "caution", "danger", "important", "error", "success",
    "question", "example", "abstract", "summary", "todo", "bug", "failure", "attention", "seealso",
    "pitfall", "experimental",
}  # fmt: skip
"""Names that themes give to a box with a note."""

# ``{% youtube page.video %}``: a field of the post, unless it is part of something longer.
_FIELD = re.compile(r"(?<![\w\"'./-])(page|site)\.([\w.-]+)")
_FILE = re.compile(r"https?://|[./]|[^\s/]+\.\w{3,4}$")
_NUMBER = re.compile(r"(?:\d+(?:px|%)?|auto|null|false)$")


def _image(words: Arguments) -> str:
    """Show a picture: ``[classes] address [width [height]] [title [alt]]`` (Octopress, Hexo)."""
    rest = list(words.positional)
    while rest and not _FILE.match(rest[0]):
        rest.pop(0)
    if not rest:
        return ""
    src, size = rest.pop(0), ["", ""]
    for side in (0, 1):
        if rest and _NUMBER.match(rest[0]):
            size[side] = rest.pop(0)
    # Unquoted words are one title; only of quoted ones the last is the alternative text.
    title, alt = (rest[0], rest[1]) if len(rest) == 2 and " " in rest[0] else (" ".join(rest), "")
    return picture(src, alt or title, title, (size[0], size[1]))


def _embed(site: str, words: Arguments) -> str:
    return embed(site, words.get("id", "user", "url", "video", "src", at=0), words.get("title"))


def _gist(words: Arguments) -> str:
    # The arguments may be ``user id``, ``user/id`` or ``id file``.
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
"""Single tags: from their arguments to HTML."""

_PICTURES = ("url", "image_path", "path", "src", "file", "image", "img")
_SITE = re.compile(r"(?:^|/)(?:embed[/-])?([a-z]+?)(?:[-_](?:player|embed|video|lite))?(?:\.\w+)?$")


def include(name: str, values: Mapping[str, str]) -> str | None:
    """Return the HTML of a well-known include (a video, a picture), or None."""
    match = _SITE.search(name.lower())
    kind = match[1] if match else ""
    words = Arguments((), dict(values))
    if kind == "video" and values.get("provider") in _TAGS:
        kind = values["provider"]
    if kind in ("figure", "image", "img", "picture"):
        src = words.get(*_PICTURES)
        # Only the theme knows the folder of pictures with relative paths.
        known = src.startswith(("/", "http:", "https:"))
        caption = words.get("caption")
        alt = words.get("alt") or caption
        return picture(src, alt, "", ("", ""), caption, words.get("link")) if known else None
    return _TAGS[kind](words) if kind in _TAGS else None


def stock(name: str, text: str, context: Context) -> str | None:
    """Return the HTML of the tag `name` with arguments `text`, or None if it is not listed here."""
    if name not in _TAGS:
        return None
    return _TAGS[name](arguments(_FIELD.sub(lambda field: _written(field, context), text)))


def _written(field: re.Match[str], context: Context) -> str:
    value = looked_up(context.page if field[1] == "page" else context.site, field[2])
    return str(value) if isinstance(value, str | int | float) else ""
