"""The page at "/" of a folder that has none of its own: a plain list of its files."""

import html
import os
from collections.abc import Collection
from urllib.parse import quote

__all__ = ["listing"]

_MOST_FILES = 2_000


def listing(root: str, listed: Collection[str] | None = None) -> bytes:
    """HTML that links every file below `root`, in the order of their paths; at most 2,000.

    Names that begin with a dot, and what lies behind symbolic links, are left out; so is what is
    not `listed`, where that is given.
    """
    found = _files(root) if listed is None else _there(root, listed)
    items = "\n".join(_item(path) for path in found)
    left = f"<p>The first {_MOST_FILES:,} files.\n" if len(found) == _MOST_FILES else ""
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Feeds</title>\n<h1>Feeds</h1>\n<ul>\n{items}\n</ul>\n{left}</html>\n"
    ).encode()


def _there(root: str, listed: Collection[str]) -> list[str]:
    paths = (path for path in sorted(listed) if path.isprintable())
    return [path for path in paths if os.path.isfile(f"{root}/{path}")][:_MOST_FILES]  # noqa: PTH113


def _files(root: str) -> list[str]:
    found: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(files):
            if name[0] != "." and name.isprintable():
                found.append(name if below == "." else f"{below}/{name}")
            if len(found) == _MOST_FILES:
                return found
    return found


def _item(path: str) -> str:
    # A first part with a colon would read as a scheme.
    return f'<li><a href="./{quote(path)}">{html.escape(path)}</a>'
