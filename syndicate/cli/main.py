"""The command line. Each command reads its arguments and makes one call.

Exit codes: 0 done; 1 done, with problems and ``--strict``; 2 the command or the configuration
is wrong, or the build was stopped to keep what is published; 130 interrupted by Ctrl-C.
"""

import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from errno import EPIPE
from pathlib import Path
from typing import Any, TypeVar

import click

from syndicate import __version__
from syndicate.errors import ConfigError, SyndicateError
from syndicate.files.read import is_there
from syndicate.text.characters import printable

__all__ = ["main"]

Command = TypeVar("Command", bound=Callable[..., Any])


_KILLED = (
    "a helper process was killed (too little memory?); the published feeds stay; "
    "free some memory and build again"
)


class _Group(click.Group):
    """Import a command when it is called, and turn our errors into one line and exit code 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted({*self.commands, *_IMPORTED_LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported if need be; None if there is none of the name."""
        if cmd_name in _IMPORTED_LATER and cmd_name not in self.commands:
            self.add_command(_IMPORTED_LATER[cmd_name](), cmd_name)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SyndicateError as error:
            click.echo(printable(f"syndicate: {error}"), err=True)
            ctx.exit(2)
        except OSError as error:
            if error.errno == EPIPE:  # whoever read the output went away: the library's own
                raise
            where = f"{error.filename}: " if error.filename else ""
            click.echo(printable(f"syndicate: {where}{error.strerror or error}"), err=True)
            ctx.exit(2)
        except _broken_executor():
            # Nothing was put in place: that comes after the last entry is made.
            click.echo(f"syndicate: {_KILLED}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("syndicate: stopped; run it again to complete what is left", err=True)
            ctx.exit(130)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="syndicate")
def main() -> None:
    """Turn a folder of posts into Atom, RSS and JSON feeds.

    \b
    syndicate build               the blog in this folder -> output/
    syndicate build path/to/blog  another blog
    syndicate feeds               which feeds that makes, without making them
    syndicate check               what is wrong with the posts, and how to mend it
    syndicate init                write a config.toml to start from
    syndicate adopt URL           keep the ids of the feeds that you have now
    syndicate serve --watch       a preview while you write
    syndicate daemon              build on time and on change, and publish

    A blog needs no configuration: what its generator's own says is used. A config.toml in its
    folder says more.
    """


