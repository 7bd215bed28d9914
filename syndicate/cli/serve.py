"""`syndicate serve`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from syndicate.errors import ConfigError
from syndicate.text.characters import printable

__all__ = ["serve"]

Load = Callable[[], Any]


@click.command()
@click.argument("blog", default=".", type=click.Path(path_type=Path))
@click.option("-c", "--config", "file", type=click.Path(path_type=Path),
              help="The config.toml to use, rather than the one in BLOG.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="The folder to serve, rather than [output] path.")  # fmt: skip
@click.option("--host", help="The address to listen at, rather than [serve] host.")
@click.option("--port", type=click.IntRange(0, 65535),
              help="The port, rather than [serve] port; 0 takes a free one.")  # fmt: skip
@click.option("-w", "--watch", is_flag=True,
              help="Preview: build at each save, reload the page, show what is wrong. "
                   "What is published stays untouched.")  # fmt: skip
@click.option("-D", "--drafts", is_flag=True,
              help="With --watch: show drafts and posts dated ahead as well.")  # fmt: skip
def serve(
    blog: Path,
    file: Path | None,
    output: Path | None,
    host: str | None,
    port: int | None,
    watch: bool,
    drafts: bool,
) -> None:
    """Serve the feeds of BLOG by HTTP, as they are in its output folder at any time.

    Until stopped with Ctrl-C: answers under way are then sent to their end.
    """
    from syndicate.config.schema import load

    given = (("output.path", output and str(output.absolute())), ("serve.host", host),
             ("serve.port", port))  # fmt: skip
    settings = [(key, value) for key, value in given if value is not None]
    if drafts and not watch:
        raise ConfigError("--drafts", "is for previews", "add --watch; drafts are never published")
    try:
        if watch:
            _preview(lambda: load(blog, file, settings), file, drafts=drafts)
        else:
            _serve(load(blog, file, settings))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
    except ModuleNotFoundError as error:
        cure = "pip install 'syndicate-feeds[serve]'"
        raise ConfigError("serve", f"needs a library that is not there: {error.name}", cure) \
            from error  # fmt: skip


def _serve(config: Any) -> None:
    from syndicate.serve.folder import folder_of
    from syndicate.serve.redirects import Directory
    from syndicate.serve.server import FolderServer, listen

    with listen(config.serve.host, config.serve.port) as opened:
        _tell(*opened.getsockname()[:2])
        if not Directory(config.state_folder, config.output_folder).kinds():
            folder = printable(str(config.output_folder))
            click.echo(f"No build has written to {folder} yet. Run: syndicate build", err=True)
        FolderServer(folder_of(config)).run(sockets=[opened])


def _preview(load: Load, file: Path | None, *, drafts: bool) -> None:
    from syndicate.pipeline.processes import processes
    from syndicate.preview.run import preview

    preview(load, processes, _tell, file=file, drafts=drafts)


def _tell(host: str, port: int) -> None:
    click.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}/", err=True)
