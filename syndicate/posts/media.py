"""Find the picture and the media file of a post, under the keys of generators and themes.

No function raises. A value that cannot be parsed counts as missing.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from syndicate.engines.base import Engine
from syndicate.files.attachments import Attachments
from syndicate.files.lookup import Files
from syndicate.model import Enclosure, Image, Problem
from syndicate.posts.fields import Absolute, first_of, is_true, spellings, text_of
from syndicate.text.characters import one_line
from syndicate.text.urls import absolute, without_placement

__all__ = ["Attached", "attached_to", "enclosure", "image"]

_SURE = (
    "image", "cover", "featured image", "feature image", "cover image", "hero image",
    "header image", "header img", "banner", "banner image", "og image", "thumbnail", "thumb",
    "hero", "header", "images",
)  # fmt: skip
"""Themes' keys of a post's picture, the surest first."""
_LESS_SURE = (
    "cover img", "featured img", "feature img", "index img", "banner img", "top img", "hero img",
    "image url", "cover url", "og img", "social image", "social media card", "share image",
    "share img", "preview image", "thumbnail image", "thumbnail img", "thumbnail url", "post image",
    "card image", "lead image", "main image", "index image", "top image", "title image", "head img",
    "bigimg", "featured image preview", "background image", "background img", "photos", "photo",
    "img", "picture",
)  # fmt: skip
"""Keys that may also hold a colour or a switch."""
_VAGUE = ("feature", "featured", "preview", "background", "teaser", "seo", "og", "open graph")
"""Keys that may hold anything, even addresses of pages."""
_RANKS = {
    spelling: rank
    for rank, key in enumerate((*_SURE, *_LESS_SURE, *_VAGUE))
    for spelling in (*spellings(key), key.replace(" ", ""))
}
_MOST_PICTURES = 5
_INNER = (
    "path", "url", "src", "feature", "image", "file", "source", "overlay_image", "teaser",
    "og_image", "cover", "thumbnail", "background", "img", "value", "featured", "hero", "large",
)  # fmt: skip
_RESOURCE = ("src", "name", "title")
_ALTS = ("image_alt", "image-alt", "imageAlt", "cover_alt", "coverAlt", "alt")
_LOOKS_LIKE_FILE = re.compile(r"[/\\]|\.[A-Za-z0-9]{2,5}(?:[?#]|$)")
_PICTURE = re.compile(
    r"[^\s,;(][^\n,;(]*\.(?:avif|bmp|gif|jfif|jpe?g|png|svg|webp)(?:[?#]\S*)?", re.IGNORECASE
)
_SPACE = re.compile(r"\s")
_SITE_ADDRESS = re.compile(r"\{\{-?\s{0,9}site\.(?:base)?url\s{0,9}-?\}\}")
_BY_FILTER = re.compile(
    r"\{\{-?\s{0,9}[\"']([^\"'{}]+)[\"']\s{0,9}\|\s{0,9}(?:relative|absolute)_url\s{0,9}-?\}\}"
)
_NO_ADDRESS = re.compile(r"[<>]|\{[{%]")
"""Characters of templates and placeholders, which no address contains."""
_LONGEST = 2_000
_WHOLE = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)")
_HERE = re.compile(r"(?![/.]|[A-Za-z][\w+.-]*:)")
_PURPOSE = re.compile(r"featur|cover|thumbnail|banner|hero|header", re.IGNORECASE)

_ENCLOSURE_KEYS = ("enclosure", "audio", "podcast", "audio_url", "audio_file", "mp3", "video_url")
_ANY_ENCLOSURE = frozenset(_ENCLOSURE_KEYS)
_ANY_MEDIA = _ANY_ENCLOSURE.union(_RANKS, ("resources", "extra"))
"""All keys of pictures and media files."""
_ENCLOSURE_INNER = ("url", "src", "file", "path", "link", "href", "mp3", "audio")
_LENGTH_KEYS = ("length", "size", "bytes", "filesize")
_TYPE_KEYS = ("type", "mime", "mime_type", "mimetype")
# Our own table: that of `mimetypes` differs from machine to machine.
_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/x-m4a",
    "m4b": "audio/x-m4b",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/opus",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/x-m4v",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mpg": "video/mpeg",
    "mpeg": "video/mpeg",
    "swf": "application/x-shockwave-flash",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}


class Attached(Struct, frozen=True):
    """Picture and media file of a post.

    `prefix` is the theme's prefix of pictures' addresses. `asked` holds the questions to `Files`
    that the result depends on, with the answers.
    """

    image: Image | None
    enclosure: Enclosure | None
    prefix: str
    asked: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def attached_to(
    meta: Mapping[str, Any], engine: Engine, files: Files, *, path: str, url: str
) -> Attached:
    """Find the picture and the media file of the post at `path` with the page `url`."""
    base, prefix = engine.site.url, engine.media(meta)
    cover_folder = engine.cover_folder(path)
    if not cover_folder and _ANY_MEDIA.isdisjoint(meta):
        return Attached(None, None, prefix, (), ())
    folders = partial(engine.public_folders, path, url)
    found = Attachments(files, path, page=url, base=base, folders=folders, prefix=prefix)

    def find(address: str) -> str:
        address = without_placement(address)
        own = found.of_header(address)
        if own is None:
            from_root = engine.images_from_root and _HERE.match(address)
            own = absolute(f"/{address}" if from_root else address, url, base)
        return own

    picture = image(meta, find)
    if picture is None and cover_folder and (cover := found.cover(cover_folder)):
        picture = Image(cover)
    media = enclosure(meta, find)
    return Attached(picture, media, prefix, tuple(found.asked.items()), tuple(found.problems))


def image(meta: Mapping[str, Any], absolute: Absolute) -> Image | None:
    """Return the post's picture, from the surest key with an address; None if there is none."""
    for key in sorted(_RANKS.keys() & meta.keys(), key=lambda key: (_RANKS[key], key)):
        for value in _listed(meta[key]):
            inner = value if isinstance(value, dict) else {}
            address = _address(text_of(first_of(inner, _INNER) if inner else value), _RANKS[key])
            if inner and is_true(inner.get("relative")) and _HERE.match(address):
                address = f"./{address}"  # PaperMod: from the post's page
            url = absolute(address) if address else ""
            if url.startswith("http"):
                alt = first_of(inner, ("alt", "alt_text", "title")) or first_of(meta, _ALTS)
                return Image(url, one_line(text_of(alt)))
    if "resources" in meta and (found := _resource(meta["resources"], absolute)):
        return found
    # Zola's themes have their fields in the table `extra`.
    extra = meta.get("extra")
    return image(extra, absolute) if isinstance(extra, dict) and extra is not meta else None


