"""Hugo: `hugo.toml` or `config.toml`, `content/`, and the permalinks of its pages.

Checked against version 0.168. Posts are the pages of the main sections: the sections in
`mainSections`, else the sections with a date in their permalinks, else the largest section.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

from msgspec import structs

from syndicate.engines.base import Dialect, Engine, Facts, Separator, Sign
from syndicate.engines.hugo.addresses import Addressed, Pages, Rules, address, unknown_tokens
from syndicate.engines.hugo.content_tree import (
    FOREIGN_ENDINGS,
    OWN_FOLDERS,
    Cascade,
    Page,
    Section,
    Tree,
    authors_of,
    cascades,
    handed_down,
    locks_of,
    main_sections,
    page_at,
    read_tree,
    section_names,
)
from syndicate.engines.hugo.page_dates import date_keys, unread_sources
from syndicate.engines.hugo.site_config import (
    Language,
    Mount,
    configuration_of,
    languages,
    left_out_patterns,
    mounts,
    read_config,
    settings,
    static_folders,
)
from syndicate.engines.hugo.url_rules import Spelling, normal
from syndicate.engines.shared.grammars import hugo_grammar
from syndicate.engines.shared.patterns import MOST, is_regex, occurs
from syndicate.engines.shared.settings_files import mapping_files, read_mapping
from syndicate.engines.shared.url_parts import folder_of_page
from syndicate.engines.shared.values import as_map, as_strings, as_text
from syndicate.files.read import is_folder, is_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Hugo"]

_NEVER = (False, "false", "never")
_HUGOS_OWN = frozenset(
    ("title", "slug", "url", "date", "lastmod", "publishdate", "expirydate", "draft", "build",
     "headless", "cascade")
)  # fmt: skip
"""Fields that Hugo reads at the top of the front matter only, not in `params`."""
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)(.*)", re.DOTALL)


class Hugo(Engine, frozen=True):
    """A Hugo site. `load` sets the fields from the configuration and the folders."""

    name: ClassVar[str] = "hugo"
    languages_apart: bool = True
    date_keys: tuple[str, ...] = ("date", "publishdate", "lastmod")
    updated_keys: tuple[str, ...] = ("lastmod", "modified")
    release_keys: tuple[str, ...] = ("publishdate", "pubdate", "published")
    expiry_keys: tuple[str, ...] = ("expirydate", "unpublishdate")
    title_from_heading: bool = False
    undated_are_published: bool = True
    category_keys: tuple[str, ...] = ("categories",)
    tag_keys: tuple[str, ...] = ("tags",)
    terms_split: Separator = ""
    folders_add_categories: bool = False
    dialect: Dialect = "hugo"
    params: Mapping[str, Any] = {}

    mounts: tuple[Mount, ...] = (Mount("content"),)
    static: tuple[str, ...] = ("static",)
    default_language: str = "en"
    languages: Mapping[str, Language] = {}
    main_sections: frozenset[str] = frozenset(("posts",))
    rules: Rules = Rules()
    cascades: Mapping[str, tuple[Cascade, ...]] = {}
    bundles: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    later_date_keys: tuple[str, ...] = ()
    """Keys of the date that are read after the file name."""
    name_gives_slug: bool = False
    """True if a file name that begins with a date also gives the slug."""

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for `hugo.*`, `config/_default/`, or a `config.*` with Hugo's settings.

        Many programs have a `config.*`: without a folder `content/` it is only a hint.
        """
        mark = configuration_of(root)
        certain = not mark.startswith("config.") or is_folder(root / "content")
        return Sign(mark, certain) if mark else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the configuration and walk the content folders once."""
        config, faults = read_config(root)
        engine, problems = cls._read(root, config)
        return engine, (*faults, *problems)

    @classmethod
    def _read(cls, root: Path, config: Mapping[str, Any]) -> tuple[Self, tuple[Problem, ...]]:
        default, spoken = languages(config)
        mounted = mounts(config, default)
        tree, tree_faults = read_tree(root, mounted, spoken, default)
        people, people_faults = _people(root)
        doubts = tuple(_doubts(config, configuration_of(root), tree, spoken))
        engine = structs.replace(
            cls._from(config, tree, {**authors_of(tree.headers), **people}),
            grammar=hugo_grammar(config, root),
        )
        return engine, (*tree_faults, *people_faults, *doubts)

    @classmethod
    def _from(cls, config: Mapping[str, Any], tree: Tree, people: Mapping[str, Any]) -> Self:
        default, spoken = languages(config)
        keys = date_keys(config)
        inherited = {
            folder: (*cascades(head.get("cascade")), *cascades(locks_of(head)))
            for folder, head in tree.headers.items()
        }
        inherited["."] = cascades(config.get("cascade"))
        inherited = {folder: found for folder, found in inherited.items() if found}
        main = main_sections(config, tree)
        return cls(
            settings=settings(config, default),
            drafts=config.get("builddrafts") is True,
            future=config.get("buildfuture") is True,
            people=people,
            date_keys=keys.date,
            later_date_keys=keys.later,
            name_gives_slug=keys.asks_name,
            updated_keys=keys.updated,
            expiry_keys=() if config.get("buildexpired") is True else keys.expiry,
            mounts=mounts(config, default),
            static=static_folders(config),
            default_language=default,
            languages=spoken,
            main_sections=main,
            rules=_rules(config, section_names(tree, main, inherited)),
            cascades=inherited,
            bundles=tree.bundles,
            params=config.get("params") or {},
            ignored=tuple(filter(is_regex, islice(left_out_patterns(config), MOST))),
        )

    def narrowed(self, root: Path, parts: Sequence[str]) -> Self:
        """Make the sections that hold `parts` the main sections."""
        pages = [self._page(f"{part}/_") for part in parts]
        sections = {page.section for page in pages if page}
        if not sections or "" in sections or sections <= self.main_sections:
            return self
        config, _ = read_config(root)
        return self._read(root, {**config, "mainsections": sorted(sections)})[0]

    def enters(self, folder: str) -> LeftOut | None:
        """Enter the main sections, and the folders that lead to them."""
        if folder.rpartition("/")[2].startswith("."):
            return LeftOut(f"{folder}/", "hidden folder")
        if folder in OWN_FOLDERS and not any(
            f"{m.folder}/".startswith(f"{folder}/") for m in self.mounts
        ):
            return LeftOut(f"{folder}/", "not in a content folder")
        if any(m.folder == "." or f"{m.folder}/".startswith(f"{folder}/") for m in self.mounts):
            return None
        page = self._page(f"{folder}/_")
        if page is None:
            return LeftOut(f"{folder}/", "not in a content folder")
        if page.section in self.main_sections:
            return None
        return LeftOut(f"{folder}/", self._elsewhere(page.section))

    def place(self, path: str) -> Place | LeftOut:
        """Take pages of the main sections in Markdown or HTML, but no list pages or resources."""
        page = self._page(path)
        if page is None:
            return LeftOut(path, "not in a content folder")
        reason = self._no_post(path, page)
        if reason:
            return LeftOut(path, reason)
        several = sum(not language.disabled for language in self.languages.values()) > 1
        return Place(page.section or "pages", language=self._language(page).tag if several else "")

    def _no_post(self, path: str, page: Page) -> str:
        name = path.rpartition("/")[2]
        if name.startswith(".") or name.endswith("~"):
            return "hidden file"
        if name == "_content.gotmpl":
            return "a template that makes pages; it is not run"
        if page.kind == "file":
            return f"not Markdown or HTML ({page.ending or 'no ending'})"
        if page.kind == "branch":
            return "a list page"
        return self._no_page(path, page) or self._no_page_of_ours(page)

    def _no_page(self, path: str, page: Page) -> str:
        """Return why the content file is not a page of Hugo's; empty if it is."""
        if any(occurs(pattern, f"/{path}") for pattern in self.ignored):
            return "ignored by ignoreFiles"
        if self._language(page).disabled:
            return f"the language {page.language} is disabled"
        bundle = self._bundle(path, page)
        return f"a resource of the page in {bundle}/" if bundle else ""

    def _no_page_of_ours(self, page: Page) -> str:
        if page.section not in self.main_sections:
            return self._elsewhere(page.section)
        markup = FOREIGN_ENDINGS.get(page.ending)
        return f"{markup} cannot be read; export it to Markdown or HTML" if markup else ""

    def _elsewhere(self, section: str) -> str:
        named = ", ".join(sorted(self.main_sections))
        what = f"in the section {section}" if section else "in no section"
        return f"{what}, not in the main sections ({named})"

    def _bundle(self, path: str, page: Page) -> str:
        """Return the leaf bundle whose resource the file is; empty if the file is a page."""
        folder = path.rpartition("/")[0]
        if page.kind == "leaf":
            folder = folder.rpartition("/")[0]
        while folder and self.bundles:
            if folder in self.bundles:
                return folder
            folder = folder.rpartition("/")[0]
        return ""

    def _page(self, path: str) -> Page | None:
        return page_at(path, self.mounts, self.languages, self.default_language)

    def _language(self, page: Page) -> Language:
        return self.languages.get(page.language) or Language(page.language, page.language)

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Return the values of `cascade`. Nearer sections win, the site's own comes last."""
        page = self._page(path) if self.cascades else None
        if page is None:
            return {}
        return handed_down(page.path, "page", normal(page.folder), self.cascades)

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add the keys in lower case, since Hugo ignores case, and the values of `params`."""
        folded = {key.lower(): value for key, value in meta.items()}
        params = {str(key).lower(): value for key, value in as_map(folded.get("params")).items()}
        own = {key: value for key, value in params.items() if key not in _HUGOS_OWN}
        return {**own, **meta, **folded}

    def file_date(self, path: str) -> str:
        """Return the date at the start of the file's or the bundle's name."""
        page = self._page(path)
        match = _DATED.match(page.name) if page else None
        return match[1] if match else ""

    def file_title(self, path: str) -> str:
        """Return no title, as Hugo does."""
        return ""

    def other_date(self, path: str, meta: Mapping[str, Any]) -> Any:
        """Return the file name's date, else the keys after ``:filename`` in `[frontmatter]`."""
        later = (meta[key] for key in self.later_date_keys if meta.get(key))
        return self.file_date(path) or next(later, "")

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold headless pages, and pages that `build` keeps out of lists or does not render."""
        if meta.get("headless") in (True, "true"):
            return "headless: true"
        for key in ("build", "_build"):
            options = as_map(meta.get(key))
            if options.get("render") in _NEVER:
                return f"{key}.render: never"
            if options.get("list") in (*_NEVER, "local"):
                return f"{key}.list: {options['list']}"
        return ""

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the bundle, the folders of static files, `assets`, and the content folders."""
        bundle = self.cover_folder(path)
        own = (PublicFolder(bundle, folder_of_page(url)),) if bundle else ()
        content = tuple(
            PublicFolder(
                mount.folder.removeprefix("."), f"{self.site.url}/{mount.target}".rstrip("/")
            )
            for mount in self.mounts
            if mount.language in ("", self.default_language)
        )
        static = tuple(PublicFolder(item, self.site.url) for item in (*self.static, "assets"))
        return (*own, *static, *content)

    def cover_folder(self, path: str) -> str:
        """Return the leaf bundle of the post; empty if it has none."""
        page = self._page(path)
        return path.rpartition("/")[0] if page and page.kind == "leaf" else ""

    def variables(self) -> Mapping[str, Any]:
        """Return the values that the shortcodes `param` and `ref` need, and the language."""
        pages = Pages(self.mounts, self.languages, self.default_language, self.rules)
        return {"params": self.params, "pages": pages, "language": self.default_language}

    def address(self, facts: Facts) -> str:
        """Use the page's `url`, else its section's permalink, else its path and slug.

        The address is absolute if the page's language has another host than the site.
        """
        page = self._page(facts.path) or Page("", facts.path, "", "file", self.default_language)
        language = self._language(page)
        subject = Addressed(
            page=page,
            date=facts.date,
            title=as_text(facts.meta.get("title")),
            slug=self._slug(page, facts.meta),
            url=as_text(facts.meta.get("url")),
        )
        found = address(subject, language, self.rules, self.permalink)
        elsewhere = language.host and language.host != self.settings.url
        return f"{language.host}{found}" if elsewhere else found

    def _slug(self, page: Page, meta: Mapping[str, Any]) -> str:
        slug = meta.get("slug")
        if slug is None and self.name_gives_slug:
            match = _DATED.match(page.name)
            dated = any(meta.get(key) for key in self.date_keys)
            slug = match[2].strip(" -_") if match and not dated else ""
        return as_text(slug).strip("-")


