"""Target that is a branch of a git repository: one commit per run, history is never rewritten.

The commit contains the files' exact bytes, without work tree or filters, on top of the branch's
latest commit; other files of the branch stay. The push is never forced. If the branch has moved
meanwhile, the commit is made again on top of the new one.
"""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from syndicate.config.target_faults import SSH_REMOTE
from syndicate.config.targets import GitTarget
from syndicate.errors import ConfigError, DeliveryError
from syndicate.publish.clone import Broken, Clone
from syndicate.publish.git_branch import BASE, NEXT, Branch, fetch, push, shown, tip_of
from syndicate.publish.git_commit import changes_of, import_stream
from syndicate.publish.target import Done, Target, TargetContext, Transfer, resolved_path

__all__ = ["open_target"]

TRIES = 5
"""Attempts of one run if others push to the branch at the same time."""
_BRANCH_CURE = "allow this user to push to the branch, or set another branch"


def open_target(config: GitTarget, context: TargetContext) -> Target:
    """Return the target of `config`. Raises ConfigError without git or for an unknown "~user"."""
    if shutil.which("git", path=context.environ.get("PATH")) is None:
        raise ConfigError(f"publish.{config.name}", "git is not installed", "install git")
    return _Git(config, context)


class _Git:
    def __init__(self, config: GitTarget, context: TargetContext) -> None:
        self.name = config.name
        self._config = config
        self._branch = Branch(
            where=f"publish.{config.name} ({config.branch} of {shown(config.remote)})",
            remote=_remote(config, context.folder),
            ref=f"refs/heads/{config.branch}",
            clone=Clone(context.work / "clone.git", context.environ, config.timeout),
        )

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Commit and push all files or none; then confirm them with `done`."""
        where = self._branch.where
        try:
            self._publish_mending(transfer)
        except TimeoutError as error:
            what = f"git did not end within {self._config.timeout:g} seconds"
            raise DeliveryError(where, what, "set a longer timeout", transient=True) from error
        except OSError as error:
            what = f"{error.filename or 'git'} cannot be used ({error.strerror})"
            cure = "set [state] path to a folder that you may write to"
            raise DeliveryError(where, what, cure, transient=True) from error
        for file in transfer.send:
            done(file.path, file.digest)
        for path in transfer.remove:
            done(path, None)

    def _publish_mending(self, transfer: Transfer) -> None:
        """Publish; if our own clone is broken, delete it and publish again."""
        try:
            self._publish(transfer)
        except Broken:
            self._branch.clone.forget()
            try:
                self._publish(transfer)
            except Broken as error:
                cure = "see git's message"
                raise DeliveryError(self._branch.where, str(error), cure, transient=True) from error

    def _publish(self, transfer: Transfer) -> None:
        """Commit and push until the remote branch holds all changes."""
        branch = self._branch
        for _ in range(TRIES):
            tip = fetch(branch)
            changes = changes_of(branch, transfer, tip, self._config.folder.strip("/"))
            if not changes:
                return
            stream = import_stream(self._config, transfer.root, changes, tip)
            commit = _commit(branch.clone, stream)
            refusal = push(branch, commit)
            now = tip_of(branch)
            if now == commit:
                branch.clone("update-ref", BASE, commit)
                branch.clone.tidy()
                return
            if refusal and now == tip:
                raise DeliveryError(branch.where, refusal, _BRANCH_CURE)
        raise DeliveryError(
            branch.where,
            f"other commits were pushed to the branch during all {TRIES} attempts",
            "find out who pushes to the branch all the time",
            transient=True,
        )


def _commit(clone: Clone, stream: Iterable[bytes]) -> str:
    with tempfile.TemporaryFile() as file:
        file.writelines(stream)
        file.seek(0)
        clone("fast-import", "--quiet", "--force", "--date-format=now", stdin=file)
    return clone("rev-parse", "--verify", NEXT).decode().strip()


def _remote(config: GitTarget, folder: Path) -> str:
    """Return the address of the remote, or the path of its folder. Raises ConfigError."""
    remote = config.remote
    if "://" in remote or SSH_REMOTE.fullmatch(remote):
        return remote
    return str(resolved_path(remote, folder, f"publish.{config.name}.remote"))
