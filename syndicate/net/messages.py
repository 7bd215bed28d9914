"""What is asked, what comes back, and what goes wrong: plain data and one exception."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Literal, Protocol

from msgspec import Struct

from syndicate.errors import SyndicateError

__all__ = [
    "Answer",
    "Fetched",
    "HttpError",
    "Place",
    "Private",
    "Reply",
    "Request",
    "Resolver",
    "Send",
    "seconds_left",
]

Private = Literal["never", "first", "always"]
"""Whether a private, loopback or link-local address may be reached: never (for addresses that
come from posts), only by the address given itself and not by a redirect (for addresses that the
user configured), or always (where the user says so)."""
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port -> IP addresses. Raises OSError where there are none."""


class HttpError(SyndicateError):
    """No answer, or not the one that was wanted.

    `status` is 0 where there was no answer. `transient`: the same request may succeed later, and
    not before `retry_after` seconds where the server says so.
    """

    def __init__(
        self,
        where: str,
        what: str,
        cure: str = "",
        status: int = 0,
        transient: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(where, what, cure)
        self.args = (where, what, cure, status, transient, retry_after)
        self.status = status
        self.transient = transient
        self.retry_after = retry_after


class Fetched(Struct, frozen=True):
    """What was got: `status` 304 has no data. `url` is where it came from in the end.

    `type` is the media type in lower case, without parameters.
    """

    data: bytes
    url: str
    type: str
    status: int
    etag: str = ""
    last_modified: str = ""


class Answer(Struct, frozen=True):
    """Answer of a server to `send`. `headers` have lower-case names, and are as they came.

    `text` is the beginning of the body and `location` the address that a redirect leads to, both
    fit to be shown: without what is secret in the address and the headers that were sent.
    """

    status: int
    headers: dict[str, str]
    retry_after: float | None = None
    text: str = ""
    location: str = ""


class Send(Protocol):
    """What `send` is to those who are handed it."""

    def __call__(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        timeout: float,
        private: Private,
    ) -> Answer:
        """See `send`."""
        ...


class Request(Struct, frozen=True):
    """What is asked, within which bounds. `end` is when `timeout` is over, by `monotonic`."""

    method: Literal["GET", "POST"]
    headers: dict[str, str]
    max_bytes: int
    timeout: float
    end: float
    private: Private
    resolve: Resolver
    body: bytes | None = None


class Place(Struct, frozen=True):
    """An address taken apart: `url` without user and password, which are `login`.

    `host` has no brackets, `path` has the query string.
    """

    url: str
    scheme: str
    host: str
    port: int
    path: str
    authority: str
    login: str


class Reply(Struct, frozen=True):
    """What came back from `peer`, an IP address and a port. `headers` have lower-case names."""

    url: str
    status: int
    headers: dict[str, str]
    data: bytes
    peer: tuple[str, int]


def seconds_left(request: Request) -> float:
    """Seconds that are left. Raises TimeoutError where none are."""
    left = request.end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
