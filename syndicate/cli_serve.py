"""`syndicate serve`."""

from pathlib import Path
from typing import Any

import click

__all__ = ["serve"]


@click.command()
@click.argument("blog", default=".", type=click.Path(path_type=Path))
@click.option("-c", "--config", "file", type=click.Path(path_type=Path),
              help="The config.toml to use, rather than the one in BLOG.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The folder to serve, rather than [output] path.")  # fmt: skip
@click.option("--host", help="The address to listen at, rather than [serve] host.")
@click.option("--port", type=click.IntRange(0, 65535),
              help="The port, rather than [serve] port; 0 takes a free one.")  # fmt: skip
def serve(
    blog: Path, file: Path | None, output: Path | None, host: str | None, port: int | None
) -> None:
    """Serve the feeds of BLOG by HTTP, as they are in its output folder at any time.

    Until stopped with Ctrl-C: answers under way are then sent to their end.
    """
    from syndicate.config import load

    given = (("output.path", output and str(output.absolute())), ("serve.host", host),
             ("serve.port", port))  # fmt: skip
    run(load(blog, file, [(key, value) for key, value in given if value is not None]))


def run(config: Any) -> None:
    """Serve what `config` says until stopped. Raises ConfigError."""
    from syndicate.serve.folder import Folder, formats_of
    from syndicate.serve.server import FolderServer, listen

    folder = Folder(
        config.output_folder,
        config.state_folder,
        config.serve,
        formats=formats_of(config.feeds.paths),
    )
    with listen(config.serve.host, config.serve.port) as opened:
        host, port = opened.getsockname()[:2]
        click.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}/", err=True)
        try:
            FolderServer(folder).run(sockets=[opened])
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
