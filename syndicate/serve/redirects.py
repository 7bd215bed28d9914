"""Addresses that are not files: the common address of a feed's formats, and redirects.

They come from the manifest and the ledger in the state folder, which are read again after a
change. If they cannot be read, the last known addresses stay, and files are served as usual.
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

__all__ = ["KnownAddresses", "addresses", "moves"]

PAGE = "html"
NOTHING: Mapping[str, str] = {}


class _Known(Struct, frozen=True):
    stamps: Stamps
    formats: Mapping[str, Mapping[str, str]]
    moves: Mapping[str, str]
    kinds: Mapping[str, str] = {}


class KnownAddresses:
    """Addresses of the builds of `output` whose state folder is `state`. Thread-safe."""

    def __init__(self, state: Path, output: Path) -> None:
        self._state, self._output = state, output
        self._lock = Lock()
        self._known = _Known((), {}, {})

    def kinds(self) -> Mapping[str, str]:
        """Return the kinds of the files that builds wrote, by path (`Written.kinds`)."""
        return self._now().kinds

    def formats(self, path: str) -> Mapping[str, str]:
        """Return the files by format ("html" for the page) of the feed with the address `path`."""
        return self._now().formats.get(path, NOTHING)

    def past(self, path: str) -> str | None:
        """Return the new path or address of a feed or post that was at `path`.

        Return "" if it was withdrawn, and None if `path` is unknown.
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
        except StateError:  # the next build reports it
            known = self._known
            return _Known(stamps, known.formats, known.moves, known.kinds)
        formats = addresses(written.feeds)
        return _Known(stamps, formats, moves(written, records), written.kinds())


def addresses(feeds: Feeds) -> dict[str, Mapping[str, str]]:
    """Return the files of each feed by the common address of its formats.

    This address is "feed" in the folder of the files. If the folder has several feeds, it is the
    common beginning of the paths: ``feeds/tea`` for ``feeds/tea.atom.xml``.
    """
    inside = Counter(folder for files in feeds.values() for folder in _by_folder(files))
    result: dict[str, Mapping[str, str]] = {}
    for name, files in feeds.items():  # the main feed, "all", comes first
        for folder, paths in _by_folder(files).items():
            if name == "all" or inside[folder] == 1:
                result.setdefault(f"{folder}feed", files)
            if inside[folder] > 1 and (stem := _stem(paths)) != folder:
                result.setdefault(stem, files)
    return result


def moves(written: Written, records: Iterable[Record]) -> dict[str, str]:
    """Return the new path or address for each past path; "" for a withdrawn one."""
    result = {
        file.path: _present(written.feeds.get(file.feed, NOTHING), file.form)
        for file in written.gone
    }
    records = list(records)
    live = {record.url for record in records if not record.withdrawn}
    for record in records:
        to = "" if record.withdrawn else record.url
        for url in (*record.past, record.url):
            if url not in live and (path := _below(url, written.site)):
                result.setdefault(path, to)
    return result


def _by_folder(files: Mapping[str, str]) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for path in _feed_paths(files):
        folder, slash, _ = path.rpartition("/")
        result.setdefault(folder + slash, []).append(path)
    return result


def _feed_paths(files: Mapping[str, str]) -> Iterator[str]:
    return (path for form, path in files.items() if form != PAGE)


def _stem(paths: list[str]) -> str:
    return os.path.commonprefix(paths).rpartition(".")[0]  # noqa: RUF071  as characters


def _present(files: Mapping[str, str], form: str) -> str:
    """Return the feed's path in the format `form`, or in another one if `form` is not made now."""
    if form in files or form == PAGE:
        return files.get(form, "")
    return next(_feed_paths(files), "")


def _below(url: str, site: str) -> str:
    """Return the path of `url` below the site's address; "" if it is elsewhere."""
    base = f"{site}/"
    return _plain(unquote(url.removeprefix(base))) if site and url.startswith(base) else ""


def _plain(path: str) -> str:
    """Return a folder's path without its final slash and index file."""
    return path.removesuffix("index.html").rstrip("/")
