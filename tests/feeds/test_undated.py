"""Pages without a date, which Hugo publishes, are in feeds."""

from pathlib import Path

from syndicate.model import Document
from tests.blogs import built
from tests.feeds.rules import faults


def test_a_page_without_a_date_is_given_none(tmp_path: Path) -> None:
    """Feeds and pages are valid, and have no date of the year 1."""
    files = {
        "hugo.toml": 'title = "T"\n',
        "content/posts/tea.md": "---\ntitle: Tea\n---\nHot.\n",
        "content/posts/pot.md": "---\ntitle: Pot\ndate: 2024-05-01\n---\nBig.\n",
    }
    found = built(tmp_path / "blog", files)
    assert [item["title"] for item in found.items] == ["Pot", "Tea"]
    assert "date_published" not in found.items[1]
    for file in found.output.rglob("*.*"):
        assert b"0001" not in file.read_bytes(), file
    for name, kind in (("atom.xml", "atom"), ("rss.xml", "rss")):
        data = (found.output / name).read_bytes()
        assert (
            faults(Document(name, f"application/{kind}+xml", data), f"https://e.org/{name}") == []
        )
    assert data.count(b"<pubDate>") == 1
