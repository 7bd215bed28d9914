from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.errors import OutputError
from syndicate.files.staged import commit, discard, stage, write
from syndicate.model import Change, Document


def document(path: str, text: str = "x") -> Document:
    return Document(path, "application/xml", text.encode())


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_new_files_are_created_with_their_folders(tmp_path: Path) -> None:
    """Only the document is created, with its folders."""
    changes = write([document("a.xml"), document("category/茶/a.xml")], tmp_path)
    assert [change.action for change in changes] == ["created", "created"]
    assert files(tmp_path) == {"a.xml": "x", "category/茶/a.xml": "x"}


def test_same_bytes_are_not_written(tmp_path: Path) -> None:
    """A file with unchanged bytes keeps its modification time."""
    write([document("a.xml")], tmp_path)
    before = (tmp_path / "a.xml").stat()
    assert write([document("a.xml")], tmp_path) == (Change("a.xml", "unchanged"),)
    after = (tmp_path / "a.xml").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_changed_file_is_replaced_not_rewritten(tmp_path: Path) -> None:
    """A reader with the old file open still reads the old bytes."""
    write([document("a.xml", "old")], tmp_path)
    with (tmp_path / "a.xml").open(encoding="utf-8") as reader:
        assert write([document("a.xml", "new")], tmp_path) == (Change("a.xml", "updated"),)
        assert reader.read() == "old"
    assert files(tmp_path) == {"a.xml": "new"}


def test_unwanted_files_of_earlier_builds_are_removed(tmp_path: Path) -> None:
    """Unwanted files of earlier builds are removed, with their empty folders."""
    write([document("category/a/a.xml"), document("a.xml")], tmp_path)
    changes = write([document("a.xml")], tmp_path, earlier=["a.xml", "category/a/a.xml"])
    assert changes[-1] == Change("category/a/a.xml", "removed")
    assert files(tmp_path) == {"a.xml": "x"}
    assert not (tmp_path / "category").exists()


def test_other_files_are_never_touched(tmp_path: Path) -> None:
    """A file that no build wrote stays, even if all feeds beside it are removed."""
    write([document("category/a/a.xml")], tmp_path)
    (tmp_path / "category/a/mine.xml").write_text("mine", encoding="utf-8")
    write([], tmp_path, earlier=["category/a/a.xml"])
    assert files(tmp_path) == {"category/a/mine.xml": "mine"}


def test_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    """A dry run returns the changes of a real run, and writes nothing."""
    write([document("old.xml"), document("a.xml")], tmp_path)
    before = files(tmp_path)
    changes = write(
        [document("a.xml", "new"), document("b.xml")], tmp_path, earlier=["old.xml"], dry_run=True
    )
    assert [change.action for change in changes] == ["updated", "created", "removed"]
    assert files(tmp_path) == before


def test_failure_on_the_way_changes_nothing(tmp_path: Path) -> None:
    """If the documents raise, no file changes, and no temporary file is left."""

    def breaking() -> Iterator[Document]:
        yield document("a.xml", "new")
        raise ValueError("the second feed cannot be made")

    write([document("a.xml", "old")], tmp_path)
    with pytest.raises(ValueError, match="second feed"):
        write(breaking(), tmp_path)
    assert files(tmp_path) == {"a.xml": "old"}


@pytest.mark.parametrize("path", ["../a.xml", "/etc/a.xml", "a/../../b.xml", "", "a\0b.xml"])
def test_path_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    """No name of a category writes outside the output folder."""
    with pytest.raises(OutputError, match="leads out of the output folder"):
        write([document(path)], tmp_path / "output")
    assert not files(tmp_path)


