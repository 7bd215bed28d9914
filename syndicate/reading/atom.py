"""Entries and links of Atom 1.0 feeds (RFC 4287)."""

from collections.abc import Iterable, Iterator
from typing import Any

from syndicate.reading.entry_words import digest, html_text, inner_text, line
from syndicate.reading.feed_dates import moment
from syndicate.reading.read_feed import ReadEntry
from syndicate.reading.xml import ATOM, Link, links, own
from syndicate.text.characters import one_line

__all__ = ["atom_entries", "first_link", "text"]


def atom_entries(elements: Iterable[Any], base: str) -> Iterator[ReadEntry]:
    """Yield the entries of the `elements`. The id of an entry without one is its link, or ""."""
    for entry in elements:
        url = first_link(list(links(entry, base)), "alternate")
        yield ReadEntry(
            id=line(own(entry, "id")) or url,
            url=url,
            title=one_line(text(own(entry, "title"))),
            published=moment(line(own(entry, "published"))),
            updated=moment(line(own(entry, "updated"))),
            digest=digest(_body(entry)),
            categories=tuple(_terms(entry)),
        )


def first_link(candidates: list[Link], rel: str) -> str:
    """Return the address of the first link with `rel`; for "alternate" it must be an HTML page."""
    matching = [link for link in candidates if link.rel.lower() == rel and link.url]
    pages = [link for link in matching if link.type in ("", "text/html", "application/xhtml+xml")]
    return (pages or matching)[0].url if matching and (pages or rel != "alternate") else ""


def text(element: Any) -> str:
    """Return the visible text of a text construct (RFC 4287 3.1); "" without an element."""
    if element is None:
        return ""
    if (element.get("type") or "text").strip().lower() in ("html", "text/html"):
        return html_text(inner_text(element))
    return inner_text(element)


def _body(entry: Any) -> str:
    """Return the text of the content, or of the summary if the content is elsewhere."""
    content = own(entry, "content")
    if content is None or content.get("src") or _is_binary(content):
        content = own(entry, "summary")
    return text(content)


def _is_binary(content: Any) -> bool:
    kind = (content.get("type") or "text").strip().lower()
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _terms(entry: Any) -> Iterator[str]:
    for category in entry.iterfind(f"{{{ATOM}}}category"):
        if term := one_line(category.get("term") or category.get("label") or ""):
            yield term
