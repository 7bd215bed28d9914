"""Write JSON Feed 1.1 as UTF-8, with the keys in a fixed order and without empty ones."""

from datetime import datetime

import msgspec
from msgspec import Struct

from syndicate.feeds.channel import Channel, Shell
from syndicate.feeds.item import Item
from syndicate.feeds.xml_templates import Escaped
from syndicate.model import UNDATED, Author

__all__ = ["entry", "shell"]

_VERSION = "https://jsonfeed.org/version/1.1"


class _Lean(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """JSON object in the order of its fields, without fields that have their default."""


class _Author(_Lean, frozen=True, kw_only=True):
    name: str
    url: str = ""


class _Attachment(_Lean, frozen=True, kw_only=True):
    url: str
    mime_type: str
    size_in_bytes: int = 0


class _Hub(_Lean, frozen=True, kw_only=True):
    type: str
    url: str


class _Item(_Lean, frozen=True, kw_only=True):
    id: str
    url: str
    external_url: str = ""
    title: str
    summary: str = ""
    content_html: str | None = None
    content_text: str = ""
    image: str = ""
    date_published: str = ""
    date_modified: str = ""
    authors: tuple[_Author, ...]
    tags: tuple[str, ...] = ()
    language: str = ""
    attachments: tuple[_Attachment, ...] = ()


class _Feed(_Lean, frozen=True, kw_only=True):
    version: str
    title: str
    home_page_url: str
    feed_url: str
    description: str = ""
    icon: str = ""
    favicon: str = ""
    authors: tuple[_Author, ...] = ()
    language: str = ""
    hubs: tuple[_Hub, ...] = ()


def entry(texts: Escaped[Item]) -> bytes:
    """Return the JSON Feed item of an item (1.1, "Items").

    It has `content_html`, or `content_text` if the body is empty and there is a summary.
    """
    item = texts.noun
    media = item.enclosure
    text = "" if item.html else item.summary
    return msgspec.json.encode(
        _Item(
            id=item.id,
            url=item.url,
            external_url=item.external_url,
            title=item.title,
            summary=item.plain_summary,
            content_html=None if text else item.html,
            content_text=text,
            image=item.image.url if item.image else "",
            date_published=_date(item.published),
            date_modified=_date(item.updated),
            authors=tuple(map(_author, item.authors)),
            tags=item.terms,
            language=item.language,
            attachments=(
                _Attachment(url=media.url, mime_type=media.type, size_in_bytes=media.length),
            )
            if media
            else (),
        )
    )


def shell(texts: Escaped[Channel]) -> Shell:
    """Return the head and the end of the JSON feed. Each item is on a line of its own."""
    channel = texts.noun
    feed = _Feed(
        version=_VERSION,
        title=channel.title,
        home_page_url=channel.home,
        feed_url=channel.urls["json"],
        description=channel.description,
        icon=channel.logo or channel.icon,
        favicon=channel.icon,
        authors=(_author(channel.author),) if channel.author else (),
        language=channel.language,
        hubs=tuple(_Hub(type="WebSub", url=hub) for hub in channel.hubs),
    )
    head = msgspec.json.encode(feed).removesuffix(b"}")
    return Shell(head + b',"items":[\n', b",\n", b"\n]}\n")


def _date(moment: datetime) -> str:
    return "" if moment == UNDATED else moment.isoformat()


def _author(author: Author) -> _Author:
    return _Author(name=author.name, url=author.uri)
