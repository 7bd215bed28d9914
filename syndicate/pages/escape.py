"""Text and addresses as HTML holds them: escaped, and without what HTML forbids."""

import re
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

import regex

from syndicate.pages.page_paths import FOLDER
from syndicate.text.characters import one_line

__all__ = ["LONGEST", "beside", "local", "shortened", "text", "web"]

LONGEST = 300
"""Characters of a title or an excerpt that a page shows."""

# HTML 13.2.3.5: controls and noncharacters are errors, C1 and the last two of each plane included.
_UNWANTED = regex.compile(r"[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]+")
_FIRST = regex.compile(rf"\X{{1,{LONGEST}}}")
_NOT_URL = re.compile(r"[\x00-\x20\"#%<>?\[\\\]^`{|}]")


def text(words: str) -> str:
    """`words` to stand in an element or in a quoted attribute."""
    # What prints has nothing to take out: the usual case, and the fast one.
    return escape(words if words.isprintable() else _UNWANTED.sub("", one_line(words)))


@lru_cache(maxsize=2_000)  # a post is on the pages of several feeds
def shortened(words: str) -> str:
    """`words` as `text` has them, cut after `LONGEST` characters as people count them."""
    if len(words) <= LONGEST:
        return text(words)
    found = _FIRST.match(one_line(words))
    cut = found is not None and found.end() < len(found.string)
    return text(found[0]) + "…" * cut if found else ""


def web(address: str) -> str:
    """`address`, escaped for an attribute, if it is one of the web; else empty: it may run code."""
    return text(address) if address.startswith(("https://", "http://")) else ""


def beside(path: str, upward: str) -> str:
    """The file at `path` under the output folder, seen from where `upward` leads there.

    In Unicode, as HTML allows: a third as long as percent-encoded where a name is Chinese.
    """
    if path.startswith(f"{FOLDER}/"):  # where all pages are
        upward, path = upward.removeprefix("../"), path.removeprefix(f"{FOLDER}/")
    return text(upward + _NOT_URL.sub(lambda found: f"%{ord(found[0]):02X}", path))


def local(address: str, site_url: str, upward: str) -> str:
    """`address`, escaped, as seen from our pages if it is on the site's own host; else empty.

    So a preview on another host shows the pictures that lie there, and asks no other host.
    """
    base = site_url.rstrip("/") + "/"
    if address.startswith(base):
        return text(upward + address[len(base) :])
    there, here = urlsplit(address), urlsplit(base)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc) or not there.path:
        return ""
    query = f"?{there.query}" if there.query else ""
    # Two slashes at the start would be another host.
    return text("/" + there.path.lstrip("/") + query)
