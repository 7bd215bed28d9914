"""Look up whether files of a blog exist. Answers are kept, and later builds check them again."""

import os
import posixpath
import re
from pathlib import Path
from stat import S_ISLNK, S_ISREG

from syndicate.files.read import real_inside

__all__ = ["COVER", "Files"]

COVER = "\0cover"
"""Asked in the place of a name: the picture of a folder that is named after its purpose."""

_MOST_ANSWERS = 200_000
_MOST_NAMES = 5_000
_COVERS = tuple(
    re.compile(
        rf"{word}(?:[-_]?(?:image|img|picture))?(?:[-_.]\w{{1,20}})?"
        r"\.(?:avif|gif|jpe?g|png|svg|webp)",
        re.IGNORECASE | re.ASCII,
    )
    for word in ("featured?", "cover", "thumbnail")
)


class Files:
    """The files below the blog's folder `root`, as they were when they were first asked for.

    Nothing is opened. A link that leads out of `root` is no file of the blog.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._answers: dict[str, str] = {}
        self._inside: dict[str, bool] = {}

    def __reduce__(self) -> tuple[type["Files"], tuple[Path]]:
        return Files, (self.root,)

    def answer(self, question: str) -> str:
        """Return the path `question` if a regular file is there, else an empty string.

        A path that ends in `COVER` asks for the cover among the files of its folder.
        """
        found = self._answers.get(question)
        if found is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            folder, _, name = question.rpartition("/")
            looked_up = self._cover(folder) if name == COVER else self._is_file(folder, name)
            found = self._answers[question] = looked_up
        return found

    def _is_file(self, folder: str, name: str) -> str:
        path = posixpath.join(folder, name)
        try:
            mode = os.lstat(f"{self.root}/{path}").st_mode
            if S_ISLNK(mode):
                mode = os.stat(real_inside(self.root, path)).st_mode  # noqa: PTH116 - of text
        except (OSError, ValueError):
            return ""
        return path if S_ISREG(mode) and self._is_inside(folder) else ""

    def _cover(self, folder: str) -> str:
        if not self._is_inside(folder):
            return ""
        try:
            names = sorted(os.listdir(f"{self.root}/{folder}"))[:_MOST_NAMES]  # noqa: PTH208
        except OSError:
            return ""
        found = (name for cover in _COVERS for name in names if cover.fullmatch(name))
        return next(filter(None, (self._is_file(folder, name) for name in found)), "")

    def _is_inside(self, folder: str) -> bool:
        if folder not in self._inside:
            try:
                self._inside[folder] = bool(real_inside(self.root, folder))
            except OSError:
                self._inside[folder] = False
        return self._inside[folder]
