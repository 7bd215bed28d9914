"""Find the pictures and files that a post refers to, and return their addresses.

Authors write paths for their editor, theme or disk. A path is looked up beside the post, in the
folders that the generator publishes, and in the blog's root. A path that is not found stays
relative to the post's page. A path that no page can have, such as one on the author's disk, is left
out and reported.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Literal
from urllib.parse import quote, unquote

from syndicate.files.lookup import COVER, Files
from syndicate.model import Problem, PublicFolder
from syndicate.text.characters import one_line, xml_legal
from syndicate.text.urls import absolute

__all__ = ["BUILT_NAME", "LOCAL_PATH", "Attachments"]

LOCAL_PATH, BUILT_NAME = "local-path", "built-name"
"""Kinds of Problems for addresses that are left out."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DISK = re.compile(
    r"file:|[A-Za-z]:|/[A-Za-z]:|\\\\|~/|/(?:Users|home|Volumes|mnt/[a-z]|storage/emulated"
    r"|private/var|var/folders)/[^/]+/",
    re.IGNORECASE,
)
"""Beginnings of paths on the author's machine."""
_BACKSLASH = re.compile(r"\\|%5c", re.IGNORECASE)
_PATH = re.compile(r"[^?#]*")
_SLASHES = re.compile(r"(?<!:)/{2,}")
_PAGE = re.compile(
    r"\.(?:html?|mdx?|markdown|mk?dn?|mdown|rst|org|adoc|textile|astro|php|aspx?|jsp)$",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_THEME_FOLDERS = (
    "images", "img", "assets/images", "assets/img", "assets", "uploads", "media", "files", "audio",
    "assets/audio",
)  # fmt: skip
"""Folders in which themes look for files that headers name without a folder."""
_IN_SOURCE = re.compile(r"/(?:content|files|public|source|src|static)/")
"""Beginnings of paths that editors show, but that differ on the site."""
_UNWATCHED = re.compile(r"(?:^|/)(?:node_modules|\.git|\.hg|\.svn)/")
"""Folders that no generator publishes, and that builds do not watch for changes."""
_MOST_QUESTIONS = 2_000
_LONGEST = 1_000
"""Most characters of a path."""
Where = Literal["header", "body", "link"]
_SAFE = "/!$&'()*+,;=:@~"
_KINDS = {
    LOCAL_PATH: (
        "is a path on the author's own machine; it was left out",
        "put the file into the blog, and write its address there",
    ),
    BUILT_NAME: (
        "gets another name when the site is built; it was left out",
        "put it into the folder of files that are published as they are, and write /name",
    ),
}


class Attachments:
    """Files that the post at `path` refers to. Its page is at `page`, in the site at `base`.

    `folders` returns the published folders, the post's own first; it is called at the first lookup.
    `prefix` is the theme's prefix for the addresses of pictures. `asked` has all questions to
    `files` with their answers: the results depend on nothing else.
    """

    def __init__(
        self,
        files: Files,
        path: str,
        *,
        page: str,
        base: str,
        folders: Callable[[], tuple[PublicFolder, ...]],
        prefix: str = "",
    ) -> None:
        self._files, self._page, self._base = files, page, base
        self._path, self._beside = path, posixpath.dirname(path)
        self._get_folders, self._prefix = folders, prefix
        self._found_folders: tuple[PublicFolder, ...] | None = None
        self.asked: dict[str, str] = {}
        self._left_out: dict[str, str] = {}

    def of_header(self, address: str) -> str | None:
        """Return the absolute address of a file that the header names.

        Return "" for a file that is left out, and None if `address` should stay as it is.
        """
        return self._address(address, "header", self._prefix)

    def of_body(self, address: str) -> str | None:
        """Return the absolute address of a picture, sound or film, as `of_header` does."""
        return self._address(address, "body", self._prefix)

    def of_link(self, address: str) -> str | None:
        """Return the absolute address of a linked file, as `of_header` does.

        Links to pages return None.
        """
        path = address.partition("#")[0].partition("?")[0]
        if not _DISK.match(address) and (_PAGE.search(path) or not _ENDING.search(path)):
            return None
        return self._address(address, "link")

    def cover(self, folder: str) -> str:
        """Return the address of the cover picture in `folder`; empty if there is none."""
        found = self._answer(f"{folder}/{COVER}")
        return self._published(found) or "" if found else ""

    @property
    def problems(self) -> Iterator[Problem]:
        """Yield a Problem for each address that was left out."""
        for address, kind in self._left_out.items():
            what, cure = _KINDS[kind]
            yield Problem(self._path, kind, f'"{one_line(address)[:200]}" {what}', cure)

    def _address(self, address: str, where: Where, prefix: str = "") -> str | None:
        text = xml_legal(address).strip()
        if not text or text[0] in "#?" or text.startswith("//"):
            return None
        on_disk = bool(_DISK.match(text))
        if _SCHEME.match(text):
            return self._leave_out(text, LOCAL_PATH) if on_disk else None
        written = _PATH.match(text)
        path = written[0] if written else ""
        tail, strange = text[len(path) :], on_disk or bool(_BACKSLASH.search(path))
        path = unquote(path).replace("\\", "/")
        if prefix and not on_disk:
            return self._absolute(_SLASHES.sub("/", f"{prefix}/{_quoted(path)}") + tail)
        if path.startswith("/") and not strange and not _IN_SOURCE.match(path):
            return None
        if (path.startswith("/") or where != "header") and (usual := self._as_on_the_page(path)):
            return usual + tail if strange else None
        url = self._looked_up(path, where)
        if url:
            return self._absolute(url + tail)
        if url is not None:
            return self._leave_out(text, BUILT_NAME)
        return self._leave_out(text, LOCAL_PATH) if strange else None

    def _looked_up(self, path: str, where: Where) -> str | None:
        """Return the address of the file that `path` stands for, as `_published` does."""
        for file in self._candidates(path, where):
            if self._answer(file) and (url := self._published(file)) is not None:
                return url
        for folder, below in self._by_alias(path):
            return f"{folder.url}/{_quoted(below)}" if folder.url else ""
        is_import = where != "link" and path.startswith(("./", "../"))
        file = posixpath.normpath(posixpath.join(self._beside, path))
        return "" if is_import and self._published(file) == "" else None

    def _as_on_the_page(self, path: str) -> str:
        """Return the address to which a browser resolves `path`, if a file is published there."""
        url = self._absolute(_quoted(path))
        for folder in self._folders:
            if folder.url and url.startswith(f"{folder.url}/"):
                file = posixpath.join(folder.path, unquote(url[len(folder.url) + 1 :]))
                if self._answer(file) and self._published(file):
                    return url
        return ""

    def _candidates(self, path: str, where: Where) -> Iterator[str]:
        """Yield the paths below the blog's folder that `path` may stand for, likeliest first."""
        folders = [each.path for each in self._folders]
        for folder, below in self._by_alias(path):
            yield from _inside(folder.path, below)
        if not path.startswith("/"):
            yield from _inside("", posixpath.join(self._beside, path))
        if not path.startswith(".."):
            for each in folders:
                yield from _inside(each, path.lstrip("/"))
            yield from _inside("", path.lstrip("/"))
        if where == "header" and "/" not in path:
            for theirs in _THEME_FOLDERS:
                yield from (posixpath.join(each, theirs, path) for each in folders)

    def _published(self, file: str) -> str | None:
        """Return the address of `file`; "" if only a build knows it, None if it has none."""
        holding = [each for each in self._folders if _holds(each.path, file)]
        if not holding:
            return None
        folder = max(holding, key=lambda each: len(each.path))
        below = file[len(folder.path) :].lstrip("/")
        if not folder.url:
            return ""
        if any(part.startswith(("_", ".")) for part in below.split("/")):
            return None
        return f"{folder.url}/{_quoted(below)}"

    def _by_alias(self, path: str) -> Iterator[tuple[PublicFolder, str]]:
        """Yield each folder with an alias at the beginning of `path`, and the rest of `path`."""
        for folder in self._folders:
            for alias in folder.aliases:
                if path.startswith(alias):
                    yield folder, path[len(alias) :].lstrip("/")

    @property
    def _folders(self) -> tuple[PublicFolder, ...]:
        if self._found_folders is None:
            self._found_folders = self._get_folders()
        return self._found_folders

    def _answer(self, question: str) -> str:
        if question not in self.asked:
            if len(self.asked) >= _MOST_QUESTIONS or len(question) > _LONGEST:
                return ""
            if _UNWATCHED.search(question):
                return ""
            self.asked[question] = self._files.answer(question)
        return self.asked[question]

    def _absolute(self, address: str) -> str:
        return absolute(address, self._page, self._base)

    def _leave_out(self, address: str, kind: str) -> str:
        self._left_out.setdefault(address, kind)
        return ""


def _inside(folder: str, path: str) -> Iterator[str]:
    """Yield the path of `path` in `folder`, unless it leads out."""
    below = posixpath.normpath(path)
    if below not in ("", ".", "..") and not below.startswith(("../", "/")):
        yield posixpath.join(folder, below)


def _holds(folder: str, file: str) -> bool:
    return not folder or file.startswith(f"{folder}/")


def _quoted(path: str) -> str:
    return quote(path, _SAFE, errors="replace")
