"""Rules for the keys of a target of `[[publish]]`."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from syndicate.config.targets import GitTarget, TargetConfig, WebhookTarget
from syndicate.files.read import is_folder

__all__ = ["GIT_REMOTE_CURE", "SSH_REMOTE", "is_git_path", "target_fault"]

Fault = tuple[str, str, str]
"""The key that is wrong, what is wrong with it, and the cure."""

SSH_REMOTE = re.compile(r"(?:[\w.+-]+@)?(?:\w[\w.-]*|\[[\w.:]+\]):.+")
GIT_REMOTE_CURE = "use a path, https://…, ssh://… or user@host:path"
_GIT_SCHEMES = ("file", "https", "ssh")
_GIT_HELPER = re.compile(r"[\w+.-]*::")
_AUTHOR = re.compile(r"[^<>\n\0]*[^<>\s\0] <[^<>\s\0]*>")
_BRANCH = re.compile(
    r"(?![-./])(?!.*(?:\.\.|@\{|//|/\.|\.lock/|\.lock$|[./]$))[^\x00- ~^:?*\[\\\x7f]+"
)
"""The rules of git-check-ref-format(1)."""


def target_fault(target: TargetConfig) -> Fault | None:
    """Return the first fault of `target`; None if it has none."""
    faults = (*_of_stores(target), *_of_files(target))
    if isinstance(target, GitTarget):
        faults += (*_of_git(target), *_of_remote(target.remote))
    if isinstance(target, WebhookTarget) and urlsplit(target.url).scheme not in ("http", "https"):
        cure = 'write it as "https://example.org/hook"'
        faults += (("url", "is not an absolute address", cure),)
    return next(iter(faults), None)


def is_git_path(path: str) -> bool:
    """Return whether `path` is valid for git on every system: below its folder, not in .git."""
    return "\0" not in path and not any(
        part in ("", ".", "..") or part.lower() == ".git" for part in path.split("/")
    )


def _of_stores(target: TargetConfig) -> Iterator[Fault]:
    endpoint = getattr(target, "endpoint", "")
    if endpoint and not re.match(r"https?://[^/\s@]+(?:/|$)", endpoint):
        yield "endpoint", "is not a plain address", 'write it as "https://s3.example.org"'
    if endpoint.startswith("http://") and not getattr(target, "allow_http", True):
        yield "endpoint", "is not encrypted", "use https, or set allow_http = true"
    if ".." in getattr(target, "prefix", "").split("/"):
        yield "prefix", "contains ..", "write it without .."


def _of_files(target: TargetConfig) -> Iterator[Fault]:
    for key in ("key_file", "known_hosts", "secret_file"):
        file = getattr(target, key, "")
        if file and is_folder(Path(file).expanduser()):
            yield key, "is a folder", "name a file"


def _of_git(target: GitTarget) -> Iterator[Fault]:
    if not _BRANCH.fullmatch(target.branch):
        yield "branch", f"{target.branch!r} is not a name for a branch", 'write it as "gh-pages"'
    folder = target.folder.strip("/")
    if folder and not is_git_path(folder):
        yield "folder", f"{folder!r} is not a folder of a branch", 'write it as "feeds"'
    if not _AUTHOR.fullmatch(target.author):
        yield "author", f"{target.author!r} is not an author", 'write it as "Name <address>"'


def _of_remote(remote: str) -> Iterator[Fault]:
    """Yield a fault if the remote would run a program, is not safe, or contains a password."""
    shown = repr(re.sub(r"(?<=://)[^/@]*@", "", remote))  # it may be a token
    if remote.startswith("-") or _GIT_HELPER.match(remote) or not remote.isprintable():
        yield "remote", f"{shown} is not an address of a repository", GIT_REMOTE_CURE
    elif "://" in remote:
        address = urlsplit(remote)
        if address.scheme not in _GIT_SCHEMES or (address.hostname or "").startswith("-"):
            yield "remote", f"{shown} is not reached in a safe way", GIT_REMOTE_CURE
        elif address.password is not None:
            cure = "remove it, and set up a git credential helper, GIT_ASKPASS or an SSH key"
            yield "remote", "contains a password", cure
