"""Damage of the file of entries never changes a feed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

import syndicate
from tests.conftest import NOW

POSTS = 6


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Return a blog that was built once."""
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_config.yml").write_text("title: T\nurl: https://tea.example\n", encoding="utf-8")
    for number in range(1, POSTS + 1):
        write(tmp_path, number, f"Words of {number}.")
    build(tmp_path)
    return tmp_path


def write(blog: Path, number: int, words: str) -> None:
    text = f"---\ntitle: Post {number}\n---\n{words}\n"
    (blog / f"_posts/2024-01-0{number}-p{number}.md").write_text(text, encoding="utf-8")


def build(blog: Path, title: str = "T", state: str = "state") -> Mapping[str, bytes]:
    """Build with another title, so that every feed is assembled again. Return the feeds."""
    output = blog / f"output-{state}"
    settings = {
        "site.title": title, "output.path": str(output), "state.path": str(blog / state),
        "feeds.by": [], "feeds.pages": False,
    }  # fmt: skip
    syndicate.build(blog, settings=settings, now=NOW)
    return {path.name: path.read_bytes() for path in output.iterdir()}


def entries(blog: Path) -> Path:
    return blog / "state/entries.bin"


def test_a_damaged_entry_is_made_anew(blog: Path) -> None:
    """A damaged byte is in no feed, and is repaired."""
    data = bytearray(entries(blog).read_bytes())
    data[len(data) // 2] ^= 1
    entries(blog).write_bytes(data)
    assert build(blog, "Other") == build(blog, "Other", "nothing")
    size = entries(blog).stat().st_size
    build(blog, "Another")
    assert entries(blog).stat().st_size == size


@pytest.mark.parametrize("left", [0, 30, 2_000])
def test_entries_that_were_cut_off_are_made_anew(blog: Path, left: int) -> None:
    """Of a truncated file, the complete entries are used."""
    entries(blog).write_bytes(entries(blog).read_bytes()[:left])
    assert build(blog, "Other") == build(blog, "Other", "nothing")


def test_a_file_of_somebody_else_is_moved_not_written_to(blog: Path) -> None:
    """Another program's file is renamed, not removed."""
    entries(blog).write_bytes(b"mine")
    assert build(blog, "Other") == build(blog, "Other", "nothing")
    assert (blog / "state/entries.bin.unusable").read_bytes() == b"mine"


def test_what_a_killed_build_appended_is_cut_off(blog: Path) -> None:
    """Builds that are killed again and again do not fill the disk."""
    size = entries(blog).stat().st_size
    with entries(blog).open("ab") as file:
        file.write(bytes(1_000_000))
    build(blog, "Other")
    assert entries(blog).stat().st_size == size


def test_the_file_does_not_grow_for_ever(blog: Path) -> None:
    """Old versions of entries are dropped when they are more than half of the file."""
    sizes = []
    for number in range(12):
        write(blog, 1, f"Version {number}. " + "Words. " * 20_000)
        assert f"Version {number}.".encode() in build(blog)["feed.json"]
        sizes.append(entries(blog).stat().st_size)
    assert max(sizes) < 4_000_000
    assert sizes != sorted(sizes)
