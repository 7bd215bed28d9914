"""Folder names and addresses of feeds: from any text, a path that stays inside the output folder.

A name that this module gives is one path part: legal on Linux, macOS and Windows, untouched by
static hosts (Jekyll and GitHub Pages hide what starts with "_" or "~"), and no longer than
`LONGEST` bytes before a collision's suffix.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

__all__ = ["LONGEST", "address", "fingerprint", "slug", "slugs", "usable"]

LONGEST = 80
"""Bytes of UTF-8 in a folder name: percent-encoded, with a path around it, it still fits 255."""

_SHARP = re.compile(r"(?<=\w)#")
_FORBIDDEN = re.compile(r"""[/\\:*?"<>|%&#\s]""")
_EDGES = ".-_~"
_IMPOSSIBLE = re.compile(r"""[/\\:*?"<>|%]|[^\S ]|^ |[ .]$""")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)")


def slug(name: str) -> str:
    """The folder name of the category, tag or author `name`; never empty.

    Lower case, NFC, white space and what paths cannot hold made "-"; letters of every script,
    emoji and ``+`` stay, ``C#`` is ``csharp``. A name cut short, reserved, or left with nothing
    carries its `fingerprint`.
    """
    text = _SHARP.sub("sharp", _normal(name).lower())
    text = "".join(map(_harmless, _FORBIDDEN.sub("-", text)))
    # Lower case can leave a letter and its mark apart, which NFC joins again.
    text = re.sub("-{2,}", "-", unicodedata.normalize("NFC", text)).strip(_EDGES)
    if len(text.encode()) > LONGEST:
        return f"{_cut(text, LONGEST - 9)}-{fingerprint(name)}"
    if reserved := _RESERVED.match(text):
        return f"{reserved[0]}-{fingerprint(name)}{text[reserved.end() :]}"
    return text or fingerprint(name)


def usable(text: str) -> str:
    """`text` in NFC if it is one path part, legal on every system; else empty.

    Unlike a `slug` it may have upper case, single spaces, ``#`` and ``&``, and begin with a dot.
    """
    text = _normal(text)
    harmless = "".join(map(_harmless, text)) == text and not _IMPOSSIBLE.search(text)
    short = harmless and len(text.encode()) <= LONGEST
    return text if short and not _RESERVED.match(text.lower()) else ""


def slugs(names_by_age: Iterable[str], folder: Callable[[str], str] = slug) -> dict[str, str]:
    """Each name's own folder name, none given twice, not even in other case.

    `folder` says what a name asks for; where that is no name that a folder can have, its `slug`.

    The first name that asks for a slug has it, so put the one whose earliest post is oldest
    first: a name that turns up later never moves an older one. Later ones add their
    `fingerprint`.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names_by_age):
        wish = first = usable(folder(name)) or slug(name)
        digits = 8
        while wish.lower() in taken:
            wish = f"{first}-{fingerprint(name, digits)}"
            digits += 1
        found[name] = wish
        taken.add(wish.lower())
    return found


@lru_cache(maxsize=1_000)  # each file and page of a feed names the others
def address(site_url: str, path: str) -> str:
    """The absolute address of the file at `path` below `site_url`, percent-encoded as UTF-8."""
    return f"{site_url.rstrip('/')}/{quote(path, safe='/')}"


def fingerprint(name: str, digits: int = 8) -> str:
    """The first hexadecimal `digits` of the SHA-256 of `name` in NFC: the same for ever."""
    return sha256(_normal(name).encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _harmless(character: str) -> str:
    """ "-" for controls, bidi and format characters, surrogates, private and unassigned ones."""
    return "-" if unicodedata.category(character)[0] == "C" else character


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").rstrip(_EDGES)
