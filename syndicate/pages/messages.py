"""What the pages say, in the reader's language as far as we speak it.

The texts are in messages.toml. A page in a language of which there are none is in English.
"""

import pkgutil
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache

import msgspec
from msgspec import Struct

from syndicate.feeds.values import language_tag

__all__ = ["Messages", "Voice", "direction", "tables", "voice"]

_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
_TRADITIONAL = ("zh-Hant", "zh-TW", "zh-HK", "zh-MO")


class Messages(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one language. `name` is what it calls itself."""

    name: str
    subscribe: str
    about: str
    addresses: str
    copy: str
    copied: str
    open: str
    readers: str
    app: str
    latest: str
    feeds: str
    more: str
    category: str
    tag: str
    author: str
    language: str
    opml: str
    follow: str
    notice: str
    preview: str
    date: str
    months: tuple[str, ...]

    def day(self, moment: datetime) -> str:
        """The day of `moment`, in its own time zone, as people write it."""
        month = self.months[moment.month - 1]
        return self.date.format(day=moment.day, month=month, year=moment.year)


class Voice(Struct, frozen=True):
    """The language of a page's texts, and of what the page shows, which may be another.

    `says` has the texts, in the language `own`; `shown` is the blog's, empty where not known.
    """

    says: Messages
    own: str
    shown: str

    @property
    def mark(self) -> str:
        """The attribute of an element that holds the blog's own words; empty if none need be."""
        return self.marked(self.shown)

    def marked(self, language: str) -> str:
        """The attribute of an element whose words are in `language`; empty if none need be."""
        return f' lang="{language}"' if language and language != self.own else ""


@cache
def voice(language: str) -> Voice:
    """How to speak on a page of posts in `language`, a BCP 47 tag or empty."""
    shown = language_tag(language)
    texts = tables()
    key = "zh-Hant" if shown.startswith(_TRADITIONAL) else shown.partition("-")[0]
    if key in texts:
        return Voice(_messages(texts[key]), shown, shown)
    return Voice(_messages(texts["en"]), "en", shown)


def direction(tag: str) -> str:
    """ "rtl" or "ltr": which way the language `tag` is written."""
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@cache
def tables() -> Mapping[str, str]:
    """Return the TOML of each language by its tag, unread: reading all takes 4 ms."""
    data = pkgutil.get_data(__package__, "messages.toml") or b""
    _, *tables = re.split(r"^\[([\w-]+)\]$", data.decode(), flags=re.MULTILINE)
    return dict(zip(tables[::2], tables[1::2], strict=True))


def _messages(text: str) -> Messages:
    return msgspec.convert(tomllib.loads(text), Messages)