def _listed(value: Any) -> list[Any]:
    return value[:_MOST_PICTURES] if isinstance(value, list) else [value]


def _address(text: str, rank: int) -> str:
    """Return the address in the value of a key of this `rank`; empty if there is none."""
    text = _filled(text)
    if _SPACE.search(text) and not text.startswith("http") and not _PICTURE.fullmatch(text):
        return ""
    if rank < len(_SURE):
        return text if _LOOKS_LIKE_FILE.search(text) else ""
    whole = rank < len(_SURE) + len(_LESS_SURE) and _WHOLE.fullmatch(text)
    return text if whole or _PICTURE.fullmatch(text) else ""


def _filled(text: str) -> str:
    """Remove the marks of templates and styles around an address. Return "" if others are left."""
    text = _SITE_ADDRESS.sub("", text[:_LONGEST]).strip()
    if match := _IN_STYLE.match(text) or _BY_FILTER.fullmatch(text):
        text = match[1].strip()
    return "" if _NO_ADDRESS.search(text) else text


def _resource(value: Any, absolute: Absolute) -> Image | None:
    """Return the Hugo resource whose name says that it is the page's picture."""
    for item in _listed(value):
        src, name, title = (
            text_of(item.get(key)) if isinstance(item, dict) else "" for key in _RESOURCE
        )
        if _PURPOSE.search(name or src) and _PICTURE.fullmatch(src):
            url = absolute(src if src[0] in "./" else f"./{src}")  # of its own bundle
            if url.startswith("http"):
                return Image(url, one_line(title))
    return None


def enclosure(meta: Mapping[str, Any], absolute: Absolute) -> Enclosure | None:
    """Return the post's media file: an address, a mapping, or WordPress's three lines."""
    if _ANY_ENCLOSURE.isdisjoint(meta):
        return None
    for key in _ENCLOSURE_KEYS:
        value = meta.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        inner = value if isinstance(value, dict) else {}
        words = text_of(first_of(inner, _ENCLOSURE_INNER) if inner else value).split("\n")
        address, size, kind, *_ = *(w for w in map(str.strip, words) if w.strip("|")), "", "", ""
        address = _filled(address)
        url = absolute(address) if _LOOKS_LIKE_FILE.search(address) else ""
        if url.startswith("http"):
            size = text_of(first_of(inner, _LENGTH_KEYS) or meta.get(f"{key}_length")) or size
            kind = text_of(first_of(inner, _TYPE_KEYS) or meta.get(f"{key}_type")) or kind
            return Enclosure(url, _media_type(kind, url), _bytes(size))
    return None


def _media_type(given: str, url: str) -> str:
    if re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]+", given):
        return given
    ending = re.split(r"[?#]", url)[0].rpartition(".")[2].lower()
    return _TYPES.get(ending, "application/octet-stream")


def _bytes(text: str) -> int:
    digits = re.sub(r"[,_\s]", "", text)
    return int(digits) if re.fullmatch(r"[0-9]{1,15}", digits) else 0
