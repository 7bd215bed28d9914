import stat
from pathlib import Path

import pytest

from syndicate.errors import StateError
from syndicate.publish.holdings import Holdings, slug
from syndicate.publish.target import File


def file(path: str, digest: str = "d1") -> File:
    return File(path, digest, 1, "text/plain")


def holdings(folder: Path, place: str = "here") -> Holdings:
    return Holdings(folder, "web", place)


def test_confirmed_files_are_remembered(tmp_path: Path) -> None:
    """Confirmed files are not sent again."""
    first = holdings(tmp_path)
    first.begin([file("a"), file("b")], [])
    first.confirm("a", "d1")
    first.save()
    assert [each.path for each in holdings(tmp_path).changed([file("a"), file("b")])] == ["b"]


def test_begun_change_is_in_doubt_until_it_is_confirmed(tmp_path: Path) -> None:
    """After a kill the record has the old digest, the new one and "absent"."""
    first = holdings(tmp_path)
    first.begin([file("a"), file("b")], [])
    first.confirm("a", "d1")
    first.begin([file("a", "d2")], [])
    assert holdings(tmp_path).files == {"a": ("d1", "d2"), "b": ("", "d1")}


def test_removed_file_is_forgotten(tmp_path: Path) -> None:
    """During a removal the record is uncertain; afterwards the path is absent."""
    first = holdings(tmp_path)
    first.begin([file("a")], [])
    first.confirm("a", "d1")
    first.begin([], ["a"])
    assert holdings(tmp_path).files == {"a": ("d1", "")}
    first.confirm("a", None)
    first.save()
    assert holdings(tmp_path).files == {}


def test_file_sent_again_is_uncertain(tmp_path: Path) -> None:
    """After an interrupted repair the file is sent again."""
    first = holdings(tmp_path)
    first.begin([file("a")], [])
    first.confirm("a", "d1")
    first.begin([file("a")], [])
    assert holdings(tmp_path).changed([file("a")]) == (file("a"),)


def test_doubt_has_a_bound(tmp_path: Path) -> None:
    """The number of digests per path is bounded."""
    first = holdings(tmp_path)
    for n in range(100):
        first.begin([file("a", f"d{n}")], [])
    assert len(first.files["a"]) <= 8
    assert {"", "d99"} <= set(first.files["a"])


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[]", b'{"target": "web"}'])
def test_damaged_record_is_not_used(tmp_path: Path, data: bytes) -> None:
    """With a damaged record all files are sent and none removed, with a message."""
    (tmp_path / f"{slug('web')}.json").write_bytes(data)
    found = holdings(tmp_path)
    assert not found.files
    assert "all files are sent again, and none is removed" in found.problem


def test_path_that_leads_out_is_not_believed(tmp_path: Path) -> None:
    """A tampered record cannot remove foreign files."""
    first = holdings(tmp_path)
    first.begin([file("../a")], [])
    assert holdings(tmp_path).problem


def test_other_place_holds_nothing(tmp_path: Path) -> None:
    """After a change of place all files are sent, with a message."""
    first = holdings(tmp_path)
    first.begin([file("a")], [])
    moved = holdings(tmp_path, "there")
    assert not moved.files
    assert "records here, but the target is now there" in moved.problem


def test_long_run_is_saved_in_few_steps(tmp_path: Path) -> None:
    """The number of saves does not grow with the number of files."""
    many = [file(str(n)) for n in range(2_000)]
    first = holdings(tmp_path)
    first.begin(many, [])
    writes = set()
    for each in many:
        first.confirm(each.path, each.digest)
        writes.add((tmp_path / f"{slug('web')}.json").stat().st_mtime_ns)
    assert 5 < len(writes) < 20


def test_names_have_files_of_their_own() -> None:
    """Names that differ only in case, script or punctuation have separate records."""
    names = ["web", "Web", "主站", "副站", "a/b", "a.b", "../x", "con", "x" * 300, ""]
    slugs = {slug(name) for name in names}
    assert len(slugs) == len(names)
    assert all(set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for each in slugs)
    assert max(map(len, slugs)) < 60


def test_state_folder_that_refuses_is_named(tmp_path: Path) -> None:
    """With an unwritable state folder nothing is sent."""
    (tmp_path / "targets").touch()
    with pytest.raises(StateError, match="targets"):
        Holdings(tmp_path / "targets", "web", "here").save()


def test_file_is_not_left_half_written(tmp_path: Path) -> None:
    """A failing write leaves the old record."""
    first = holdings(tmp_path)
    first.begin([file("a")], [])
    (kept,) = tmp_path.iterdir()
    (tmp_path / f".{kept.name}.part").mkdir()
    with pytest.raises(StateError):
        first.begin([file("b")], [])
    assert set(holdings(tmp_path).files) == {"a"}
    assert stat.S_ISREG(kept.stat().st_mode)
