"""GET and POST requests, with redirects."""

from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing, suppress
from time import monotonic
from urllib.parse import unquote, urljoin, urlsplit

from msgspec.structs import replace

from syndicate import __version__
from syndicate.net.log_text import converted_errors, retry_after, shown, unexpected_status
from syndicate.net.messages import (
    Answer,
    Fetched,
    HttpError,
    Place,
    Private,
    Reply,
    Request,
    Resolver,
    seconds_left,
)
from syndicate.net.reach import connect, lookup, secured, with_deadline
from syndicate.net.responses import ANSWER_BYTES, CompleteResponse, read_body
from syndicate.text.peers import Secrets, heard, in_address
from syndicate.text.urls import encoded

__all__ = ["MAX_REDIRECTS", "fetch", "send"]

MAX_REDIRECTS = 5
_COMMON = frozenset(
    ("accept", "accept-encoding", "connection", "content-type", "host", "user-agent")
)
"""Headers whose values are not secret."""
SILENCE = 30.0
"""Longest time in seconds without a byte from the server."""


def fetch(
    url: str,
    *,
    max_bytes: int = 10_000_000,
    timeout: float = 60.0,
    headers: Mapping[str, str] | None = None,
    private: Private = "first",
    resolve: Resolver | None = None,
) -> Fetched:
    """Get `url`. Raises HttpError unless the reply is 304, or a complete 2xx within `max_bytes`."""
    request = Request(
        method="GET",
        headers=_headers(headers or {}),
        max_bytes=max_bytes,
        timeout=timeout,
        end=monotonic() + timeout,
        private=private,
        resolve=resolve or lookup,
    )
    reply = _follow(request, url)
    if reply.status // 100 != 2 and reply.status != 304:
        raise unexpected_status(reply)
    return Fetched(
        data=reply.data,
        url=reply.url,
        type=reply.headers.get("content-type", "").partition(";")[0].strip().lower(),
        status=reply.status,
        etag=reply.headers.get("etag", ""),
        last_modified=reply.headers.get("last-modified", ""),
    )


def send(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    timeout: float = 30.0,
    private: Private = "first",
    resolve: Resolver | None = None,
) -> Answer:
    """POST `body` to `url` and return the answer, whatever its status.

    Redirects that keep the method (307, 308) are followed; others are returned as the answer.
    Raises HttpError if there is no answer.
    """
    request = Request(
        method="POST",
        headers=_headers(headers),
        max_bytes=ANSWER_BYTES,
        timeout=timeout,
        end=monotonic() + timeout,
        private=private,
        resolve=resolve or lookup,
        body=body,
    )
    reply = _follow(request, url)
    secrets = in_address(url) | in_address(reply.url) | _secret_values(request.headers)
    location = reply.headers.get("location", "")
    return Answer(
        status=reply.status,
        headers=reply.headers,
        retry_after=retry_after(reply.headers),
        text=heard(reply.data, secrets),
        location=heard(shown(_joined(reply.url, location)), secrets) if location else "",
    )


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _secret_values(headers: Mapping[str, str]) -> Secrets:
    """Return the secret values of `headers`, which a server could repeat in its answer."""
    secret = (value for name, value in headers.items() if name not in _COMMON)
    return frozenset(word for value in secret for word in (value, *value.split()) if len(word) >= 6)


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    return {
        "user-agent": f"syndicate/{__version__}",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
        **{name.lower(): value for name, value in given.items()},
    }


def _follow(request: Request, url: str) -> Reply:
    place = _place(url)
    if place.login:
        login = "Basic " + b64encode(place.login.encode()).decode("ascii")
        request = replace(request, headers={"authorization": login} | request.headers)
    reply = first = _exchange(request, place, None)
    for _ in range(MAX_REDIRECTS):
        target = _target(reply, request.method)
        if target is None:
            return reply
        if place.scheme == "https" and target.scheme == "http":
            cure = "use the server's new address"
            raise HttpError(shown(place.url), "redirects from https to http", cure)
        if (target.scheme, target.authority) != (place.scheme, place.authority):
            request = replace(request, headers=_without_secrets(request.headers))
        place = target
        reply = _exchange(request, place, first.peer)
    if _target(reply, request.method) is None:
        return reply
    raise HttpError(shown(url), f"redirects more than {MAX_REDIRECTS} times")


def _target(reply: Reply, method: str) -> Place | None:
    """Return the target of the redirect `reply`; None if it is the final reply."""
    statuses = (307, 308) if method == "POST" else (301, 302, 303, 307, 308)
    location = reply.headers.get("location", "")
    if reply.status not in statuses or not location:
        return None
    try:
        return _place(urljoin(reply.url, location))
    except ValueError:
        raise HttpError(shown(reply.url), "redirects to an invalid address") from None


def _without_secrets(headers: dict[str, str]) -> dict[str, str]:
    secret = ("authorization", "cookie")
    return {name: value for name, value in headers.items() if name not in secret}


def _place(url: str) -> Place:
    cure = 'write an address such as "https://example.org/path"'
    try:
        parts = urlsplit(encoded(url.strip()))
        port = parts.port
    except ValueError:
        raise HttpError(shown(url), "is not an address", cure) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise HttpError(shown(url), "is not an http or https address", cure)
    login = ""
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Place(
        url=parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or (443 if parts.scheme == "https" else 80),
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        authority=parts.netloc.rpartition("@")[2],
        login=login,
    )


def _exchange(request: Request, place: Place, first: tuple[str, int] | None) -> Reply:
    """Send one request and return its reply. `first` is the first request's peer, if any."""
    from urllib3.connection import HTTPConnection

    headers = request.headers | {"host": place.authority}
    with converted_errors(request, place):
        plain, peer = connect(request, place, first)
        with with_deadline(plain, request.end), closing(secured(plain, place)) as sock:
            wait = min(SILENCE, seconds_left(request))
            connection = HTTPConnection(place.host, place.port, timeout=wait)
            connection.sock = sock
            connection.response_class = CompleteResponse
            with suppress(BrokenPipeError):  # the server may have answered early and closed
                connection.request(
                    request.method, place.path, request.body, headers, preload_content=False
                )
            with closing(connection.getresponse()) as response:
                data = read_body(request, place, response)
                kept = {name.lower(): value for name, value in response.headers.items()}
            # Our own timer may have ended the connection, and with it the body.
            seconds_left(request)
    return Reply(place.url, response.status, kept, data, peer)
