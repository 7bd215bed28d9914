"""Arguments and options that commands share. Each is declared here once."""

import tomllib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from syndicate.errors import ConfigError
from syndicate.files.read import is_there

if TYPE_CHECKING:  # the command line must start fast
    from syndicate.config.schema import Config

__all__ = [
    "BlogChoice", "as_json", "configured", "dry_run", "on_blog", "quiet", "reporting", "strict",
    "verbose",
]  # fmt: skip

Callback = Callable[..., Any]
Setting = tuple[str, Any]


class BlogChoice(NamedTuple):
    """Blog that a command works on, as the command line names it."""

    blog: Path
    file: Path | None
    output: Path | None
    settings: tuple[Setting, ...]

    def load(self, *more: Setting) -> "Config":
        """Read the configuration; `more` are settings of the command's own options.

        Raises ConfigError.
        """
        from syndicate.config.load import load

        if is_there(self.blog):
            what = "is a file, not a blog's folder"
            raise ConfigError(str(self.blog), what, "use --config for it")
        output = [("output.path", str(self.output.absolute()))] if self.output else []
        return load(self.blog, self.file, [*self.settings, *output, *more])


def _read_settings(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Setting, ...]:
    return tuple(map(_setting, values))


def _setting(text: str) -> Setting:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.BadParameter(f"{_quoted(text)} is not KEY=VALUE; write --set feeds.limit=0")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except RecursionError:
        raise click.BadParameter(f"{key.strip()}: nested too deeply") from None
    except ValueError:  # no TOML, or a number of thousands of digits
        # Shells remove the quotes of a TOML string: a bare word is text.
        if value[:1] in ("[", "{", '"', "'"):
            raise click.BadParameter(f"{_quoted(value)} is not a TOML value") from None
        return key.strip(), value


def _quoted(value: str) -> str:
    """Return `value` for a message, unless it may be an address with a password."""
    return "the value (not shown)" if "@" in value else repr(value)


_BLOG = click.argument("blog", default=".", type=click.Path(path_type=Path))
_CONFIGURED = (
    click.option("-c", "--config", "file", type=click.Path(path_type=Path), metavar="FILE",
                 help="Read this file, not the config.toml in BLOG."),
    click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER",
                 help="Folder of the feeds, instead of [output] path."),
    click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", callback=_read_settings,
                 help="Set a key of config.toml to a TOML value, as in --set feeds.limit=0. "
                      "May be repeated."),
)  # fmt: skip

as_json = click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
strict = click.option("--strict", is_flag=True, help="Exit with 1 if there are problems.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Print every detail.")
dry_run = click.option(
    "-n", "--dry-run", is_flag=True, help="Show what would be done; change nothing."
)


def configured(callback: Callback) -> Callback:
    """Add -c, -o and --set to a command, which receives them as one BlogChoice."""

    @wraps(callback)
    def call(
        *,
        file: Path | None,
        output: Path | None,
        settings: tuple[Setting, ...],
        blog: Path = Path(),
        **rest: Any,
    ) -> Any:
        return callback(choice=BlogChoice(blog, file, output, settings), **rest)

    return _with(call, _CONFIGURED)


def on_blog(callback: Callback) -> Callback:
    """Add BLOG, -c, -o and --set to a command, which receives them as one BlogChoice."""
    return _BLOG(configured(callback))


def reporting(callback: Callback) -> Callback:
    """Add --json, --strict, -q and -v to a command that prints a Report."""
    return _with(callback, (as_json, strict, quiet, verbose))


def _with(callback: Callback, options: tuple[Callable[[Callback], Callback], ...]) -> Callback:
    for option in reversed(options):
        callback = option(callback)
    return callback
