"""Folders that config.toml names, and files that may hold a blog's own settings."""

import os
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISDIR

from syndicate.config.schema import Config
from syndicate.errors import BlogError, OutputError, StateError
from syndicate.files.read import is_there

__all__ = ["SETTINGS_FILES", "blog_folder", "check_folders", "folders_above", "kept_out"]

SETTINGS_FILES = (
    *(f"hugo.{ending}" for ending in ("toml", "yaml", "yml", "json")),
    *(f"config.{ending}" for ending in ("toml", "yaml", "yml", "json")),
    "config/_default", "zola.toml", "_config.yml", "_config.yaml", "_config.json", "pelicanconf.py",
    "conf.py", ".eleventy.js", "package.json", "src/content.config.ts", "src/content/config.ts",
    *(
        f"{name}.{ending}"
        for name in ("astro.config", "docusaurus.config", "eleventy.config", "valaxy.config",
                     "quartz.config", ".vuepress/config", ".vitepress/config")
        for ending in ("js", "mjs", "cjs", "ts", "mts", "yml", "yaml")
    ),
)  # fmt: skip
"""Files by which a generator's blog is recognised."""
_MOST_ABOVE = 6
"""Number of folders above the posts that may be the blog's folder."""


def blog_folder(config: Config) -> tuple[Path, tuple[str, ...]]:
    """Return the folder that contains all of `[posts] path`, and the named folders below it.

    Raises BlogError.
    """
    for folder in config.post_folders:
        _see(folder)
    # The parents of a path with ".." are not the folders that contain it.
    folders = [Path(os.path.realpath(f)) if ".." in f.parts else f for f in config.post_folders]
    inner = [folder for folder in folders if folder.name in ("_posts", "_drafts")]
    root = Path(os.path.commonpath([*folders, *(folder.parent for folder in inner)]))
    if not os.access(root, os.R_OK | os.X_OK):
        raise BlogError(str(root), "may not be read by this user", "give this user permission")
    parts = tuple(folder.relative_to(root).as_posix() for folder in folders)
    return root, () if "." in parts else parts


def folders_above(folder: Path) -> tuple[Path, ...]:
    """Return the folders above `folder` that may hold its blog's settings, nearest first."""
    return tuple(parent for parent in folder.parents[:_MOST_ABOVE] if parent.parent != parent)


def check_folders(config: Config) -> None:
    """Raise BlogError, OutputError or StateError for a path that is not a folder.

    Call this before anything is created.
    """
    blog_folder(config)
    if file := _file_in_place_of(config.output_folder):
        raise OutputError(file, "is not a folder", "set [output] path to a folder")
    if file := _file_in_place_of(config.state_folder):
        raise StateError(file, "is not a folder", "set [state] path to a folder")


def _see(folder: Path) -> None:
    try:
        if S_ISDIR(folder.stat().st_mode):
            return
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        what, cure = f"cannot be looked at ({error.strerror})", "let this user enter the folders"
        raise BlogError(str(folder), what, cure) from None
    raise BlogError(str(folder), "no such folder", "set [posts] path to the blog's folder")


def _file_in_place_of(folder: Path) -> str:
    """Return the file in place of `folder` or of a folder above it; empty if there is none."""
    return next((str(path) for path in (folder, *folder.parents) if is_there(path)), "")


def kept_out(config: Config, root: Path) -> tuple[str, ...]:
    """Return the folders below `root` without posts: output, state and templates."""
    templates = (config.templates_folder,) if config.templates_folder else ()
    return _within(root, (config.output_folder, config.state_folder, *config.apart, *templates))


def _within(root: Path, folders: Sequence[Path]) -> tuple[str, ...]:
    inside = [folder for folder in folders if folder.is_relative_to(root) and folder != root]
    return tuple(folder.relative_to(root).as_posix() for folder in inside)
