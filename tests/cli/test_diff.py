import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syndicate import Report
from syndicate.cli.diff import diff_command
from syndicate.config.load import load
from syndicate.config.schema import Config
from syndicate.model import Document
from syndicate.state.manifest import Written, remember
from tests.reading.feeds import JSON, RSS
from tests.served import served

EDITED = JSON.replace("hot</b> water", "cold</b> water").replace("Fog again", "Fog")


def document(path: str, text: str) -> Document:
    kind = "application/feed+json" if text.startswith("{") else "application/rss+xml"
    return Document(path, kind, text.encode(), 2)


def run(blog: Path, documents: dict[str, str], *arguments: str) -> Result:
    """`syndicate diff`, of a build that would write `documents`."""

    def preview(_config: Config) -> Iterator[Document]:
        return (document(path, text) for path, text in documents.items())

    return CliRunner().invoke(diff_command(preview), [str(blog), *arguments])


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog whose output folder holds one feed in two formats."""
    write(tmp_path / "output", {"feed.json": JSON, "rss.xml": RSS})
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def test_nothing_differs(blog: Path) -> None:
    """What is in the output folder already is not told."""
    result = run(blog, {"feed.json": JSON, "rss.xml": RSS}, "--exit-code")
    assert (result.exit_code, result.output) == (0, "1 feed compared, 0 differ\n")


def test_differences_are_listed(blog: Path) -> None:
    """Each entry that readers will see otherwise, and in what; one format a feed is enough."""
    result = run(blog, {"feed.json": EDITED, "rss.xml": RSS, "tag/feed.json": JSON})
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "feed.json: 2 edited",
        "  绿茶 <3: tag:tea.example,2025:green (content)",
        "  Fog: tag:tea.example,2025:fog (title)",
        "tag/feed.json: created (2 entries)",
        "2 feeds compared, 2 differ",
    ]


def test_exit_code_tells_of_differences(blog: Path) -> None:
    """--exit-code is for scripts: 1 where anything differs."""
    assert run(blog, {"feed.json": EDITED}, "--exit-code", "-q").exit_code == 1
    assert run(blog, {"feed.json": EDITED}, "-q").output == ""


def test_another_format_can_be_compared(blog: Path) -> None:
    """--format compares the feeds of that format alone."""
    documents = {"feed.json": EDITED, "rss.xml": RSS}
    assert "0 differ" in run(blog, documents, "--format", "rss").output


def test_json_holds_everything(blog: Path) -> None:
    """--json prints all feeds with all their differences."""
    found = json.loads(run(blog, {"feed.json": EDITED}, "--json").output)
    assert [each["changed"] for each in found["feeds"][0]["edited"]] == [["content"], ["title"]]


def test_a_feed_that_goes_is_removed(blog: Path) -> None:
    """Feeds that earlier builds wrote and the next would not are told, in that format."""
    config = load(blog, None, [])
    write(blog / "output", {"tag/feed.json": JSON, "tag/rss.xml": RSS, "old.json": "{}"})
    feeds = {"tag tea": {"json": "tag/feed.json", "rss": "tag/rss.xml"}}
    files = ("feed.json", "tag/feed.json", "tag/rss.xml", "feeds.opml", "old.json", "gone.json")
    remember(config.state_folder, config.output_folder, Written(files, feeds=feeds))
    assert run(blog, {"feed.json": JSON}).output.splitlines() == [
        "tag/feed.json: removed (2 entries)",
        "2 feeds compared, 1 differs",
    ]


def test_a_broken_published_feed_is_named(blog: Path) -> None:
    """A file that is no feed is told, and --strict counts it."""
    write(blog / "output", {"feed.json": "{"})
    result = run(blog, {"feed.json": JSON}, "--strict")
    assert result.exit_code == 1
    assert "feed.json: the published feed is not valid JSON" in result.output


def test_another_folder_can_be_compared(blog: Path, tmp_path: Path) -> None:
    """--against takes a folder; what is none is refused."""
    write(tmp_path / "site", {"feed.json": EDITED})
    arguments = ("--against", str(tmp_path / "site"))
    assert "feed.json: 2 edited" in run(blog, {"feed.json": JSON}, *arguments).output
    result = run(blog, {"feed.json": JSON}, "--against", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert "neither an address nor a folder" in result.output


def test_a_published_site_can_be_compared(blog: Path, tmp_path: Path) -> None:
    """--against takes the site's address: feeds that it does not have are created."""
    write(tmp_path / "site", {"blog/tag/茶/feed.json": EDITED})
    documents = {"tag/茶/feed.json": JSON, "feed.json": JSON}
    with served(tmp_path / "site") as address:
        result = run(blog, documents, "--against", f"{address}blog")
    assert "tag/茶/feed.json: 2 edited" in result.output
    assert "\nfeed.json: created" in f"\n{result.output}"


def test_a_feed_is_compared_in_the_format_that_is_online(blog: Path, tmp_path: Path) -> None:
    """A site that has only RSS is compared in RSS, and no feed of it is called created."""
    write(tmp_path / "site", {"rss.xml": RSS, "tag/rss.xml": RSS.replace("Fog again", "Fog")})
    documents = {"feed.json": JSON, "rss.xml": RSS, "tag/feed.json": JSON, "tag/rss.xml": RSS}
    with served(tmp_path / "site") as address:
        for place in (address, str(tmp_path / "site")):
            result = run(blog, documents, "--against", place)
            assert result.exit_code == 0
            assert result.output.endswith("2 feeds compared, 1 differs\n")
            assert "created" not in result.output


def test_a_check_that_compared_nothing_says_so_and_fails(blog: Path, tmp_path: Path) -> None:
    """A site without any of our feeds is no proof that nothing is repeated."""
    write(tmp_path / "site", {"index.html": "<p>Tea</p>"})
    with served(tmp_path / "site") as address:
        result = run(blog, {"feed.json": JSON}, "--against", address)
    assert result.exit_code == 1
    assert "Nothing was compared" in result.output
    assert run(blog, {"feed.json": JSON}, "--against", address, "--json").exit_code != 0


def test_one_old_feed_can_be_compared_by_its_own_address(blog: Path, tmp_path: Path) -> None:
    """The feed of everything is held against it, whatever it is called."""
    write(tmp_path / "site", {"old/index.xml": RSS})
    documents = {"feed.json": JSON, "rss.xml": RSS, "tag/feed.json": JSON}
    with served(tmp_path / "site") as address:
        for place in (f"{address}old/index.xml", str(tmp_path / "site" / "old" / "index.xml")):
            result = run(blog, documents, "--against", place)
            assert result.exit_code == 0
            assert "\nrss.xml:" not in f"\n{result.output}"
            assert "tag/feed.json: created" in result.output


def test_what_is_built_is_what_is_published(example: tuple[Report, Path], tmp_path: Path) -> None:
    """The feeds of the example blog do not differ from themselves."""
    _, folder = example
    documents = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("feed.json")
    }
    result = run(tmp_path, documents, "--against", str(folder), "--exit-code")
    assert (result.exit_code, result.output) == (
        0, f"{len(documents)} feeds compared, 0 differ\n",
    )  # fmt: skip
