"""Names of date fields that people use when no generator prescribes them."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from syndicate.text.characters import key_name

__all__ = ["SYNONYMS", "UPDATED", "Synonyms", "has_date", "may_be_date"]

_LONGEST = 100
"""Characters of the longest date."""
Synonyms = Literal["none", "before-path", "after-path"]
"""Other names of the date that an engine reads, and their order.

Names of the date of publication come before or after the date in the path. Names of the date of
creation always come after it.
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
"""Names in the form of `text.key_name`, with their ranks. The lowest rank is the surest."""

SYNONYMS: Mapping[Synonyms, tuple[Mapping[str, int], Mapping[str, int]]] = {
    "none": ({}, {}),
    "before-path": (_PUBLISHED, _CREATED),
    "after-path": ({}, _ranked(*_PUBLISHED, *_CREATED)),
}
"""Names that are read before the date in the path, and names that are read after it."""


def may_be_date(value: Any) -> bool:
    """Return True if `value` may be a date, unlike the one in ``published: true``."""
    return not isinstance(value, bool) and re.search(r"\d", str(value)[:_LONGEST]) is not None


def has_date(meta: Mapping[str, Any]) -> bool:
    """Return True if `meta` may hold the date of publication."""
    return any(key_name(key) in _PUBLISHED and may_be_date(meta[key]) for key in meta)
