"""The blog's folder, watched: what people and editors do there, debounced.

Every kind of change counts (new, renamed over, moved in, removed, folders too), as a build finds
out cheaply when nothing has to be done. Only what cannot matter is left: what this program writes,
and what editors and version control put down while they work.
"""

import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.schema import Config, own_file
from syndicate.config.targets import FolderTarget
from syndicate.errors import ConfigError, SyndicateError
from syndicate.pipeline.locate import locate

if TYPE_CHECKING:
    from watchfiles import Change

__all__ = ["Ignored", "watching"]

_LOG = logging.getLogger("syndicate.daemon")
QUIET_MS, LONGEST_MS = 100, 500
"""A change is told of when it was quiet for so long, and at the latest after that."""
LOOK_MS = 1_000
"""How often it is seen whether the folder is still the one that is watched."""
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
    """Says of a path whether a change there is none of ours."""

    def __init__(self, config: Config, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._folders = tuple(os.path.realpath(each) + os.sep for each in _own_folders(config))

    def __call__(self, path: str) -> bool:
        """`path` is absolute, as the system tells it."""
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
    """Call `changed`, in another thread, when there is something to build until the context ends.

    With "watch" for every change, and once when the watch stands: what was saved before is then
    seen too; before that with "config" where config.toml has changed (`file`, where it is
    elsewhere). A folder that goes away is waited for. Raises ConfigError where the library is not
    installed.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        raise ConfigError(
            "[schedule] watch",
            "needs a library that is not installed",
            "pip install 'syndicate-feeds[daemon]', or set watch = false and every",
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
    told = ""
    while not over.is_set():
        try:
            for change in _changes(config, file, over):
                told = ""
                changed(change)
        except (OSError, RuntimeError, SyndicateError) as error:  # the library's own are the second
            if told != str(error):  # the folder may be away for days
                told = str(error)
                _LOG.warning("cannot watch: %s", error)
            over.wait(LOOK_MS / 1_000)


def _changes(config: Config, file: Path, over: threading.Event) -> Iterator[str]:
    """Until the folder is another one, or no more."""
    from watchfiles import watch

    root = locate(config).home
    ignored, before, stands = Ignored(config, root), _identity(root), False

    def counts(_: "Change", path: str) -> bool:
        return not ignored(path)

    beside = () if file.is_relative_to(root.resolve()) else (file.parent,)
    for changes in watch(
        root, *(folder for folder in beside if folder.is_dir()),
        watch_filter=counts, debounce=LONGEST_MS, step=QUIET_MS, rust_timeout=LOOK_MS,
        yield_on_timeout=True, stop_event=over, raise_interrupt=False,
    ):  # fmt: skip
        if _identity(root) != before:
            return
        if any(Path(path) == file for _, path in changes):
            yield "config"
        if changes or not stands:
            yield "watch"
        stands = True


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino
