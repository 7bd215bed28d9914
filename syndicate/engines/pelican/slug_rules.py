"""Slugs and dates in Pelican's addresses."""

import re
import unicodedata
from datetime import datetime
from html import unescape

from syndicate.engines.shared.patterns import substituted
from syndicate.engines.shared.permalinks import date_placeholders
from syndicate.engines.shared.transliterate import to_ascii

__all__ = ["SUBSTITUTIONS", "Substitutions", "slugify", "strftime"]

Substitutions = tuple[tuple[str, str], ...]

_DIRECTIVE = re.compile(r"%(-?)(.)", re.S)
_NAMES = {
    "Y": "year", "y": "short_year", "m": "month", "d": "day", "H": "hour", "M": "minute",
    "S": "second", "j": "y_day", "b": "short_month", "B": "long_month", "a": "short_day",
    "A": "long_day", "V": "week", "G": "w_year", "u": "w_day",
}  # fmt: skip
_WITHOUT_LOCALE = frozenset("UWwIfzZ")


SUBSTITUTIONS = ((r"[^\w\s-]", ""), (r"\A\s*", ""), (r"\s*\Z", ""), (r"[-\s]+", "-"))
"""Default of SLUG_REGEX_SUBSTITUTIONS."""


def slugify(
    text: str,
    substitutions: Substitutions = SUBSTITUTIONS,
    *,
    unicode: bool = False,
    cased: bool = False,
) -> str:
    """Return Pelican's slug of `text`. `unicode` keeps all letters, `cased` keeps their case."""
    bare = " ".join(_without(_without(text, "<!--", "-->"), "<", ">").split())
    value = unicodedata.normalize("NFKC", unescape(bare))
    if not unicode:
        value = to_ascii(value)
    for pattern, replacement in substitutions:
        value = substituted(pattern, replacement, value)
    return (value if cased else value.lower()).strip()


def _without(text: str, opening: str, closing: str) -> str:
    kept, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join((*kept, text[at:]))


def strftime(date: datetime, template: str) -> str:
    """Format `date`. ``%-d`` removes leading zeros. Names are always English."""
    placeholders = date_placeholders(date)

    def written(match: re.Match[str]) -> str:
        if match[2] in _NAMES:
            value = placeholders[_NAMES[match[2]]]
        elif match[2] in _WITHOUT_LOCALE:
            value = date.strftime(f"%{match[2]}")
        else:
            return "%" if match[2] == "%" else match[0]
        return (value.lstrip("0") or "0") if match[1] else value

    return _DIRECTIVE.sub(written, template)
