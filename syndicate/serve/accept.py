"""What a client says that it can take, and how gladly (RFC 9110 12.4.2, 12.5).

What cannot be read in a header counts as not said: no header is an error.
"""

import re
from collections.abc import Sequence

from syndicate.serve.bounded_cache import Kept

__all__ = ["FORMAT_TYPES", "best_format", "coding_tiers", "weights"]

FORMAT_TYPES = {
    "atom": ("application/atom+xml", "application/xml", "text/xml"),
    "rss": ("application/rss+xml", "application/rdf+xml", "application/xml", "text/xml"),
    "json": ("application/feed+json", "application/json"),
    "html": ("text/html", "application/xhtml+xml"),
}
"""Which media types ask for which format; of formats wanted alike, the first is sent."""

CODINGS = ("br", "gzip", "zstd")
_WEIGHT = re.compile(r"[01]?(?:\.[0-9]{0,9})?")


@Kept
def weights(header: str) -> dict[str, float]:
    """The names in `header`, in lower case, each with its weight from 0 to 1."""
    found: dict[str, float] = {}
    for item in header.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name:
            found[name] = max(found.get(name, 0.0), _weight(parameters))
    return found


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            value = value.strip()
            known = _WEIGHT.fullmatch(value) and value.strip(".")
            return min(1.0, float(value)) if known else 0.0
    return 1.0


@Kept
def coding_tiers(header: bytes) -> tuple[frozenset[str], ...]:
    """The content codings that `header` (Accept-Encoding) accepts, the most wanted first.

    Those of one tier are wanted alike. "identity" is always there, last where nothing is said
    of it: a client that refuses even that gets it all the same (RFC 9110 12.5.3 allows it).
    """
    spelled = weights(header.decode("latin-1"))
    said = {name.removeprefix("x-"): weight for name, weight in spelled.items()}
    wanted = {name: said.get(name, said.get("*", 0.0)) for name in CODINGS}
    wanted["identity"] = said.get("identity", 0.0)
    tiers = [
        frozenset(name for name, weight in wanted.items() if weight == level)
        for level in sorted(set(wanted.values()) - {0.0}, reverse=True)
    ]
    return (*tiers, frozenset(("identity",)))


@Kept
def best_format(header: str, there: tuple[str, ...]) -> str:
    """Which of the formats `there` (names of FORMAT_TYPES, one at least) `header` asks for.

    Of formats with the same weight, the one that is named more exactly wins: a browser that
    takes anything still asks for HTML. Where none is wanted, the first is sent rather than 406.
    """
    said = weights(header or "*/*")
    return max(there, key=lambda name: (*_wish(said, FORMAT_TYPES[name]), -_rank(name)))


def _wish(said: dict[str, float], types: Sequence[str]) -> tuple[float, int]:
    """The weight of the best of `types`, and how exactly it is named.

    What is said of the first, the format's own, holds for the format.
    """
    own = types[:1] if types[0] in said else types
    return max(_wish_of(said, each) for each in own)


def _wish_of(said: dict[str, float], media_type: str) -> tuple[float, int]:
    family = media_type.partition("/")[0] + "/*"
    for exactness, name in ((2, media_type), (1, family), (0, "*/*")):
        if name in said:
            return said[name], exactness
    return 0.0, 0


def _rank(name: str) -> int:
    return list(FORMAT_TYPES).index(name)
