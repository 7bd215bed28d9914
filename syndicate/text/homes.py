"""Recognise addresses that are not a blog's public address: placeholders and private hosts.

New blogs of many generators have such an address. Their feeds are a preview.
"""

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

__all__ = ["NO_ADDRESS", "PREVIEW", "is_unknown"]

NO_ADDRESS = "https://address-not-set.invalid"
"""Address of a blog without an address; RFC 2606 reserves the domain."""
PREVIEW = "The blog's address is unknown, so these feeds are a preview"
"""First words of every message about such feeds."""

_RESERVED = frozenset(("localhost", "localdomain", "test", "invalid", "local"))
"""Top-level domains that RFC 2606, RFC 6761 and RFC 6762 reserve."""
_PLACEHOLDERS = frozenset(
    (
        "example.com",
        "example.net",
        "example.org",
        "hexo.example",
        "replace-this-with-your-hugo-site.com",
        "your-docusaurus-site.example.com",
        "your-docusaurus-test-site.com",
    )
)
"""Hosts in the generators' starter blogs. Other names below example.org count as real."""
_STARTER = re.compile(
    r"(?:your|my)[-_.]?(?:own-)?(?:web)?(?:site|domain|url)(?:-?name)?(?:-here)?"
    r"\.(?:com|org|net|io|dev|me|tld|example)"
    r"|your[-_.]?(?:blog|name|company|host)\.(?:com|org|net|io|dev|me|tld|example)"
    r"|(?:your[-_]?)?(?:git(?:hub|lab)[-_]?)?user[-_]?name\.git(?:hub|lab)\.io"
    r"|your[-_]?(?:user|name|account|org)\.git(?:hub|lab)\.io"
)
"""Hosts such as yoursite.com, my-domain.com and your-username.github.io."""


@lru_cache(maxsize=256)
def is_unknown(url: str) -> bool:
    """Return whether `url` is empty, a placeholder, or an address that is not public.

    Not public are loopback and private IP addresses, names without a dot, and the top-level names
    localhost, test, invalid and local. Bare example.com, example.net and example.org are
    placeholders, with and without www; names below them are not.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        pass
    name, last = host.removeprefix("www."), host.rpartition(".")[2]
    return (
        "." not in host
        or last in _RESERVED
        or last.isdigit()
        or name in _PLACEHOLDERS
        or _STARTER.fullmatch(name) is not None
    )
