"""Content negotiation: the headers Accept and Accept-Encoding (RFC 9110 12.4.2, 12.5).

Unreadable parts of a header are ignored; no header is an error.
"""

import re
from collections.abc import Mapping, Sequence

from syndicate.model import FORMATS
from syndicate.serve.bounded_cache import BoundedCache

__all__ = ["FORMAT_TYPES", "best_format", "coding_tiers", "weights"]

FORMAT_TYPES: Mapping[str, tuple[str, ...]] = {
    **{form: (row.type, *row.asked_as) for form, row in FORMATS.items()},
    "html": ("text/html", "application/xhtml+xml"),
}
"""Media types by which a client requests a format. Equal weights are decided by this order."""

CODINGS = ("br", "gzip", "zstd")
_WEIGHT = re.compile(r"[01]?(?:\.[0-9]{0,9})?")


@BoundedCache
def weights(header: str) -> dict[str, float]:
    """Return the weight, 0 to 1, of each name in `header`. Names are in lower case."""
    result: dict[str, float] = {}
    for item in header.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name:
            result[name] = max(result.get(name, 0.0), _weight(parameters))
    return result


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            known = _WEIGHT.fullmatch(value) and value.strip(".")
            return min(1.0, float(value)) if known else 0.0
    return 1.0


@BoundedCache
def coding_tiers(header: bytes) -> tuple[frozenset[str], ...]:
    """Return the content codings that `header` (Accept-Encoding) accepts, by descending weight.

    A tier holds codings of equal weight. The last tier is always "identity", even if the client
    rejects it (RFC 9110 12.5.3 allows this).
    """
    spelled = weights(header.decode("latin-1"))
    given = {name.removeprefix("x-"): weight for name, weight in spelled.items()}
    wanted = {name: given.get(name, given.get("*", 0.0)) for name in CODINGS}
    wanted["identity"] = given.get("identity", 0.0)
    tiers = [
        frozenset(name for name, weight in wanted.items() if weight == level)
        for level in sorted(set(wanted.values()) - {0.0}, reverse=True)
    ]
    return (*tiers, frozenset(("identity",)))


@BoundedCache
def best_format(header: str, available: tuple[str, ...]) -> str:
    """Return the format of `available` (names of FORMAT_TYPES) that `header` prefers.

    Between equal weights the more specific media type wins: a browser accepts anything, but names
    HTML. If the client accepts no format, the first one is sent rather than 406.
    """
    given = weights(header or "*/*")
    return max(available, key=lambda name: (*_preference(given, FORMAT_TYPES[name]), -_rank(name)))


def _preference(given: dict[str, float], types: Sequence[str]) -> tuple[float, int]:
    """Return the highest weight of `types` and how specific it is.

    A weight for the first type, the format's own, overrides the others.
    """
    own = types[:1] if types[0] in given else types
    return max(_preference_of(given, media_type) for media_type in own)


def _preference_of(given: dict[str, float], media_type: str) -> tuple[float, int]:
    family = media_type.partition("/")[0] + "/*"
    for exactness, name in ((2, media_type), (1, family), (0, "*/*")):
        if name in given:
            return given[name], exactness
    return 0.0, 0


def _rank(name: str) -> int:
    return list(FORMAT_TYPES).index(name)
