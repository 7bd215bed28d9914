"""Real feed readers read the example blog's feeds."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from syndicate import Report
from tests.feeds.test_readers import READS


@pytest.mark.parametrize("folder", ["", "category/观测", "tag/perseids", "author/水野遥"])
@pytest.mark.parametrize(("read", "form"), READS)
def test_a_reader_sees_every_entry_of_the_example_blog(
    read: Callable[[Path], Iterable[Any]],
    form: str,
    folder: str,
    example: tuple[Report, Path],
) -> None:
    """Number, ids, titles, links and dates are the same in each format, whoever reads it."""
    _, output = example
    name = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}[form]
    items = json.loads((output / folder / "feed.json").read_bytes())["items"]
    wanted = sorted(
        (item["id"], item["title"], item["url"], datetime.fromisoformat(item["date_published"]))
        for item in items
    )
    assert wanted
    assert sorted(read(output / folder / name)) == wanted
