"""Restore pictures that a script of the page would load: find the address, drop the duplicate."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.body_addresses import Page
from syndicate.content.overview import Attributes

__all__ = ["lazy_source", "restore_hidden_by_noscript"]

# Attributes in which lazy loaders keep the address, the most common first.
_REPLACING = (
    *("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src"),
    *("data-lazy", "data-echo", "data-lazyload", "data-lazy-original", "data-img-src"),
    *("data-imgsrc", "data-real-src", "data-realsrc", "real_src", "data-hi-res-src"),
    *("data-full-src", "data-large_image", "data-ks-lazyload", "lazy-src"),
)
_ASIDE = (
    *("data-url", "data-canonical-src", "data-image", "data-img", "data-orig-file"),
    *("data-large-file", "original", "_src", "file", "zoomfile"),
)
"""Attributes that may hold something else: they count only beside a placeholder."""
_SETS = ("data-srcset", "data-lazy-srcset")
_NAMES = frozenset((*_REPLACING, *_ASIDE, *_SETS))
_PLACEHOLDER = re.compile(r"data:|about:|#|$", re.IGNORECASE)
_LAZY_CLASS = re.compile(
    r"(?:^|[\s_-])(?:lazy|lazyload|lazyloaded|lozad)(?:$|[\s_-])", re.IGNORECASE
)
_PLACEHOLDER_NAME = re.compile(
    r"(?:placeholder|loading|lazyload|blank|spacer|transparent|1x1|grey|gray)"
    r"[\w.-]{0,60}\.(?:gif|png|svg|jpe?g|webp)(?:$|\?)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"https?:", re.IGNORECASE)
_SIZE_IN_NAME = re.compile(r"-\d{2,4}x\d{2,4}(?=\.\w{3,4}$)")
_WRAPPERS = frozenset({"a", "div", "figure", "p", "picture", "span"})
_MOST_WRAPPERS = 3


def lazy_source(attributes: Attributes, page: Page) -> tuple[str, str] | None:
    """Return the address and ``srcset`` that a script of the page would set on an ``<img>``.

    The address is absolute, the ``srcset`` as written; either may be empty. Returns None if ``src``
    and ``srcset`` are final.
    """
    if _NAMES.isdisjoint(attributes):
        return None
    waits = _is_placeholder((attributes.get("src") or "").strip(), attributes)
    names = (*_REPLACING, *_ASIDE) if waits else _REPLACING
    written = (attributes.get(name) or "" for name in names)
    # Beside a usable address, a plain word may mean anything.
    usable = (
        address for address in written if waits or ("/" in address and not _stands_in(address))
    )
    source = next(filter(None, map(page.picture, usable)), "")
    sources = next(filter(None, map(attributes.get, _SETS)), None) or ""
    return (source, sources) if source or (waits and sources) else None


def restore_hidden_by_noscript(tree: LexborHTMLParser) -> None:
    """Move pictures out of ``<noscript>``, and remove the duplicates that wait for a script."""
    for node in reversed(tree.css("noscript")):
        if node.css_first("img[src], picture, video") is None:
            node.decompose()
            continue
        for twin in _twins(node):
            twin.decompose()
        node.unwrap()


def _twins(node: LexborNode) -> list[LexborNode]:
    """Return the pictures beside the ``<noscript>`` `node` that show the same as those in it."""
    own = {other for picture in node.css("img") for other in _addresses(picture)}
    before, after = (_pictures_beside(node, forward=forward) for forward in (False, True))
    alike = [other for other in (*before, *after) if not own.isdisjoint(_addresses(other))]
    if alike:
        return alike
    # A duplicate of another size never comes after: that picture may belong to the next <noscript>.
    return [
        *(other for other in before if _is_stand_in(other)),
        *(other for other in after if _is_stand_in(other) and not any(_addresses(other))),
    ]


def _pictures_beside(node: LexborNode, *, forward: bool) -> list[LexborNode]:
    """Return the pictures of the element next to `node`, if it has no other content."""
    for _ in range(_MOST_WRAPPERS):
        beside, is_text = _element_beside(node, forward=forward)
        if is_text:
            return []
        if beside is not None:
            return _only_pictures(beside)
        if node.parent is None or node.parent.tag not in _WRAPPERS:
            return []
        node = node.parent
    return []


def _only_pictures(node: LexborNode) -> list[LexborNode]:
    if node.tag == "img":
        return [node]
    if node.tag not in _WRAPPERS or node.css_first("noscript") or node.text().strip():
        return []
    return node.css("img")


def _element_beside(node: LexborNode, *, forward: bool) -> tuple[LexborNode | None, bool]:
    """Return the next or previous element, and True if text is between."""
    beside = node.next if forward else node.prev
    while beside is not None and (not beside.is_element_node or beside.tag == "br"):
        if beside.is_text_node and not beside.is_empty_text_node:
            return None, True
        beside = beside.next if forward else beside.prev
    return beside, False


def _addresses(node: LexborNode) -> Iterator[str]:
    """Yield the addresses of an ``<img>`` that show something, normalised for comparison."""
    attributes = node.attributes
    for name in ("src", *_REPLACING, *_ASIDE):
        address = (attributes.get(name) or "").strip()
        if not _stands_in(address):
            yield _SIZE_IN_NAME.sub("", _SCHEME.sub("", address, count=1))


def _is_stand_in(node: LexborNode) -> bool:
    attributes = node.attributes
    source = (attributes.get("src") or "").strip()
    return not _NAMES.isdisjoint(attributes) or _is_placeholder(source, attributes)


def _is_placeholder(source: str, attributes: Attributes) -> bool:
    """Return True if ``src`` is only a placeholder for the picture."""
    return bool(
        _stands_in(source)
        or _LAZY_CLASS.search(attributes.get("class") or "")
        or any(name in attributes for name in _SETS)
    )


def _stands_in(source: str) -> bool:
    return bool(_PLACEHOLDER.match(source) or _PLACEHOLDER_NAME.search(source))
