"""What every room needs to know of strings: which characters a feed may hold, and white space."""

import re

__all__ = ["one_line", "xml_legal"]

# XML 1.0 section 2.2, production [2] Char, inverted. U+FFFE/F and surrogates are out as well.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Not the no-break and ideographic spaces: those were typed on purpose.
_SPACES = re.compile("[ \t\n\r\f\v\x85\u2028\u2029]+")


def xml_legal(text: str) -> str:
    """`text` without the characters that XML 1.0 (section 2.2) forbids."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """`text`, XML-legal, trimmed, with every run of spaces and line ends made one space."""
    return _SPACES.sub(" ", xml_legal(text)).strip(" ")
