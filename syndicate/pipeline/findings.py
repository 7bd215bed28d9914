"""Hold the guard's findings about staged feeds. Processes send them to each other."""

from collections.abc import Iterable
from itertools import chain

from msgspec import Struct

__all__ = ["Findings", "joined"]


class Findings(Struct, frozen=True, array_like=True):
    """Losses and repetitions that readers of feeds would notice, by the feed's path.

    `large` has a text for each path, `small` the kind of loss and the ids of the few entries.
    `gained` are the ids of entries that the feeds did not have before.
    """

    large: tuple[tuple[str, str], ...] = ()
    small: tuple[tuple[str, str, frozenset[str]], ...] = ()
    gained: frozenset[str] = frozenset()


def joined(findings: Iterable[Findings]) -> Findings:
    """Return the findings about all feeds."""
    found = tuple(findings)
    return Findings(
        tuple(chain.from_iterable(part.large for part in found)),
        tuple(chain.from_iterable(part.small for part in found)),
        frozenset().union(*(part.gained for part in found)),
    )
