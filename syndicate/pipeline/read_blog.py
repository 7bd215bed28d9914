"""Read a blog: its posts, the ids and dates that readers know, and the plans of its feeds.

Nothing is rendered or written here.
"""

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from syndicate.pipeline.blog import Blog
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.processes import BATCH, WORTH_SHARING, Workers, shared
from syndicate.pipeline.wrong_folder import blog_below, no_posts
from syndicate.posts.discover import Listing, listed
from syndicate.posts.parse_post import Parsed
from syndicate.posts.read_posts import Collected, collect
from syndicate.posts.shared_problems import gathered
from syndicate.posts.undated import Dating

__all__ = ["BlogPlan", "read_blog"]


class BlogPlan(Struct, frozen=True):
    """The posts of a blog as readers know them, and the plans of its feeds.

    `collected` has the posts as their files give them, `settled` with their ids and dates.
    `tombstones_hold` is the interval in which the tombstones stay the same. If `can_change`,
    another build may find more, even if no file of the blog changes.
    """

    blog: Blog
    collected: Collected
    settled: Settled
    feeds: tuple[FeedPlan, ...]
    tombstones_hold: tuple[datetime | None, datetime | None] = (None, None)
    can_change: bool = False

    def report(self, more: Iterable[Problem] = ()) -> Report:
        """Return the report of the plan, with the problems `more`. Equal problems appear once."""
        engine = self.blog.engine
        # Settings and posts may lie in one folder that may not be looked into.
        problems = (*self.blog.problems, *self.collected.problems, *self.settled.problems, *more)
        return Report(
            engine=engine.name,
            recognised_by=self.blog.recognised_by,
            site=engine.site,
            posts=self.settled.posts,
            left_out=self.collected.left_out,
            problems=tuple(gathered(dict.fromkeys(problems))),
            feeds=tuple(_summary(feed, engine.site.url) for feed in self.feeds),
            due=self.until,
            post_count=len(self.settled.posts),
        )

    @property
    def planned_posts(self) -> Collection[Post]:
        """Return the posts that some feed carries, each once, in the order of the feeds."""
        return {post.path: post for feed in self.feeds for post in feed.posts}.values()

    @property
    def withheld(self) -> frozenset[str]:
        """Return the ids of posts that the ledger knows and that their author now withholds."""
        paths = {file.path for file in self.collected.left_out if file.withheld}
        records = self.settled.records if paths else ()
        return frozenset(record.id for record in records if record.path in paths)

    @property
    def links(self) -> dict[str, str]:
        """Map the paths of posts, and the other names of notes, to addresses."""
        posts = self.settled.posts
        links = {post.path: post.url for post in posts}
        names = ((name, post.url) for post in posts if post.aliases for name in post.aliases)
        for name, url in names:
            links.setdefault(f"{ALIASES}{name}", url)
        return links

    @property
    def since(self) -> datetime | None:
        """Start of this plan's validity, if no file changes."""
        starts = (result.since for result in self.collected.parsed)
        return max(filter(None, (*starts, self.tombstones_hold[0])), default=None)

    @property
    def until(self) -> datetime | None:
        """End of this plan's validity, if no file changes."""
        ends = (result.until for result in self.collected.parsed)
        return min(filter(None, (*ends, self.tombstones_hold[1])), default=None)


