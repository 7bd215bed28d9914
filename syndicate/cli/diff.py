"""``syndicate diff``: shows what readers will see after the next build."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
import msgspec

from syndicate.cli import options
from syndicate.cli.options import BlogChoice
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.model import COMPARED, FORMATS, Document, Format
from syndicate.text.characters import printable, steady
from syndicate.text.numbers import count

if TYPE_CHECKING:  # a command that does not compare need not load them
    from syndicate.config.schema import Config
    from syndicate.reading.diff import EntryDiff, FeedDiff, FeedDiffs
    from syndicate.reading.read_feed import ReadFeed

__all__ = ["command", "diff_command", "show"]

Published = Callable[[str], bytes | None]
"""Returns the published bytes of the feed at a path, or None."""

AT_ONCE = 4
EXAMPLES = 3
GROUPS = ("new", "edited", "repeated", "withdrawn", "aged_out")


def diff_command(preview: Callable[["Config"], Iterable[Document]]) -> click.Command:
    """Return the command. `preview` yields the files that a build would write."""

    @click.command("diff")
    @options.on_blog
    @options.reporting
    @click.option(
        "--against",
        default="",
        metavar="URL_OR_FOLDER",
        help="Compare with the feeds at this address of a site, in this folder, or with this one "
        "feed, instead of the output folder.",
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(get_args(Format)),
        help="Compare this format, not the first published one of JSON, Atom, RSS.",
    )
    @click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
    def diff(
        choice: BlogChoice, against: str, form: Format | None, exit_code: bool, **view: bool
    ) -> None:
        """Show what readers will see after the next build.

        List for each feed the entries that are new, edited, repeated (the same entry under another
        id, which readers see as new), withdrawn, or aged out at the end of a full feed. Compare
        each feed in the first published format of JSON, Atom and RSS. Write nothing. The exit code
        is 1 if --against has nothing to compare with.
        """
        config = choice.load()
        found = _compared(config, preview(config), against, form)
        show(found, as_json=view["as_json"], quiet=view["quiet"], verbose=view["verbose"])
        if against and not found.compared:
            click.echo(printable(_nothing(found, against)), err=True)
            raise SystemExit(1)
        if (exit_code and found.differs) or (view["strict"] and found.problems):
            raise SystemExit(1)

    return diff


def _preview(config: "Config") -> Iterator[Any]:
    from syndicate.cli.reports import now
    from syndicate.pipeline import build as pipeline
    from syndicate.pipeline.processes import processes

    with processes() as executor:
        yield from pipeline.preview(config, now=now(), executor=executor)


command = diff_command(_preview)


def _nothing(found: "FeedDiffs", against: str) -> str:
    paths = [feed.path for feed in found.feeds if feed.state == "created"]
    tried = f" (looked for {', '.join(paths[:EXAMPLES])})" if paths else ""
    return (
        f"Nothing was compared: no feed of this blog is at {against}{tried}. If the old feed has "
        "another address, name it, or set [feeds] layout: `syndicate adopt` finds it"
    )


def _compared(
    config: "Config", documents: Iterable[Document], against: str, form: Format | None
) -> "FeedDiffs":
    from syndicate.state.manifest import recall

    published, single = _place(config, against)
    limit = 1 if config.feeds.max_bytes else config.feeds.limit
    written = {config.feeds.paths.opml}
    main: _Formats = {}
    parts: list[FeedDiffs] = []
    # Feeds are many and may be far away; only a few are held while they are compared.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: deque[Future[FeedDiffs]] = deque()
        for feed in _feeds(documents, written, form):
            main = main or feed
            waiting.append(pool.submit(_one, feed, published, limit))
            while len(waiting) > 4 * AT_ONCE:
                parts.append(waiting.popleft().result())
        parts += [each.result() for each in waiting]
        kinds = recall(config.state_folder, config.output_folder).kinds()
        earlier = {path for path, kind in kinds.items() if kind in FORMATS} - written
        gone = [each for each in pool.map(partial(_gone, published=published), earlier) if each]
    found = _joined([*parts, *_removed(gone, form)])
    alone = bool(against and main and not found.compared)
    return _with_single(found, main, single, limit) if alone else found


_Formats = dict[Format, Document]
"""A feed in each of its formats."""


def _feeds(
    documents: Iterable[Document], written: set[str], form: Format | None
) -> Iterator[_Formats]:
    """Yield each feed with its formats, which follow each other; note all paths in `written`."""
    wanted = {FORMATS[name].type: name for name in COMPARED if form in (None, name)}
    feed: _Formats = {}
    for document in documents:
        written.add(document.path)
        name = wanted.get(document.type)
        if name is None:
            continue
        if name in feed:
            yield feed
            feed = {}
        feed[name] = document
    if feed:
        yield feed


def _with_single(
    found: "FeedDiffs", main: _Formats, single: Callable[[], bytes | None], limit: int
) -> "FeedDiffs":
    """Compare the main feed with the feed at the very address that was given, if it is one."""
    from syndicate.reading.read import read
    from syndicate.reading.read_feed import FeedError

    try:
        old = read(single() or b"")
    except FeedError:
        return found
    path = next((main[name].path for name in COMPARED if name == old.format and name in main), "")
    document = next(
        each for name in COMPARED if (each := main.get(name)) and path in ("", each.path)
    )
    compared = _against(document, old, limit)
    others = [feed for feed in found.feeds if feed.path not in {d.path for d in main.values()}]
    return msgspec.structs.replace(found, feeds=(*compared.feeds, *others))


def _one(feed: _Formats, published: Published, limit: int) -> "FeedDiffs":
    """Compare `feed` in the first format that is published. Equal bytes are read only once."""
    from syndicate.reading.diff import diff
    from syndicate.reading.read import read

    for name in COMPARED:
        document = feed.get(name)
        data = published(document.path) if document else None
        if document is None or data is None:
            continue
        new = read(document.data, where=document.path)
        before = new if data == document.data else data
        return diff({document.path: new}, {document.path: before}, limit=limit)
    first = next(feed[name] for name in COMPARED if name in feed)
    return diff({first.path: first.data}, {})


def _against(document: Document, old: "ReadFeed", limit: int) -> "FeedDiffs":
    from syndicate.reading.diff import diff

    return diff({document.path: document.data}, {document.path: old}, limit=limit)


def _gone(path: str, published: Published) -> "tuple[str, ReadFeed] | None":
    """Return the path and the feed of a file that will be gone; None if it is no feed."""
    from syndicate.reading.read import read
    from syndicate.reading.read_feed import FeedError

    try:
        return path, read(published(path) or b"", where=path)
    except FeedError:  # nobody reads it as a feed
        return None


def _removed(gone: "Sequence[tuple[str, ReadFeed]]", form: Format | None) -> "Iterator[FeedDiffs]":
    """Yield the feeds in `gone` in one format, so that no feed is named twice."""
    from syndicate.reading.diff import diff

    formats = {feed.format for _, feed in gone}
    chosen = form or next((name for name in COMPARED if name in formats), None)
    return (diff({}, {path: feed}) for path, feed in gone if feed.format == chosen)


def _joined(parts: "Sequence[FeedDiffs]") -> "FeedDiffs":
    from syndicate.reading.diff import FeedDiffs

    feeds = sorted((feed for part in parts for feed in part.feeds), key=lambda feed: feed.path)
    return FeedDiffs(tuple(feeds), tuple(each for part in parts for each in part.problems))


def _place(config: "Config", against: str) -> tuple[Published, Callable[[], bytes | None]]:
    """Return what reads a feed by its path below `against`, and what reads `against` itself."""
    if against.lower().startswith(("http://", "https://")):
        return partial(_fetched, against), partial(_fetched_page, against)
    folder = Path(against) if against else config.output_folder
    if against and not folder.exists():
        raise click.BadParameter(f"{against!r} is neither an address nor a folder nor a file")
    return partial(_file, folder), partial(_file, folder.parent, folder.name)


def _file(folder: Path, path: str) -> bytes | None:
    from syndicate.errors import OutputError

    try:
        return read_own(folder / path, OWN_BYTES)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        where, cure = str(folder / path), "see that you may read it"
        raise OutputError(where, f"cannot be read ({error.strerror})", cure) from error


def _fetched(base: str, path: str) -> bytes | None:
    from syndicate.feeds.paths import address

    return _fetched_page(address(base.rstrip("/"), path))


def _fetched_page(url: str) -> bytes | None:
    from syndicate.net import HttpError, fetch
    from syndicate.reading.read_feed import MAX_BYTES

    try:
        return fetch(url, max_bytes=MAX_BYTES).data
    except HttpError as error:
        if error.status in (404, 410):
            return None
        raise


def show(diffs: "FeedDiffs", *, as_json: bool, quiet: bool, verbose: bool) -> None:
    """Print each feed that differs and some of its entries, all of them if `verbose`."""
    if as_json:
        click.echo(steady(msgspec.json.format(msgspec.json.encode(diffs), indent=2).decode()))
        return
    for problem in diffs.problems:
        click.echo(printable(f"{problem.path}: {problem.message}; {problem.cure}"), err=True)
    if quiet:
        return
    different = [feed for feed in diffs.feeds if feed.state != "unchanged"]
    _table(different)
    for feed in different:
        if feed.state != "changed":
            number = feed.entries or feed.before
            click.echo(
                printable(f"{feed.path}: {feed.state} ({count(number, 'entry', 'entries')})")
            )
        for group in GROUPS:
            _list(feed, group, verbose=verbose)
    differing = f"{len(different)} {'differs' if len(different) == 1 else 'differ'}"
    click.echo(f"{count(len(diffs.feeds), 'feed')} compared, {differing}")


def _table(feeds: "Sequence[FeedDiff]") -> None:
    if not feeds or not sys.stdout.isatty():
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("feed", "", *(name.replace("_", " ") for name in GROUPS))
    for feed in feeds:
        counts = (str(len(getattr(feed, group)) or "") for group in GROUPS)
        table.add_row(*map(Text, (printable(feed.path), feed.state, *counts)))
    Console().print(table)


def _list(feed: "FeedDiff", group: str, *, verbose: bool) -> None:
    entries = getattr(feed, group)
    if not entries:
        return
    click.echo(printable(f"{feed.path}: {len(entries)} {group.replace('_', ' ')}"))
    for entry in entries if verbose else entries[:EXAMPLES]:
        click.echo(printable(f"  {_line(entry)}"))
    if len(entries) > EXAMPLES and not verbose:
        click.echo(f"  … and {len(entries) - EXAMPLES} more (-v shows all)")


def _line(entry: "EntryDiff") -> str:
    what = f" ({', '.join(entry.changed)})" if entry.changed else ""
    was = f" (was {entry.was})" if entry.was else ""
    return f"{entry.title or 'untitled'}: {entry.id}{was}{what}"
