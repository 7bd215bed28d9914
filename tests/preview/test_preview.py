"""`syndicate serve --watch`."""

import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from click.testing import CliRunner

import syndicate
from syndicate.cli.main import main
from syndicate.live_preview.folder import is_foreign
from syndicate.live_preview.pages import with_preview
from tests.conftest import NOW
from tests.preview.conftest import SITE, Preview

Start = Callable[..., AbstractContextManager[Preview]]


def test_saved_post_is_shown_at_once(start: Start) -> None:
    """A saved post is built, and waiting browsers are notified."""
    with start() as preview:
        before = preview.built()
        assert preview.get("/feeds/")[0] == 200
        assert "Changed" not in preview.get("/feeds/")[1]
        after = preview.after(lambda: preview.write("_posts/2024-05-01-one.md", "title: Changed"))
        assert after["posts"] == before["posts"]
        assert "Changed" in preview.get("/feeds/")[1]


def test_problems_have_file_line_cure_and_entry(start: Start) -> None:
    """Problems have file, line, cure and the address of their entry."""
    with start() as preview:
        notes = {note["path"]: note for note in preview.built()["notes"]}
        broken = notes["_posts/2024-05-03-broken.md"]
        assert (broken["line"], broken["severity"]) == (2, "warning")
        assert broken["url"] == f"{SITE}/2024/05/03/broken.html"
        assert broken["cure"]


def test_drafts_are_shown_with_a_mark_on_request(start: Start) -> None:
    """--drafts shows drafts with a mark; without it they are only counted."""
    with start() as preview:
        state = preview.built()
        assert (state["posts"], state["hidden"], state["marks"]) == (3, 2, {})
        assert "Unripe" not in preview.get("/feeds/")[1]
    with start("--drafts") as preview:
        state = preview.built()
        assert (state["posts"], state["hidden"]) == (5, 0)
        assert state["marks"] == {
            f"{SITE}/2024/06/01/unripe.html": "draft",
            f"{SITE}/2099/01/01/later.html": "due 2099-01-01 00:00",
        }
        assert "Unripe" in preview.get("/feeds/")[1]


def test_a_build_that_fails_leaves_the_pages(start: Start) -> None:
    """The pages of the last good build stay, and the error is shown until it is fixed."""
    with start() as preview:
        preview.built()
        config = preview.blog / "config.toml"
        config.write_text("[feeds]\nlimt = 3\n", encoding="utf-8")
        failed = preview.until(lambda state: bool(state["failed"]))
        assert 'did you mean "limit"?' in failed["failed"]
        assert preview.get("/feeds/")[0] == 200
        saved = preview.after(lambda: preview.write("_posts/2024-05-01-one.md", "title: Changed"))
        assert saved["failed"] == failed["failed"]
        config.write_text("[feeds]\nlimit = 3\n", encoding="utf-8")
        preview.until(lambda state: not state["failed"] and not state["building"])
        assert "Changed" in preview.get("/feeds/")[1]


def test_nothing_that_is_published_is_touched(start: Start, tmp_path: Path) -> None:
    """Output and state stay unchanged, ids are the ledger's, and no file is left behind."""
    with start() as preview:
        preview.built()
        assert not (preview.blog / "output").exists()
    syndicate.build(tmp_path / "blog", now=NOW)
    before = _files(tmp_path / "blog")
    with start("--drafts") as preview:
        preview.built()
        assert preview.get("/atom.xml")[0] == 200
        preview.write("_posts/2024-05-04-new.md", "title: New")
        preview.until(lambda state: state["posts"] == 6)
    (preview.blog / "_posts/2024-05-04-new.md").unlink()
    assert _files(tmp_path / "blog") == before
    assert list((tmp_path / "temporary").iterdir()) == []


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".db-shm", ".db-wal")
    }


def test_pictures_of_the_blog_are_shown_and_nothing_else_of_it(start: Start) -> None:
    """The blog's pictures are served, its posts' sources are not."""
    with start() as preview:
        preview.built()
        assert preview.get("/assets/dot.png")[0] == 200
        assert preview.get("/_config.yml")[0] == 404
        assert preview.get("/_posts/2024-05-01-one.md")[0] == 404
        assert preview.get("/assets/none.png")[0] == 404


