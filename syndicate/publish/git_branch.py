"""Reading and pushing of a remote branch through our own clone."""

import re
from typing import NamedTuple

from msgspec import Struct

from syndicate.config.target_faults import GIT_REMOTE_CURE
from syndicate.errors import DeliveryError
from syndicate.publish.clone import Broken, Clone
from syndicate.publish.run_program import Outcome
from syndicate.text.peers import heard

__all__ = ["BASE", "LISTING", "NEXT", "Branch", "Entry", "entries_at", "fetch", "push", "shown",
           "tip_of"]  # fmt: skip

LISTING = 256 * 1024 * 1024
"""Longest list of a branch's files in bytes: about two million files."""
BASE, NEXT = "refs/syndicate/base", "refs/syndicate/next"
"""Names in our clone of the branch's last fetched commit, and of our new commit."""
_REFUSED = re.compile(r"^!\t[^\t]*\t(.*)", re.MULTILINE)
_ACCESS = "give this user access: an SSH key or agent, or a git credential helper"
_CURES = (
    (r"uthentication failed|could not read (?:User|Pass)|Permission denied|error: 40[13]", _ACCESS),
    (r"Host key verification failed", "check the host's key and add it to known_hosts"),
    (r"dubious ownership", "git config --global --add safe.directory REPOSITORY, as this user"),
    (r"not appear to be a git|does not exist|not found", "set remote to a repository that exists"),
    (r"credentials in url|plaintext credentials", "remove the password from the address"),
    (r"transport .* not allowed", GIT_REMOTE_CURE),
)
"""Cures of git's lasting errors. All other errors count as transient (network, busy server)."""


class Branch(Struct, frozen=True):
    """Remote branch: its name for messages, the remote's address, its ref, and our clone."""

    where: str
    remote: str
    ref: str
    clone: Clone


class Entry(NamedTuple):
    """Mode and object id of a file in the branch."""

    mode: str
    id: str

    @property
    def is_file(self) -> bool:
        """Return whether the entry is a regular file, not a link or a submodule."""
        return self.mode in ("100644", "100755")


def tip_of(branch: Branch) -> str:
    """Return the id of the remote branch's latest commit; "" if the branch does not exist."""
    outcome = branch.clone.outside("ls-remote", "--", branch.remote, branch.ref)
    if outcome.code:
        raise _unreachable(branch, outcome)
    listed = (line.split("\t") for line in outcome.output.decode().splitlines())
    return next((commit for commit, ref in listed if ref == branch.ref), "")


def fetch(branch: Branch) -> str:
    """Fetch the branch's latest commit without its history, and return its id."""
    clone, tip = branch.clone, tip_of(branch)
    clone.prepare(tip)
    known = clone.outcome("rev-parse", "--verify", "--quiet", BASE)
    if not tip or known.output.decode().strip() == tip:
        return tip
    options = ("--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head")
    clone("fetch", *options, "--", branch.remote, f"+{branch.ref}:{BASE}")
    return clone("rev-parse", "--verify", BASE).decode().strip()


def entries_at(branch: Branch, tip: str) -> dict[str, Entry]:
    """Return the entries of the commit `tip` by their paths; none for ""."""
    if not tip:
        return {}
    listing = branch.clone("ls-tree", "-r", "-z", "--full-tree", tip, kept=LISTING)
    if len(listing) >= LISTING:
        raise DeliveryError(branch.where, "the branch has too many files", "use another branch")
    rows = (row.split("\t", 1) for row in _text(listing).split("\0") if row)
    return {path: Entry(head.split()[0], head.split()[2]) for head, path in rows}


def push(branch: Branch, commit: str) -> str:
    """Push `commit` without force. Return the reason of a rejection, or "" after a success."""
    arguments = ("--porcelain", "--no-verify", "--", branch.remote, f"{commit}:{branch.ref}")
    outcome = branch.clone.outcome("push", *arguments)
    if not outcome.code:
        return ""
    refused = _REFUSED.search(_text(outcome.output))
    if refused is None:
        raise Broken(f"git push failed: {branch.clone.words(outcome)}")
    return f"the push was rejected: {heard(refused[1])} ({branch.clone.words(outcome)})"


def shown(remote: str) -> str:
    """Return the remote without its user name, which may be a token."""
    return re.sub(r"(?<=://)[^/@]*@", "", remote)


def _unreachable(branch: Branch, outcome: Outcome) -> DeliveryError:
    words = branch.clone.words(outcome)
    cure = next((cure for pattern, cure in _CURES if re.search(pattern, words)), "")
    passing = "check that the remote can be reached from here"
    return DeliveryError(
        branch.where, f"cannot be read: {words}", cure or passing, transient=not cure
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
