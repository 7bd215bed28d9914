"""Rules for config.toml that types cannot express."""

import re
from collections.abc import Iterable, Iterator
from typing import get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from syndicate.config.checks import quoted
from syndicate.config.cron import cron_fault
from syndicate.config.durations import seconds_of
from syndicate.config.layouts import Layout, PerFormat, Template
from syndicate.config.pages import ReaderConfig, reader_fault
from syndicate.config.schema import (
    ENGINE_NAMES,
    By,
    FeedsConfig,
    PostsConfig,
    ScheduleConfig,
    SiteConfig,
    Tables,
)
from syndicate.config.target_faults import target_fault
from syndicate.config.targets import fault
from syndicate.errors import ConfigError
from syndicate.model import FORMATS

__all__ = ["check", "is_language", "is_timezone", "is_web_address", "names"]

Fault = tuple[str, str, str]
"""The key, what is wrong with its value, and the cure."""
_LONGEST_SHOWN = 200
"""Characters of a fault, which may contain the value."""
_ADDRESS_CURE = 'write it as "https://example.org"'


def check(config: Tables, where: str) -> None:
    """Raise ConfigError for the first value that breaks a rule. `where` is the file."""
    for key, what, cure in _faults(config):
        shown = what if len(what) <= _LONGEST_SHOWN else f"{what[: _LONGEST_SHOWN - 1]}…"
        raise ConfigError(f"{where}: {key}", shown, cure)


def names(values: Iterable[str]) -> str:
    """Return the values in quotes, separated by commas."""
    return ", ".join(f'"{value}"' for value in values)


def _faults(config: Tables) -> Iterator[Fault]:
    if wrong := fault(config.publish):
        yield "publish", *wrong
    yield from _of_site(config.site)
    yield from _of_posts(config.posts)
    yield from _of_feeds(config.feeds)
    yield from _of_schedule(config.schedule)
    for number, target in enumerate(config.publish):
        if found := target_fault(target):
            yield f"publish[{number}].{found[0]}", *found[1:]
    for number, reader in enumerate(config.pages.readers):
        if isinstance(reader, ReaderConfig) and (found := reader_fault(reader)):
            yield f"pages.readers[{number}].{found[0]}", *found[1:]


def _of_site(site: SiteConfig) -> Iterator[Fault]:
    if site.url is not None and not is_web_address(site.url):
        yield "site.url", f"{quoted(site.url)} is not an absolute address", _ADDRESS_CURE
    if site.url is not None and not _is_plain(site.url):
        what = f"{quoted(site.url)} has more than host and path"
        yield "site.url", what, 'write it as "https://example.org/blog"'
    if site.timezone is not None and not is_timezone(site.timezone):
        yield "site.timezone", *_unknown_timezone(site.timezone)
    if site.language is not None and not is_language(site.language):
        what = f"{site.language!r} is not a language tag"
        yield "site.language", what, 'write it as "en" or "zh-CN" (BCP 47)'


def _of_posts(posts: PostsConfig) -> Iterator[Fault]:
    if posts.engine not in ("auto", *ENGINE_NAMES):
        what = f"{posts.engine!r} is not known"
        yield "posts.engine", what, f'use "auto", {names(ENGINE_NAMES)}'
    if not posts.path:
        yield "posts.path", "names no folder", 'name the folder of the blog; "." is this one'


def _of_feeds(feeds: FeedsConfig) -> Iterator[Fault]:
    for hub in feeds.hubs:
        if not is_web_address(hub):
            yield "feeds.hubs", f"{quoted(hub)} is not an absolute address", _ADDRESS_CURE
    if not feeds.formats:
        every = msgspec.json.encode(tuple(FORMATS)).decode()
        yield "feeds.formats", "names no format", f"write `formats = {every}`"
    yield from _of_layout(feeds.paths)


def _of_layout(layout: Layout) -> Iterator[Fault]:
    for name in layout.__struct_fields__:
        template: Template = getattr(layout, name)
        slug = ("{slug}",) if name in get_args(By) else ()
        if isinstance(template, PerFormat):
            for form, own in msgspec.structs.asdict(template).items():
                if own:
                    yield from _of_template(f"{name}.{form}", own, slug)
        else:
            file = ("{file}",) if slug or name == "all" else ()
            yield from _of_template(name, template, slug + file)
    if len({getattr(layout, form) for form in FORMATS}) < len(FORMATS):
        yield "feeds.layout", "two formats have the same file name", "give each its own"


def _of_template(name: str, template: str, wanted: tuple[str, ...]) -> Iterator[Fault]:
    for part in wanted:
        if part not in template:
            yield f"feeds.layout.{name}", f"{part} is missing", f"write {part} in it"
    if not all(part.strip(". ") for part in template.split("/")) or "\\" in template:
        what = f"{template!r} is not a path inside the output folder"
        yield f"feeds.layout.{name}", what, "write it without a leading slash, without . and .."


def _of_schedule(schedule: ScheduleConfig) -> Iterator[Fault]:
    if schedule.timezone and not is_timezone(schedule.timezone):
        yield "schedule.timezone", *_unknown_timezone(schedule.timezone)
    if schedule.cron and (what := cron_fault(schedule.cron)):
        cure = 'write minute, hour, day, month and weekday: "0 5 * * mon-fri"'
        yield "schedule.cron", what, cure
    if schedule.every:
        try:
            seconds_of(schedule.every)
        except ValueError as error:
            yield "schedule.every", str(error), 'write it as "15m" or "1h30m"'


def _unknown_timezone(name: str) -> tuple[str, str]:
    return f"{name!r} is not known", 'name it as "Europe/Berlin"'


def is_web_address(url: str) -> bool:
    """Return whether `url` is an absolute http(s) address with a host and without white space."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises for a port that is no number, or out of range
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
        )
    except ValueError:
        return False


def _is_plain(url: str) -> bool:
    """Return whether a path may follow the address: it has no query, fragment or password."""
    parts = urlsplit(url)
    return not (parts.query or parts.fragment or parts.username or "#" in url or "?" in url)


def is_language(tag: str) -> bool:
    """Return whether `tag` has the form of a language tag (BCP 47, RFC 5646 2.1)."""
    return re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag) is not None


def is_timezone(name: str) -> bool:
    """Return whether `name` is an IANA time zone, the same on every machine."""
    if name in ("localtime", "posixrules", "Factory"):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True
