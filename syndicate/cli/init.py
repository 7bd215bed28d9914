"""``syndicate init``."""

from pathlib import Path

import click

from syndicate.text.characters import printable

__all__ = ["command"]


@click.command("init")
@click.argument("blog", default=".", type=click.Path(path_type=Path))
@click.option("-f", "--force", is_flag=True, help="Replace an existing config.toml.")
def command(blog: Path, force: bool) -> None:
    """Write a commented config.toml for BLOG.

    Fill in the settings of the blog's site generator.
    """
    from syndicate.cli import starter

    path, found = starter.write_config(blog, replace=force)
    click.echo(printable(f"{path}: written ({found})"))
    click.echo(printable(f"Next: syndicate build {blog}"))
