"""Target that runs a program of the user's, and passes it the list of changes.

The program runs in the output folder, without a shell, with one JSON object on standard input:

    {"target": NAME, "site": URL, "folder": OUTPUT FOLDER,
     "changed": [{"path", "size", "type", "sha256"}, …], "removed": [PATH, …]}

SYNDICATE_TARGET, SYNDICATE_SITE and SYNDICATE_OUTPUT hold the same name, address and folder. Exit
code 0 means that all changes are delivered.
"""

import tempfile
from pathlib import Path

import msgspec

from syndicate.config.targets import CommandTarget
from syndicate.errors import DeliveryError
from syndicate.publish.run_program import Outcome, last_lines, run
from syndicate.publish.target import Done, Target, TargetContext, Transfer, resolved_path
from syndicate.text.peers import in_arguments, in_environment

__all__ = ["open_target"]


def open_target(config: CommandTarget, context: TargetContext) -> Target:
    """Return the target of `config`. The program is first looked up when it is run."""
    return _Command(config, context)


class _Command:
    def __init__(self, config: CommandTarget, context: TargetContext) -> None:
        self.name = config.name
        self._where = f"publish.{config.name} ({config.command[0]})"
        self._command = (_program(config, context.folder), *config.command[1:])
        self._timeout = config.timeout
        self._around = context
        self._secrets = in_environment(context.environ) | in_arguments(config.command)

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Run the command once for all files; confirm them if its exit code is 0."""
        outcome = self._run(transfer)
        if outcome.code:
            words = last_lines(outcome.errors or outcome.output, self._secrets)
            what = f"{_ended(outcome.code)}: {words}" if words else _ended(outcome.code)
            raise DeliveryError(self._where, what, "run the command by hand to find the cause")
        for file in transfer.send:
            done(file.path, file.digest)
        for path in transfer.remove:
            done(path, None)

    def _run(self, transfer: Transfer) -> Outcome:
        environ = {
            **self._around.environ,
            "SYNDICATE_TARGET": self.name,
            "SYNDICATE_SITE": self._around.site,
            "SYNDICATE_OUTPUT": str(transfer.root.absolute()),
        }
        try:
            with tempfile.TemporaryFile() as changes:
                changes.write(self._changes(transfer))
                changes.seek(0)
                return run(
                    self._command,
                    folder=transfer.root,
                    environ=environ,
                    timeout=self._timeout,
                    stdin=changes,
                )
        except TimeoutError as error:
            what = f"did not end within {self._timeout:g} seconds and was killed"
            raise DeliveryError(
                self._where, what, "set a longer timeout", transient=True
            ) from error
        except (OSError, ValueError) as error:
            what = f"cannot be run ({getattr(error, 'strerror', None) or error})"
            cure = "set command to a program in PATH, or to a path from the folder of config.toml"
            raise DeliveryError(self._where, what, cure) from error

    def _changes(self, transfer: Transfer) -> bytes:
        changed = [
            {"path": file.path, "size": file.size, "type": file.type, "sha256": file.digest}
            for file in transfer.send
        ]
        return msgspec.json.encode(
            {
                "target": self.name,
                "site": self._around.site,
                "folder": str(transfer.root.absolute()),
                "changed": changed,
                "removed": transfer.remove,
            }
        )


def _program(config: CommandTarget, folder: Path) -> str:
    """Return the program: a name in PATH, or a path relative to the folder of config.toml."""
    name = config.command[0]
    if "/" not in name:
        return name
    return str(resolved_path(name, folder, f"publish.{config.name}.command").absolute())


def _ended(code: int) -> str:
    return f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
