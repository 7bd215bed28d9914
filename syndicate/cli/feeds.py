"""``syndicate feeds``."""

from typing import Any

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice

__all__ = ["command"]


@click.command("feeds")
@options.on_blog
@options.reporting
def command(choice: BlogChoice, **view: Any) -> None:
    """List the feeds of BLOG with their addresses.

    Write nothing: these are the feeds that a build would write.
    """
    from syndicate.cli import show as console
    from syndicate.cli.reports import finish, now, view_of
    from syndicate.pipeline.blog import open_blog
    from syndicate.pipeline.options import BuildOptions
    from syndicate.pipeline.read_blog import read_blog

    config = choice.load()
    report = read_blog(open_blog(config), config, BuildOptions(now())).report()
    console.show_feeds(report, view_of(view))
    finish(report.problems, strict=view["strict"])
