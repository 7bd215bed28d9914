"""A branch of a git repository as a target: one commit a publish, and no history rewritten.

The commit is made from the files' bytes as they are, with neither work tree nor filters, on top of
what the branch holds at that moment: other files stay. It is pushed without force. Where the
branch has moved meanwhile, the commit is made anew on top of that.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from syndicate.config.target_faults import GIT_REMOTE_CURE, SSH_REMOTE, is_git_path
from syndicate.config.targets import GitTarget
from syndicate.errors import ConfigError, DeliveryError
from syndicate.publish.clone import Broken, Clone
from syndicate.publish.run_program import Outcome
from syndicate.publish.target import Done, File, Surroundings, Target, Transfer, content, located
from syndicate.text.peers import heard

__all__ = ["open_target"]

TRIES = 5
"""How often the branch may move under us in one run."""
LISTING = 256 * 1024 * 1024
"""The longest list of a branch's files that is read, in bytes: some two million files."""
_BASE, _NEXT = "refs/syndicate/base", "refs/syndicate/next"
_FILE, _PROGRAM = "100644", "100755"
_REFUSED = re.compile(r"^!\t[^\t]*\t(.*)", re.MULTILINE)
_BRANCH_CURE = "let this user push to the branch, or set another branch"
_ACCESS = "give this user access: an SSH key or agent, or a git credential helper"
_CURES = (
    (r"uthentication failed|could not read (?:User|Pass)|Permission denied|error: 40[13]", _ACCESS),
    (r"Host key verification failed", "check the host's key and add it to known_hosts"),
    (r"dubious ownership", "git config --global --add safe.directory REPOSITORY, as this user"),
    (
        r"not appear to be a git|does not exist|not found",
        "set remote to a repository that is there",
    ),
    (r"credentials in url|plaintext credentials", "take the password out of the address"),
    (r"transport .* not allowed", GIT_REMOTE_CURE),
)
"""What git says of lasting faults. All others may pass: a network that is down, a busy server."""


class _Entry(Struct, frozen=True):
    """What the branch holds at a path."""

    mode: str
    id: str


class _Change(Struct, frozen=True):
    """What the commit does to a path of the branch; a removal has no file."""

    path: str
    file: File | None = None
    new: bool = False


def open_target(config: GitTarget, around: Surroundings) -> Target:
    """The branch that `config` names. Raises ConfigError where it cannot be, or git is missing."""
    if shutil.which("git", path=around.environ.get("PATH")) is None:
        raise ConfigError(f"publish.{config.name}", "git is not installed", "install it")
    return _Branch(config, around)


