"""Guess a blog's address from its repository, for messages and `init`.

No feed is built with the guess.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from syndicate.files.read import read_inside
from syndicate.text.homes import is_unknown
from syndicate.text.urls import encoded

__all__ = ["suggested", "suggestion"]

_FOLDERS = ("static", "public", "source", "src", "docs", "content", "content/extra", "files")
_CNAMES = ("CNAME", *(f"{folder}/CNAME" for folder in _FOLDERS))
"""Paths at which the generators expect the CNAME file of GitHub Pages."""
_MAX_BYTES = 256 * 1024
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}", re.I)
_FORGES = frozenset(("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "npmjs.com"))
"""Hosts of repositories. A homepage there is the homepage of the code, not of the blog."""
_REMOTE_URL = re.compile(r"^[ \t]*url[ \t]*=[ \t]*(\S+)", re.M)
_SECTION = re.compile(r"^[ \t]*\[[ \t]*remote[ \t]+\"([^\"\n]*)\"[ \t]*\]", re.M)
_PAGES = re.compile(
    r"(?:^|[/@])(?P<forge>github|gitlab)\.com(?::\d{1,5}/|[:/]/?)"
    r"(?P<owner>[A-Za-z0-9][\w-]*)/(?P<project>[\w.-]+(?:/[\w.-]+)*)/?$",
    re.A,
)


def suggestion(root: Path, url: str, base: str = "") -> str:
    """Return the advice for the blog at `root` if its address `url` is unknown; else "".

    `base` is the base path of the settings. Never raises.
    """
    if not is_unknown(url):
        return ""
    found = suggested(root, url, base)
    return f'set [site] url = "{found[0]}" (from {found[1]}) if that is right' if found else ""


def suggested(root: Path, url: str = "", base: str = "") -> tuple[str, str] | None:
    """Return the probable address of the blog at `root` and its source, or None.

    The sources are CNAME, the homepage in package.json, and the remotes in .git/config. User names
    and passwords are removed. The path is the path of the placeholder `url`, else `base`. Never
    raises.
    """
    path = base
    with suppress(ValueError):
        path = urlsplit(url).path.rstrip("/") or base
    return next(_found(root, path), None)


def _found(root: Path, base: str) -> Iterator[tuple[str, str]]:
    for path in _CNAMES:
        host = _text(root, path).strip().partition("\n")[0].strip().removeprefix("https://")
        if _HOST.fullmatch(host) and not is_unknown(f"https://{host}"):
            yield f"https://{host.lower()}{encoded(base)}", path
    if url := _homepage(_text(root, "package.json")):
        yield url if urlsplit(url).path else url + encoded(base), "package.json"
    for url, path in _pages(_text(root, ".git/config")):
        yield url + (encoded(base) or path), "the git remote"


def _homepage(text: str) -> str:
    try:
        package = json.loads(text) if text else {}
        url = package.get("homepage") if isinstance(package, dict) else None
        parts = urlsplit(url) if isinstance(url, str) else None
        host = (parts.hostname or "") if parts else ""
    except (ValueError, RecursionError):
        return ""
    if not parts or parts.scheme not in ("http", "https") or host in _FORGES:
        return ""
    where = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    known = _HOST.fullmatch(host) and not is_unknown(where)
    return encoded(where + parts.path.rstrip("/")) if known else ""


def _pages(text: str) -> Iterator[tuple[str, str]]:
    """Yield host and path of GitHub or GitLab Pages for each remote, "origin" first."""
    remotes = sorted(_SECTION.finditer(text), key=lambda remote: remote[1] != "origin")
    for remote in remotes:
        end = text.find("\n[", remote.end())
        address = _REMOTE_URL.search(text, remote.end(), end if end >= 0 else len(text))
        if address and len(address[1]) < 500 and (place := _PAGES.search(address[1])):
            owner, project = place["owner"].lower(), place["project"].removesuffix(".git")
            host = f"{owner}.{place['forge']}.io"
            if place["forge"] == "gitlab" or "/" not in project:
                yield f"https://{host}", "" if project.lower() == host else f"/{project}"


def _text(root: Path, path: str) -> str:
    """Return the text of a file of the blog; empty if it cannot be read."""
    try:
        return read_inside(root, path, _MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
