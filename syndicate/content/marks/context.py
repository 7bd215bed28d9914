"""Define the context of a body's marks, the result, and the search for other posts."""

import os
import posixpath
import re
import stat
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from syndicate.engines.shared.grammar import Grammar
from syndicate.files.encoding import readable
from syndicate.files.lookup import Files
from syndicate.files.read import Refused, read_inside, real_inside
from syndicate.model import ALIASES
from syndicate.text.digests import content_digest

__all__ = [
    "ByValue",
    "Context",
    "Dependency",
    "Notes",
    "Resolved",
    "add_dependency",
    "collecting",
    "contained",
    "is_contained",
    "is_still_true",
    "links_by_value",
    "looked_up",
    "post_address",
    "slug_address",
]

_TEXT_ENDING = re.compile(
    r"\.(?:mdx?|markdown|mkdn?|mkd|html?|rst|org|adoc|textile)$", re.IGNORECASE
)
_INDEX = re.compile(r"(?:^|/)_?index(?:\.[a-z]{2}(?:-[a-z]+)?)?$", re.IGNORECASE)
_LANGUAGE = re.compile(r"\.[a-z]{2}(?:-[a-z]{2,4})?$")
_INDEX_PAGE = re.compile(r"/index\.html$")
_LARGEST_FILE = 200_000  # bytes
_MOST_PARTS = 20  # trailing parts of a path that a link may name alone


Value = TypeVar("Value")
Kind = Literal["post", "slug", "ref", "vault", "text", "file", "lies"]


class Context(Struct, frozen=True):
    """Context that the marks of a post may refer to. Compared and pickled by value.

    `page` is the post's front matter with the generator's own values (title, url, date, categories,
    tags, path). `site` is the generator's configuration, with its data files under ``data``. `root`
    is the blog's folder; no file outside it is read. `path` is the post's path below `root`.
    `links` maps the path of each post to its absolute address. `base` is the site's address with
    its base path, `page_url` the post's address. `grammar` is the grammar of the blog's Markdown.
    """

    page: Mapping[str, Any] = {}
    site: Mapping[str, Any] = {}
    root: Path = Path()
    path: str = ""
    links: Mapping[str, str] = {}
    base: str = ""
    page_url: str = ""
    grammar: Grammar | None = None


class Dependency(Struct, frozen=True, array_like=True):
    """Question of a body to the rest of the blog, with the answer that it got.

    `path` is the asking post's path. `what` and `answer` depend on `kind`:

    - post: a path of a post, and the post's address
    - slug: the end of a post's address, and the address
    - ref: a page and language in a reference of Hugo's, and the page's address
    - vault: a file name, and its path
    - text: a path, and the digest of the file's text
    - file: a path, and a digest if the file exists
    - lies: a question to `Files`, and its answer
    """

    kind: Kind
    path: str
    what: str
    answer: str


class Resolved(Struct, frozen=True):
    """Body without marks, names of its unknown tags in order, and faults.

    `dropped` is text from the unknown tags. The body depends on `dependencies`, besides its source
    and the values of the context.
    """

    text: str
    unknown: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    dropped: str = ""


class Notes:
    """Collector for the unknown tags and faults of a body."""

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.dropped: list[str] = []
        self.faults: dict[str, None] = {}

    def drop(self, name: str, arguments: Iterable[str]) -> None:
        """Add an unknown tag, and those of its arguments that may be words of the post."""
        self.unknown.append(name)
        self.dropped += (text for text in arguments if " " in text or not text.isascii())

    def fault(self, message: str) -> None:
        """Add a fault. Repeated faults are reported once."""
        self.faults[message] = None


class ByValue(Generic[Value]):
    """Hashable holder of a large value, so that `lru_cache` indexes it once and not for each post.

    Holders of equal values with equal keys are equal. The values of one batch are the same object.
    """

    def __init__(self, value: Value, key: Hashable) -> None:
        self.value, self._key = value, key

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByValue) or self._key != other._key:
            return False
        if other.value is not self.value:
            if other.value != self.value:
                return False
            self.value = other.value  # makes the next comparison a check of identity
        return True


_COLLECTED: ContextVar[dict[Dependency, None] | None] = ContextVar("dependencies", default=None)


@contextmanager
def collecting() -> Iterator[dict[Dependency, None]]:
    """Collect the dependencies of the code in the `with` block, as keys in order."""
    dependencies: dict[Dependency, None] = {}
    token = _COLLECTED.set(dependencies)
    try:
        yield dependencies
    finally:
        _COLLECTED.reset(token)


def is_still_true(dependency: Dependency, blog: Context) -> bool:
    """Return True if the question has the same answer in the blog now."""
    context = replace(blog, path=dependency.path)
    match dependency.kind:
        case "post":
            answer = post_address(context, dependency.what)
        case "slug":
            answer = slug_address(context, dependency.what)
        case "ref":
            from syndicate.content.marks.hugo_refs import is_same_reference

            return is_same_reference(dependency, context)
        case "vault":
            from syndicate.content.marks.vault import is_same_file  # imports this module

            return is_same_file(dependency, context)
        case "text":
            answer = _digest(contained(blog.root, *dependency.what.split("\n")))
        case "file":
            answer = _digest("" if is_contained(blog.root, *dependency.what.split("\n")) else None)
        case "lies":
            answer = Files(blog.root).answer(dependency.what)
    return answer == dependency.answer


