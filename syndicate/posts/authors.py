"""Read the authors of a post: a name, a list, "A, B, and C", a mapping, or keys of `people`."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from syndicate.model import Author
from syndicate.text.characters import one_line

__all__ = ["authors", "authors_of"]

_KEYS = ("authors", "author", "by", "byline", "postauthors", "writer", "creator")
_NAME_KEYS = ("name", "display_name", "full_name", "title", "label", "login", "id", "github")
_URI_KEYS = ("uri", "url", "website", "link", "homepage", "site", "web", "href")
_LONGEST = 10_000
"""Characters of a field that are read."""
_MOST = 500
"""Number of authors of one post that are read."""
_EMAIL = re.compile(r"[^\s<>()@,;:]{1,64}@[^\s<>()@,;:]{1,190}\.[^\s<>()@,;:.]{2,30}")
_SEPARATOR = re.compile("[,，、;；]")
_AND = re.compile(r"(?:and|&)\s+")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D|M\.?Sc|Esq|Inc|LLC|Ltd|GmbH|Co)\.?", re.I)
_BY = re.compile(r"by\s+(?=\S)", re.I)
_MAX_DEPTH = 5


def authors_of(meta: Mapping[str, Any], people: Mapping[str, Any]) -> tuple[Author, ...]:
    """Return the authors under the first of the usual keys that has any, without duplicates."""
    for key in _KEYS:
        if meta.get(key) is not None:
            found = authors(meta[key], people)
            if found:
                return _with_addresses(found, meta)
    return ()


def _with_addresses(found: tuple[Author, ...], meta: Mapping[str, Any]) -> tuple[Author, ...]:
    """Add ``authorURL`` and ``author_email`` to a single author."""
    if len(found) > 1:
        return found
    only = found[0]
    uri = only.uri or _web(meta.get("author_url") or meta.get("authorURL"))
    email = only.email or _mail(meta.get("author_email"))
    return (Author(only.name, email, uri),)


def authors(value: Any, people: Mapping[str, Any]) -> tuple[Author, ...]:
    """Return the authors in `value`. `people` is the blog's own list of authors, by key."""
    if isinstance(value, str) and not people:
        return _authors_named(value)  # most posts of a blog have the same author
    return _distinct(_read(value, people, 0))


@lru_cache(maxsize=256)
def _authors_named(text: str) -> tuple[Author, ...]:
    return _distinct(_read(text, {}, 0))


def _distinct(named: Iterator[Author]) -> tuple[Author, ...]:
    found: dict[str, Author] = {}
    for author in islice(named, _MOST):
        found.setdefault(author.name, author)
    return tuple(found.values())


def _read(value: Any, people: Mapping[str, Any], depth: int) -> Iterator[Author]:
    if depth > _MAX_DEPTH or isinstance(value, bool):
        return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield from _person(item, people, depth)
            else:
                yield from _read(item, people, depth + 1)
    elif isinstance(value, dict):
        yield from _map(value, people, depth)
    elif isinstance(value, str | int | float):
        text = _BY.sub("", one_line(str(value)[:_LONGEST]), count=1)
        for name in [text] if text in people else _names(text):
            yield from _person(name, people, depth)


def _person(text: str, people: Mapping[str, Any], depth: int) -> Iterator[Author]:
    """Yield the author in a name, a name with an e-mail address, or a key of `people`."""
    text = one_line(text[:_LONGEST])
    known = people.get(text)
    if isinstance(known, dict):
        yield from _map({"name": text, **known}, people, depth)
        return
    if isinstance(known, str) and known.strip():
        text = one_line(known[:_LONGEST])
    name, email = _name_and_email(text) or _email_and_name(text) or (text, "")
    if _EMAIL.fullmatch(name):
        name, email = name.partition("@")[0], name
    name = name.strip().strip("\"'").strip()
    if name or email:
        yield Author(name or email.partition("@")[0], _mail(email), _web(name))


def _name_and_email(text: str) -> tuple[str, str] | None:
    """Split ``Jane <jane@example.org>``. Return None for other forms."""
    start = max(text.rfind("<"), text.rfind("("))
    if start < 0 or text[-1] not in ">)":
        return None
    email = text[start + 1 : -1].strip().removeprefix("mailto:")
    return (text[:start].rstrip(), email) if _is_like_an_email(email) else None


def _email_and_name(text: str) -> tuple[str, str] | None:
    """Split ``jane@example.org (Jane)``. Return None for other forms."""
    email, _, name = text.partition(" ")
    name = name.strip()
    if not (name.startswith("(") and name.endswith(")") and _is_like_an_email(email)):
        return None
    inner = name[1:-1]
    return (inner, email) if inner and "(" not in inner and ")" not in inner else None


def _is_like_an_email(text: str) -> bool:
    return "@" in text[1:-1] and not any(char.isspace() or char in "<>()" for char in text)


def _map(value: Mapping[str, Any], people: Mapping[str, Any], depth: int) -> Iterator[Author]:
    name = one_line(str(_first(value, _NAME_KEYS))[:_LONGEST]).strip()
    link = _first(value, _URI_KEYS)
    mail = _mail(value.get("email") or value.get("mail")) or _mail(link)
    if name:
        yield Author(name, mail, _web(link))
        return
    for item in value.values():
        if isinstance(item, dict):
            yield from _read(item, people, depth + 1)


def _first(value: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    found = (value.get(key) for key in keys)
    return next((v for v in found if isinstance(v, str | int) and str(v).strip()), "")


def _names(text: str) -> Iterator[str]:
    """Split ``A, B, and C``, but neither ``King, Jr.`` nor ``Salt and Pepper``."""
    last = ""
    for number, piece in enumerate(_SEPARATOR.split(text)):
        part = piece.strip()
        part = _AND.sub("", part, count=1) if number and _AND.match(part) else part
        if last and _SUFFIX.fullmatch(part):
            last = f"{last}, {part}"
            continue
        yield from _pair(last)
        last = part
    yield from _pair(last)


def _pair(text: str) -> Iterator[str]:
    """Split ``Jane Roe and John Doe``, because both sides are full names."""
    left, word, right = text.partition(" and ")
    while word and " " in left and " " in right:
        yield left
        text = right
        left, word, right = text.partition(" and ")
    if text:
        yield text


def _web(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(r"https?://[^\s<>\"]+", text) else ""


def _mail(value: Any) -> str:
    text = value.strip().removeprefix("mailto:") if isinstance(value, str) else ""
    return text if _EMAIL.fullmatch(text) else ""
