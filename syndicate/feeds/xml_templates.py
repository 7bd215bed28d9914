"""Write XML by shape: build each shape once, then fill texts into its template.

Two entries have the same shape if they have the same elements and attributes and differ only in
their texts. For a new shape, the builder (feedgen) builds an entry whose texts are marks; the bytes
between the marks are the template. The builder then builds a second entry, whose marks hold all
characters that XML escapes. If the filled template differs from those bytes, the template is
dropped, and the builder builds every entry of that shape.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from syndicate.model import UNDATED

__all__ = ["Escaped", "Marks", "Shapes", "add_templates", "escaped", "hexadecimal", "new_templates"]

Noun = TypeVar("Noun")
Texts = tuple[list[bytes], list[bytes]]
"""The same escaped texts twice: for elements, and for attributes."""

MOST_SHAPES = 500
"""Number of templates that one `Shapes` keeps."""
MOST_TEXTS = 100
"""Number of texts in a template. Longer templates would be used once, and fill the memory."""


class Escaped(Struct, Generic[Noun], frozen=True, gc=False):
    """Item or channel with its texts, escaped for XML. Equal shapes have equal elements.

    `entities` are the texts with ``&amp;``, `hexadecimals` the texts with ``&#x26;``. Both are None
    if a text has tabs or line ends, which lxml writes in other ways. `body` is HTML with ``&amp;``.
    """

    noun: Noun
    shape: Hashable
    entities: Texts | None
    hexadecimals: Texts | None
    body: bytes = b""


def escaped(noun: Noun, shape: Hashable, texts: Sequence[str], body: str = "") -> Escaped[Noun]:
    """Return `noun` with `texts` and `body` escaped, once for all formats."""
    data = _as_xml("\n".join(texts))  # one call for all texts is faster than one call for each
    is_plain = data.count(b"\n") == len(texts) - 1 and b"\t" not in data and b"\r" not in data
    entities = hexadecimals = _split(data) if is_plain else None
    if is_plain and b"&" in data:
        hexadecimals = _split(hexadecimal(data))
    return Escaped(noun, shape, entities, hexadecimals, _as_xml(body).replace(b"\r", b"&#13;"))


def hexadecimal(data: bytes) -> bytes:
    """Return escaped text with ``&`` and ``<`` as the RSS profile asks of plain text."""
    return data.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _as_xml(text: str) -> bytes:
    data = text.encode()
    return data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _split(data: bytes) -> Texts:
    texts = data.split(b"\n")
    return texts, data.replace(b'"', b"&quot;").split(b"\n") if b'"' in data else texts


class Marks(Struct, frozen=True):
    """Maker of values that occur nowhere else in an entry. `odd` is in every text."""

    year: int
    odd: str = ""

    def text(self, name: str, like: str) -> str:
        """Return the mark called `name`, or an empty text if `like` is empty."""
        return f"{name}:{self.year}{self.odd};" if like else ""

    def moment(self, day: int, like: datetime) -> datetime:
        """Return a date in May of the marks' year, or UNDATED if `like` is UNDATED."""
        return like if like == UNDATED else datetime(self.year, 5, day, 7, 8, 9, tzinfo=UTC)

    def number(self, like: int) -> int:
        """Return a number of twelve digits, or 0 if `like` is 0."""
        return 987_654_320_000 + self.year if like else 0


_FIRST = Marks(1234, "&")  # escaping a mark once more gives another mark
_SECOND = Marks(4321, "&amp;<b>\"']]>\u00e9\u4e2d\U0001f600")


class _Template(Struct, frozen=True):
    """Bytes of a shape: `parts` in order, empty at each place for a text.

    `texts` and `attributes` are pairs of a place in `parts` and the number of a text. `bodies` are
    pairs of a place for the body and True if the body has hexadecimals there.
    """

    parts: list[bytes]
    texts: list[tuple[int, int]]
    attributes: list[tuple[int, int]]
    bodies: list[tuple[int, bool]]


