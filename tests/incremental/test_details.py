"""What random histories seldom hit."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.pipeline import build as pipeline
from syndicate.state.cache import cache
from syndicate.state.last_build import forget
from syndicate.state.world import stamps_of, world_of
from tests.incremental.blogs import BLOGS, MOMENTS
from tests.incremental.conditions import folder, times_trusted_at_once
from tests.incremental.test_while_building import Meanwhile
from tests.incremental.world import STEPS, World, contents

LATER = 1 << 62


@pytest.fixture
def world() -> Iterator[World]:
    with folder() as path, times_trusted_at_once(True):
        yield World(path, BLOGS["jekyll"])


def test_a_post_that_was_away_for_a_moment_comes_back(world: World) -> None:
    """A feed that was made without it is not taken for whole."""
    post = world.root / "_posts/2024-01-01-one.md"
    data = post.read_bytes()
    meanwhile = Meanwhile(world, "render", "delete", 0)
    report = world.build(timer=meanwhile)
    assert [problem.kind for problem in report.problems].count("unreadable") == 1
    post.write_bytes(data)
    world.check()


def test_doubts_are_told_as_often_as_by_a_build_from_nothing(world: World) -> None:
    """Once: then the post is known. A build with nothing to do does not tell of them again."""
    world.build()
    post = world.root / "_posts/2024-01-01-one.md"
    post.write_text("---\ntitle: Another\ndate: 2023-05-05\n---\nOther words.\n", encoding="utf-8")
    report = world.build()
    assert "doubtful-identity" in {problem.kind for problem in report.problems}
    world.check()


def test_a_file_that_was_replaced_is_told_once(world: World) -> None:
    """The feed in its place is ours from then on."""
    world.build()
    (world.state / "manifest.json").unlink()
    post = world.root / "_posts/2024-01-01-one.md"
    world.write(post, world.version(post, 5))
    kinds = [{problem.kind for problem in world.build().problems} for _ in range(2)]
    assert ["replaced-file" in each for each in kinds] == [True, False]


def test_a_lost_manifest_is_made_again(world: World) -> None:
    """Though nothing else has changed."""
    world.build()
    manifest = world.state / "manifest.json"
    before = manifest.read_bytes()
    manifest.unlink()
    world.build()
    assert manifest.read_bytes() == before


def test_half_a_character_in_a_data_file_stops_nothing(world: World) -> None:
    """What cannot be written in UTF-8 is built, from the cache as from nothing."""
    words = world.root / "_data/words.yml"
    words.unlink()
    for text in ('{"a\\ud800": "one\\udc00"}', '{"a\\ud800": "two\\udc00"}'):
        words.with_suffix(".json").write_text(text, encoding="utf-8")
        world.check()


def test_a_configuration_that_comes_back_sweeps_up(world: World) -> None:
    """What a killed build under another one has left is removed, though nothing else is to do."""
    world.build()
    before = contents(world.output)
    with cache(world.state) as remembered:
        forget(remembered)  # what a build does before it writes anything
    (world.output / ".atom.xml.part").write_text("<feed", encoding="utf-8")
    world.build()
    assert contents(world.output) == before


@pytest.mark.parametrize("step", ["edit", "rename", "time_passes"])
def test_a_build_that_fails_leaves_nothing_to_trust(world: World, step: str) -> None:
    """An error on the way is as if that build had not been."""
    world.build()
    STEPS[step](world, 3, 3)

    def fail(_done: int, _wanted: int) -> None:
        raise KeyboardInterrupt

    config = load(world.root, settings=world.keys(world.output, world.state).items())
    post = world.root / "_posts/2024-02-01-two.md"
    world.write(post, world.version(post, 7))
    with pytest.raises(KeyboardInterrupt):
        pipeline.build(config, now=world.now, force=True, progress=fail)
    world.check()


def test_dates_keep_their_offsets(world: World) -> None:
    """What is read from the cache has the day that the author wrote."""
    world.build()
    world.settings = {"excerpt.length": 30}  # renders all that is in the cache
    report = world.build()
    post = next(each for each in report.posts if each.path.endswith("two.md"))
    assert post.published.isoformat() == "2024-02-01T08:00:00+08:00"
    world.check()


def test_a_post_that_expires_before_it_is_due_is_reported_when_it_does() -> None:
    """The reason why it is left out is the one of the hour."""
    with folder() as path, times_trusted_at_once(True):
        world = World(path, BLOGS["hugo"])
        for moment in (MOMENTS[1], MOMENTS[3], MOMENTS[5], MOMENTS[0]):
            world.now = moment
            world.check()


def test_a_link_to_another_file_is_another_file(tmp_path: Path) -> None:
    """Also where both have one size and one time."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        os.utime(tmp_path / name, ns=(1, 1))
    link = tmp_path / "link"
    link.symlink_to("a")
    before = world_of(tmp_path, keep_out=(), clock_ns=LATER)
    link.unlink()
    link.symlink_to("b")
    assert world_of(tmp_path, keep_out=(), clock_ns=LATER).stamps != before.stamps


def test_a_link_that_leads_out_is_not_trusted(tmp_path: Path) -> None:
    """What is in such a folder can change unseen; in one of the blog's own it cannot."""
    blog = tmp_path / "blog"
    (blog / "inner").mkdir(parents=True)
    (blog / "link").symlink_to(blog / "inner")
    assert world_of(blog, keep_out=(), clock_ns=LATER).trusted
    assert not world_of(blog, keep_out=("inner",), clock_ns=LATER).trusted
    (blog / "out").symlink_to(tmp_path)
    assert not world_of(blog, keep_out=(), clock_ns=LATER).trusted


def test_an_empty_folder_is_part_of_the_blog(tmp_path: Path) -> None:
    """A generator may be told by it."""
    before = world_of(tmp_path, keep_out=(), clock_ns=LATER)
    (tmp_path / "_posts").mkdir()
    assert world_of(tmp_path, keep_out=(), clock_ns=LATER) != before


def test_a_file_that_was_written_in_this_very_moment_is_not_trusted(tmp_path: Path) -> None:
    """It may be written once more within the same tick of the clock, to the same size."""
    (tmp_path / "feed").write_text("one", encoding="utf-8")
    moment = (tmp_path / "feed").stat().st_mtime_ns
    known = stamps_of(["feed"], tmp_path)
    assert stamps_of(["feed"], tmp_path, before_ns=moment) != known
    assert stamps_of(["feed"], tmp_path, before_ns=moment + 1) == known
