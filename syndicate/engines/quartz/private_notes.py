"""Read from Quartz's settings which notes of a vault are private. The settings are not run."""

import re
from pathlib import Path

from msgspec import Struct

from syndicate.engines.shared.patterns import glob_regex, matches
from syndicate.engines.shared.scripts import read_script
from syndicate.files.read import is_there

__all__ = ["FILES", "Quartz", "read_quartz", "sluggify"]

FILES = ("quartz.config.ts", "quartz.config.js", "quartz.config.yaml", "quartz.config.yml")
DEFAULT = ("private", "templates", ".obsidian")

_LIST = re.compile(
    r"ignorePatterns[\"']?\s{0,9}:\s{0,99}(?:\[(?P<flow>[^\]]*)\]|(?P<block>(?:-[^\n]*\n?\s*)+))"
)
_QUOTED = re.compile(r"\"([^\"\n]+)\"|'([^'\n]+)'|`([^`\n]+)`|-\s*([^\s\"'#]+)")
_EXPLICIT = re.compile(r"ExplicitPublish\s*\(|explicit-publish[\"']?\s*\n\s*enabled:\s*true")


class Quartz(Struct, frozen=True):
    """Private notes of a vault. If `explicit`, notes without `publish: true` are private.

    `ignored` are globs for paths below the folder `content`, or below the blog's own folder.
    """

    ignored: tuple[str, ...] = ()
    explicit: bool = False

    def ignores(self, path: str) -> bool:
        """Return True if a pattern matches the path or one of its parent folders."""
        parts = path.removeprefix("content/").split("/")
        paths = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        return any(matches(glob_regex(glob), part) for glob in self.ignored for part in paths)


def sluggify(path: str) -> str:
    """Return `path` as Quartz's util/path.ts spells it in addresses, unescaped."""
    text = re.sub(r"\s", "-", path).replace("&", "-and-").replace("%", "-percent")
    return text.replace("?", "").replace("#", "")


def read_quartz(root: Path) -> Quartz:
    """Read the settings of the vault at `root`, or beside it if `root` is a folder `content`."""
    folders = (root, root.parent) if root.name == "content" else (root,)
    files = [(folder, name) for folder in folders for name in FILES if is_there(folder / name)]
    if not files:
        return Quartz()
    text = "\n".join(read_script(*file) for file in files)
    lists = [found["flow"] or found["block"] or "" for found in _LIST.finditer(text)]
    globs = ["".join(match) for text in lists for match in _QUOTED.findall(text)]
    globs = globs if lists else list(DEFAULT)
    anywhere = [glob[3:] for glob in globs if glob.startswith("**/")]
    return Quartz((*globs, *anywhere), bool(_EXPLICIT.search(text)))
