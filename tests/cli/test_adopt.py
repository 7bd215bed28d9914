import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from syndicate.cli.adopt import command
from syndicate.ledger.records import Record, keep, load
from tests.reading.feeds import WXR, item, rss


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    file = tmp_path / "old.xml"
    file.write_bytes(rss(item("a"), item("b")))
    return file


def run(feed: Path, *arguments: str) -> Result:
    """`syndicate ledger adopt`, of `feed` into the blog in its folder."""
    return CliRunner().invoke(command, [str(feed), str(feed.parent), *arguments])


def test_entries_are_kept_in_the_ledger(feed: Path) -> None:
    """What is taken is in the ledger, once, however often it is adopted."""
    assert "2 entries adopted, 0 known already\nNext: syndicate build" in run(feed).output
    records = load(feed.parent / ".syndicate")
    assert [record.id for record in records] == ["id:a", "id:b"]
    assert "0 entries adopted, 2 known already\n" in run(feed).output
    assert load(feed.parent / ".syndicate") == records


def test_a_dry_run_writes_nothing(feed: Path) -> None:
    """--dry-run tells what would be taken, and leaves no ledger behind."""
    output = run(feed, "-n").output
    assert "2 entries adopted" in output
    assert "Nothing was written" in output
    assert not (feed.parent / ".syndicate").exists()


def test_conflicts_are_named(feed: Path) -> None:
    """A post that the ledger knows otherwise is named with both ids."""
    day = load_day(feed)
    ours = Record(id="ours", url="https://tea.example/a/", title="A", published=day, updated=day)
    keep(feed.parent / ".syndicate", [ours])
    output = run(feed).output
    assert "https://tea.example/a/: the ledger keeps the id ours" in output
    assert "says id:a" in output
    assert "1 entry adopted, 0 known already; 1 conflict" in output
    assert "--unpublished" in output


def load_day(feed: Path) -> Any:
    from syndicate.reading.read import read

    return read(feed.read_bytes()).entries[0].published


def test_json_holds_everything(feed: Path) -> None:
    """--json prints records, conflicts and problems."""
    feed.write_text(WXR, encoding="utf-8")
    found = json.loads(run(feed, "--json").output)
    assert [each["id"] for each in found["taken"]] == [
        "https://tea.example/?p=12", "https://tea.example/?p=13",
    ]  # fmt: skip
    assert found["problems"][0]["kind"] == "not-published"
