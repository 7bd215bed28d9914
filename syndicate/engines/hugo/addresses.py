"""Make the address of a Hugo page: from its `url`, its section's permalink, or path and slug."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from syndicate.engines.hugo.content_tree import Page, Section
from syndicate.engines.hugo.site_config import Language, Mount
from syndicate.engines.hugo.url_rules import (
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
from syndicate.engines.shared.patterns import matches

__all__ = ["Addressed", "Pages", "Rules", "address", "unknown_tokens"]

_TOKENS = frozenset(
    ("section", "sectionslug", "sections", "sectionslugs", "title", "slug", "slugorfilename",
     "filename", "contentbasename", "slugorcontentbasename")
)  # fmt: skip
_DATE_TOKENS = frozenset(date_tokens(datetime(2000, 1, 1, tzinfo=UTC)))


class Rules(Struct, frozen=True):
    """Rules of the site's addresses. `ugly` (``.html``) is True, or the sections that are."""

    sections: Mapping[str, Section] = {}
    ugly: bool | frozenset[str] = False
    spelling: Spelling = Spelling()


class Pages(Struct, frozen=True):
    """Rules by which files become pages. References to pages are resolved by them."""

    mounts: tuple[Mount, ...] = (Mount("content"),)
    languages: Mapping[str, Language] = {}
    default: str = "en"
    rules: Rules = Rules()


class Addressed(Struct, frozen=True):
    """The parts of a page's address. `url` is the field of the front matter."""

    page: Page
    date: datetime
    title: str = ""
    slug: str = ""
    url: str = ""


def address(of: Addressed, language: Language, rules: Rules, permalink: str = "") -> str:
    """Return the page's address. `permalink` wins over the site's own patterns."""
    # Hugo rejects a url with a host.
    if of.url and not re.match("https?:", of.url):
        return link_of_url(_expanded(of.url, of, rules), language.prefix)
    page, spelling = of.page, rules.spelling
    pattern = permalink or next(
        (rule.pattern for rule in language.permalinks if matches(rule.pages, page.path)), ""
    )
    ugly = rules.ugly if isinstance(rules.ugly, bool) else page.section in rules.ugly
    name = of.slug or (page.name if spelling.keeps_case else normal(page.name))
    # A page with the name "index" that is no bundle is the index of its folder.
    ugly = ugly or (name == "index" and page.kind != "leaf" and not pattern)
    found = link(
        _expanded(pattern, of, rules), _folder(page, rules), name, ugly=ugly, spelling=spelling
    )
    return f"/{language.prefix}{found}" if language.prefix else found


def unknown_tokens(pattern: str) -> list[str]:
    """Return the tokens of `pattern` that Hugo does not have."""
    return [name for name in token_names(pattern) if name not in _TOKENS | _DATE_TOKENS]


def _folder(page: Page, rules: Rules) -> str:
    """Return the page's folder, with the sections' slugs for their names."""
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
    names = _section_path(page, rules)
    if name == "sections":
        return "/".join(cut(names, spec))
    slugs = [
        urlize(_section_name(folder, rules), rules.spelling)
        for folder in ("/".join(names[:size]) for size in range(1, len(names) + 1))
        if "/" not in folder or folder in rules.sections
    ]
    return "/".join(slugs[:1] if name == "sectionslug" else cut(slugs, spec))


def _section_path(page: Page, rules: Rules) -> list[str]:
    """Return the path of the page's section: the deepest folder above it with a list page."""
    parts = normal(page.folder).split("/") if page.folder else []
    for size in range(len(parts), 1, -1):
        if "/".join(parts[:size]) in rules.sections:
            return parts[:size]
    return parts[:1]


def _section_name(folder: str, rules: Rules) -> str:
    section = rules.sections.get(folder, Section())
    return section.slug or section.title or folder.rpartition("/")[2]
