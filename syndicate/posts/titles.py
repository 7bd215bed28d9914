"""The title of a post: from its header, its first heading, or its file's name."""

import re
from collections.abc import Mapping
from typing import Any

from syndicate.engines.base import Engine
from syndicate.model import Problem
from syndicate.posts import fields
from syndicate.posts.headings import leading_heading
from syndicate.posts.shared_problems import GUESSED_TITLE

__all__ = ["title_of"]

MAX_TITLE = 300
"""Characters of the longest title. A longer text is ignored."""
_TITLE_SYNONYMS = ("headline", "name", "newstitle", "post_title", "page_title")
_NOTION_ID = re.compile(r"(?<=[^/])[ _-][0-9a-f]{32}(?=\.\w+$|/)")
"""The id that Notion's export appends to the name of each file and folder."""
_CURE = 'add "title: …" to the front matter, or begin the text with a heading'


def title_of(
    meta: Mapping[str, Any],
    body: str | bytes,
    path: str,
    engine: Engine,
    problems: list[Problem],
) -> str:
    """Return the post's title in plain text; empty if the engine gives it none.

    `body` is the text that may begin with a heading.
    """
    found = fields.title(meta.get("title"))
    if not found and engine.title_from_heading:
        found = next(filter(None, (fields.title(meta.get(key)) for key in _TITLE_SYNONYMS)), "")
    if len(found) > MAX_TITLE:
        what = f"the title has {len(found):,} characters; the text's first words are used instead"
        problems.append(Problem(path, "long-title", what, "write a shorter title"))
        return ""
    if found or not engine.title_from_heading:
        # Jekyll and Nikola name a post without a title after its file, but keep an empty title.
        if found or meta.get("title") == "":
            return found
        return engine.file_title(_NOTION_ID.sub("", path))
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    heading = fields.title(leading_heading(text))
    if heading and len(heading) <= MAX_TITLE:
        return heading
    problems.append(Problem(path, GUESSED_TITLE, "no title; it was guessed", _CURE))
    return engine.file_title(_NOTION_ID.sub("", path))
