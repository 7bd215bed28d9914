"""Permalink templates (``/:year/:title/``), slugs and the escaping of addresses.

The placeholders and the slug modes are Jekyll's, the field's common tongue for them; other
engines map their own names onto these functions.
"""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

import regex

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

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def slugify(text: str, mode: str = "default", *, cased: bool = False) -> str:
    """`text` as part of an address, the way Jekyll's `slugify` does it.

    `mode` is "raw", "default" (letters and digits of every script), "pretty" (punctuation that
    addresses allow as well) or "ascii"; any other leaves the characters alone.
    """
    if separators := _SEPARATORS.get(mode):
        if "--" in text or not text.isascii() or not text.replace("-", "").isalnum():
            text = separators.sub("-", text)
        text = text.removeprefix("-").removesuffix("-")
    return text if cased else text.lower()


def escape(path: str) -> str:
    """`path` percent-encoded as UTF-8, with upper-case digits; slashes stay."""
    return quote(path, safe=_SAFE)


def tidy(address: str) -> str:
    """`address` with one leading slash, no empty parts and no dots that climb or stay."""
    climbing_out = f"/{address}".replace("..", "/").replace("./", "")
    return _SLASHES.sub("/", climbing_out)


_DATE_MAKERS: Mapping[str, Callable[[datetime], str]] = {
    "year": lambda date: f"{date.year:04d}",
    "short_year": lambda date: f"{date.year % 100:02d}",
    "month": lambda date: f"{date.month:02d}",
    "i_month": lambda date: str(date.month),
    "short_month": lambda date: _MONTHS[date.month - 1][:3],
    "long_month": lambda date: _MONTHS[date.month - 1],
    "day": lambda date: f"{date.day:02d}",
    "i_day": lambda date: str(date.day),
    "y_day": lambda date: f"{date.timetuple().tm_yday:03d}",
    "short_day": lambda date: _DAYS[date.weekday()][:3],
    "long_day": lambda date: _DAYS[date.weekday()],
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
    """Return what those of Jekyll's date placeholders that are `wanted` stand for.

    Names of months and days are English always.
    """
    return {name: make(date) for name, make in _DATE_MAKERS.items() if name in wanted}


@lru_cache(maxsize=100)
def placeholders(template: str) -> frozenset[str]:
    """The names in `template`, also as they are without an underscore at their end."""
    names = _PLACEHOLDER.findall(template)
    return frozenset((*names, *(name.removesuffix("_") for name in names)))


def expand(template: str, values: Mapping[str, str]) -> str:
    """`template` with each ``:name`` replaced by its value; an unknown name stays as it is.

    ``:title_`` with no value of that name is ``:title`` and an underscore.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return values[name]
        return values[name[:-1]] + "_" if name[:-1] in values and name[-1] == "_" else match[0]

    return _PLACEHOLDER.sub(value, template)
