"""Posts and bodies become entries."""

import json
import locale
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from lxml import etree

from syndicate.feeds.compose import compose
from syndicate.feeds.values import iri
from syndicate.model import UNDATED, Author, Content, Enclosure, Image, Post, Site

from .rules import faults
from .samples import BODY, SITE, any_content, any_post, any_site, documents, post

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}"
ADDRESSES = {
    "atom": "https://example.org/blog/atom.xml",
    "rss": "https://example.org/blog/rss.xml",
    "json": "https://example.org/blog/feed.json",
}


def written(one: Post, body: Content = BODY, site: Site = SITE, *, full: bool = True):
    """Return the entry of `one` as the parser of each format reads it."""
    files = documents([one], body, site, full=full)
    atom = etree.fromstring(files["atom"].data).find(f"{ATOM}entry")
    rss = etree.fromstring(files["rss"].data).find("channel/item")
    return atom, rss, json.loads(files["json"].data)["items"][0]


@settings(max_examples=100, deadline=None)
@given(any_post, any_content, any_site)
def test_any_text_makes_a_valid_feed(one: Post, body: Content, site: Site) -> None:
    """Every format keeps all rules for any post, body and site."""
    for full in (True, False):
        for name, document in documents([one], body, site, full=full).items():
            assert faults(document, ADDRESSES[name]) == []


