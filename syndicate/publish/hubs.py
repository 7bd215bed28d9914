"""Notification of WebSub hubs: one ping per hub, feed and new content of the feed.

The W3C Recommendation (section 6) leaves the form of a ping open. All hubs in use accept a
form-encoded POST of ``hub.mode=publish`` with the feed's address as ``hub.url`` or ``hub.topic``;
we send both. An accepted ping is recorded as one line in the state folder. A rejected ping is
repeated by the next run, and an accepted one never, except if the program was killed before it
was recorded.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import IO
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from syndicate import net as http
from syndicate.errors import StateError
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.files.write import open_to_append
from syndicate.state.private import FILE_MODE, replace_file

__all__ = ["FILE_NAME", "Ping", "notify", "pending_pings"]

FILE_NAME = "hubs.jsonl"
AT_ONCE = 4
"""Pings that are sent in parallel."""
WAITS = (1.0, 5.0)
"""Seconds before the second and the third attempt of a ping."""
PATIENCE = 10.0
"""Longest Retry-After in seconds that a run waits for; a longer one is left to the next run."""
TIMEOUT = 15.0


class Ping(Struct, frozen=True):
    """Result of telling `hub` that the content of `feed` now has `digest`.

    `problem` is empty if the hub accepted the ping. A `transient` problem may be retried, after
    `retry_after` seconds if set.
    """

    hub: str
    feed: str
    digest: str
    problem: str = ""
    transient: bool = False
    retry_after: float | None = None


class _Accepted(Struct, frozen=True, array_like=True):
    hub: str
    feed: str
    digest: str


def pending_pings(
    hubs: Iterable[str], feeds: Mapping[str, str], *, state: Path
) -> tuple[Ping, ...]:
    """Return the pings that `notify` would send. Raises StateError."""
    accepted = _recall(state)
    return tuple(
        Ping(hub, feed, digest)
        for feed, digest in feeds.items()
        for hub in dict.fromkeys(hubs)
        if accepted.get((hub, feed)) != digest
    )


def notify(
    hubs: Sequence[str],
    feeds: Mapping[str, str],
    *,
    state: Path,
    send: http.Send = http.send,
    sleep: Callable[[float], object] = time.sleep,
    waits: Sequence[float] = WAITS,
) -> tuple[Ping, ...]:
    """Send the pings that `hubs` have not accepted yet, and return their results.

    `feeds` maps the address of every published feed, as in its self link, to the digest of its
    bytes. A hub that fails after all `waits` gets no more pings in this run; this takes at most a
    minute and a half. Raises StateError, and any exception of `sleep`.
    """
    pings = pending_pings(hubs, feeds, state=state)
    if not pings:
        return ()
    _compact(state, hubs, feeds)
    down: dict[str, Ping] = {}
    with _Journal(state) as journal, ThreadPoolExecutor(AT_ONCE) as pool:

        def try_ping(ping: Ping) -> Ping:
            result = _try_repeatedly(ping, down, send, sleep, waits)
            if not result.problem:
                journal.add(_Accepted(ping.hub, ping.feed, ping.digest))
            return result

        return tuple(pool.map(try_ping, pings))


def _try_repeatedly(
    ping: Ping,
    down: dict[str, Ping],
    send: http.Send,
    sleep: Callable[[float], object],
    waits: Sequence[float],
) -> Ping:
    """Send the ping up to three times. A hub that fails all attempts is added to `down`."""
    for wait in (*waits, None):
        if ping.hub in down:
            break
        result = _attempt(ping, send)
        if not result.transient:
            return result
        pause = max(wait or 0.0, result.retry_after or 0.0)
        if wait is None or pause > PATIENCE:
            down.setdefault(ping.hub, result)
            break
        sleep(pause)
    reason = down[ping.hub]
    return msgspec.structs.replace(
        ping, problem=reason.problem, transient=True, retry_after=reason.retry_after
    )


def _attempt(ping: Ping, send: http.Send) -> Ping:
    form = (("hub.mode", "publish"), ("hub.url", ping.feed), ("hub.topic", ping.feed))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    try:
        answer = send(
            ping.hub,
            urlencode(form).encode("ascii"),
            headers=headers,
            timeout=TIMEOUT,
            private="first",
        )
    except http.HttpError as error:
        return msgspec.structs.replace(
            ping, problem=str(error), transient=error.transient, retry_after=error.retry_after
        )
    if answer.status // 100 == 2:
        return ping
    return msgspec.structs.replace(
        ping,
        problem=_refusal(ping.hub, answer),
        transient=http.is_transient(answer.status),
        retry_after=answer.retry_after,
    )


def _refusal(hub: str, answer: http.Answer) -> str:
    detail = f": {answer.text}" if answer.text else ""
    if answer.status // 100 == 3:
        detail = f"; set its new address, {answer.location}, in [feeds] hubs"
    return f"{http.shown(hub)}: answers {answer.status}{detail}"


class _Journal:
    """Append-only file of accepted pings. `add` is thread-safe."""

    def __init__(self, state: Path) -> None:
        self._file = state / FILE_NAME
        self._lock = Lock()
        self._stream: IO[bytes]

    def __enter__(self) -> "_Journal":
        try:
            self._stream = open_to_append(self._file, FILE_MODE)
        except OSError as error:
            raise _unwritable(self._file, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def add(self, accepted: _Accepted) -> None:
        try:
            with self._lock:
                self._stream.write(msgspec.json.encode(accepted) + b"\n")
                self._stream.flush()
        except OSError as error:
            raise _unwritable(self._file, error) from error


def _recall(state: Path) -> dict[tuple[str, str], str]:
    """Return the digest of the last accepted ping by hub and feed."""
    file = state / FILE_NAME
    try:
        data = read_own(file, OWN_BYTES)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StateError(str(file), f"cannot be read ({error.strerror})") from error
    whole = data[: data.rfind(b"\n") + 1]  # a killed program may have left half a line
    try:
        lines = [msgspec.json.decode(line, type=_Accepted) for line in whole.splitlines()]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        cure = "delete it; the hubs are then notified of every feed once more"
        raise StateError(str(file), f"is damaged ({error})", cure) from error
    return {(line.hub, line.feed): line.digest for line in lines}


def _compact(state: Path, hubs: Iterable[str], feeds: Mapping[str, str]) -> None:
    """Rewrite the journal without removed hubs and feeds, so that it stays small."""
    file = state / FILE_NAME
    known = set(hubs)
    kept = [
        msgspec.json.encode(_Accepted(hub, feed, digest)) + b"\n"
        for (hub, feed), digest in _recall(state).items()
        if hub in known and feed in feeds
    ]
    try:
        replace_file(file, b"".join(kept))
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> StateError:
    return StateError(
        str(error.filename or file),
        f"cannot be written ({error.strerror})",
        "set [state] path to a folder that you may write to",
    )
