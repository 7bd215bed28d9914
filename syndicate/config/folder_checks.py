"""Reject folders of config.toml whose overlap would publish or remove private files.

Folders are compared after links and `..` are resolved, and without the case of names if the file
system ignores it.
"""

import os
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from syndicate.errors import ConfigError
from syndicate.files.read import is_folder

__all__ = ["Folders", "refuse_clashes"]

_POSTS = (
    "_posts", "_drafts", "posts", "content", "blog", "docs", "source", "source/_posts",
    "source/_drafts", "src/content", "src/pages", "src/posts", "content/posts", "pages",
)  # fmt: skip
"""Folders of posts below a blog's folder, of all site generators."""
_TEXTS = (".md", ".markdown", ".mdx", ".rst", ".org", ".adoc")
_MOST_LOOKED_AT = 500
"""Number of files without a post after which a folder counts as one without posts."""
_CURE = "name a folder of its own"


class Folders(Struct, frozen=True):
    """The folders of a configuration, absolute.

    `own` is the folder of config.toml, or None. `targets` are the folders of `[[publish]]` with
    their keys. `given` are the keys that the command line set.
    """

    posts: tuple[Path, ...]
    own: Path | None
    output: Path
    state: Path
    targets: tuple[tuple[str, Path], ...] = ()
    given: Collection[str] = ()


def refuse_clashes(folders: Folders, file: str) -> None:
    """Raise ConfigError, with `file`, key and cure, for folders that must not overlap."""
    for key, what, cure in _clashes(folders):
        where = f"--set {key}" if key in folders.given else f"{file}: {key}"
        raise ConfigError(where, what, cure)


class _Place(Struct, frozen=True):
    """Identity of a folder.

    `known` identifies the deepest existing folder of the path, then the folders above it. `rest`
    are the names below it, which do not exist yet.
    """

    known: tuple[tuple[int, int], ...]
    rest: tuple[str, ...]

    def holds(self, other: "_Place") -> bool:
        """Return whether `other` is this folder or is inside it."""
        if not self.rest:
            return self.known[0] in other.known
        return self.known[0] == other.known[0] and self.rest == other.rest[: len(self.rest)]


def _place(folder: Path) -> _Place:
    path = Path(os.path.realpath(folder))
    rest: list[str] = []
    known: list[tuple[int, int]] = []
    for each in (path, *path.parents):
        try:
            found = each.stat()
        except OSError:
            rest.insert(0, unicodedata.normalize("NFC", each.name).casefold())
        else:
            known.append((found.st_dev, found.st_ino))
    return _Place(tuple(known), tuple(rest))


def _clashes(folders: Folders) -> Iterator[tuple[str, str, str]]:
    """Yield key, fault and cure of each clash, the worst first."""
    output, state = _place(folders.output), _place(folders.state)
    blog, inner = _blog(folders), list(_inner(folders.posts))
    for what in _held(output, blog, inner):
        yield "output.path", f"is or holds {what}: posts and settings would be published", _CURE
    for what in _held(state, blog, inner):
        yield "state.path", f"is or holds {what}: each build would cause another", _CURE
    if output.holds(state):
        yield "state.path", "is or is in the output folder: the ledger would be published", _CURE
    if state.holds(output):
        yield "output.path", "is in the state folder, which is not published", _CURE
    targets = [(key, _place(folder)) for key, folder in folders.targets]
    for number, (key, place) in enumerate(targets):
        for what in _held(place, [*blog, ("the state folder", state)], inner):
            yield key, f"is or holds {what}: it would be published", _CURE
        if state.holds(place):
            yield key, "is in the state folder, which is not published", _CURE
        if output.holds(place):
            yield key, "is or is in the output folder", "remove this target: the feeds are there"
        if place.holds(output):
            yield (
                key,
                "contains the output folder: build and target would overwrite each other",
                _CURE,
            )
        for what, folder in inner:
            if _place(folder).holds(place) and _holds_texts(folder):
                yield key, f"is in {what}: feeds would be read as posts", _CURE
        for other_key, other in targets[:number]:
            if place == other:
                yield key, f"is the same folder as {other_key}", "remove one of them"


def _held(
    place: _Place, blog: Iterable[tuple[str, _Place]], inner: Iterable[tuple[str, Path]]
) -> Iterator[str]:
    """Yield the names of the blog's folders that are `place` or inside it."""
    yield from (what for what, other in blog if place.holds(other))
    for what, folder in inner:
        if place.holds(_place(folder)) and _holds_texts(folder):
            yield what


def _blog(folders: Folders) -> list[tuple[str, _Place]]:
    """Return the folders that are never published: the blog's, and that of config.toml."""
    blog = [("the blog's folder", _place(folder)) for folder in folders.posts]
    return [*blog, *([("config.toml", _place(folders.own))] if folders.own else [])]


def _inner(posts: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    """Yield the folders below `posts` that may contain posts, each with its description."""
    for folder in posts:
        if folder.name in ("_posts", "_drafts"):
            yield f"the posts in {folder.name}/", folder
        for name in _POSTS:
            if is_folder(folder / name):
                yield f"the posts in {name}/", folder / name


def _holds_texts(folder: Path) -> bool:
    """Return whether `folder` contains a file in a markup language; a built site has none."""
    left = _MOST_LOOKED_AT
    for _, folders, files in os.walk(folder):
        folders.sort()
        if any(name.lower().endswith(_TEXTS) for name in files):
            return True
        left -= len(files) + 1
        if left < 0:
            return False
    return False