def test_link_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A symbolic link out of the output folder is not followed."""
    (tmp_path / "output").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output/category").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out"):
        write([document("category/a.xml")], tmp_path / "output")


def test_folder_in_the_way_is_named(tmp_path: Path) -> None:
    """A folder where a file must go is an error that names it."""
    (tmp_path / "a.xml").mkdir()
    with pytest.raises(OutputError, match=r"a\.xml"):
        write([document("a.xml")], tmp_path)


def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    """New files have the usual permissions, so that a web server can read them."""
    write([document("a.xml")], tmp_path)
    (tmp_path / "other").touch()
    assert (tmp_path / "a.xml").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_left_over_of_a_killed_build_goes(tmp_path: Path) -> None:
    """Files staged by a killed build are removed."""
    write([document("a.xml"), document("b.xml")], tmp_path)
    for name in ("a.xml", "b.xml"):
        (tmp_path / f".{name}.part").write_text("half", encoding="utf-8")
    write([document("a.xml")], tmp_path, earlier=["b.xml"])
    assert files(tmp_path) == {"a.xml": "x"}


def test_file_that_cannot_be_staged_changes_nothing(tmp_path: Path) -> None:
    """If the second file cannot be staged, the first stays unchanged."""
    write([document("a.xml", "old")], tmp_path)
    (tmp_path / ".b.xml.part").mkdir()
    with pytest.raises(OutputError, match=r"b\.xml"):
        write([document("a.xml", "new"), document("b.xml")], tmp_path)
    assert files(tmp_path) == {"a.xml": "old"}


def test_path_of_an_earlier_build_cannot_lead_out(tmp_path: Path) -> None:
    """A tampered list of files cannot remove files outside, and stops the build."""
    (tmp_path / "mine.xml").touch()
    with pytest.raises(OutputError, match="leads out"):
        write([document("a.xml")], tmp_path / "output", earlier=["../mine.xml"])
    assert files(tmp_path) == {"mine.xml": ""}


def test_folder_where_an_earlier_build_had_a_file_stays(tmp_path: Path) -> None:
    """A foreign folder at the path of an old file stays, without an error."""
    (tmp_path / "feed").mkdir()
    changes = write([document("a.xml")], tmp_path, earlier=["feed"])
    assert [change.path for change in changes] == ["a.xml"]
    assert (tmp_path / "feed").is_dir()


def test_staged_files_are_not_in_place_before_they_are_committed(tmp_path: Path) -> None:
    """Readers see the old file until the commit."""
    write([document("a.xml", "old")], tmp_path)
    changes = stage([document("a.xml", "new")], tmp_path)
    assert files(tmp_path) == {"a.xml": "old", ".a.xml.part": "new"}
    assert commit(changes, tmp_path) == (Change("a.xml", "updated"),)
    assert files(tmp_path) == {"a.xml": "new"}


def test_several_calls_stage_for_one_commit(tmp_path: Path) -> None:
    """Several calls may stage documents for one commit, which removes unwanted files."""
    write([document("c.xml")], tmp_path)
    changes = (*stage([document("a.xml")], tmp_path), *stage([document("b/a.xml")], tmp_path))
    done = commit(changes, tmp_path, earlier=["c.xml"])
    assert [each.action for each in done] == ["created", "created", "removed"]
    assert files(tmp_path) == {"a.xml": "x", "b/a.xml": "x"}


def test_a_stage_that_fails_leaves_what_others_staged(tmp_path: Path) -> None:
    """A failing stage removes only its own files."""
    stage([document("a.xml")], tmp_path)
    with pytest.raises(OutputError, match="leads out"):
        stage([document("b.xml"), document("../c.xml")], tmp_path)
    assert files(tmp_path) == {".a.xml.part": "x"}
    discard(["a.xml", "b.xml", "../c.xml"], tmp_path)
    assert not files(tmp_path)


def test_a_commit_that_fails_leaves_no_staged_file(tmp_path: Path) -> None:
    """A failing commit names the folder in the way, and leaves no staged file."""
    changes = stage([document("a.xml"), document("b.xml")], tmp_path)
    (tmp_path / "a.xml").mkdir()
    with pytest.raises(OutputError, match=r"a\.xml"):
        commit(changes, tmp_path)
    assert not files(tmp_path)


def test_a_file_system_without_syncfs_is_synced_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without syncfs (macOS, Windows) each file and folder is synced."""
    monkeypatch.setattr("sys.platform", "darwin")
    write([document("a.xml"), document("b/a.xml")], tmp_path)
    assert files(tmp_path) == {"a.xml": "x", "b/a.xml": "x"}
