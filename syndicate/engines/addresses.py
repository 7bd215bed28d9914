"""Addresses put together from parts that may hold anything: resolved and percent-encoded.

Unlike `permalinks.tidy`, which does what Jekyll does, a dot at the end of a name stays.
"""

import re

from syndicate.engines.permalinks import escape

__all__ = ["encoded", "folder_of_page", "resolved"]

_PAGE_FILE = re.compile(r"(?:/index)?\.html?$|/$")
_ESCAPES = re.compile(r"(%[0-9A-Fa-f]{2})")


def folder_of_page(url: str) -> str:
    """Return the address below which the files of the page at `url` lie, without a last slash."""
    return _PAGE_FILE.sub("", url, count=1)


def resolved(path: str) -> str:
    """`path` with one leading slash and without empty parts, dots and what would climb out."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    end = "/" if parts and path.endswith("/") else ""
    return f"/{'/'.join(parts)}{end}"


def encoded(path: str) -> str:
    """`path` percent-encoded; escapes that stand in it stay, in upper case."""
    return "".join(
        part.upper() if _ESCAPES.fullmatch(part) else escape(part) for part in _ESCAPES.split(path)
    )
