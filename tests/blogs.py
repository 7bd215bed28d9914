"""Small blogs written out by a test, and built."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import syndicate
from syndicate import Report
from tests.conftest import NOW

__all__ = ["Built", "built", "written"]


class Built(NamedTuple):
    """A blog's report and the items of its JSON feed of all posts."""

    report: Report
    items: list[dict[str, Any]]
    output: Path

    @property
    def urls(self) -> list[str]:
        """The items' addresses, sorted."""
        return sorted(item["url"] for item in self.items)

    @property
    def titles(self) -> list[str]:
        """The items' titles, sorted."""
        return sorted(item["title"] for item in self.items)

    @property
    def kinds(self) -> set[str]:
        """The kinds of the Problems."""
        return {problem.kind for problem in self.report.problems}


def written(root: Path, files: Mapping[str, str]) -> Path:
    """Write each text to its path below `root`, and return `root`."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def built(root: Path, files: Mapping[str, str] = {}, **settings: Any) -> Built:
    """Write `files` below `root` and build the blog there, with its output beside it.

    Settings are written with two underscores for the dot: ``posts__path``.
    """
    beside = root.parent / f"{root.name}-feeds"
    given = {
        "site.url": "https://e.org",
        "output.path": str(beside / "output"),
        "state.path": str(beside / "state"),
        "feeds.limit": 0,
        **{key.replace("__", "."): value for key, value in settings.items()},
    }
    report = syndicate.build(written(root, files), settings=given, now=NOW)
    feed = beside / "output" / "feed.json"
    items = json.loads(feed.read_text(encoding="utf-8"))["items"] if feed.exists() else []
    return Built(report, items, beside / "output")
