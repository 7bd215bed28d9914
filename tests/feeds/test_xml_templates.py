"""Entries and shells from templates are equal to those that feedgen builds."""

import random
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape
from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.config.load import load
from syndicate.content.render import render
from syndicate.feeds import atom, atom_rss, formats, rss, template_texts, xml_templates
from syndicate.feeds.channel import Channel, Front, channel
from syndicate.feeds.compose import compose
from syndicate.feeds.item import Item, item_of
from syndicate.feeds.values import rfc_822
from syndicate.feeds.xml_templates import Escaped, Marks, Shapes, escaped
from syndicate.model import UNDATED, Author, Content, Enclosure, Image, Post, Tombstone
from syndicate.pipeline.blog import open_blog
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.read_blog import read_blog
from tests.conftest import BLOG, NOW

from .samples import BODY, SITE, plans, post

ODD = (
    "plain", "x" * 5_000, "a & b < c > \"d\" 'e'", "&amp;&#x26;&lt;", "]]>", "<![CDATA[x]]>",
    "a\tb", "a\nb", "a\r\nb", " two  spaces ", "\u00a0", "\u0085", "\u2028", "中文", "עברית\u200f",
    "\U0001f469\u200d\U0001f467", "title:1234&;", "html:1234&amp;;", "1234-05-01T07:08:09+00:00",
    "987654321234", "</entry>", "<content:encoded>", "</channel>", "urn:x:y",
    "https://example.org/a?b=1&c=2",
)  # fmt: skip
"""Texts that XML allows, full of what is escaped, normalised, or looks like a mark."""
ADDRESSES = (
    "https://example.org/a?b=1&c=2",
    "urn:x:y",
    'https://x.example/"<中>&amp;',
    "no address",
)
CHANNEL = channel(
    plans([post()])[0],
    [compose(post(), BODY, site=SITE, full=True)],
    site=replace(SITE, icon="/i.png", logo="/l.png", rights="CC & BY"),
    hubs=["https://hub.example/?a&b"],
    front=Front("feeds/index.html", "Follow & <read>", "en", "feeds/feed.css"),
)


def filled(item: Item) -> tuple[bytes, bytes]:
    texts = template_texts.escaped_item(item)
    return atom.entry(texts), rss.entry(texts)


def built(item: Item) -> tuple[bytes, bytes]:
    return atom_rss.atom_entry(item), atom_rss.rss_entry(item)


def same_shells(one: Channel) -> bool:
    texts = template_texts.escaped_channel(one)
    return (atom.shell(texts), rss.shell(texts)) == (
        atom_rss.atom_shell(one),
        atom_rss.rss_shell(one),
    )


def odd_item(chance: random.Random) -> Item:
    """Return an item with any texts that XML allows."""

    def text(empty: bool = True) -> str:
        return "" if empty and chance.random() < 0.3 else chance.choice(ODD)

    def moment() -> datetime:
        minutes = chance.choice((0, 0, 480, -210, 840))
        zone = timezone(timedelta(minutes=minutes))
        day = datetime(chance.randint(2, 9990), 3, 7, 8, 9, 10, tzinfo=zone)
        return chance.choice((UNDATED, day, day, day))

    url = chance.choice(ADDRESSES)
    return Item(
        id=chance.choice((url, text(empty=False))),
        url=url,
        title=text(empty=False),
        published=moment(),
        updated=moment(),
        authors=tuple(Author(text(), text(), text()) for _ in range(chance.randint(1, 3))),
        terms=tuple(text(empty=False) for _ in range(chance.randint(0, 4))),
        summary=text(),
        plain_summary=text(),
        html=text(),
        full=chance.random() < 0.6,
        image=chance.choice((None, Image(text(), text()))),
        enclosure=chance.choice((None, Enclosure(text(), text(), chance.choice((0, 7, 98765))))),
        language=text(),
        external_url=text(),
    )


