"""``syndicate status``."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice
from syndicate.text.characters import printable, steady
from syndicate.text.numbers import count

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.daemon.status import Build, HubStatus, Status, TargetStatus

__all__ = ["command"]

SHOWN = 5


@click.command("status")
@options.on_blog
@options.as_json
def command(choice: BlogChoice, as_json: bool) -> None:
    """Show builds, plans and problems of BLOG's daemon.

    The exit code is 1 if the daemon is not running. Its last status is then shown.
    """
    from syndicate.daemon.status import is_running, read

    folder = choice.load().state_folder
    found, running = read(folder), is_running(folder)
    if as_json:
        _print_json(found, running=running)
    elif found is None:
        click.echo("No daemon has run here yet. Run: syndicate daemon")
    else:
        for line in _lines(found, datetime.now().astimezone(), running=running):
            click.echo(printable(line))
    if not running:
        raise SystemExit(1)


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
        yield f"next: {name} {_when(when, now)}" + ("" if running else " (if it were running)")
    if found.waiting_count:
        yield f"waiting: {count(found.waiting_count, 'post')} dated ahead"
        yield from (f"  {each.path}: {_when(each.due, now)}" for each in found.waiting[:SHOWN])
    yield from _problems(found)
    yield from (_target(each, now) for each in found.targets)
    yield from (_hub(each, now) for each in found.hubs)


def _build(each: "Build", now: datetime) -> str:
    why = ", ".join(each.reasons)
    did = (
        f"failed: {each.failed}"
        if each.failed
        else f"{count(each.posts, 'post')}, {count(each.feeds, 'feed')}, "
        f"{count(each.files, 'file')} changed"
    )
    return f"{_when(each.started, now)}: {did} ({why}; {each.seconds:.2f} s)"


def _problems(found: "Status") -> Iterator[str]:
    counts = found.problem_counts
    total = sum(counts.values())
    if total:
        skipped = count(counts.get("error", 0), "post")
        yield f"{count(total, 'problem')}; {skipped} skipped"
    for each in found.problems[:SHOWN]:
        place = f"{each.path}:{each.line}" if each.line else each.path
        yield f"  {place}: {each.message}" + (f"; {each.cure}" if each.cure else "")
    if total > SHOWN:
        yield "  … all of them: `syndicate check`"


def _target(each: "TargetStatus", now: datetime) -> str:
    good = f"up to date since {_when(each.good, now)}" if each.good else "never delivered"
    line = f"target {each.name}: {good} -> {each.place}"
    return line + _failed(each, f"{count(each.pending, 'file')} pending", now)


def _hub(each: "HubStatus", now: datetime) -> str:
    accepted = count(each.told, "ping")
    return f"hub {each.hub}: {accepted} accepted" + _failed(each, "not notified", now)


def _failed(each: "TargetStatus | HubStatus", what: str, now: datetime) -> str:
    if not each.failed:
        return ""
    again = f"; next attempt {_when(each.again, now)}" if each.again else ""
    return f"; {what}, {count(each.failures, 'failure')}: {each.failed}{again}"


def _when(moment: datetime, now: datetime) -> str:
    """Return the moment in the local time zone, and its distance from `now`."""
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
