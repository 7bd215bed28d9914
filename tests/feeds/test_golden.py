"""The bytes of a feed with two entries full of special characters stay as they are.

`UPDATE_GOLDEN=1 pytest tests/feeds/test_golden.py` rewrites the files. Read the difference then.
"""

import os
from datetime import datetime
from pathlib import Path

import pytest

from syndicate.config.schema import Layout
from syndicate.feeds.compose import assemble, compose
from syndicate.feeds.opml import opml
from syndicate.model import Author, Content, Document, Enclosure, Image, Post, Site

from .rules import faults
from .samples import CHINA, plans

GOLDEN = Path(__file__).parent / "golden"
HOME = "https://example.org/blog"
SITE = Site(
    title="云与雾 & Friends",
    url=HOME,
    description="Notes on <clouds>",
    language="zh-CN",
    author=Author("Li Yun", "li@example.org", "https://example.org/li"),
    icon="/icon.png",
    logo="/logo.png",
    rights="CC BY 4.0",
)
CHINESE = Post(
    path="2025-02-20-yun.md",
    url=f"{HOME}/2025/02/20/%E4%BA%91/",
    id=f"{HOME}/2025/02/20/%E4%BA%91/",
    title="看云 ☁️",
    published=datetime(2025, 2, 20, 19, 14, 38, tzinfo=CHINA),
    updated=datetime(2025, 3, 1, 8, 0, tzinfo=CHINA),
    body_offset=0,
    categories=("天气",),
    tags=("云", "天气"),
    image=Image(f"{HOME}/img/yun.jpg", "山上的云 & 雾"),
)
ENGLISH = Post(
    path="2025-01-05-episode.md",
    url=f"{HOME}/2025/01/05/episode/",
    id="tag:example.org,2025:episode-1",
    title="Episode 1: 👩‍👩‍👧 a < b && c ]]> d",
    published=datetime(2025, 1, 5, 7, 30, tzinfo=CHINA),
    updated=datetime(2025, 1, 5, 7, 30, tzinfo=CHINA),
    body_offset=0,
    authors=(Author("Ann"), Author("Bo", "bo@example.org")),
    categories=("Q&A", "天气"),
    enclosure=Enclosure(f"{HOME}/audio/1.mp3", "audio/mpeg", 4321),
    language="en",
    external_url="https://radio.example/?show=1&part=2",
)
BODIES = {
    CHINESE.path: Content(
        "<p>今天的<b>云</b>很低。</p>\n<pre>if a &lt; b:\n\tpass</pre>",
        "今天的云很低。",
        "<p>今天的云很低。</p>",
    ),
    ENGLISH.path: Content(
        "<p>We say ]]&gt; &amp; mean it.</p>",
        "We say ]]> & mean it.",
        "<p>We say ]]&gt; &amp; mean it.</p>",
    ),
}


def build() -> dict[str, Document]:
    feeds = plans([ENGLISH, CHINESE], SITE)
    entries = [compose(each, BODIES[each.path], site=SITE, full=True) for each in feeds[0].posts]
    files = assemble(feeds[0], entries, site=SITE, hubs=["https://hub.example/"])
    listed = opml(feeds, SITE, Layout(), CHINESE.updated)
    return {document.path: document for document in (*files, listed)}


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json", "feeds.opml"])
def test_a_feed_is_written_to_the_byte_as_before(name: str) -> None:
    """The bytes of a feed change only on purpose."""
    document = build()[name]
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(document.data)
    assert document.data == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json", "feeds.opml"])
def test_the_golden_feeds_keep_every_rule(name: str) -> None:
    """The golden files are valid."""
    assert faults(build()[name], f"{HOME}/{name}") == []
