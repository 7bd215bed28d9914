"""Media type of a file, by its name or its feed format. The same on every machine."""

from typing import Literal

from syndicate.config.schema import ContentTypes
from syndicate.model import FORMATS, Format
from syndicate.text.media_types import media_type as by_ending

__all__ = ["is_document", "is_media", "is_text", "media_type"]

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
    return by_ending(path)


def is_text(content_type: str) -> bool:
    """Return whether files of this type are worth compressing."""
    return content_type.endswith("charset=utf-8")


def is_document(content_type: str) -> bool:
    """Return whether a browser shows this type as a page that could run scripts."""
    return content_type.partition(";")[0] in _DOCUMENTS


def is_media(path: str) -> bool:
    """Return whether the name in `path` is that of a picture, a sound or a film."""
    return by_ending(path).startswith(("image/", "audio/", "video/"))
