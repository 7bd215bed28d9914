"""The posts of a Jekyll blog as the peers need them: laid out again, with other headers."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HEADER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*\n", re.S | re.M)
LISTS = re.compile(r"^(categories|tags):[ \t]*\[.*\][ \t]*$", re.M)
"""The lines of a header that name its categories and tags."""


@dataclass(frozen=True)
class Source:
    """A post's file and what its header says; nothing where that cannot be read."""

    path: Path
    header: Mapping[str, Any]

    @property
    def categories(self) -> Sequence[str]:
        return listed(self.header.get("categories"))

    @property
    def tags(self) -> Sequence[str]:
        return listed(self.header.get("tags"))

    @property
    def date(self) -> str:
        return str(self.header.get("date", ""))


def listed(value: Any) -> Sequence[str]:
    items = value if isinstance(value, list) else str(value or "").split()
    return tuple(dict.fromkeys(str(item) for item in items if item))


def read(blog: Path) -> Sequence[Source]:
    """The Markdown files of the blog's _posts, newest first."""
    paths = sorted((blog / "_posts").glob("*.m*d*"))
    sources = [Source(path, header(path.read_text(encoding="utf-8"))) for path in paths]
    return sorted(sources, key=lambda source: (source.date, source.path), reverse=True)


def header(text: str) -> Mapping[str, Any]:
    found = HEADER.match(text)
    try:
        values = yaml.load(found[1], yaml.CSafeLoader) if found else {}
    except (yaml.YAMLError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def frequent(names: Iterable[str], at_least: int) -> Set[str]:
    """Return the names that occur `at_least` so often."""
    return frozenset(name for name, count in Counter(names).items() if count >= at_least)


def lay_out(
    sources: Sequence[Source], folder: Path, change: Callable[[Source, str], str | None]
) -> Path:
    """Write the posts into `folder` as `change` makes them, without those it gives None for."""
    folder.mkdir(parents=True)
    for source in sources:
        text = change(source, source.path.read_text(encoding="utf-8"))
        if text is not None:
            (folder / source.path.name).write_text(text, encoding="utf-8")
    return folder
