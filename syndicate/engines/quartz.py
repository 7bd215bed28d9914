"""Quartz: which notes of an Obsidian vault its settings keep private. They are never run."""

import re
from pathlib import Path

from msgspec import Struct

from syndicate.engines.patterns import glob_regex, matches
from syndicate.engines.scripts import read_script
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
    """What a vault's settings withhold. `explicit`: every note that does not say `publish: true`.

    `ignored` are globs for paths below the folder `content`, or below the blog's own.
    """

    ignored: tuple[str, ...] = ()
    explicit: bool = False

    def ignores(self, path: str) -> bool:
        """Return whether a pattern matches the path, or a folder on the way to it."""
        parts = path.removeprefix("content/").split("/")
        ways = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        return any(matches(glob_regex(glob), way) for glob in self.ignored for way in ways)


def sluggify(path: str) -> str:
    """Return `path` as Quartz writes it in addresses (its util/path.ts), unescaped."""
    text = re.sub(r"\s", "-", path).replace("&", "-and-").replace("%", "-percent")
    return text.replace("?", "").replace("#", "")


def read_quartz(root: Path) -> Quartz:
    """Return what the settings of the vault at `root` say, or those beside its folder `content`."""
    folders = (root, root.parent) if root.name == "content" else (root,)
    files = [(folder, name) for folder in folders for name in FILES if is_there(folder / name)]
    if not files:
        return Quartz()
    text = "\n".join(read_script(*file) for file in files)
    lists = [found["flow"] or found["block"] or "" for found in _LIST.finditer(text)]
    globs = ["".join(each) for said in lists for each in _QUOTED.findall(said)]
    globs = globs if lists else list(DEFAULT)
    anywhere = [glob[3:] for glob in globs if glob.startswith("**/")]
    return Quartz((*globs, *anywhere), bool(_EXPLICIT.search(text)))
