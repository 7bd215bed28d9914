"""Parse untrusted TOML with `tomllib`, after a check for keys that would take quadratic memory.

tomllib keeps every prefix of a dotted key: 30,000 parts took 3.5 GB. Real files have keys of a few
parts.
"""

import re
import tomllib
from typing import Any

__all__ = ["MOST_PARTS", "loads"]

MOST_PARTS = 40
"""Most parts of a dotted key."""

# Match strings and comments first, since their dots do not belong to a key.
_TOKEN = re.compile(
    r'"""(?:[^"\\]+|\\.|"(?!""))*(?:"""|\Z)|' + r"'''(?:[^']+|'(?!''))*(?:'''|\Z)"
    r'|(?P<key>[\w-]+|"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*')"
    r"|(?P<dot>\.)|#[^\n]*|[ \t]+(?P<space>)|.",
    re.DOTALL,
)


def loads(text: str) -> dict[str, Any]:
    """Parse a TOML document. Raises ValueError, and RecursionError for deeply nested values."""
    text = text.replace("\r\n", "\n")
    if any(line.count(".") > MOST_PARTS for line in text.split("\n")):
        _check_keys(text)
    return tomllib.loads(text)


def _check_keys(text: str) -> None:
    """Raise TOMLDecodeError, a ValueError, for a key of more than `MOST_PARTS` parts."""
    dots = 0
    for token in _TOKEN.finditer(text):
        if token["dot"]:
            dots += 1
            if dots > MOST_PARTS:
                line = 1 + text.count("\n", 0, token.start())
                what = f"a key has more than {MOST_PARTS} parts (at line {line})"
                raise tomllib.TOMLDecodeError(what)
        elif token["key"] is None and token["space"] is None:
            dots = 0
