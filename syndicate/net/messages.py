"""Data of requests and replies, and HttpError."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Literal, Protocol

from msgspec import Struct

from syndicate.errors import HttpError

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
"""Permission to reach private, loopback and link-local addresses: "never" for addresses from posts;
"first" for configured addresses, which excludes redirects; "always" if the user allows it."""
Resolver = Callable[[str, int], Sequence[str]]
"""Returns the IP addresses of a host and port. Raises OSError if there are none."""


class Fetched(Struct, frozen=True):
    """Fetched file. `data` is empty for status 304. `url` is the address after redirects.

    `type` is the media type in lower case, without parameters.
    """

    data: bytes
    url: str
    type: str
    status: int
    etag: str = ""
    last_modified: str = ""


class Answer(Struct, frozen=True):
    """Answer of a server to `send`. `headers` have lower-case names and unchanged values.

    `text` is the beginning of the body, `location` the target of a redirect. Both are safe to show:
    secrets of the request's address and headers are masked.
    """

    status: int
    headers: dict[str, str]
    retry_after: float | None = None
    text: str = ""
    location: str = ""


class Send(Protocol):
    """Type of `send`, for injection."""

    def __call__(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        timeout: float,
        private: Private,
    ) -> Answer:
        """Post `body` to `url`; see `send`."""
        ...


class Request(Struct, frozen=True):
    """Request and its limits. `end` is the deadline in seconds of `monotonic`."""

    method: Literal["GET", "POST"]
    headers: dict[str, str]
    max_bytes: int
    timeout: float
    end: float
    private: Private
    resolve: Resolver
    body: bytes | None = None


class Place(Struct, frozen=True):
    """Parts of an address. `url` has no user and password; `login` holds them.

    `host` has no brackets; `path` includes the query string.
    """

    url: str
    scheme: str
    host: str
    port: int
    path: str
    authority: str
    login: str


class Reply(Struct, frozen=True):
    """Reply of `peer`, an IP address and port. `headers` have lower-case names."""

    url: str
    status: int
    headers: dict[str, str]
    data: bytes
    peer: tuple[str, int]


def seconds_left(request: Request) -> float:
    """Return the seconds until the deadline. Raises TimeoutError after it."""
    left = request.end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
