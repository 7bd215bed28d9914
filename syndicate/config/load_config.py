"""Read the configuration of a blog that a program names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syndicate.config.schema import Config, load
from syndicate.files.read import is_there

__all__ = ["Settings", "load_config"]

Settings = Mapping[str, Any]
"""Keys of config.toml with their values, as in ``{"feeds.limit": 0}``."""


def load_config(blog: str | Path | Config = ".", *, settings: Settings | None = None) -> Config:
    """Read the configuration of `blog`: its folder, its config.toml, or a Config.

    `settings` are keys of config.toml that win over the file, as in ``{"feeds.limit": 0}``. They
    are ignored for a Config. A folder needs no config.toml. Raises ConfigError.
    """
    if isinstance(blog, Config):
        return blog
    path, pairs = Path(blog), (settings or {}).items()
    return load(file=path, settings=pairs) if is_there(path) else load(path, settings=pairs)