def _setting(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> Any:
    return [_pair(value) for value in values]


def _pair(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.BadParameter(f"{_quoted(text)} is not KEY=VALUE; write --set feeds.limit=0")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except RecursionError:
        raise click.BadParameter(f"{key.strip()}: nested too deeply") from None
    except ValueError:  # no TOML, or a number of thousands of digits
        # Shells take the quotes of a TOML string away: a bare word is meant as text.
        if value[:1] in ("[", "{", '"', "'"):
            raise click.BadParameter(f"{_quoted(value)} is not a TOML value") from None
        return key.strip(), value


def _quoted(value: str) -> str:
    """Return `value` for a message, unless it may be an address with a password."""
    return "the value (not shown)" if "@" in value else repr(value)


def _blog_options(command: Command) -> Command:
    """The arguments that every command on a blog takes."""
    for option in reversed((
        click.argument("blog", default=".", type=click.Path(path_type=Path)),
        click.option("-c", "--config", "file", type=click.Path(path_type=Path),
                     help="The config.toml to use, rather than the one in BLOG."),
        click.option("-o", "--output", type=click.Path(path_type=Path),
                     help="Where feeds are written, rather than [output] path."),
        click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", callback=_setting,
                     help="Any key of config.toml with a TOML value: --set feeds.limit=0. "
                          "May be given several times."),
        click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON."),
        click.option("--strict", is_flag=True, help="Exit with 1 where there are problems."),
        click.option("-q", "--quiet", is_flag=True, help="Print errors only."),
        click.option("-v", "--verbose", is_flag=True,
                     help="Print every problem and every file left out."),
    )):  # fmt: skip
        command = option(command)
    return command


@main.command()
@_blog_options
@click.option("-n", "--dry-run", is_flag=True, help="Tell what would be written; write nothing.")
@click.option(
    "--force",
    is_flag=True,
    help="Write even where readers would lose many entries, or see them again; and where files "
    "of others stand.",
)
@click.option("--timings", is_flag=True, help="Print what each stage took.")
@click.option("--publish", is_flag=True, help="Then send what changed to the targets.")
def build(
    blog: Path, dry_run: bool, force: bool, timings: bool, publish: bool, **options: Any
) -> None:
    """Build the feeds of BLOG (this folder unless named).

    Only files whose content changed are written; feeds that are no longer wanted are removed. A
    post that cannot be read is named with the cure, and the rest is built.
    """
    from syndicate.pipeline.processes import processes, settle_in

    settle_in()  # before most of what is imported is
    from syndicate.cli import show as console
    from syndicate.pipeline import build as pipeline
    from syndicate.pipeline.timings import Stopwatch

    config, watch = _load(blog, options), Stopwatch()
    with _progress(options) as progress, processes() as executor:
        report = pipeline.build(
            config, now=_now(), dry_run=dry_run, force=force,
            progress=progress, executor=executor, timer=watch, brief=not options["as_json"],
        )  # fmt: skip
    console.show_build(report, _view(options), dry_run=dry_run)
    if timings:
        console.show_timings(watch.timings())
    if publish and not dry_run:
        from syndicate.cli.publish import publish_build

        publish_build(config, report, quiet=options["quiet"], verbose=options["verbose"])
    _finish(report.problems, options)


@main.command()
@_blog_options
def feeds(blog: Path, **options: Any) -> None:
    """List the feeds that a build would write, with their entries and addresses."""
    from syndicate.cli import show as console
    from syndicate.pipeline.read_blog import survey

    report = survey(_load(blog, options), now=_now()).report()
    console.show_feeds(report, _view(options))
    _finish(report.problems, options)


@main.command()
@_blog_options
def check(blog: Path, **options: Any) -> None:
    """Name what is wrong with posts and feeds: file, line and cure. Writes nothing."""
    from syndicate.cli import show as console
    from syndicate.pipeline import build as pipeline
    from syndicate.pipeline.processes import processes

    config = _load(blog, options)
    with _progress(options) as progress, processes() as executor:
        report = pipeline.check(config, now=_now(), progress=progress, executor=executor)
    console.show_check(report, _view(options))
    _finish(report.problems, options)


@main.command()
@click.argument("blog", default=".", type=click.Path(path_type=Path))
@click.option("-f", "--force", is_flag=True, help="Replace a config.toml that is there.")
def init(blog: Path, force: bool) -> None:
    """Write a commented config.toml for BLOG from what is found there."""
    from syndicate.cli import starter

    path, found = starter.write_config(blog, replace=force)
    click.echo(printable(f"{path}: written ({found})"))
    click.echo(printable(f"Next: syndicate build {blog}"))


def _load(blog: Path, options: dict[str, Any]) -> Any:
    from syndicate.config.schema import load

    settings = list(options["settings"])
    if options["output"]:
        settings.append(("output.path", str(options["output"].absolute())))
    if is_there(blog):
        raise ConfigError(str(blog), "is a file, not a blog's folder", "use --config for it")
    return load(blog, options["file"], settings)


def _now() -> datetime:
    return datetime.now(UTC)


def _view(options: dict[str, Any]) -> Any:
    from syndicate.cli.show import View

    return View(json=options["as_json"], quiet=options["quiet"], verbose=options["verbose"])


def _progress(options: dict[str, Any]) -> AbstractContextManager[Any]:
    if options["quiet"] or options["as_json"] or not sys.stderr.isatty():
        return nullcontext(lambda *_: None)
    from syndicate.cli.show import progress_bar

    return progress_bar()


def _preview(config: Any) -> Iterator[Any]:
    from syndicate.pipeline import build as pipeline
    from syndicate.pipeline.processes import processes

    with processes() as executor:
        yield from pipeline.preview(config, now=_now(), executor=executor)


def _finish(problems: tuple[Any, ...], options: dict[str, Any]) -> None:
    if any(problem.kind == "no-posts" for problem in problems):
        raise SystemExit(2)
    if options["strict"] and problems:
        raise SystemExit(1)


def _broken_executor() -> type[Exception]:
    """Return the exception of a process that was killed; imported only where one was raised."""
    from concurrent.futures import BrokenExecutor

    return BrokenExecutor


def _adopt() -> click.Command:
    from syndicate.cli.adopt import adopt_command

    return adopt_command(_setting)


def _config() -> click.Command:
    from syndicate.cli.config import config_group

    return config_group


def _daemon() -> click.Command:
    from syndicate.cli.daemon import daemon_command

    return daemon_command(_setting)


def _diff() -> click.Command:
    from syndicate.cli.diff import diff_command

    return diff_command(_blog_options, _load, _preview)


def _ledger() -> click.Command:
    from syndicate.cli.ledger import ledger_group

    group = ledger_group(_setting)
    group.add_command(_adopt())
    return group


def _link() -> click.Command:
    from syndicate.cli.link import link

    return link


def _publish() -> click.Command:
    from syndicate.cli.publish import publish_command

    return publish_command(_setting)


def _serve() -> click.Command:
    from syndicate.cli.serve import serve

    return serve


def _status() -> click.Command:
    from syndicate.cli.daemon import status_command

    return status_command(_setting)


_IMPORTED_LATER: dict[str, Callable[[], click.Command]] = {
    "adopt": _adopt,
    "config": _config,
    "daemon": _daemon,
    "diff": _diff,
    "ledger": _ledger,
    "link": _link,
    "publish": _publish,
    "serve": _serve,
    "status": _status,
}
