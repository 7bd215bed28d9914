"""Report that no post was found: the folders that were tried, and the cure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from syndicate.engines import Engine, choose, engines, sure_engines
from syndicate.engines.hexo.engine import Hexo
from syndicate.engines.hugo.content_tree import FOREIGN_ENDINGS
from syndicate.engines.jekyll.engine import Jekyll
from syndicate.engines.plain import Plain
from syndicate.errors import SyndicateError
from syndicate.files.read import is_folder, names_in, real_inside
from syndicate.model import LeftOut, Problem, Source
from syndicate.posts.discover import discover

__all__ = ["NO_POSTS", "blog_below", "no_posts"]

NO_POSTS = "no-posts"
"""The kind of the Problem of a folder without posts."""
_OWN_FOLDERS = (Hexo, Jekyll)
"""Engines whose posts lie in a folder that no other engine has."""
_UNREAD: Mapping[str, str] = {
    **FOREIGN_ENDINGS,
    ".textile": "Textile",
    ".ipynb": "Jupyter notebooks",
    ".rmd": "R Markdown",
    ".qmd": "Quarto",
    ".tex": "LaTeX",
    ".typ": "Typst",
    ".wiki": "wiki markup",
    ".mediawiki": "wiki markup",
    ".creole": "Creole",
    ".dj": "Djot",
}
"""Endings of texts in markups that no engine, or not that of the blog, reads."""
_PACKAGES = ("apps", "packages", "sites", "projects")
"""Folders in which a repository keeps its packages."""
MOST_FOLDERS = 50
EXAMPLES = 3


def no_posts(root: Path, engine: Engine, why: str, left_out: Sequence[LeftOut]) -> Problem:
    """Return the Problem of the blog at `root`, in which `engine` found no post.

    `why` says how the engine was recognised, `left_out` which files it left out. The cure names
    the folders and engines that would give posts, or says what to do about texts that are written
    in what is not read.
    """
    files = len(left_out)
    looked = f"read as {_blog(engine.name)} ({why})" if engine.name != "plain" else "read as plain"
    number = f"{files:,} files" if files != 1 else "1 file"
    if unread := _unread(left_out):
        what = f"no posts found; {looked}, and {unread}, which is not read"
        cure = "export these files to Markdown or HTML"
        return Problem(str(root), NO_POSTS, what, cure, severity="error")
    cures = list(_better(root, engine))[:EXAMPLES]
    cure = "; or ".join(cures) or "name the blog's folder; -v tells why each file was left out"
    what = f"no posts found; {looked}, {number} left out"
    return Problem(str(root), NO_POSTS, what, cure, severity="error")


def _unread(left_out: Sequence[LeftOut]) -> str:
    """Return how many texts are written in which other markup, with examples; else empty."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in left_out:
        file = PurePosixPath(each.path)
        markup = _UNREAD.get(file.suffix.lower())
        paper = file.stem.isupper()  # README, LICENSE
        if markup and not paper and not each.reason.startswith("not in "):
            found[markup].append(each.path)
    parts = []
    for markup, paths in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        number = f"{len(paths):,} files are" if len(paths) > 1 else "1 file is"
        more = ", …" if len(paths) > EXAMPLES else ""
        parts.append(f"{number} written in {markup} ({', '.join(paths[:EXAMPLES])}{more})")
    return " and ".join(parts)


def _better(root: Path, engine: Engine) -> Iterator[str]:
    for other in engines():
        hinted = other in _OWN_FOLDERS or (other is not Plain and other.recognise(root))
        if other.name != engine.name and hinted and (count := _posts_of(other, root)):
            yield f'set [posts] engine = "{other.name}", which finds {_number(count)}'
    for name in (*_inner_folders(root), *_folders(root)):
        if (inner := _engine_of(root / name)) and (count := _posts_of(inner, root / name)):
            kind = _blog(inner.name) if inner is not Plain else "a folder"
            yield f"run it on {name}, {kind} with {_number(count)}"


def blog_below(root: Path, sources: Sequence[Source]) -> str | None:
    """Return the folder in `root` that is a generator's blog and holds all of `sources`.

    In a repository of several packages, most of them are enough. None if there is no such folder.
    """
    for folder in _inner_folders(root):
        holds = sum(source.path.startswith(f"{folder}/") for source in sources)
        if 2 * holds > len(sources) and sure_engines(root / folder):
            return folder
    folders = {source.path.partition("/")[0] for source in sources}
    only = folders.pop() if len(folders) == 1 else ""
    if not only or any("/" not in source.path for source in sources):
        return None
    return only if sure_engines(root / only) else None


def _engine_of(folder: Path) -> type[Engine] | None:
    try:
        return choose(folder)[0]
    except SyndicateError:
        return None


def _folders(root: Path, folder: str = "") -> list[str]:
    try:
        names = names_in(root, folder)
    except OSError:
        return []
    hidden = (".", "_", "node_modules")
    paths = [f"{folder}/{name}".lstrip("/") for name in names if not name.startswith(hidden)]
    return [path for path in paths if is_folder(root / path)][:MOST_FOLDERS]


def _inner_folders(root: Path) -> list[str]:
    """Return the folders of the packages in a repository that holds several."""
    return [inner for folder in _PACKAGES for inner in _folders(root, folder)][:MOST_FOLDERS]


def _posts_of(kind: type[Engine], root: Path) -> int:
    """Return how many files `kind` takes for posts; of a plain folder, those with a date."""
    try:
        engine, _ = kind.load(root)
        found = discover(Path(real_inside(root, engine.source)), engine).sources
    except (OSError, SyndicateError):
        return 0
    dated = [each for each in found if kind is not Plain or engine.file_date(each.path)]
    return len(dated)


def _blog(name: str) -> str:
    return f"{'an' if name[0] in 'ae' else 'a'} {name} blog"


def _number(count: int) -> str:
    return f"{count:,} posts" if count != 1 else "1 post"
