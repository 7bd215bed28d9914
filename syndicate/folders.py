"""Where a blog lies, by its configuration alone."""

import os
from collections.abc import Sequence
from pathlib import Path

from syndicate.config import Config
from syndicate.errors import BlogError

__all__ = ["blog_folder", "kept_out"]


def blog_folder(config: Config) -> tuple[Path, tuple[str, ...]]:
    """The blog's folder, and the parts of it to look in where not all of it is meant.

    Raises BlogError.
    """
    folders = config.post_folders
    missing = next((folder for folder in folders if not folder.is_dir()), None)
    if missing is not None:
        raise BlogError(str(missing), "no such folder", "set [posts] path to the blog's folder")
    inner = [folder for folder in folders if folder.name in ("_posts", "_drafts")]
    root = Path(os.path.commonpath([*folders, *(folder.parent for folder in inner)]))
    parts = tuple(folder.relative_to(root).as_posix() for folder in folders)
    return root, () if "." in parts else parts


def kept_out(config: Config, root: Path) -> tuple[str, ...]:
    """The folders below `root` that hold what this program writes."""
    return _within(root, (config.output_folder, config.state_folder, *config.apart))


def _within(root: Path, folders: Sequence[Path]) -> tuple[str, ...]:
    inside = [folder for folder in folders if folder.is_relative_to(root) and folder != root]
    return tuple(folder.relative_to(root).as_posix() for folder in inside)