def other_texts(item: Item, chance: random.Random) -> Item:
    """Return an item of the same shape with other texts."""

    def text(like: str) -> str:
        return like and chance.choice(ODD)

    image, media = item.image, item.enclosure
    url = chance.choice(ADDRESSES)
    return replace(
        item,
        id=url if item.id == item.url else text(item.id),
        url=url,
        title=text(item.title),
        authors=tuple(Author(text(a.name), text(a.email), text(a.uri)) for a in item.authors),
        terms=tuple(map(text, item.terms)),
        summary=text(item.summary),
        plain_summary=text(item.plain_summary),
        html=text(item.html),
        image=image and Image(text(image.url), text(image.alt)),
        enclosure=media and Enclosure(text(media.url), text(media.type), media.length),
        language=text(item.language),
        external_url=text(item.external_url),
    )


def test_odd_entries_are_those_that_feedgen_builds() -> None:
    """A thousand random entries of two hundred shapes have equal bytes in Atom and RSS."""
    atom.entry.templates.clear()
    rss.entry.templates.clear()
    chance = random.Random(12)
    first = [odd_item(chance) for _ in range(200)]
    items = first + [other_texts(item, chance) for item in first * 4]
    assert [item for item in items if filled(item) != built(item)] == []
    proven = list(filter(None, atom.entry.templates.values()))
    assert len(proven) > 100


def test_entries_and_shells_of_a_blog_are_those_that_feedgen_builds(tmp_path: Path) -> None:
    """All entries of the example blog, in full and as excerpts, and its shells are equal."""
    settings = [("feeds.by", ["category", "tag"]), ("state.path", str(tmp_path / "state"))]
    config = load(BLOG, None, settings)
    found = read_blog(open_blog(config), config, BuildOptions(NOW))
    site, root = found.blog.engine.site, found.blog.root
    for full in (True, False):
        items = [
            item_of(each, _content(each, root, site.url), site=site, full=full)
            for each in found.feeds[0].posts
        ]
        assert [item for item in items if filled(item) != built(item)] == []
    for plan in found.feeds:
        entries = [compose(each, BODY, site=site, full=True) for each in plan.posts]
        assert same_shells(channel(plan, entries, site=site, hubs=["https://hub.example/"]))


def _content(one: Post, root: Path, base: str) -> Content:
    text = (root / one.path).read_bytes()[one.body_offset :].decode("utf-8", "replace")
    return render(
        text, markup=one.markup, page=one.url, base=base, title=one.title, excerpt_length=300
    )


def test_odd_shells_are_those_that_feedgen_builds() -> None:
    """Titles, addresses and texts of a blog may be any text that XML allows."""
    chance = random.Random(12)
    for _ in range(300):
        odd = replace(
            CHANNEL,
            title=chance.choice(ODD),
            description=chance.choice(("", *ODD)),
            urls={"atom": chance.choice(ODD), "rss": chance.choice(ODD), "json": "x"},
            updated=chance.choice((UNDATED, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC))),
            page=chance.choice(("", *ODD)),
            author=chance.choice((None, Author("A"), Author(chance.choice(ODD), "a@b", "urn:c"))),
            front=chance.choice((None, CHANNEL.front)),
            language=chance.choice(("", "en", "de")),
        )
        assert same_shells(odd if odd.page else replace(odd, front=None))


def test_a_feed_that_tells_of_withdrawn_entries_is_built() -> None:
    """Tombstones are in no template, because each feed has its own."""
    stones = (Tombstone("urn:a", UNDATED), Tombstone("urn:b & c", NOW))
    assert same_shells(replace(CHANNEL, tombstones=stones))


def test_a_description_that_looks_like_a_mark_is_not_filled_in() -> None:
    """Texts of the blog are part of the template, so a mark in one would be taken for a title."""
    for text in ("title:1234&;", "1234-05-01T07:08:09+00:00", "atom:1234&;"):
        assert same_shells(replace(CHANNEL, description=text, title="T"))
        assert same_shells(replace(CHANNEL, description=text, title="U"))


