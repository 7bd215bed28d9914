"""What marks are resolved against, what comes of it, and where links to other posts lead."""

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from syndicate.files.encoding import readable
from syndicate.files.lookup import Files
from syndicate.files.read import Refused, read_inside, real_inside
from syndicate.grammar import Grammar
from syndicate.model import ALIASES

__all__ = [
    "Asked",
    "Context",
    "Notes",
    "Resolved",
    "SameLinks",
    "contained",
    "hear",
    "hearing",
    "is_contained",
    "is_still_true",
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
_MOST_PARTS = 20  # of a path, that a link may give without the folders above


Kind = Literal["post", "slug", "ref", "vault", "text", "file", "lies"]


class Context(Struct, frozen=True):
    """What a post's marks may refer to. Plain data: it compares and pickles by value.

    `page` is the post's front matter with what the generator adds to it (title, url, date,
    categories, tags, path), `site` the generator's own configuration with its data files under
    ``data``. `root` is the blog's folder: no file outside it is ever read. `path` is the post's
    own, relative to it. `links` maps each post's path to its absolute address. `base` is the
    site's address with the base path, `page_url` the post's. `grammar` is how Markdown is read.
    """

    page: Mapping[str, Any] = {}
    site: Mapping[str, Any] = {}
    root: Path = Path()
    path: str = ""
    links: Mapping[str, str] = {}
    base: str = ""
    page_url: str = ""
    grammar: Grammar | None = None


class Asked(Struct, frozen=True, array_like=True):
    """What a body wanted to know of the rest of the blog, and was told.

    `kind` is "post" (the address of the post that `what` names), "slug" (of the post whose address
    ends in it), "ref" (of the page that a reference of Hugo's means, after its language), "vault"
    (where a file of that name lies), "text" (of a file, by its digest), "file" (whether there is
    one) or "lies" (what `Files` answers); `path` is the asking post's.
    """

    kind: Kind
    path: str
    what: str
    answer: str


class Resolved(Struct, frozen=True):
    """A body without marks; the names of the unknown tags met, in order; what went wrong.

    `dropped` are words that stood in the unknown tags. `asked` is all that the text depends on
    beside the body and the context's own values.
    """

    text: str
    unknown: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    dropped: str = ""


class Notes:
    """What is to be said about a body once it is resolved."""

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.dropped: list[str] = []
        self.faults: dict[str, None] = {}

    def drop(self, name: str, arguments: Iterable[str]) -> None:
        """Note an unknown tag, and which of its arguments may be words of the post."""
        self.unknown.append(name)
        self.dropped += (text for text in arguments if " " in text or not text.isascii())

    def fault(self, message: str) -> None:
        """Note a fault, once however often it occurs."""
        self.faults[message] = None


_HEARD: ContextVar[dict[Asked, None] | None] = ContextVar("asked", default=None)


@contextmanager
def hearing() -> Iterator[dict[Asked, None]]:
    """Collects, as keys in order, what is asked in the meantime."""
    heard: dict[Asked, None] = {}
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def is_still_true(asked: Asked, blog: Context) -> bool:
    """Whether the answer would be the same in the blog as it is now."""
    context = replace(blog, path=asked.path)
    match asked.kind:
        case "post":
            answer = post_address(context, asked.what)
        case "slug":
            answer = slug_address(context, asked.what)
        case "ref":
            from syndicate.content.dialects.hugo_refs import is_still_led  # knows this module

            return is_still_led(asked, context)
        case "vault":
            from syndicate.content.dialects.vault import is_still_found  # knows this module

            return is_still_found(asked, context)
        case "text":
            answer = _digest(contained(blog.root, *asked.what.split("\n")))
        case "file":
            answer = _digest("" if is_contained(blog.root, *asked.what.split("\n")) else None)
        case "lies":
            answer = Files(blog.root).answer(asked.what)
    return answer == asked.answer


def hear(kind: Kind, path: str, what: str, answer: str) -> None:
    """Note a question to the rest of the blog, and its answer."""
    heard = _HEARD.get()
    if heard is not None:
        heard[Asked(kind, path, what, answer)] = None


def _digest(text: str | None) -> str:
    if text is None:
        return ""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def post_address(context: Context, target: str) -> str:
    """The absolute address of the post that `target` names; empty where there is none.

    A target is a source path: from the post's own folder, from the blog's or its content's root,
    or only the end of one. An ending (``.md``), ``/index.md`` and letter case do not matter; of
    several languages (``x.en.md``) the post's own is meant. A fragment is kept.
    """
    address = _post_address(context, target)
    hear("post", context.path, target, address)
    return address


def _post_address(context: Context, target: str) -> str:
    path, mark, fragment = target.partition("#")
    wanted = _key(path)
    beside = _key(posixpath.join(posixpath.dirname(context.path), path))
    own = _LANGUAGE.search(_key(context.path))
    for language in (own[0] if own else "", ""):
        address = _found(context.links, wanted + language, beside + language)
        if address and wanted:
            return address + mark + fragment
    return ""


def _found(links: Mapping[str, str], wanted: str, beside: str) -> str:
    whole, ends = _by_name(SameLinks(links))
    alike = beside.rpartition("/")[2] == wanted.rpartition("/")[2]
    return (alike and whole.get(beside)) or ends.get(wanted) or whole.get(wanted, "")


def slug_address(context: Context, slug: str) -> str:
    """Return the absolute address of the post whose address ends in `slug`; empty without one.

    Of several, the one in the asking post's language is meant, then the first by its path.
    """
    paths = _by_slug(SameLinks(context.links)).get(slug, ())
    own = _LANGUAGE.search(_key(context.path))
    alike = (path for path in paths if own and _key(path).endswith(own[0]))
    path = next(alike, paths[0] if paths else "")
    address = context.links.get(path, "")
    hear("slug", context.path, slug, address)
    return address


def contained(root: Path, *parts: str, notes: Notes | None = None) -> str | None:
    """Return the text of a file below `root`; None where it is not there, not below, or too large.

    A file that lies outside of `root`, by a link or by its name, is a fault in `notes`.
    """
    text = _text(root, *parts, notes=notes)
    hear("text", "", "\n".join(parts), _digest(text))
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
    """Whether there is a file of that name below `root`."""
    try:
        found = stat.S_ISREG(os.stat(real_inside(root, _joined(parts))).st_mode)  # noqa: PTH116
    except OSError:
        found = False
    hear("file", "", "\n".join(parts), _digest("" if found else None))
    return found


def _joined(parts: Iterable[str]) -> str:
    return "/".join(part.strip("/") for part in parts)


def looked_up(variables: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for part in path.split("."):
        variables = variables.get(part) if isinstance(variables, Mapping) else None
    return variables


class SameLinks:
    """Links that are alike: the index of thousands is made once, not once a post.

    Those of one batch of work are one object, those of the next its equal.
    """

    def __init__(self, links: Mapping[str, str]) -> None:
        self.links = links

    def __hash__(self) -> int:
        return len(self.links)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameLinks):
            return NotImplemented
        if other.links is not self.links:
            if other.links != self.links:
                return False
            self.links = other.links  # the next question compares thousands no more
        return True


@lru_cache(maxsize=1)
def _by_name(same: SameLinks) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Index the addresses by key, and by each end of a key ("b/c" and "c" of "a/b/c")."""
    whole: dict[str, str] = {}
    ends: dict[str, str] = {}
    for path in sorted(same.links, key=_nearness):
        key = _key(path.removeprefix(ALIASES))
        whole.setdefault(key, same.links[path])
        parts = key.split("/")
        for length in range(1, min(len(parts), _MOST_PARTS) + 1):
            ends.setdefault("/".join(parts[-length:]), same.links[path])
    return whole, ends


def _nearness(path: str) -> tuple[bool, int, str]:
    return path.startswith(ALIASES), path.count("/"), path


@lru_cache(maxsize=1)
def _by_slug(same: SameLinks) -> Mapping[str, list[str]]:
    """Index the paths of posts by the last name in their addresses, without its ending."""
    found: dict[str, list[str]] = {}
    for path in sorted(same.links, key=lambda path: (bool(_LANGUAGE.search(_key(path))), path)):
        last = _INDEX_PAGE.sub("", same.links[path]).rstrip("/").rpartition("/")[2]
        found.setdefault(unquote(last).removesuffix(".html"), []).append(path)
    return found


def _key(path: str) -> str:
    path = path.strip().removeprefix("@/").strip("/")
    path = _TEXT_ENDING.sub("", posixpath.normpath(path) if path else "")
    return _INDEX.sub("", path).removeprefix("./").casefold()
