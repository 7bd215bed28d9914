import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.config.targets import FolderTarget
from syndicate.errors import DeliveryError
from syndicate.publish.describe import describe
from syndicate.publish.folder import open_target
from syndicate.publish.target import TargetContext, Transfer
from tests.publish.shared import FEED, Blog, tree


@pytest.fixture
def common() -> Iterator[Path]:
    """Return a folder writable for all, and run as a user without root's rights."""
    root = sys.platform != "win32" and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        if root:
            os.seteuid(65_534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)


def blog(folder: Path) -> Blog:
    return Blog(folder / "blog", {"kind": "folder", "name": "web", "path": "../web"})


def test_files_arrive(tmp_path: Path) -> None:
    """A missing target folder is created and filled."""
    ours = blog(tmp_path)
    ours.write("atom.xml", FEED)
    ours.write("category/茶/atom.xml", FEED)
    delivery = ours.publish()
    assert delivery.error == ""
    assert delivery.sent == delivery.feeds == ("category/茶/atom.xml", "atom.xml")
    assert tree(tmp_path / "web") == tree(ours.output)


def test_unchanged_files_are_left_alone(tmp_path: Path) -> None:
    """Only changed files are written."""
    ours = blog(tmp_path)
    ours.write("a.xml")
    ours.write("b.xml")
    ours.publish()
    before = (tmp_path / "web/b.xml").stat()
    ours.write("a.xml", "new")
    delivery = ours.publish()
    after = (tmp_path / "web/b.xml").stat()
    assert (delivery.sent, delivery.unchanged) == (("a.xml",), 1)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert tree(tmp_path / "web") == {"a.xml": "new", "b.xml": "x"}


def test_only_sent_files_are_removed(tmp_path: Path) -> None:
    """A foreign file and its folder stay."""
    ours = blog(tmp_path)
    ours.write("a/a.xml")
    ours.write("b.xml")
    ours.publish()
    (tmp_path / "web/a/mine.xml").write_text("mine", encoding="utf-8")
    ours.remove("a/a.xml")
    assert ours.publish().removed == ("a/a.xml",)
    assert tree(tmp_path / "web") == {"b.xml": "x", "a/mine.xml": "mine"}


def test_file_that_was_never_sent_is_not_removed(tmp_path: Path) -> None:
    """After an interrupted run, a foreign file at one of our paths is not removed."""
    ours = blog(tmp_path)
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a.xml").mkdir()
    ours.write("a.xml")
    ours.write("b.xml")
    assert ours.publish().error
    (tmp_path / "web/a.xml").rmdir()
    (tmp_path / "web/a.xml").write_text("somebody else's", encoding="utf-8")
    ours.remove("a.xml")
    delivery = ours.publish()
    assert delivery.error == ""
    assert tree(tmp_path / "web") == {"a.xml": "somebody else's", "b.xml": "x"}


def test_changes_by_others_are_repaired(tmp_path: Path) -> None:
    """Files that others deleted or overwrote are restored by the next run."""
    ours = blog(tmp_path)
    ours.write("a.xml")
    ours.write("b.xml")
    ours.publish()
    (tmp_path / "web/a.xml").unlink()
    (tmp_path / "web/b.xml").write_text("y", encoding="utf-8")
    assert ours.publish().sent == ("a.xml", "b.xml")
    assert tree(tmp_path / "web") == {"a.xml": "x", "b.xml": "x"}


def test_link_does_not_lead_out(tmp_path: Path) -> None:
    """A symbolic link out of the target is followed neither to write nor to remove."""
    ours = blog(tmp_path)
    ours.write("a/a.xml")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a").symlink_to(tmp_path / "elsewhere")
    delivery = ours.publish()
    assert "leads out" in delivery.error
    assert delivery.pending == ("a/a.xml",)
    assert not tree(tmp_path / "elsewhere")


