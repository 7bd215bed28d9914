"""Single values made fit for every format: names, languages, e-mail addresses, ids, dates.

Each function takes whatever a post may say and gives what XML 1.0, RFC 4287, RFC 3339 and
RFC 822 can all write, or an empty string (None) where there is nothing to say.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import regex

from syndicate.model import Author
from syndicate.text import one_line
from syndicate.urls import absolute

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
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE = timedelta(minutes=1)
_FARTHEST = timedelta(hours=14)


@lru_cache(maxsize=20_000)  # terms and authors recur from post to post
def visible(text: str) -> str:
    """`text` on one line; empty if it has no letter, digit, sign or symbol to be seen."""
    line = one_line(text)
    return line if any(unicodedata.category(char)[0] in "LNPS" for char in line) else ""


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return the visible `names` in NFC, each once, in their order. Case tells them apart."""
    return tuple(dict.fromkeys(filter(None, map(_composed, names))))


@lru_cache(maxsize=20_000)
def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", visible(name))


def first_words(line: str) -> str:
    """The first 60 characters of `line` as people count them, ended at a word if words have ends.

    An ellipsis says that something was cut.
    """
    found = _FIRST_CHARACTERS.match(visible(line))
    if not found or found.end() == len(found.string):
        return found[0] if found else ""
    inside_word = found.string[found.end()] != " "
    whole = found[0].rpartition(" ")[0] if inside_word else found[0]
    return (whole or found[0]).rstrip(" …") + "…"


@lru_cache(maxsize=1_000)
def person(author: Author | None) -> Author | None:
    """`author` as RFC 4287 3.2 lets one be written; None without a name to show."""
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
    """`text` as a language tag, ``zh-CN`` for ``zh_cn`` (RFC 5646 2.1.1); empty if it is none."""
    tag = text.strip().replace("_", "-").lower()
    if not _LANGUAGE.fullmatch(tag):
        return ""
    first, *others = tag.split("-")
    return "-".join((first, *(_CASED.get(len(part), str.lower)(part) for part in others)))


def iri(text: str) -> str:
    """`text` if it is an IRI, as RFC 4287 4.2.6 asks of ids; else a UUID made of it alone."""
    line = one_line(text)
    return line if _IRI.fullmatch(line) else uuid.uuid5(uuid.NAMESPACE_URL, line).urn


def writable(moment: datetime) -> datetime:
    """The same instant without a fraction, its offset as it was or, where no feed can say it, UTC.

    RFC 3339 has no seconds in offsets, which zones had before about 1900 (+08:05:43), and XML
    Schema dates (part 2, 3.2.7.3) end at 14 hours.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError(f"{moment} has no offset from UTC")
    if offset % _MINUTE or abs(offset) > _FARTHEST:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def rfc_822(moment: datetime) -> str:
    """Return `moment`, which has an offset, as RSS writes dates (RFC 822, years with four digits).

    `email.utils.format_datetime` gives the same in four times the time.
    """
    text = moment.isoformat(timespec="seconds")
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    zone = text[19:].replace(":", "")
    return f"{day}, {text[8:10]} {month} {text[:4]} {text[11:19]} {zone}"
