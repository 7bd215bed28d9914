"""Marks that come in pairs: which opens, which closes, and what stands between.

Guaranteed: time is linear in the body's length; a mark that nothing closes stands for itself; one
that closes nothing is dropped; pairs deeper than `DEEPEST` lose their marks and keep their text.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

__all__ = ["Mark", "Tag", "partners", "weave"]

DEEPEST = 40


class Mark(NamedTuple):
    """A mark as it was read. `opens` and `closes` are the names of the pair, empty for neither.

    `indent` is the white space before it where it starts its line.
    """

    name: str
    text: str = ""
    opens: str = ""
    closes: str = ""
    indent: str = ""
    inner: str | None = None
    """What an opaque pair holds, already known."""
    values: Mapping[str, str] = {}
    """Arguments by name, where the reader has parted them."""


class Tag(NamedTuple):
    """A mark to be rendered: `inner` is what its pair holds, rendered; None without a pair."""

    name: str
    text: str
    inner: str | None
    indent: str
    values: Mapping[str, str] = {}


def weave(pieces: Iterable[str | Mark], render: Callable[[Tag], str]) -> str:
    """The text of `pieces`, each mark replaced by what `render` makes of it, the inner first."""
    parts = list(pieces)
    paired = partners(parts)
    stack: list[list[str]] = [[]]
    opened: list[Mark] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            stack[-1].append(part)
        elif index in paired and not part.closes:
            stack.append([])
            opened.append(part)
        elif index in paired:
            mark = opened.pop()
            inner = _outdented("".join(stack.pop()), len(mark.indent))
            stack[-1].append(render(_tag(mark, inner)))
        elif part.name and not part.closes:
            stack[-1].append(render(_tag(part, part.inner)))
    return "".join(stack[0])


def _tag(mark: Mark, inner: str | None) -> Tag:
    return Tag(mark.name, mark.text, inner, mark.indent, mark.values)


def partners(parts: list[str | Mark]) -> frozenset[int]:
    """The indices of the marks that open or close a pair not too deep."""
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
    """`text` without the indentation that all its lines share, beyond `kept` columns.

    Without the marks around it, text indented by four would be read as code.
    """
    lines = text.split("\n")
    if len(lines) == 1 or lines[0].strip():
        return text
    margins = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
    margin = min(margins, default=0)
    if margin <= kept:
        return text
    return "\n".join(line[:kept] + line[margin:] for line in lines)
