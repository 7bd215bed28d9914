"""Make folder names and addresses of feeds from any text.

A folder name made here is one part of a path. It is legal on Linux, macOS and Windows, and static
hosts do not hide it (Jekyll and GitHub Pages hide names that start with "_" or "~"). It has at most
`LONGEST` bytes, not counting the suffix after a collision.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import quote

from syndicate.text.digests import fingerprint, normalised

__all__ = ["LONGEST", "address", "slug", "slugs", "usable"]

LONGEST = 80
"""Bytes of UTF-8 in a folder name. Percent-encoded and within a path, it still fits in 255."""

_SHARP = re.compile(r"(?<=\w)#")
_FORBIDDEN = re.compile(r"""[/\\:*?"<>|%&#\s]""")
_EDGES = ".-_~"
_IMPOSSIBLE = re.compile(r"""[/\\:*?"<>|%]|[^\S ]|^ |[ .]$""")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)")


def slug(name: str) -> str:
    """Return the folder name of the category, tag or author `name`; never empty.

    The name is in lower case and NFC. White space and characters that paths cannot hold become "-".
    Letters of every script, emoji and ``+`` stay; ``C#`` becomes ``csharp``. A name that is too
    long, reserved, or empty afterwards has the `fingerprint` in it.
    """
    text = _SHARP.sub("sharp", normalised(name).lower())
    text = "".join(map(_harmless, _FORBIDDEN.sub("-", text)))
    # Lower case can separate a letter from its accent; NFC joins both again.
    text = re.sub("-{2,}", "-", unicodedata.normalize("NFC", text)).strip(_EDGES)
    if len(text.encode()) > LONGEST:
        return f"{_cut(text, LONGEST - 9)}-{fingerprint(name)}"
    if reserved := _RESERVED.match(text):
        return f"{reserved[0]}-{fingerprint(name)}{text[reserved.end() :]}"
    return text or fingerprint(name)


def usable(text: str) -> str:
    """Return `text` in NFC if it is one part of a path that is legal on every system, else "".

    Unlike a `slug`, it may have upper case, single spaces, ``#`` and ``&``, and start with a dot.
    """
    text = normalised(text)
    harmless = "".join(map(_harmless, text)) == text and not _IMPOSSIBLE.search(text)
    short = harmless and len(text.encode()) <= LONGEST
    return text if short and not _RESERVED.match(text.lower()) else ""


def slugs(names_by_age: Iterable[str], folder: Callable[[str], str] = slug) -> dict[str, str]:
    """Return a folder name for each name. No two are equal, not even in another case.

    `folder` returns the preferred folder name of a name. If that is illegal, `slug` is used. The
    first name with a folder name keeps it, later names add their `fingerprint`. Pass the names
    sorted by their oldest post, so that a new name never moves an older one.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names_by_age):
        chosen = first = usable(folder(name)) or slug(name)
        digits = 8
        while chosen.lower() in taken:
            chosen = f"{first}-{fingerprint(name, digits)}"
            digits += 1
        names[name] = chosen
        taken.add(chosen.lower())
    return names


@lru_cache(maxsize=1_000)  # each file and page of a feed links to the others
def address(site_url: str, path: str) -> str:
    """Return the absolute address of the file at `path` below `site_url`, percent-encoded."""
    return f"{site_url.rstrip('/')}/{quote(path, safe='/')}"


def _harmless(character: str) -> str:
    """Return "-" for a control, format, surrogate, private or unassigned character."""
    return "-" if unicodedata.category(character)[0] == "C" else character


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").rstrip(_EDGES)