def add_dependency(kind: Kind, path: str, what: str, answer: str) -> None:
    """Add a dependency to those collected by `collecting`."""
    dependencies = _COLLECTED.get()
    if dependencies is not None:
        dependencies[Dependency(kind, path, what, answer)] = None


def _digest(text: str | None) -> str:
    if text is None:
        return ""
    return content_digest(text.encode("utf-8", "surrogatepass"))


def links_by_value(context: Context) -> ByValue[Mapping[str, str]]:
    """Return the links of `context` as a key of `lru_cache`."""
    return ByValue(context.links, len(context.links))


def post_address(context: Context, target: str) -> str:
    """Return the absolute address of the post at the path `target`, or "".

    The path may start at the post's own folder, the blog's folder or its content folder, or be only
    the end of a path. Extension (``.md``), ``/index.md`` and case are ignored. If there are several
    languages (``x.en.md``), the one of the asking post is chosen. A fragment is kept.
    """
    address = _post_address(context, target)
    add_dependency("post", context.path, target, address)
    return address


def _post_address(context: Context, target: str) -> str:
    path, mark, fragment = target.partition("#")
    wanted = _key(path)
    beside = _key(posixpath.join(posixpath.dirname(context.path), path))
    own = _LANGUAGE.search(_key(context.path))
    for language in (own[0] if own else "", ""):
        address = _found(links_by_value(context), wanted + language, beside + language)
        if address and wanted:
            return address + mark + fragment
    return ""


def _found(links: ByValue[Mapping[str, str]], wanted: str, beside: str) -> str:
    whole, ends = _by_name(links)
    alike = beside.rpartition("/")[2] == wanted.rpartition("/")[2]
    return (alike and whole.get(beside)) or ends.get(wanted) or whole.get(wanted, "")


def slug_address(context: Context, slug: str) -> str:
    """Return the absolute address of the post whose address ends in `slug`, or "".

    Of several posts, the one in the asking post's language is chosen, then the first by path.
    """
    paths = _by_slug(links_by_value(context)).get(slug, ())
    own = _LANGUAGE.search(_key(context.path))
    alike = (path for path in paths if own and _key(path).endswith(own[0]))
    path = next(alike, paths[0] if paths else "")
    address = context.links.get(path, "")
    add_dependency("slug", context.path, slug, address)
    return address


def contained(root: Path, *parts: str, notes: Notes | None = None) -> str | None:
    """Return the text of a file below `root`; None if it is missing, outside or too large.

    A file outside of `root`, by a link or by its path, is reported in `notes`.
    """
    text = _text(root, *parts, notes=notes)
    add_dependency("text", "", "\n".join(parts), _digest(text))
    return text


def _text(root: Path, *parts: str, notes: Notes | None) -> str | None:
    try:
        data = read_inside(root, _joined(parts), _LARGEST_FILE)
    except (Refused, PermissionError) as error:
        if notes:
            notes.fault(f'"{_joined(parts)[:150]}" cannot be read ({error.strerror})')
        return None
    except OSError:
        return None
    return readable(data).replace("\r\n", "\n").replace("\r", "\n")


def is_contained(root: Path, *parts: str) -> bool:
    """Return True if there is a file with that path below `root`."""
    try:
        is_file = stat.S_ISREG(os.stat(real_inside(root, _joined(parts))).st_mode)  # noqa: PTH116
    except OSError:
        is_file = False
    add_dependency("file", "", "\n".join(parts), _digest("" if is_file else None))
    return is_file


def _joined(parts: Iterable[str]) -> str:
    return "/".join(part.strip("/") for part in parts)


def looked_up(variables: Any, path: str) -> Any:
    """Return the value at a dotted path, or None."""
    for part in path.split("."):
        variables = variables.get(part) if isinstance(variables, Mapping) else None
    return variables


@lru_cache(maxsize=1)
def _by_name(held: ByValue[Mapping[str, str]]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Index the addresses by key, and by each end of a key ("b/c" and "c" of "a/b/c")."""
    links = held.value
    whole: dict[str, str] = {}
    ends: dict[str, str] = {}
    for path in sorted(links, key=_nearness):
        key = _key(path.removeprefix(ALIASES))
        whole.setdefault(key, links[path])
        parts = key.split("/")
        for length in range(1, min(len(parts), _MOST_PARTS) + 1):
            ends.setdefault("/".join(parts[-length:]), links[path])
    return whole, ends


def _nearness(path: str) -> tuple[bool, int, str]:
    return path.startswith(ALIASES), path.count("/"), path


@lru_cache(maxsize=1)
def _by_slug(held: ByValue[Mapping[str, str]]) -> Mapping[str, list[str]]:
    """Index the paths of posts by the last part of their addresses, without extension."""
    links = held.value
    paths: dict[str, list[str]] = {}
    for path in sorted(links, key=lambda path: (bool(_LANGUAGE.search(_key(path))), path)):
        last = _INDEX_PAGE.sub("", links[path]).rstrip("/").rpartition("/")[2]
        paths.setdefault(unquote(last).removesuffix(".html"), []).append(path)
    return paths


def _key(path: str) -> str:
    path = path.strip().removeprefix("@/").strip("/")
    path = _TEXT_ENDING.sub("", posixpath.normpath(path) if path else "")
    return _INDEX.sub("", path).removeprefix("./").casefold()
