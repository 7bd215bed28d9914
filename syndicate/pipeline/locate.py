"""The blog that `[posts] path` belongs to: its own folder, or the folder above with its settings.

A folder of posts inside a blog keeps the blog's generator and settings. A generator may look for
everything but its configuration in a folder of its own (`source` of Jekyll): the blog's root is
then that folder.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from syndicate.config.folders import blog_folder, folders_above
from syndicate.config.schema import Config
from syndicate.engines import Engine, choose, engine_named, is_sure, sure_engines
from syndicate.errors import BlogError
from syndicate.files.read import LeadsOut, first_there, is_folder, real_inside
from syndicate.model import Problem
from syndicate.posts.discover import holds_posts

__all__ = ["Located", "locate", "opened"]


class Located(Struct, frozen=True):
    """A blog found: `home` holds its settings, `root` its files. `only` is relative to `root`.

    `parts` are the folders of `home` that are meant, as the configuration names them.
    """

    home: Path
    root: Path
    only: tuple[str, ...]
    engine: Engine
    why: str
    faults: tuple[Problem, ...]
    parts: tuple[str, ...]


def locate(config: Config) -> Located:
    """Find the blog of the folders in `[posts] path`, and read its own configuration.

    Raises ConfigError. Raises BlogError for a folder that is not there, or that lies in a blog
    whose generator takes no posts from it.
    """
    folder, parts = blog_folder(config)
    wanted = config.posts.engine
    kind, why = choose(folder, wanted)
    if wanted == "plain" or is_sure(kind, folder):
        return opened(folder, parts, kind, why)
    refused = ""
    for home, found_kind, mark in _above(folder, wanted):
        below = folder.relative_to(home).as_posix()
        paths = tuple(f"{below}/{part}" for part in parts) or (below,)
        found = opened(home, paths, found_kind, f"{mark} in {home}")
        if holds_posts(found.root, found.engine, found.only):
            return found
        refused = refused or f"blog of {found_kind.name} ({home}/{mark})"
    if refused:
        what = f"lies in a {refused} that takes no posts from it"
        cure = 'set [posts] path to the blog\'s own folder, or [posts] engine = "plain"'
        raise BlogError(str(folder), what, cure)
    return opened(folder, parts, kind, why)


def _above(folder: Path, wanted: str) -> Iterator[tuple[Path, type[Engine], str]]:
    from syndicate.engines.quartz.private_notes import FILES as QUARTZ

    for home in folders_above(folder):
        if not _is_inside(home, folder):
            continue
        for kind, mark in sure_engines(home):
            # A mark in a folder beside says nothing of this one.
            beside = "/" in mark and not mark.startswith(("config/", ".vuepress/", ".vitepress/"))
            if wanted in ("auto", kind.name) and not beside:
                yield home, kind, mark
        if wanted == "auto" and (mark := first_there(home, QUARTZ)):
            yield home, engine_named("plain"), mark  # whose settings keep notes private


def _is_inside(home: Path, folder: Path) -> bool:
    """Return False if a link leads from `home` out to `folder`."""
    try:
        real_inside(home, folder.relative_to(home).as_posix())
    except LeadsOut:
        return False
    return True


def opened(home: Path, parts: tuple[str, ...], kind: type[Engine], why: str) -> Located:
    """Read the settings of the blog in `home`. Raises BlogError and ConfigError."""
    engine, faults = kind.load(home)
    if not engine.source:
        return Located(home, home, parts, engine.narrowed(home, parts), why, faults, parts)
    try:
        root = Path(real_inside(home, engine.source))
    except LeadsOut as error:
        what = f"source: {engine.source} {error.strerror}"
        cure = "build the folder that holds both, with its settings in that folder"
        raise BlogError(str(home), what, cure) from None
    if not is_folder(root):
        what = f"source: {engine.source} is not a folder of it"
        raise BlogError(str(home), what, "correct source in the blog's configuration")
    inner = [_below(PurePosixPath(part), PurePosixPath(engine.source)) for part in parts]
    only = tuple(each for each in inner if each is not None)
    if parts and not only:
        what = f"has its posts in {engine.source}, and [posts] path names another folder"
        raise BlogError(str(home), what, f"set [posts] path to {root}")
    return Located(home, root, () if "." in only else only, engine, why, faults, parts)


def _below(part: PurePosixPath, source: PurePosixPath) -> str | None:
    """Return `part` relative to `source`; "." if it holds `source`, None if it lies elsewhere."""
    if source.is_relative_to(part):
        return "."
    return part.relative_to(source).as_posix() if part.is_relative_to(source) else None
