"""git, the program, on a bare clone of our own: what is set up elsewhere does not change a byte.

Hooks, signing and the like are switched off; how to reach a remote and to log in there stays as
the user configured it. Nothing is asked on a terminal, and only paths, https and ssh are spoken.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from syndicate.publish.run_program import KEPT, Outcome, run, said
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
"""Of git's variables those that say how to reach and to log in; the rest is about other work."""


class Broken(Exception):
    """git failed at what only our own clone can be the cause of."""


class Clone:
    """A bare repository at `folder`, with nothing in it that could not be fetched again.

    Each step has `timeout` seconds. Methods raise TimeoutError, OSError, and those that do not
    return an Outcome raise Broken.
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
        """Be there, able to hold the commit `tip`, whose name's length tells the hash in use."""
        wanted = "sha256" if len(tip) == 64 else "sha1"
        make_folder(self._folder.parent)
        there = self.outcome("rev-parse", "--show-object-format")
        if there.code or (tip and there.output.decode().strip() != wanted):
            self.forget()
            self("init", "--quiet", "--bare", "--template=", f"--object-format={wanted}")

    def forget(self) -> None:
        """Begin anew."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self._folder)

    def tidy(self) -> None:
        """Pack what has come together, where it is much."""
        with suppress(TimeoutError):
            self.outcome("gc", "--auto", "--quiet")

    def __call__(
        self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL, kept: int = KEPT
    ) -> bytes:
        """What `git` writes. Raises Broken where it fails."""
        outcome = self.outcome(*arguments, stdin=stdin, kept=kept)
        if outcome.code:
            raise Broken(f"git {arguments[0]} failed: {self.words(outcome)}")
        return outcome.output

    def outcome(
        self, *arguments: str, stdin: IO[bytes] | int = subprocess.DEVNULL, kept: int = KEPT
    ) -> Outcome:
        """How `git` ends, in this repository."""
        return self._run(str(self._folder), arguments, stdin, kept)

    def outside(self, *arguments: str) -> Outcome:
        """How `git` ends where there is no repository: a broken one would be in its way."""
        make_folder(self._folder.parent)
        return self._run(os.devnull, arguments, subprocess.DEVNULL, KEPT)

    def words(self, outcome: Outcome) -> str:
        """What git says of its failure, without secrets."""
        return said(outcome.errors, self._secrets) or f"exit code {outcome.code}"

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
