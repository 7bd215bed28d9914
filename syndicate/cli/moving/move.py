"""Take over another program's feeds: their ids, and the settings that keep their addresses.

find the feeds -> gather their entries -> decide on ids -> propose settings
-> plan our feeds with both -> say what subscribers would see again
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from syndicate.cli.moving.fetcher import Fetcher
from syndicate.cli.moving.installed import Installed, installed
from syndicate.cli.moving.online import OldSite, find
from syndicate.cli.moving.proposal import (
    Again,
    Settings,
    applied,
    formats_for,
    layout_for,
    limit_for,
    seen_again,
    stands,
)
from syndicate.config.schema import Config
from syndicate.errors import SyndicateError
from syndicate.feeds.paths import address
from syndicate.ledger.records import Record
from syndicate.model import FeedPlan, Format, Problem
from syndicate.pipeline.blog import open_blog
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.read_blog import read_blog
from syndicate.publish.published import Seen, held
from syndicate.publish.published import recall as recall_seen
from syndicate.reading.adopt import Adoption, gather, host_of, take
from syndicate.reading.read import read
from syndicate.reading.read_feed import MAX_BYTES, FeedError
from syndicate.state.manifest import recall
from syndicate.text.homes import is_unknown

__all__ = ["Move", "move"]


class Move(Struct, frozen=True):
    """Result of an adoption.

    `settings` are those under which `again` would be seen, None if the blog has no posts.
    `now` is the same for the settings that stand in config.toml.
    """

    adoption: Adoption
    site: OldSite
    generator: str
    seen: Seen
    settings: Settings | None = None
    again: tuple[Again, ...] = ()
    now: tuple[Again, ...] = ()
    problems: tuple[Problem, ...] = ()


def move(
    config: Config,
    sources: Sequence[str],
    records: Sequence[Record],
    *,
    now: datetime,
    any_host: bool = False,
    unpublished: bool = False,
) -> Move:
    """Decide on everything; write nothing. `records` are those of the ledger.

    `unpublished` says that no build was published. Otherwise targets and the site are asked where
    it matters. Raises FeedError and HttpError for a source, BlogError and ConfigError.
    """
    blog = open_blog(config)
    url = blog.engine.site.url
    site = "" if is_unknown(url) else url
    here = installed(blog.root, blog.engine)
    fetch = Fetcher(frozenset(filter(None, map(host_of, (site, *sources)))))
    old = find(sources, fetch, site=site, name=here.generator.name if here else "")
    gathered = gather([each.source for each in old.feeds], fetch=fetch, any_host=any_host)
    adoption = take(gathered, records)
    before = recall_seen(config.state_folder)
    built = recall(config.state_folder, config.output_folder).feeds
    draft = bool(adoption.conflicts or (built and adoption.taken)) and (
        unpublished or _is_draft(config, old, records, site, fetch)
    )
    if draft:
        adoption = take(gathered, records, replace=True)
    draft = draft or before.output_is_draft
    dropped = set(adoption.dropped)
    left = {record.id: record for record in records if record.id not in dropped}
    left |= {record.id: record for record in (*adoption.taken, *adoption.replaced)}
    plans = partial(_plans, records=tuple(left.values()), now=now)
    found = _with_settings(config, old, here, plans)
    return msgspec.structs.replace(
        found,
        adoption=adoption,
        seen=Seen(found.seen.main, {**before.feeds, **found.seen.feeds}, draft),
        problems=(*old.problems, *adoption.problems),
    )


def _with_settings(
    config: Config,
    old: OldSite,
    here: Installed | None,
    plans_of: Callable[[Config], tuple[FeedPlan, ...]],
) -> Move:
    """Propose settings. `plans_of` plans our feeds with the ids that they will have."""
    files = _files(old)
    layout: Any = layout_for(old.generator, files)
    if stands(config.feeds.paths, old.generator, files):
        layout = config.feeds.layout
    formats = formats_for(config.feeds, files)
    plans = plans_of(applied(config, Settings(layout, 0, formats)))
    found = Move(Adoption(), old, old.generator.name if old.generator else "", _seen(old, plans))
    if not plans:
        return found
    first = next(each for each in old.feeds if each.main)
    same = here is not None and here.generator == old.generator
    usual = here.limit if here and same else old.generator.limit if old.generator else 0
    settings = Settings(layout, limit_for(first, plans[0].posts, usual), formats)
    again = seen_again(old.feeds, _cut(plans, settings.limit))
    present = Settings(config.feeds.layout, config.feeds.limit, config.feeds.formats)
    same = settings == present
    before = again if same else seen_again(old.feeds, plans_of(config))
    return msgspec.structs.replace(found, settings=settings, again=again, now=before)


def _files(old: OldSite) -> dict[Format, str]:
    """Return the path of the feed of everything in each format, of those named first."""
    found: dict[Format, str] = {}
    for each in old.feeds:
        form = _FORMATS.get(each.feed.format)
        if form and each.main:
            found.setdefault(form, each.path)
    return found


_FORMATS: dict[str, Format] = {"atom": "atom", "rss": "rss", "rdf": "rss", "json": "json"}
"""Readers do not fetch WordPress exports."""


def _plans(config: Config, *, records: Sequence[Record], now: datetime) -> tuple[FeedPlan, ...]:
    return read_blog(open_blog(config), config, BuildOptions(now), records=records).feeds


def _cut(plans: Sequence[FeedPlan], limit: int) -> list[FeedPlan]:
    return [msgspec.structs.replace(each, posts=each.posts[: limit or None]) for each in plans]


def _seen(old: OldSite, plans: Sequence[FeedPlan]) -> Seen:
    places = {path for plan in plans for path in plan.files.values()}
    return Seen(
        main=next(each.feed.entries for each in old.feeds if each.main),
        feeds={
            each.path: each.feed.entries
            for each in old.feeds
            if each.path in places and not each.main
        },
    )


def _is_draft(
    config: Config, old: OldSite, records: Sequence[Record], site: str, fetch: Fetcher
) -> bool:
    """Return whether no reader has seen a feed of our builds: False where that is not certain."""
    written = recall(config.state_folder, config.output_folder)
    if written.site and is_unknown(written.site):
        return True
    paths = [path for form, path in written.feeds.get("all", {}).items() if form != "html"]
    targets = held(config)
    if targets is not None:
        return not any(path in targets for path in paths)
    theirs = {entry.id for each in old.feeds for entry in each.feed.entries}
    ours = _built_ids(config, paths) | {each.id for each in records if not each.from_feed}
    answers = [
        _serves(address(base.rstrip("/"), path), ours - theirs, fetch)
        for base in dict.fromkeys(filter(None, (site, old.base)))
        for path in paths
    ]
    return False in answers and True not in answers


def _built_ids(config: Config, paths: Sequence[str]) -> set[str]:
    from syndicate.files.read import read_own

    ids: set[str] = set()
    for path in paths:
        try:
            feed = read(read_own(config.output_folder / path, MAX_BYTES), where=path)
        except (OSError, FeedError):
            continue
        ids |= {entry.id for entry in feed.entries}
    return ids


def _serves(url: str, ids: set[str], fetch: Fetcher) -> bool | None:
    """Return whether a feed with one of `ids` is at `url`; None if the site does not answer."""
    from syndicate.net import HttpError

    try:
        feed = read(fetch(url), url)
    except FeedError:
        return False
    except HttpError as error:
        return False if error.status in (404, 410) else None
    except SyndicateError:
        return None
    return not ids.isdisjoint(entry.id for entry in feed.entries)
