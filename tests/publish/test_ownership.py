"""Our files are recognised by digest; other files are neither replaced nor removed."""

import json
from hashlib import blake2b
from pathlib import Path

import pytest

from syndicate import Report
from syndicate.config.load import load
from syndicate.errors import OutputError, StateError
from syndicate.files import staged as writing
from syndicate.pipeline import build as pipeline
from tests.conftest import NOW

MINE = b"<!doctype html><title>My own page</title>"


def blog(folder: Path, text: str = "Words.", site: str = "tea", **categories: str) -> Path:
    """Create a blog of one post for each of `categories`."""
    posts = folder / "_posts"
    posts.mkdir(parents=True, exist_ok=True)
    address = (
        "title: T\nauthor: {name: Ann, email: ann@tea.example}\n"
        f"url: https://{site}.example\ndescription: {'long ' * 900}\n"
    )
    (folder / "_config.yml").write_text(address, encoding="utf-8")
    for old in posts.iterdir():
        old.unlink()
    for title, category in (categories or {"one": "green", "two": "black"}).items():
        header = f"---\ntitle: {title}\ncategory: {category}\n---\n"
        (posts / f"2025-01-01-{title}.md").write_text(f"{header}{text}\n", encoding="utf-8")
    return folder


def built(source: Path, output: str = "output", **how: bool) -> Report:
    config = load(source, settings=[("output.path", output)])
    return pipeline.build(config, now=NOW, **how)


def kept(report: Report) -> list[str]:
    return [each.path for each in report.problems if each.kind == "kept-file"]


def replaced(report: Report) -> list[str]:
    return [each.path for each in report.problems if each.kind == "replaced-file"]


def forget_digests(source: Path) -> None:
    """Remove the digests from the manifest, as in an older version."""
    path = source / ".syndicate/manifest.json"
    manifest = json.loads(path.read_bytes())
    for written in manifest.values():
        del written["digests"]
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("path", ["atom.xml", "feed.json", "feeds/index.html", "feeds.opml"])
def test_a_file_that_others_put_in_our_place_is_kept_and_named(tmp_path: Path, path: str) -> None:
    """A foreign file at our path is kept and reported by each build, unless --force is set."""
    source = blog(tmp_path)
    built(source)
    mine = source / "output" / path
    mine.write_bytes(MINE)
    for text in ("Other words.", "Other words.", "More words."):
        report = built(blog(source, text))
        assert kept(report) == [path]
        assert mine.read_bytes() == MINE
        assert text.encode() in (source / "output/rss.xml").read_bytes()
        assert path not in {change.path for change in report.changes}
    forced = built(source, force=True)
    assert (kept(forced), replaced(forced)) == ([], [path])
    assert mine.read_bytes() != MINE
    assert not built(source).problems


def test_a_kept_file_that_goes_makes_way(tmp_path: Path) -> None:
    """Once the foreign file is gone, the next build writes ours."""
    source = blog(tmp_path)
    built(source)
    (source / "output/atom.xml").write_bytes(MINE)
    assert kept(built(source)) == ["atom.xml"]
    (source / "output/atom.xml").unlink()
    report = built(source)
    assert not report.problems
    assert b"Words" in (source / "output/atom.xml").read_bytes()


def test_dry_run_reports_the_files_that_a_build_would_keep(tmp_path: Path) -> None:
    """A dry run reports the files that a build would keep."""
    source = blog(tmp_path)
    built(source)
    (source / "output/atom.xml").write_bytes(MINE)
    report = built(blog(source, "Other."), dry_run=True)
    assert kept(report) == ["atom.xml"]


def test_a_file_of_others_where_a_feed_was_is_not_removed(tmp_path: Path) -> None:
    """A foreign file at an old feed's path is kept, and reported once."""
    source = blog(tmp_path)
    built(source)
    mine = source / "output/category/green/atom.xml"
    mine.write_bytes(MINE)
    report = built(blog(source, one="black", two="black"))
    assert kept(report) == ["category/green/atom.xml"]
    assert mine.read_bytes() == MINE
    assert [path.name for path in mine.parent.iterdir()] == ["atom.xml"]
    assert not built(source).problems


def test_two_blogs_with_one_output_folder_do_not_replace_each_other(tmp_path: Path) -> None:
    """Two blogs with one output folder do not overwrite each other's files."""
    output = str(tmp_path / "www")
    one, two = blog(tmp_path / "one"), blog(tmp_path / "two", site="rum", three="red")
    built(one, output=output)
    built(two, output=output, force=True)
    taken = (tmp_path / "www/atom.xml").read_bytes()
    for _ in range(2):
        assert "atom.xml" in kept(built(blog(one, "New."), output=output))
        assert not kept(built(two, output=output))
        assert (tmp_path / "www/atom.xml").read_bytes() == taken