def test_file_that_is_a_link_is_replaced(tmp_path: Path) -> None:
    """A link at a file's path is replaced, and its target stays unchanged."""
    ours = blog(tmp_path)
    ours.write("a.xml", "new")
    (tmp_path / "mine.xml").write_text("mine", encoding="utf-8")
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a.xml").symlink_to(tmp_path / "mine.xml")
    ours.publish()
    assert tree(tmp_path / "web") == {"a.xml": "new"}
    assert (tmp_path / "mine.xml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("path", ["output", "./output/", "output/web"])
def test_output_folder_is_no_target(tmp_path: Path, path: str) -> None:
    """A target inside the output folder is an error."""
    ours = Blog(tmp_path, {"kind": "folder", "name": "web", "path": path})
    ours.write("a.xml")
    assert "is inside the output folder" in ours.publish().error
    assert tree(ours.output) == {"a.xml": "x"}


def test_lost_disk_is_not_filled_beside(tmp_path: Path) -> None:
    """If the parent folder is missing (an unmounted disk), nothing is created."""
    ours = Blog(tmp_path, {"kind": "folder", "name": "web", "path": "mount/web"})
    ours.write("a.xml")
    delivery = ours.publish()
    assert delivery.transient
    assert "mount/web" in delivery.error
    (tmp_path / "mount").mkdir()
    assert ours.publish().error == ""
    assert tree(tmp_path / "mount") == {"web/a.xml": "x"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_forbidden_folder_is_named(common: Path) -> None:
    """Without permission nothing is written, and a later run sends all files."""
    ours = blog(common)
    ours.write("a.xml")
    (common / "web").mkdir(mode=0o500)
    delivery = ours.publish()
    assert "Permission denied" in delivery.error
    assert not delivery.transient
    (common / "web").chmod(0o700)
    assert ours.publish().sent == ("a.xml",)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_full_disk_leaves_all_as_it_was(tmp_path: Path) -> None:
    """On a full disk no file is replaced; the next run sends it."""
    import resource

    ours = blog(tmp_path)
    ours.write("a.xml", "old")
    ours.write("b.xml", "old")
    ours.publish()
    ours.write("a.xml", "new")
    ours.write("b.xml", "new" * 100_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        delivery = ours.publish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert delivery.transient
    assert "File too large" in delivery.error
    assert tree(tmp_path / "web") == {"a.xml": "old", "b.xml": "old"}
    assert ours.publish().sent == ("a.xml", "b.xml")


def test_failure_half_way_is_completed(tmp_path: Path) -> None:
    """If a file cannot be put in place, none is; the next run sends all."""
    ours = blog(tmp_path)
    ours.write("a.xml", "1")
    ours.write("b.xml", "1")
    ours.publish()
    ours.write("a.xml", "2")
    ours.write("b.xml", "2")
    ours.write("c.xml", "2")
    (tmp_path / "web/c.xml").mkdir()
    delivery = ours.publish()
    assert delivery.error
    assert set(delivery.pending) == {"a.xml", "b.xml", "c.xml"}
    assert tree(tmp_path / "web") == {"a.xml": "1", "b.xml": "1"}
    (tmp_path / "web/c.xml").rmdir()
    assert ours.publish().error == ""
    assert tree(tmp_path / "web") == {"a.xml": "2", "b.xml": "2", "c.xml": "2"}


def test_changed_file_is_not_sent_as_another(tmp_path: Path) -> None:
    """A file that changed after planning is not sent."""
    config = FolderTarget(name="web", path="web")
    target = open_target(config, TargetContext(tmp_path, tmp_path / "work", {}))
    ours = blog(tmp_path)
    ours.write("a.xml", "1")
    files = describe(ours.output, {"a.xml": ""})
    ours.write("a.xml", "2")
    with pytest.raises(DeliveryError, match="changed while it was sent"):
        target.deliver(Transfer(ours.output, send=files), lambda *_: None)
    assert not tree(tmp_path / "web")
