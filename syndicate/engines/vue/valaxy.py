"""Valaxy: `valaxy.config.*`, `site.config.*`, posts in `pages/posts`.

The configuration is not run; its literals are read.
"""

from pathlib import Path
from typing import ClassVar, Self

import msgspec

from syndicate.engines.base import Dialect, Facts, Sign
from syndicate.engines.shared.date_names import Synonyms
from syndicate.engines.shared.grammar import Grammar
from syndicate.engines.shared.scripted import Scripted, not_run
from syndicate.engines.shared.scripts import block, literal, members, unread, uses_package
from syndicate.engines.shared.url_parts import encoded, resolved
from syndicate.engines.vue.pages import ENDINGS, VUE_GRAMMAR, blocks_of, scripts_of, settings_from
from syndicate.files.read import first_there
from syndicate.model import Problem, PublicFolder

__all__ = ["Valaxy"]

_CONFIGS = tuple(f"valaxy.config.{ending}" for ending in ENDINGS)
_SITES = tuple(f"site.config.{ending}" for ending in ENDINGS)


class Valaxy(Scripted, frozen=True):
    """A Valaxy site."""

    name: ClassVar[str] = "valaxy"
    endings: ClassVar[tuple[str, ...]] = (".md",)
    dialect: Dialect = "vue"
    grammar: Grammar | None = VUE_GRAMMAR
    date_synonyms: Synonyms = "before-path"
    updated_keys: tuple[str, ...] = ("updated", "lastmod", "modified")

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for `valaxy.config.*`, or `site.config.*` beside a package that uses Valaxy."""
        if mark := first_there(root, _CONFIGS):
            return Sign(mark)
        mark = first_there(root, _SITES)
        return Sign(mark) if mark and uses_package(root, "valaxy") else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literals of the configuration."""
        names = (*_SITES, *_CONFIGS)
        text = scripts_of(root, names)
        site = members(block(text, r"(?<![\w.$])siteConfig\s{0,20}:")) + blocks_of(text)
        settings = settings_from(text, site, literal(site, "url"))
        timezone = literal(site, "timezone")
        engine = cls(
            settings=msgspec.structs.replace(settings, timezone=timezone),
            folders={"pages/posts": "posts"},
        )
        problems = unread(root, names)
        return engine, (*problems, *not_run(names, root, "only its literal values are read"))

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return `public`, and the blog's folder, whose files are published under new names."""
        return (PublicFolder("public", self.site.url), PublicFolder("", "", aliases=("~/", "@/")))

    def address(self, facts: Facts) -> str:
        """Use the path of the page, without its ending."""
        if self.permalink:
            return self.by_permalink(facts)
        inner = self.inner(facts.path).removesuffix(".md").removesuffix("/index")
        return encoded(resolved(f"/posts/{inner}"))
