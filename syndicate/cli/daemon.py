"""``syndicate daemon``."""

import os
import sys
from typing import TYPE_CHECKING, Literal

import click

from syndicate.cli import options
from syndicate.cli.options import BlogChoice

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.config.schema import Config

__all__ = ["command"]


@click.command("daemon")
@options.on_blog
@options.quiet
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Write log lines for people or for programs.",
)
def command(choice: BlogChoice, log_format: Literal["text", "json"], quiet: bool) -> None:
    """Build BLOG on time and on change, and publish it.

    Run until SIGTERM or Ctrl-C. SIGHUP reads config.toml again. `syndicate status` shows what the
    daemon does.
    """
    from syndicate.daemon import logs
    from syndicate.daemon.run import Setting, run
    from syndicate.pipeline.processes import processes, settle_in
    from syndicate.publish.secrets import secrets_of

    hide = logs.set_up(log_format, quiet=quiet)

    def load() -> "Config":
        config = choice.load()
        hide(secrets_of(config, os.environ))
        return config

    settle_in()
    if not run(Setting(load, processes, os.environ, choice.file)):
        sys.stderr.flush()
        os._exit(0)  # do not wait for a build that does not end; it changes nothing half