def test_files_of_an_earlier_build_are_ours(tmp_path: Path) -> None:
    """Files restored from an earlier build are recognised and updated."""
    source = blog(tmp_path)
    built(source)
    feed = source / "output/atom.xml"
    backup = feed.read_bytes()
    built(blog(source, "Second."))
    built(blog(source, "Third."))
    feed.write_bytes(backup)
    assert not built(source).problems
    assert b"Third." in feed.read_bytes()


@pytest.mark.parametrize(
    "path", ["atom.xml", "rss.xml", "feed.json", "feeds.opml", "feeds/feed.css"]
)
def test_files_of_an_older_version_are_ours_if_they_say_so(tmp_path: Path, path: str) -> None:
    """Files of an older version are recognised by their generator mark; others are kept."""
    source = blog(tmp_path)
    built(source)
    forget_digests(source)
    (source / "output" / path).write_bytes((source / "output" / path).read_bytes() + b"\n")
    (source / "output/category/green/rss.xml").write_bytes(MINE)
    report = built(blog(source, "Other.", one="black", two="black"))
    assert kept(report) == ["category/green/rss.xml"]
    assert not (source / "output/category/green/atom.xml").exists()
    assert not (source / "output" / path).read_bytes().endswith(b"\n\n")


@pytest.mark.parametrize("digest", [True, False])
def test_an_edited_manifest_removes_nothing_of_others(tmp_path: Path, digest: bool) -> None:
    """A tampered manifest cannot remove foreign files, even with their digests."""
    source = blog(tmp_path)
    built(source)
    theirs = {"photo.jpg": b"\xff\xd8", "index.html": MINE, "CNAME": b"", "notes/a.txt": b"a"}
    path = source / ".syndicate/manifest.json"
    manifest = json.loads(path.read_bytes())
    (written,) = manifest.values()
    for name, data in theirs.items():
        file = source / "output" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        written["files"].append(name)
        if digest:
            known = blake2b(data, digest_size=12).hexdigest()
            written["digests"][name] = [known]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert sorted(kept(built(blog(source, "Other.")))) == sorted(theirs)
    assert {name: (source / "output" / name).read_bytes() for name in theirs} == theirs


def _listing(**changes: object) -> bytes:
    return json.dumps({"../output": changes}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"../output":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"../output":{"feeds":' + b'{"a":' * 50_000,
        b"\xff\xfe",
        b"",
        b"[]",
        _listing(files=["../../mine.txt"]),
        _listing(files=["/etc/hostname"]),
        _listing(files=["a\\b"]),
        _listing(files=["a\0b"]),
        _listing(files=[""]),
        _listing(files=["a//b"]),
        _listing(files=[["a"]]),
        _listing(digests={"../mine.txt": ["00"]}),
        _listing(feeds={"all": {"atom": "../mine.txt"}}),
        _listing(gone=[["../mine.txt", "all", "atom"]]),
    ],
)
def test_a_manifest_that_cannot_be_ours_is_refused(tmp_path: Path, data: bytes) -> None:
    """An invalid manifest is an error with a cure, and nothing changes."""
    source = blog(tmp_path / "blog")
    (tmp_path / "mine.txt").write_bytes(MINE)
    (source / ".syndicate").mkdir()
    (source / ".syndicate/manifest.json").write_bytes(data)
    with pytest.raises(StateError, match="cannot be read") as refused:
        built(source)
    assert "remove the file" in refused.value.cure
    assert not (source / "output").exists()
    assert (tmp_path / "mine.txt").read_bytes() == MINE


def test_a_manifest_is_read_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest above the size limit is an error."""
    source = blog(tmp_path)
    built(source)
    monkeypatch.setattr("syndicate.state.manifest.MOST_BYTES", 100)
    with pytest.raises(StateError, match="larger than"):
        built(blog(source, "Other."))


def test_files_of_a_build_that_broke_off_are_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failure between two renames, the next build replaces new and old files."""
    source = blog(tmp_path)
    built(source)
    put, done = writing.os.replace, []

    def fail_at_third(old: Path, new: Path) -> None:
        done.append(new)
        if len(done) == 3:
            raise OSError(28, "No space left on device", str(new))
        put(old, new)

    with monkeypatch.context() as patch:
        patch.setattr("syndicate.files.staged.os.replace", fail_at_third)
        with pytest.raises(OutputError):
            built(blog(source, "Second."))
    assert not built(blog(source, "Third.")).problems
    assert b"Third." in (source / "output/atom.xml").read_bytes()
    assert b"Third." in (source / "output/feed.json").read_bytes()
