"""``syndicate ledger adopt``: the ids and dates of feeds that are online, into the ledger."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndicate.text import printable, steady

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.adopt import Adoption

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
    @click.option(
        "--any-host",
        is_flag=True,
        help="Follow a feed's pages to other hosts, too, and from files.",
    )
    @click.option("-n", "--dry-run", is_flag=True, help="Tell what would be taken; write nothing.")
    @click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
    @click.option("-v", "--verbose", is_flag=True, help="Print every conflict.")
    def adopt(
        sources: tuple[str, ...],
        any_host: bool,
        dry_run: bool,
        as_json: bool,
        verbose: bool,
        **blog: Any,
    ) -> None:
        """Take the ids, dates and addresses of existing feeds, so that readers see nothing twice.

        Atom, RSS, JSON Feed and WordPress exports, with all their pages. What the ledger knows
        already stays as it is; where it knows a post by another id, both are named.
        """
        found = _adopted(sources, _state(**blog), any_host=any_host, dry_run=dry_run)
        if as_json:
            import msgspec

            click.echo(steady(msgspec.json.format(msgspec.json.encode(found), indent=2).decode()))
        else:
            _show(found, verbose=verbose, dry_run=dry_run)

    return adopt  # fmt: skip


def _adopted(sources: tuple[str, ...], state: Path, *, any_host: bool, dry_run: bool) -> "Adoption":
    from syndicate.adopt import adopt
    from syndicate.state.ledger import keep, load
    from syndicate.state.lock import locked

    if dry_run:
        return adopt(sources, load(state), any_host=any_host)
    with locked(state):
        found = adopt(sources, load(state), any_host=any_host)
        keep(state, found.taken)
    return found


def _state(blog: Path, file: Path | None, settings: list[tuple[str, Any]]) -> Path:
    from syndicate.config import load

    return load(blog, file, settings).state_folder


def _show(found: "Adoption", *, verbose: bool, dry_run: bool) -> None:
    for problem in found.problems:
        click.echo(printable(f"{problem.path}: {problem.message}; {problem.cure}"), err=True)
    shown = found.conflicts if verbose else found.conflicts[:EXAMPLES]
    for each in shown:
        line = f"{each.url or each.id}: known as {each.kept}, which stays"
        click.echo(printable(f"{line}; {each.source} says {each.id}"), err=True)
    if len(found.conflicts) > len(shown):
        click.echo(f"… and {len(found.conflicts) - len(shown)} more (-v shows all)", err=True)
    counts = f"{len(found.taken)} taken, {found.known} known, {len(found.conflicts)} conflicts"
    note = "; nothing was written" if dry_run else ""
    click.echo(f"{found.pages} pages read: {counts}{note}")
