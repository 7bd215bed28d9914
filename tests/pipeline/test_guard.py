"""What is held against what, before a build writes."""

import json
import shutil
from pathlib import Path

import pytest

import syndicate
from syndicate.config.load import load
from syndicate.config.schema import GuardConfig
from syndicate.errors import BuildStopped
from syndicate.model import Document
from syndicate.pipeline.guard import Guard
from syndicate.publish.deliver import Options, deliver
from syndicate.reading import read as reading
from syndicate.state.manifest import recall
from tests.conftest import NOW
from tests.reading.feeds import rss

FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a"}, {"id": "b"}]}'


def looked(output: Path, published: bytes, new: bytes = FEED) -> None:
    """Decide on `new` where `published` is."""
    (output / "feed.json").write_bytes(published)
    guard = Guard(GuardConfig(), output)
    guard.decide(guard.look([Document("feed.json", "application/feed+json", new)]))


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
    (folder / "_config.yml").write_text(
        "title: T\nauthor: Ann\nurl: https://tea.example\n", encoding="utf-8"
    )
    for n in range(1, 6):
        more = "".join(f"{key}: {value.format(n=n)}\n" for key, value in header.items())
        text = f"---\ntitle: Cup {n}\n{more}---\nTea number {n}.\n"
        (folder / f"_posts/2025-01-0{n}-cup-{n}.md").write_text(text, encoding="utf-8")
    return folder


def test_the_build_notes_the_ids_of_each_feed(tmp_path: Path) -> None:
    """The next build compares with these, and need not read the feeds."""
    source = blog(tmp_path / "blog", categories="Tea")
    syndicate.build(source, settings={"feeds.limit": 3}, now=NOW)
    written = recall(source / ".syndicate", source / "output")
    items = json.loads((source / "output/category/tea/feed.json").read_bytes())["items"]
    assert written.ids_of("category Tea") == {item["id"] for item in items}
    assert written.ids_of("all") == written.ids_of("category Tea")


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
    assert "replaced-file" in [problem.kind for problem in report.problems]


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
    files = recall(source / ".syndicate", source / "output").kinds()
    deliver(load(source), files, environ={}, options=Options(report.site.url))
    blog(tmp_path, id="https://tea.example/b{n}")
    with pytest.raises(BuildStopped, match="5 of 5 entries would appear once more"):
        syndicate.build(source, now=NOW)


def diary(folder: Path, days: range, category: str = "") -> Path:
    """A blog of one post a day, in folders of ten days; `category` may use "{n}"."""
    shutil.rmtree(folder / "_posts", ignore_errors=True)
    (folder / "_posts").mkdir(parents=True)
    (folder / "_config.yml").write_text(
        "title: T\nauthor: Ann\nurl: https://tea.example\n", encoding="utf-8"
    )
    for n in days:
        said = f"category: {category.format(n=n)}\n" if category else ""
        text = f"---\ntitle: Day {n}\n{said}---\nWords of day {n}.\n"
        file = folder / f"_posts/{n // 10}/2025-01-{n:02}-day-{n}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_the_oldest_entries_of_a_feed_that_is_not_full_are_lost_not_pushed_out(
    tmp_path: Path,
) -> None:
    """8 of 12 posts are gone, the oldest ones, and none has come."""
    syndicate.build(diary(tmp_path, range(1, 13)), now=NOW)
    with pytest.raises(BuildStopped, match="8 of 12 entries would disappear"):
        syndicate.build(diary(tmp_path, range(9, 13)), now=NOW)


def test_an_archive_that_is_not_there_stops_the_build(tmp_path: Path) -> None:
    """The feed was full before, and is not any more; a new post changes nothing in that."""
    limit = {"feeds.limit": 10}
    syndicate.build(diary(tmp_path, range(1, 24)), settings=limit, now=NOW)
    with pytest.raises(BuildStopped, match="6 of 10 entries would disappear"):
        syndicate.build(diary(tmp_path, range(20, 25)), settings=limit, now=NOW)


@pytest.mark.parametrize("bound", [{"feeds.limit": 10}, {"feeds.max_bytes": 6_000}])
def test_new_posts_push_the_oldest_out_of_a_full_feed(
    tmp_path: Path, bound: dict[str, int]
) -> None:
    """However many come at once, and whether entries or bytes are counted."""
    syndicate.build(diary(tmp_path, range(1, 15)), settings=bound, now=NOW)
    report = syndicate.build(diary(tmp_path, range(1, 29)), settings=bound, now=NOW)
    assert report.feeds[0].entries <= 10


