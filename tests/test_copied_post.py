"""A post copied to begin another with, as people do."""

from datetime import UTC, datetime
from pathlib import Path

import syndicate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POST = "---\nid: tea\ntitle: Tea\n---\nGreen tea.\n"


def test_the_post_keeps_its_id_when_a_copy_has_it_too(tmp_path: Path) -> None:
    """Whichever of the two comes first by date and name; the copy is the new one to readers."""
    posts = tmp_path / "_posts"
    posts.mkdir()
    (tmp_path / "_config.yml").write_text("url: https://example.org\n", encoding="utf-8")
    (posts / "2024-05-02-tea.md").write_text(POST, encoding="utf-8")
    syndicate.build(tmp_path, now=NOW)
    for name in ("2024-05-01-copy.md", "2024-05-03-copy.md"):
        (posts / name).write_text(POST, encoding="utf-8")
        report = syndicate.build(tmp_path, now=NOW)
        ids = {post.path: post.id for post in report.posts}
        assert ids["_posts/2024-05-02-tea.md"] == "https://example.org/#tea"
        assert len(set(ids.values())) == len(ids)
        assert "same-id" in [problem.kind for problem in report.problems]
