"""Make single values fit for every format: names, languages, e-mail addresses, ids, dates.

Every function accepts any text. It returns a value that XML 1.0, RFC 4287, RFC 3339 and RFC 822 can
all hold, or an empty text (None for a person) if there is none.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import regex

from syndicate.model import Author
from syndicate.text.calendar import SHORT_MONTHS, SHORT_WEEKDAYS
from syndicate.text.characters import one_line
from syndicate.text.urls import absolute

__all__ = [
    "distinct",
    "first_words",
    "iri",
    "language_tag",
    "person",
    "rfc_822",
    "visible",
    "writable",
]

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_CASED = {2: str.upper, 4: str.title}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_FIRST_CHARACTERS = regex.compile(r"\X{1,60}")
_MINUTE = timedelta(minutes=1)
_FARTHEST = timedelta(hours=14)


@lru_cache(maxsize=20_000)  # terms and authors recur in many posts
def visible(text: str) -> str:
    """Return `text` on one line, or "" if it has no letter, digit, punctuation or symbol."""
    line = one_line(text)
    return line if any(unicodedata.category(char)[0] in "LNPS" for char in line) else ""


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the visible `names` in NFC, in their order, without repetitions. Case counts."""
    return tuple(dict.fromkeys(filter(None, map(_composed, names))))


@lru_cache(maxsize=20_000)
def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", visible(name))


def first_words(line: str) -> str:
    """Return the first 60 grapheme clusters of `line`, cut at a space if there is one.

    An ellipsis at the end shows that something was cut.
    """
    start = _FIRST_CHARACTERS.match(visible(line))
    if not start or start.end() == len(start.string):
        return start[0] if start else ""
    inside_word = start.string[start.end()] != " "
    whole = start[0].rpartition(" ")[0] if inside_word else start[0]
    return (whole or start[0]).rstrip(" …") + "…"


@lru_cache(maxsize=1_000)
def person(author: Author | None) -> Author | None:
    """Return `author` as RFC 4287 3.2 requires; None if there is no visible name."""
    name = visible(author.name) if author else ""
    if not author or not name:
        return None
    email, uri = one_line(author.email), one_line(author.uri)
    return Author(
        name=name,
        email=email if _EMAIL.fullmatch(email) else "",
        uri=absolute(uri, "", "") if _IRI.fullmatch(uri) else "",
    )


@lru_cache(maxsize=1_000)
def language_tag(text: str) -> str:
    """Return `text` as a language tag, ``zh-CN`` for ``zh_cn`` (RFC 5646 2.1.1), or ""."""
    tag = text.strip().replace("_", "-").lower()
    if not _LANGUAGE.fullmatch(tag):
        return ""
    first, *others = tag.split("-")
    return "-".join((first, *(_CASED.get(len(part), str.lower)(part) for part in others)))


def iri(text: str) -> str:
    """Return `text` if it is an IRI (RFC 4287 4.2.6), else a UUID made only from it."""
    line = one_line(text)
    return line if _IRI.fullmatch(line) else uuid.uuid5(uuid.NAMESPACE_URL, line).urn


def writable(moment: datetime) -> datetime:
    """Return the same instant in whole seconds, with an offset that every format can write.

    The offset stays, or becomes UTC if it has seconds (RFC 3339 cannot write +08:05:43 of 1900) or
    is over 14 hours (XML Schema part 2, 3.2.7.3). Raises ValueError without an offset.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"{moment} has no offset from UTC")
    if offset % _MINUTE or abs(offset) > _FARTHEST:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def rfc_822(moment: datetime) -> str:
    """Return `moment`, which has an offset, as a date of RSS (RFC 822, years of four digits).

    `email.utils.format_datetime` returns the same text, but takes four times as long.
    """
    text = moment.isoformat(timespec="seconds")
    day, month = SHORT_WEEKDAYS[moment.weekday()], SHORT_MONTHS[moment.month - 1]
    zone = text[19:].replace(":", "")
    return f"{day}, {text[8:10]} {month} {text[:4]} {text[11:19]} {zone}"
