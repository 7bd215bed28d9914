"""Write addresses as Hugo does: allowed characters, permalink tokens, endings.

Pure functions of text that follow versions 0.123 to 0.168 (`Sanitize`, `PermalinkExpander`,
`CreateTargetPaths`). Addresses start with "/", are percent-encoded and contain no "..".
"""

import posixpath
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from unicodedata import category, normalize
from urllib.parse import quote, unquote, unquote_plus

import regex
from msgspec import Struct

from syndicate.engines.shared.permalinks import date_placeholders

__all__ = [
    "Spelling", "cut", "date_tokens", "expand", "link", "link_of_url", "lower", "normal",
    "token_names", "urlize",
]  # fmt: skip

_FORBIDDEN = regex.compile(
    r"%(?![0-9A-Fa-f]{2})|[^\p{L}\p{Nd}\p{M}\s./\\_#+~@%-]|[\x1c-\x1f]", regex.VERSION1
)
_BESIDE_DASH = regex.compile(r"(?<=-)\s+|\s+(?=-)")
_SPACES = regex.compile(r"\s+")
_TOKEN = regex.compile(r"\\:|:(\w+)(?:\[(.+?)\])?")
_DATE_LAYOUTS = {
    "2006": "year", "06": "short_year", "January": "long_month", "Jan": "short_month",
    "01": "month", "1": "i_month", "02": "day", "2": "i_day", "002": "y_day",
    "Monday": "long_day", "Mon": "short_day", "15": "hour", "04": "minute", "05": "second",
}  # fmt: skip
_ENCODED = regex.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/\[\]-]|%[0-9A-Fa-f]{2})*")
_INDEX = "index.html"


class Spelling(Struct, frozen=True):
    """Hugo's settings `disablePathToLower` and `removePathAccents`."""

    keeps_case: bool = False
    drops_accents: bool = False


def lower(text: str) -> str:
    """Convert to lower case letter by letter, as Go does: no letter becomes two."""
    return text.lower() if text.isascii() else "".join(char.lower()[0] for char in text)


def normal(path: str) -> str:
    """Return the logical path of a file: lower case, dashes for spaces."""
    return lower(path).replace(" ", "-")


def urlize(text: str, spelling: Spelling) -> str:
    """Remove the characters that Hugo allows in no address. The result is not encoded."""
    if spelling.drops_accents:
        bare = "".join(char for char in normalize("NFD", text) if category(char) != "Mn")
        text = normalize("NFC", bare)
    kept = _BESIDE_DASH.sub("", _FORBIDDEN.sub("", text).strip())
    kept = _SPACES.sub("-", kept)
    return kept if spelling.keeps_case else lower(kept)


def token_names(pattern: str) -> list[str]:
    """Return the names of the tokens in a permalink pattern, without brackets."""
    return [match[1] for match in _TOKEN.finditer(pattern) if match[1]]


def expand(pattern: str, value: Callable[[str, str | None], str | None]) -> str:
    r"""Replace each ``:name`` and ``:name[cut]`` of `pattern` by `value`; ``\:`` is a colon.

    A token for which `value` returns None stays.
    """

    def replace(match: regex.Match[str]) -> str:
        if not match[1]:
            return ":"
        filled = value(match[1], match[2])
        return match[0] if filled is None else filled

    return _TOKEN.sub(replace, pattern)


def date_tokens(date: datetime) -> Mapping[str, str]:
    """Return the values of ``year`` … ``yearday``, and of Go's layouts (``2006``, ``Jan``)."""
    known = date_placeholders(date)
    return {
        **{layout: known[name] for layout, name in _DATE_LAYOUTS.items()},
        "year": str(date.year),
        "month": known["month"],
        "monthname": known["long_month"],
        "day": known["day"],
        "weekday": str(date.isoweekday() % 7),
        "weekdayname": known["long_day"],
        "yearday": str(date.timetuple().tm_yday),
    }


def cut(parts: Sequence[str], spec: str | None) -> Sequence[str]:
    """Return ``[1:]``, ``[:2]``, ``[0]`` or ``[last]`` of `parts`; empty if out of bounds."""
    if spec is None or not parts:
        return parts
    low, colon, high = spec.strip().lower().partition(":")
    first = _position(low, parts, 0)
    return parts[first : _position(high, parts, len(parts)) if colon else first + 1]


def _position(text: str, parts: Sequence[str], otherwise: int) -> int:
    if not text:
        return otherwise
    if text == "last":
        return len(parts) - 1
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def link(expanded: str, folder: str, name: str, *, ugly: bool, spelling: Spelling) -> str:
    """Return a page's address: its `expanded` permalink, or `name` in `folder`."""
    # Hugo decodes an expanded permalink, so that a plus sign becomes a space and is removed.
    parts = [_clean(unquote_plus(expanded))] if expanded else [folder, name]
    path = _clean("/".join(urlize(part, spelling) for part in parts))
    if not ugly:
        return _escape(path if path == "/" else f"{path}/")
    return _escape(path.removesuffix("index") if path.endswith("/index") else f"{path}.html")


def link_of_url(url: str, prefix: str) -> str:
    """Return the address for a front matter's `url`; a relative one lies below `prefix`."""
    wanted = _clean(url) if ".." in url else url
    parts = wanted.split("/")
    open_ended = wanted.endswith("/") or "." not in wanted
    if not open_ended and parts[-1] == "index.html":
        parts.pop()
        open_ended = True
    if prefix and not url.startswith("/"):
        parts.insert(0, prefix)
    path = _clean("/".join(parts))
    if open_ended and path != "/":
        path += "/"
    path, mark, query = path.partition("?")
    return _escape(path) + mark + _escape(query)


def _clean(path: str) -> str:
    """Return `path` with one leading slash, no trailing slash, no empty parts and no ".."."""
    return posixpath.normpath("/" + path.lstrip("/"))


def _escape(path: str) -> str:
    """Encode a path as Go does: a legal path stays, any other is encoded anew."""
    path = path.replace("#", "%23")
    if _ENCODED.fullmatch(path):
        return path
    return quote(unquote(path), safe="/-._~$&+,:;=@")
