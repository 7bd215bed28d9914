from pathlib import Path

import pytest

from syndicate.errors import OutputError
from syndicate.publish.describe import describe

ATOM = '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"/>'
RSS = '<?xml version="1.0"?>\n<rss version="2.0"/>'
JSON = '{"version": "https://jsonfeed.org/version/1.1"}'
OPML = '<?xml version="1.0"?>\n<opml version="2.0"/>'


def fill(output: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8")
    return list(files)


@pytest.mark.parametrize(
    ("path", "text", "kind", "feed"),
    [
        ("a.xml", ATOM, "application/atom+xml", True),
        ("b.xml", RSS, "application/rss+xml", True),
        ("c.json", JSON, "application/feed+json", True),
        ("feed/atom", ATOM, "application/atom+xml", True),
        ("feeds.opml", OPML, "text/x-opml", False),
        ("blogroll.xml", OPML, "text/x-opml", False),
        ("d.json", '{"a": 1}', "application/json", False),
        ("e.xml", "<other/>", "application/xml", False),
        ("index.html", "<!doctype html>", "text/html; charset=utf-8", False),
        ("style.css", "a {}", "text/css; charset=utf-8", False),
        ("style.xsl", "<xsl/>", "application/xslt+xml", False),
        ("icon.png", "", "image/png", False),
        ("a.unknown", "", "application/octet-stream", False),
    ],
)
def test_media_type(tmp_path: Path, path: str, text: str, kind: str, feed: bool) -> None:
    """A file is called what it is: by its name, or else by what it begins with."""
    (file,) = describe(tmp_path, fill(tmp_path, {path: text}))
    assert (file.type, file.feed) == (kind, feed)


def test_variant_has_the_type_of_what_it_unpacks_to(tmp_path: Path) -> None:
    """A prepared variant says its compression, and is no feed to subscribe to."""
    paths = fill(tmp_path, {"a.html.br": "", "feed.atom.gz": "", "b.css.zst": ""})
    assert [(file.type, file.encoding, file.feed) for file in describe(tmp_path, paths)] == [
        ("text/html; charset=utf-8", "br", False),
        ("text/css; charset=utf-8", "zstd", False),
        ("application/atom+xml", "gzip", False),
    ]


def test_feeds_come_after_what_they_refer_to(tmp_path: Path) -> None:
    """Pages, variants, feeds of terms, the feed of everything, lists: in this order."""
    files = {
        "atom.xml": ATOM,
        "atom.xml.gz": "",
        "category/tea/atom.xml": ATOM,
        "feeds.opml": OPML,
        "index.html": "",
        "page/2.html": "",
        "style.css": "",
    }
    assert [file.path for file in describe(tmp_path, fill(tmp_path, files))] == [
        "page/2.html",
        "style.css",
        "atom.xml.gz",
        "category/tea/atom.xml",
        "atom.xml",
        "feeds.opml",
        "index.html",
    ]


@pytest.mark.parametrize("path", ["../a", "/a", "a//b", "a/./b", "a\\b", "", "a\0b"])
def test_path_cannot_lead_out(tmp_path: Path, path: str) -> None:
    """A list of files that somebody changed publishes nothing from elsewhere."""
    with pytest.raises(OutputError, match="leads out"):
        describe(tmp_path / "output", [path])


def test_lost_file_is_an_error(tmp_path: Path) -> None:
    """A file that is gone is not taken for one that is unwanted."""
    with pytest.raises(OutputError, match=r"a\.xml.*build again"):
        describe(tmp_path, ["a.xml"])


def test_replaced_file_has_another_digest(tmp_path: Path) -> None:
    """What is remembered of a file does not outlive it."""
    (before,) = describe(tmp_path, fill(tmp_path, {"a.xml": "1"}))
    (tmp_path / "new").write_text("2", encoding="utf-8")
    (tmp_path / "new").replace(tmp_path / "a.xml")
    (after,) = describe(tmp_path, ["a.xml"])
    assert before.digest != after.digest
