"""Autodiscovery lines put into the pages of a built site."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate.cli.link import command
from syndicate.config.layouts import Layout
from syndicate.errors import OutputError
from syndicate.pages.site import Linked, link
from syndicate.text.digests import fingerprint
from tests.conftest import BLOG
from tests.feeds.samples import SITE, plans, post

PAGE = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body></body>\n</html>\n"
POSTS = [post("a", categories=("Kitchen",)), post("b", categories=("Sky",))]


def site(folder: Path, *paths: str, page: bytes = PAGE) -> Path:
    """A built site of pages at `paths`."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(page)
    return folder


def run(folder: Path, *, dry_run: bool = False) -> Linked:
    return link(folder, plans(POSTS), site=SITE, layout=Layout(), dry_run=dry_run)


def test_every_page_offers_the_feed_of_everything(tmp_path: Path) -> None:
    """In all formats, in the order in which they are recommended."""
    site(tmp_path, "index.html", "2025/a/index.html")
    assert run(tmp_path).changed == ("index.html", "2025/a/index.html")
    text = (tmp_path / "2025/a/index.html").read_text(encoding="utf-8")
    places = [text.index(f'href="https://example.org/blog/{name}"')
              for name in ("atom.xml", "rss.xml", "feed.json")]  # fmt: skip
    assert places == sorted(places)
    assert text.count("<link") == 3


def test_the_page_of_a_category_offers_its_own_feed_too(tmp_path: Path) -> None:
    """After that of everything."""
    site(tmp_path, "categories/kitchen/index.html", "categories/sky/index.html")
    assert run(tmp_path).topics == 2
    text = (tmp_path / "categories/kitchen/index.html").read_text(encoding="utf-8")
    assert text.index("/blog/atom.xml") < text.index("/blog/category/kitchen/atom.xml")
    assert "/category/sky/" not in text


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    """Not even the time of change."""
    page = site(tmp_path, "index.html") / "index.html"
    run(tmp_path)
    before = page.stat().st_mtime_ns, page.read_bytes()
    again = run(tmp_path)
    assert (again.changed, again.unchanged) == ((), 1)
    assert (page.stat().st_mtime_ns, page.read_bytes()) == before


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It tells what would be done."""
    site(tmp_path, "index.html")
    assert run(tmp_path, dry_run=True).changed == ("index.html",)
    assert (tmp_path / "index.html").read_bytes() == PAGE


def test_what_is_no_page_is_left_out_with_the_reason(tmp_path: Path) -> None:
    """Fragments, links to other files, and nothing but pages is looked at."""
    site(tmp_path, "part.html", page=b"<p>x</p>")
    site(tmp_path, "real.html", "style.css", ".hidden/x.html")
    (tmp_path / "linked.html").symlink_to("real.html")
    done = run(tmp_path)
    assert done.changed == ("real.html",)
    assert [(each.path, each.reason) for each in done.left_out] == [
        ("linked.html", "is a link to another file"),
        ("part.html", "has neither <html> nor <head>"),
    ]


def test_the_lines_in_xhtml_are_xml(tmp_path: Path) -> None:
    """Their ends are slashes, and not escaped ones."""
    page = b"<?xml version='1.0'?><html><head></head><body></body></html>"
    site(tmp_path, "index.html", page=page)
    run(tmp_path)
    assert (tmp_path / "index.html").read_bytes().count(b'.xml" />') == 2


def test_the_pages_of_the_feeds_are_left_alone(tmp_path: Path) -> None:
    """They have their lines; the next build must find the bytes that it wrote."""
    site(tmp_path, "feeds/index.html", "feeds/category/kitchen.html")
    assert run(tmp_path) == Linked((), 0, 0, ())


def test_a_page_keeps_its_mode_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    """Replaced as a whole."""
    page = site(tmp_path, "index.html") / "index.html"
    page.chmod(0o640)
    run(tmp_path)
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [page]


def test_a_page_that_cannot_be_written_changes_no_page(tmp_path: Path) -> None:
    """All are written beside their places before the first is put in place."""
    site(tmp_path, "a.html", "b.html")
    before = (tmp_path / "a.html").read_bytes()
    in_the_way = tmp_path / f".{fingerprint('b.html')}.part"
    in_the_way.mkdir()
    with pytest.raises(OutputError, match=r"b\.html.*no page was changed"):
        run(tmp_path)
    assert (tmp_path / "a.html").read_bytes() == before
    assert set(tmp_path.iterdir()) == {tmp_path / "a.html", tmp_path / "b.html", in_the_way}


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """With the cure."""
    with pytest.raises(OutputError, match="name the folder that your generator builds"):
        run(tmp_path / "none")


def test_the_command_links_a_built_site(tmp_path: Path) -> None:
    """It reads the blog, and counts what it did."""
    site(tmp_path, "index.html", "category/kitchen/index.html")
    done = CliRunner().invoke(command, [str(tmp_path), str(BLOG)])
    assert done.exit_code == 0, done.output
    assert done.output == "2 pages changed, 0 up to date, 0 left out; 1 with a feed of their own\n"
    again = CliRunner().invoke(command, [str(tmp_path), str(BLOG), "--json", "-n"])
    assert '"unchanged": 2' in again.output


def test_a_page_with_the_longest_name_there_is_gets_its_lines(tmp_path: Path) -> None:
    """What is written beside it first has a shorter one."""
    name = "茶" * 83 + "a.html"
    assert run(site(tmp_path, name)).changed == (name,)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_name_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    """Its page has no address that could be told; the account of it can be printed."""
    try:
        (tmp_path / os.fsdecode(b"\xff.html")).write_bytes(PAGE)
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    (left_out,) = run(tmp_path).left_out
    assert (left_out.path, left_out.reason) == ("?.html", "has a name that is not UTF-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    """A pipe among the pages keeps nobody waiting."""
    os.mkfifo(tmp_path / "a.html")
    assert [each.reason for each in run(tmp_path).left_out] == ["not a regular file"]
