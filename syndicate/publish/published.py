"""Feeds that readers may already have, determined without the network.

A feed counts as published if a target has it, if `syndicate adopt` has read it online, or if it is
in an output folder that is not known to be a draft.
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
"""Largest size of this file in bytes."""


class Seen(Struct, frozen=True, omit_defaults=True):
    """Feeds that `syndicate adopt` has read online, for comparison with the next build.

    `main` holds the entries of the main feed, `feeds` the entries of other feeds by the paths of
    our own feeds. `output_is_draft` states that no feed of the output folder was published.
    """

    main: tuple[ReadEntry, ...] = ()
    feeds: Mapping[str, tuple[ReadEntry, ...]] = {}
    output_is_draft: bool = False

    def at(self, path: str, *, main: bool) -> ReadFeed | None:
        """Return the online feed that our feed at `path` replaces, or None."""
        entries = self.feeds.get(path, ()) or (self.main if main else ())
        return ReadFeed("atom", entries=entries) if entries else None


def note(state: Path, seen: Seen) -> None:
    """Write `seen` atomically for the next build. Raises StateError."""
    try:
        replace_file(state / FILE_NAME, msgspec.json.encode(seen, order="sorted"))
    except OSError as error:
        raise unwritable(error, state) from error


def recall(state: Path) -> Seen:
    """Return the feeds of the last adoption; empty after the next build. Raises StateError."""
    file = state / FILE_NAME
    try:
        return msgspec.json.decode(read_own(file, MAX_SEEN), type=Seen)
    except FileNotFoundError:
        return Seen()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        cure = "delete it, and run `syndicate adopt` again"
        raise StateError(str(file), f"cannot be read ({error})", cure) from error


def forget(state: Path) -> None:
    """Delete the feeds of the last adoption, after a build has been compared with them."""
    try:
        (state / FILE_NAME).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(error, state) from error


def held(config: Config) -> Collection[str] | None:
    """Return the paths that at least one target has, or None if this is unknown.

    It is unknown without targets, for a target without a usable record, and if the daemon serves
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
