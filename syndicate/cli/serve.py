"""``syndicate serve``."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice
from syndicate.errors import ConfigError
from syndicate.text.characters import printable

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.config.schema import Config

__all__ = ["command"]


@click.command("serve")
@options.on_blog
@click.option("--host", help="Address to listen at, instead of [serve] host.")
@click.option("--port", type=click.IntRange(0, 65535),
              help="Port, instead of [serve] port; 0 takes any free port.")  # fmt: skip
@click.option("-w", "--watch", is_flag=True,
              help="Preview: build at each save, reload the page and show problems. "
                   "Published files stay unchanged.")  # fmt: skip
@click.option("-D", "--drafts", is_flag=True,
              help="With --watch, show drafts and future posts, too.")  # fmt: skip
def command(
    choice: BlogChoice, host: str | None, port: int | None, watch: bool, drafts: bool
) -> None:
    """Serve the feeds of BLOG over HTTP; --watch previews.

    Run until Ctrl-C, and finish the replies that are under way.
    """
    given = (("serve.host", host), ("serve.port", port))
    settings = [(key, value) for key, value in given if value is not None]
    if drafts and not watch:
        raise ConfigError("--drafts", "is for previews", "add --watch; drafts are never published")
    try:
        if watch:
            _preview(lambda: choice.load(*settings), choice.file, drafts=drafts)
        else:
            _serve(choice.load(*settings))
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    except ModuleNotFoundError as error:
        cure = "pip install 'syndicate-feeds[serve]'"
        raise ConfigError("serve", f"needs a library that is not there: {error.name}", cure) \
            from error  # fmt: skip


def _serve(config: "Config") -> None:
    from syndicate.serve.folder import folder_of
    from syndicate.serve.redirects import KnownAddresses
    from syndicate.serve.server import FolderServer, listen

    with listen(config.serve.host, config.serve.port) as opened:
        _announce(*opened.getsockname()[:2])
        if not KnownAddresses(config.state_folder, config.output_folder).kinds():
            folder = printable(str(config.output_folder))
            click.echo(f"No build has written to {folder} yet. Run: syndicate build", err=True)
        FolderServer(folder_of(config)).run(sockets=[opened])


def _preview(load: "Callable[[], Config]", file: Path | None, *, drafts: bool) -> None:
    from syndicate.live_preview.run import preview
    from syndicate.pipeline.processes import processes

    preview(load, processes, _announce, file=file, drafts=drafts)


def _announce(host: str, port: int) -> None:
    click.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}/", err=True)
