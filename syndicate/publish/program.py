"""Other programs, run within bounds of time and of what is kept of their words.

No shell reads their arguments, no terminal is there to ask on, and one that does not end in time
is ended with all that it has started.
"""

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from msgspec import Struct

__all__ = ["Outcome", "run", "said"]

GRACE = 2.0
"""Seconds between asking a program to end and ending it."""
REST = 0.5
"""Seconds for what is still in the pipes when a program has ended."""
KEPT = 64 * 1024
"""Bytes kept of each stream, the last ones, unless the caller wants more."""
LINES, WIDTH = 12, 300
_SECRET = re.compile(
    r"TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH|COOKIE|SAS|DSN|CONFIG_VALUE", re.IGNORECASE
)
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
_UNPRINTABLE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


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


def said(words: bytes, environ: Mapping[str, str]) -> str:
    """The last lines of what a program wrote, fit for a line in a log: bounded, without secrets.

    A secret is the value of a variable in `environ` that is called like one, and what stands before
    the host in an address.
    """
    text = words.decode("utf-8", "replace")
    for value in sorted(_secrets(environ), key=len, reverse=True):
        text = text.replace(value, "***")
    lines = _UNPRINTABLE.sub("", _USERINFO.sub("", text).replace("\r", "\n")).splitlines()
    last = [line.strip()[:WIDTH] for line in lines if line.strip()][-LINES:]
    return " | ".join(last)


def _secrets(environ: Mapping[str, str]) -> set[str]:
    """Short values are left: masking each "1" would tell more than it hides."""
    named = {value for name, value in environ.items() if _SECRET.search(name)}
    return {line for value in named for line in value.splitlines() if len(line) >= 6}


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