class Shapes(Generic[Noun]):
    """Callable that returns what `build` returns, and calls `build` at most twice for a shape.

    `escape` returns the texts of a noun. `stand_in` returns a noun of the same shape whose texts
    are marks. `as_hexadecimal` is True if `build` writes texts as `hexadecimal` does.
    """

    def __init__(
        self,
        build: Callable[[Noun], bytes],
        escape: Callable[[Noun], Escaped[Noun]],
        stand_in: Callable[[Noun, Marks], Noun],
        *,
        as_hexadecimal: bool = False,
    ) -> None:
        self._build, self._escape, self._stand_in = build, escape, stand_in
        self._as_hexadecimal = as_hexadecimal
        self.templates: dict[Hashable, _Template | None] = {}
        self.new: list[Hashable] = []
        """Shapes that were built since `new_templates` was called last."""

    def __call__(self, given: Escaped[Noun]) -> bytes:
        """Return the XML of a noun whose texts hold only characters that XML 1.0 allows."""
        if (texts := self._texts(given)) is None:
            return self._build(given.noun)
        shape, known = given.shape, self.templates
        if shape not in known and len(texts[0]) <= MOST_TEXTS:
            if len(known) >= MOST_SHAPES:
                known.clear()
            known[shape] = self._proven(given)
            self.new.append(shape)
        template = known.get(shape)
        return _filled(template, texts, given.body) if template else self._build(given.noun)

    def _texts(self, given: Escaped[Noun]) -> Texts | None:
        return given.hexadecimals if self._as_hexadecimal else given.entities

    def _proven(self, given: Escaped[Noun]) -> _Template | None:
        """Return the template for the shape of `given`, or None if the proof fails."""
        first = self._escape(self._stand_in(given.noun, _FIRST))
        second = self._escape(self._stand_in(given.noun, _SECOND))
        texts, others = self._texts(first), self._texts(second)
        if not texts or not others or not first.shape == second.shape == given.shape:
            return None
        template = _template(self._build(first.noun), texts[0], first.body)
        is_right = _filled(template, others, second.body) == self._build(second.noun)
        return template if is_right else None


_Templates = list[list[tuple[Any, _Template | None]]]


def new_templates(every: Sequence[Shapes[Any]]) -> bytes:
    """Return the templates made since the last call; empty if there is none."""
    if not any(shapes.new for shapes in every):
        return b""
    new = [[(shape, shapes.templates.get(shape)) for shape in shapes.new] for shapes in every]
    for shapes in every:
        shapes.new.clear()
    return msgspec.msgpack.encode(new)


def add_templates(every: Sequence[Shapes[Any]], data: bytes) -> None:
    """Add the templates that another process returned from `new_templates`.

    Both processes must run the same version of the program and its libraries. Raises
    msgspec.DecodeError.
    """
    for shapes, templates in zip(every, msgspec.msgpack.decode(data, type=_Templates), strict=True):
        for shape, template in templates:
            shapes.templates.setdefault(_hashable(shape), template)


def _hashable(value: Any) -> Hashable:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _template(data: bytes, texts: Sequence[bytes], body: bytes) -> _Template:
    """Return the template of `data`, which has the marks `texts` and `body` in it."""
    marks = [*texts, body, hexadecimal(body)]
    template = _Template([], [], [], [])
    end = 0
    for start, number in sorted(_places(data, marks)):
        before = data[end:start]
        place = len(template.parts) + 1
        template.parts.extend((before, b""))
        if number >= len(texts):
            template.bodies.append((place, number > len(texts)))
        elif before.endswith(b'="'):
            template.attributes.append((place, number))
        else:
            template.texts.append((place, number))
        end = start + len(marks[number])
    template.parts.append(data[end:])
    return template


def _places(data: bytes, marks: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the offset of each mark in `data` and the number of the mark."""
    for number, mark in enumerate(marks):
        at = data.find(mark) if mark else -1
        while at >= 0:
            yield at, number
            at = data.find(mark, at + len(mark))


def _filled(template: _Template, texts: Texts, body: bytes) -> bytes:
    parts = template.parts.copy()
    plain, quoted = texts
    for place, number in template.texts:
        parts[place] = plain[number]
    for place, number in template.attributes:
        parts[place] = quoted[number]
    for place, is_hexadecimal in template.bodies:
        parts[place] = hexadecimal(body) if is_hexadecimal else body
    return b"".join(parts)
