"""Parsing of untrusted XML: no entity is expanded, nothing is fetched.

Also the access to elements, addresses and links that all XML formats share.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from msgspec import Struct

from syndicate.model import Problem
from syndicate.reading.feed_addresses import resolved
from syndicate.reading.read_feed import FeedError, sparse

__all__ = [
    "ATOM",
    "CONTAINERS",
    "Link",
    "Tree",
    "joined",
    "links",
    "local",
    "named",
    "own",
    "parse",
]

ATOM = "http://www.w3.org/2005/Atom"

CONTAINERS = ("feed", "channel", "rss", "RDF")
"""Elements that contain entries."""

_ATTACKS = (
    etree.ErrorTypes.ERR_ENTITY_LOOP,
    etree.ErrorTypes.ERR_NAME_TOO_LONG,
    etree.ErrorTypes.ERR_RESOURCE_LIMIT,
)
"""Errors after which the parser does not read the rest of the document."""
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_STARTS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s/>]")
_ENDED = re.compile(rb"</(?:\w+:)?(?:rss|feed|RDF)\s*>")
_LONG_NAMESPACE = re.compile(rb"\sxmlns(?::[^\s=]{1,100})?\s{0,9}=\s{0,9}[\"'][^\"']{1000}")
"""A long namespace, which would be copied into the name of every element."""
_TAIL = 10_000
"""Bytes at the end in which the feed's end tag is searched; caches add comments after it."""


class Tree(Struct, frozen=True):
    """Root element of a document, and a Problem if it had to be repaired."""

    root: Any
    problems: tuple[Problem, ...] = ()


class Link(Struct, frozen=True):
    """Atom link (RFC 4287 4.2.7). `url` is absolute, or "" if the address is invalid."""

    rel: str
    url: str
    type: str


def parse(data: bytes, where: str) -> Tree:
    """Parse the document `data`. Repair it if it is not well-formed, but no entry is lost.

    Raises FeedError, naming `where`.
    """
    sparse(data, b"<", where)
    if _LONG_NAMESPACE.search(data):
        what, cure = "has a namespace of more than 1,000 characters", "shorten the namespace"
        raise FeedError(where, what, cure)
    try:
        return Tree(_root(data, recover=False))
    except etree.XMLSyntaxError as error:
        fault = FeedError(where, f"is not well-formed XML ({error.msg})", "correct the feed")
        line = error.lineno or 0
        attacked = getattr(error, "code", None) in _ATTACKS
    root = None if attacked else _repaired(data)
    if root is None or _entries_in(root) < _entry_tags(data):
        raise fault
    cure = "correct the feed; all its entries were read"
    return Tree(root, (Problem(where, "broken-feed", fault.what, cure, line),))


def local(element: Any) -> str:
    """Return the name of `element` without its namespace. In repaired documents it may be odd."""
    return str(element.tag).rpartition("}")[2]


def named(element: Any, name: str) -> str:
    """Return `name` with the namespace of `element`, unless it has one of its own."""
    space, brace, _ = str(element.tag).rpartition("}")
    return name if name.startswith("{") else f"{space}{brace}{name}"


def own(element: Any, *names: str) -> Any:
    """Return the child of `element` for the first of `names` that it has (see `named`), or None."""
    children = (element.find(named(element, name)) for name in names)
    return next((child for child in children if child is not None), None)


def links(element: Any, base: str) -> Iterator[Link]:
    """Yield the Atom links among the children of `element`, in their order."""
    for link in element.iterfind(f"{{{ATOM}}}link"):
        url = joined(link.get("href") or "", link, base)
        yield Link(link.get("rel") or "alternate", url, link.get("type") or "")


def joined(address: str, element: Any, base: str) -> str:
    """Return the absolute address of `address` in `element` of the document at `base`.

    xml:base is respected (RFC 3986 5.1). Return "" if the address stays relative or is dangerous.
    """
    above = [ancestor.get(_BASE) for ancestor in (element, *element.iterancestors())]
    bases = [base, *reversed(list(filter(None, above)))]
    return resolved(*bases, address.strip()) if address.strip() else ""


def _root(data: bytes, *, recover: bool) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    return etree.fromstring(data, parser)


def _repaired(data: bytes) -> Any:
    """Parse a feed with invalid characters leniently; return None if it is truncated."""
    if not _ENDED.search(data[-_TAIL:]):
        return None
    try:
        return _root(data, recover=True)
    except etree.XMLSyntaxError:
        return None


def _entries_in(root: Any) -> int:
    """Count the entries in a valid place, since a repair may nest one entry in another."""
    entries = (item for item in root.iter("{*}item", "{*}entry") if item.getparent() is not None)
    return sum(local(entry.getparent()) in CONTAINERS for entry in entries)


def _entry_tags(data: bytes) -> int:
    """Count the start tags of entries, including tags quoted in texts, to be on the safe side."""
    return len(_STARTS.findall(data))