class _Branch:
    def __init__(self, config: GitTarget, around: Surroundings) -> None:
        self.name = config.name
        self._where = f"publish.{config.name} ({config.branch} of {_shown(config.remote)})"
        self._remote = _remote(config, around.folder)
        self._folder = config.folder.strip("/")
        self._author = config.author
        self._message = config.message
        self._timeout = config.timeout
        self._clone = Clone(around.work / "clone.git", around.environ, config.timeout)
        self._ref = f"refs/heads/{config.branch}"

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Commit and push all of it, or nothing; then tell `done` of each file."""
        try:
            self._publish_mending(transfer)
        except TimeoutError as error:
            what, cure = f"git did not end in {self._timeout:g} seconds", "set a longer timeout"
            raise DeliveryError(self._where, what, cure, transient=True) from error
        except OSError as error:
            what = f"{error.filename or 'git'} cannot be used ({error.strerror})"
            cure = "set [state] path to a folder that you may write to"
            raise DeliveryError(self._where, what, cure, transient=True) from error
        for file in transfer.send:
            done(file.path, file.digest)
        for path in transfer.remove:
            done(path, None)

    def _publish_mending(self, transfer: Transfer) -> None:
        try:
            self._publish(transfer)
        except Broken:
            self._clone.forget()
            try:
                self._publish(transfer)
            except Broken as error:
                cure = "see what git says"
                raise DeliveryError(self._where, str(error), cure, transient=True) from error

    def _publish(self, transfer: Transfer) -> None:
        """Return when the tip of the remote's branch is seen to hold what it should."""
        for _ in range(TRIES):
            tip = self._fetch()
            changes = self._changes(transfer, tip)
            if not changes:
                return
            commit = self._commit(transfer, changes, tip)
            refusal = self._push(commit)
            now = self._tip()
            if now == commit:
                self._clone("update-ref", _BASE, commit)
                self._clone.tidy()
                return
            if refusal and now == tip:
                raise DeliveryError(self._where, refusal, _BRANCH_CURE)
        raise DeliveryError(
            self._where,
            f"the branch moved {TRIES} times while it was published to",
            "see who else pushes to it all the time",
            transient=True,
        )

    def _tip(self) -> str:
        """The commit that the remote's branch is at; "" where there is no such branch yet."""
        outcome = self._clone.outside("ls-remote", "--", self._remote, self._ref)
        if outcome.code:
            raise self._unreachable(outcome)
        listed = (line.split("\t") for line in outcome.output.decode().splitlines())
        return next((commit for commit, ref in listed if ref == self._ref), "")

    def _unreachable(self, outcome: Outcome) -> DeliveryError:
        words = self._clone.words(outcome)
        cure = next((cure for pattern, cure in _CURES if re.search(pattern, words)), "")
        passing = "see that the remote can be reached from here"
        return DeliveryError(
            self._where, f"cannot be read: {words}", cure or passing, transient=not cure
        )

    def _fetch(self) -> str:
        """Have the branch's tip, and nothing of its past, in our clone."""
        tip = self._tip()
        self._clone.prepare(tip)
        known = self._clone.outcome("rev-parse", "--verify", "--quiet", _BASE)
        if not tip or known.output.decode().strip() == tip:
            return tip
        options = ("--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head")
        self._clone("fetch", *options, "--", self._remote, f"+{self._ref}:{_BASE}")
        return self._clone("rev-parse", "--verify", _BASE).decode().strip()

    def _changes(self, transfer: Transfer, tip: str) -> list[_Change]:
        """What differs from the branch as it is at `tip`: what goes first, it may make room."""
        entries = self._entries(tip)
        gone = [path for path in transfer.remove if self._may_remove(transfer, path, entries)]
        changes = [_Change(self._at(path)) for path in gone]
        left = entries.keys() - {change.path for change in changes}
        folders = {str(folder) for path in left for folder in PurePosixPath(path).parents}
        for file in transfer.send:
            path = self._at(file.path)
            self._refuse_clash(path, left, folders)
            if not _is_same(entries.get(path), content(transfer.root, file)):
                changes.append(_Change(path, file, new=path not in entries))
        return changes

    def _entries(self, tip: str) -> dict[str, _Entry]:
        if not tip:
            return {}
        listing = self._clone("ls-tree", "-r", "-z", "--full-tree", tip, kept=LISTING)
        if len(listing) >= LISTING:
            raise DeliveryError(
                self._where, "the branch holds too many files", "use another branch"
            )
        rows = (row.split("\t", 1) for row in _text(listing).split("\0") if row)
        return {path: _Entry(head.split()[0], head.split()[2]) for head, path in rows}

    def _at(self, path: str) -> str:
        """Where a file of the output folder is in the branch."""
        if not is_git_path(path):
            raise DeliveryError(self._where, f"git takes no file called {path!r}", "rename it")
        return f"{self._folder}/{path}" if self._folder else path

    def _refuse_clash(self, path: str, files: set[str], folders: set[str]) -> None:
        above = {str(folder) for folder in PurePosixPath(path).parents}
        if path in folders or not above.isdisjoint(files):
            raise DeliveryError(
                self._where,
                f"{path} cannot be put there: a file stands where a folder goes, or the reverse",
                "move it away on the branch, or set another folder",
            )

    def _may_remove(self, transfer: Transfer, path: str, entries: Mapping[str, _Entry]) -> bool:
        entry = entries.get(self._at(path))
        if entry is None or entry.mode not in (_FILE, _PROGRAM):
            return False
        data = self._clone("cat-file", "blob", entry.id, kept=LISTING)
        return transfer.is_ours(path, hashlib.sha256(data).hexdigest())

    def _commit(self, transfer: Transfer, changes: list[_Change], tip: str) -> str:
        with tempfile.TemporaryFile() as stream:
            stream.writelines(self._stream(transfer, changes, tip))
            stream.seek(0)
            self._clone("fast-import", "--quiet", "--force", "--date-format=now", stdin=stream)
        return self._clone("rev-parse", "--verify", _NEXT).decode().strip()

    def _stream(self, transfer: Transfer, changes: list[_Change], tip: str) -> Iterator[bytes]:
        """For git fast-import: a commit on top of `tip`, the first of its branch without one."""
        yield f"commit {_NEXT}\ncommitter {self._author} now\n".encode()
        yield from _data(f"{self._message}\n\n{_counts(changes)}\n".encode())
        if tip:
            yield f"from {tip}\n".encode()
        for change in changes:
            if change.file is None:
                yield b"D %s\n" % _quoted(change.path)
            else:
                yield b"M %s inline %s\n" % (_FILE.encode(), _quoted(change.path))
                yield from _data(content(transfer.root, change.file))

    def _push(self, commit: str) -> str:
        """Why the remote refused; "" where it took the commit. Never forced."""
        arguments = ("--porcelain", "--no-verify", "--", self._remote, f"{commit}:{self._ref}")
        outcome = self._clone.outcome("push", *arguments)
        if not outcome.code:
            return ""
        refused = _REFUSED.search(_text(outcome.output))
        if refused is None:
            raise Broken(f"git push failed: {self._clone.words(outcome)}")
        return f"the push was refused: {heard(refused[1])} ({self._clone.words(outcome)})"


def _remote(config: GitTarget, folder: Path) -> str:
    """Return what git is given: an address, or the path of a folder. Raises ConfigError."""
    remote = config.remote
    if "://" in remote or SSH_REMOTE.fullmatch(remote):
        return remote
    return str(located(remote, folder, f"publish.{config.name}.remote"))


def _shown(remote: str) -> str:
    """Return the remote without what stands before the host: some put a token there."""
    return re.sub(r"(?<=://)[^/@]*@", "", remote)


def _is_same(entry: _Entry | None, data: bytes) -> bool:
    if entry is None or entry.mode not in (_FILE, _PROGRAM):
        return False
    made = hashlib.new("sha1" if len(entry.id) == 40 else "sha256", usedforsecurity=False)
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest() == entry.id


def _counts(changes: list[_Change]) -> str:
    removed = sum(change.file is None for change in changes)
    added = sum(change.new for change in changes)
    changed = len(changes) - added - removed
    counts = ((added, "added"), (changed, "changed"), (removed, "removed"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _data(data: bytes) -> Iterator[bytes]:
    yield b"data %d\n" % len(data)
    yield data
    yield b"\n"


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"%s"' % escaped.encode("utf-8", "surrogateescape")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
