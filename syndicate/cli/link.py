"""`syndicate link`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.text.characters import printable, steady

if TYPE_CHECKING:
    from syndicate.pages.site import Linked

__all__ = ["link"]


@click.command()
@click.argument("site_folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("blog", default=".", type=click.Path(path_type=Path))
@click.option("-c", "--config", "file", type=click.Path(path_type=Path),
              help="The config.toml to use, rather than the one in BLOG.")  # fmt: skip
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would be done; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Name every page.")
def link(
    site_folder: Path,
    blog: Path,
    file: Path | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Let browsers and readers find the feeds of BLOG from each page in SITE_FOLDER.

    SITE_FOLDER is where the site's generator builds it: _site, public, dist. Every page's head is
    given <link rel="alternate"> lines for the feed of everything, the page of a category its own
    besides. Run it after each build of the site; twice is as good as once.
    """
    from syndicate.config.schema import load
    from syndicate.pages.site import link as link_pages
    from syndicate.pipeline.read_blog import survey

    config = load(blog, file)
    surveyed = survey(config, now=datetime.now(UTC))
    done = link_pages(
        site_folder,
        surveyed.plans,
        site=surveyed.blog.engine.site,
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
        f"{len(done.changed)} pages changed, {done.unchanged} right already, "
        f"{len(done.left_out)} left out; {done.topics} with a feed of their own"
        + ("; dry run: nothing was written" if dry_run else "")
    )
