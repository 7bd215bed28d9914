"""The bytes of the pages, whole.

`UPDATE_GOLDEN=1 pytest tests/pages/test_golden.py` rewrites the files; read the difference.
"""

import os
from datetime import datetime
from pathlib import Path

import pytest

from syndicate.model import Image
from tests.feeds.samples import CHINA, SITE, post

from .samples import documents

GOLDEN = Path(__file__).parent / "golden"
POSTS = [
    post(
        "cloud",
        title="Watching <clouds> & fog",
        categories=("Weather", "C++"),
        tags=("云",),
        image=Image("https://example.org/blog/img/cloud.jpg", "A cloud"),
    ),
    post("yun", title="看云 ☁️", published=datetime(2024, 2, 29, 23, 59, tzinfo=CHINA),
         categories=("Weather",), language="zh-CN"),
]  # fmt: skip
FILES = {
    "index.html": "feeds/index.html",
    "weather.html": "feeds/category/weather.html",
    "head.html": "feeds/head.html",
    "feed.css": "feeds/feed.css",
}


@pytest.mark.parametrize("name", FILES)
def test_a_page_is_written_to_the_byte_as_before(name: str) -> None:
    """Whoever changes a byte that browsers get sees it here."""
    data = documents(POSTS, SITE, by=["category", "tag", "language"])[FILES[name]].data
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_bytes(data)
    assert data == (GOLDEN / name).read_bytes()
