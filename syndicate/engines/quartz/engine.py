"""Quartz, version 4: a vault of Obsidian's in `content/`, `quartz.config.ts`.

Follows the source: slugifyFilePath and simplifySlug (addresses), ObsidianFlavoredMarkdown,
CreatedModifiedDate. The configuration is not run.
"""

import re
from pathlib import Path
from typing import Any, ClassVar, Self

from syndicate.engines.base import Dialect, Facts, Settings, Sign
from syndicate.engines.plain import Plain
from syndicate.engines.quartz.private_notes import FILES, read_quartz, sluggify
from syndicate.engines.shared.scripts import block, literal, members, read_script, unread
from syndicate.engines.shared.url_parts import encoded, resolved
from syndicate.files.read import first_there, is_folder
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["QuartzSite"]

_CONTENT = "content"


class QuartzSite(Plain, frozen=True):
    """A vault that Quartz publishes. `content` is the folder of the notes."""

    name: ClassVar[str] = "quartz"
    dialect: Dialect = "obsidian"
    date_keys: tuple[str, ...] = ("date", "created", "published", "publishDate")
    updated_keys: tuple[str, ...] = ("modified", "lastmod", "updated", "last-modified")
    content: str = _CONTENT

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for `quartz.config.*` in the folder, or beside it if it is a folder `content`."""
        mark = first_there(_home(root), FILES)
        return Sign(mark) if mark else None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the literals of the configuration, and its private notes."""
        home = _home(root)
        text = "\n".join(read_script(home, name) for name in FILES)
        engine = cls(
            settings=_settings(text),
            quartz=read_quartz(root),
            content=_CONTENT if home == root and is_folder(root / _CONTENT) else "",
        )
        return engine, unread(home, FILES)

    def enters(self, folder: str) -> LeftOut | None:
        """Enter the folder of the notes and the folders in it."""
        if self.content and not f"{folder}/".startswith(f"{self.content}/"):
            return LeftOut(f"{folder}/", f"not in {self.content}")
        return super().enters(folder)

    def place(self, path: str) -> Place | LeftOut:
        """Take the notes, except the home page."""
        if self.content and not path.startswith(f"{self.content}/"):
            return LeftOut(path, f"not in {self.content}")
        if self._inner(path) == "index.md":
            return LeftOut(path, "the home page")
        return super().place(path)

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the folder of the notes, whose files are all published."""
        return (PublicFolder(self.content, self.site.url),)

    def address(self, facts: Facts) -> str:
        """Use the path in Quartz's spelling, without its ending. An index is its folder."""
        if self.permalink:
            return super().address(facts)
        slug = sluggify(self._inner(facts.path).rpartition(".")[0])
        slug = re.sub(r"(?:^|(?<=/))_?index$", "", slug)
        return encoded(resolved(f"/{slug}"))

    def variables(self) -> dict[str, Any]:
        """Return the folder of the notes, and the switch for Quartz's spelling of links."""
        return {"content": self.content, "slugs": True}

    def _inner(self, path: str) -> str:
        return path.removeprefix(f"{self.content}/") if self.content else path


def _home(root: Path) -> Path:
    """Return the folder of the settings: `root`, or its parent if `root` is `content`."""
    return root.parent if root.name == _CONTENT and first_there(root.parent, FILES) else root


def _settings(text: str) -> Settings:
    config = members(block(text, r"(?<![\w.$])configuration\s{0,20}:")) or text
    host = (literal(config, "baseUrl") or "").removeprefix("https://").strip("/")
    host, _, path = host.partition("/")
    return Settings(
        title=literal(config, "pageTitle"),
        url=f"https://{host}/{path}".rstrip("/") if host else None,
        base=f"/{path}" if path else "",
        language=literal(config, "locale"),
        author=literal(config, "author"),
    )
