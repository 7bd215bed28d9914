"""Rules of each site generator: where posts live, their defaults, dates and addresses.

An engine is one module here and one row of `_ENGINES`. Every engine is asked whether it recognises
a blog. An engine that recognises the blog with certainty wins. If there are only hints, such as a
folder's name, the first engine of the table wins. The plain folder comes last.
"""

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from syndicate.config.rules import is_timezone, is_web_address
from syndicate.config.schema import PostsConfig, SiteConfig
from syndicate.engines.base import Engine, Facts, Settings, Sign
from syndicate.engines.shared.logins import without_logins
from syndicate.engines.shared.people import author_in
from syndicate.engines.shared.zones import zone_of
from syndicate.errors import BlogError, ConfigError
from syndicate.files.read import closed_at
from syndicate.model import Author, Problem, Site
from syndicate.text.homes import NO_ADDRESS, PREVIEW, is_unknown
from syndicate.text.urls import encoded

__all__ = [
    "NO_ADDRESS",
    "Engine",
    "Facts",
    "Settings",
    "Sign",
    "choose",
    "engine_named",
    "engines",
    "is_sure",
    "settle",
    "sure_engines",
]

_ENGINES = {
    "hugo": ("hugo.engine", "Hugo"),
    "zola": ("zola", "Zola"),
    "hexo": ("hexo.engine", "Hexo"),
    "pelican": ("pelican.engine", "Pelican"),
    "nikola": ("nikola.engine", "Nikola"),
    "docusaurus": ("docusaurus", "Docusaurus"),
    "eleventy": ("eleventy.engine", "Eleventy"),
    "astro": ("astro.engine", "Astro"),
    "jekyll": ("jekyll.engine", "Jekyll"),
    "vuepress": ("vue.vuepress", "VuePress"),
    "vitepress": ("vue.vitepress", "VitePress"),
    "valaxy": ("vue.valaxy", "Valaxy"),
    "quartz": ("quartz.engine", "QuartzSite"),
    "plain": ("plain", "Plain"),
}
"""Module and class of each engine by its name, in the order of precedence of hints."""


def engine_named(name: str) -> type[Engine]:
    """Return the engine `name`, without importing the others. Raises KeyError."""
    module, kind = _ENGINES[name]
    engine: type[Engine] = getattr(import_module(f"syndicate.engines.{module}"), kind)
    return engine


def engines() -> tuple[type[Engine], ...]:
    """Return all engines, in the order of precedence of hints."""
    return tuple(map(engine_named, _ENGINES))


def choose(root: Path, wanted: str = "auto") -> tuple[type[Engine], str]:
    """Return the engine of the blog at `root`, and the sign by which it was recognised.

    Raises ConfigError if `wanted` is no engine, or if two engines recognise the blog with
    certainty. Raises BlogError if the folder is missing or cannot be read.
    """
    if wanted != "auto":
        if wanted in _ENGINES:
            return engine_named(wanted), "set in config.toml"
        names = ", ".join(f'"{name}"' for name in _ENGINES)
        raise ConfigError("posts.engine", f"unknown engine {wanted!r}", f'use "auto", {names}')
    recognised: list[tuple[type[Engine], Sign]] = []
    errors: list[OSError] = []
    for engine in engines():
        try:
            if sign := engine.recognise(root):
                recognised.append((engine, sign))
        except OSError as error:
            errors.append(error)
    certain = [(engine, sign) for engine, sign in recognised if sign.certain]
    if len(certain) > 1:
        names = " and ".join(f"{engine.name} ({sign.text})" for engine, sign in certain)
        what = f"the blog has the marks of {names}"
        raise ConfigError("posts.engine", what, "set [posts] engine to one of them")
    if errors and not certain:
        what = f"cannot be read ({errors[0].strerror}), so the blog's generator is unknown"
        cure = "make it readable, or set [posts] engine"
        raise BlogError(closed_at(str(errors[0].filename or root)), what, cure)
    if not recognised:
        raise BlogError(str(root), "no such folder", "set [posts] path to the folder of the blog")
    engine, sign = (certain or recognised)[0]
    return engine, sign.text


def sure_engines(root: Path) -> tuple[tuple[type[Engine], str], ...]:
    """Return the engines that recognise the folder with certainty, with their signs.

    Files that cannot be read are ignored.
    """
    signs = ((engine, _certain_sign(engine, root)) for engine in engines())
    return tuple((engine, sign) for engine, sign in signs if sign)


