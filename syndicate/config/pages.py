"""The `[pages]` table of config.toml: templates, a style sheet and the reader buttons."""

from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from msgspec import Struct

from syndicate.files.read import is_folder

__all__ = [
    "APP",
    "READER_NAMES",
    "PagesConfig",
    "ReaderConfig",
    "ReaderName",
    "file_fault",
    "reader_fault",
]

ReaderName = Literal[
    "Feedly", "Inoreader", "NewsBlur", "The Old Reader", "Feedbin", "BazQux", "app"
]
READER_NAMES: tuple[ReaderName, ...] = get_args(ReaderName)
"""Readers whose address this program knows, in the order of their buttons."""
APP = "app"
"""Stands for a feed reader on the visitor's device."""
_PLACE = "{url}"


class ReaderConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """A table in `[pages] readers`: a reader of the user's own.

    `url` is the address that adds a feed; `{url}` in it stands for the feed's address.
    """

    name: str
    url: str


class PagesConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[pages]`. `templates` is a folder, `css` a file, both relative to config.toml's folder."""

    templates: str = ""
    css: str = ""
    readers: tuple[ReaderName | ReaderConfig, ...] = READER_NAMES


def reader_fault(reader: ReaderConfig) -> tuple[str, str, str] | None:
    """Return key, fault and cure if a page cannot have this reader's button, else None."""
    if not reader.name.strip():
        return "name", "the name is empty", "write the words of the button"
    try:
        parts = urlsplit(reader.url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in reader.url:
        return "url", f"{reader.url!r} is not a web address", _CURE
    if _PLACE not in reader.url or _PLACE in parts.netloc:
        return "url", f"{_PLACE} is missing", _CURE
    return None


def file_fault(templates: Path | None, css: Path | None) -> tuple[str, str, str] | None:
    """Return key, fault and cure if the folder or the style sheet is not there, else None."""
    beside = "name it relative to the folder of config.toml"
    if templates and not is_folder(templates):
        return "pages.templates", f"there is no folder {templates}", beside
    if css and not css.is_file():
        return "pages.css", f"there is no file {css}", beside
    return None


_CURE = 'write it as "https://reader.example/add?url={url}"'
