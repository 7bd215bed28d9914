"""Decide whether a post may be published, and cut the parts that its author withholds.

Every withheld post or part is reported, by `Withheld` or a Problem.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from syndicate.engines.base import Engine
from syndicate.model import Markup, Problem, Source
from syndicate.posts.header import Header
from syndicate.posts.left_out import Skipped, Withheld
from syndicate.posts.withheld import is_mark, read_properties, read_roughly, withheld

if TYPE_CHECKING:
    from syndicate.content.locked import PublicText

__all__ = ["Open", "admit", "admit_unread", "open_part", "open_text"]

Open = Callable[[bytes, Markup], "PublicText | None"]
"""Returns a body without its locked parts, or None if it has none."""

_NEVER_CLOSED = 4096
"""Bytes of a header without an end that are searched for marks."""
_PROPERTIES = 1024
"""Bytes of the body that are searched for the properties of a note."""
_FLOW_MARKS = re.compile(r"[\n{}\[\],?]")
"""Separators of fields inside a field that cannot be read."""
_DECISIVE = frozenset(("permalink", "slug", "url", "path", "date", "id"))
"""Fields that give a post its address, date or id."""
_MOST_PARTS = 5
"""Number of locked parts of one post that are reported."""


def admit(source: Source, meta: Mapping[str, Any], engine: Engine) -> None:
    """Raise Withheld if the author does not publish the post."""
    if source.place.draft and not engine.drafts:
        raise Withheld("draft")
    _admit_by_marks(source, meta, engine)
    if reason := engine.withheld(source.path, meta):
        raise Withheld(reason)


def admit_unread(source: Source, head: bytes, header: Header, engine: Engine) -> None:
    """Raise Withheld if a mark is in the text, or in a header that cannot be read."""
    start = head[header.body_offset : header.body_offset + _PROPERTIES]
    if b":: " in start:
        _admit_by_marks(source, read_properties(start.decode("utf-8", "replace")), engine)
    for text in header.unread:
        _admit_left_out(source, text, header, engine)
    if header.meta or not any(problem.severity == "error" for problem in header.problems):
        return
    end = header.body_offset if header.body_offset > len("---\n\n---") else _NEVER_CLOSED
    _admit_by_marks(source, read_roughly(head[:end].decode("utf-8", "replace")), engine)


def _admit_left_out(source: Source, text: str, header: Header, engine: Engine) -> None:
    """Raise Withheld if the field `text`, which cannot be read, may withhold the post.

    Raise Skipped if the field would give the post its address or date.
    """
    key = text.partition(":")[0].strip(" \t\"'")
    for part in _FLOW_MARKS.split(text):
        _admit_by_marks(source, read_roughly(part.lstrip(" \t-")), engine)
    moves = key.lower() in _DECISIVE and not engine.broken_header_is_published
    if moves or (is_mark(key) and key not in engine.meaningless_marks):
        what = f"left out: {key} cannot be read"
        problem = Problem(source.path, "yaml", what, "correct its lines", severity="error")
        verdict = Skipped if moves else Withheld
        raise verdict(f"its {key} cannot be read", [*header.problems, problem])


def _admit_by_marks(source: Source, meta: Mapping[str, Any], engine: Engine) -> None:
    mark = withheld(
        meta, drafts=engine.drafts, hidden=engine.hidden, ignored=engine.meaningless_marks
    )
    if mark and mark.cure:
        what = f"left out: {mark.reason} does not say that everybody may read the post"
        problem = Problem(source.path, "withheld", what, mark.cure, severity="error")
        raise Withheld(mark.reason, [problem])
    if mark:
        raise Withheld(mark.reason)


def open_part(
    path: str, data: bytes, start: int, markup: Markup, opened: Open, problems: list[Problem]
) -> "PublicText | None":
    """Return the body, from byte `start` of the file on, without its locked parts.

    Return None if the body has no locked part. Each part is reported as a Problem. Raises
    Withheld if almost no words are left.
    """
    found = opened(data[start:], markup)
    if found is None:
        return None
    if found.is_bare:
        raise Withheld(f"locked: {found.parts[0].mark} encloses nearly the whole post")
    for part in found.parts[:_MOST_PARTS]:
        what = f"{part.mark} locks a part of the post, which is left out of the feeds"
        cure = "to publish the part, delete the mark"
        if not part.closed:
            what = f"{part.mark} is not closed, so the rest of the post is left out of the feeds"
            cure = "close the mark after the locked part, or delete it"
        line = data.count(b"\n", 0, start) + part.line
        problems.append(Problem(path, "locked-part", what, cure, line))
    return found


def open_text(text: str, opened: Open, *, line: bool = False) -> str:
    """Return a field of the header without its locked parts.

    In a `line`, such as a title, a mark that is not closed is kept as text.
    """
    found = opened(text.encode("utf-8", "replace"), "markdown") if text else None
    if found is None or (line and not all(part.closed for part in found.parts)):
        return text
    return found.text.strip()
