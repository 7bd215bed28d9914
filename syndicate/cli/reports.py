"""Start and end of every command that prints a Report: moment, progress bar, exit code."""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.cli.show import View
    from syndicate.model import Problem

__all__ = ["finish", "now", "progress", "view_of"]


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def view_of(options: Mapping[str, Any]) -> "View":
    """Return how much to print, from --json, -q and -v."""
    from syndicate.cli.show import View

    return View(json=options["as_json"], quiet=options["quiet"], verbose=options["verbose"])


def progress(options: Mapping[str, Any]) -> AbstractContextManager[Any]:
    """Return a progress bar, or nothing visible if standard error is no terminal."""
    if options["quiet"] or options["as_json"] or not sys.stderr.isatty():
        return nullcontext(lambda *_: None)
    from syndicate.cli.show import progress_bar

    return progress_bar()


def finish(problems: "tuple[Problem, ...]", *, strict: bool) -> None:
    """Exit with 2 if the blog has no posts, with 1 if `strict` and there are problems."""
    if any(problem.kind == "no-posts" for problem in problems):
        raise SystemExit(2)
    if strict and problems:
        raise SystemExit(1)
