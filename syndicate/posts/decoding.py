"""Convert a post to UTF-8 from the encoding that it was saved in."""

import re

from syndicate.files.encoding import STRAYS, Decoded, Undecodable, decode
from syndicate.model import Problem
from syndicate.posts.left_out import Skipped

__all__ = ["FOREIGN_ENCODING", "decoded"]

FOREIGN_ENCODING = "foreign-encoding"
"""Kind of the Problem of a post that was read from another encoding than UTF-8."""
CURE = "save it as UTF-8"
_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"RIFF",
    b"\x00\x00\x01\x00", b"SQLite format 3", b"\x7fELF",
)  # fmt: skip
_LOST = "\ufffd".encode()


def decoded(data: bytes, path: str, problems: list[Problem]) -> Decoded:
    """Return the file at `path` in UTF-8, and add a Problem for each change.

    Raises Skipped if the file is not text, or its encoding is not certain.
    """
    if data.startswith(_MAGIC):
        raise Skipped("not text")
    try:
        found = decode(data)
    except Undecodable as error:
        if _is_mostly_nul(data):
            raise Skipped("not text") from None
        raise _left_out(path, error.guess) from None
    if found.data is not data or found.damaged:
        problems += _changes(found, path)
    if _is_mostly_nul(found.data):
        raise Skipped("not text")
    return found


def _is_mostly_nul(data: bytes) -> bool:
    """Return True if `data` holds many NUL bytes; a few are a slip in a text."""
    return b"\x00" in data and data.count(0) * 100 > len(data) + 200


def _left_out(path: str, guess: str) -> Skipped:
    what = "the file is not in UTF-8, and its encoding is not certain"
    cure = "convert it to UTF-8"
    if guess:
        what, cure = f"{what}; it may be {guess}", f"{cure}: iconv -f {guess} -t UTF-8"
    return Skipped(what, [Problem(path, "encoding", what, cure, severity="error")])


def _changes(found: Decoded, path: str) -> list[Problem]:
    problems = []
    if found.codec == STRAYS:
        what = f"{_bytes(found.lost)} not UTF-8 and left out"
        problems.append(Problem(path, "encoding", what, CURE, found.line))
    elif found.codec:
        what = f"the file is in {found.name} and was read as such"
        problems.append(Problem(path, FOREIGN_ENCODING, what, CURE))
    if found.damaged:
        count = found.data.count(_LOST)
        what = f"{count:,} characters are lost: the file has U+FFFD in their place"
        line = 1 + len(re.findall(rb"\r\n?|\n", found.data[: found.data.find(_LOST)]))
        problems.append(Problem(path, "lost-characters", what, "write them again", line))
    return problems


def _bytes(count: int) -> str:
    return f"{count:,} bytes are" if count > 1 else "1 byte is"