def test_a_shape_is_built_twice_and_then_filled_in() -> None:
    """The shape is built once for the template, and once for the proof."""
    calls, titles = counted(element)
    texts = ["x", "a & b", "<", "x"]
    assert [titles(noun(text)) for text in texts] == [*map(element, texts)]
    assert len(calls) == 2


@pytest.mark.parametrize("change", [str.upper, lambda t: t[:9], lambda t: t.replace("<", "")])
def test_a_shape_that_cannot_be_proven_is_always_built(change: Callable[[str], str]) -> None:
    """feedgen builds all entries of a shape for which the proof fails."""
    calls, titles = counted(lambda text: element(change(text)))
    texts = ["one", "two < three, four", "one"]
    assert [titles(noun(text)) for text in texts] == [element(change(text)) for text in texts]
    assert calls[2:] == texts


def test_templates_do_not_fill_the_memory() -> None:
    """Templates are dropped if there are too many, or if they have too many texts."""
    calls, titles = counted(element)
    for number in range(xml_templates.MOST_SHAPES + 1):
        assert titles(noun("x", number)) == element("x")
    assert len(titles.templates) <= xml_templates.MOST_SHAPES
    del calls[:]
    assert titles(noun("y", 0)) == element("y")
    assert len(calls) == 2
    many = replace(odd_item(random.Random(1)), terms=("t",) * 200, title="Many", language="de")
    assert filled(many) == built(many)
    assert template_texts.escaped_item(many).shape not in atom.entry.templates


def test_dates_of_rss_are_those_of_the_standard_library() -> None:
    """Dates follow RFC 822 with years of four digits, in any zone that a feed can write."""
    chance = random.Random(12)
    for _ in range(1_000):
        zone = timezone(timedelta(minutes=chance.randint(-840, 840)))
        day, month = chance.randint(1, 28), chance.randint(1, 12)
        moment = datetime(chance.randint(2, 9990), month, day, 7, 8, 9, tzinfo=zone)
        assert rfc_822(moment) == format_datetime(moment)
    assert rfc_822(UNDATED) == format_datetime(UNDATED)


def element(text: str) -> bytes:
    return f"<a>{escape(text, quote=False)}</a>".encode()


def noun(text: str, shape: Hashable = "one") -> Escaped[tuple[Hashable, str]]:
    return escaped((shape, text), shape, [text])


def counted(build: Callable[[str], bytes]) -> tuple[list[str], Shapes[tuple[Hashable, str]]]:
    """Return a list of the built texts, and Shapes of nouns with one text."""
    calls: list[str] = []

    def counting(one: tuple[Hashable, str]) -> bytes:
        calls.append(one[1])
        return build(one[1])

    def stand_in(one: tuple[Hashable, str], marks: Marks) -> tuple[Hashable, str]:
        return one[0], marks.text("title", one[1])

    return calls, Shapes(counting, lambda one: noun(one[1], one[0]), stand_in)


def test_templates_that_were_kept_are_the_same_again() -> None:
    """A process with the templates of another builds nothing, and writes the same bytes."""
    item = item_of(post(title="A & B", tags=("x", "y")), BODY, site=SITE, full=True)
    expected = filled(item)
    assert same_shells(CHANNEL)
    every = (atom.entry, rss.entry, atom._shell, rss._shell)
    kept = formats.known_shapes()
    before = [dict(each.templates) for each in every]
    for each in every:
        each.templates.clear()
    formats.add_shapes(kept)
    assert [each.templates for each in every] == before
    assert filled(item) == expected
    assert formats.known_shapes() == kept


def test_a_process_tells_of_a_new_shape_once() -> None:
    """Templates that came from another process are not reported again."""
    formats.new_shapes()
    atom.entry.templates.clear()
    filled(item_of(post(title="New"), BODY, site=SITE, full=True))
    assert formats.new_shapes()
    assert not formats.new_shapes()
