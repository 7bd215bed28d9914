"""The address of a Hugo page: its `url`, else its section's permalink, else its path and slug."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from syndicate.engines.hugo_config import Language, Mount
from syndicate.engines.hugo_tree import Page, Section
from syndicate.engines.hugo_urls import (
    Spelling,
    cut,
    date_tokens,
    expand,
    link,
    link_of_url,
    normal,
    token_names,
    urlize,
)
from syndicate.engines.patterns import matches

__all__ = ["Addressed", "Pages", "Rules", "address", "unknown_tokens"]

_TOKENS = frozenset(
    ("section", "sectionslug", "sections", "sectionslugs", "title", "slug", "slugorfilename",
     "filename", "contentbasename", "slugorcontentbasename")
)  # fmt: skip
_DATE_TOKENS = frozenset(date_tokens(datetime(2000, 1, 1, tzinfo=UTC)))


class Rules(Struct, frozen=True):
    """How the site writes addresses. `ugly` (``.html``): everywhere, or in these sections."""

    sections: Mapping[str, Section] = {}
    ugly: bool | frozenset[str] = False
    spelling: Spelling = Spelling()


class Pages(Struct, frozen=True):
    """How the site's files become pages: what a reference to a page is resolved by."""

    mounts: tuple[Mount, ...] = (Mount("content"),)
    languages: Mapping[str, Language] = {}
    default: str = "en"
    rules: Rules = Rules()


class Addressed(Struct, frozen=True):
    """What of a page goes into its address; `url` is the front matter's own."""

    page: Page
    date: datetime
    title: str = ""
    slug: str = ""
    url: str = ""


def address(of: Addressed, language: Language, rules: Rules, permalink: str = "") -> str:
    """The address below the language's home; `permalink` goes before the site's own patterns."""
    # Hugo refuses a url with a host of its own.
    if of.url and not re.match("https?:", of.url):
        return link_of_url(_expanded(of.url, of, rules), language.prefix)
    page, spelling = of.page, rules.spelling
    pattern = permalink or next(
        (rule.pattern for rule in language.permalinks if matches(rule.pages, page.path)), ""
    )
    ugly = rules.ugly if isinstance(rules.ugly, bool) else page.section in rules.ugly
    name = of.slug or (page.name if spelling.keeps_case else normal(page.name))
    # A page that is called "index" but is no bundle is the index of its folder.
    ugly = ugly or (name == "index" and page.kind != "leaf" and not pattern)
    found = link(
        _expanded(pattern, of, rules), _folder(page, rules), name, ugly=ugly, spelling=spelling
    )
    return f"/{language.prefix}{found}" if language.prefix else found


def unknown_tokens(pattern: str) -> list[str]:
    """The names in `pattern` that stand for nothing."""
    return [name for name in token_names(pattern) if name not in _TOKENS | _DATE_TOKENS]


def _folder(page: Page, rules: Rules) -> str:
    """The page's folder, each section's slug in the place of its name."""
    logical = normal(page.folder)
    parts = (page.folder if rules.spelling.keeps_case else logical).split("/")
    for size in range(1, len(parts) + 1):
        section = rules.sections.get("/".join(logical.split("/")[:size]))
        if section and section.slug:
            parts[size - 1] = section.slug
    return "/".join(parts)


def _expanded(pattern: str, of: Addressed, rules: Rules) -> str:
    if ":" not in pattern:
        return pattern
    dates = date_tokens(of.date)

    def value(name: str, spec: str | None) -> str | None:
        if name in dates:
            return dates[name]
        return _value(name, spec, of, rules) if name in _TOKENS else None

    return expand(pattern, value)


def _value(name: str, spec: str | None, of: Addressed, rules: Rules) -> str:
    if name == "section":
        return of.page.section
    if name.startswith("section"):
        return _of_sections(name, spec, of.page, rules)
    if name.startswith("slug") and of.slug:
        return urlize(of.slug, rules.spelling)
    if name in ("title", "slug"):
        return urlize(re.sub(r"[/\\]", "-", of.title), rules.spelling)
    return urlize(of.page.name, rules.spelling)


def _of_sections(name: str, spec: str | None, page: Page, rules: Rules) -> str:
    names = _above(page, rules)
    if name == "sections":
        return "/".join(cut(names, spec))
    slugs = [
        urlize(_called(folder, rules), rules.spelling)
        for folder in ("/".join(names[:size]) for size in range(1, len(names) + 1))
        if "/" not in folder or folder in rules.sections
    ]
    return "/".join(slugs[:1] if name == "sectionslug" else cut(slugs, spec))


def _above(page: Page, rules: Rules) -> list[str]:
    """The names of the section that the page is in: the deepest with a list page of its own."""
    parts = normal(page.folder).split("/") if page.folder else []
    for size in range(len(parts), 1, -1):
        if "/".join(parts[:size]) in rules.sections:
            return parts[:size]
    return parts[:1]


def _called(folder: str, rules: Rules) -> str:
    section = rules.sections.get(folder, Section())
    return section.slug or section.title or folder.rpartition("/")[2]
