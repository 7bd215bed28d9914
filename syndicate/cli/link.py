"""``syndicate link``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice
from syndicate.text.characters import printable, steady
from syndicate.text.numbers import count

if TYPE_CHECKING:
    from syndicate.pages.site import Linked

__all__ = ["command"]


@click.command("link")
@click.argument("site_folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@options.on_blog
@options.as_json
@options.quiet
@options.verbose
@options.dry_run
def command(
    site_folder: Path,
    choice: BlogChoice,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    dry_run: bool,
) -> None:
    """Announce the feeds in the pages of a built site.

    SITE_FOLDER is the output of the site's generator: _site, public, dist. Add <link
    rel="alternate"> lines for the main feed to the head of every page, and lines for a category's
    feed to the page of the category. Run it after each build of the site; to run it twice does no
    harm.
    """
    from syndicate.pages.site import link as link_pages
    from syndicate.pipeline.blog import open_blog
    from syndicate.pipeline.options import BuildOptions
    from syndicate.pipeline.read_blog import read_blog

    config = choice.load()
    plan = read_blog(open_blog(config), config, BuildOptions(datetime.now(UTC)))
    done = link_pages(
        site_folder,
        plan.feeds,
        site=plan.blog.engine.site,
        layout=config.feeds.paths,
        dry_run=dry_run,
    )
    if as_json:
        import msgspec

        click.echo(steady(msgspec.json.format(msgspec.json.encode(done), indent=2).decode()))
    elif not quiet:
        _show(done, dry_run=dry_run, verbose=verbose)


def _show(done: "Linked", *, dry_run: bool, verbose: bool) -> None:
    if verbose:
        for path in done.changed:
            click.echo(printable(f"changed   {path}"))
        for each in done.left_out:
            click.echo(printable(f"left out  {each.path}: {each.reason}"))
    click.echo(
        f"{count(len(done.changed), 'page')} changed, {done.unchanged} up to date, "
        f"{len(done.left_out)} left out; {done.topics} with a feed of their own"
        + ("; dry run: nothing was written" if dry_run else "")
    )
