"""Remove characters that XML forbids or that steer a terminal, and normalise white space."""

import re
from functools import lru_cache

__all__ = ["key_name", "one_line", "printable", "steady", "xml_legal"]

# XML 1.0 section 2.2, production [2] Char, inverted. U+FFFE/F and surrogates are out as well.
# Compiled at first use: it takes 5 ms, and few texts have such a character.
_ILLEGAL = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
# Without the no-break and ideographic spaces, which authors type on purpose.
_SPACE = "[ \t\n\r\f\v\x85\u2028\u2029]"
_STEERING = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
_SPACES = re.compile(f"(?! ){_SPACE}+| {_SPACE}+")  # a single space may stay as it is


def xml_legal(text: str) -> str:
    """Return `text` without the characters that XML 1.0 (section 2.2) forbids."""
    return text if text.isprintable() or _is_legal(text) else re.sub(_ILLEGAL, "", text)


def _is_legal(text: str) -> bool:
    """Return whether XML allows all of `text`; twice as fast as the regular expression."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a surrogate
        return False
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return not controls and "\ufffe" not in text and "\uffff" not in text


def one_line(text: str) -> str:
    """Return `text` trimmed and XML-legal, with one space for each run of white space."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _SPACES.sub(" ", xml_legal(text)).strip(" ")


def printable(text: str) -> str:
    """Return `text` with U+FFFD in place of characters that could steer a terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def steady(data: str) -> str:
    """Return the JSON text `data` with every character escaped that could steer a terminal.

    JSON itself escapes C0 controls; this escapes DEL, C1 controls and bidirectional marks.
    """
    if data.isascii() and "\x7f" not in data:
        return data
    return re.sub(_STEERING, lambda found: f"\\u{ord(found[0]):04x}", data)


@lru_cache(maxsize=1024)
def key_name(key: str) -> str:
    """Return the same name for all spellings of a key: ``pub-date``, ``pubDate``, ``Pub_Date``."""
    return re.sub(r"[\s_.-]", "", key).lower()
