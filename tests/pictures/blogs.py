"""Small blogs with pictures, built as people build them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import syndicate
from syndicate import Report

__all__ = ["build", "feed_of", "jekyll_post", "write"]

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write the files of a blog."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def build(root: Path) -> Report:
    """Build the blog, with what the last build remembered."""
    settings = {"feeds.formats": ["json"], "feeds.by": [], "feeds.limit": 0}
    folders = {"output.path": str(root / ".out"), "state.path": str(root / ".state")}
    return syndicate.build(root, settings={**settings, **folders}, now=NOW)


def feed_of(root: Path) -> dict[str, Any]:
    """Return the entries of the blog's feed by their titles."""
    data = json.loads((root / ".out" / "feed.json").read_text(encoding="utf-8"))
    return {item["title"]: item for item in data["items"]}


def jekyll_post(root: Path, body: str, header: str = "", config: str = "") -> dict[str, Any]:
    """Return the entry of the one post of a Jekyll blog at https://tea.example/log."""
    settings = f"title: Tea\nurl: https://tea.example\nbaseurl: /log\n{config}"
    post = f"---\ntitle: Leaf\n{header}---\n{body}\n"
    write(root, {"_config.yml": settings, "_posts/2024-05-01-leaf.md": post})
    build(root)
    found: dict[str, Any] = feed_of(root)["Leaf"]
    return found
