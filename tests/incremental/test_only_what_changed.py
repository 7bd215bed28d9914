"""What has not changed is not opened, rendered, assembled or written, nor is its code loaded."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syndicate.state.keys import code_version
from syndicate.state.world import digests_of, has_digests
from tests.incremental.blogs import BLOGS
from tests.incremental.conditions import folder, times_trusted_at_once
from tests.incremental.world import World

IN_ANOTHER = """
import json, os, sys
from datetime import datetime
from pathlib import Path
from syndicate.state import world
world.FRESH_NS = int(sys.argv[4])
opened = []
watching = True
def hear(event, arguments):
    if watching and event == "open":
        opened.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], (str, bytes)) else "")
sys.addaudithook(hear)
from syndicate.pipeline import build as pipeline
from syndicate.config.load import load
blog, now, settings = sys.argv[1:4]
config = load(Path(blog), settings=json.loads(settings).items())
report = pipeline.build(config, now=datetime.fromisoformat(now))
watching = False
print(json.dumps({
    "opened": opened,
    "modules": sorted(sys.modules),
    "rendered": report.rendered,
    "changes": {change.path: change.action for change in report.changes},
}))
"""
HOUR_NS = 3600 * 10**9
HEAVY = (
    "bs4", "lxml", "feedgen", "pyromark", "nh3", "selectolax", "yaml", "rich", "liquid", "regex",
    "frontmatter", "docutils", "urllib3", "syndicate.engines", "syndicate.posts",
    "syndicate.content", "syndicate.feeds", "syndicate.pipeline.rebuild",
    "syndicate.pipeline.read_blog", "syndicate.pipeline.entries", "syndicate.publish",
    "multiprocessing", "asyncio", "logging", "filelock", "concurrent",
)  # fmt: skip
OF_WHOLE_BUILDS = (
    "bs4", "feedgen", "lxml", "syndicate.pipeline.rebuild", "syndicate.pipeline.guard",
    "syndicate.pipeline.read_blog",
    "syndicate.feeds.plan", "syndicate.feeds.legacy", "syndicate.reading.diff",
    "syndicate.engines.hugo", "syndicate.engines.pelican", "syndicate.engines.nikola",
    "syndicate.engines.astro", "syndicate.engines.vue", "syndicate.engines.docusaurus",
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with folder() as path, times_trusted_at_once(True):
        world = World(path, BLOGS["jekyll"])
        code_version.cache_clear()  # the code may be edited while its tests run
        world.build()
        yield world


def built(world: World, fresh_ns: int = 0) -> dict[str, Any]:
    """What a build in a process of its own did; files are fresh for `fresh_ns`."""
    keys = json.dumps(world.keys(world.output, world.state))
    told = (str(world.root), world.now.isoformat(), keys, str(fresh_ns))
    command = [sys.executable, "-c", IN_ANOTHER, *told]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    return found


def opened(world: World, told: dict[str, Any], place: Path) -> set[str]:
    """The files below `place` that were opened."""
    paths = (Path(path) for path in told["opened"] if not Path(path).is_dir())
    return {path.relative_to(place).as_posix() for path in paths if path.is_relative_to(place)}


def looks(world: World) -> dict[str, tuple[int, int]]:
    """Which file each is of those in the output folder, and when it was written."""
    files = [path for path in world.output.rglob("*") if path.is_file()]
    stats = {path.relative_to(world.output).as_posix(): path.stat() for path in files}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}


def test_nothing_is_opened_when_nothing_changed(world: World) -> None:
    """Neither posts nor feeds are opened where no file has changed."""
    told = built(world)
    assert opened(world, told, world.root) == set()
    assert opened(world, told, world.output) == set()
    assert set(told["changes"].values()) == {"unchanged"}


def test_nothing_heavy_is_loaded_when_nothing_changed(world: World) -> None:
    """A build with nothing to do loads no code that reads, renders or writes."""
    told = built(world)
    assert [name for name in told["modules"] if name.startswith(tuple(HEAVY))] == []


def test_fresh_files_are_read_and_nothing_else_is_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build right after one that read an edited file reads that file, and has nothing to do."""
    edited = "_posts/2024-01-01-one.md"
    world.write(world.root / edited, world.version(world.root / edited, 4))
    monkeypatch.setattr("syndicate.state.world.FRESH_NS", HOUR_NS)
    world.build()
    told = built(world, HOUR_NS)
    assert opened(world, told, world.root) >= {edited}
    assert set(told["changes"].values()) == {"unchanged"}
    assert [name for name in told["modules"] if name.startswith(tuple(HEAVY))] == []
    assert edited in opened(world, built(world), world.root)  # not fresh any more: the last time
    assert opened(world, built(world), world.root) == set()


def test_a_fresh_file_with_other_bytes_is_another(tmp_path: Path) -> None:
    """Within one tick of the clock only the bytes of a file say that it is another."""
    (tmp_path / "post.md").write_bytes(b"one")
    digests = digests_of(tmp_path, ["post.md"])
    assert has_digests(tmp_path, digests)
    (tmp_path / "post.md").write_bytes(b"two")
    assert not has_digests(tmp_path, digests)


