"""A blog, recognised and read: its posts, and the feeds that there will be. Nothing is rendered.

config -> engine -> posts -> the ids and dates that readers know -> plans
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain

import msgspec
from msgspec import Struct

from syndicate.config.folders import kept_out
from syndicate.config.schema import Config
from syndicate.content.locked import public_text
from syndicate.engines import Engine
from syndicate.errors import BlogError
from syndicate.feeds.item import has_author
from syndicate.feeds.legacy import LEGACY, with_entry_ids
from syndicate.feeds.paths import address
from syndicate.feeds.plan import plan, too_many_terms
from syndicate.feeds.term_spelling import misspelt_terms
from syndicate.feeds.values import person
from syndicate.ledger import identity
from syndicate.ledger.identity import Settled, remaining
from syndicate.ledger.records import Record, is_provisional, load
from syndicate.ledger.withdrawn import recently_withdrawn, validity, with_tombstones
from syndicate.model import ALIASES, FeedPlan, FeedSummary, Post, Problem, Report, Site, Source
from syndicate.pipeline.blog import Blog, open_blog
from syndicate.pipeline.known_posts import KnownPosts
from syndicate.pipeline.processes import BATCH, WORTH_SHARING, Workers, shared
from syndicate.pipeline.timings import UNTIMED, Timer
from syndicate.pipeline.wrong_folder import blog_below, no_posts
from syndicate.posts.discover import Listing, listed
from syndicate.posts.parse_post import Parsed
from syndicate.posts.read_posts import Collected, collect
from syndicate.posts.shared_problems import gathered
from syndicate.posts.undated import Dating

__all__ = ["Survey", "survey"]


class Survey(Struct, frozen=True):
    """A blog read, its posts recognised, its feeds planned, nothing rendered."""

    blog: Blog
    collected: Collected
    settled: Settled
    plans: tuple[FeedPlan, ...]
    graves: tuple[datetime | None, datetime | None] = (None, None)
    """Since when the withdrawn posts that feeds tell of are those that they are, and until when."""
    waits: bool = False
    """Whether another build may find more, though no file of the blog changes."""

    def report(self, more: Iterable[Problem] = ()) -> Report:
        """Return what is known so far, with the Problems `more`: each that posts share once."""
        engine = self.blog.engine
        # Settings and posts may lie in one folder that may not be looked into.
        told = (*self.blog.problems, *self.collected.problems, *self.settled.problems, *more)
        return Report(
            engine=engine.name,
            recognised_by=self.blog.recognised_by,
            site=engine.site,
            posts=self.settled.posts,
            left_out=self.collected.left_out,
            problems=tuple(gathered(dict.fromkeys(told))),
            feeds=tuple(_summary(plan, engine.site.url) for plan in self.plans),
            due=self.until,
            post_count=len(self.settled.posts),
        )

    @property
    def withheld(self) -> frozenset[str]:
        """Return the ids of posts that the ledger knows and that their author now withholds."""
        paths = {each.path for each in self.collected.left_out if each.withheld}
        return frozenset(each.id for each in self.settled.records if paths and each.path in paths)

    @property
    def links(self) -> dict[str, str]:
        """Map the paths of posts, and the other names that notes have, to addresses."""
        posts = self.settled.posts
        links = {post.path: post.url for post in posts}
        names = ((name, post.url) for post in posts if post.aliases for name in post.aliases)
        for name, url in names:
            links.setdefault(f"{ALIASES}{name}", url)
        return links

    @property
    def since(self) -> datetime | None:
        """From when on the posts are those that they are."""
        found = [each.since for each in self.collected.parsed if each.since]
        return max((*found, *filter(None, self.graves[:1])), default=None)

    @property
    def until(self) -> datetime | None:
        """When they are others though no file has changed."""
        found = [each.until for each in self.collected.parsed if each.until]
        return min((*found, *filter(None, self.graves[1:])), default=None)


def survey(
    config: Config,
    *,
    now: datetime,
    sure: bool = True,
    executor: Workers = None,
    remembering: Callable[[Blog], KnownPosts | None] = lambda _: None,
    timer: Timer = UNTIMED,
    records: Sequence[Record] | None = None,
    listing: Listing = listed,
) -> Survey:
    """Read every post's header, recognise the posts, and plan the feeds.

    If `now` is not `sure`, no post is withdrawn and no edit dated. The ledger is not changed;
    `records` stand for it if they are given. Raises
    BlogError, ConfigError and StateError.
    """
    with timer("open"):
        blog = open_blog(config)
        known = remembering(blog)
        records = load(config.state_folder) if records is None else records
        dating = _dating(config, blog, records, now if sure else None)
    with timer("read") as count:
        collected = collect(
            blog.root,
            blog.engine,
            now=now,
            keep_out=kept_out(config, blog.root),
            only=blog.only,
            listing=listing,
            map=partial(_map, executor),
            recall=known.recall if known else lambda _: None,
            opened=public_text,
            dating=dating,
        )
        count(len(collected.sources))
    _refuse_blog_below(config, blog, collected)
    with timer("recognise") as count:
        settled = _recognised(config, blog, collected, records, now if sure else None)
        records = remaining(records, settled)
        days = config.feeds.tombstones
        withdrawn = recently_withdrawn(records, settled.records, now=now, days=days)
        count(len(settled.posts))
    with timer("plan") as count:
        plans = plan(
            settled.posts,
            site=blog.engine.site,
            by=config.feeds.by,
            formats=config.feeds.formats,
            limit=config.feeds.limit,
            min_posts=config.feeds.min_posts,
            max_terms=config.feeds.max_terms,
            layout=config.feeds.paths,
            apart=_languages_apart(config, blog.engine),
        )
        plans = tuple(with_tombstones(plan, withdrawn) for plan in plans)
        count(len(plans))
    crowded = too_many_terms(
        settled.posts, site=blog.engine.site, by=config.feeds.by, max_terms=config.feeds.max_terms
    )
    anonymous = _anonymous(settled.posts, blog.engine.site)
    misspelt = misspelt_terms(settled.posts, site=blog.engine.site, by=config.feeds.by)
    told = (*dating.problems, *crowded, *misspelt, *anonymous)
    blog = msgspec.structs.replace(blog, problems=(*blog.problems, *told))
    if not collected.posts and not any(each.withheld for each in collected.left_out):
        missing = no_posts(blog.root, blog.engine, blog.recognised_by, collected.left_out)
        blog = msgspec.structs.replace(blog, problems=(*blog.problems, missing))
    shown = validity(records, settled.records, now=now, days=days)
    return Survey(blog, collected, settled, plans, shown, waits=bool(dating.problems))


def _dating(config: Config, blog: Blog, records: Sequence[Record], now: datetime | None) -> Dating:
    """Return what gives dates to posts that have none; provisional ones count in previews only."""
    way, preview = config.posts.undated, blog.engine.site.preview
    known = {
        record.path: record.published
        for record in (records if way != "leave-out" else ())
        if preview or not is_provisional(record)
    }
    return Dating(blog.root, way, known, now)


def _anonymous(posts: Sequence[Post], site: Site) -> Iterator[Problem]:
    """Yield one Problem if some posts name no author and the site names none."""
    paths = [] if person(site.author) else [p.path for p in posts if not has_author(p, site)]
    if paths:
        number = f"{len(paths):,} posts name" if len(paths) > 1 else "1 post names"
        what = f"{number} no author, nor does the blog; the feeds name the site's host instead"
        yield Problem(paths[-1], "no-author", what, "set [site] author")


def _refuse_blog_below(config: Config, blog: Blog, collected: Collected) -> None:
    """Raise BlogError if the folder merely holds a blog: its posts would get wrong addresses."""
    if blog.engine.name != "plain" or config.posts.engine != "auto":
        return
    if below := blog_below(blog.root, collected.sources):
        cure = f'run it on {below}, or set [posts] engine = "plain"'
        raise BlogError(str(blog.root), f"the blog is {_down(below)}, in {below}", cure)


def _down(below: str) -> str:
    return "two folders down" if "/" in below else "one folder down"


def _languages_apart(config: Config, engine: Engine) -> bool:
    """Return True if the posts of other languages stand in feeds of their own."""
    if config.feeds.languages == "auto":
        return engine.languages_apart
    return config.feeds.languages == "apart"


def _recognised(
    config: Config,
    blog: Blog,
    collected: Collected,
    records: Sequence[Record],
    now: datetime | None,
) -> Settled:
    """Return the posts with the ids and dates that readers know; new ones as the layout has them.

    Records of a preview count in a preview only: once the address is known they are made again.
    """
    entry_id = LEGACY[config.feeds.paths.like].entry_id
    posts = with_entry_ids(collected.posts, entry_id, blog.engine.site)
    broken = {problem.path for problem in collected.problems if problem.severity == "error"}
    if folders := tuple("" if path == "./" else path for path in broken if path.endswith("/")):
        broken.update(record.path for record in records if record.path.startswith(folders))
    return identity.settle(posts, records, now=now, broken=broken, preview=blog.engine.site.preview)


def _map(
    executor: Workers, function: Callable[[Source], Parsed], sources: Sequence[Source]
) -> Iterable[Parsed]:
    if executor is None or len(sources) < WORTH_SHARING:
        return map(function, sources)
    batches = [sources[start : start + BATCH] for start in range(0, len(sources), BATCH)]
    answers = shared(executor, partial(_each, function), batches)
    return chain.from_iterable(map(pickle.loads, answers))


def _each(function: Callable[[Source], Parsed], sources: Sequence[Source]) -> bytes:
    # Nothing else keeps the time zones of dates, and every character of a path.
    return pickle.dumps([function(source) for source in sources], pickle.HIGHEST_PROTOCOL)


def _summary(plan: FeedPlan, site_url: str) -> FeedSummary:
    urls = {form: address(site_url, path) for form, path in plan.files.items()}
    return FeedSummary(plan.kind, plan.term, plan.title, len(plan.posts), urls)
