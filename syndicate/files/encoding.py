"""Texts in other encodings than UTF-8, made UTF-8 where the encoding is certain.

An encoding is certain if the bytes are valid in it and the text reads like its language.
File names and the machine's locale play no part. The time is linear in the size of the file.
"""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from syndicate.files.letters import Writing

__all__ = ["STRAYS", "Decoded", "Undecodable", "as_utf8", "decode", "readable"]

STRAYS = "utf-8 with strays"
"""Stands for UTF-8 in which a few bytes are none, and are left out."""
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEVER_TEXT = "[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ue000-\uf8ff\ufffe\uffff]"
_ASCII = "[\t\n\r -~]"
_DECLARED_WITHIN = 1024
_DECLARATION = (
    rb"(?i)\b(?:charset|encoding|coding)[=:]\s?[\"']?((?:windows-|cp)(?:125[0-8]|874)|iso-?8859-\d{1,2}"
    rb"|koi8-[ru]|gbk|gb2312|gb18030|big5|shift[_-]jis|euc-?(?:jp|kr)|tis-620|latin-?1)\b"
)
_WIDER = {
    **dict.fromkeys(("gbk", "gb2312"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1"), "cp1252"),
    **dict.fromkeys(("iso-8859-11", "iso8859-11", "tis-620"), "cp874"),
    "windows-874": "cp874",
    "iso-8859-9": "cp1254",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
}
"""Encodings that are meant where a part of them is named (WHATWG Encoding 4.2)."""
_CLEAR = 0.2
"""Lead in likelihood that a writing needs over the next one."""
_FEWEST = 8
"""Letters of ASCII, of a header say, without which a text with NULs is not taken for UTF-16."""
_FEW = 3
_ALONE = rb"(?<![\x80-\xff])[\x80-\xff](?=[\x00-?]|\Z)"
"""A byte that cannot be part of a two-byte character."""


class Decoded(Struct, frozen=True):
    """A text in UTF-8 as `data`, made by `codec` (empty: it was UTF-8), which people call `name`.

    `lost` counts the bytes that are not UTF-8 and were left out, the first of them on `line`.
    """

    data: bytes
    codec: str = ""
    name: str = ""
    lost: int = 0
    line: int = 0
    damaged: bool = False
    """True if the text contains U+FFFD: some characters were lost before we read it."""


class Undecodable(Exception):
    """Raised for a text without a certain encoding; `guess` is a possible one, or empty."""

    def __init__(self, guess: str = "") -> None:
        super().__init__(guess)
        self.guess = guess


def decode(data: bytes) -> Decoded:
    """Return the text as UTF-8. Raises Undecodable."""
    may_be_marked = b"\x00" in data or b"\x1b" in data
    if not may_be_marked and data.isascii():
        return Decoded(data)
    if may_be_marked and (found := _by_marks(data)):
        return found
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _by_marks(data) or _not_utf8(data, error.start)
    # Found in a third of the time that a search in the bytes takes.
    return Decoded(data, damaged=True) if "\ufffd" in text else Decoded(data)


def as_utf8(data: bytes, codec: str) -> bytes:
    """Return the text, which `decode` found to be in `codec`, as UTF-8."""
    if not codec:
        return data
    encoding = "utf-8" if codec == STRAYS else codec
    return data.decode(encoding, "ignore").encode("utf-8", "ignore")


def readable(data: bytes) -> str:
    """Return the text; of one in an encoding that is not certain, what is UTF-8."""
    try:
        return decode(data).data.decode()
    except Undecodable:
        return data.decode("utf-8", "ignore")


def _by_marks(data: bytes) -> Decoded | None:
    """Decode by byte order mark, NULs or escape sequences; None without them."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _converted(data, codec, codec.upper()) or _refuse(codec.upper())
    if b"\x00" in data:
        found = [each for each in map(_wide, [data] * 2, ("utf-16-le", "utf-16-be")) if each]
        return max(found)[1] if found else None
    if b"\x1b$" in data and data.isascii():
        return _converted(data, "iso2022_jp", "ISO-2022-JP")
    return None


def _wide(data: bytes, codec: str) -> tuple[int, Decoded] | None:
    """Decode UTF-16 without a mark, and count its ASCII letters; None if it is not text."""
    found = _converted(data, codec, "UTF-16")
    text = found.data.decode() if found else ""
    letters = len(re.findall(_ASCII, text))
    if not found or letters < max(_FEWEST, len(text) // 10) or re.search(_NEVER_TEXT, text):
        return None
    return letters, found


def _converted(data: bytes, codec: str, name: str) -> Decoded | None:
    try:
        return Decoded(data.decode(codec).encode(), codec, name)
    except (LookupError, ValueError):
        return None


def _refuse(guess: str) -> Decoded:
    raise Undecodable(guess)


def _not_utf8(data: bytes, start: int) -> Decoded:
    strays = _strays(data, start)
    lost, kept = strays.lost, strays.data
    if lost * 6 <= len(kept) - len(kept.decode()):
        return strays  # a text in another encoding is hardly ever valid by chance
    read = [(writing, text) for writing, text in _readings(data) if text]
    if found := _certain(read):
        return found
    if declared := _declared(data):
        return declared
    if lost <= _FEW and len(re.findall(_ALONE, data)) == lost:
        return strays
    guess = max(read, key=lambda each: each[0].likeness(each[1]), default=None)
    raise Undecodable(guess[0].name if guess else "")


def _certain(read: list[tuple["Writing", str]]) -> Decoded | None:
    """The text in the one writing that it reads well in."""
    likely = [(each.likeness(text), each, text) for each, text in read if each.reads_well(text)]
    if not likely:
        return None
    most, best, text = max(likely, key=lambda each: each[0])
    if any(other != text and most - likeness < _CLEAR for likeness, _, other in likely):
        return None
    return Decoded(text.encode(), best.codec, best.name)


def _strays(data: bytes, start: int) -> Decoded:
    """Return the text without the bytes that are not UTF-8; the first of them is at `start`."""
    kept = as_utf8(data, STRAYS)
    line = 1 + len(re.findall(rb"\r\n?|\n", data[:start]))
    return Decoded(kept, STRAYS, "UTF-8", len(data) - len(kept), line)


def _declared(data: bytes) -> Decoded | None:
    """The text in the encoding that it says it is in, as HTML and old editors do."""
    found = re.search(_DECLARATION, data[:_DECLARED_WITHIN])
    name = found[1].decode().lower() if found else ""
    text = _converted(data, _WIDER.get(name, name), name) if name else None
    return text if text and not re.search(_NEVER_TEXT, text.data.decode()) else None


def _readings(data: bytes) -> Iterator[tuple["Writing", str]]:
    """The text in each writing whose encoding it is valid in; empty in the others."""
    from syndicate.files.letters import writings

    for writing in writings():
        found = _converted(data, writing.codec, writing.name)
        text = found.data.decode() if found else ""
        yield writing, "" if re.search(_NEVER_TEXT, text) else text
