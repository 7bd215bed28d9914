"""Parsing of a feed in any format. The only exception for any input is FeedError."""

from collections.abc import Iterable
from typing import Any

import msgspec

from syndicate.model import Problem
from syndicate.reading.atom import atom_entries, first_link, text
from syndicate.reading.entry_words import line
from syndicate.reading.json_feed import json_feed
from syndicate.reading.read_feed import MAX_BYTES, FeedError, ReadEntry, ReadFeed, counted
from syndicate.reading.rss import is_export, is_published, items, rss_entries
from syndicate.reading.xml import ATOM, Link, joined, links, local, own, parse
from syndicate.text.characters import one_line

__all__ = ["read"]

_BOM = b"\xef\xbb\xbf"
_CURE = "use the address of an Atom, RSS or JSON feed"


def read(data: bytes, url: str = "", *, where: str = "") -> ReadFeed:
    """Parse the feed `data`, whose relative addresses start at `url`.

    Raises FeedError, naming `where` (else `url`), if `data` is not a feed, is broken or truncated,
    or exceeds `MAX_BYTES` or `MAX_ENTRIES`. An entry without id and address, or with a repeated
    id, is skipped with a Problem.
    """
    where = where or url or "the feed"
    if len(data) > MAX_BYTES:
        raise FeedError(where, f"is larger than {MAX_BYTES:,} bytes", "split the feed")
    data = data.removeprefix(_BOM).lstrip(b" \t\r\n")
    feed = json_feed(data, url, where) if data.startswith(b"{") else _xml(data, url, where)
    return _identified(feed, where)


def _xml(data: bytes, url: str, where: str) -> ReadFeed:
    tree = parse(data, where)
    if tree.root.tag == f"{{{ATOM}}}feed":
        feed = _atom(tree.root, url, where)
    elif local(tree.root) in ("rss", "RDF"):
        feed = _rss(tree.root, url, where)
    else:
        raise FeedError(where, f"is XML, but not a feed (<{one_line(tree.root.tag)}>)", _CURE)
    return msgspec.structs.replace(feed, problems=(*tree.problems, *feed.problems))


def _atom(root: Any, url: str, where: str) -> ReadFeed:
    base = url or _self(root, "")
    atom_links = list(links(root, base))
    entries = counted(root.iterfind(f"{{{ATOM}}}entry"), where)
    return ReadFeed(
        format="atom",
        title=one_line(text(own(root, "title"))),
        url=_self(root, base) or url,
        home=first_link(atom_links, "alternate"),
        id=line(own(root, "id")),
        generator=_generator(own(root, "generator")),
        entries=tuple(atom_entries(entries, base)),
        **_parts(atom_links),
    )


def _rss(root: Any, url: str, where: str) -> ReadFeed:
    channel = root.find("{*}channel")  # in RSS 1.0 its namespace is not that of the root
    if channel is None:
        raise FeedError(where, "is RSS without a channel", _CURE)
    base = url or _self(channel, "") or joined(line(own(channel, "link")), channel, "")
    wanted = all_items = counted(items(root), where)
    exported = is_export(root)
    if exported:
        wanted = [item for item in all_items if is_published(item)]
    return ReadFeed(
        format="wxr" if exported else "rdf" if local(root) == "RDF" else "rss",
        title=line(own(channel, "title")),
        url=_self(channel, base) or url,
        home=joined(line(own(channel, "link")), channel, base),
        generator=_generator(own(channel, "generator")),
        entries=tuple(rss_entries(wanted, base)),
        problems=tuple(_unpublished(where, len(all_items) - len(wanted))),
        **_parts(list(links(channel, base))),
    )


def _generator(element: Any) -> str:
    return "" if element is None else f"{line(element)} {element.get('uri') or ''}".strip()


def _self(element: Any, base: str) -> str:
    return first_link(list(links(element, base)), "self")


def _parts(atom_links: list[Link]) -> dict[str, Any]:
    """Return the addresses of the feed's other parts (RFC 5005) and of its hubs."""
    return {
        "next_page": first_link(atom_links, "next"),
        "prev_archive": first_link(atom_links, "prev-archive"),
        "next_archive": first_link(atom_links, "next-archive"),
        "hubs": tuple(link.url for link in atom_links if link.rel == "hub" and link.url),
    }


def _unpublished(where: str, count: int) -> Iterable[Problem]:
    if count:
        items = "1 item" if count == 1 else f"{count} items"
        what = f"{items} of the export skipped, as only public posts are read"
        yield Problem(where, "not-published", what, "nothing to do")


def _identified(feed: ReadFeed, where: str) -> ReadFeed:
    """Return `feed` without entries whose id is empty or repeated. Readers skip them as well."""
    entries: dict[str, ReadEntry] = {}
    for entry in feed.entries:
        if entry.id:
            entries.setdefault(entry.id, entry)
    lost = len(feed.entries) - len(entries)
    if not lost:
        return feed
    noun = "entry" if lost == 1 else "entries"
    what = f"{lost} {noun} without an id, or with a repeated one, skipped"
    problem = Problem(where, "entry-id", what, "feed readers cannot distinguish them either")
    problems = (*feed.problems, problem)
    return msgspec.structs.replace(feed, entries=tuple(entries.values()), problems=problems)
