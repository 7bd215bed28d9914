"""Resolve Hugo's ``ref`` and ``relref`` as Hugo's page finder does (checked with Hugo 0.168).

A path is looked up beside the page, then from the content's root. A bare name is last looked up
among all pages, and found only if exactly one page has it. Extension, language suffix, ``index``
and case are ignored, because a reference means the page in the requested language.
"""

import posixpath
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from syndicate.content.marks.context import (
    ByValue,
    Context,
    Dependency,
    add_dependency,
    contained,
    links_by_value,
)
from syndicate.engines.hugo.addresses import Addressed, Pages, Rules, address
from syndicate.engines.hugo.content_tree import TEXT_ENDINGS, Page, page_at
from syndicate.engines.hugo.site_config import Language
from syndicate.engines.hugo.url_rules import normal
from syndicate.engines.shared.settings_files import read_front_matter
from syndicate.engines.shared.values import as_text

__all__ = ["is_same_reference", "page_reference"]

_NO_DATE = datetime(1, 1, 1, tzinfo=UTC)
_FORMS = {
    "amp": ("amp", ""), "calendar": ("", "index.ics"), "csv": ("", "index.csv"),
    "json": ("", "index.json"), "markdown": ("", "index.md"), "rss": ("", "index.xml"),
}  # fmt: skip
"""Hugo's output formats besides HTML: the folder before a page's path, the file after it."""


def page_reference(context: Context, target: str, language: str = "", form: str = "") -> str:
    """Return the absolute address of the page that `target` names, or "".

    `language` is a key of the site's languages (default: the language of the referring page).
    `form` is an output format. A fragment is kept, a query is dropped.
    """
    path, mark, fragment = target.partition("#")
    path = unquote(path.partition("?")[0])
    whole = _address(context, path, language.lower()) if path else ""
    if not whole:
        return ""
    start, end = _FORMS.get(form.lower(), ("", ""))
    if start:
        home = _home(context, _pages(context), _language_of(context, language))
        whole = f"{home}{start}/{whole.removeprefix(home)}"
    return f"{whole}{end}{mark}{fragment}"


def is_same_reference(dependency: Dependency, context: Context) -> bool:
    """Return True if the reference leads to the same address now."""
    language, _, path = dependency.what.partition("\n")
    return _found(context, path, language) == dependency.answer


def _address(context: Context, path: str, language: str) -> str:
    resolved = _found(context, path, language)
    add_dependency("ref", context.path, f"{language}\n{path}", resolved)
    return resolved


def _found(context: Context, path: str, language: str) -> str:
    pages = _pages(context)
    language = _language_of(context, language)
    posts, names = _index(links_by_value(context), ByValue(pages, context.base), context.base).get(
        language, ({}, {})
    )
    for logical in _candidates(context, pages, path):
        if logical == "/":
            return _home(context, pages, language)
        if found := posts.get(logical) or _elsewhere(context, pages, logical, language):
            return found
    return "" if "/" in path.rstrip("/") else names.get(_logical(path, pages)[1:], "")


def _candidates(context: Context, pages: Pages, path: str) -> Iterator[str]:
    """Yield the logical paths that `path` may mean, the nearest first."""
    path = path.replace("\\", "/")
    if not path.startswith("/"):
        own = _own(context, pages)
        folder = own.folder
        if own.kind == "leaf" and path.startswith("../") and _has_ending(path):
            folder = posixpath.join(folder, own.name)
        yield _logical(posixpath.join("/", folder, path), pages)
    if not path.startswith("."):
        yield _logical(f"/{path}", pages)


def _logical(path: str, pages: Pages) -> str:
    """Return Hugo's name for a page: in lower case, without extension, language and ``index``."""
    folder, _, name = posixpath.normpath(f"/{normal(path)}").rpartition("/")
    if _has_ending(name):
        name = posixpath.splitext(name)[0]
        stem, dot, suffix = name.rpartition(".")
        name = stem if dot and suffix in pages.languages else name
    name = "" if name in ("index", "_index") else name
    return posixpath.normpath(f"/{folder.strip('/')}/{name}").replace("//", "/")


def _has_ending(path: str) -> bool:
    return posixpath.splitext(path)[1].lower() in TEXT_ENDINGS


