"""What a person sees: tables, grouped problems, a progress bar. And the same as JSON.

On a terminal rich draws; into a pipe or a log go plain lines.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import msgspec
from msgspec import Struct

from syndicate.model import Change, LeftOut, Problem, Report, Timing
from syndicate.text.characters import printable, steady

if TYPE_CHECKING:  # at run time it would bring all that renders
    from syndicate.pipeline.options import Progress

__all__ = ["View", "progress_bar", "show_build", "show_check", "show_feeds", "show_timings"]

EXAMPLES = 3
"""How many of the problems that are alike are shown unless all are asked for."""
REMOVED = "removed"


class View(Struct, frozen=True):
    """How much to print, and as what."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False


def show_build(report: Report, view: View, *, dry_run: bool = False) -> None:
    """The problems, and a table of what the build did."""
    if _shown_otherwise(report, view):
        return
    _show_problems(report.problems, view)
    _show_left_out(report.left_out, view)
    if view.verbose:
        _show_changes(report.changes)
    changes = _counts(change.action for change in report.changes)
    made = f"{report.rendered} {'entry' if report.rendered == 1 else 'entries'} made"
    rows = [
        ("blog", f"{report.site.title} ({report.engine}: {report.recognised_by})"),
        ("posts", f"{report.post_count} read, {len(report.left_out)} files left out"),
        ("feeds", f"{len(report.feeds)} feeds, {made}"),
        ("files", ", ".join(f"{n} {what}" for what, n in changes) or "none"),
        ("problems", _problem_count(report.problems)),
    ]
    if dry_run:
        rows.append(("dry run", "nothing was written"))
    _table(rows)


def show_timings(timings: Sequence[Timing]) -> None:
    """One line a stage, on standard error: seconds, and how many items."""
    for each in timings:
        items = f"  {each.items:>8,}" if each.items else ""
        click.echo(f"{each.stage:>10} {each.seconds:8.3f} s{items}", err=True)


def show_feeds(report: Report, view: View) -> None:
    """One line a feed: how many entries, which category, and the address of each format."""
    if _shown_otherwise(report, view):
        return
    click.echo(printable(f"{report.site.title}: read as {report.engine} ({report.recognised_by})"))
    for feed in report.feeds:
        name = f"{feed.kind} {feed.term}".strip()
        click.echo(printable(f"{feed.entries:6}  {name}"))
        for url in feed.urls.values():
            click.echo(printable(f"        {url}"))
    click.echo(f"{len(report.feeds)} feeds from {report.post_count} posts")


def show_check(report: Report, view: View) -> None:
    """Every problem with its cure, and why files were left out."""
    if _shown_otherwise(report, view):
        return
    _show_problems(report.problems, view)
    _show_left_out(report.left_out, view)
    click.echo(f"{report.post_count} posts, {_problem_count(report.problems)} problems")


@contextmanager
def progress_bar() -> "Iterator[Progress]":
    """A bar on standard error; it leaves nothing behind."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    # A bar that draws itself has a thread, and a process of two threads may not fork.
    with Bar(console=Console(file=sys.stderr), auto_refresh=False, transient=True) as bar:
        task = bar.add_task("posts", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)


def _shown_otherwise(report: Report, view: View) -> bool:
    if view.json:
        click.echo(steady(msgspec.json.format(msgspec.json.encode(report), indent=2).decode()))
    elif view.quiet:
        for problem in report.problems:
            if problem.severity == "error":
                click.echo(_line(problem), err=True)
    return view.json or view.quiet


def _show_problems(problems: Sequence[Problem], view: View) -> None:
    """The worst first; of those that are alike a few, and how many more there are."""
    ordered = sorted(problems, key=lambda p: (p.severity, p.kind, p.path, p.line))
    for (severity, kind), alike in groupby(ordered, lambda p: (p.severity, p.kind)):
        group = list(alike)
        click.secho(f"{severity}: {kind} ({len(group)})", bold=True, fg=_COLOURS[severity])
        shown = group if view.verbose else group[:EXAMPLES]
        for problem in shown:
            click.echo(f"  {_line(problem)}")
        if len(group) > len(shown):
            click.echo(f"  … and {len(group) - len(shown)} more (-v shows all)")


_COLOURS = {"error": "red", "warning": "yellow"}


def _line(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return printable(f"{place}: {problem.message}" + (f"; {problem.cure}" if problem.cure else ""))


def _show_left_out(left_out: Sequence[LeftOut], view: View) -> None:
    if view.verbose:
        for item in left_out:
            click.echo(printable(f"left out: {item.path}: {item.reason}"))
        return
    # "future: due 2027-01-01…" and "expired: …" are alike whatever the date.
    reasons = (re.sub(r": (due )?\d{4}-.*", "", item.reason) for item in left_out)
    for reason, count in _counts(reasons):
        click.echo(printable(f"left out: {count} {'file' if count == 1 else 'files'}: {reason}"))


def _show_changes(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.action != "unchanged":
            click.echo(printable(f"{change.action}: {change.path}"))


def _counts(words: Any) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _problem_count(problems: Sequence[Problem]) -> str:
    errors = sum(problem.severity == "error" and problem.kind != "no-posts" for problem in problems)
    return f"{len(problems)} ({errors} posts left out for theirs)" if errors else str(len(problems))


def _table(rows: Sequence[tuple[str, str]]) -> None:
    if not sys.stdout.isatty():
        for name, value in rows:
            click.echo(printable(f"{name}: {value}"))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(table)