@settings(max_examples=100, deadline=None)
@given(any_post, any_content)
def test_all_formats_say_the_same(one: Post, body: Content) -> None:
    """Id, title, link and dates are equal in Atom (where ids are IRIs), RSS and JSON."""
    atom, rss, item = written(one, body)
    of_atom = [atom.findtext(f"{ATOM}{name}") for name in ("id", "title", "published", "updated")]
    assert of_atom[1:] == [item[n] for n in ("title", "date_published", "date_modified")]
    assert of_atom[0] == iri(item["id"])
    assert [rss.findtext("guid"), rss.findtext("title")] == [item["id"], of_atom[1]]
    assert rss.findtext(f"{ATOM}updated") == of_atom[3]
    assert atom.find(f"{ATOM}link").get("href") == rss.findtext("link") == item["url"]
    date = datetime.strptime(rss.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S %z")
    assert date == datetime.fromisoformat(of_atom[2])


@pytest.mark.parametrize(
    "title", ["Babel <3 React", "R&D", "]]>", "a &amp; b", "<b>x</b>", "👩‍👩‍👧 中文"]
)
def test_a_title_arrives_as_it_was_written(title: str) -> None:
    """A title is text, also if it looks like markup."""
    atom, rss, item = written(post(title=title))
    assert atom.findtext(f"{ATOM}title") == rss.findtext("title") == item["title"] == title


@pytest.mark.parametrize(
    ("excerpt", "title"),
    [
        ("Short words.", "Short words."),
        ("word " * 30, "word " * 11 + "word…"),
        ("字" * 90, "字" * 60 + "…"),
        ("👩‍👩‍👧" * 61, "👩‍👩‍👧" * 60 + "…"),
        ("", "2025-02-20"),
        ("\u200b", "2025-02-20"),
    ],
)
def test_a_post_without_a_title_is_called_by_its_first_words(excerpt: str, title: str) -> None:
    """The title is the first words, cut at the end of a word; without words it is the day."""
    body = Content(html="<p>x</p>", excerpt=excerpt.strip(), excerpt_html="")
    assert compose(post(title=" \u200b\n"), body, site=SITE, full=True).title == title


@pytest.mark.parametrize("name", ["b1b2 c3", "42", "relative/path", "{9f3c}", "?p=12"])
def test_an_id_that_is_no_iri_is_kept_where_any_text_will_do(name: str) -> None:
    """RSS and JSON Feed keep the id; Atom has an IRI that depends only on the id."""
    atom, rss, item = written(post(id=name))
    moved, _, _ = written(post("other", id=name, title="T"))
    assert rss.findtext("guid") == item["id"] == name
    assert atom.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert atom.findtext(f"{ATOM}id") == moved.findtext(f"{ATOM}id")


def test_an_empty_id_becomes_one() -> None:
    """Every entry has an id, also if a caller passes an empty one."""
    atom, rss, item = written(post(id=" "))
    assert atom.findtext(f"{ATOM}id") == rss.findtext("guid") == item["id"] == iri("")


def test_an_iri_is_kept_as_the_id_and_is_no_permalink() -> None:
    """The author's own id stays unchanged; only the post's address is a permalink."""
    atom, rss, item = written(post(id="tag:example.org,2020:x"))
    assert (
        atom.findtext(f"{ATOM}id") == rss.findtext("guid") == item["id"] == "tag:example.org,2020:x"
    )
    assert rss.find("guid").get("isPermaLink") == "false"
    assert written(post())[1].find("guid").get("isPermaLink") == "true"


def test_every_author_is_named() -> None:
    """Each author has an element in every format; invalid e-mail and web addresses are dropped."""
    people = (Author("Ann", "ann@example.org", "https://a.example/"), Author("Bo", "none", "x"))
    atom, rss, item = written(post(authors=people))
    assert [x.text for x in rss.iterfind(f"{DC}creator")] == ["Ann", "Bo"]
    assert [x.findtext(f"{ATOM}email") for x in atom.iterfind(f"{ATOM}author")] == [
        "ann@example.org", None,
    ]  # fmt: skip
    assert item["authors"] == [{"name": "Ann", "url": "https://a.example/"}, {"name": "Bo"}]


@pytest.mark.parametrize(("author", "name"), [(Author("Cy"), "Cy"), (None, "example.org")])
def test_a_post_without_authors_has_the_sites(author: Author | None, name: str) -> None:
    """The author is the site's, or its host; the title of a blog is not a name."""
    site = Site(title="A Blog", url=SITE.url, author=author)
    assert written(post(), site=site)[1].findtext(f"{DC}creator") == name


def test_categories_and_tags_are_carried_once_each_in_their_order() -> None:
    """Categories come before tags. Equal words are one term, but case counts."""
    atom, rss, item = written(post(categories=("b", "中文"), tags=("a", "b", "B", " ")))
    wanted = ["b", "中文", "a", "B"]
    assert [x.get("term") for x in atom.iterfind(f"{ATOM}category")] == wanted
    assert [x.text for x in rss.iterfind("category")] == item["tags"] == wanted


def test_full_text_carries_body_and_summary() -> None:
    """The body is HTML, the excerpt is the summary."""
    body = Content(html="<p>a ]]> &amp; b</p>", excerpt="a < b & c", excerpt_html="<p>a</p>")
    atom, rss, item = written(post(), body)
    assert (
        atom.findtext(f"{ATOM}content")
        == rss.findtext(ENCODED)
        == item["content_html"]
        == body.html
    )
    assert atom.findtext(f"{ATOM}summary") == item["summary"] == "a < b & c"
    assert rss.findtext("description") == "a &lt; b &amp; c"  # readers treat it as HTML


def test_excerpts_alone_where_full_text_is_not_wanted() -> None:
    """Each format has the HTML of the excerpt, and none has the body."""
    body = Content(html="<p>SECRET</p>", excerpt="a", excerpt_html="<p>a</p>")
    atom, rss, item = written(post(), body, full=False)
    assert atom.find(f"{ATOM}content") is None
    assert (
        atom.findtext(f"{ATOM}summary")
        == rss.findtext("description")
        == item["content_html"]
        == "<p>a</p>"
    )
    assert not any(b"SECRET" in f.data for f in documents([post()], body, full=False).values())


def test_white_space_of_a_body_is_kept_to_the_byte() -> None:
    """Code keeps its line ends, tabs and carriage returns."""
    body = Content(html="<pre>a\n\tb  \r\n  c</pre>", excerpt="", excerpt_html="")
    atom, rss, item = written(post(), body)
    assert atom.findtext(f"{ATOM}content") == item["content_html"] == body.html
    # without a summary, the body is the description
    assert rss.findtext("description") == body.html


@pytest.mark.parametrize(
    ("own", "found", "url"),
    [
        (
            Image("/a b.png", "Alt"),
            Image("https://x.example/y.png"),
            "https://example.org/blog/a%20b.png",
        ),
        (Image("javascript:x", ""), Image("https://x.example/y.png"), "https://x.example/y.png"),
        (None, Image("https://x.example/y.png"), "https://x.example/y.png"),
    ],
)
def test_a_picture_is_the_posts_own_or_the_bodys_first(
    own: Image | None, found: Image, url: str
) -> None:
    """The address of the picture is absolute in every format."""
    atom, rss, item = written(post(image=own), Content("<p>x</p>", "x", "x", image=found))
    assert item["image"] == url
    for node in (atom, rss):
        assert (
            node.find(f"{MEDIA}content").get("url")
            == node.find(f"{MEDIA}thumbnail").get("url")
            == url
        )


def test_an_enclosure_is_in_every_format() -> None:
    """Atom links to the enclosure, RSS encloses it, JSON attaches it."""
    media = Enclosure("https://example.org/a.mp3", "audio/mpeg", 1234)
    atom, rss, item = written(post(enclosure=media))
    link = atom.find(f"{ATOM}link[@rel='enclosure']")
    said = {"href": media.url, "rel": "enclosure", "type": media.type, "length": "1234"}
    assert dict(link.attrib) == said
    assert dict(rss.find("enclosure").attrib) == {
        "url": media.url,
        "length": "1234",
        "type": media.type,
    }
    attachment = {"url": media.url, "mime_type": media.type, "size_in_bytes": 1234}
    assert item["attachments"] == [attachment]


def test_an_enclosure_of_unknown_length_says_so() -> None:
    """RSS writes 0, as the RSS Advisory Board requires; other formats omit the length."""
    atom, rss, item = written(post(enclosure=Enclosure("https://example.org/a", "a/b")))
    assert rss.find("enclosure").get("length") == "0"
    assert "length" not in atom.find(f"{ATOM}link[@rel='enclosure']").attrib
    assert "size_in_bytes" not in item["attachments"][0]


def test_an_empty_body_carries_its_summary() -> None:
    """Atom has a summary and no content (RFC 4287 4.1.2); JSON Feed has the summary as text."""
    atom, rss, item = written(post(), Content("", "A note. 1 < 2", "<p>A note. 1 &lt; 2</p>"))
    assert atom.find(f"{ATOM}content") is None
    assert atom.findtext(f"{ATOM}summary") == "A note. 1 < 2"
    assert rss.findtext("description") == "A note. 1 &lt; 2"
    assert item["content_text"] == "A note. 1 < 2"
    assert "content_html" not in item


def test_what_a_post_points_at_is_related() -> None:
    """The target of a link post is a related link in Atom and the external_url in JSON."""
    atom, _, item = written(post(external_url="https://other.example/?a=1&b=2"))
    assert atom.find(f"{ATOM}link[@rel='related']").get("href") == item["external_url"]


def test_undated_post_says_no_date_where_none_is_needed() -> None:
    """Formats omit the date, except for the date of change that Atom requires: 1970."""
    atom, rss, item = written(post(published=UNDATED, updated=UNDATED))
    assert atom.find(f"{ATOM}published") is None
    assert atom.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
    assert rss.find("pubDate") is rss.find(f"{ATOM}updated") is None
    assert not {"date_published", "date_modified"} & item.keys()


def test_undated_post_without_words_is_called_by_its_address() -> None:
    """An unknown date is not used as title."""
    nameless = post(title="", url="https://e.org/green%20tea/", published=UNDATED, updated=UNDATED)
    atom, _, _ = written(nameless, Content(html="", excerpt="", excerpt_html=""))
    assert atom.findtext(f"{ATOM}title") == "green tea"


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "zh-CN"), ("en", None), ("?", None)])
def test_a_language_is_said_where_it_is_not_the_sites(language: str, said: str | None) -> None:
    """A post in the site's language, or with an invalid language tag, has no language."""
    atom, rss, item = written(post(language=language))
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == said
    assert rss.findtext(f"{DC}language") == item.get("language") == said


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(hours=8), "2019-12-31T23:59:59+08:00"),
        (timedelta(hours=-9, minutes=-30), "2019-12-31T23:59:59-09:30"),
        (timedelta(hours=8, minutes=5, seconds=43), "2019-12-31T15:54:16+00:00"),
        (timedelta(hours=15), "2019-12-31T08:59:59+00:00"),
    ],
)
def test_a_date_loses_its_fraction_but_not_its_instant(offset: timedelta, said: str) -> None:
    """The offset is the author's, or UTC if RFC 3339 or XML Schema do not allow the offset."""
    when = datetime(2019, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(offset))
    one = compose(post(published=when), BODY, site=SITE, full=True)
    assert one.published == when.replace(microsecond=0)
    assert one.published.isoformat() == said


def test_a_summary_that_speaks_of_tags_is_not_in_json() -> None:
    """Readers that treat it as HTML would hide words; the body has all words."""
    body = Content(html="<p>Use &lt;p&gt;</p>", excerpt="Use <p>", excerpt_html="")
    assert "summary" not in written(post(), body)[2]


def test_the_locale_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The locale of the process, which other threads use, is not changed."""

    def refuse(*args: object) -> str:
        raise AssertionError(args)

    monkeypatch.setattr(locale, "setlocale", refuse)
    assert set(documents([post()], hubs=["https://hub.example/"])) == set(ADDRESSES)
