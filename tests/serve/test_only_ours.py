"""Only files that builds wrote are served and published."""

import http.client
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import syndicate
from tests.daemon.running import COMMAND, ROOT, Blog, daemon, run, until

POST = "---\ntitle: Tea\ndate: 2026-01-01\ncategory: {category}\n---\nGreen.\n"
Get = Callable[[str], tuple[int, str]]


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Build a blog that has other programs' files in its output folder."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "tea.md").write_text(POST.format(category="Tea"), encoding="utf-8")
    (folder / "config.toml").write_text(
        '[site]\nurl = "https://blog.example.org"\n', encoding="utf-8"
    )
    syndicate.build(folder)
    write_foreign_files(folder / "output")
    return folder


def write_foreign_files(output: Path) -> None:
    """Write files of another program to the output folder."""
    (output / "config.toml").write_text("token = 'private words'\n", encoding="utf-8")
    (output / "draft.md").write_text("private words", encoding="utf-8")
    (output / "notes").mkdir(exist_ok=True)
    (output / "notes/index.html").write_text("private words", encoding="utf-8")
    if os.name != "nt":
        (output / "link.xml").symlink_to(output.parent / "tea.md")


FOREIGN = ("/config.toml", "/draft.md", "/notes/", "/notes", "/notes/index.html", "/link.xml")


@contextmanager
def serving(blog: Path, *options: str) -> Iterator[tuple[Get, str]]:
    """Run `syndicate serve`; return a way to send requests, and its first line."""
    command = [*COMMAND, "serve", str(blog), "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        line = running.stderr.readline()
        try:
            yield getter(int(line.rstrip("/\n").rpartition(":")[2])), line
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(20)


def getter(port: int) -> Get:
    def get(path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    return get


def test_serve_shows_what_builds_wrote_and_nothing_else(blog: Path) -> None:
    """Feeds and pages are served, but no foreign file in the same folder."""
    with serving(blog) as (get, _):
        for path in ("/atom.xml", "/rss.xml", "/feed.json", "/feeds/", "/feeds/category/tea.html"):
            assert get(path)[0] == 200, path
        for path in FOREIGN:
            status, text = get(path)
            assert (status, "private" in text) == (404, False), path


def test_pictures_beside_the_feeds_are_shown(blog: Path) -> None:
    """Pictures are served, but not links whose name looks like a picture."""
    (blog / "output/tea.png").write_bytes(b"\x89PNG")
    with serving(blog) as (get, _):
        assert get("/tea.png")[0] == 200
        if os.name != "nt":
            (blog / "output/secret.png").symlink_to(blog / "tea.md")
            assert get("/secret.png")[0] == 404


def test_a_build_is_seen_while_it_is_served(blog: Path) -> None:
    """A new feed is served with the next request."""
    with serving(blog) as (get, _):
        assert get("/category/soup/atom.xml")[0] == 404
        (blog / "soup.md").write_text(POST.format(category="Soup"), encoding="utf-8")
        syndicate.build(blog)
        assert get("/category/soup/atom.xml")[0] == 200


def test_the_list_of_files_names_no_other(blog: Path) -> None:
    """Without pages, "/" lists only the feeds."""
    syndicate.build(blog, settings={"feeds.pages": False})
    with serving(blog) as (get, _):
        status, text = get("/")
        assert status == 200
        assert re.findall(r'href="\./([^"]*)"', text) == [
            "atom.xml", "category/tea/atom.xml", "category/tea/feed.json", "category/tea/rss.xml",
            "feed.json", "feeds.opml", "rss.xml",
        ]  # fmt: skip


def test_a_folder_that_no_build_wrote_shows_nothing(blog: Path, tmp_path: Path) -> None:
    """A folder without a build serves nothing, and a message explains this."""
    other = tmp_path / "other"
    other.mkdir()
    write_foreign_files(other)
    with serving(blog, "--output", str(other)) as (get, _):
        for path in FOREIGN:
            assert get(path)[0] == 404, path
        assert "draft" not in get("/")[1]


def test_the_daemon_serves_the_same(tmp_path: Path) -> None:
    """`[daemon] serve` serves no foreign file."""
    config = "[daemon]\nport = 0\nserve = true\n[serve]\nport = 0\n"
    blog = Blog(tmp_path, config=f'[site]\nurl = "https://blog.example.org"\n{config}')
    run("build", blog.folder)
    write_foreign_files(blog.folder / "output")
    with daemon(blog) as running:
        until(lambda: running.says(r"serving .*address="), running)
        (port,) = re.findall(r"serving .*address=\D*127\.0\.0\.1\D+(\d+)", running.log)
        get = getter(int(port))
        assert get("/atom.xml")[0] == 200
        for path in FOREIGN:
            assert get(path)[0] == 404, path


def test_publish_sends_what_builds_wrote_and_nothing_else(blog: Path, tmp_path: Path) -> None:
    """No foreign file is published, and no link out of the output folder is followed."""
    target = '[[publish]]\nname = "web"\nkind = "folder"\npath = "../web"\n'
    with (blog / "config.toml").open("a", encoding="utf-8") as config:
        config.write(target)
    assert run("publish", blog).returncode == 0
    sent = {path.relative_to(tmp_path / "web").as_posix() for path in (tmp_path / "web").rglob("*")}
    assert "atom.xml" in sent
    assert not sent & {"config.toml", "draft.md", "notes", "link.xml"}


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_feed_that_became_a_link_is_not_sent(blog: Path, tmp_path: Path) -> None:
    """A feed replaced by a link is not published."""
    target = '[[publish]]\nname = "web"\nkind = "folder"\npath = "../web"\n'
    with (blog / "config.toml").open("a", encoding="utf-8") as config:
        config.write(target)
    (blog / "output/atom.xml").unlink()
    (blog / "output/atom.xml").symlink_to(blog / "tea.md")
    done = run("publish", blog)
    assert done.returncode == 2
    assert "atom.xml: is a link that leads out of the output folder" in done.stderr
    assert not (tmp_path / "web").exists()


@pytest.mark.parametrize("engine", ["plain", "hugo"])
def test_an_old_output_folder_inside_the_blog_gives_no_posts(tmp_path: Path, engine: str) -> None:
    """Our own pages in an old output folder are recognised and skipped, with the reason."""
    posts = tmp_path / "content/posts" if engine == "hugo" else tmp_path
    posts.mkdir(parents=True, exist_ok=True)
    (posts / "tea.md").write_text(POST.format(category="Tea"), encoding="utf-8")
    if engine == "hugo":  # which publishes pages without a date
        (tmp_path / "hugo.toml").write_text('baseURL = "https://example.org"\n', encoding="utf-8")
    old = posts / "old"
    syndicate.build(tmp_path, settings={"output.path": str(old)})
    report = syndicate.build(tmp_path)
    assert [post.title for post in report.posts] == ["Tea"]
    pages = {each.path: each.reason for each in report.left_out if each.path.endswith(".html")}
    assert len(pages) == len(list(old.rglob("*.html"))) >= 2
    reasons = set(pages.values()) - {"a resource of the page in content/posts/old/feeds/"}
    assert reasons == {"a page that this program wrote"}
