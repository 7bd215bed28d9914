"""The texts of the pages in several languages, read from messages.toml.

A page in a language without texts there is in English.
"""

import pkgutil
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache

import msgspec
from markupsafe import Markup
from msgspec import Struct

from syndicate.feeds.values import language_tag

__all__ = ["Messages", "Wording", "direction", "tables", "wording_of"]

_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
_TRADITIONAL = ("zh-Hant", "zh-TW", "zh-HK", "zh-MO")


class Messages(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one language. `name` is the language's own name for itself."""

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
        """Return the day of `moment`, in its own time zone, as people write it."""
        month = self.months[moment.month - 1]
        return self.date.format(day=moment.day, month=month, year=moment.year)


class Wording(Struct, frozen=True):
    """The texts of a page, their language, and the language of the posts that the page shows.

    The languages differ if there are no texts in the language of the posts. `posts_language` is
    empty if it is unknown.
    """

    messages: Messages
    language: str
    posts_language: str

    @property
    def texts(self) -> Messages:
        """The messages as Markup, for templates: they hold no characters that HTML escapes."""
        return _marked_up(self.messages)

    @property
    def blog_language(self) -> str:
        """The language of the blog's own words if it differs from the page's, else empty."""
        return self.other(self.posts_language)

    def other(self, language: str) -> str:
        """Return `language` if it differs from the page's, else an empty text."""
        return language if language != self.language else ""


@cache
def _marked_up(messages: Messages) -> Messages:
    names = (name for name in messages.__struct_fields__ if name != "months")
    texts = {name: Markup(getattr(messages, name)) for name in names}
    return msgspec.structs.replace(messages, **texts)


@cache
def wording_of(language: str) -> Wording:
    """Return the texts for a page of posts in `language`, a BCP 47 tag or empty."""
    tag = language_tag(language)
    texts = tables()
    key = "zh-Hant" if tag.startswith(_TRADITIONAL) else tag.partition("-")[0]
    if key in texts:
        return Wording(_messages(texts[key]), tag, tag)
    return Wording(_messages(texts["en"]), "en", tag)


def direction(tag: str) -> str:
    """Return the writing direction of the language `tag`: "rtl" or "ltr"."""
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@cache
def tables() -> Mapping[str, str]:
    """Return the TOML text of each language by its tag; parsing all of them takes 4 ms."""
    data = pkgutil.get_data(__package__, "messages.toml") or b""
    _, *tables = re.split(r"^\[([\w-]+)\]$", data.decode(), flags=re.MULTILINE)
    return dict(zip(tables[::2], tables[1::2], strict=True))


def _messages(text: str) -> Messages:
    return msgspec.convert(tomllib.loads(text), Messages)