def is_sure(engine: type[Engine], root: Path) -> bool:
    """Return True if `engine` recognises the folder with certainty."""
    return bool(_certain_sign(engine, root))


def _certain_sign(engine: type[Engine], root: Path) -> str:
    with suppress(OSError):
        sign = engine.recognise(root)
        return sign.text if sign and sign.certain else ""
    return ""


def settle(
    engine: Engine, site: SiteConfig, posts: PostsConfig, *, name: str = "", cure: str = ""
) -> tuple[Engine, tuple[Problem, ...]]:
    """Return `engine` with its site: config.toml wins over the blog's own settings.

    `name` is the title of a blog without title and address. `cure` is the advice for a blog whose
    address is unknown. Also return the Problems of the settings.
    """
    engine, logins = without_logins(engine)
    own = engine.settings
    url = encoded((site.url or own.url or NO_ADDRESS).rstrip("/"))
    language = site.language if site.language is not None else own.language
    settled = Site(
        title=site.title or own.title or _default_title(url, name),
        url=url,
        description=site.description if site.description is not None else own.description or "",
        language=(language or "").replace("_", "-"),
        timezone=site.timezone or own.timezone or "UTC",
        author=_author(site, own, engine.people),
        icon=site.icon or own.icon or "",
        logo=site.logo or own.logo or "",
        rights=site.rights or own.rights or "",
    )
    settled, problems = _checked(settled, cure or 'set [site] url = "https://…"')
    if engine.zone_of_writer and not (site.timezone or own.timezone):
        problems = (*problems, _no_timezone(engine.name, settled.language))
    changed = msgspec.structs.replace(
        engine,
        site=settled,
        permalink=posts.permalink,
        drafts=engine.drafts if posts.drafts is None else posts.drafts,
        future=engine.future if posts.future is None else posts.future,
        tells_future=posts.future is None,
        hidden=engine.hidden if posts.hidden is None else posts.hidden,
        meaningless_marks=engine.meaningless_marks if posts.hidden is None else frozenset(),
    )
    return changed, (*logins, *problems)


def _no_timezone(generator: str, language: str) -> Problem:
    """Return the Problem of a blog whose dates depend on the machine that builds it."""
    zone = zone_of(language)
    what = (
        f"the blog names no timezone; dates without an offset were read in UTC, and {generator} "
        "reads them in the zone of its machine"
    )
    cure = f'set [site] timezone = "{zone or "Europe/Berlin"}"'
    cure = (
        f"{cure}, which fits the language {language}" if zone else f"{cure} or whichever is yours"
    )
    return Problem("config.toml", "no-timezone", what, cure)


def _default_title(url: str, name: str) -> str:
    host = url.partition("://")[2]
    return name or host if is_unknown(url) else host


def _author(site: SiteConfig, own: Settings, people: Mapping[str, Any]) -> Author | None:
    if isinstance(site.author, str):
        return Author(site.author)
    if site.author is not None:
        return Author(site.author.name, site.author.email, site.author.uri)
    if not own.author:
        return None
    known = people.get(own.author)  # a key into the blog's list of authors
    name, email = author_in({"author": known}) if known else (None, None)
    return Author(name or own.author, email or own.author_email or "")


def _checked(site: Site, cure: str) -> tuple[Site, tuple[Problem, ...]]:
    """Replace and report an invalid address and an invalid time zone."""
    problems = []
    if not is_web_address(site.url):
        what = f"{site.url!r} is not an absolute address. {PREVIEW}"
        problems.append(Problem("config.toml", "no-site-url", what, cure))
        site = msgspec.structs.replace(site, url=NO_ADDRESS, preview=True)
    elif is_unknown(site.url):
        what = PREVIEW if site.url == NO_ADDRESS else f"{PREVIEW}: {site.url} is not public"
        problems.append(Problem("config.toml", "no-site-url", what, cure))
        site = msgspec.structs.replace(site, preview=True)
    if not is_timezone(site.timezone):
        problems.append(
            Problem("config.toml", "timezone",
                    f"unknown time zone {site.timezone!r}; UTC is used instead",
                    'set [site] timezone to an IANA name such as "Europe/Berlin"')
        )  # fmt: skip
        site = msgspec.structs.replace(site, timezone="UTC")
    return site, tuple(problems)
