"""Page with a list of all files, for a folder without an index page."""

import os
from collections.abc import Collection
from urllib.parse import quote

from syndicate.pages.render import render_live
from syndicate.pages.theme import ThemeSource, plain_theme

__all__ = ["listing"]

_MOST_FILES = 2_000


def listing(
    root: str,
    listed: Collection[str] | None = None,
    theme: ThemeSource = plain_theme,
) -> bytes:
    """Return HTML with links to the first 2,000 files below `root`, sorted by path.

    With `listed`, only the listed files appear. Hidden files and files behind symbolic links never
    do.
    """
    paths = _files(root) if listed is None else _existing(root, listed)
    # Without "./" a first part with a colon would be read as a scheme.
    files = [{"path": path, "href": f"./{quote(path)}"} for path in paths]
    return render_live("files.html", theme, {"files": files, "most": _MOST_FILES}).encode()


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
