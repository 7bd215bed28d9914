"""Find the files of a blog that hold posts, with a reason for every other file.

The blog is walked once. The result does not depend on the order in which the system lists folders.
Links to folders are followed only if the generator follows them. Nothing outside the blog's folder
is read.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from stat import S_ISREG

from msgspec import Struct

from syndicate.engines.base import Engine
from syndicate.engines.shared.settings_files import unreadable_folder
from syndicate.files.seen import Entry
from syndicate.model import LeftOut, Place, Problem, Source

__all__ = ["Found", "Listing", "discover", "holds_posts", "listed"]

Listing = Callable[[str], Iterable[Entry]]
"""Type of a function that returns the entries of the folder at an absolute path; OSError."""


_LEADS_OUT = "a link that leads out of the blog's folder"
_NO_FILE = "not a regular file"
_CURES = {_LEADS_OUT: "put a copy of the file there", _NO_FILE: "put a file there"}


class Found(Struct, frozen=True):
    """All files of the blog: the sources of posts and the files left out, both sorted by path.

    `problems` names folders that cannot be read, and links and devices in the place of a post.
    """

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...] = ()


def listed(folder: str) -> Sequence[Entry]:
    """Return the entries of `folder`. Raises OSError."""
    with os.scandir(folder) as entries:
        return list(entries)


def discover(
    root: Path,
    engine: Engine,
    *,
    keep_out: Collection[str] = (),
    only: Collection[str] = (),
    listing: Listing = listed,
) -> Found:
    """Walk the folder `root`, or `only` the given folders in it.

    `keep_out` are the folders of this program's own files. Both are relative to `root`. `listing`
    returns the entries of a folder, possibly from an earlier walk.
    """
    real = os.path.realpath(root)
    ours = {folder.strip("/") for folder in keep_out}
    sources, left_out, problems = [], [], []
    folders = _outermost(only) or [""]
    while folders:
        for item in _scan(real, folders.pop(), engine, ours, listing):
            if isinstance(item, Source):
                sources.append(item)
            elif isinstance(item, LeftOut):
                left_out.append(item)
            elif isinstance(item, Problem):
                problems.append(item)
            else:
                folders.append(item)
    return Found(
        tuple(sorted(sources, key=lambda source: source.path)),
        tuple(sorted(left_out, key=lambda item: item.path)),
        tuple(sorted(problems, key=lambda item: item.path)),
    )


def holds_posts(root: Path, engine: Engine, only: Collection[str] = ()) -> bool:
    """Return True if `discover` would find a post."""
    real = os.path.realpath(root)
    folders = _outermost(only) or [""]
    while folders:
        for item in _scan(real, folders.pop(), engine, set()):
            if isinstance(item, Source):
                return True
            if isinstance(item, str):
                folders.append(item)
    return False


def _outermost(folders: Collection[str]) -> list[str]:
    """Return the folders that lie in no other of them."""
    paths = sorted({folder.strip("/") for folder in folders})
    return [p for p in paths if not any(p.startswith(f"{other}/") for other in paths)]


def _scan(
    root: str, folder: str, engine: Engine, ours: set[str], listing: Listing = listed
) -> Iterator[Source | LeftOut | Problem | str]:
    """Yield the posts in `folder`, the files left out, the problems, and the folders to walk."""
    prefix = f"{folder}/" if folder else ""
    try:
        for entry in listing(f"{root}/{folder}"):
            found = _judge(root, prefix + entry.name, entry, engine, ours)
            yield found
            if isinstance(found, LeftOut) and found.reason in _CURES:
                yield from _never_read(found, engine)
    except OSError as error:
        yield LeftOut(prefix or "./", f"cannot be read ({error.strerror})")
        yield unreadable_folder(prefix or "./", error)


def _never_read(found: LeftOut, engine: Engine) -> Iterator[Problem]:
    """Yield the Problem of a link or device in the place of a post or a folder of posts."""
    if engine.follows(found.path) or isinstance(engine.place(found.path), Place):
        kind = "leads-out" if found.reason == _LEADS_OUT else "unreadable"
        cure = _CURES[found.reason]
        yield Problem(found.path, kind, f"{found.reason}; not read", cure, severity="error")


def _judge(
    root: str, path: str, entry: Entry, engine: Engine, ours: set[str]
) -> Source | LeftOut | str:
    is_folder = entry.is_dir(follow_symlinks=False)
    if not is_folder and entry.is_symlink() and engine.follows(path) and entry.is_dir():
        if astray := _folder_astray(root, entry, ours):
            return LeftOut(path, astray)
        is_folder = True
    if not _is_text(path):
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return LeftOut(f"{shown}/" if is_folder else shown, "its name is not valid UTF-8")
    if is_folder:
        if path in ours:
            return LeftOut(f"{path}/", "holds what this program writes")
        return engine.enters(path) or path
    return _file(root, path, entry, engine)


def _file(root: str, path: str, entry: Entry, engine: Engine) -> Source | LeftOut:
    try:
        if entry.is_symlink():
            reason = _astray(root, entry)
            if reason:
                return LeftOut(path, reason)
        place = engine.place(path)
        if isinstance(place, LeftOut):
            return place
        stat = entry.stat()
        # A changed link counts as a changed file.
        changed = max(stat.st_ctime_ns, entry.stat(follow_symlinks=False).st_ctime_ns)
    except OSError as error:
        return LeftOut(path, f"cannot be read ({type(error).__name__})")
    if not S_ISREG(stat.st_mode):
        return LeftOut(path, _NO_FILE)
    return Source(path, stat.st_size, stat.st_mtime_ns, place, changed)


def _astray(root: str, entry: Entry) -> str:
    """Return why the link `entry` is not followed; empty if it leads to a file of the blog."""
    if entry.is_dir():
        return "a link to a folder"
    target = os.path.realpath(entry.path)
    if not os.path.lexists(target):
        return "a link to nothing"
    inside = target.startswith(root.rstrip("/") + "/")
    return "" if inside else _LEADS_OUT


def _folder_astray(root: str, entry: Entry, ours: set[str]) -> str:
    """Return why the link `entry` to a folder is not followed; empty if it is."""
    target = os.path.realpath(entry.path)
    if target != root and not target.startswith(root.rstrip("/") + "/"):
        return _LEADS_OUT
    inner = f"{target[len(root) :].strip('/')}/"
    return "a link to our own files" if any(inner.startswith(f"{o}/") for o in ours) else ""


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
