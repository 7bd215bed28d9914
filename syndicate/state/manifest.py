"""Record the files that builds wrote, so that the next build can remove obsolete ones.

The manifest also has the former paths of feeds, so that the server can redirect readers. It is one
JSON file in the state folder: an object from output folders (relative to the state folder) to the
files written there.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    "numbered",
    "recall",
    "remember",
    "renew",
    "settings_of_any",
]

FILE_NAME = "manifest.json"
MOST_BYTES = 100_000_000
"""Bytes of the largest manifest. A blog of 40,000 posts and as many feeds needs a fifth."""
MOST_GONE = 5_000
"""Number of former paths of feeds that are kept."""
Digests = dict[str, tuple[str, ...]]
"""Digests of the files that builds wrote, by path; the last build's digest comes first."""
Entries = dict[str, tuple[int, ...]]
"""Places of the entries of each feed in the list of ids."""
Feeds = Mapping[str, Mapping[str, str]]
"""Paths of the feeds, by kind and term ("category tea") and by format; "html" is the page."""


class Gone(Struct, frozen=True, array_like=True):
    """A former path of a feed, with the feed's name and format."""

    path: str
    feed: str
    form: str


class Written(Struct, frozen=True):
    """The files that builds wrote to one output folder, and the number of posts.

    `meant` is a key of the settings that define the feeds. `site` is the address of the output
    folder. `gone` has the latest removals first. `digests` is empty in manifests of older versions.
    `settings` names the files with the last build's settings. `opml` is the path of the list of
    feeds. `entries` has the places of each feed's entries in `ids`, the ids of all entries.
    """

    files: tuple[str, ...] = ()
    posts: int = 0
    meant: str = ""
    site: str = ""
    feeds: dict[str, dict[str, str]] = {}
    gone: tuple[Gone, ...] = ()
    digests: Digests = {}
    settings: tuple[str, ...] = ()
    opml: str = ""
    ids: tuple[str, ...] = ()
    entries: Entries = {}

    def ids_of(self, feed: str) -> frozenset[str]:
        """Return the ids of the entries of the feed called `feed`; none if they are unknown."""
        places = self.entries.get(feed, ())
        if not places or not 0 <= min(places) <= max(places) < len(self.ids):
            return frozenset()
        return frozenset(self.ids[place] for place in places)

    def kinds(self) -> dict[str, str]:
        """Return the kind of each file by path: "atom", "rss", "json", "html", "opml" or "".

        The kind of a feed file is its format. "html" is only the page of a feed.
        """
        kinds = dict.fromkeys(self.files, "")
        for files in self.feeds.values():
            kinds.update((path, form) for form, path in files.items() if path in kinds)
        if self.opml in kinds:
            kinds[self.opml] = "opml"
        return kinds


def settings_of_any(state: Path) -> tuple[str, ...]:
    """Return the settings files of the builds into all output folders. Raises StateError."""
    return tuple({name for written in _load(state).values() for name in written.settings})


def gone(before: Written, feeds: Feeds) -> tuple[Gone, ...]:
    """Return the former paths of feeds that no present feed has."""
    there = {path for files in feeds.values() for path in files.values()}
    left = [
        Gone(path, name, form)
        for name, files in before.feeds.items()
        for form, path in files.items()
    ]
    found: dict[str, Gone] = {}
    for former in (*left, *before.gone):
        if former.path not in there:
            found.setdefault(former.path, former)
    return tuple(found.values())[:MOST_GONE]


def numbered(ids: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], Entries]:
    """Return all `ids` of feeds once, and the places of each feed's ids among them."""
    places = {name: place for place, name in enumerate(dict.fromkeys(chain(*ids.values())))}
    return tuple(places), {feed: tuple(map(places.__getitem__, of)) for feed, of in ids.items()}


def recall(state: Path, output: Path) -> Written:
    """Return the record of the builds into `output`; an empty one before the first. StateError."""
    return _load(state).get(_key(state, output), Written())


def remember(state: Path, output: Path, written: Written) -> None:
    """Replace the record of the builds into `output`, durably. Raises StateError."""
    _replace(state, _load(state), {_key(state, output): written})


def renew(state: Path, output: Path, digests: Callable[[Written], Digests]) -> None:
    """Replace the digests in the record of the builds into `output`. Raises as `remember` does."""
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
    yield from (item.path for item in written.gone)
    for files in written.feeds.values():
        yield from files.values()


def _unusable(file: Path, why: str) -> StateError:
    what = f"cannot be read ({why})"
    cure = "remove the file; feeds of earlier builds are then not removed automatically"
    return StateError(str(file), what, cure)


def _key(state: Path, output: Path) -> str:
    try:
        return Path(os.path.relpath(output, state)).as_posix()
    except ValueError:  # on another drive
        return output.as_posix()
