"""`syndicate publish`: what the last build wrote, to the targets of `[[publish]]`.

Exit codes: 0 all targets hold it; 1 one of them does not; 2 the command or the configuration is
wrong.
"""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndicate.text.characters import printable, steady

if TYPE_CHECKING:
    from syndicate.config.schema import Config
    from syndicate.model import Report
    from syndicate.publish.deliver import Delivery
    from syndicate.publish.hubs import Ping

__all__ = ["publish_build", "publish_command", "show_deliveries"]


def publish_command(setting: Callable[..., Any]) -> click.Command:
    """The command; `setting` is the callback that reads the KEY=VALUE of ``--set``."""

    @click.command()
    @click.argument("names", nargs=-1, metavar="[NAME]...")
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
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        help="Where feeds were written, rather than [output] path.",
    )
    @click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        callback=setting,
        help="Any key of config.toml with a TOML value. May be given several times.",
    )
    @click.option(
        "-n",
        "--dry-run",
        is_flag=True,
        help="Tell what would be sent and removed; ask no target, change nothing.",
    )
    @click.option(
        "--again",
        is_flag=True,
        help="Send every file, those too that the targets are believed to hold.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print the whole account as JSON.")
    @click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
    @click.option("-v", "--verbose", is_flag=True, help="Print every file sent and removed.")
    def publish(names: tuple[str, ...], **options: Any) -> None:
        """Send what the last build wrote to the targets called NAME (all of them unless named).

        Only what changed is sent, and only what was sent before is removed. What a failed run left
        to do, the next does.
        """
        config = _load(options)
        deliveries, pings = _deliver(config, names, options)
        show_deliveries(deliveries, **{key: options[key] for key in _SHOWN})
        _finish(deliveries, pings)

    return publish


def publish_build(config: "Config", report: "Report", *, quiet: bool, verbose: bool) -> None:
    """Publish what the build that gave `report` left; exit with 1 where a target fails."""
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


_SHOWN = ("dry_run", "as_json", "quiet", "verbose")


def _load(options: dict[str, Any]) -> "Config":
    from syndicate.config.schema import load
    from syndicate.errors import ConfigError

    settings = list(options["settings"])
    if options["output"]:
        settings.append(("output.path", str(options["output"].absolute())))
    config = load(options["blog"], options["file"], settings)
    if not config.publish:
        raise ConfigError("publish", "no target is configured", "add [[publish]] to config.toml")
    return config


def _deliver(
    config: "Config", names: tuple[str, ...], options: dict[str, Any]
) -> "tuple[tuple[Delivery, ...], tuple[Ping, ...]]":
    """What the targets did; the hubs are told where all of them hold what they should."""
    from syndicate.pipeline.read_blog import survey
    from syndicate.publish.after_build import deliverable, notify_hubs
    from syndicate.publish.deliver import deliver
    from syndicate.state.lock import locked

    dry_run = options["dry_run"]
    with locked(config.state_folder):
        kinds = deliverable(config)
        deliveries = deliver(
            config, kinds, environ=os.environ, names=names, dry_run=dry_run, again=options["again"]
        )
        if names or dry_run or not config.feeds.hubs or any(each.error for each in deliveries):
            return deliveries, ()
        report = survey(config, now=datetime.now(UTC)).report()
        return deliveries, notify_hubs(config, report, kinds, environ=os.environ)


def show_deliveries(
    deliveries: "Sequence[Delivery]",
    *,
    dry_run: bool = False,
    as_json: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> None:
    """Print one line for each target on standard output, what went wrong on standard error."""
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
