"""``syndicate adopt``: takes over the ids of existing feeds, and proposes settings."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice
from syndicate.text.characters import printable, steady
from syndicate.text.numbers import count

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.cli.moving.move import Move
    from syndicate.cli.moving.proposal import Again
    from syndicate.config.schema import Config

__all__ = ["command"]

EXAMPLES = 5


@click.command("adopt")
@click.argument("sources", nargs=-1, required=True, metavar="FILE_OR_URL... [BLOG]")
@options.configured
@options.as_json
@options.verbose
@options.dry_run
@click.option("-w", "--write", is_flag=True, help="Write the settings into config.toml.")
@click.option(
    "--unpublished",
    is_flag=True,
    help="No build was published: posts take the old ids, whatever id the last build gave them.",
)
@click.option(
    "--any-host", is_flag=True, help="Follow the pages of a feed to other hosts, and from files."
)
def command(
    sources: tuple[str, ...],
    choice: BlogChoice,
    as_json: bool,
    verbose: bool,
    dry_run: bool,
    write: bool,
    **more: bool,
) -> None:
    """Take over ids and dates of your existing feeds.

    Readers then see no entry twice. Read Atom, RSS, JSON Feed and WordPress exports with all their
    pages; for an address, read the other feeds of its site, too. Show the [feeds] settings that put
    the new feeds where the old ones are, and write them with --write. Works before and after the
    first build. BLOG is the last argument if that is a folder.
    """
    from syndicate.config.load import own_file

    sources, choice = _with_blog(sources, choice)
    config, path = choice.load(), choice.file or own_file(choice.blog)
    found = _moved(config, sources, dry_run=dry_run, **more)
    written = write and not dry_run and _written(path, found)
    if as_json:
        _show_json(found, written=written)
        return
    _show_problems(found, verbose=verbose)
    _show_feeds(found, verbose=verbose)
    _show_settings(found, path, written=write and not dry_run)
    _show_next(found, config, choice.blog, dry_run=dry_run, written=write)


def _with_blog(sources: tuple[str, ...], choice: BlogChoice) -> tuple[tuple[str, ...], BlogChoice]:
    """Return the feeds, and the choice of the blog if the last argument is a folder."""
    if not Path(sources[-1]).is_dir():
        return sources, choice
    if len(sources) == 1:
        raise click.UsageError(f"{sources[0]} is a folder; name a feed before it")
    return sources[:-1], choice._replace(blog=Path(sources[-1]))


def _moved(config: "Config", sources: tuple[str, ...], *, dry_run: bool, **options: Any) -> "Move":
    from syndicate.cli.moving.move import move
    from syndicate.ledger.records import keep, load
    from syndicate.publish.published import note
    from syndicate.state.lock import locked

    now, state = datetime.now(UTC), config.state_folder
    if dry_run:
        return move(config, sources, load(state), now=now, **options)
    with locked(state):
        found = move(config, sources, load(state), now=now, **options)
        taken = found.adoption
        keep(state, (*taken.taken, *taken.replaced), taken.dropped)
        note(state, found.seen)
    return found


def _written(path: Path, found: "Move") -> bool:
    """Return whether config.toml was changed."""
    from syndicate.cli.moving.edit import write_values
    from syndicate.cli.moving.proposal import toml

    return found.settings is not None and write_values(path, "feeds", toml(found.settings))


def _show_json(found: "Move", *, written: bool) -> None:
    import msgspec

    from syndicate.cli.moving.proposal import toml

    report = {
        **msgspec.to_builtins(found.adoption),
        "problems": msgspec.to_builtins(found.problems),
        "generator": found.generator,
        "feeds": [
            {
                "address": each.source,
                "path": each.path,
                "format": each.feed.format,
                "entries": len(each.feed.entries),
            }
            for each in found.site.feeds
        ],
        "settings": toml(found.settings) if found.settings else {},
        "written": written,
        "again": msgspec.to_builtins(found.again),
        "again_now": msgspec.to_builtins(found.now),
    }
    click.echo(steady(msgspec.json.format(msgspec.json.encode(report), indent=2).decode()))


def _show_problems(found: "Move", *, verbose: bool) -> None:
    for problem in found.problems:
        click.echo(printable(f"{problem.path}: {problem.message}; {problem.cure}"), err=True)
    conflicts = found.adoption.conflicts
    shown = conflicts if verbose else conflicts[:EXAMPLES]
    for each in shown:
        line = f"{each.url or each.id}: the ledger keeps the id {each.kept}"
        click.echo(printable(f"{line}; {each.source} says {each.id}"), err=True)
    if len(conflicts) > len(shown):
        click.echo(f"… and {len(conflicts) - len(shown)} more (-v shows all)", err=True)


def _show_feeds(found: "Move", *, verbose: bool) -> None:
    feeds = found.site.feeds
    for each in feeds if verbose else feeds[:EXAMPLES]:
        by = f", made by {found.generator}" if found.generator and each is feeds[0] else ""
        entries = count(len(each.feed.entries), "entry", "entries")
        click.echo(printable(f"{each.source}: {entries}{by}"))
    if len(feeds) > EXAMPLES and not verbose:
        click.echo(f"… and {len(feeds) - EXAMPLES} more feeds (-v shows all)")
    taken = found.adoption
    adopted = count(len(taken.taken) + len(taken.replaced), "entry", "entries")
    line = f"{adopted} adopted, {taken.known} known already"
    if taken.replaced:
        posts = count(len(taken.replaced), "post has", "posts have")
        line += f"; {posts} the old id instead of one that was never published"
    if taken.conflicts:
        line += f"; {count(len(taken.conflicts), 'conflict', 'conflicts')}"
    click.echo(line)


def _show_settings(found: "Move", path: Path, *, written: bool) -> None:
    from syndicate.cli.moving.proposal import toml

    if not found.settings:
        return
    click.echo(f"{path}, [feeds]" + (" now says:" if written else " should say:"))
    for key, value in toml(found.settings).items():
        click.echo(printable(f"  {key} = {value}"))
    click.echo(f"With these settings {_counts(found.again)}")
    if not written and _counts(found.now) != _counts(found.again):
        click.echo(f"As it stands {_counts(found.now)}")


def _counts(again: "Sequence[Again]") -> str:
    """Say how much subscribers see again; one post may be in several feeds."""
    repeated = {name for each in again for name in each.repeated}
    older = {name for each in again for name in each.older} - repeated
    entries = count(len(repeated), "entry is repeated", "entries are repeated")
    return f"{entries} and {count(len(older), 'old post comes', 'old posts come')} up as new"


def _show_next(
    found: "Move", config: "Config", blog: Path, *, dry_run: bool, written: bool
) -> None:
    place = "" if str(blog) == "." else f" {blog}"
    if dry_run:
        click.echo("Nothing was written. Next: the same without --dry-run")
    elif found.adoption.conflicts:
        click.echo(
            "If no build was published yet, run the same with --unpublished. If one was, its "
            "readers know the ids that the ledger keeps"
        )
    elif found.settings and not written and not _stands(found, config):
        click.echo("Next: the same with --write, or write these settings yourself")
    else:
        click.echo(f"Next: syndicate build{place}")


def _stands(found: "Move", config: "Config") -> bool:
    """Return whether config.toml already has all settings that matter."""
    settings, feeds = found.settings, config.feeds
    return settings is not None and (settings.layout, settings.limit, settings.formats) == (
        feeds.layout,
        feeds.limit,
        feeds.formats,
    )
