"""``syndicate diff``: what readers will see of the next build, as a table or as JSON."""

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
from msgspec import Struct

from syndicate.model import Document, Format
from syndicate.text import printable

if TYPE_CHECKING:  # a command that does not compare need not load them
    from syndicate.config import Config
    from syndicate.diff import EntryDiff, FeedDiff, FeedDiffs
    from syndicate.reading.nouns import ReadFeed

__all__ = ["diff_command", "show"]

Options = Callable[[Callable[..., Any]], Callable[..., Any]]
Published = Callable[[str], bytes | None]
"""The path of a feed -> its bytes where it is published, None where it is not."""

TYPES: dict[Format, str] = {
    "json": "application/feed+json",
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
}
"""The formats that are compared, the best to compare first."""
AT_ONCE = 4
EXAMPLES = 3
GROUPS = ("new", "edited", "repeated", "withdrawn", "aged_out")


def diff_command(
    options: Options,
    load: Callable[[Path, dict[str, Any]], "Config"],
    preview: Callable[["Config"], Iterable[Document]],
) -> click.Command:
    """The command, with the `options` that all commands on a blog take, which `load` reads.

    `preview` gives what a build would write.
    """

    @click.command("diff")
    @options
    @click.option(
        "--against",
        default="",
        metavar="URL_OR_FOLDER",
        help="Where the feeds are published: the site's address, or a folder, rather "
        "than the output folder.",
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(get_args(Format)),
        help="The format to compare, rather than the first there is of JSON, Atom, RSS.",
    )
    @click.option("--exit-code", is_flag=True, help="Exit with 1 where anything differs.")
    def diff(blog: Path, against: str, form: Format | None, exit_code: bool, **rest: Any) -> None:
        """Show what readers of BLOG's feeds will see once it is built. Writes nothing.

        For each feed: entries that are new, edited, repeated (the same under another id, which
        readers see as new), withdrawn, and aged out at the end of a full feed.
        """
        config = load(blog, rest)
        found = _compared(config, preview(config), against, form)
        show(found, as_json=rest["as_json"], quiet=rest["quiet"], verbose=rest["verbose"])
        if (exit_code and found.differs) or (rest["strict"] and found.problems):
            raise SystemExit(1)

    return diff  # fmt: skip


def _compared(
    config: "Config", documents: Iterable[Document], against: str, form: Format | None
) -> "FeedDiffs":
    from syndicate.reading.read import read
    from syndicate.state.manifest import recall

    formats = (name for name in TYPES if name in config.feeds.formats)
    chosen: Format = form if form else next(formats)
    new: dict[str, _New] = {}
    written = {config.feeds.paths.opml}
    for document in documents:
        written.add(document.path)
        if document.type == TYPES[chosen]:
            feed = read(document.data, where=document.path)
            new[document.path] = _New(feed, _mark(document.data))
    earlier = set(recall(config.state_folder, config.output_folder).files) - written
    limit = 1 if config.feeds.max_bytes else config.feeds.limit
    published = _place(config, against)
    # Feeds are many and may be far away; what is known of each is little.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        kept = pool.map(lambda path: _one(path, new[path], published, limit), new)
        gone = pool.map(lambda path: _gone(path, published, chosen), earlier)
        return _joined([*kept, *gone])


class _New(Struct, frozen=True):
    feed: "ReadFeed"
    mark: bytes


def _mark(data: bytes) -> bytes:
    return blake2b(data).digest()


def _one(path: str, new: _New, published: Published, limit: int) -> "FeedDiffs":
    """The feed at `path`; one whose bytes are the same is not read again."""
    from syndicate.diff import diff

    data = published(path)
    if data is None:
        return diff({path: new.feed}, {})
    before = new.feed if _mark(data) == new.mark else data
    return diff({path: new.feed}, {path: before}, limit=limit)


def _gone(path: str, published: Published, form: Format) -> "FeedDiffs":
    """The file at `path`, which is no more, if it is a feed of the format `form`."""
    from syndicate.diff import diff
    from syndicate.reading.nouns import FeedError
    from syndicate.reading.read import read

    data = published(path)
    try:
        feed = read(data or b"", where=path)
    except FeedError:  # nobody reads it as a feed
        return diff({}, {})
    return diff({}, {path: feed} if feed.format == form else {})


def _joined(parts: "Sequence[FeedDiffs]") -> "FeedDiffs":
    from syndicate.diff import FeedDiffs

    feeds = sorted((feed for part in parts for feed in part.feeds), key=lambda feed: feed.path)
    return FeedDiffs(tuple(feeds), tuple(each for part in parts for each in part.problems))


def _place(config: "Config", against: str) -> Published:
    if against.lower().startswith(("http://", "https://")):
        return partial(_fetched, against)
    folder = Path(against) if against else config.output_folder
    if against and not folder.is_dir():
        raise click.BadParameter(f"{against!r} is neither an address nor a folder")
    return partial(_file, folder)


def _file(folder: Path, path: str) -> bytes | None:
    from syndicate.errors import OutputError

    try:
        return (folder / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        where, cure = str(folder / path), "see that you may read it"
        raise OutputError(where, f"cannot be read ({error.strerror})", cure) from error


def _fetched(base: str, path: str) -> bytes | None:
    from syndicate.feeds.paths import address
    from syndicate.http import HttpError, fetch
    from syndicate.reading.nouns import MAX_BYTES

    try:
        return fetch(address(base.rstrip("/"), path), max_bytes=MAX_BYTES).data
    except HttpError as error:
        if error.status in (404, 410):
            return None
        raise


def show(diffs: "FeedDiffs", *, as_json: bool, quiet: bool, verbose: bool) -> None:
    """One line for each feed that differs, and the entries behind it; `verbose` shows all."""
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(diffs), indent=2).decode())
        return
    for problem in diffs.problems:
        click.echo(printable(f"{problem.path}: {problem.message}; {problem.cure}"), err=True)
    if quiet:
        return
    different = [feed for feed in diffs.feeds if feed.state != "unchanged"]
    _table(different)
    for feed in different:
        if feed.state != "changed":
            click.echo(
                printable(f"{feed.path}: {feed.state} ({feed.entries or feed.before} entries)")
            )
        for group in GROUPS:
            _list(feed, group, verbose=verbose)
    click.echo(f"{len(diffs.feeds)} feeds compared, {len(different)} differ")


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
