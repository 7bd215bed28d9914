"""Running of other programs, bounded in time and in the size of their output.

A program gets no shell and no terminal. If it does not end in time, it is killed together with
its child processes.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from msgspec import Struct

from syndicate.text.peers import LONGEST, Secrets, hidden, legible

__all__ = ["Outcome", "last_lines", "run"]

GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL."""
DRAIN = 0.5
"""Seconds to read the rest of the pipes after a program has ended."""
KEPT = 64 * 1024
"""Bytes kept from the end of a stream by default."""
LINES = 12
LAST = 8 * 1024
"""Bytes at the end of an output that `last_lines` reads."""


class Outcome(Struct, frozen=True):
    """Exit code of a program (negative: its signal), and the end of its output."""

    code: int
    output: bytes
    errors: bytes


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    environ: Mapping[str, str],
    timeout: float,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    kept: int = KEPT,
) -> Outcome:
    """Run the program `arguments[0]` in `folder` until it ends, at most `timeout` seconds.

    Raises TimeoutError after killing its process group, and OSError if it cannot be started.
    Background processes of a program that ends in time keep running.
    """
    process = subprocess.Popen(  # noqa: S603  the caller's own arguments, no shell
        arguments,
        cwd=folder,
        env=dict(environ),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    output, errors = bytearray(), bytearray()
    readers = [_reading(process.stdout, output, kept), _reading(process.stderr, errors, kept)]
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"still running after {timeout:g} seconds") from None
    finally:
        if process.returncode is None:
            _end(process)
        for reader in readers:
            reader.join(DRAIN)  # a background process may keep the pipe open forever
    return Outcome(code, bytes(output), bytes(errors))


def last_lines(output: bytes, secrets: Secrets) -> str:
    """Return the last lines of a program's output as one bounded line without `secrets`."""
    text = output[-LAST:].decode("utf-8", "replace").replace("\r", "\n")
    lines = (legible(line) for line in text.splitlines())
    last = hidden(" | ".join([line for line in lines if line][-LINES:]), secrets)
    return last if len(last) <= LONGEST else "…" + last[1 - LONGEST :]


def _reading(pipe: IO[bytes] | None, into: bytearray, kept: int) -> Thread:
    reader = Thread(target=_read, args=(pipe, into, kept), daemon=True)
    reader.start()
    return reader


def _read(pipe: IO[bytes], into: bytearray, kept: int) -> None:
    """Read the pipe to its end, since a program with a full pipe would block."""
    with pipe:
        while chunk := os.read(pipe.fileno(), 65_536):
            into += chunk
            del into[:-kept]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process group: SIGTERM first, so that the program can release its locks."""
    _signal(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
