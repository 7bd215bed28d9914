"""Every file of a folder is a source, or is left out with a reason."""

import os
from pathlib import Path

import pytest

from syndicate.engines.plain import Plain
from syndicate.posts.discover import Found, discover

ENGINE = Plain()


def blog(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
    return root


def paths(found: Found) -> list[str]:
    return [source.path for source in found.sources]


def reasons(found: Found) -> dict[str, str]:
    return {each.path: each.reason for each in found.left_out}


def test_every_file_is_told_of(tmp_path: Path) -> None:
    """Posts are ordered by path. Other files and skipped folders have a reason."""
    root = blog(tmp_path, "b/2.md", "a.md", "b/pic.png", "README.md", ".git/x", "茶/一.md")
    found = discover(root, ENGINE)
    assert paths(found) == ["a.md", "b/2.md", "茶/一.md"]
    assert list(reasons(found)) == [".git/", "README.md", "b/pic.png"]
    assert all(reasons(found).values())


def test_source_says_where_and_when(tmp_path: Path) -> None:
    """A source has the size, the time and the engine's place of its file."""
    [source] = discover(blog(tmp_path, "_drafts/a.md"), ENGINE).sources
    stat = (tmp_path / "_drafts/a.md").stat()
    assert (source.size, source.mtime_ns, source.place.draft) == (1, stat.st_mtime_ns, True)


def test_our_own_folders(tmp_path: Path) -> None:
    """Files of this program are not read as posts."""
    found = discover(blog(tmp_path, "a.md", "out/b.md"), ENGINE, keep_out=["out"])
    assert paths(found) == ["a.md"]
    assert list(reasons(found)) == ["out/"]


def test_only_some_folders(tmp_path: Path) -> None:
    """With `only`, the named folders alone are walked, once."""
    root = blog(tmp_path, "a.md", "x/b.md", "x/y/c.md", "z/d.md")
    assert paths(discover(root, ENGINE, only=["x", "x/y"])) == ["x/b.md", "x/y/c.md"]


def test_links(tmp_path: Path) -> None:
    """A link to a file of the blog is followed. Other links are not."""
    root = blog(tmp_path / "blog", "a.md", "sub/b.md")
    outside = blog(tmp_path / "other", "secret.md")
    (root / "inside.md").symlink_to(root / "a.md")
    (root / "outside.md").symlink_to(outside / "secret.md")
    (root / "nothing.md").symlink_to(root / "none.md")
    (root / "loop.md").symlink_to(root / "loop.md")
    (root / "folder").symlink_to(root / "sub")
    found = discover(root, ENGINE)
    assert paths(found) == ["a.md", "inside.md", "sub/b.md"]
    assert sorted(reasons(found)) == ["folder", "loop.md", "nothing.md", "outside.md"]


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    """A name that is not valid text is left out, and shown in a printable form."""
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    found = discover(tmp_path, ENGINE)
    assert reasons(found) == {"caf\\xe9.md": "its name is not valid UTF-8"}


def test_pipe(tmp_path: Path) -> None:
    """A pipe or device is left out, and does not block."""
    os.mkfifo(tmp_path / "a.md")
    assert reasons(discover(tmp_path, ENGINE)) == {"a.md": "not a regular file"}


def test_folder_that_is_gone(tmp_path: Path) -> None:
    """A folder that cannot be read is reported, not raised."""
    assert reasons(discover(tmp_path / "none", ENGINE)) == {
        "./": "cannot be read (No such file or directory)"
    }
