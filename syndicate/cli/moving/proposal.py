"""Propose settings that put our feeds in place of the old ones, and count repeated entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

import msgspec
from msgspec import Struct

from syndicate.cli.moving.generators import Generator
from syndicate.cli.moving.online import OldFeed, is_address
from syndicate.config.layouts import LAYOUTS, Layout, LayoutName, PerFormat, template_of
from syndicate.config.schema import Config, FeedsConfig
from syndicate.feeds.values import iri
from syndicate.model import FeedPlan, Format, Post
from syndicate.text.characters import one_line

__all__ = [
    "Again",
    "Settings",
    "applied",
    "formats_for",
    "layout_for",
    "limit_for",
    "seen_again",
    "stands",
    "toml",
]


class Settings(Struct, frozen=True):
    """Values for `[feeds]`. `layout` is a name, a table, or the one that stands."""

    layout: str | dict[str, Any] | Layout
    limit: int
    formats: tuple[Format, ...]


class Again(Struct, frozen=True):
    """Posts that subscribers of the old feed at `path` would see as new though they are not.

    `repeated` have another id now; `older` are posts that the old feed no longer carried. Both
    are ids.
    """

    path: str
    repeated: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


def layout_for(generator: Generator | None, files: Mapping[Format, str]) -> str | dict[str, Any]:
    """Return the layout that puts the feeds of everything at `files`, paths by format."""
    name: LayoutName = generator.layout if generator else "default"
    layout = LAYOUTS[name]
    moved = {form: path for form, path in files.items() if path and path != _main(layout, form)}
    if not moved:
        return name
    # What has a name in the layout keeps it, unless another format now lies there.
    return {"like": name, "all": moved | _out_of_the_way(layout, moved)}


def stands(layout: Layout, generator: Generator | None, files: Mapping[Format, str]) -> bool:
    """Return whether `layout` already has the ids of `generator` and the feeds at `files`."""
    right = all(not path or path == _main(layout, form) for form, path in files.items())
    return right and (generator is None or layout.like == generator.layout)


def _out_of_the_way(layout: Layout, moved: Mapping[Format, str]) -> dict[Format, str]:
    forms: tuple[Format, ...] = get_args(Format)
    kept = {form: _main(layout, form) for form in forms if form not in moved}
    default = {form: _main(LAYOUTS["default"], form) for form in forms}
    free = {form: path for form, path in kept.items() if path not in moved.values()}
    taken = {form: f"feed.{form}" for form in kept if form not in free}
    return {form: path for form, path in (free | taken).items() if path != default[form]}


def _main(layout: Layout, form: Format) -> str:
    name: str = getattr(layout, form)
    return template_of(layout, "all", form).replace("{file}", name)


def formats_for(feeds: FeedsConfig, old: Iterable[Format]) -> tuple[Format, ...]:
    """Return the formats of `feeds`, and those of the old feeds that are missing there."""
    wanted = {*feeds.formats, *old}
    return tuple(form for form in get_args(Format) if form in wanted)


def applied(config: Config, settings: Settings) -> Config:
    """Return `config` with `settings` in its `[feeds]`."""
    layout = settings.layout
    if isinstance(layout, dict):
        row = LAYOUTS[layout["like"]]
        own = {key: value for key, value in layout.items() if key != "like"}
        spelt = msgspec.structs.asdict(row) | {
            key: PerFormat(**value) if isinstance(value, dict) else value
            for key, value in own.items()
        }
        chosen: Any = Layout(**spelt)
    else:
        chosen = layout
    feeds = msgspec.structs.replace(
        config.feeds, layout=chosen, limit=settings.limit, formats=settings.formats
    )
    return msgspec.structs.replace(config, feeds=feeds)


def limit_for(old: OldFeed, posts: Sequence[Post], usual: int) -> int:
    """Return how many entries a feed may have so that no old post comes up as new.

    `posts` are all that the feed of everything could carry, newest first, with the ids that they
    will have. `usual` is the limit of the program that made `old`. A file may hold more than the
    feed that is online, so `usual` bounds it.
    """
    count = len(old.feed.entries)
    if usual and not is_address(old.source):
        return min(usual, count)
    if _again(old, posts).older:
        return count
    return usual if usual == 0 or usual >= count else 0


def seen_again(old: Iterable[OldFeed], plans: Sequence[FeedPlan]) -> tuple[Again, ...]:
    """Compare each old feed with ours in its place: at its path, else the feed of everything."""
    places = {path: plan for plan in plans for path in plan.files.values()}
    found = []
    for each in old:
        plan = places.get(each.path) or (plans[0] if plans and each.main else None)
        if plan:
            found.append(_again(each, plan.posts))
    return tuple(found)


def _again(old: OldFeed, posts: Sequence[Post]) -> Again:
    atom = old.feed.format == "atom"
    ours = [(iri(post.id) if atom else post.id, post) for post in posts]
    known = {entry.id for entry in old.feed.entries}
    new = {name for name, _ in ours}
    gone = [entry for entry in old.feed.entries if entry.id not in new]
    places = {entry.url.rstrip("/") for entry in gone if entry.url}
    times = {(one_line(entry.title), entry.published) for entry in gone if entry.published}
    newest = max((e.published for e in old.feed.entries if e.published), default=None)
    repeated, older = [], []
    for name, post in ours:
        if name in known:
            continue
        moment = post.published.replace(microsecond=0)
        if post.url.rstrip("/") in places or (one_line(post.title), moment) in times:
            repeated.append(name)
        elif newest is not None and post.published < newest:
            older.append(name)
    return Again(old.path or old.source, tuple(repeated), tuple(older))


def toml(settings: Settings) -> dict[str, str]:
    """Return each key with its TOML value; a layout that stands as a table is left out."""
    values = {name: getattr(settings, name) for name in settings.__struct_fields__}
    return {name: _toml(each) for name, each in values.items() if not isinstance(each, Layout)}


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return msgspec.json.encode(value).decode().replace("\x7f", "\\u007F")