def _elsewhere(context: Context, pages: Pages, logical: str, language: str) -> str:
    """Return the address of a page that is not a post, found by its file, or ""."""
    settings = pages.languages.get(language) or Language(language, language)
    for mount in pages.mounts:
        below = posixpath.relpath(logical, f"/{mount.target}")
        if below.startswith("..") or (mount.language or language) != language:
            continue
        unmarked = language == pages.default or bool(mount.language)
        for name in (f"{below}{{}}.md", f"{below}/index{{}}.md", f"{below}/_index{{}}.md"):
            for end in (f".{language}", "") if unmarked else (f".{language}",):
                file = posixpath.join(mount.folder, name.format(end))
                if contained(context.root, file) is not None:
                    return _of_file(context, pages, file, settings)
    return ""


def _of_file(context: Context, pages: Pages, file: str, language: Language) -> str:
    page = page_at(file, pages.mounts, pages.languages, pages.default)
    if page is None:
        return ""
    header = {k.lower(): v for k, v in read_front_matter(context.root, file)[0].items()}
    if page.kind == "branch":
        folder, _, name = page.folder.rpartition("/")
        page = msgspec.structs.replace(page, folder=folder, name=name, kind="page")
        language = msgspec.structs.replace(language, permalinks=())
    subject = Addressed(
        page=page,
        date=_NO_DATE,
        title=as_text(header.get("title")),
        slug=as_text(header.get("slug")).strip("-"),
        url=as_text(header.get("url")),
    )
    return _absolute(context.base, language, address(subject, language, pages.rules))


def _home(context: Context, pages: Pages, language: str) -> str:
    settings = pages.languages.get(language) or Language(language, language)
    return _absolute(context.base, settings, f"/{settings.prefix}/" if settings.prefix else "/")


def _absolute(base: str, language: Language, path: str) -> str:
    return f"{language.host or base}{path}"


def _pages(context: Context) -> Pages:
    pages = context.site.get("pages")
    return pages if isinstance(pages, Pages) else Pages()


def _own(context: Context, pages: Pages) -> Page:
    page = page_at(context.path, pages.mounts, pages.languages, pages.default)
    return page or Page("", context.path, "", "file", pages.default)


def _language_of(context: Context, language: str) -> str:
    pages = _pages(context)
    return language.lower() or _own(context, pages).language


Index = Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]


class _Names(Struct):
    """Addresses of one language's pages, by logical path and by name (if only one page has it)."""

    paths: dict[str, str]
    names: dict[str, str]

    def add(self, path: str, address: str) -> None:
        name = path.rpartition("/")[2]
        self.names[name] = "" if name in self.names else address
        self.paths.setdefault(path, address)


@lru_cache(maxsize=1)
def _index(held: ByValue[Mapping[str, str]], site: ByValue[Pages], base: str) -> Index:
    """Index posts and their sections by language."""
    links, pages = held.value, site.value
    names: dict[str, _Names] = {}
    sections: dict[tuple[str, str], None] = {
        (pages.default, f"/{folder}"): None for folder in pages.rules.sections
    }
    for path in sorted(links):
        page = page_at(path, pages.mounts, pages.languages, pages.default)
        if page is not None:
            names.setdefault(page.language, _Names({}, {})).add(page.path, links[path])
            sections[page.language, f"/{page.section}"] = None
    for language, path in sections:
        settings = pages.languages.get(language) or Language(language, language)
        if path != "/":
            names.setdefault(language, _Names({}, {})).add(
                path, _absolute(base, settings, _section(path, settings, pages.rules))
            )
    return {language: (entry.paths, entry.names) for language, entry in names.items()}


def _section(path: str, language: Language, rules: Rules) -> str:
    folder, _, name = path[1:].rpartition("/")
    section = rules.sections.get(path[1:])
    subject = Addressed(Page(folder, name, ".md", "page", language.key), _NO_DATE)
    subject = msgspec.structs.replace(subject, slug=section.slug if section else "")
    plain = msgspec.structs.replace(language, permalinks=())
    return address(subject, plain, Rules(rules.sections, ugly=False, spelling=rules.spelling))
