"""The addresses within a body: absolute, harmless, without what follows people around."""

import re
from functools import cached_property

from selectolax.lexbor import LexborNode

from syndicate.attachments import Attachments
from syndicate.urls import absolute, without_placement

__all__ = ["KEPT_SCHEMES", "PICTURE_DATA", "Page", "set_or_drop"]

KEPT_SCHEMES = frozenset(
    {"http", "https", "mailto", "tel", "magnet", "ftp", "geo", "sms", "xmpp", "irc"}
)
"""The schemes that an address in a body may have. The rest run code or name this machine."""

PICTURE_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif)[;,]", re.IGNORECASE)
"""How a picture that is its own address starts. SVG is left out: it can hold a script."""

_WHOLE = ("http://", "https://", "#")
_KEPT = re.compile(rf"(?:{'|'.join(sorted(KEPT_SCHEMES))}):", re.IGNORECASE)
# What every URL parser takes for a host; an address without one would be dropped further on.
_HOST = re.compile(
    r"https?://(?:[^/?#@]*@)?(?:(?:[\w-]+\.)*\d*[a-z_-][\w-]*\.?|\[[\da-f:.]+\]"
    r"|(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!:|/|\?|#|\Z)|(?=[:/?#]|\Z))){4})"
    r"(?::(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[0-5]?\d{1,4})?)?(?:[/?#]|\Z)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_HOST = 300
"""Characters; DNS allows 253 (RFC 1035 2.3.4), and Punycode's time grows with their square."""
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")  # they come along when one copies
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id"
    r"|_hs(?:enc|mi)|vero_id|oly_(?:anon|enc)_id|mkt_tok|spm)(?:=|$)",
    re.IGNORECASE,
)
# What needs no more than to be put behind the site's or the page's address. A ";" is urllib's own.
_UNRESERVED = r"[A-Za-z0-9._~!$&'()*+,=:@/-]*"
_PLAIN = rf"{_UNRESERVED}(?:%[0-9A-Fa-f]{{2}}{_UNRESERVED})*"
_ROOTED = re.compile(rf"/(?![/.]){_PLAIN}(?:\?(?!#|\Z){_PLAIN})?(?:\#(?!\Z){_PLAIN})?", re.ASCII)
_FRAGMENT = re.compile(rf"\#(?!\Z){_PLAIN}", re.ASCII)
_ORIGIN = re.compile(
    r"(https?://[a-z0-9.-]+(?::\d+)?)(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", re.ASCII
)
# HTML 4.8.4.2.1: an address runs to white space; commas at its end part it from the next one.
_CANDIDATE = re.compile(r"[\s,]*(\S+)")
_DESCRIPTOR = re.compile(r"[^,(]*(?:\([^)]*\)?[^,(]*)*")


class Page:
    """Where a body is read: `page` is the post's absolute address, `base` the site's.

    `attachments` find the files that it refers to.
    """

    def __init__(self, page: str, base: str, attachments: Attachments | None = None) -> None:
        self._page = page
        self._base = base
        self._attachments = attachments

    def resolve(self, address: str) -> str:
        """`address` as an absolute one that may be published; empty where there is none."""
        if not address.isascii():
            address = _INVISIBLE.sub("", address)
        found = self._absolute(address)
        if not found.startswith("http"):
            return found if _KEPT.match(found) else ""
        return found if _HOST.match(found) and _is_name(found) else ""

    def _absolute(self, address: str) -> str:
        """As `absolute`, for the most usual addresses at a tenth of its time."""
        first = address[:1]
        if first == "/" and self._origin and "/." not in address and _ROOTED.fullmatch(address):
            inside = address.startswith(self._inside) or address == self._folder
            return self._origin + ("" if inside else self._folder) + address
        if first == "#" and _FRAGMENT.fullmatch(address):
            return self._top + address
        return absolute(address, self._page, self._base)

    @cached_property
    def _origin(self) -> str:
        """The site's address without its base path; empty where either needs more care."""
        plain = _ORIGIN.fullmatch(self._base) if self._page.startswith(f"{self._base}/") else None
        return plain[1] if plain else ""

    @cached_property
    def _folder(self) -> str:
        """The site's base path; empty where it has none."""
        return self._base.removeprefix(self._origin)

    @cached_property
    def _inside(self) -> tuple[str, ...]:
        """How an address below the base path starts."""
        return tuple(self._folder + sign for sign in "/?#")

    @cached_property
    def _top(self) -> str:
        """The page's address without a fragment."""
        return absolute("#top", self._page, self._base).removesuffix("#top")

    def link(self, address: str) -> str:
        """As `resolve`, without the parameters that only serve to follow the reader."""
        own = None
        if self._attachments and not address.startswith(_WHOLE):
            own = self._attachments.of_link(address)
        found = self.resolve(address if own is None else own)
        return _untracked(found) if "?" in found else found

    def file(self, address: str) -> str:
        """Return the absolute address of a picture, a sound or a film, as `resolve`."""
        address = without_placement(address)
        if self._attachments is None or address.startswith(_WHOLE):
            return self.resolve(address)
        own = self._attachments.of_body(_INVISIBLE.sub("", address))
        return self.resolve(address if own is None else own)

    def picture(self, address: str) -> str:
        """As `file`; a picture that is its own address (``data:``) is kept."""
        text = address.strip()
        if text[:5].lower() == "data:":
            return re.sub(r"\s+", "", text) if PICTURE_DATA.match(text) else ""
        return self.file(text)

    def candidates(self, srcset: str) -> str:
        """A ``srcset`` (HTML 4.8.4.2) with absolute addresses; those that have none are out."""
        kept, position = [], 0
        while candidate := _CANDIDATE.match(srcset, position):
            address, descriptor, position = candidate[1], "", candidate.end()
            if not address.endswith(",") and (found := _DESCRIPTOR.match(srcset, position)):
                descriptor, position = found[0].strip(), found.end()
            # Many programs split at any comma, so none is left in an address.
            if target := self.file(address.rstrip(",")).replace(",", "%2C"):
                kept.append(f"{target} {descriptor}".rstrip())
        return ", ".join(kept)

    def own_fragment(self, address: str) -> str:
        """The fragment where `address` points into this very page; else empty."""
        start, mark, fragment = address.partition("#")
        return fragment if mark and start in ("", self._page) else ""


def _is_name(address: str) -> bool:
    """Whether a host written in Punycode stands for a name at all (RFC 3490 4.2)."""
    if "xn--" not in address:
        return True
    host = address.split("/", 3)[2]
    if len(host) > _LONGEST_HOST:
        return False
    try:
        host.encode("ascii").decode("idna")
    except UnicodeError:
        return False
    return True


def _untracked(address: str) -> str:
    start, _, rest = address.partition("?")
    query, mark, fragment = rest.partition("#")
    kept = [part for part in query.split("&") if not _TRACKING.match(part)]
    return start + ("?" if kept else "") + "&".join(kept) + mark + fragment


def set_or_drop(node: LexborNode, name: str, value: str) -> None:
    """Give `node` the attribute, or take it away where `value` is empty."""
    if value:
        node.attrs[name] = value
    elif name in node.attrs:
        del node.attrs[name]
