"""Give dates to posts without one, by the setting `[posts] undated`.

A date in the ledger stays. Git runs only for the other posts: once for all of them, for a limited
time, without the network, and without programs in the repository's settings.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from syndicate.config.schema import Undated
from syndicate.model import Problem

__all__ = ["Dating"]

SECONDS = 60.0
"""Seconds that git may take."""
_CHUNK = 1 << 20
_SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "log.showSignature=false",
             "log.showRoot=true", "diff.renameLimit=1000")  # fmt: skip
_COMMAND = (
    "git", "--no-pager", "--no-optional-locks",
    *(word for setting in _SETTINGS for word in ("-c", setting)),
)  # fmt: skip
_LOG = (
    "log", "--topo-order", "--name-status", "--diff-filter=AR", "--find-renames", "--no-ext-diff",
    "--no-textconv", "--no-relative", "--format=%x01%at", "-z", "HEAD",
)  # fmt: skip
_MARK = b"\x01"
_SANE = range(1, 4_102_444_800)  # up to the year 2099


class _Failed(Exception):
    """Git gave no dates. Holds the reason and the cure."""


class Dating:
    """Gives dates to undated posts. `problems` has the reasons why some posts get none.

    `known` are the dates of the ledger by path. `now` is None if the clock is wrong: then no post
    is dated by the clock.
    """

    def __init__(
        self, root: Path, way: Undated, known: Mapping[str, datetime], now: datetime | None
    ) -> None:
        self._root, self._way, self._known = root, way, known
        self._now = now and now.astimezone(UTC).replace(microsecond=0)
        self.problems: list[Problem] = []

    def __call__(self, paths: Collection[str]) -> Mapping[str, datetime]:
        """Return the dates of the posts at `paths`, without posts that get none."""
        if self._way == "leave-out":
            return {}
        found = {path: self._known[path] for path in paths if path in self._known}
        new = [path for path in paths if path not in found]
        if self._way == "git" and new:
            return found | self._of_git(new)
        return found | (dict.fromkeys(new, self._now) if self._now else {})

    def _of_git(self, paths: Sequence[str]) -> dict[str, datetime]:
        try:
            found = _first_commits(self._root, paths)
        except _Failed as error:
            what, cure = error.args
            what = f"[posts] undated needs git, but {what}; undated posts are left out"
            self.problems.append(Problem("config.toml", "no-git-dates", what, cure))
            return {}
        if missing := sorted(set(paths).difference(found)):
            what = f"{_posts(len(missing))} without a date and in no commit, and left out"
            self.problems.append(Problem(missing[0], "not-committed", what, "commit the posts"))
        return found


def _posts(count: int) -> str:
    return f"{count:,} posts are" if count > 1 else "1 post is"


def _first_commits(root: Path, paths: Sequence[str]) -> dict[str, datetime]:
    """Return the dates of the first commits of `paths`; renames are followed. Raises _Failed."""
    shallow, prefix = _repository(root)
    if shallow == "true":
        cure = "fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in the workflow"
        raise _Failed("the repository is a shallow clone with an incomplete history", cure)
    names = {f"{prefix}{path}".encode(): path for path in paths}
    found: dict[str, datetime] = {}
    for status, seconds, old, new in _changes(_words(root, _LOG)):
        if status == b"A" and new in names and seconds in _SANE:
            found[names[new]] = datetime.fromtimestamp(seconds, UTC)
        elif status == b"R" and new in names:
            names[old] = names.pop(new)
    return found


def _repository(root: Path) -> tuple[str, str]:
    """Return "true" for a shallow repository, and the folder of `root` in it."""
    asked = ("rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD")
    words = b"".join(_words(root, asked)).decode("utf-8", "surrogateescape")
    shallow, prefix, *_ = *words.split("\n"), "", ""
    return shallow, prefix


def _changes(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, int, bytes, bytes]]:
    """Yield the files that commits added (A) or renamed (R), with the time, newest first."""
    seconds, words = 0, _split(chunks)
    for word in words:
        if _MARK in word[:2]:
            digits = word.strip(b"\n" + _MARK)
            seconds = int(digits) if digits.isdigit() and len(digits) < 12 else 0
            continue
        status, old = word.strip(b"\n")[:1], next(words, b"")
        if status:
            yield status, seconds, old, next(words, b"") if status == b"R" else old


def _split(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Split a stream of bytes at NULs."""
    rest = b""
    for chunk in chunks:
        *words, rest = (rest + chunk).split(b"\0")
        yield from words
    if rest:
        yield rest


def _words(root: Path, arguments: Sequence[str]) -> Iterator[bytes]:
    """Run git and yield its output in pieces. Raises _Failed."""
    import subprocess
    from threading import Timer

    # GIT_DIR and similar variables may name another repository.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        process = subprocess.Popen(  # noqa: S603  our own words, no shell
            (*_COMMAND, *arguments),
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise _Failed("git cannot be run", "install git") from error
    timer = Timer(SECONDS, process.kill)
    timer.start()
    try:
        with process:
            while process.stdout and (chunk := process.stdout.read(_CHUNK)):
                yield chunk
    finally:
        late = not timer.is_alive()
        timer.cancel()
    if late:
        raise _Failed(f"git took more than {SECONDS:g} seconds", "pack the repository: git gc")
    if process.returncode:
        cure = "build in a clone of the repository, owned by the user who builds"
        raise _Failed("the blog's folder is in no repository with readable commits", cure)
