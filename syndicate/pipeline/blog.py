"""A blog recognised, its own settings read: before any of its posts is."""

import os
from pathlib import Path

from msgspec import Struct

from syndicate.config.schema import Config
from syndicate.engines import Engine, engine_named, settle
from syndicate.model import Problem
from syndicate.pipeline.locate import Located, locate, opened
from syndicate.state.keys import code_version, key

__all__ = ["Blog", "open_blog", "posts_key", "reopened"]


class Blog(Struct, frozen=True):
    """A blog, recognised: its folder, what reads it, and which parts of it hold the posts.

    `home` holds the generator's configuration. It is `root`, or holds it.
    """

    root: Path
    home: Path
    engine: Engine
    recognised_by: str
    only: tuple[str, ...]
    problems: tuple[Problem, ...]
    parts: tuple[str, ...] = ()
    """The folders of `home` that are meant, as the configuration names them."""

    @property
    def prefix(self) -> str:
        """Return the path from `home` to `root`: empty, or ending in a slash."""
        folder = os.path.relpath(os.path.realpath(self.root), os.path.realpath(self.home))
        return "" if folder == "." else f"{folder}/"


def open_blog(config: Config) -> Blog:
    """Recognise the blog and read its own configuration. Raises BlogError, ConfigError."""
    from syndicate.engines.shared.suggest import suggestion

    found = locate(config)
    home, own = found.home, found.engine.settings
    cure = suggestion(home, config.site.url or own.url or "", own.base)
    return _settled(config, found, cure)


def reopened(config: Config, home: Path, parts: tuple[str, ...], name: str) -> Blog:
    """Read the configuration of a blog that an earlier build recognised: no engine is asked.

    `home`, `parts` and the engine's `name` are those of that build. Raises as `open_blog`, and
    KeyError for an engine that there is not.
    """
    return _settled(config, opened(home, parts, engine_named(name), ""), "")


def posts_key(config: Config, blog: Blog) -> bytes:
    """Return what stands for all that posts are read with."""
    return key(code_version(), blog.engine.name, blog.engine, config.posts.undated)


def _settled(config: Config, found: Located, cure: str) -> Blog:
    engine, problems = settle(
        found.engine, config.site, config.posts, name=found.home.name, cure=cure
    )
    told = (*found.faults, *problems)
    return Blog(found.root, found.home, engine, found.why, found.only, told, found.parts)
