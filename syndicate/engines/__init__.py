"""What each site generator promises: where posts live, their defaults, dates and addresses.

An engine is one module here and one row of `_ENGINES`. All are asked whether a blog is theirs: the
one that is sure of it has it. Where there are only hints (a folder's name), the first in the
table has it: those with the most telling hints stand first, the plain folder last.
"""

from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from syndicate.config import PostsConfig, SiteConfig, is_timezone, is_web_address
from syndicate.engines.base import Engine, Facts, Hint, Settings
from syndicate.engines.logins import freed
from syndicate.engines.people import author_in
from syndicate.engines.zones import zone_of
from syndicate.errors import BlogError, ConfigError
from syndicate.files.read import closed_at
from syndicate.homes import NO_ADDRESS, PREVIEW, is_unknown
from syndicate.model import Author, Problem, Site
from syndicate.urls import encoded

__all__ = [
    "NO_ADDRESS",
    "Engine",
    "Facts",
    "Hint",
    "Settings",
    "choose",
    "engine_named",
    "engines",
    "is_sure",
    "settle",
    "sure_engines",
]

_ENGINES = {
    "hugo": ("hugo", "Hugo"),
    "zola": ("zola", "Zola"),
    "hexo": ("hexo", "Hexo"),
    "pelican": ("pelican", "Pelican"),
    "nikola": ("nikola", "Nikola"),
    "docusaurus": ("docusaurus", "Docusaurus"),
    "eleventy": ("eleventy", "Eleventy"),
    "astro": ("astro", "Astro"),
    "jekyll": ("jekyll", "Jekyll"),
    "vuepress": ("vuepress", "VuePress"),
    "vitepress": ("vitepress", "VitePress"),
    "valaxy": ("valaxy", "Valaxy"),
    "quartz": ("quartz_site", "QuartzSite"),
    "plain": ("plain", "Plain"),
}
"""Module and class of each engine by its name, in the order in which their hints count."""


def engine_named(name: str) -> type[Engine]:
    """Return the engine `name` and import no other. Raises KeyError."""
    module, kind = _ENGINES[name]
    found: type[Engine] = getattr(import_module(f"syndicate.engines.{module}"), kind)
    return found


def engines() -> tuple[type[Engine], ...]:
    """Return every engine, in the order in which their hints count."""
    return tuple(map(engine_named, _ENGINES))


def choose(root: Path, wanted: str = "auto") -> tuple[type[Engine], str]:
    """The engine of the blog at `root`, and why. Raises ConfigError, BlogError.

    Two that are both sure are an error that names both.
    """
    if wanted != "auto":
        if wanted in _ENGINES:
            return engine_named(wanted), "config.toml says so"
        names = ", ".join(f'"{name}"' for name in _ENGINES)
        raise ConfigError("posts.engine", f"{wanted!r} is not known", f'use "auto", {names}')
    answers: list[tuple[type[Engine], str]] = []
    unread: list[OSError] = []
    for engine in engines():
        try:
            if why := engine.recognise(root):
                answers.append((engine, why))
        except OSError as error:
            unread.append(error)
    sure = [(engine, why) for engine, why in answers if not isinstance(why, Hint)]
    if len(sure) > 1:
        told = " and ".join(f"{engine.name} ({why})" for engine, why in sure)
        raise ConfigError("posts.engine", f"the blog may be {told}", "set [posts] engine to one")
    if unread and not sure:
        what = f"cannot be read ({unread[0].strerror}), and may say which generator the blog is for"
        cure = "make it readable, or set [posts] engine"
        raise BlogError(closed_at(str(unread[0].filename or root)), what, cure)
    if not answers:
        raise BlogError(str(root), "no such folder", "set [posts] path to the folder of the blog")
    engine, why = (sure or answers)[0]
    return engine, str(why)  # no longer a Hint


def sure_engines(root: Path) -> tuple[tuple[type[Engine], str], ...]:
    """Return the engines whose blog the folder certainly is, each with what tells.

    A file that cannot be read tells nothing.
    """
    found = ((engine, _mark(engine, root)) for engine in engines())
    return tuple((engine, mark) for engine, mark in found if mark)


def is_sure(engine: type[Engine], root: Path) -> bool:
    """Return True if the folder certainly is a blog of `engine`."""
    return bool(_mark(engine, root))


def _mark(engine: type[Engine], root: Path) -> str:
    with suppress(OSError):
        why = engine.recognise(root)
        return "" if why is None or isinstance(why, Hint) else why
    return ""


def settle(
    engine: Engine, site: SiteConfig, posts: PostsConfig, *, name: str = "", cure: str = ""
) -> tuple[Engine, tuple[Problem, ...]]:
    """Return `engine` with its site settled: config.toml first, then the blog's own settings.

    A blog without title and address is called `name`. `cure` says what to do where the address is
    unknown.
    """
    engine, logins = freed(engine)
    own = engine.settings
    url = encoded((site.url or own.url or NO_ADDRESS).rstrip("/"))
    language = site.language if site.language is not None else own.language
    settled = Site(
        title=site.title or own.title or _called(url, name),
        url=url,
        description=site.description if site.description is not None else own.description or "",
        language=(language or "").replace("_", "-"),
        timezone=site.timezone or own.timezone or "UTC",
        author=_author(site, own, engine.people),
        icon=site.icon or own.icon or "",
        logo=site.logo or own.logo or "",
        rights=site.rights or own.rights or "",
    )
    settled, problems = _mend(settled, cure or 'set [site] url = "https://…"')
    if engine.zone_of_writer and not (site.timezone or own.timezone):
        problems = (*problems, _zoneless(engine.name, settled.language))
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


def _zoneless(generator: str, language: str) -> Problem:
    """Return the Problem of a blog whose dates mean the zone of whoever builds it."""
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


def _called(url: str, name: str) -> str:
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


def _mend(site: Site, cure: str) -> tuple[Site, tuple[Problem, ...]]:
    """Replace and report an address or a time zone that cannot be used."""
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
            Problem("config.toml", "timezone", f"the time zone {site.timezone!r} is not known: UTC",
                    'set [site] timezone = "Europe/Berlin", say')
        )  # fmt: skip
        site = msgspec.structs.replace(site, timezone="UTC")
    return site, tuple(problems)
