"""What is known of addresses besides the files: the formats of each feed, and where things were.

Read from the manifest and the ledger in the state folder, anew when these change. Where they
cannot be read nothing is known, and readers get what there is.
"""

import os.path
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from urllib.parse import unquote

from msgspec import Struct

from syndicate.errors import StateError
from syndicate.ledger import records as ledger
from syndicate.ledger.records import Record
from syndicate.state import manifest
from syndicate.state.last_build import ledger_stamps
from syndicate.state.manifest import Feeds, Written
from syndicate.state.world import Stamps, stamps_of

__all__ = ["Directory", "addresses", "moves"]

PAGE = "html"
NOTHING: Mapping[str, str] = {}


class _Known(Struct, frozen=True):
    stamps: Stamps
    formats: Mapping[str, Mapping[str, str]]
    moves: Mapping[str, str]
    files: frozenset[str] = frozenset()


class Directory:
    """What builds into the folder `output` left in the folder `state`. For any thread."""

    def __init__(self, state: Path, output: Path) -> None:
        self._state, self._output = state, output
        self._lock = Lock()
        self._known = _Known((), {}, {})

    def files(self) -> frozenset[str]:
        """Return the paths of the files that builds wrote."""
        return self._now().files

    def formats(self, path: str) -> Mapping[str, str]:
        """The file of each format ("html" is the page) of the feed whose one address is `path`."""
        return self._now().formats.get(path, NOTHING)

    def past(self, path: str) -> str | None:
        """Where what was at `path` is now: a path, or a post's address.

        Empty where it was withdrawn; None where nothing is known of it.
        """
        return self._now().moves.get(_plain(path))

    def _now(self) -> _Known:
        with self._lock:
            stamps = (*stamps_of((manifest.FILE_NAME,), self._state), *ledger_stamps(self._state))
            if stamps != self._known.stamps:
                self._known = self._read(stamps)
            return self._known

    def _read(self, stamps: Stamps) -> _Known:
        try:
            written = manifest.recall(self._state, self._output)
            records = ledger.load(self._state)
        except StateError:  # whoever builds is told
            known = self._known
            return _Known(stamps, known.formats, known.moves, known.files)
        found = addresses(written.feeds)
        return _Known(stamps, found, moves(written, records), frozenset(written.files))


def addresses(feeds: Feeds) -> dict[str, Mapping[str, str]]:
    """The files of each feed by the one address that stands for all its formats.

    That is "feed" in the folder of its files. Where other feeds lie in that folder too, it is the
    part of the path that the formats share: ``feeds/tea`` for ``feeds/tea.atom.xml``.
    """
    inside = Counter(folder for files in feeds.values() for folder in _by_folder(files))
    found: dict[str, Mapping[str, str]] = {}
    for name, files in feeds.items():  # that of all comes first, in the order of names
        for folder, paths in _by_folder(files).items():
            if name == "all" or inside[folder] == 1:
                found.setdefault(f"{folder}feed", files)
            if inside[folder] > 1 and (stem := _stem(paths)) != folder:
                found.setdefault(stem, files)
    return found


def moves(written: Written, records: Iterable[Record]) -> dict[str, str]:
    """Where what was at each past path is now; empty where it was withdrawn."""
    found = {
        each.path: _present(written.feeds.get(each.feed, NOTHING), each.form)
        for each in written.gone
    }
    records = list(records)
    live = {record.url for record in records if not record.withdrawn}
    for record in records:
        to = "" if record.withdrawn else record.url
        for url in (*record.past, record.url):
            if url not in live and (path := _below(url, written.site)):
                found.setdefault(path, to)
    return found


def _by_folder(files: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in _feed_paths(files):
        folder, slash, _ = path.rpartition("/")
        found.setdefault(folder + slash, []).append(path)
    return found


def _feed_paths(files: Mapping[str, str]) -> Iterator[str]:
    return (path for form, path in files.items() if form != PAGE)


def _stem(paths: list[str]) -> str:
    return os.path.commonprefix(paths).rpartition(".")[0]  # noqa: RUF071  as characters


def _present(files: Mapping[str, str], form: str) -> str:
    """The path of a feed in `form`; for a format that is no longer made, in another one."""
    if form in files or form == PAGE:
        return files.get(form, "")
    return next(_feed_paths(files), "")


def _below(url: str, site: str) -> str:
    """The path under the output folder that `url` would have; empty where it is elsewhere."""
    base = f"{site}/"
    return _plain(unquote(url.removeprefix(base))) if site and url.startswith(base) else ""


def _plain(path: str) -> str:
    """A folder's path with or without its slash, or by its index, is the same."""
    return path.removesuffix("index.html").rstrip("/")
