"""``syndicate check``."""

from typing import Any

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice

__all__ = ["command"]


@click.command("check")
@options.on_blog
@options.reporting
def command(choice: BlogChoice, **view: Any) -> None:
    """List problems of posts and feeds: file, line and cure.

    Write nothing.
    """
    from syndicate.cli import show as console
    from syndicate.cli.reports import finish, now, progress, view_of
    from syndicate.pipeline import build as pipeline
    from syndicate.pipeline.processes import processes

    config = choice.load()
    with progress(view) as bar, processes() as executor:
        report = pipeline.check(config, now=now(), progress=bar, executor=executor)
    console.show_check(report, view_of(view))
    finish(report.problems, strict=view["strict"])
