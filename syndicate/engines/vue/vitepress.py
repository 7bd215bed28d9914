"""VitePress: `.vitepress/config.*`, `srcDir`, `cleanUrls` and `rewrites`.

Follows the source of version 1.6. The configuration is not run.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count
from pathlib import Path, PurePosixPath
from typing import ClassVar, Self

from syndicate.engines.base import Facts
from syndicate.engines.shared.patterns import MOST, groups
from syndicate.engines.shared.permalinks import date_placeholders, expand, slugify
from syndicate.engines.shared.scripted import not_run
from syndicate.engines.shared.scripts import block, literal, named, unread
from syndicate.engines.shared.url_parts import encoded, resolved
from syndicate.engines.vue.pages import (
    ENDINGS,
    VuePages,
    blocks_of,
    computed,
    literals,
    locales_of,
    scripts_of,
    settings_from,
)
from syndicate.model import Problem, PublicFolder

__all__ = ["VitePress"]

_FOLDER = ".vitepress"
SCRIPTS = tuple(f"{_FOLDER}/config{name}.{ending}" for name in ("", "/index", "/shared")
                for ending in ENDINGS)  # fmt: skip
_OTHERS = ("theme/config", "blog-theme", "theme", "genFeed", "feed", "rss")
_THEMES = tuple(f"{_FOLDER}/{name}.{ending}" for name in _OTHERS for ending in ENDINGS)
_CLEAN = re.compile(r"(?<![\w.$])cleanUrls\s{0,20}:\s{0,20}(?:true\b|['\"`])")
_EXCLUDED = re.compile(r"(?<![\w.$])srcExclude\s{0,20}:\s{0,20}\[([^\]]{0,4000})\]")
_QUOTED = re.compile(r"[\"'`]([^\"'`\n]{1,400})[\"'`]")
_REWRITE = re.compile(
    r"[\"'`]([^\"'`\n]{1,400})[\"'`]\s{0,20}:\s{0,20}[\"'`]([^\"'`\n]{1,400})[\"'`]"
)
_PARAMETER = re.compile(r":(\w+)(?:\(([^()]{0,100})\))?([*+]?)|\(([^()]{1,100})\)")


class VitePress(VuePages, frozen=True):
    """A VitePress site. `rewrites` maps patterns of pages to their new paths."""

    name: ClassVar[str] = "vitepress"
    marks: ClassVar[tuple[str, ...]] = SCRIPTS
    clean_urls: bool = False
    rewrites: tuple[tuple[str, str], ...] = ()
    permalinks: bool = False
    """True if a plug-in uses the pages' own `permalink`."""

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literals of the configuration."""
        base, mark = cls.found(root)
        names = [base + name for name in (*SCRIPTS, *_THEMES)]
        text = scripts_of(root, names)
        top = blocks_of(text)
        source = (named(top, "srcDir", text) or "").removeprefix("./").strip("/")
        excluded = _EXCLUDED.search(text)
        url = literals(text, "hostname", "siteUrl", "SITE_URL", "baseUrl")
        engine = cls(
            settings=settings_from(text, top, url, literal(text, "author")),
            pages=str(PurePosixPath(base) / source).strip("./"),
            locales=locales_of(text),
            excluded=tuple(_QUOTED.findall(excluded[1])[:MOST]) if excluded else (),
            clean_urls=bool(_CLEAN.search(top)),
            rewrites=tuple(_rewrites(text)),
            permalinks="createRewrites" in text,
        )
        known = {"base": engine.settings.base, "srcDir": source, "cleanUrls": engine.clean_urls,
                 "rewrites": engine.rewrites or engine.permalinks}  # fmt: skip
        problems = (*unread(root, names), *computed(mark, top, known))
        return engine, (*problems, *not_run(names, root, "only its literal values are read"))

    def is_index(self, path: PurePosixPath) -> bool:
        """Return True if the page is its folder's index. A README is not."""
        return path.stem == "index"

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return `public`, and the pages' folder, whose files are published under new names."""
        public = PublicFolder(f"{self.pages}/public".lstrip("/"), self.site.url)
        return (public, PublicFolder(self.pages, "", aliases=("@/",)))

    def address(self, facts: Facts) -> str:
        """Use the rewritten path: without an ending if `cleanUrls` is on, else with .html."""
        inner = self._rewritten(self.inner(facts.path))
        if self.permalink:
            slug = slugify(PurePosixPath(inner).stem)
            values = {**date_placeholders(facts.date), "slug": slug, "title": slug}
            values |= {"path": str(PurePosixPath(inner).with_suffix(""))}
            return encoded(resolved(expand(self.permalink, values)))
        own = facts.meta.get("permalink") if self.permalinks else None
        inner = f"{own.strip('/')}.md" if isinstance(own, str) and own.strip("/") else inner
        return self.page_address(inner, "" if self.clean_urls else ".html")

    def _rewritten(self, inner: str) -> str:
        for pattern, target in self.rewrites:
            if pattern == inner:
                return target
            if filled := groups(_as_regex(pattern), inner, whole=True):
                return _filled(target, filled)
        return inner

    def variables(self) -> dict[str, object]:
        """Add the switch for links without an ending."""
        return {**super().variables(), "html_links": not self.clean_urls}


@lru_cache(maxsize=1_000)
def _as_regex(pattern: str) -> str:
    """Convert a rewrite's pattern (``:slug``, ``:id(\\d+)``) to a regular expression."""
    parts, start, unnamed = [], 0, 0
    for match in _PARAMETER.finditer(pattern):
        inside = match[2] or match[4] or {"*": ".*", "+": ".+"}.get(match[3], "[^/]+")
        name = match[1] or f"_{unnamed}"
        unnamed += not match[1]
        parts += [re.escape(pattern[start : match.start()]), f"(?P<{name}>{inside})"]
        start = match.end()
    return "".join((*parts, re.escape(pattern[start:])))


def _filled(target: str, values: Mapping[str, str]) -> str:
    """Fill in the parameters of a rewrite's target; unnamed parameters go by their order."""
    unnamed = count()
    return _PARAMETER.sub(lambda item: values.get(item[1] or f"_{next(unnamed)}", ""), target)


def _rewrites(text: str) -> Iterator[tuple[str, str]]:
    opening = r"(?<![\w.$])rewrites\s{0,20}(?::[^={}\n]{0,60}=|[:=])"
    for match in _REWRITE.finditer(block(text, opening)):
        yield match[1], match[2]
