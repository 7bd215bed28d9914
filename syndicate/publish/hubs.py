"""WebSub hubs are told which feeds have new bytes, once for each hub, feed and bytes.

The W3C Recommendation leaves to publisher and hub how that is said (section 6); every hub in use
takes a form-encoded POST of ``hub.mode=publish`` with the feed's address as ``hub.url``, some as
``hub.topic``: both are sent. What each hub was told lies in the state folder, one line each,
written when the hub has said yes. So a ping that failed is repeated by the next run, and one that
did not is never sent again; save one that was under way when the program was killed.
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

__all__ = ["FILE_NAME", "Ping", "notify", "untold"]

FILE_NAME = "hubs.jsonl"
AT_ONCE = 4
"""Pings that are under way at the same time."""
WAITS = (1.0, 5.0)
"""Seconds before the second and the third attempt of a ping."""
PATIENCE = 10.0
"""The longest Retry-After, in seconds, that is waited for here and not left to the next run."""
TIMEOUT = 15.0


class Ping(Struct, frozen=True):
    """What came of telling `hub` that `feed` has the bytes of `digest`.

    `problem` is empty where it said yes. `transient`: it may say yes later, and not before
    `retry_after` seconds where it says so.
    """

    hub: str
    feed: str
    digest: str
    problem: str = ""
    transient: bool = False
    retry_after: float | None = None


class _Told(Struct, frozen=True, array_like=True):
    hub: str
    feed: str
    digest: str


def untold(hubs: Iterable[str], feeds: Mapping[str, str], *, state: Path) -> tuple[Ping, ...]:
    """The pings that `notify` would send. Raises StateError."""
    told = _recall(state)
    return tuple(
        Ping(hub, feed, digest)
        for feed, digest in feeds.items()
        for hub in dict.fromkeys(hubs)
        if told.get((hub, feed)) != digest
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
    """Tell each of `hubs` what it does not know of `feeds`, and return what was tried.

    `feeds` is all that is published now: each feed's own address, as its self link has it, and the
    digest of its bytes. A hub that cannot be reached after all `waits` is left alone until the next
    run. Returns within a minute and a half for a hub that is down. Raises StateError, and what
    `sleep` raises to end it early.
    """
    pings = untold(hubs, feeds, state=state)
    if not pings:
        return ()
    _compact(state, hubs, feeds)
    down: dict[str, Ping] = {}
    with _Journal(state) as journal, ThreadPoolExecutor(AT_ONCE) as pool:

        def tell(ping: Ping) -> Ping:
            result = _tell(ping, down, send, sleep, waits)
            if not result.problem:
                journal.add(_Told(ping.hub, ping.feed, ping.digest))
            return result

        return tuple(pool.map(tell, pings))


def _tell(
    ping: Ping,
    down: dict[str, Ping],
    send: http.Send,
    sleep: Callable[[float], object],
    waits: Sequence[float],
) -> Ping:
    """`ping` after as many attempts as it takes. A hub that fails them all is noted in `down`."""
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
    said = f": {answer.text}" if answer.text else ""
    if answer.status // 100 == 3:
        said = f"; put its new address, {answer.location}, into [feeds] hubs"
    return f"{http.shown(hub)}: answers {answer.status}{said}"


class _Journal:
    """Lines added one by one, from any thread, each whole before the next."""

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

    def add(self, told: _Told) -> None:
        try:
            with self._lock:
                self._stream.write(msgspec.json.encode(told) + b"\n")
                self._stream.flush()
        except OSError as error:
            raise _unwritable(self._file, error) from error


def _recall(state: Path) -> dict[tuple[str, str], str]:
    """(hub, feed) -> the digest that the hub was told of last."""
    file = state / FILE_NAME
    try:
        data = read_own(file, OWN_BYTES)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StateError(str(file), f"cannot be read ({error.strerror})") from error
    whole = data[: data.rfind(b"\n") + 1]  # a killed program may have left half a line
    try:
        lines = [msgspec.json.decode(line, type=_Told) for line in whole.splitlines()]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        cure = "remove it; the hubs are then told of every feed once more"
        raise StateError(str(file), f"is damaged ({error})", cure) from error
    return {(line.hub, line.feed): line.digest for line in lines}


def _compact(state: Path, hubs: Iterable[str], feeds: Mapping[str, str]) -> None:
    """Write the journal anew with what is still of use: it does not grow for ever."""
    file = state / FILE_NAME
    known = set(hubs)
    kept = [
        msgspec.json.encode(_Told(hub, feed, digest)) + b"\n"
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
