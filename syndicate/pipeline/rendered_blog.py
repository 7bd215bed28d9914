"""Make the files and the report of a blog whose planned posts are rendered."""

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager

import msgspec
from msgspec import Struct

from syndicate.config.schema import Config
from syndicate.model import Change, Report, Writable
from syndicate.pages.build_pages import MOST_ON_INDEX
from syndicate.pipeline.entries import Entries, KnownEntries, Renderer, render_entries, work_key
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.read_blog import BlogPlan
from syndicate.pipeline.render_posts import work_of
from syndicate.pipeline.vanished import nothing_read
from syndicate.state.entry_file import EntryFile, entry_file

__all__ = ["RenderedBlog", "rehearsal", "renderer_of"]


class RenderedBlog(Struct, frozen=True):
    """A planned blog, the places of its files, and the rendered entries."""

    config: Config
    plan: BlogPlan
    files: FeedFiles
    entries: Entries

    def documents(self) -> Iterator[Writable]:
        """Yield the files of all feeds that have entries, then the common files."""
        carried = set[str]()
        for feed in self.plan.feeds:
            if entries := self.entries.of(feed):
                carried.add(name_of(feed))
                yield from self.files.make(feed, entries)
        yield from self.common_files(carried)

    def common_files(self, carried: Container[str]) -> Iterator[Writable]:
        """Yield the files that belong to no single feed.

        `carried` are the names of the feeds that have entries. Raises BuildStopped if there are
        feeds, and none has entries.
        """
        filled = [feed for feed in self.plan.feeds if name_of(feed) in carried]
        if filled:
            latest = self.entries.of(filled[0], MOST_ON_INDEX)
            changed = max(post.updated for feed in filled for post in feed.posts)
            yield from self.files.common(filled, latest, changed)
        elif self.plan.feeds:
            problems = self.entries.problems(self.plan.planned_posts)
            raise nothing_read(self.config, self.plan, problems)

    def report(self, carried: Mapping[str, int], changes: tuple[Change, ...] = ()) -> Report:
        """Return the report. `carried` has the number of entries by the feed's name."""
        report = self.plan.report(self.entries.problems(self.plan.planned_posts))
        feeds = zip(report.feeds, map(name_of, self.plan.feeds), strict=True)
        return msgspec.structs.replace(
            report,
            feeds=tuple(
                msgspec.structs.replace(summary, entries=carried[name])
                for summary, name in feeds
                if name in carried
            ),
            changes=changes,
            rendered=self.entries.rendered,
        )


@contextmanager
def rehearsal(config: Config, plan: BlogPlan, options: BuildOptions) -> Iterator[RenderedBlog]:
    """Render all planned posts into a temporary file. Nothing else is written."""
    with entry_file(None) as file:
        files = FeedFiles(plan.feeds, plan.blog.engine.site, config)
        renderer = renderer_of(config, plan, file)
        with options.timer("render") as count:
            entries = render_entries(renderer, plan.feeds, KnownEntries(), options)
            count(entries.rendered)
        yield RenderedBlog(config, plan, files, entries)


def renderer_of(config: Config, plan: BlogPlan, file: EntryFile) -> Renderer:
    """Return the Renderer of the blog's posts, which stores entries in `file`."""
    work = work_of(config, plan.blog.root, plan.blog.engine, plan.links)
    contents = {p.post.path: p.content for p in plan.collected.parsed if p.post}
    return Renderer(work, work_key(work), file, contents)
