"""Build a small blog from texts, and return its entries as feeds have them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import syndicate
from syndicate import Report

__all__ = ["Built", "built"]

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class Built:
    """A built blog: the report, and the items of its JSON feed by their titles."""

    def __init__(self, report: Report, items: dict[str, dict[str, Any]]) -> None:
        self.report = report
        self.items = items

    def html(self, title: str) -> str:
        """Return the body of the entry called `title`."""
        return str(self.items[title]["content_html"])

    def kinds(self) -> set[str]:
        """Return the kinds of the report's problems."""
        return {problem.kind for problem in self.report.problems}


def built(folder: Path, files: dict[str, str], **settings: object) -> Built:
    """Write `files` into `folder` and build the blog there. Dots of `settings` are written `__`."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    output, state = folder.with_name(f"{folder.name}-out"), folder.with_name(f"{folder.name}-state")
    given = {"output.path": str(output), "state.path": str(state), "feeds.limit": 0}
    given |= {key.replace("__", "."): value for key, value in settings.items()}
    report = syndicate.build(folder, settings=given, now=NOW)
    items: dict[str, dict[str, Any]] = {}
    for file in sorted(output.rglob("feed.json")):
        feed = json.loads(file.read_text(encoding="utf-8"))
        items |= {item["title"]: item for item in feed["items"]}
    return Built(report, items)