def read_blog(
    blog: Blog,
    config: Config,
    options: BuildOptions,
    *,
    recall: Callable[[Source], Parsed | None] = lambda _: None,
    listing: Listing = listed,
    records: Sequence[Record] | None = None,
) -> BlogPlan:
    """Read every post's header, recognise the posts, and plan the feeds.

    `recall` returns the cached parse result of a file, `listing` the content of a folder, and
    `records` replace the ledger. If the clock is wrong, no post is withdrawn and no edit dated.
    The ledger is not changed. Raises BlogError, ConfigError and StateError.
    """
    timer, now, site = options.timer, options.now, blog.engine.site
    with timer("open"):
        records = load(config.state_folder) if records is None else records
        dating = _dating(config, blog, records, options.trusted_now)
    with timer("read") as count:
        collected = collect(
            blog.root,
            blog.engine,
            now=now,
            keep_out=kept_out(config, blog.root),
            only=blog.only,
            listing=listing,
            map=partial(_map, options.executor),
            recall=recall,
            opened=public_text,
            dating=dating,
        )
        count(len(collected.sources))
    _refuse_blog_below(config, blog, collected)
    with timer("recognise") as count:
        settled = _recognised(config, blog, collected, records, options.trusted_now)
        records = remaining(records, settled)
        days = config.feeds.tombstones
        withdrawn = recently_withdrawn(records, settled.records, now=now, days=days)
        count(len(settled.posts))
    with timer("plan") as count:
        feeds = _planned(config, blog.engine, settled.posts)
        feeds = tuple(with_tombstones(feed, withdrawn) for feed in feeds)
        count(len(feeds))
    problems = (
        *blog.problems,
        *dating.problems,
        *_of_terms(config, settled.posts, site),
        *_anonymous(settled.posts, site),
        *_no_posts(blog, collected),
        *options.problems,
    )
    hold = validity(records, settled.records, now=now, days=days)
    blog = msgspec.structs.replace(blog, problems=problems)
    return BlogPlan(blog, collected, settled, feeds, hold, can_change=bool(dating.problems))


def _planned(config: Config, engine: Engine, posts: Sequence[Post]) -> tuple[FeedPlan, ...]:
    return plan(
        posts,
        site=engine.site,
        by=config.feeds.by,
        formats=config.feeds.formats,
        limit=config.feeds.limit,
        min_posts=config.feeds.min_posts,
        max_terms=config.feeds.max_terms,
        layout=config.feeds.paths,
        apart=_languages_apart(config, engine),
    )


def _of_terms(config: Config, posts: Sequence[Post], site: Site) -> Iterator[Problem]:
    by, most = config.feeds.by, config.feeds.max_terms
    yield from too_many_terms(posts, site=site, by=by, max_terms=most)
    yield from misspelt_terms(posts, site=site, by=by)


def _no_posts(blog: Blog, collected: Collected) -> Iterator[Problem]:
    """Yield one Problem if there are no posts, and no author withholds one."""
    if not collected.posts and not any(file.withheld for file in collected.left_out):
        yield no_posts(blog.root, blog.engine, blog.recognised_by, collected.left_out)


def _dating(config: Config, blog: Blog, records: Sequence[Record], now: datetime | None) -> Dating:
    """Return the function that dates undated posts. Only previews use provisional dates."""
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
    """Raise BlogError if the blog is in a folder below; its posts would get wrong addresses."""
    if blog.engine.name != "plain" or config.posts.engine != "auto":
        return
    if below := blog_below(blog.root, collected.sources):
        cure = f'run it on {below}, or set [posts] engine = "plain"'
        raise BlogError(str(blog.root), f"the blog is {_down(below)}, in {below}", cure)


def _down(below: str) -> str:
    return "two folders down" if "/" in below else "one folder down"


def _languages_apart(config: Config, engine: Engine) -> bool:
    """Return True if posts in other languages have their own feeds."""
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
    """Return the posts with the ids and dates that readers know. New posts get the layout's ids.

    Records of a preview are used in previews only; they are made again for the real address.
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
    answers = shared(executor, partial(_parsed, function), batches)
    return chain.from_iterable(map(pickle.loads, answers))


def _parsed(function: Callable[[Source], Parsed], sources: Sequence[Source]) -> bytes:
    # Pickle alone keeps the time zones of dates and every character of a path.
    return pickle.dumps([function(source) for source in sources], pickle.HIGHEST_PROTOCOL)


def _summary(plan: FeedPlan, site_url: str) -> FeedSummary:
    urls = {form: address(site_url, path) for form, path in plan.files.items()}
    return FeedSummary(plan.kind, plan.term, plan.title, len(plan.posts), urls)
