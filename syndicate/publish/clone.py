"""The program git, run on a bare clone of our own.

The user's git configuration decides how to reach a remote and log in; hooks, signing and the like
are switched off. git never asks on a terminal, and may only use paths, https and ssh.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from syndicate.publish.run_program import KEPT, Outcome, last_lines, run
from syndicate.state.private import make_folder
from syndicate.text.peers import in_environment

__all__ = ["Broken", "Clone"]

_SETTINGS = (
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "credential.interactive=false",
    "fetch.recurseSubmodules=no",
    "fetch.writeCommitGraph=false",
    "gc.auto=6700",
    "gc.autoDetach=false",
    "maintenance.autoDetach=false",
    "push.followTags=false",
    "push.gpgSign=false",
    "push.recurseSubmodules=no",
    "transfer.credentialsInUrl=die",
)
_OPTIONS = tuple(word for setting in _SETTINGS for word in ("-c", setting))
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file:https:ssh",
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "SSH_ASKPASS_REQUIRE": "never",
    "LC_ALL": "C",
}
_THEIRS = re.compile(r"GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|CONFIG_\w+|EXEC_PATH)")
"""Variables of git for reaching a remote and logging in; all others are removed."""


class Broken(Exception):
    """Raised if git fails for a reason that lies in our own clone."""


class Clone:
    """Bare repository at `folder`. All of its contents can be fetched again.

    A single git command may take `timeout` seconds. Methods raise TimeoutError and OSError;
    methods that return no Outcome also raise Broken.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str], timeout: float) -> None:
        kept = {
            name: value
            for name, value in environ.items()
            if not name.startswith("GIT_") or _THEIRS.fullmatch(name)
        }
        self._folder = folder
        self._environ = {**kept, **_ENVIRONMENT}
        self._secrets = in_environment(environ)
        self._timeout = timeout

    def prepare(self, tip: str) -> None:
        """Create the repository if it is missing or has another hash function than `tip`."""
        wanted = "sha256" if len(tip) == 64 else "sha1"
        make_folder(self._folder.parent)
        present = self.outcome("rev-parse", "--show-object-format")
        if present.code or (tip and present.output.decode().strip() != wanted):
            self.forget()
            self("init", "--quiet", "--bare", "--template=", f"--object-format={wanted}")

    def forget(self) -> None:
        """Delete the repository."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._folder)

    def tidy(self) -> None:
        """Pack the repository if it holds many loose objects."""
        with suppress(TimeoutError):
            self.outcome("gc", "--auto", "--quiet")

    def __call__(
        self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL, kept: int = KEPT
    ) -> bytes:
        """Run git in this repository and return its output. Raises Broken if git fails."""
        outcome = self.outcome(*arguments, stdin=stdin, kept=kept)
        if outcome.code:
            raise Broken(f"git {arguments[0]} failed: {self.words(outcome)}")
        return outcome.output

    def outcome(
        self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL, kept: int = KEPT
    ) -> Outcome:
        """Run git in this repository and return its Outcome, whether or not it fails."""
        return self._run(str(self._folder), arguments, stdin, kept)

    def outside(self, *arguments: str) -> Outcome:
        """Run git without a repository, since a broken one would make it fail."""
        make_folder(self._folder.parent)
        return self._run(os.devnull, arguments, subprocess.DEVNULL, KEPT)

    def words(self, outcome: Outcome) -> str:
        """Return git's own error message without secrets."""
        return last_lines(outcome.errors, self._secrets) or f"exit code {outcome.code}"

    def _run(
        self, repository: str, arguments: tuple[str, ...], stdin: IO[bytes] | int, kept: int
    ) -> Outcome:
        return run(
            ("git", f"--git-dir={repository}", *_OPTIONS, *arguments),
            folder=self._folder.parent,
            environ=self._environ,
            timeout=self._timeout,
            stdin=stdin,
            kept=kept,
        )