def test_a_page_that_is_not_there_waits_to_be(start: Start) -> None:
    """A missing page contains the reload script and a link to all feeds."""
    with start() as preview:
        preview.built()
        status, text = preview.get("/feeds/category/coffee.html")
        assert status == 404
        assert "/-preview/preview.js" in text
        assert 'href="/feeds/"' in text


def test_other_sites_see_nothing_of_it(start: Start) -> None:
    """Fetches from other sites and unknown Host names are rejected."""
    with start() as preview:
        preview.built()
        for path in ("/feeds/", "/atom.xml", "/-preview/events"):
            assert preview.get(path, Host="evil.example")[0] == 403
            assert preview.get(path, Sec_Fetch_Site="cross-site")[0] == 403
        assert preview.get("/feeds/", Host=f"localhost:{preview.port}")[0] == 200


PLACES = ("/feeds/", "/atom.xml", "/assets/dot.png", "/-preview/events", "/-preview/preview.js")


def test_a_page_of_another_local_port_sees_nothing_of_it(start: Start) -> None:
    """A page of `localhost:3000`, which is same-site with another Origin, is rejected."""
    with start("--drafts") as preview:
        preview.built()
        elsewhere = (
            {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"},
            {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors"},
            {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "navigate",
             "Sec_Fetch_Dest": "iframe"},
            {"Origin": "http://localhost:3000"},
            {"Origin": "null"},
        )  # fmt: skip
        for path in PLACES:
            for headers in elsewhere:
                status, shown, text = preview.ask(path, **headers)
                assert (status, "Unripe" in text) == (403, False), (path, headers)
                assert "access-control-allow-origin" not in shown


def test_no_answer_of_a_preview_may_be_read_by_another_origin(start: Start) -> None:
    """No page, feed, picture, event stream or error has a CORS header."""
    with start() as preview:
        preview.built()
        for path in (*PLACES, "/none.xml", "/"):
            for _ in range(2):  # the second is answered from memory
                _, shown, _ = preview.ask(path)
                assert not [name for name in shown if name.startswith("access-control-")], path
                assert shown["cross-origin-resource-policy"] == "same-origin", path


def test_the_preview_itself_may_ask(start: Start) -> None:
    """The preview's own pages may fetch, by any name of this machine."""
    with start() as preview:
        preview.built()
        for name in ("127.0.0.1", "localhost"):
            own = f"{name}:{preview.port}"
            headers = {"Host": own, "Origin": f"http://{own}", "Sec_Fetch_Site": "same-origin"}
            assert preview.get("/feeds/", **headers)[0] == 200


def test_a_link_from_elsewhere_may_be_followed() -> None:
    """A link to the preview may be followed from another site."""
    link = {b"sec-fetch-site": b"cross-site", b"sec-fetch-mode": b"navigate", b"host": b"[::1]:80"}
    assert not is_foreign(link, "127.0.0.1")
    assert not is_foreign({b"host": b"blog.localhost:8080"}, "127.0.0.1")
    assert not is_foreign({b"host": b"studio:8080"}, "studio")
    assert is_foreign({b"host": b"studio.example:8080"}, "127.0.0.1")


def test_ctrl_c_ends_it_at_once(start: Start) -> None:
    """Ctrl-C ends the preview at once, even while a browser waits for events."""
    with start() as preview:
        preview.built()
        preview.running.send_signal(signal.SIGINT)
        assert preview.running.wait(20) == 0


def test_only_a_page_is_dressed() -> None:
    """Only pages with a head get the script, and their policy allows only the preview's files."""
    assert with_preview(b"<link rel=alternate>") == b"<link rel=alternate>"
    policy = b"default-src 'none'; style-src 'sha256-a'; script-src 'sha256-b'"
    meta = b'<meta http-equiv="Content-Security-Policy" content="%b">'
    page = with_preview(b"<head>" + meta % policy + b"</head>")
    allowed = (
        b"default-src 'none'; style-src 'self' 'sha256-a'; script-src 'self' 'sha256-b'; "
        b"connect-src 'self'"
    )
    assert meta % allowed in page


def test_drafts_without_a_preview_are_refused(tmp_path: Path) -> None:
    """--drafts without --watch is an error."""
    done = CliRunner().invoke(main, ["serve", str(tmp_path), "--drafts"])
    assert done.exit_code == 2
    assert "add --watch" in done.output
