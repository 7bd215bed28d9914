"""Other programs, run within bounds of time and of what is kept of their words.

No shell reads their arguments, no terminal is there to ask on, and one that does not end in time
is ended with all that it has started.
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

__all__ = ["Outcome", "run", "said"]

GRACE = 2.0
"""Seconds between asking a program to end and ending it."""
REST = 0.5
"""Seconds for what is still in the pipes when a program has ended."""
KEPT = 64 * 1024
"""Bytes kept of each stream, the last ones, unless the caller wants more."""
LINES = 12
LAST = 8 * 1024
"""Bytes at the end of an output that are looked at for a report."""


class Outcome(Struct, frozen=True):
    """How a program ended (below 0: by that signal), and the last of what it wrote."""

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

    Raises TimeoutError, its process group ended, and OSError where it cannot be started. What it
    leaves running in the background when it ends in time goes on.
    """
    process = subprocess.Popen(  # noqa: S603  the caller's own words, no shell
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
        raise TimeoutError(f"no end after {timeout:g} seconds") from None
    finally:
        if process.returncode is None:
            _end(process)
        for reader in readers:
            reader.join(REST)  # not for ever: what stays in the background may hold the pipe
    return Outcome(code, bytes(output), bytes(errors))


def said(words: bytes, secrets: Secrets) -> str:
    """Return the last lines of a program's output for a report: bounded, without `secrets`."""
    text = words[-LAST:].decode("utf-8", "replace").replace("\r", "\n")
    lines = (legible(line) for line in text.splitlines())
    last = hidden(" | ".join([line for line in lines if line][-LINES:]), secrets)
    return last if len(last) <= LONGEST else "…" + last[1 - LONGEST :]


def _reading(pipe: IO[bytes] | None, into: bytearray, kept: int) -> Thread:
    reader = Thread(target=_read, args=(pipe, into, kept), daemon=True)
    reader.start()
    return reader


def _read(pipe: IO[bytes], into: bytearray, kept: int) -> None:
    """Read on although nobody wants it: a program whose pipe is full stands still."""
    with pipe:
        while chunk := os.read(pipe.fileno(), 65_536):
            into += chunk
            del into[:-kept]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started: politely first, so that it can take its locks away."""
    _signal(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
