"""What the last build wrote, so that the next can remove what is no longer wanted.

Also where feeds were before, so that whoever asks for one there is told where it is now. One JSON
file in the state folder, an object from each output folder (relative to the state folder) to what
was written there.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.errors import StateError
from syndicate.files.names import is_plain
from syndicate.files.read import read_own
from syndicate.files.write import sync
from syndicate.state.private import discard_part, replace_file
from syndicate.state.refusals import unwritable

__all__ = [
    "FILE_NAME",
    "MOST_GONE",
    "Feeds",
    "Gone",
    "Written",
    "gone",
    "recall",
    "remember",
    "renew",
    "settings_of_any",
]

FILE_NAME = "manifest.json"
MOST_BYTES = 100_000_000
"""A blog of 40,000 posts and as many feeds needs a fifth."""
MOST_GONE = 5_000
"""Paths of which it is remembered whose they were."""
Digests = dict[str, tuple[str, ...]]
"""The digests of the files that builds had at each path, the last build's first."""
Feeds = Mapping[str, Mapping[str, str]]
"""The paths of each feed, by its kind and term ("category tea"), by format; its page is "html"."""


class Gone(Struct, frozen=True, array_like=True):
    """A path at which there is no feed any more: whose it was, and in which format."""

    path: str
    feed: str
    form: str


class Written(Struct, frozen=True):
    """The paths of the files that builds wrote under one output folder, and the posts read.

    `meant` stands for the settings that said which feeds there are. `site` is the address of the
    output folder; `gone` begins with what was removed last. `digests` are those that the files of
    builds had at each path, the last build's first; an older version noted none. `settings` names
    what gave settings to the last build.
    """

    files: tuple[str, ...] = ()
    posts: int = 0
    meant: str = ""
    site: str = ""
    feeds: dict[str, dict[str, str]] = {}
    gone: tuple[Gone, ...] = ()
    digests: Digests = {}
    settings: tuple[str, ...] = ()


def settings_of_any(state: Path) -> tuple[str, ...]:
    """Return what gave settings to a build into any output folder. Raises StateError."""
    return tuple({name for written in _load(state).values() for name in written.settings})


def gone(before: Written, feeds: Feeds) -> tuple[Gone, ...]:
    """What is to be remembered of paths where feeds were `before`, now that there are `feeds`."""
    there = {path for files in feeds.values() for path in files.values()}
    left = [
        Gone(path, name, form)
        for name, files in before.feeds.items()
        for form, path in files.items()
    ]
    found: dict[str, Gone] = {}
    for each in (*left, *before.gone):
        if each.path not in there:
            found.setdefault(each.path, each)
    return tuple(found.values())[:MOST_GONE]


def recall(state: Path, output: Path) -> Written:
    """What earlier builds wrote to `output`; nothing where there were none. Raises StateError."""
    return _load(state).get(_key(state, output), Written())


def remember(state: Path, output: Path, written: Written) -> None:
    """Keep `written` for the next build, whole or not at all; return when it is on the disk.

    Raises StateError.
    """
    _replace(state, _load(state), {_key(state, output): written})


def renew(state: Path, output: Path, digests: Callable[[Written], Digests]) -> None:
    """Keep other `digests` of what earlier builds wrote to `output`; the rest stays.

    Raises as `remember`.
    """
    before, name = _load(state), _key(state, output)
    written = before.get(name, Written())
    _replace(state, before, {name: msgspec.structs.replace(written, digests=digests(written))})


def _replace(state: Path, before: dict[str, Written], changed: dict[str, Written]) -> None:
    everything = {**before, **changed}
    try:
        if everything == before:
            discard_part(state / FILE_NAME)
            return
        replace_file(state / FILE_NAME, msgspec.json.encode(everything, order="sorted"))
        sync(state)  # its new name
    except OSError as error:
        raise unwritable(error, state) from error


def _load(state: Path) -> dict[str, Written]:
    file = state / FILE_NAME
    try:
        data = read_own(file, MOST_BYTES)
        found = msgspec.json.decode(data, type=dict[str, Written])
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unusable(file, str(error.strerror)) from error
    except RecursionError as error:
        raise _unusable(file, "it is nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unusable(file, str(error)) from error
    paths = set(chain.from_iterable(map(_paths, found.values())))
    if astray := [path for path in paths if not is_plain(path)]:
        raise _unusable(file, f"{min(astray)[:200]!r} leads out of the output folder")
    return found


def _paths(written: Written) -> Iterator[str]:
    yield from written.files
    yield from written.digests
    yield from (each.path for each in written.gone)
    for files in written.feeds.values():
        yield from files.values()


def _unusable(file: Path, why: str) -> StateError:
    what = f"cannot be read ({why})"
    return StateError(str(file), what, "remove it: feeds are then never removed for you")


def _key(state: Path, output: Path) -> str:
    try:
        return Path(os.path.relpath(output, state)).as_posix()
    except ValueError:  # on another drive
        return output.as_posix()