def test_a_lower_limit_is_meant(tmp_path: Path) -> None:
    """What a feed cannot hold any more is pushed out."""
    syndicate.build(diary(tmp_path, range(1, 21)), now=NOW)
    report = syndicate.build(tmp_path, settings={"feeds.limit": 4}, now=NOW)
    assert report.feeds[0].entries == 4


@pytest.mark.parametrize("days", [range(3, 13), range(1, 13)])
def test_posts_that_are_withheld_stop_no_build(tmp_path: Path, days: range) -> None:
    """Words that their author withholds leave the feeds at once, however many there are."""
    syndicate.build(diary(tmp_path, range(1, 13), "c"), now=NOW)
    secret = {f"{day:02}" for day in days}
    for file in (tmp_path / "_posts").rglob("*.md"):
        if file.name[8:10] in secret:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("---\n", "---\npassword: x\n", 1), encoding="utf-8")
    report = syndicate.build(tmp_path, now=NOW)
    assert len(report.posts) == 12 - len(secret)
    shown = b"".join(path.read_bytes() for path in (tmp_path / "output").rglob("*.*"))
    assert [day for day in range(1, 13) if b"Words of day %d." % day in shown] == [
        day for day in range(1, 13) if day not in days
    ]


def test_small_feeds_that_go_count_together(tmp_path: Path) -> None:
    """Three categories of one post each are as much as one of three posts."""
    days = range(1, 13)
    syndicate.build(diary(tmp_path, days, "c{n}"), now=NOW)
    report = syndicate.build(diary(tmp_path, range(3, 13), "c{n}"), now=NOW)
    assert sum(change.action == "removed" for change in report.changes) > 2
    with pytest.raises(BuildStopped, match=r"3 entries of small feeds .* disappear"):
        syndicate.build(diary(tmp_path, range(6, 13), "c{n}"), now=NOW)


def test_small_feeds_whose_ids_change_count_together(tmp_path: Path) -> None:
    """The feed of everything is too short to carry them."""
    short = {"feeds.limit": 1}
    syndicate.build(diary(tmp_path, range(1, 8), "c{n}"), settings=short, now=NOW)
    for file in (tmp_path / "_posts").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("---\n", f"---\nid: urn:{file.stem}\n", 1), encoding="utf-8")
    with pytest.raises(BuildStopped, match=r"7 entries of small feeds .* appear once more"):
        syndicate.build(tmp_path, settings=short, now=NOW)


def renamed(folder: Path, old: str, new: str) -> None:
    """Give the posts of one category another one."""
    for file in (folder / "_posts").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(f"category: {old}\n", f"category: {new}\n"), encoding="utf-8")


@pytest.mark.parametrize("new", ["coffee", "even"])
def test_a_category_that_is_renamed_or_joined_with_another_stops_nothing(
    tmp_path: Path, new: str
) -> None:
    """Its entries are in the feed of the new name, under the ids that they had."""
    diary(tmp_path, range(1, 13), "c{n}")
    for n in range(1, 13):
        renamed(tmp_path, f"c{n}", ("even", "odd", "tea")[n % 3])
    syndicate.build(tmp_path, now=NOW)
    renamed(tmp_path, "tea", new)
    report = syndicate.build(tmp_path, now=NOW)
    assert any(change.action == "removed" for change in report.changes)


def test_a_category_whose_posts_lose_it_stops_the_build(tmp_path: Path) -> None:
    """No other feed gains what its readers lose."""
    syndicate.build(diary(tmp_path, range(1, 13), "tea"), now=NOW)
    for file in (tmp_path / "_posts").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("category: tea\n", ""), encoding="utf-8")
    with pytest.raises(BuildStopped, match="would be gone with its 12 entries"):
        syndicate.build(tmp_path, now=NOW)


def test_categories_that_are_all_renamed_at_once_stop_the_build(tmp_path: Path) -> None:
    """That is rather a setting or a program that reads them in another way."""
    syndicate.build(diary(tmp_path, range(1, 13), "c{n}"), now=NOW)
    for n in range(1, 13):
        renamed(tmp_path, f"c{n}", f"d{n}")
    with pytest.raises(BuildStopped, match="12 entries of small feeds"):
        syndicate.build(tmp_path, now=NOW)
