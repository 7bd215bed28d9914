"""Atom 1.0 (RFC 4287), with the paging of RFC 5005."""

from collections.abc import Iterable, Iterator
from typing import Any

from syndicate.reading.entry_words import digest, html_text, inner_text, line
from syndicate.reading.feed_dates import moment
from syndicate.reading.read_feed import ReadEntry
from syndicate.reading.xml import ATOM, Link, links, own
from syndicate.text.characters import one_line

__all__ = ["atom_entries", "first_link", "text"]


def atom_entries(found: Iterable[Any], base: str) -> Iterator[ReadEntry]:
    """The entries of the elements `found`. One that says no id has its link for one, or none."""
    for entry in found:
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


def first_link(found: list[Link], rel: str) -> str:
    """The address of the first link that is `rel`, of pages the HTML one."""
    those = [link for link in found if link.rel.lower() == rel and link.url]
    pages = [link for link in those if link.type in ("", "text/html", "application/xhtml+xml")]
    return (pages or those)[0].url if those and (pages or rel != "alternate") else ""


def text(element: Any) -> str:
    """What a reader sees of a text construct (RFC 4287 3.1); empty where there is none."""
    if element is None:
        return ""
    if (element.get("type") or "text").strip().lower() in ("html", "text/html"):
        return html_text(inner_text(element))
    return inner_text(element)


def _body(entry: Any) -> str:
    """The text of the content, or of the summary where the content lies elsewhere."""
    content = own(entry, "content")
    if content is None or content.get("src") or _is_binary(content):
        content = own(entry, "summary")
    return text(content)


def _is_binary(content: Any) -> bool:
    kind = (content.get("type") or "text").strip().lower()
    return "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))


def _terms(entry: Any) -> Iterator[str]:
    for each in entry.iterfind(f"{{{ATOM}}}category"):
        if term := one_line(each.get("term") or each.get("label") or ""):
            yield term
