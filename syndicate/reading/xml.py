"""Bytes -> a tree, from somebody who may mean harm: no entity is expanded, nothing is fetched.

Also what all XML formats ask of the tree: texts, addresses, links.
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
"""The elements that entries stand in."""

_ATTACKS = (
    etree.ErrorTypes.ERR_ENTITY_LOOP,
    etree.ErrorTypes.ERR_NAME_TOO_LONG,
    etree.ErrorTypes.ERR_RESOURCE_LIMIT,
)
"""What ends parsing, with the rest of the document unread."""
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_STARTS = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s/>]")
_ENDED = re.compile(rb"</(?:\w+:)?(?:rss|feed|RDF)\s*>")
_LONG_NAMESPACE = re.compile(rb"\sxmlns(?::[^\s=]{1,100})?\s{0,9}=\s{0,9}[\"'][^\"']{1000}")
"""A namespace is part of every element's name: a long one would be copied for each."""
_TAIL = 10_000
"""Where the end tag of a feed is looked for: caches write comments after it."""


class Tree(Struct, frozen=True):
    """A document's root element, and a Problem where it had to be mended."""

    root: Any
    problems: tuple[Problem, ...] = ()


class Link(Struct, frozen=True):
    """An Atom link (RFC 4287 4.2.7) with its address made absolute, empty where it cannot be."""

    rel: str
    url: str
    type: str


def parse(data: bytes, where: str) -> Tree:
    """The document `data`; one that is not well-formed only if no entry of it is lost.

    Raises FeedError, naming `where`.
    """
    sparse(data, b"<", where)
    if _LONG_NAMESPACE.search(data):
        raise FeedError(where, "has a namespace of more than 1,000 characters", "shorten it")
    try:
        return Tree(_root(data, recover=False))
    except etree.XMLSyntaxError as error:
        fault = FeedError(where, f"is not well-formed XML ({error.msg})", "correct it")
        line = error.lineno or 0
        attacked = getattr(error, "code", None) in _ATTACKS
    root = None if attacked else _mended(data)
    if root is None or _placed(root) < _started(data):
        raise fault
    cure = "correct it; all its entries were read"
    return Tree(root, (Problem(where, "broken-feed", fault.what, cure, line),))


def local(element: Any) -> str:
    """The name of `element` without its namespace; of mended ones it may be no name at all."""
    return str(element.tag).rpartition("}")[2]


def named(element: Any, name: str) -> str:
    """`name` in the namespace that `element` is in; one that has its own keeps it."""
    space, brace, _ = str(element.tag).rpartition("}")
    return name if name.startswith("{") else f"{space}{brace}{name}"


def own(element: Any, *names: str) -> Any:
    """The first child of `element` with the first of `names` there is; see `named`."""
    found = (element.find(named(element, name)) for name in names)
    return next((each for each in found if each is not None), None)


def links(element: Any, base: str) -> Iterator[Link]:
    """The Atom links of `element` itself, in their order."""
    for each in element.iterfind(f"{{{ATOM}}}link"):
        url = joined(each.get("href") or "", each, base)
        yield Link(each.get("rel") or "alternate", url, each.get("type") or "")


def joined(address: str, element: Any, base: str) -> str:
    """`address`, standing in `element` of the document at `base`, made absolute.

    By xml:base (RFC 3986 5.1) where there is one. Empty where it stays relative, or is harmful.
    """
    above = [each.get(_BASE) for each in (element, *element.iterancestors())]
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


def _mended(data: bytes) -> Any:
    """What can be made of a feed that is whole but for some characters; None where it is cut."""
    if not _ENDED.search(data[-_TAIL:]):
        return None
    try:
        return _root(data, recover=True)
    except etree.XMLSyntaxError:
        return None


def _placed(root: Any) -> int:
    """How many entries stand where entries do: mending may hang one into another."""
    found = (each for each in root.iter("{*}item", "{*}entry") if each.getparent() is not None)
    return sum(local(each.getparent()) in CONTAINERS for each in found)


def _started(data: bytes) -> int:
    """How many entries seem to begin; those that a text tells of count, to be on the safe side."""
    return len(_STARTS.findall(data))
