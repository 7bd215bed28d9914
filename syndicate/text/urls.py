"""Make addresses absolute, percent-encoded and harmless (RFC 3986).

Results are ASCII with a scheme of `SCHEMES`, or empty.
"""

import re
from urllib.parse import quote, urljoin, urlsplit

from syndicate.text.characters import xml_legal

__all__ = ["SCHEMES", "absolute", "encoded", "has_login", "without_login", "without_placement"]

SCHEMES = frozenset(
    ("http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "irc", "ircs", "xmpp",
     "matrix", "magnet", "geo", "news", "nntp", "git", "ssh", "gemini", "gopher", "acct", "doi",
     "urn", "tag", "ipfs", "webcal")
)  # fmt: skip
"""Allowed schemes. Others run code, point to the reader's machine, or have no meaning."""

_UNRESERVED = r"[A-Za-z0-9._~!$&'()*+,;=:@/-]*"
_PCHAR = rf"{_UNRESERVED}(?:%[0-9A-Fa-f]{{2}}{_UNRESERVED})*"
_CLEAN = re.compile(
    rf"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/{_PCHAR}(?:\?{_PCHAR})?(?:\#{_PCHAR})?)?", re.A
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NOISE = re.compile("[\t\n\r]")
_SLASHES = re.compile(r"(https?):[/\\]*", re.I)
_LONGEST_HOST = 300
"""Longest name that is encoded with IDNA, which takes quadratic time."""
_WEB = ("http:", "https:")
_AUTHORITY = re.compile(
    r"(?i:(?<=[\w+.-]{2}:)[/\\]+|\A\s*[/\\]{2,}|(?<=\bhttps:)|(?<=\bhttp:))([^/\\?#\s]*)"
)
"""Authority of an address, as browsers read it: after "scheme://" or a leading "//"."""
_OF_SSH = ("ssh:", "sftp:", "git+ssh:")
_HOST = re.compile(r"(?:[^\[\]:]*|\[[^\[\]]*\])(?::\d*)?")
_SPACE_OR_END = re.compile(r"\s|\Z")
_PLACEMENT = re.compile(r"#pic_(?:center|left|right).*", re.DOTALL)


def absolute(address: str, page: str, base: str) -> str:
    """Return the absolute form of `address` from the post at `page` of the site at `base`.

    `page` is the post's absolute address, `base` the site's without a trailing slash. The base path
    is added to a root-relative address that does not have it. Non-ASCII and forbidden characters
    are percent-encoded; a second call changes nothing. Return "" if `address` is empty or invalid,
    or its scheme is not in `SCHEMES`.
    """
    if _CLEAN.fullmatch(address):
        return address
    # WHATWG URL 4.4: ignore white space around an address, and line ends within it.
    text = _NOISE.sub("", xml_legal(address)).strip()
    try:
        return _resolve(text, page, base) if text else ""
    except ValueError:  # from urllib, for a bad port or IPv6 host
        return ""


def without_placement(address: str) -> str:
    """Return a picture's `address` without CSDN's fragment for its alignment (``#pic_center``).

    The picture's server ignores the fragment and everything after it.
    """
    return _PLACEMENT.sub("", address) if "#pic_" in address else address


def _resolve(text: str, page: str, base: str) -> str:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in SCHEMES:
        return ""
    if scheme and not text.lower().startswith(_WEB):
        return encoded(text)
    text = encoded(_forward(_SLASHES.sub(r"\1://", text, count=1) if scheme else text))
    if text.startswith("/") and not text.startswith("//"):
        text = _under(text, base)
    elif text.startswith(("//", *_WEB)) and not urlsplit(text).hostname:
        return ""
    return urljoin(page, text)


def _under(path: str, base: str) -> str:
    """Return a root-relative `path` with the site's base path, which it may have already."""
    folder = urlsplit(base).path.rstrip("/")
    tail = path[len(folder) :]
    if path.startswith(folder) and (not tail or tail[0] in "/?#"):
        return path
    return folder + path


def _forward(text: str) -> str:
    """Replace backslashes before the query by slashes, as browsers do (WHATWG URL 4.4)."""
    end = re.search(r"[?#]", text)
    cut = end.start() if end else len(text)
    return text[:cut].replace("\\", "/") + text[cut:]


def encoded(address: str) -> str:
    """Return `address` in ASCII: characters that RFC 3986 forbids are percent-encoded.

    A non-ASCII host name becomes its IDNA form. A second call changes nothing.
    """
    if address.isascii():
        return _quote(address)
    match = re.match(r"((?:https?:)?//)([^/?#]*)(.*)", address, re.I | re.S)
    if not match:
        return _quote(address)
    return match[1] + _host(match[2]) + _quote(match[3])


def _host(name: str) -> str:
    if name.isascii() or len(name) > _LONGEST_HOST:
        return _quote(name, "[]")
    user, at, host = name.rpartition("@")
    try:
        return _quote(user) + at + host.encode("idna").decode("ascii")
    except UnicodeError:  # no such host can exist; the encoded form is harmless
        return _quote(name)


def _quote(text: str, also: str = "") -> str:
    text = _BARE_PERCENT.sub("%25", text)
    head, mark, fragment = text.partition("#")
    safe = "%/:?@!$&'()*+,;=~" + also
    if re.match(r"[A-Za-z]+://\[|//\[", head):  # an IPv6 host keeps its brackets
        safe += "[]"
    return quote(head, safe, errors="replace") + mark + quote(fragment, safe, errors="replace")


def has_login(text: str) -> bool:
    """Return whether an address in `text` contains a user name or a password (RFC 3986 3.2.1).

    The user name of an SSH address does not count, since it is not secret.
    """
    return without_login(text) != text


def without_login(text: str) -> str:
    """Return `text` without the user names and passwords of its addresses."""
    if "@" not in text and "\uff20" not in text:
        return text
    plain = _NOISE.sub("", text).replace("\uff20", "@")  # as urllib and browsers do
    kept, at = [], 0
    for found in _AUTHORITY.finditer(plain):
        if found.start() >= at:
            kept.append(plain[at : found.start(1)])
            at = _after_login(plain, found)
    if not any(kept):
        return text
    cleaned = "".join((*kept, plain[at:]))
    return text if cleaned == plain else cleaned


def _after_login(text: str, found: re.Match[str]) -> int:
    """Return the position of the host in the address whose authority is `found`."""
    start, authority = found.start(1), found[1]
    user, mark, _ = authority.rpartition("@")
    if mark:
        scheme = text[max(found.start() - 8, 0) : found.start()].lower()
        is_name = ":" not in user and scheme.endswith(_OF_SSH)
        return start if is_name or not user else start + len(user) + 1
    if _HOST.fullmatch(authority) or start > text.rfind("@"):
        return start
    # An apparent bad port is the beginning of a password that contains a slash.
    end = _SPACE_OR_END.search(text, start)
    return max(start, text.rfind("@", start, end.start() if end else start) + 1)
