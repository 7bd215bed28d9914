"""Addresses in feeds, which may be relative, made absolute and harmless."""

from urllib.parse import urljoin, urlsplit

from syndicate.text.urls import absolute

__all__ = ["resolved"]

_LONGEST = 10_000
"""Characters of an address; a longer base would be copied for each link."""


def resolved(*parts: str) -> str:
    """The last of `parts`, each relative to those before it (RFC 3986 5.2), percent-encoded.

    Empty where it stays relative, cannot be read, is too long, or has a scheme that may do harm.
    """
    if any(len(part) > _LONGEST for part in parts):
        return ""
    found = ""
    try:
        for part in parts:
            found = urljoin(found, part)
        clean = absolute(found, "", "") if ":" in found.partition("/")[0] else ""
        urlsplit(clean)  # so that nobody else has to expect what it raises
    except ValueError:  # urllib's word for a bad IPv6 host
        return ""
    return clean
