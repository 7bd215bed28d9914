"""The state folder, deleted while a build is at work."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.config.schema import Config
from syndicate.errors import StateError
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.timings import Count

NOW = datetime(2024, 6, 1, tzinfo=UTC)
STAGES = ("look", "open", "read", "recognise", "plan", "compare", "render", "assemble", "remember")


def write_posts(blog: Path, body: str) -> None:
    for number in range(5):
        head = f"---\ntitle: Tea {number}\ndate: 2024-01-0{number + 1}\ncategory: green\n---\n"
        (blog / f"tea{number}.md").write_text(head + body, encoding="utf-8")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "blog").mkdir()
    write_posts(tmp_path / "blog", "Green tea.\n")
    return load(tmp_path / "blog")


def feeds(config: Config) -> dict[str, bytes]:
    files = (file for file in config.output_folder.rglob("*") if file.is_file())
    return {file.relative_to(config.output_folder).as_posix(): file.read_bytes() for file in files}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("again", [True, False])
def test_is_an_error_in_one_line(config: Config, stage: str, again: bool) -> None:
    """The build ends with a StateError; feeds are whole, and the next build is as any other."""
    if again:
        pipeline.build(config, now=NOW)
        write_posts(config.folder, "More green tea.\n")
    before = feeds(config)

    @contextmanager
    def deleting(name: str) -> Iterator[Count]:
        if name == stage:
            shutil.rmtree(config.state_folder, ignore_errors=True)
        yield lambda _: None

    with pytest.raises(StateError, match="was deleted during the build") as told:
        pipeline.build(config, now=NOW, timer=deleting)
    assert str(config.state_folder) in str(told.value)
    if stage != "remember":
        assert feeds(config) == before  # nothing was put in place
    assert not [name for name in feeds(config) if name.endswith(".part")]
    pipeline.build(config, now=NOW)
    after = feeds(config)
    shutil.rmtree(config.state_folder)
    shutil.rmtree(config.output_folder)
    pipeline.build(config, now=NOW)
    assert feeds(config).keys() == after.keys()
