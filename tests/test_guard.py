"""What is held against what, before a build writes."""

from pathlib import Path

import pytest

import syndicate
from syndicate.config import GuardConfig, load
from syndicate.errors import BuildStopped
from syndicate.guard import Guard
from syndicate.model import Document
from syndicate.publish.deliver import deliver
from syndicate.reading import read as reading
from syndicate.state.manifest import recall
from tests.conftest import NOW
from tests.reading.feeds import rss

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


def blog(folder: Path, **header: str) -> Path:
    """A blog of five posts, each with `header` in its front matter, "{n}" its number."""
    (folder / "_posts").mkdir(parents=True, exist_ok=True)
    (folder / "_config.yml").write_text("title: T\nurl: https://tea.example\n", encoding="utf-8")
    for n in range(1, 6):
        more = "".join(f"{key}: {value.format(n=n)}\n" for key, value in header.items())
        text = f"---\ntitle: Cup {n}\n{more}---\nTea number {n}.\n"
        (folder / f"_posts/2025-01-0{n}-cup-{n}.md").write_text(text, encoding="utf-8")
    return folder


def old_feed(guid: str = "old:{n}") -> bytes:
    """The feed of `blog` as another program made it."""
    return rss(
        *(
            f"<title>Cup {n}</title><link>https://tea.example/2025/01/0{n}/cup-{n}.html</link>"
            f'<guid isPermaLink="false">{guid.format(n=n)}</guid>'
            f"<pubDate>0{n} Jan 2025 00:00:00 GMT</pubDate>"
            for n in range(5, 0, -1)
        )
    )


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml", "feed.json"])
def test_a_foreign_feed_that_would_be_repeated_stops_the_build(tmp_path: Path, path: str) -> None:
    """Whatever format stands there; the message names the command that keeps its ids."""
    source = blog(tmp_path)
    (source / "output").mkdir()
    (source / "output" / path).write_bytes(old_feed())
    with pytest.raises(BuildStopped, match="5 of 5 entries would appear once more") as stopped:
        syndicate.build(source, now=NOW)
    assert f"syndicate adopt {source / 'output' / path}" in stopped.value.cure
    assert (source / "output" / path).read_bytes() == old_feed()
    assert not (source / ".syndicate/ledger.db").exists()


def test_a_foreign_feed_whose_ids_are_ours_is_replaced(tmp_path: Path) -> None:
    """Nobody sees anything again."""
    source = blog(tmp_path)
    (source / "output").mkdir()
    same = old_feed("https://tea.example/2025/01/0{n}/cup-{n}.html")
    (source / "output/rss.xml").write_bytes(same)
    report = syndicate.build(source, now=NOW)
    assert [problem.kind for problem in report.problems] == ["replaced-file"]


def test_a_new_format_does_not_blind_the_guard(tmp_path: Path) -> None:
    """A feed that was published in Atom alone is compared in Atom."""
    source = blog(tmp_path)
    syndicate.build(source, settings={"feeds.formats": ["atom"]}, now=NOW)
    blog(tmp_path, id="https://tea.example/{n}")
    with pytest.raises(BuildStopped, match=r"atom\.xml: 5 of 5 entries"):
        syndicate.build(source, now=NOW)


def test_feeds_that_no_target_holds_stop_nothing(tmp_path: Path) -> None:
    """With targets, what they hold is what is published, and not the output folder."""
    source = blog(tmp_path)
    target = f'[[publish]]\nkind = "folder"\nname = "www"\npath = "{tmp_path}/www"\n'
    (source / "config.toml").write_text(target, encoding="utf-8")
    syndicate.build(source, now=NOW)
    blog(tmp_path, id="https://tea.example/a{n}")
    report = syndicate.build(source, now=NOW)
    files = recall(source / ".syndicate", source / "output").files
    deliver(load(source), files, environ={}, site=report.site.url)
    blog(tmp_path, id="https://tea.example/b{n}")
    with pytest.raises(BuildStopped, match="5 of 5 entries would appear once more"):
        syndicate.build(source, now=NOW)
