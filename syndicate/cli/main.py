"""The command line: finds the command, and turns errors into one line and an exit code.

Exit codes: 0 done; 1 finished with problems under ``--strict``, or a delivery failed; 2 the command
or the configuration is wrong, or the build was stopped to keep what is published; 130 Ctrl-C.
"""

from errno import EPIPE
from importlib import import_module
from typing import Any

import click

from syndicate import __version__
from syndicate.errors import SyndicateError
from syndicate.text.characters import printable

__all__ = ["main"]

_GROUPS = {
    "Feeds": ("build", "feeds", "check", "diff"),
    "Set up": ("init", "adopt", "link", "config", "ledger"),
    "Publish": ("serve", "daemon", "status", "publish"),
}
"""All commands. Each is `command` in the module of its name, and is imported when it is called."""
_READING = frozenset(("feeds", "check", "diff", "config", "status"))
"""Commands that change nothing."""
_KILLED = (
    "a worker process was killed (too little memory?); the published feeds stay; "
    "free some memory and build again"
)


class _Commands(click.Group):
    """Import a command when it is called, and report errors as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help page."""
        return [name for names in _GROUPS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command; None if no command has the name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        return _command(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their first sentences, group by group."""
        width = max(map(len, self.list_commands(ctx)))
        for title, names in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:{width}}", _summary(name)) for name in names])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Errors of ours, of the system and Ctrl-C end with one line."""
        try:
            return super().invoke(ctx)
        except SyndicateError as error:
            _fail(ctx, str(error))
        except OSError as error:
            if error.errno == EPIPE:  # the reader of the output went away; click ends quietly
                raise
            _fail(ctx, _described(error))
        except _broken_executor():
            _fail(ctx, _KILLED)  # files are renamed only after the last worker has ended
        except KeyboardInterrupt as error:
            click.echo(_stopped(error, ctx.invoked_subcommand), err=True)
            ctx.exit(130)


def _command(name: str) -> click.Command:
    command: click.Command = import_module(f"syndicate.cli.{name}").command
    return command


def _summary(name: str) -> str:
    """Return the first sentence of the command's help."""
    return _command(name).get_short_help_str(100)


def _fail(ctx: click.Context, message: str) -> None:
    click.echo(printable(f"syndicate: {message}"), err=True)
    ctx.exit(2)


def _described(error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and not error.filename:
        return "this folder was deleted; change to another one"
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def _stopped(error: KeyboardInterrupt, command: str | None) -> str:
    """Return the line for Ctrl-C. A command may give its own outcome as the error's argument."""
    if error.args:
        return f"Stopped. {error.args[0]}"
    return "Stopped. Nothing was changed." if command in _READING else "Stopped. Run it again."


def _broken_executor() -> type[Exception]:
    """Return the exception of a killed process; import it only when an exception was raised."""
    from concurrent.futures import BrokenExecutor

    return BrokenExecutor


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="syndicate")
def main() -> None:
    """Turn a folder of posts into Atom, RSS and JSON feeds.

    \b
    syndicate build               build the blog in this folder into output/
    syndicate build path/to/blog  build another blog
    syndicate check               list what is wrong with the posts, and the cure
    syndicate serve --watch       preview the feeds while you write

    BLOG is always the last argument: the blog's folder, or this folder if left
    out. A blog needs no configuration: syndicate uses the settings of your site
    generator. A config.toml in BLOG adds to them.
    """
