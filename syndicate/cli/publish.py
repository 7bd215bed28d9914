"""``syndicate publish``: sends the last build to the targets of ``[[publish]]``."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice
from syndicate.errors import ConfigError
from syndicate.text.characters import printable, steady

if TYPE_CHECKING:
    from syndicate.config.schema import Config
    from syndicate.model import Report
    from syndicate.publish.deliver import Delivery
    from syndicate.publish.hubs import Ping

__all__ = ["command", "publish_build", "show_deliveries"]


@click.command("publish")
@options.on_blog
@options.as_json
@options.quiet
@options.verbose
@options.dry_run
@click.option(
    "-t",
    "--target",
    "names",
    multiple=True,
    metavar="NAME",
    help="Send to this target only. May be repeated.",
)
@click.option(
    "--again", is_flag=True, help="Send every file, even if the targets should have it already."
)
def command(choice: BlogChoice, names: tuple[str, ...], **view: bool) -> None:
    """Send the last build to the targets in config.toml.

    Send only changed files, and remove only files that were sent before. The next run completes
    what a failed run left. The exit code is 1 if a target fails.
    """
    if not choice.blog.is_dir():
        cure = f"to name a target, write --target {choice.blog}"
        raise ConfigError(str(choice.blog), "is not the folder of a blog", cure)
    config = choice.load()
    if not config.publish:
        cure = "add [[publish]] to config.toml"
        raise ConfigError("publish", "no target is configured", cure)
    again = view.pop("again")
    deliveries, pings = _deliver(config, names, dry_run=view["dry_run"], again=again)
    show_deliveries(deliveries, **view)
    _finish(deliveries, pings)


def publish_build(config: "Config", report: "Report", *, quiet: bool, verbose: bool) -> None:
    """Publish the build of `report`. Exit with 1 if a target fails."""
    from syndicate.publish.after_build import publish_after

    published = publish_after(config, report, environ=os.environ)
    show_deliveries(published.deliveries, quiet=quiet, verbose=verbose)
    _finish(published.deliveries, published.pings)


def _finish(deliveries: "Sequence[Delivery]", pings: "Sequence[Ping]") -> None:
    for ping in pings:
        if ping.problem:
            click.echo(printable(f"syndicate: {ping.problem}"), err=True)
    if any(each.error for each in deliveries):
        raise SystemExit(1)


def _deliver(
    config: "Config", names: tuple[str, ...], *, dry_run: bool, again: bool
) -> "tuple[tuple[Delivery, ...], tuple[Ping, ...]]":
    """Deliver to the targets. Notify the hubs if every target has all files."""
    from syndicate.pipeline.blog import open_blog
    from syndicate.pipeline.options import BuildOptions
    from syndicate.pipeline.read_blog import read_blog
    from syndicate.publish.after_build import deliverable, notify_hubs
    from syndicate.publish.deliver import Options, deliver
    from syndicate.state.lock import locked

    with locked(config.state_folder):
        kinds = deliverable(config)
        options = Options(dry_run=dry_run, again=again)
        deliveries = deliver(config, kinds, environ=os.environ, names=names, options=options)
        if names or dry_run or not config.feeds.hubs or any(each.error for each in deliveries):
            return deliveries, ()
        report = read_blog(open_blog(config), config, BuildOptions(datetime.now(UTC))).report()
        return deliveries, notify_hubs(config, report, kinds, environ=os.environ)


def show_deliveries(
    deliveries: "Sequence[Delivery]",
    *,
    dry_run: bool = False,
    as_json: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """Print one line for each target on standard output, and errors on standard error."""
    if as_json:
        import msgspec

        click.echo(steady(msgspec.json.format(msgspec.json.encode(deliveries)).decode()))
        return
    for each in deliveries:
        if not quiet:
            click.echo(printable(_line(each, dry_run=dry_run)))
        if verbose:
            _show_paths(each)
        if each.problem:
            click.echo(printable(f"syndicate: {each.target}: {each.problem}"), err=True)
        if each.error:
            cure = f"; {each.cure}" if each.cure else ""
            click.echo(printable(f"syndicate: {each.target}: {each.error}{cure}"), err=True)


def _line(each: "Delivery", *, dry_run: bool) -> str:
    if dry_run:
        counts = f"{len(each.pending)} to send or remove, {each.unchanged} unchanged"
    else:
        counts = f"{len(each.sent)} sent, {len(each.removed)} removed, {each.unchanged} unchanged"
        if each.pending:
            counts += f", {len(each.pending)} still to do"
    return f"{each.target}: {counts} -> {each.place}"


def _show_paths(each: "Delivery") -> None:
    for verb, paths in (("sent", each.sent), ("removed", each.removed), ("to do", each.pending)):
        for path in paths:
            click.echo(printable(f"  {verb} {path}"))
