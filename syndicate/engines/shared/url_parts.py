"""Normalise and percent-encode addresses that are made of arbitrary parts.

A dot at the end of a name stays, unlike in `permalinks.tidy`, which follows Jekyll.
"""

import re

from syndicate.engines.shared.permalinks import escape

__all__ = ["encoded", "folder_of_page", "resolved"]

_PAGE_FILE = re.compile(r"(?:/index)?\.html?$|/$")
_ESCAPES = re.compile(r"(%[0-9A-Fa-f]{2})")


def folder_of_page(url: str) -> str:
    """Return the address of the folder of the page at `url`, without a trailing slash."""
    return _PAGE_FILE.sub("", url, count=1)


def resolved(path: str) -> str:
    """Return `path` with one leading slash and without empty parts, "." and ".."."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    end = "/" if parts and path.endswith("/") else ""
    return f"/{'/'.join(parts)}{end}"


def encoded(path: str) -> str:
    """Return `path` percent-encoded. Existing escapes stay, in upper case."""
    return "".join(
        part.upper() if _ESCAPES.fullmatch(part) else escape(part) for part in _ESCAPES.split(path)
    )
