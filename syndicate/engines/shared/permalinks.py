"""Fill in permalink templates (``/:year/:title/``), make slugs, and escape addresses.

The placeholders and slug modes are Jekyll's. Other engines map their own names to them.
"""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

import regex

from syndicate.text.calendar import MONTHS, SHORT_MONTHS, SHORT_WEEKDAYS, WEEKDAYS

__all__ = ["date_placeholders", "escape", "expand", "placeholders", "slugify", "tidy"]

# RFC 3986: unreserved, sub-delims, ":" and "@", and the slash between parts.
_SAFE = "-._~!$&'()*+,;=:@/"

_SEPARATORS = {
    "raw": regex.compile(r"\s+"),
    "default": regex.compile(r"[^\p{M}\p{L}\p{Nd}]+"),
    "pretty": regex.compile(r"[^\p{M}\p{L}\p{Nd}._~!$&'()+,;=@]+"),
    "ascii": regex.compile(r"[^A-Za-z0-9]+"),
}
_PLACEHOLDER = re.compile(r":([a-z_]+)")
_SLASHES = re.compile(r"/{2,}")


def slugify(text: str, mode: str = "default", *, cased: bool = False) -> str:
    """Return the slug that Jekyll's `slugify` makes of `text`.

    `mode` decides which characters stay: "raw" (all but spaces), "default" (letters and digits),
    "pretty" (also the punctuation that addresses allow) or "ascii". Any other mode changes only
    the case. `cased` keeps the case.
    """
    if separators := _SEPARATORS.get(mode):
        if "--" in text or not text.isascii() or not text.replace("-", "").isalnum():
            text = separators.sub("-", text)
        text = text.removeprefix("-").removesuffix("-")
    return text if cased else text.lower()


def escape(path: str) -> str:
    """Percent-encode `path` as UTF-8, with upper-case digits. Slashes stay."""
    return quote(path, safe=_SAFE)


def tidy(address: str) -> str:
    """Return `address` with one leading slash and without empty parts, "." and ".."."""
    climbing_out = f"/{address}".replace("..", "/").replace("./", "")
    return _SLASHES.sub("/", climbing_out)


_DATE_MAKERS: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda date: f"{date.year:04d}",
    "short_year": lambda date: f"{date.year % 100:02d}",
    "month": lambda date: f"{date.month:02d}",
    "i_month": lambda date: str(date.month),
    "short_month": lambda date: SHORT_MONTHS[date.month - 1],
    "long_month": lambda date: MONTHS[date.month - 1],
    "day": lambda date: f"{date.day:02d}",
    "i_day": lambda date: str(date.day),
    "y_day": lambda date: f"{date.timetuple().tm_yday:03d}",
    "short_day": lambda date: SHORT_WEEKDAYS[date.weekday()],
    "long_day": lambda date: WEEKDAYS[date.weekday()],
    "week": lambda date: f"{date.isocalendar()[1]:02d}",
    "w_year": lambda date: str(date.isocalendar()[0]),
    "w_day": lambda date: str(date.isoweekday()),
    "hour": lambda date: f"{date.hour:02d}",
    "minute": lambda date: f"{date.minute:02d}",
    "second": lambda date: f"{date.second:02d}",
}


def date_placeholders(
    date: datetime, wanted: AbstractSet[str] = _DATE_MAKERS.keys()
) -> dict[str, str]:
    """Return the values of the `wanted` date placeholders. Names are always English."""
    return {name: make(date) for name, make in _DATE_MAKERS.items() if name in wanted}


@lru_cache(maxsize=100)
def placeholders(template: str) -> frozenset[str]:
    """Return the names in `template`, and the same names without a trailing underscore."""
    names = _PLACEHOLDER.findall(template)
    return frozenset((*names, *(name.removesuffix("_") for name in names)))


def expand(template: str, values: Mapping[str, str]) -> str:
    """Replace each ``:name`` in `template` by its value. Unknown names stay.

    ``:title_`` without a value of this name is ``:title`` and an underscore.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return values[name]
        return values[name[:-1]] + "_" if name[:-1] in values and name[-1] == "_" else match[0]

    return _PLACEHOLDER.sub(value, template)
