"""Record of the files at a target: one JSON file per target in the state folder.

A path maps to the digests that the file may have at the target; "" stands for an absent file. One
digest is certain. Before a run changes a file, the new digest is added (or "" for a removal);
after the target's confirmation only one is left. If a run is killed in between, the next run sees
several digests, sends the file again, and removes only files that may be its own.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct

from syndicate.errors import StateError
from syndicate.files.names import is_plain
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.publish.target import File
from syndicate.state.private import replace_file

__all__ = ["Holdings", "slug"]

_MOST_DIGESTS = 8
"""Digests kept per path after interrupted runs; the oldest are dropped first."""


class _Kept(Struct, frozen=True, forbid_unknown_fields=True):
    target: str
    place: str
    files: dict[str, tuple[str, ...]]


class Holdings:
    """Files at one target. `problem` is the reason if its record cannot be used.

    A record of the same `name` with another `place` is not used. Raises StateError if the state
    folder cannot be read or written.
    """

    def __init__(self, folder: Path, name: str, place: str) -> None:
        self._file = folder / f"{slug(name)}.json"
        self._name = name
        self._place = place
        self._lock = Lock()
        self._unsaved = 0
        self.problem = ""
        self.files = self._load()

    def changed(self, files: Iterable[File], missing: Iterable[str] = ()) -> tuple[File, ...]:
        """Return the `files` to send, in their order: all that are not certain at the target."""
        lost = set(missing)
        return tuple(
            file
            for file in files
            if file.path in lost or self.files.get(file.path) != (file.digest,)
        )

    def begin(self, send: Iterable[File], remove: Iterable[str]) -> None:
        """Save the intended changes, before any of them happens at the target."""
        for file in send:
            before = self.files.get(file.path, ("",))
            # A file that is sent again, although recorded, may be absent.
            doubt = ("",) if before == (file.digest,) else ()
            self.files[file.path] = _among(*before, *doubt, file.digest)
        for path in remove:
            self.files[path] = _among(*self.files[path], "")
        self.save()

    def confirm(self, path: str, digest: str | None) -> None:
        """Record that `path` has `digest` at the target, or is absent (None). Thread-safe."""
        with self._lock:
            if digest is None:
                self.files.pop(path, None)
            else:
                self.files[path] = (digest,)
            self._unsaved += 1
            # The step grows with the record, so that a run saves it about ten times.
            if self._unsaved >= max(50, len(self.files) // 8):
                self._write()

    def save(self) -> None:
        """Write the record to disk atomically."""
        with self._lock:
            self._write()

    def _load(self) -> dict[str, tuple[str, ...]]:
        try:
            kept = msgspec.json.decode(read_own(self._file, OWN_BYTES), type=_Kept)
        except FileNotFoundError:
            return {}
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._unknown("is damaged")
        except OSError as error:
            raise _unusable(self._file, "read", error) from error
        if kept.target != self._name or not all(map(is_plain, kept.files)):
            return self._unknown("belongs to another target")
        if kept.place != self._place:
            return self._unknown(f"records {kept.place}, but the target is now {self._place}")
        return kept.files

    def _unknown(self, why: str) -> dict[str, tuple[str, ...]]:
        self.problem = f"{self._file} {why}: all files are sent again, and none is removed"
        return {}

    def _write(self) -> None:
        data = msgspec.json.encode(_Kept(self._name, self._place, self.files), order="sorted")
        try:
            replace_file(self._file, data)
        except OSError as error:
            raise _unusable(self._file, "written", error) from error
        self._unsaved = 0


def slug(name: str) -> str:
    """Return a file name for `name` that is safe on every system and unique to it."""
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{readable}-{mark}" if readable else mark


def _among(*digests: str) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(digests))
    if len(once) <= _MOST_DIGESTS:
        return once
    absent = ("",) if "" in once else ()
    return (*absent, *[digest for digest in once if digest][1 - _MOST_DIGESTS :])


def _unusable(file: Path, what: str, error: OSError) -> StateError:
    return StateError(
        str(error.filename or file),
        f"cannot be {what} ({error.strerror})",
        "set [state] path to a folder that you may write to",
    )
