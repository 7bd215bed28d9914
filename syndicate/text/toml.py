"""TOML of strangers: read with `tomllib`, after what would take it more than linear time is out.

tomllib keeps every beginning of a dotted key: 30,000 parts took 3.5 GB. No file of people has keys
of more than a few parts.
"""

import re
import tomllib
from typing import Any

__all__ = ["MOST_PARTS", "loads"]

MOST_PARTS = 40
"""Parts of one dotted key."""

# Strings and comments first, so that a dot in one is none of a key's. Whitespace parts no key.
_TOKEN = re.compile(
    r'"""(?:[^"\\]+|\\.|"(?!""))*(?:"""|\Z)|' + r"'''(?:[^']+|'(?!''))*(?:'''|\Z)"
    r'|(?P<key>[\w-]+|"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*')"
    r"|(?P<dot>\.)|#[^\n]*|[ \t]+(?P<space>)|.",
    re.DOTALL,
)


def loads(text: str) -> dict[str, Any]:
    """Parse a TOML document. Raises ValueError, and RecursionError where values nest too deeply."""
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
