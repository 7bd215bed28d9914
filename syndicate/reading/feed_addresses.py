"""Absolute and safe addresses from the links of feeds."""

from urllib.parse import urljoin, urlsplit

from syndicate.text.urls import absolute

__all__ = ["resolved"]

_LONGEST = 10_000
"""Longest address in characters; a longer base would be copied for every link."""


def resolved(*parts: str) -> str:
    """Resolve each of `parts` against those before it (RFC 3986 5.2); return the last one.

    The result is percent-encoded. Return "" if it stays relative, is invalid or too long, or has a
    dangerous scheme.
    """
    if any(len(part) > _LONGEST for part in parts):
        return ""
    url = ""
    try:
        for part in parts:
            url = urljoin(url, part)
        clean = absolute(url, "", "") if ":" in url.partition("/")[0] else ""
        urlsplit(clean)  # raise here, so that no caller has to expect ValueError
    except ValueError:  # raised for an invalid IPv6 host
        return ""
    return clean
