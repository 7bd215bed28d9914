from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.errors import StateError
from syndicate.state.manifest import Written, numbered, recall, remember


def test_what_was_written_is_recalled(tmp_path: Path) -> None:
    """The manifest of a build is read by the next build."""
    written = Written(("a.xml", "茶/a.xml"), posts=3)
    remember(tmp_path / "state", tmp_path / "output", written)
    assert recall(tmp_path / "state", tmp_path / "output") == written


def test_nothing_is_recalled_at_first(tmp_path: Path) -> None:
    """The first build has nothing to remove."""
    assert recall(tmp_path / "state", tmp_path / "output") == Written()


def test_output_folders_do_not_mix(tmp_path: Path) -> None:
    """Two output folders with one state folder keep their own lists."""
    remember(tmp_path, tmp_path / "one", Written(("a.xml",)))
    remember(tmp_path, tmp_path / "two", Written(("b.xml",)))
    assert recall(tmp_path, tmp_path / "one") == Written(("a.xml",))


def test_list_moves_with_its_folders(tmp_path: Path) -> None:
    """A blog that is moved as a whole keeps its manifest."""
    remember(tmp_path / "a/.syndicate", tmp_path / "a/output", Written(("a.xml",)))
    (tmp_path / "a").rename(tmp_path / "b")
    assert recall(tmp_path / "b/.syndicate", tmp_path / "b/output") == Written(("a.xml",))


def test_foreign_file_is_refused(tmp_path: Path) -> None:
    """A malformed manifest is an error with the cure, and is not overwritten."""
    (tmp_path / "manifest.json").write_text("hello", encoding="utf-8")
    with pytest.raises(StateError, match="cannot be read"):
        remember(tmp_path, tmp_path / "output", Written())
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == "hello"


def test_the_ids_of_each_feed_are_kept_once() -> None:
    """Feeds share entries, so that the ids are listed once; a damaged list gives none."""
    ids, entries = numbered({"all": ["c", "b", "a"], "tag tea": ["b"], "tag fog": []})
    written = Written(ids=ids, entries=entries)
    assert ids == ("c", "b", "a")
    assert written.ids_of("all") == {"a", "b", "c"}
    assert written.ids_of("tag tea") == {"b"}
    assert written.ids_of("tag fog") == written.ids_of("tag new") == frozenset()
    assert replace(written, ids=("c",)).ids_of("tag tea") == frozenset()
