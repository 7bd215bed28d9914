"""Make the files of each feed, and the files that all feeds share."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import datetime

from syndicate.config.schema import Config
from syndicate.feeds.compose import assemble, assemble_large
from syndicate.feeds.opml import opml
from syndicate.model import Document, Entry, FeedPlan, Site, Writable
from syndicate.pages.build_pages import feed_page, index, shared
from syndicate.pages.feed_links import front
from syndicate.pages.page_paths import INDEX, page_path, paths
from syndicate.pages.render import prepare
from syndicate.pages.theme import theme_of
from syndicate.pipeline.entries import StoredEntries
from syndicate.state.keys import code_version, key

__all__ = ["FeedFiles", "name_of"]


class FeedFiles:
    """The paths and the contents of the files of `plans`.

    Raises ConfigError if two files have the same path.
    """

    def __init__(self, plans: Sequence[FeedPlan], site: Site, config: Config) -> None:
        feeds = config.feeds
        self._plans, self._site, self._feeds = plans, site, feeds
        self._blog = shared(plans, site=site, layout=feeds.paths, theme=theme_of(config))
        pages = paths(plans, feeds.paths) if feeds.pages and plans else frozenset()
        self._own = {name_of(feed): self._paths_of(feed) for feed in plans}
        self.common_paths = (feeds.paths.opml, *sorted(pages - {*self.of_all()})) if plans else ()
        self._key = key(
            code_version(), site, feeds.hubs, feeds.max_bytes, feeds.pages,
            [str(link) for link in self._blog.common], self._blog.theme,
        )  # fmt: skip

    @property
    def paths(self) -> tuple[str, ...]:
        """Return all paths under the output folder, in the order of the feeds."""
        return (*self.of_all(), *self.common_paths)

    def of(self, feed: FeedPlan) -> tuple[str, ...]:
        """Return the paths of the feed's own files."""
        return self._own[name_of(feed)]

    def of_all(self, names: Container[str] | None = None) -> Iterator[str]:
        """Yield the paths of the own files of the feeds called `names`, or of all feeds."""
        for name, own in self._own.items():
            if names is None or name in names:
                yield from own

    def named(self, there: Collection[str]) -> dict[str, dict[str, str]]:
        """Return the feed files and pages among the paths `there`, as `manifest.Feeds` does."""
        named = {feed.name: self._named(feed) for feed in self._plans}
        found = {
            name: {form: path for form, path in files.items() if path in there}
            for name, files in named.items()
        }
        return {name: files for name, files in found.items() if files}

    def key(self, feed: FeedPlan, digests: Sequence[bytes]) -> bytes:
        """Return the cache key of the feed's files; `digests` are those of its entries."""
        fields: Mapping[str, object] = {
            name: getattr(feed, name) for name in feed.__struct_fields__ if name != "posts"
        }
        return key(self._key, fields, b"".join(digests))  # digests have one length

    def prepare(self) -> None:
        """Load what makes pages, before children are forked that make some."""
        if self._feeds.pages:
            prepare(self._blog.theme)

    def make(
        self, feed: FeedPlan, entries: Sequence[Entry], *, page: bool = True
    ) -> tuple[Writable, ...]:
        """Return the feed in each format, then its page if it has one; without `page` no page."""
        site, feeds = self._site, self._feeds
        face = front(feed, site, feeds.paths) if feeds.pages else None
        made = assemble_large if isinstance(entries, StoredEntries) else assemble
        files = made(
            feed, entries, site=site, hubs=feeds.hubs, max_bytes=feeds.max_bytes, front=face
        )
        if not page or not feeds.pages or feed.kind == "all":
            return files
        carried = entries[: files[0].entries]
        return (*files, feed_page(feed, carried, self._blog))

    def common(
        self, filled: Sequence[FeedPlan], latest: Sequence[Entry], changed: datetime
    ) -> Iterator[Document]:
        """Yield the OPML list of the `filled` feeds, and the pages of the whole blog.

        `latest` are the entries of the first feed. `changed` is the latest change of a post.
        """
        yield opml(filled, self._site, self._feeds.paths, changed)
        if self._feeds.pages:
            yield from index(filled[0], latest, self._blog)

    def dated(
        self, latest: Sequence[Entry], changed: datetime, *, page: bool = True
    ) -> Iterator[Document]:
        """Yield the common files that depend on posts: OPML and, with `page`, the index.

        All feeds must have entries. See `common` for the arguments.
        """
        yield opml(self._plans, self._site, self._feeds.paths, changed)
        if page and self._feeds.pages:
            yield next(index(self._plans[0], latest, self._blog))

    def _named(self, feed: FeedPlan) -> dict[str, str]:
        files = {str(form): path for form, path in feed.files.items()}
        return {**files, "html": page_path(feed, self._feeds.paths)}

    def _paths_of(self, feed: FeedPlan) -> tuple[str, ...]:
        page = page_path(feed, self._feeds.paths) if self._feeds.pages else INDEX
        return (*feed.files.values(), *((page,) if page != INDEX else ()))


def name_of(feed: FeedPlan) -> str:
    """Return the path of the feed's first file, which identifies the feed in the blog."""
    return next(iter(feed.files.values()))
