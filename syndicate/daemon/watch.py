"""Watching of the blog's folder, with changes gathered for a short time.

Every kind of change counts (created, replaced, moved, removed; files and folders), since a build
without work is cheap. Ignored are the program's own output and the temporary files of editors and
version control.
"""

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.load import own_file
from syndicate.config.schema import Config
from syndicate.config.targets import FolderTarget
from syndicate.errors import ConfigError, SyndicateError
from syndicate.pipeline.locate import locate

if TYPE_CHECKING:
    from watchfiles import Change

__all__ = ["Ignored", "watching"]

_LOG = logging.getLogger("syndicate.daemon")
QUIET_MS, LONGEST_MS = 100, 500
"""Report changes after this quiet time, and at the latest after this longest time."""
LOOK_MS = 1_000
"""Time between two checks whether the watched folder has been replaced."""
_FOLDERS = frozenset((".git", ".hg", ".svn", "node_modules", "__pycache__"))
_PASSING = re.compile(
    r".*~"  # backups of Emacs, vim, gedit, nano
    r"|\..*\.sw[a-z]{1,2}"  # vim: .tea.md.swp, .swpx
    r"|4913"  # vim, to see whether it may write
    r"|\.#.*|#.*#"  # Emacs: locks and auto-saves
    r"|\.goutputstream-.*"  # GNOME
    r"|.*___jb_(?:tmp|old)___"  # JetBrains
    r"|\.~lock\..*#"  # LibreOffice
    r"|\..*\.kate-swp"
    r"|\..*\.part|.*\.crdownload"
    r"|\.DS_Store"
)


class Ignored:
    """Tests whether a change at a path can be ignored."""

    def __init__(self, config: Config, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._folders = tuple(os.path.realpath(each) + os.sep for each in _own_folders(config))

    def __call__(self, path: str) -> bool:
        """Return whether to ignore a change at the absolute `path`."""
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))  # noqa: PTH118, PTH119, PTH120  many paths, fast
        if f"{real}{os.sep}".startswith(self._folders):
            return True
        parts = ("", *Path(os.path.relpath(real, self._root)).parts)
        return not _FOLDERS.isdisjoint(parts) or bool(_PASSING.fullmatch(parts[-1]))


def _own_folders(config: Config) -> Iterator[Path]:
    yield config.output_folder
    yield config.state_folder
    for target in config.publish:
        if isinstance(target, FolderTarget):
            yield config.folder.absolute() / Path(target.path).expanduser()


@contextmanager
def watching(
    config: Config, changed: Callable[[str], None], file: Path | None = None
) -> Iterator[None]:
    """Call `changed` from another thread at each change of the blog, until the context ends.

    The argument is "config" if config.toml (or `file`) has changed, and then "watch" for any
    change. One more "watch" follows the start, for files saved before it. If the folder
    disappears, watching resumes when it is back. Raises ConfigError if watchfiles is not
    installed.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise ConfigError(
            "[schedule] watch",
            "watching needs watchfiles, which is not installed",
            "pip install 'syndicate-feeds[daemon]', or set watch = false and every = \"5m\"",
        ) from None
    over = threading.Event()
    arguments = (config, (file or own_file(config.folder)).absolute(), changed, over)
    thread = threading.Thread(target=_watch, args=arguments, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(2 * LOOK_MS / 1_000)


def _watch(
    config: Config, file: Path, changed: Callable[[str], None], over: threading.Event
) -> None:
    logged = ""
    while not over.is_set():
        try:
            for change in _changes(config, file, over):
                logged = ""
                changed(change)
        except (OSError, RuntimeError, SyndicateError) as error:  # watchfiles raises RuntimeError
            if logged != str(error):  # the folder may be missing for days
                logged = str(error)
                _LOG.warning("cannot watch: %s", error)
            over.wait(LOOK_MS / 1_000)


def _changes(config: Config, file: Path, over: threading.Event) -> Iterator[str]:
    """Yield changes until the folder is replaced or deleted."""
    from watchfiles import watch

    root = locate(config).home
    ignored, before, is_watching = Ignored(config, root), _identity(root), False

    def counts(_: "Change", path: str) -> bool:
        return not ignored(path)

    for changes in watch(
        root, *_outside(root.resolve(), config, file),
        watch_filter=counts, debounce=LONGEST_MS, step=QUIET_MS, rust_timeout=LOOK_MS,
        yield_on_timeout=True, stop_event=over, raise_interrupt=False,
    ):  # fmt: skip
        if _identity(root) != before:
            return
        if any(Path(path) == file for _, path in changes):
            yield "config"
        if changes or not is_watching:
            yield "watch"
        is_watching = True


def _outside(root: Path, config: Config, file: Path) -> set[Path]:
    """Return the folders outside `root` that hold config.toml, templates or the style sheet."""
    folders = [file.parent]
    if config.templates_folder:
        folders.append(config.templates_folder.resolve())
    if config.css_file:
        folders.append(config.css_file.resolve().parent)
    return {folder for folder in folders if folder.is_dir() and not folder.is_relative_to(root)}


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