def _rules(config: Mapping[str, Any], sections: Mapping[str, Section]) -> Rules:
    ugly = config.get("uglyurls")
    some = frozenset(section for section, on in as_map(ugly).items() if on is True)
    spelling = Spelling(
        keeps_case=config.get("disablepathtolower") is True,
        drops_accents=config.get("removepathaccents") is True,
    )
    return Rules(sections, some or ugly is True, spelling)


def _people(root: Path) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Read the authors of `data/authors.*` and of the files in `data/authors/`."""
    people: dict[str, Any] = {}
    names, problems = mapping_files(root, "data/authors")
    for name in names:
        people[PurePosixPath(name).stem], faults = read_mapping(root, name)
        problems += faults
    for ending in ("toml", "yaml", "yml", "json"):
        name = f"data/authors.{ending}"
        if is_there(root / name):
            values, faults = read_mapping(root, name)
            people.update(values)
            problems += faults
    return people, problems


def _doubts(
    config: Mapping[str, Any], name: str, tree: Tree, spoken: Mapping[str, Language]
) -> Iterator[Problem]:
    """Yield a Problem for each setting that is not supported or wrong."""
    for markup, count in sorted(tree.foreign.items()):
        what = f"{count} {'file is' if count == 1 else 'files are'} in {markup}, which is not read"
        yield Problem("content/", "markup", what, "export them to Markdown or HTML")
    for pattern in as_strings(config.get("ignorefiles"))[:MOST]:
        if not is_regex(pattern):
            what = f"ignoreFiles: {pattern!r} is not a regular expression"
            yield Problem(name, "engine-config", what, "correct the pattern")
    patterns = {rule.pattern for language in spoken.values() for rule in language.permalinks}
    for pattern in sorted(patterns):
        for token in unknown_tokens(pattern):
            what = f"permalinks: unknown token ':{token}' in {pattern!r}"
            yield Problem(name, "engine-config", what, "use the tokens that Hugo documents")
    for source in unread_sources(config):
        what = f"frontmatter.date: {source} is not used, because it differs between machines"
        yield Problem(name, "engine-config", what, "write the date into the front matter")
