from pathlib import Path

import pytest

from syndicate.errors import OutputError
from syndicate.publish.describe import describe


def fill(output: Path, kinds: dict[str, str]) -> dict[str, str]:
    for path in kinds:
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text("x", encoding="utf-8")
    return kinds


@pytest.mark.parametrize(
    ("path", "kind", "type_", "feed"),
    [
        ("a.xml", "atom", "application/atom+xml", True),
        ("b.xml", "rss", "application/rss+xml", True),
        ("c.json", "json", "application/feed+json", True),
        ("feed/atom", "atom", "application/atom+xml", True),
        ("feeds.opml", "opml", "text/x-opml; charset=utf-8", False),
        ("blogroll.xml", "opml", "text/x-opml; charset=utf-8", False),
        ("d.json", "", "application/json; charset=utf-8", False),
        ("e.xml", "", "application/xml; charset=utf-8", False),
        ("index.html", "html", "text/html; charset=utf-8", False),
        ("style.css", "", "text/css; charset=utf-8", False),
        ("style.xsl", "", "application/xslt+xml; charset=utf-8", False),
        ("icon.png", "", "image/png", False),
        ("a.unknown", "", "application/octet-stream", False),
    ],
)
def test_media_type(tmp_path: Path, path: str, kind: str, type_: str, feed: bool) -> None:
    """The media type follows from the kind that the build noted, else from the name."""
    (file,) = describe(tmp_path, fill(tmp_path, {path: kind}))
    assert (file.type, file.feed) == (type_, feed)


def test_variant_has_the_type_of_the_plain_file(tmp_path: Path) -> None:
    """A compressed variant has its encoding, and is not marked as a feed."""
    paths = fill(
        tmp_path, {"a.html.br": "", "feed.atom": "atom", "feed.atom.gz": "", "b.css.zst": ""}
    )
    found = [file for file in describe(tmp_path, paths) if file.encoding]
    assert [(file.type, file.encoding, file.feed) for file in found] == [
        ("text/html; charset=utf-8", "br", False),
        ("text/css; charset=utf-8", "zstd", False),
        ("application/atom+xml", "gzip", False),
    ]


def test_feeds_come_after_what_they_refer_to(tmp_path: Path) -> None:
    """The order is: pages, variants, category feeds, the main feed, lists."""
    files = {
        "atom.xml": "atom",
        "atom.xml.gz": "",
        "category/tea/atom.xml": "atom",
        "feeds.opml": "opml",
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
    """A tampered list of files cannot publish files outside the output folder."""
    with pytest.raises(OutputError, match="leads out"):
        describe(tmp_path / "output", {path: ""})


def test_lost_file_is_an_error(tmp_path: Path) -> None:
    """A missing file is an error, not a removal."""
    with pytest.raises(OutputError, match=r"a\.xml.*build again"):
        describe(tmp_path, {"a.xml": ""})


def test_replaced_file_has_another_digest(tmp_path: Path) -> None:
    """The digest of a replaced file is computed again."""
    (before,) = describe(tmp_path, fill(tmp_path, {"a.xml": ""}))
    (tmp_path / "new").write_text("2", encoding="utf-8")
    (tmp_path / "new").replace(tmp_path / "a.xml")
    (after,) = describe(tmp_path, {"a.xml": ""})
    assert before.digest != after.digest
