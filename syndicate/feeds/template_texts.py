"""Collect the texts of entries and feeds for the templates that Atom and RSS are written from."""

from html import escape

from msgspec.structs import astuple, replace

from syndicate.feeds.channel import Channel
from syndicate.feeds.item import Item
from syndicate.feeds.values import iri, rfc_822
from syndicate.feeds.xml_templates import Escaped, Marks, escaped
from syndicate.model import FORMATS, UNDATED, Author, Enclosure, Image

__all__ = ["channel_of_marks", "escaped_channel", "escaped_item", "item_of_marks"]

_NO_IMAGE = Image("")
_NO_MEDIA = Enclosure("", "")


def escaped_item(item: Item) -> Escaped[Item]:
    """Return `item` with all texts that its Atom entry and its RSS item may have."""
    image, media = item.image or _NO_IMAGE, item.enclosure or _NO_MEDIA
    texts = [
        item.title,
        item.url,
        "" if item.id == item.url else item.id,
        "" if (name := iri(item.id)) == item.url else name,
        item.language,
        item.external_url,
        item.plain_summary,
        item.summary,
        escape(item.summary, quote=False),  # RSS
        "" if item.published == UNDATED else item.published.isoformat(),
        "" if item.published == UNDATED else rfc_822(item.published),
        "" if item.updated == UNDATED else item.updated.isoformat(),
        image.url,
        image.alt,
        media.url,
        media.type,
        str(media.length) if media.length else "",
        *item.terms,
    ]
    for author in item.authors:
        texts += (author.name, author.email, author.uri)
    shape = (
        bytes(map(bool, texts)),
        len(item.terms),
        len(item.authors),
        item.full,
        not item.html,
        item.image is None,
        item.enclosure is None,
    )
    return escaped(item, shape, texts, item.html)


def item_of_marks(item: Item, marks: Marks) -> Item:
    """Return an item of the shape of `item` whose texts are marks."""
    text, image, media = marks.text, item.image, item.enclosure
    return replace(
        item,
        # "-id" is no IRI, so that the id in Atom differs from the id in RSS.
        id=text("url" if item.id == item.url else "-id", item.id),
        url=text("url", item.url),
        title=text("title", item.title),
        published=marks.moment(1, item.published),
        updated=marks.moment(2, item.updated),
        authors=tuple(
            Author(text(f"name{n}", by.name), text(f"email{n}", by.email), text(f"uri{n}", by.uri))
            for n, by in enumerate(item.authors)
        ),
        terms=tuple(text(f"term{n}", term) for n, term in enumerate(item.terms)),
        summary=text("summary", item.summary),
        plain_summary=text("plain", item.plain_summary),
        html=f" \n{text('html', item.html)}\r\n\t " if item.html else "",
        image=image and Image(text("image", image.url), text("alt", image.alt)),
        enclosure=media
        and Enclosure(
            text("media", media.url), text("type", media.type), marks.number(media.length)
        ),
        language=text("language", item.language),
        external_url=text("external", item.external_url),
    )


def escaped_channel(channel: Channel) -> Escaped[Channel]:
    """Return `channel` with the texts in which the feeds of one blog differ.

    The other texts are part of the shape, and stand in the template.
    """
    urls, front = channel.urls, channel.front
    texts = [
        channel.title,
        *(urls.get(form, "") for form in FORMATS),
        channel.page,
        "" if channel.updated == UNDATED else channel.updated.isoformat(),
        rfc_822(channel.updated),
    ]
    shape = (
        bytes(map(bool, texts)),
        channel.description,
        channel.home,
        channel.language,
        channel.author and astuple(channel.author),
        channel.icon,
        channel.logo,
        channel.rights,
        channel.hubs,
        front and (front.label, front.language),
        *channel.styles.items(),
    )
    return escaped(channel, shape, texts)


def channel_of_marks(channel: Channel, marks: Marks) -> Channel:
    """Return a channel of the shape of `channel` whose other texts are marks."""
    return replace(
        channel,
        title=marks.text("title", channel.title),
        urls={form: marks.text(form, url) for form, url in channel.urls.items()},
        page=marks.text("page", channel.page),
        updated=marks.moment(1, channel.updated),
    )
