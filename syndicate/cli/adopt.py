"""``syndicate adopt``: the ids of feeds that are online, and the settings that keep them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndicate.text.characters import printable, steady

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.cli.moving.move import Move
    from syndicate.cli.moving.proposal import Again
    from syndicate.config.schema import Config

__all__ = ["adopt_command"]

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]
EXAMPLES = 5


def adopt_command(setting: Callback) -> click.Command:
    """The command. `setting` reads what ``--set`` is given."""

    @click.command("adopt")
    @click.argument("sources", nargs=-1, required=True, metavar="FILE_OR_URL...")
    @click.option(
        "-b",
        "--blog",
        default=".",
        type=click.Path(path_type=Path),
        help="The blog's folder, rather than this one.",
    )
    @click.option(
        "-c",
        "--config",
        "file",
        type=click.Path(path_type=Path),
        help="The config.toml to use, rather than the one in the blog's folder.",
    )
    @click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        callback=setting,
        help="Any key of config.toml with a TOML value.",
    )
    @click.option("-w", "--write", is_flag=True, help="Write the settings into config.toml.")
    @click.option(
        "--unpublished",
        is_flag=True,
        help="No build was published: posts take the old ids whatever the last build gave them.",
    )
    @click.option(
        "--any-host",
        is_flag=True,
        help="Follow a feed's pages to other hosts, too, and from files.",
    )
    @click.option("-n", "--dry-run", is_flag=True, help="Tell what would be taken; write nothing.")
    @click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
    @click.option("-v", "--verbose", is_flag=True, help="Print every conflict and every feed.")
    def adopt(
        sources: tuple[str, ...],
        blog: Path,
        file: Path | None,
        settings: list[tuple[str, Any]],
        write: bool,
        dry_run: bool,
        as_json: bool,
        **options: bool,
    ) -> None:
        """Take the ids, dates and addresses of existing feeds, so that readers see nothing twice.

        Atom, RSS, JSON Feed and WordPress exports, with all their pages; of an address the other
        feeds of its site, too. Tells which [feeds] settings put ours in their places, and writes
        them with --write. Works before and after a first build.
        """
        from syndicate.config.schema import load, own_file

        config, path = load(blog, file, settings), file or own_file(blog)
        verbose = options.pop("verbose")
        found = _moved(config, sources, dry_run=dry_run, **options)
        written = write and not dry_run and _written(path, found)
        if as_json:
            _show_json(found, written=written)
            return
        _show_problems(found, verbose=verbose)
        _show_feeds(found, verbose=verbose)
        _show_settings(found, path, written=write and not dry_run)
        _show_next(found, config, blog, dry_run=dry_run, written=write)

    return adopt  # fmt: skip


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
        entries = _number(len(each.feed.entries), "entry", "entries")
        click.echo(printable(f"{each.source}: {entries}{by}"))
    if len(feeds) > EXAMPLES and not verbose:
        click.echo(f"… and {len(feeds) - EXAMPLES} more feeds (-v shows all)")
    taken = found.adoption
    adopted = _number(len(taken.taken) + len(taken.replaced), "entry", "entries")
    line = f"{adopted} adopted, {taken.known} known already"
    if taken.replaced:
        posts = _number(len(taken.replaced), "post has", "posts have")
        line += f"; {posts} the old id instead of one that was never published"
    if taken.conflicts:
        line += f"; {_number(len(taken.conflicts), 'conflict', 'conflicts')}"
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
    entries = _number(len(repeated), "entry is repeated", "entries are repeated")
    return f"{entries} and {_number(len(older), 'old post comes', 'old posts come')} up as new"


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


def _number(count: int, one: str, many: str) -> str:
    """Return the number with its noun: "1 entry", "2 entries"."""
    return f"{count:,} {one if count == 1 else many}"
