"""Print reports for people, or as JSON."""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
from msgspec import Struct

from syndicate.model import Change, LeftOut, Problem, Report, Timing
from syndicate.text.characters import printable, steady
from syndicate.text.numbers import count

if TYPE_CHECKING:  # at run time it would bring all that renders
    from syndicate.pipeline.options import Progress

__all__ = ["View", "progress_bar", "show_build", "show_check", "show_feeds", "show_timings"]

EXAMPLES = 3
"""Problems of one kind that are shown without -v."""
OURS = "holds what this program writes"
"""Reason for which output and state folder are left out; not worth a line."""


class View(Struct, frozen=True):
    """Amount and form of the output: JSON, errors only, or all problems."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False


def show_build(report: Report, view: View, output: Path, *, dry_run: bool = False) -> None:
    """Print the problems, and what the build did to the folder `output`."""
    if _shown_otherwise(report, view):
        return
    _show_problems(report.problems, view)
    _show_left_out(report.left_out, view)
    if view.verbose:
        _show_changes(report.changes)
    changes = [
        f"{count(n, 'file')} {action}"
        for action, n in _counts(change.action for change in report.changes)
    ]
    is_current = all(change.action == "unchanged" for change in report.changes)
    entries = f"{count(report.rendered, 'entry', 'entries')} rendered"
    click.echo(printable(_blog(report)))
    click.echo(
        f"{count(report.post_count, 'post')}, {count(len(_told(report.left_out)), 'file')} left out"
    )
    click.echo(
        f"{count(len(report.feeds), 'feed')}, "
        + (printable(f"up to date in {_short(output)}") if is_current else entries)
    )
    click.echo(", ".join(changes) or "0 files")
    click.echo(_problem_count(report.problems))
    if dry_run:
        click.echo("Dry run: nothing was written")


def show_timings(timings: Sequence[Timing]) -> None:
    """Print for each stage its seconds and the number of items, to standard error."""
    for timing in timings:
        items = f"  {timing.items:>8,}" if timing.items else ""
        click.echo(f"{timing.stage:>10} {timing.seconds:8.3f} s{items}", err=True)


def show_feeds(report: Report, view: View) -> None:
    """Print for each feed the number of entries, its name, and the address of each format."""
    if _shown_otherwise(report, view):
        return
    click.echo(printable(_blog(report)))
    for feed in report.feeds:
        name = f"{feed.kind} {feed.term}".strip()
        click.echo(printable(f"{feed.entries:6}  {name}"))
        for url in feed.urls.values():
            click.echo(printable(f"        {url}"))
    click.echo(f"{count(len(report.feeds), 'feed')} from {count(report.post_count, 'post')}")


def show_check(report: Report, view: View) -> None:
    """Print every problem with its cure, and why files were left out."""
    if _shown_otherwise(report, view):
        return
    _show_problems(report.problems, view)
    _show_left_out(report.left_out, view)
    click.echo(f"{count(report.post_count, 'post')}, {_problem_count(report.problems)}")


@contextmanager
def progress_bar() -> "Iterator[Progress]":
    """Show a progress bar on standard error, and remove it at the end."""
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
    """Print the problems by kind, errors first; of each kind a few unless `view.verbose`."""
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


def _blog(report: Report) -> str:
    """Return the blog's title, its generator, and how that was recognised."""
    name = _GENERATORS.get(report.engine, f"{report.engine.capitalize()} blog")
    return f"{report.site.title}: {name} ({report.recognised_by})"


_GENERATORS = {
    "plain": "plain folder",
    "vitepress": "VitePress blog",
    "vuepress": "VuePress blog",
}


def _short(folder: Path) -> str:
    """Return the folder's path from this folder, if it is below."""
    here = Path.cwd()
    return f"{folder.relative_to(here) if folder.is_relative_to(here) else folder}/"


def _told(left_out: Sequence[LeftOut]) -> Sequence[LeftOut]:
    """Return the files without the folders of this program."""
    return [item for item in left_out if item.reason != OURS]


def _show_left_out(left_out: Sequence[LeftOut], view: View) -> None:
    left_out = _told(left_out)
    if view.verbose:
        for item in left_out:
            click.echo(printable(f"left out: {item.path}: {item.reason}"))
        return
    # Leave the date out of "future: due 2027-01-01…" and "expired: …", so that they are one group.
    reasons = (re.sub(r": (due )?\d{4}-.*", "", item.reason) for item in left_out)
    for reason, number in _counts(reasons):
        click.echo(printable(f"left out: {count(number, 'file')}: {reason}"))


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
    skipped = sum(
        problem.severity == "error" and problem.kind != "no-posts" for problem in problems
    )
    found = count(len(problems), "problem")
    return f"{found}; {count(skipped, 'post')} skipped" if skipped else found
