"""The guide docs/adopting.md, followed on the example blog with old feeds of other programs.

The old site is served over HTTP, and `reader` is subscribed to its feeds before and after.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import feedparser_sgmllib
import pytest
from click.testing import CliRunner, Result

from syndicate.cli.main import main
from syndicate.config.load import load
from syndicate.model import Post
from syndicate.pipeline.blog import open_blog
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.read_blog import read_blog
from tests.cli.moving import old
from tests.conftest import BLOG
from tests.served import served

# reader's own copy of feedparser asks for this module under its older name.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)
from reader import Reader, make_reader  # noqa: E402

SITE = "https://notes.example.org/journal"
Maker = Callable[[Sequence[Post], str], dict[str, str]]
HEAD = '<html><head><link rel="alternate" type="{type}" href="{site}/{path}"></head></html>'


class World:
    """The example blog, and the site that is online at `address` with feeds of `make`."""

    def __init__(self, folder: Path, make: Maker) -> None:
        self.blog, self.www = folder / "blog", folder / "www"
        shutil.copytree(BLOG, self.blog)
        found = read_blog(
            open_blog(config := load(self.blog)), config, BuildOptions(datetime.now(UTC))
        ).settled.posts
        self.posts = sorted(found, key=lambda post: post.published, reverse=True)
        self.feeds = make(self.posts, SITE)
        for path, text in self.feeds.items():
            self._write(path, text)
        first = next(iter(self.feeds))
        kind = (
            "application/atom+xml" if "atom" in self.feeds[first][:120] else "application/rss+xml"
        )
        self._write("index.html", HEAD.format(type=kind, site=SITE, path=first))
        self.address = ""
        self.reader: Reader = make_reader(":memory:")

    def _write(self, path: str, text: str) -> None:
        file = self.www / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1_700_000_000, 1_700_000_000))  # what comes later is newer to readers

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    def subscribe(self) -> None:
        """Let a subscriber read everything in each of the old feeds."""
        for path in self.feeds:
            self.reader.add_feed(self.address + path)
        self.reader.update_feeds()
        for entry in self.reader.get_entries():
            self.reader.mark_entry_as_read(entry)

    def publish(self) -> None:
        """Put the output folder online."""
        shutil.copytree(self.blog / "output", self.www, dirs_exist_ok=True)

    def unread_of_old(self) -> list[str]:
        """What the subscriber sees as new while the old feeds should still be there."""
        for path in self.feeds:
            self.reader.update_feed(self.address + path)
        return [entry.id for entry in self.reader.get_entries(read=False)]

    def unread(self) -> list[str]:
        """What the subscriber sees as new, having fetched all feeds again."""
        for path in self.feeds:
            self.reader.update_feed(self.address + path)
        for feed in self.reader.get_feeds():
            assert feed.last_exception is None
            assert "Field Notes" in (feed.title or ""), "the feed is ours by now"
        return [entry.id for entry in self.reader.get_entries(read=False)]


@contextmanager
def world(folder: Path, make: Maker) -> Iterator[World]:
    made = World(folder, make)
    with served(made.www) as address:
        made.address = address
        made.subscribe()
        yield made


SHAPES: dict[str, Maker] = {
    "jekyll-feed": old.jekyll_feed,
    "chirpy": old.chirpy,
    "hugo": old.hugo,
    "hexo": old.hexo,
    "wordpress": old.wordpress,
}
shapes = pytest.mark.parametrize("shape", SHAPES)


@shapes
@pytest.mark.parametrize("built_before", [False, True], ids=["adopt-build", "build-adopt-build"])
def test_no_entry_is_repeated(tmp_path: Path, shape: str, built_before: bool) -> None:
    """Adopt, build, check, publish: a subscriber of any old feed sees nothing as new."""
    with world(tmp_path, SHAPES[shape]) as site:
        first = site.address + next(iter(site.feeds))
        if built_before:
            assert site.run("build", str(site.blog)).exit_code == 0
        adopted = site.run("adopt", first, str(site.blog), "--write")
        assert adopted.exit_code == 0, adopted.output
        assert f"made by {shape}" in adopted.output
        assert "With these settings 0 entries are repeated and 0 old posts" in adopted.output
        built = site.run("build", str(site.blog))
        assert built.exit_code == 0, built.output
        checked = site.run("diff", str(site.blog), "--against", site.address)
        assert checked.exit_code == 0, checked.output
        assert "repeated" not in checked.output
        site.publish()
        assert site.unread() == []
        assert f'layout = "{shape}"' in (site.blog / "config.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("built_before", [False, True], ids=["adopt-build", "build-adopt-build"])
def test_a_wordpress_export_keeps_the_ids(tmp_path: Path, built_before: bool) -> None:
    """The export is a file, while the feed itself is online."""
    with world(tmp_path, old.wordpress) as site:
        export = tmp_path / "export.xml"
        export.write_text(old.wordpress_export(site.posts, SITE), encoding="utf-8")
        if built_before:
            site.run("build", str(site.blog))
        options = ["--unpublished"] if built_before else []
        adopted = site.run("adopt", str(export), str(site.blog), "--write", *options)
        assert "0 entries are repeated and 0 old posts" in adopted.output
        assert site.run("build", str(site.blog)).exit_code == 0
        site.publish()
        assert site.unread() == []


def test_adopting_twice_is_adopting_once(tmp_path: Path) -> None:
    """After a first build, too: the second time nothing is taken, and the build goes on."""
    with world(tmp_path, old.wordpress) as site:
        site.run("build", str(site.blog))
        command = ["adopt", f"{site.address}feed/index.xml", str(site.blog), "--write"]
        assert "10 entries adopted, 0 known" in site.run(*command).output
        assert "0 entries adopted, 10 known" in site.run(*command).output
        assert site.run("build", str(site.blog)).exit_code == 0
        site.publish()
        assert site.unread() == []


def test_the_address_of_the_site_is_enough(tmp_path: Path) -> None:
    """Its page links to the feed; the other format is found, too."""
    with world(tmp_path, old.hexo) as site:
        adopted = site.run("adopt", site.address, str(site.blog))
        assert f"{site.address}atom.xml: 7 entries, made by hexo" in adopted.output
        assert f"{site.address}rss2.xml: 7 entries" in adopted.output
        assert "limit = 7" in adopted.output
        assert "Next: the same with --write" in adopted.output
        assert not (site.blog / "config.toml").exists()


def test_a_build_into_the_old_site_stops_until_its_feed_is_adopted(tmp_path: Path) -> None:
    """The command that the message names is the cure."""
    with world(tmp_path, old.wordpress) as site:
        place = ["-o", str(site.www), "--set", "feeds.layout=wordpress"]
        stopped = site.run("build", str(site.blog), *place)
        file = str(site.www / "feed/index.xml")
        assert stopped.exit_code == 2
        assert f"`syndicate adopt {file}`" in stopped.output
        assert site.unread_of_old() == []
        assert site.run("adopt", file, str(site.blog), "--write").exit_code == 0
        assert site.run("build", str(site.blog), "-o", str(site.www)).exit_code == 0
        assert site.unread() == []


def test_a_ledger_that_was_moved_away_stops_nothing(tmp_path: Path) -> None:
    """Build, move the ledger away, adopt, build: the output was never published."""
    with world(tmp_path, old.wordpress) as site:
        site.run("build", str(site.blog))
        (site.blog / ".syndicate/ledger.db").unlink()
        site.run("adopt", f"{site.address}feed/index.xml", str(site.blog), "--write")
        built = site.run("build", str(site.blog))
        assert built.exit_code == 0, built.output
        site.publish()
        assert site.unread() == []


def test_a_build_without_an_address_does_not_count(tmp_path: Path) -> None:
    """Build, set the address, adopt, build: the first build was a preview."""
    with world(tmp_path, old.wordpress) as site:
        settings = site.blog / "_config.yml"
        text = settings.read_text(encoding="utf-8")
        preview = text.replace("https://notes.example.org", "http://localhost:4000")
        settings.write_text(preview, encoding="utf-8")
        assert site.run("build", str(site.blog)).exit_code == 0
        settings.write_text(text, encoding="utf-8")
        site.run("adopt", f"{site.address}feed/index.xml", str(site.blog), "--write")
        built = site.run("build", str(site.blog))
        assert built.exit_code == 0, built.output
        site.publish()
        assert site.unread() == []


def test_a_published_build_keeps_its_ids(tmp_path: Path) -> None:
    """What the site serves of ours is known to readers: the ledger's ids stay, and are named."""
    with world(tmp_path, old.wordpress) as site:
        site.run("build", str(site.blog))
        site.publish()
        adopted = site.run("adopt", f"{site.address}feed/index.xml", str(site.blog))
        assert "the ledger keeps the id" in adopted.output
        assert "--unpublished" in adopted.output


def test_recovery_after_a_wrong_build_was_published(tmp_path: Path) -> None:
    """The old feed as a file, --unpublished, and a build: old subscribers see nothing new."""
    with world(tmp_path, old.jekyll_feed) as site:
        saved = tmp_path / "feed.xml"
        saved.write_text(site.feeds["feed.xml"], encoding="utf-8")
        wrong = ["--set", "feeds.layout=chirpy", "--set", "feeds.limit=10"]
        site.run("build", str(site.blog), *wrong)
        shutil.copytree(site.blog / "output", site.www, dirs_exist_ok=True)
        site.run("adopt", str(saved), str(site.blog), "--write", "--unpublished")
        built = site.run("build", str(site.blog))
        assert built.exit_code == 0, built.output
        site.publish()
        assert site.unread() == []
