"""What is held against what, before a build writes."""

from pathlib import Path

import pytest

from syndicate.config import GuardConfig
from syndicate.guard import Guard
from syndicate.model import Document
from syndicate.reading import read as reading

FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a"}, {"id": "b"}]}'


def looked(output: Path, published: bytes, new: bytes = FEED) -> None:
    """Decide on `new` where `published` is."""
    (output / "feed.json").write_bytes(published)
    guard = Guard(GuardConfig(), output)
    guard.look([Document("feed.json", "application/feed+json", new)])
    guard.decide()


def test_a_published_feed_that_is_no_text_stops_nothing(tmp_path: Path) -> None:
    """No reader could read it."""
    looked(tmp_path, FEED.replace(b'"b"', b'"\xff"'))


def test_a_feed_that_is_too_large_to_be_compared_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blog that grows beyond what is read must go on being built."""
    monkeypatch.setattr(reading, "MAX_BYTES", len(FEED))
    looked(tmp_path, FEED, FEED.replace(b'"b"', b'"bc"'))
