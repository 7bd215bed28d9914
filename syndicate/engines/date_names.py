"""What people call the dates of a post where no generator tells them how."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from syndicate.text import key_name

__all__ = ["SYNONYMS", "UPDATED", "Synonyms", "may_be_date", "tells_date"]

_LONGEST = 100
"""Characters of a date; a longer value is none."""
Synonyms = Literal["none", "before-path", "after-path"]
"""Whether other names of the date count, and whether those of publication come before the date
that the path gives. Those of creation always come after it.
"""


def _ranked(*names: str) -> Mapping[str, int]:
    return {name: rank for rank, name in enumerate(names)}


_PUBLISHED = _ranked(
    "date", "published", "publishedat", "publishedon", "publishedtime", "publisheddate",
    "datepublished", "publishdate", "publishtime", "publishat", "publishon", "publicationdate",
    "pubdate", "pubdatetime", "pubtime", "posted", "postedat", "postedon", "postdate", "dateposted",
    "posttime", "firstpublished", "firstpublishedat", "issued", "发布时间", "发布日期", "日期",
)  # fmt: skip
_CREATED = _ranked(
    "created", "createdat", "createdon", "createddate", "createdtime", "datecreated", "createdate",
    "createtime", "creationdate", "creationtime", "datetime", "timestamp", "time", "创建时间",
    "创建日期",
)  # fmt: skip
UPDATED = _ranked(
    "updated", "updatedat", "updatedon", "updateddate", "updatedtime", "dateupdated", "updatetime",
    "updatedate", "lastupdated", "modified", "modifiedat", "modifieddate", "datemodified",
    "moddatetime", "lastmodified", "lastmodifiedat", "lastmod", "edited", "更新时间", "更新日期",
)  # fmt: skip
"""Names as `text.key_name` gives them, each with its rank: the surest has the lowest."""

SYNONYMS: Mapping[Synonyms, tuple[Mapping[str, int], Mapping[str, int]]] = {
    "none": ({}, {}),
    "before-path": (_PUBLISHED, _CREATED),
    "after-path": ({}, _ranked(*_PUBLISHED, *_CREATED)),
}
"""The names that come before the date of the path, and those that come after it."""


def may_be_date(value: Any) -> bool:
    """Return whether `value` may say when: ``published: true`` only says whether."""
    return not isinstance(value, bool) and re.search(r"\d", str(value)[:_LONGEST]) is not None


def tells_date(meta: Mapping[str, Any]) -> bool:
    """Return whether a key of `meta` may give the date of publication."""
    return any(key_name(key) in _PUBLISHED and may_be_date(meta[key]) for key in meta)