def test_unchanged_posts_are_not_opened(world: World) -> None:
    """Of the posts, only the one that was edited is opened."""
    edited = "_posts/2024-01-01-one.md"
    world.write(world.root / edited, world.version(world.root / edited, 4))
    posts = {path for path in opened(world, built(world), world.root) if path.endswith(".md")}
    assert posts == {edited}


def test_an_edit_of_words_loads_no_code_that_plans(world: World) -> None:
    """Title and body are rendered by the blog's own engine, and no feed is planned anew."""
    post = world.root / "_posts/2024-02-01-two.md"
    world.write(post, post.read_bytes().replace(b"title: Two", b"title: Too") + b"More.\n")
    told = built(world)
    assert told["rendered"] == 1
    assert [name for name in told["modules"] if name.startswith(tuple(OF_WHOLE_BUILDS))] == []


def test_an_edit_that_no_page_shows_makes_no_page(world: World) -> None:
    """The words after the excerpt change; title, excerpt and picture do not."""
    world.settings = {"feeds.pages": True}
    post = world.root / "_posts/2024-02-01-two.md"
    world.write(post, post.read_bytes() + b"\n" + b"Words. " * 100)
    world.check()
    world.write(post, post.read_bytes() + b"And more.\n")
    told = built(world)
    assert told["rendered"] == 1
    assert "jinja2" not in told["modules"]
    assert "updated" in set(told["changes"].values())
    world.check()


def test_an_edit_that_pages_show_makes_them(world: World) -> None:
    """A title is on the page of each feed that carries the post."""
    world.settings = {"feeds.pages": True}
    world.build()
    post = world.root / "_posts/2024-02-01-two.md"
    world.write(post, post.read_bytes().replace(b"title: Two", b"title: Too"))
    assert "jinja2" in built(world)["modules"]
    world.check()


def test_words_that_another_post_shows_are_rendered_there_too(world: World) -> None:
    """A post that includes another one's text changes with it."""
    quoting = world.root / "_posts/2024-04-03-quotes.md"
    text = b"---\ntitle: Quotes\n---\n{% include_relative 2024-02-01-two.md %}\n"
    world.write(quoting, text)
    world.check()
    post = world.root / "_posts/2024-02-01-two.md"
    world.write(post, post.read_bytes() + b"More of it.\n")
    world.check()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"tags: [a, b]", b"tags: [b]"),
        (b"category: x", b"category: z"),
        (b"title: One 1", b"title: One 1\ndate: 2023-01-01"),
        (b"title: One 1", b"title: One 1\nid: tag:example.org,2020:9"),
        (b"title: One 1", b"title: One 1\nauthor: Bea"),
        (b"title: One 1", b"title: One 1\nlang: fr"),
        (b"title: One 1", b"title: One 1\npublished: false"),
        (b"title: One 1", b"title: One 1\nupdated: 2020-01-01"),
        (b"title: One 1", b"title: [One 1"),
        (b"Hi 1.", b"{% unknown %} {% post_url 2024-02-01-two %}"),
    ],
)
def test_what_is_more_than_words_is_a_whole_build(world: World, old: bytes, new: bytes) -> None:
    """Whatever else a header or a body changes, files and report are those of a whole build."""
    post = world.root / "_posts/2024-01-01-one.md"
    assert old in post.read_bytes()
    world.write(post, post.read_bytes().replace(old, new))
    world.check()


def test_unchanged_entries_are_not_rendered(world: World) -> None:
    """Only the edited post's entry is made anew."""
    post = world.root / "_posts/2024-02-01-two.md"
    world.write(post, world.version(post, 4))
    assert built(world)["rendered"] == 1


def test_an_include_concerns_the_posts_that_use_it(world: World) -> None:
    """A change to an included file renders those that include it, and none besides."""
    include = world.root / "_includes/deep.html"
    world.write(include, world.version(include, 4))
    told = built(world)
    assert told["rendered"] == 1
    assert {path for path in opened(world, told, world.root) if path.endswith(".md")} == {
        "_posts/2024-02-01-two.md"
    }


def test_unchanged_feeds_are_left_alone(world: World) -> None:
    """The files of feeds that do not carry the edited post stay, the very same ones."""
    before = looks(world)
    post = world.root / "_posts/2024-04-01-four.md"  # in category y, without tags
    world.write(post, world.version(post, 4))
    changes = built(world)["changes"]
    changed = {path for path, action in changes.items() if action != "unchanged"}
    assert changed
    assert not {path for path in changed if path.startswith("tag/")}
    assert {path for path, look in looks(world).items() if look != before[path]} == changed


def test_unchanged_feeds_are_not_opened(world: World) -> None:
    """Feeds that do not carry the edited post are not even compared."""
    post = world.root / "_posts/2024-04-01-four.md"
    world.write(post, world.version(post, 4))
    feeds = opened(world, built(world), world.output)
    assert feeds
    assert not {path for path in feeds if path.startswith("tag/")}


def test_a_post_that_only_was_touched_changes_nothing(world: World) -> None:
    """Another time, the same bytes: nothing is rendered or written."""
    before = looks(world)
    (world.root / "_posts/2024-01-01-one.md").touch()
    told = built(world)
    assert told["rendered"] == 0
    assert looks(world) == before
