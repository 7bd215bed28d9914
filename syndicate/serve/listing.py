"""Page with a list of all files, for a folder without an index page."""

import html
import os
from collections.abc import Collection
from urllib.parse import quote

__all__ = ["listing"]

_MOST_FILES = 2_000


def listing(root: str, listed: Collection[str] | None = None) -> bytes:
    """Return HTML with links to the first 2,000 files below `root`, sorted by path.

    With `listed`, only the listed files appear. Hidden files and files behind symbolic links never
    do.
    """
    paths = _files(root) if listed is None else _existing(root, listed)
    items = "\n".join(_item(path) for path in paths)
    left = f"<p>Only the first {_MOST_FILES:,} files.\n" if len(paths) == _MOST_FILES else ""
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>Feeds</title>\n<h1>Feeds</h1>\n<ul>\n{items}\n</ul>\n{left}</html>\n"
    ).encode()


def _existing(root: str, listed: Collection[str]) -> list[str]:
    paths = (path for path in sorted(listed) if path.isprintable())
    return [path for path in paths if os.path.isfile(f"{root}/{path}")][:_MOST_FILES]  # noqa: PTH113


def _files(root: str) -> list[str]:
    paths: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in sorted(files):
            if name[0] != "." and name.isprintable():
                paths.append(name if below == "." else f"{below}/{name}")
            if len(paths) == _MOST_FILES:
                return paths
    return paths


def _item(path: str) -> str:
    # "./", since a colon in the first part would make it a scheme.
    return f'<li><a href="./{quote(path)}">{html.escape(path)}</a>'
