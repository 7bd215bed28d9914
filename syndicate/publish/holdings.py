"""What a target holds, as far as we know: one JSON file for each target in the state folder.

Each path has the digests that it may have at the target. One is certain. Before a run that will
change it is begun, the digest to come is added, and "" (not there) where it was not there before
or is to go; when the target has confirmed the change, one is left. So whatever a killed run did,
the next knows what it may have done: it sends again, and removes what it may have put there.
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
"""Of one path, after so many runs that were cut short: the oldest are forgotten first."""


class _Kept(Struct, frozen=True, forbid_unknown_fields=True):
    target: str
    place: str
    files: dict[str, tuple[str, ...]]


class Holdings:
    """What one target holds. `problem` says why nothing is known, where that is so.

    `place` is where the target is: what was held elsewhere under the same name does not count.
    Raises StateError where the state folder cannot be read or written.
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
        """Those of `files` that the target does not surely hold, in their order."""
        lost = set(missing)
        return tuple(
            file
            for file in files
            if file.path in lost or self.files.get(file.path) != (file.digest,)
        )

    def begin(self, send: Iterable[File], remove: Iterable[str]) -> None:
        """Note on the disk what is about to be done: from here on it may have happened."""
        for file in send:
            before = self.files.get(file.path, ("",))
            # What is sent although it should be there is not there for sure.
            doubt = ("",) if before == (file.digest,) else ()
            self.files[file.path] = _among(*before, *doubt, file.digest)
        for path in remove:
            self.files[path] = _among(*self.files[path], "")
        self.save()

    def confirm(self, path: str, digest: str | None) -> None:
        """Note that `path` has `digest` at the target, or (None) is not there. From any thread."""
        with self._lock:
            if digest is None:
                self.files.pop(path, None)
            else:
                self.files[path] = (digest,)
            self._unsaved += 1
            # In steps that grow with the file: a run writes it some ten times, however long it is.
            if self._unsaved >= max(50, len(self.files) // 8):
                self._write()

    def save(self) -> None:
        """Put all that is known on the disk, whole or not at all."""
        with self._lock:
            self._write()

    def _load(self) -> dict[str, tuple[str, ...]]:
        try:
            kept = msgspec.json.decode(read_own(self._file, OWN_BYTES), type=_Kept)
        except FileNotFoundError:
            return {}
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._unknown("cannot be understood")
        except OSError as error:
            raise _unusable(self._file, "read", error) from error
        if kept.target != self._name or not all(map(is_plain, kept.files)):
            return self._unknown("was not written for this target")
        if kept.place != self._place:
            return self._unknown(f"tells of {kept.place}, and the target is now {self._place}")
        return kept.files

    def _unknown(self, why: str) -> dict[str, tuple[str, ...]]:
        self.problem = f"{self._file} {why}: everything is sent, and nothing removed"
        return {}

    def _write(self) -> None:
        data = msgspec.json.encode(_Kept(self._name, self._place, self.files), order="sorted")
        try:
            replace_file(self._file, data)
        except OSError as error:
            raise _unusable(self._file, "written", error) from error
        self._unsaved = 0


def slug(name: str) -> str:
    """A file name for `name`: harmless on every system, and of no other name."""
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
