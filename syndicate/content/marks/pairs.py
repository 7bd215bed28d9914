"""Pair opening and closing marks, and render them with the text between them.

Guaranteed: time is linear in the body's length. A mark that is not closed is rendered alone. A mark
that closes nothing is dropped. Pairs deeper than `DEEPEST` are dropped, and their text is kept.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

__all__ = ["Mark", "OpenPairs", "Tag", "flush", "partners", "render_pairs"]

DEEPEST = 40


class Mark(NamedTuple):
    """Mark as read. `opens` and `closes` are the names of its pair, empty for neither.

    `indent` is the white space before the mark if the mark starts its line.
    """

    name: str
    text: str = ""
    opens: str = ""
    closes: str = ""
    indent: str = ""
    inner: str | None = None
    """Content of a pair that the reader has already read."""
    values: Mapping[str, str] = {}
    """Named arguments, if the reader has already parsed them."""
    alone: bool = False
    """True if nothing else is on the mark's line."""


class Tag(NamedTuple):
    """Mark to render. `inner` is the rendered content of its pair, or None without a pair."""

    name: str
    text: str
    inner: str | None
    indent: str
    values: Mapping[str, str] = {}
    alone: bool = False


class OpenPairs:
    """Counter of the pairs that are open while a body is read.

    The text of a pair is often indented like its marks, so indented text in it need not be code.
    `closed` are the names that the body closes anywhere.
    """

    def __init__(self, closed: Collection[str]) -> None:
        self._closed = closed
        self._open: Counter[str] = Counter()

    def note(self, mark: Mark) -> None:
        """Count `mark` if it opens or closes a pair."""
        if mark.opens in self._closed:
            self._open[mark.opens] += 1
        elif self._open[mark.closes] > 1:
            self._open[mark.closes] -= 1
        else:
            del self._open[mark.closes]

    def __bool__(self) -> bool:
        return bool(self._open)


def render_pairs(pieces: Iterable[str | Mark], render: Callable[[Tag], str]) -> str:
    """Return the joined `pieces`, with each mark rendered, inner marks first."""
    parts = list(pieces)
    paired = partners(parts)
    stack: list[list[str]] = [[]]
    opened: list[Mark] = []
    dropped: Mark | None = None
    for index, part in enumerate(parts):
        if isinstance(part, str):
            starts = dropped is not None and _is_at_line_start(stack[-1], first=len(stack) == 1)
            stack[-1].append(_after_dropped(part, dropped, starts=starts) if dropped else part)
            dropped = None
            continue
        shown = ""
        if index in paired and not part.closes:
            stack.append([])
            opened.append(part)
            dropped = None
            continue
        if index in paired:
            mark = opened.pop()
            inner = _outdented("".join(stack.pop()), len(mark.indent))
            shown = render(_tag(mark, inner))
        elif part.name and not part.closes:
            shown = render(_tag(part, part.inner))
        stack[-1].append(shown)
        dropped = None if shown else part
    return "".join(stack[0])


def flush(parts: list[str | Mark], is_dropped: Callable[[Mark], bool]) -> list[str | Mark]:
    """Return `parts` without indentation that would become code when marks are dropped."""
    dropped = {
        index for index, part in enumerate(parts) if isinstance(part, Mark) and is_dropped(part)
    }
    if not dropped:
        return parts
    flat = list(parts)
    opened: list[int] = []
    for index in sorted(partners(parts)):
        mark = parts[index]
        if isinstance(mark, Mark) and not mark.closes:
            opened.append(index)
        elif (start := opened.pop()) in dropped:
            _outdent(flat, range(start + 1, index))
    for index in sorted(dropped - {len(flat) - 1}):
        mark, after = flat[index], flat[index + 1]
        if isinstance(mark, Mark) and isinstance(after, str):
            before = flat[index - 1] if index else "\n"
            starts = isinstance(before, str) and not before.rpartition("\n")[2].strip()
            flat[index + 1] = _after_dropped(after, mark, starts=starts)
    return flat


def _outdent(parts: list[str | Mark], within: range) -> None:
    """Remove the indentation that all lines of a pair share, beyond that of the pair."""
    opener = parts[within.start - 1]
    kept = len(opener.indent) if isinstance(opener, Mark) else 0
    texts = {index: part.split("\n") for index in within if isinstance(part := parts[index], str)}
    margins = [
        len(line) - len(line.lstrip(" \t"))
        for index, lines in texts.items()
        for number, line in enumerate(lines[1:], 1)
        if line.strip() or (number == len(lines) - 1 and index + 1 in within)
    ]
    margin = min(margins, default=0)
    first = texts.get(within.start, [""])[0]
    if margin <= kept or first.strip():
        return
    for index, lines in texts.items():
        rest = (line[:kept] + line[margin:] for line in lines[1:])
        parts[index] = "\n".join((lines[0], *rest))


def _is_at_line_start(before: list[str], *, first: bool) -> bool:
    """Return True if only white space follows the last line end (or body start, if `first`)."""
    last = next((text for text in reversed(before) if text), None)
    return first if last is None else not last.rpartition("\n")[2].strip()


def _after_dropped(text: str, mark: Mark, *, starts: bool) -> str:
    """Return `text` after a mark that shows nothing, without indentation that would be code."""
    rest = text.lstrip(" \t")
    blank = text[: len(text) - len(rest)]
    if not rest.startswith("\n"):
        return f" {rest}" if len(blank) > 1 or blank == "\t" else text
    below = rest[1:].lstrip(" \t")
    deep = len(rest[1 : len(rest) - len(below)].expandtabs(4)) >= len(mark.indent) + 4
    if starts and deep and below[:1] not in ("", "\n"):
        return f"\n{mark.indent}{below}"
    return text


def _tag(mark: Mark, inner: str | None) -> Tag:
    return Tag(mark.name, mark.text, inner, mark.indent, mark.values, mark.alone)


def partners(parts: list[str | Mark]) -> frozenset[int]:
    """Return the indices of the marks whose pair is not too deep."""
    waiting: dict[str, list[int]] = {}
    order: list[tuple[int, str]] = []
    pairs: list[tuple[int, int]] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            continue
        if part.opens:
            waiting.setdefault(part.opens, []).append(index)
            order.append((index, part.opens))
        elif waiting.get(part.closes):
            start = waiting[part.closes][-1]
            while order and order[-1][0] >= start:
                waiting[order.pop()[1]].pop()
            pairs.append((start, index))
    return _shallow(pairs)


def _shallow(pairs: list[tuple[int, int]]) -> frozenset[int]:
    kept: set[int] = set()
    ends: list[int] = []
    for start, end in sorted(pairs):
        while ends and ends[-1] < start:
            ends.pop()
        ends.append(end)
        if len(ends) <= DEEPEST:
            kept.update((start, end))
    return frozenset(kept)


def _outdented(text: str, kept: int) -> str:
    """Return `text` without the indentation that all lines share, beyond `kept` columns.

    Without the marks around it, text indented by four spaces would be code.
    """
    lines = text.split("\n")
    if len(lines) == 1 or lines[0].strip():
        return text
    margins = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
    margin = min(margins, default=0)
    if margin <= kept:
        return text
    return "\n".join(line[:kept] + line[margin:] for line in lines)
