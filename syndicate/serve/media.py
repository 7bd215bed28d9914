"""Media type of a file, by its name or its feed format. The same on every machine."""

from typing import Literal

from syndicate.config.schema import ContentTypes
from syndicate.model import FORMATS, Format

__all__ = ["is_document", "is_media", "is_text", "media_type"]

_TEXT = {
    "css": "text/css",
    "csv": "text/csv",
    "htm": "text/html",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "opml": "text/x-opml",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "webmanifest": "application/manifest+json",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "xsl": "application/xslt+xml",
}
_BINARY = {
    "avif": "image/avif",
    "flac": "audio/flac",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "jxl": "image/jxl",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "webm": "video/webm",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "zip": "application/zip",
}
_DOCUMENTS = frozenset(
    (
        *("text/html", "application/xhtml+xml", "application/xml", "image/svg+xml"),
        *(row.type for row in FORMATS.values() if row.type.endswith("+xml")),
    )
)


def media_type(path: str, kind: Format | Literal[""], choice: ContentTypes) -> str:
    """Return the Content-Type of the file at `path`; `kind` is its feed format or ""."""
    if kind:
        row = FORMATS[kind]
        return f"{row.type if choice == 'precise' else row.shown_as}; charset=utf-8"
    ending = path.rpartition(".")[2].lower()
    if text := _TEXT.get(ending):
        return f"{text}; charset=utf-8"
    return _BINARY.get(ending, "application/octet-stream")


def is_text(content_type: str) -> bool:
    """Return whether files of this type are worth compressing."""
    return content_type.endswith("charset=utf-8")


def is_document(content_type: str) -> bool:
    """Return whether a browser shows this type as a page that could run scripts."""
    return content_type.partition(";")[0] in _DOCUMENTS


def is_media(path: str) -> bool:
    """Return whether the name in `path` is that of a picture, a sound or a film."""
    return media_type(path, "", "stylable").startswith(("image/", "audio/", "video/"))
