"""`syndicate daemon`, and `syndicate status`, which tells what it does."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from syndicate.text.characters import printable, steady

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.config.schema import Config
    from syndicate.daemon.status import Build, HubStatus, Status, TargetStatus

__all__ = ["daemon_command", "status_command"]

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
SHOWN = 5


def daemon_command(setting: Callback) -> click.Command:
    """The command; `setting` reads the KEY=VALUE of ``--set``."""

    @click.command("daemon")
    @_blog(setting)
    @click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Log lines for people, or for programs.",
    )
    @click.option("-q", "--quiet", is_flag=True, help="Log what goes wrong only.")
    def daemon(log_format: Literal["text", "json"], quiet: bool, **options: Any) -> None:
        """Build the feeds of BLOG on time and on change, publish them and tell the hubs.

        Until stopped (SIGTERM, Ctrl-C). SIGHUP reads config.toml anew. `syndicate status` tells
        what it does.
        """
        from syndicate.daemon import logs
        from syndicate.daemon.run import Setting, run
        from syndicate.pipeline.processes import processes, settle_in
        from syndicate.publish.secrets import secrets_of

        hide = logs.set_up(log_format, quiet=quiet)

        def load() -> "Config":
            config = _load(options)
            hide(secrets_of(config, os.environ))
            return config

        settle_in()
        if not run(Setting(load, processes, os.environ, options["file"])):
            sys.stderr.flush()
            os._exit(0)  # a build that does not end would be waited for; it leaves nothing half

    return daemon


def status_command(setting: Callback) -> click.Command:
    """The command; `setting` reads the KEY=VALUE of ``--set``."""

    @click.command("status")
    @_blog(setting)
    @click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
    def status(as_json: bool, **options: Any) -> None:
        """Tell what the daemon of BLOG does: builds, what is next, problems, what is pending.

        From what it wrote down last: also where it does not run. Exits with 1 where it does not.
        """
        from syndicate.daemon.status import is_running, read

        folder = _load(options).state_folder
        found, running = read(folder), is_running(folder)
        if as_json:
            _print_json(found, running=running)
        elif found is None:
            click.echo("no daemon has ever run here; `syndicate daemon` starts one")
        else:
            for line in _lines(found, datetime.now().astimezone(), running=running):
                click.echo(printable(line))
        if not running:
            raise SystemExit(1)

    return status


def _blog(setting: Callback) -> Decorator:
    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed((
            click.argument("blog", default=".", type=click.Path(path_type=Path)),
            click.option("-c", "--config", "file", type=click.Path(path_type=Path),
                         help="The config.toml to use, rather than the one in BLOG."),
            click.option("-o", "--output", type=click.Path(path_type=Path),
                         help="Where feeds are written, rather than [output] path."),
            click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", callback=setting,
                         help="Any key of config.toml with a TOML value."),
        )):  # fmt: skip
            command = option(command)
        return command

    return decorate


def _load(options: dict[str, Any]) -> "Config":
    from syndicate.config.schema import load

    settings = list(options["settings"])
    if options["output"]:
        settings.append(("output.path", str(options["output"].absolute())))
    return load(options["blog"], options["file"], settings)


def _print_json(found: "Status | None", *, running: bool) -> None:
    import msgspec

    told = msgspec.to_builtins(found) if found else {}
    data = msgspec.json.format(msgspec.json.encode({"running": running, **told}), indent=2)
    click.echo(steady(data.decode()))


def _lines(found: "Status", now: datetime, *, running: bool) -> Iterator[str]:
    if running:
        yield f"daemon: {found.state} (process {found.pid}), since {_when(found.started, now)}"
    elif found.state == "stopped":
        yield f"daemon: not running; stopped {_when(found.written, now)}"
    else:
        yield f"daemon: not running; it was killed after {_when(found.written, now)}"
    if found.refused:
        yield f"the configuration on disk is not in use: {found.refused}"
    counts = found.totals
    yield f"builds: {counts.builds} since the start, {counts.failed} failed"
    yield from (f"  {_build(each, now)}" for each in found.builds[:SHOWN])
    for name, when in sorted(found.planned.items(), key=lambda pair: pair[1]):
        yield f"next: {name} {_when(when, now)}" + ("" if running else " (were it running)")
    if found.waiting_count:
        yield f"waiting: {_count(found.waiting_count, 'post')} dated ahead"
        yield from (f"  {each.path}: {_when(each.due, now)}" for each in found.waiting[:SHOWN])
    yield from _problems(found)
    yield from (_target(each, now) for each in found.targets)
    yield from (_hub(each, now) for each in found.hubs)


def _build(each: "Build", now: datetime) -> str:
    why = ", ".join(each.reasons)
    did = (
        f"failed: {each.failed}"
        if each.failed
        else f"{_count(each.posts, 'post')}, {_count(each.feeds, 'feed')}, "
        f"{_count(each.files, 'file')} changed"
    )
    return f"{_when(each.started, now)}: {did} ({why}; {each.seconds:.2f} s)"


def _problems(found: "Status") -> Iterator[str]:
    counts = found.problem_counts
    total = sum(counts.values())
    if total:
        skipped = _count(counts.get("error", 0), "post")
        yield f"{_count(total, 'problem')}; {skipped} skipped"
    for each in found.problems[:SHOWN]:
        place = f"{each.path}:{each.line}" if each.line else each.path
        yield f"  {place}: {each.message}" + (f"; {each.cure}" if each.cure else "")
    if total > SHOWN:
        yield "  … all of them: `syndicate check`"


def _target(each: "TargetStatus", now: datetime) -> str:
    good = f"up to date since {_when(each.good, now)}" if each.good else "never delivered"
    line = f"target {each.name}: {good} -> {each.place}"
    return line + _failed(each, f"{_count(each.pending, 'file')} pending", now)


def _hub(each: "HubStatus", now: datetime) -> str:
    accepted = _count(each.told, "ping")
    return f"hub {each.hub}: {accepted} accepted" + _failed(each, "not notified", now)


def _failed(each: "TargetStatus | HubStatus", what: str, now: datetime) -> str:
    if not each.failed:
        return ""
    again = f"; next attempt {_when(each.again, now)}" if each.again else ""
    return f"; {what}, {_count(each.failures, 'failure')}: {each.failed}{again}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _when(moment: datetime, now: datetime) -> str:
    """In this machine's time zone, and how far from `now`."""
    seconds = (moment - now).total_seconds()
    far = _far(abs(seconds))
    return f"{moment.astimezone(now.tzinfo):%Y-%m-%d %H:%M:%S} " + (
        f"(in {far})" if seconds > 0 else f"({far} ago)"
    )


def _far(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
