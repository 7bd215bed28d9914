"""Read the templates, style sheet and reader buttons that `[pages]` of config.toml names."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from msgspec import Struct

from syndicate.config.pages import READER_NAMES, ReaderConfig
from syndicate.config.schema import Config
from syndicate.errors import ConfigError
from syndicate.files.read import read_own

__all__ = [
    "MAX_BYTES",
    "PLAIN",
    "TEMPLATES",
    "Theme",
    "ThemeSource",
    "built_in_names",
    "plain_theme",
    "theme_of",
]

TEMPLATES = Path(__file__).parent / "templates"
"""The folder of the templates that come with this program."""
MAX_BYTES = 1_000_000
"""Limit for a template and for the style sheet."""
_ENDING = ".html"


class Theme(Struct, frozen=True, cache_hash=True):
    """A user's changes to the pages; by default there are none.

    `templates` are pairs of name and source. `folder` is where they lie, for error messages.
    """

    folder: str = ""
    templates: tuple[tuple[str, str], ...] = ()
    css: str = ""
    readers: tuple[str | ReaderConfig, ...] = READER_NAMES


PLAIN = Theme()
"""The pages as they come with this program."""
ThemeSource = Callable[[], Theme]
"""Return the theme as its files are now. Raises ConfigError."""


def plain_theme() -> Theme:
    """Return the theme without changes."""
    return PLAIN


def theme_of(config: Config) -> Theme:
    """Read the files that `[pages]` names. Raises ConfigError."""
    templates, css = config.templates_folder, config.css_file
    return Theme(
        folder=str(templates) if templates else "",
        templates=_templates(templates) if templates else (),
        css=_css(css) if css else "",
        readers=config.pages.readers,
    )


@cache
def built_in_names() -> frozenset[str]:
    """Return the names of the templates that come with this program."""
    return frozenset(file.name for file in TEMPLATES.iterdir() if file.suffix == _ENDING)


def _templates(folder: Path) -> tuple[tuple[str, str], ...]:
    try:
        names = sorted(file.name for file in folder.iterdir() if file.name.endswith(_ENDING))
    except OSError as error:
        raise _unreadable("pages.templates", folder, error) from None
    for name in names:
        _check_name(folder, name)
    return tuple((name, _text("pages.templates", folder / name)) for name in names)


def _check_name(folder: Path, name: str) -> None:
    """Raise ConfigError for a template that no page would use: its name is mistyped."""
    known = built_in_names()
    if name in known or name.startswith("_"):
        return
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    cure = f'did you mean "{close[0]}"?' if close else f"templates: {', '.join(sorted(known))}"
    raise ConfigError(
        str(folder / name),
        "no page uses a template of this name",
        f'{cure} Start the name with "_" if another template includes it',
    )


def _css(file: Path) -> str:
    css = _text("pages.css", file)
    if "</style" in css.lower():
        cure = "remove it: the file is put into a <style> element"
        raise ConfigError(str(file), 'the style sheet contains "</style"', cure)
    return css.strip()


def _text(key: str, file: Path) -> str:
    try:
        data = read_own(file, MAX_BYTES)
    except OSError as error:
        raise _unreadable(key, file, error) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file}, line {line}", "is not UTF-8", "save it as UTF-8") from None


def _unreadable(key: str, path: Path, error: OSError) -> ConfigError:
    cure = f"set {key} to a path that this user may read, relative to config.toml"
    return ConfigError(str(path), f"cannot be read ({error.strerror})", cure)
