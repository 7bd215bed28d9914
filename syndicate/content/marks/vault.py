"""Find files in an Obsidian vault by name, in any folder, as Obsidian does."""

import os
import posixpath
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from syndicate.content.marks.context import Context, Dependency, add_dependency, is_contained

__all__ = ["file_of_vault", "is_same_file"]

_MOST_FILES = 200_000


def file_of_vault(context: Context, name: str) -> str:
    """Return the path, from the blog's folder, of the file called `name`, or "".

    `name` is a file's name or the end of its path. A file beside the note is preferred, then the
    file in the highest folder. `content` of the site is the folder of the notes.
    """
    path = _found(context, name)
    add_dependency("vault", context.path, name, path)
    return path


def is_same_file(dependency: Dependency, context: Context) -> bool:
    """Return True if the dependency's file has the same path now."""
    return _found(context, dependency.what) == dependency.answer


def _found(context: Context, name: str) -> str:
    content = str(context.site.get("content") or "")
    wanted = posixpath.normpath(name.strip().strip("/")).lower()
    ending = f"/{wanted}"
    beside = posixpath.join(posixpath.dirname(context.path), wanted).lower()
    paths = _files(_Build(context, content)).get(wanted.rpartition("/")[2], ())
    fitting = [path for path in paths if f"/{path.lower()}".endswith(ending)]
    nearest = next((path for path in fitting if path.lower() == beside), next(iter(fitting), ""))
    return nearest if nearest and is_contained(context.root, nearest) else ""


class _Build:
    """Vault during one build. Its files are listed once a build in each process."""

    def __init__(self, context: Context, content: str) -> None:
        self.links, self.root, self.content = context.links, context.root, content

    def __hash__(self) -> int:
        return hash((id(self.links), self.root, self.content))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Build):
            return NotImplemented
        return (
            other.links is self.links and other.root == self.root and other.content == self.content
        )


@lru_cache(maxsize=1)
def _files(build: _Build) -> Mapping[str, list[str]]:
    """List the files that are not notes by name in lower case, the highest first."""
    by_name: dict[str, list[str]] = {}
    count = 0
    for here, folders, files in os.walk(build.root / build.content):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        folder = Path(here).relative_to(build.root).as_posix()
        count += len(files)
        if count > _MOST_FILES:
            break
        for name in files:
            if not name.endswith(".md") and name[0] != ".":
                path = name if folder == "." else f"{folder}/{name}"
                by_name.setdefault(name.lower(), []).append(path)
    return {name: sorted(paths, key=_depth) for name, paths in by_name.items()}


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path
