"""What readers hold, as far as it is known without asking the network.

A feed is published if a target holds it, if `syndicate adopt` saw it online, or if it stands in
the output folder and nothing says that the folder was never published.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.config.schema import Config
from syndicate.errors import StateError
from syndicate.files.read import read_own
from syndicate.reading.read_feed import ReadEntry, ReadFeed
from syndicate.state.private import replace_file
from syndicate.state.refusals import unwritable

__all__ = ["FILE_NAME", "Seen", "forget", "held", "note", "recall"]

FILE_NAME = "online.json"
MAX_SEEN = 200_000_000
"""Bytes of that file that are read."""


class Seen(Struct, frozen=True, omit_defaults=True):
    """Old feeds that `syndicate adopt` saw online, which the next build is compared with.

    `main` holds the entries of the feed of everything, `feeds` those of others by the path at
    which our feed will be. `output_is_draft`: no feed of the output folder was published.
    """

    main: tuple[ReadEntry, ...] = ()
    feeds: Mapping[str, tuple[ReadEntry, ...]] = {}
    output_is_draft: bool = False

    def at(self, path: str, *, main: bool) -> ReadFeed | None:
        """Return the old feed that ours at `path` replaces, or None."""
        entries = self.feeds.get(path, ()) or (self.main if main else ())
        return ReadFeed("atom", entries=entries) if entries else None


def note(state: Path, seen: Seen) -> None:
    """Write `seen` for the next build, whole or not at all. Raises StateError."""
    try:
        replace_file(state / FILE_NAME, msgspec.json.encode(seen, order="sorted"))
    except OSError as error:
        raise unwritable(error, state) from error


def recall(state: Path) -> Seen:
    """Return what the last adoption saw, empty if a build has followed it. Raises StateError."""
    file = state / FILE_NAME
    try:
        return msgspec.json.decode(read_own(file, MAX_SEEN), type=Seen)
    except FileNotFoundError:
        return Seen()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        cure = "remove it, and run `syndicate adopt` again"
        raise StateError(str(file), f"cannot be read ({error})", cure) from error


def forget(state: Path) -> None:
    """Remove what the last adoption saw: the output folder now agrees with it."""
    try:
        (state / FILE_NAME).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(error, state) from error


def held(config: Config) -> Collection[str] | None:
    """Return the paths that some target holds; None if this does not say what is published.

    That is so without targets, for a target whose holdings are unknown, and if the daemon serves
    the output folder itself. Raises StateError.
    """
    if not config.publish or config.daemon.serve:
        return None
    from syndicate.publish.holdings import Holdings

    paths: set[str] = set()
    for target in config.publish:
        holdings = Holdings(config.state_folder / "targets", target.name, target.place)
        if holdings.problem:
            return None
        paths |= holdings.files.keys()
    return paths
