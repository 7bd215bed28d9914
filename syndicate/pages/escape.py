"""Escape text and addresses for HTML, and remove the characters that HTML forbids.

The results are Markup, which a template does not escape again.
"""

import re
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

import regex
from markupsafe import Markup

from syndicate.pages.page_paths import FOLDER
from syndicate.text.characters import one_line

__all__ = ["LONGEST", "beside", "local", "shortened", "text", "web"]

LONGEST = 300
"""Characters of a title or an excerpt that a page shows."""

# HTML 13.2.3.5: controls and noncharacters are errors, C1 and the last two of each plane included.
_UNWANTED = regex.compile(r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]+")
_FIRST = regex.compile(rf"\X{{1,{LONGEST}}}")
_NOT_URL = re.compile(r"[\x00-\x20\"#%<>?\[\\\]^`{|}]")


def text(words: str) -> Markup:
    """Return `words`, escaped for an element or a quoted attribute."""
    # Printable text, the usual case, has no forbidden character.
    return Markup(escape(words if words.isprintable() else _UNWANTED.sub("", one_line(words))))


@lru_cache(maxsize=2_000)  # a post is on the pages of several feeds
def shortened(words: str) -> Markup:
    """Return `text(words)`, cut after `LONGEST` characters as people count them (graphemes)."""
    if len(words) <= LONGEST:
        return text(words)
    first = _FIRST.match(one_line(words))
    if not first:
        return Markup()
    return text(first[0]) + "…" * (first.end() < len(first.string))


def web(address: str) -> Markup:
    """Return `address`, escaped, if it is http(s); else empty, since others may run code."""
    return text(address) if address.startswith(("https://", "http://")) else Markup()


def beside(path: str, upward: str) -> Markup:
    """Return the relative address of the file at `path` under the output folder.

    `upward` leads from the page to the output folder. The address is in Unicode, as HTML allows:
    percent-encoded, a Chinese name would be three times as long.
    """
    if path.startswith(f"{FOLDER}/"):  # the folder of all pages
        upward, path = upward.removeprefix("../"), path.removeprefix(f"{FOLDER}/")
    return text(upward + _NOT_URL.sub(lambda match: f"%{ord(match[0]):02X}", path))


def local(address: str, site_url: str, upward: str) -> Markup:
    """Return `address`, escaped and relative, if it is on the site's own host; else empty.

    A relative address works in a preview on another host, and sends no request elsewhere.
    """
    base = site_url.rstrip("/") + "/"
    if address.startswith(base):
        return text(upward + address[len(base) :])
    there, here = urlsplit(address), urlsplit(base)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc) or not there.path:
        return Markup()
    query = f"?{there.query}" if there.query else ""
    # Two slashes at the start would be another host.
    return text("/" + there.path.lstrip("/") + query)
