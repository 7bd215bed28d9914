"""Common base of the engines whose configuration is a program (Eleventy, Astro, Docusaurus).

The program is not run. Folders of posts are found by their usual names or from literals, and
addresses follow the generator's defaults. If a blog's own code makes other addresses, set
`permalink` in config.toml.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import ClassVar

from syndicate.engines.base import Facts
from syndicate.engines.plain import Plain
from syndicate.engines.shared.permalinks import date_placeholders, escape, expand, slugify
from syndicate.files.read import first_there
from syndicate.model import LeftOut, Place, Problem

__all__ = ["POST_FOLDERS", "Scripted", "joined", "not_run"]

POST_FOLDERS = (
    "blog", "posts", "post", "_posts", "articles", "article", "news", "journal", "writing",
    "weblog", "essays", "entries", "notes",
)  # fmt: skip
"""Usual names of a folder of posts."""

_NOT_POSTS = frozenset(("readme", "license", "changelog", "contributing", "404", "_index"))


class Scripted(Plain, frozen=True):
    """A blog with folders of posts. `folders` maps a folder to the start of its addresses."""

    endings: ClassVar[tuple[str, ...]] = (".md", ".mdx")
    folders: Mapping[str, str] = {}

    def enters(self, folder: str) -> LeftOut | None:
        """Enter the folders of posts, the folders in them, and the folders that lead to them."""
        name = folder.rpartition("/")[2]
        if name.startswith(".") or name == "node_modules":
            return super().enters(folder)
        if any(_leads(folder, item) for item in self.folders):
            return None
        return LeftOut(f"{folder}/", "not a folder of posts")

    def place(self, path: str) -> Place | LeftOut:
        """Take text files in a folder of posts, except the page that lists the posts."""
        file = PurePosixPath(path)
        folder = self.folder_of(path)
        if folder is None:
            return LeftOut(path, "not in a folder of posts")
        if file.name.startswith("."):
            return LeftOut(path, "hidden file")
        if file.suffix.lower() not in self.endings:
            return LeftOut(path, f"not Markdown or HTML ({file.suffix or 'no ending'})")
        if file.stem.lower() in _NOT_POSTS:
            return LeftOut(path, f"{file.stem} is not a post")
        if self.inner(path) in ("index.md", "index.mdx", "index.html"):
            return LeftOut(path, "the page that lists the posts")
        drafts = {"_drafts", "drafts"} & set(file.parts[:-1])
        return Place(PurePosixPath(folder).name or "posts", draft=bool(drafts))

    def folder_of(self, path: str) -> str | None:
        """Return the innermost folder of posts that holds `path`; None if there is none."""
        holding = [folder for folder in self.folders if not folder or path.startswith(f"{folder}/")]
        return max(holding, key=len, default=None)

    def inner(self, path: str) -> str:
        """Return `path` relative to its folder of posts."""
        return path.removeprefix(f"{self.folder_of(path)}/")

    def by_permalink(self, facts: Facts) -> str:
        """Return the address by `permalink` of config.toml."""
        inner = PurePosixPath(self.inner(facts.path)).with_suffix("")
        name = inner.parent.name if inner.name == "index" and inner.parent.name else inner.name
        slug = slugify(str(facts.meta.get("slug") or self.undated(name)))
        values = {
            **date_placeholders(facts.date),
            "path": str(inner).removesuffix("/index"),
            "name": name,
            "title": slug,
            "slug": slug,
            "collection": facts.place.collection,
            "categories": "/".join(slugify(category) for category in facts.categories),
        }
        return joined(expand(self.permalink, values))

    def undated(self, name: str) -> str:
        """Remove the date at the start of `name`."""
        date = self.file_date(f"{name}.md")
        return (name[len(date) :].lstrip("-_ ") if date and name.startswith(date) else "") or name


def joined(*parts: object) -> str:
    """Join the parts to one escaped address with a leading slash, without "." and "..".

    The address ends in a slash if the last part is empty or ends in one.
    """
    text = "/".join(map(str, parts))
    kept = [part for part in text.split("/") if part not in ("", ".", "..")]
    return escape("/".join(("", *kept, *([""] if text.endswith("/") or not kept else []))))


def not_run(scripts: Iterable[str], root: Path, known: str) -> tuple[Problem, ...]:
    """Return the Problem of settings that are not run, if one of `scripts` exists."""
    if not (name := first_there(root, scripts)):
        return ()
    what = f"is a program and is not run; {known}"
    cure = "if that is wrong, set [site] title, url and [posts] permalink in config.toml"
    return (Problem(name, "engine-script", what, cure),)


def _leads(folder: str, target: str) -> bool:
    """Return True if `folder` is the target, lies in it, or leads to it."""
    return not target or f"{folder}/".startswith(f"{target}/") or target.startswith(f"{folder}/")
