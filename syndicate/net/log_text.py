"""Addresses and errors safe to show, and the times to retry after an error."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from time import monotonic
from urllib.parse import urlsplit

from syndicate.net.messages import HttpError, Place, Reply, Request
from syndicate.text.peers import heard
from syndicate.text.urls import encoded

__all__ = [
    "LONGEST_WAIT",
    "converted_errors",
    "is_transient",
    "retry_after",
    "shown",
    "unexpected_status",
]

LONGEST_WAIT = 86_400.0
"""Longest Retry-After that is honoured, in seconds."""


def shown(url: str) -> str:
    """Return `url` for display: short ASCII without user, password, query string or fragment."""
    try:
        parts = urlsplit(encoded(url))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an invalid address"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return heard(f"{parts.scheme}://{host}{port}{parts.path}")


def is_transient(status: int) -> bool:
    """Return whether a request that was answered with `status` may succeed later."""
    return status in (408, 425, 429) or 500 <= status != 501


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After (RFC 9110 10.2.3), at most `LONGEST_WAIT`.

    A date is relative to the answer's own Date header, so that two clocks are never compared.
    Return None without a valid Retry-After.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):  # no date, or only one with a time zone
        return None
    return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT)


def unexpected_status(reply: Reply) -> HttpError:
    """Return the HttpError for a reply with an unexpected status."""
    return HttpError(
        shown(reply.url),
        f"answers {reply.status}",
        status=reply.status,
        transient=is_transient(reply.status),
        retry_after=retry_after(reply.headers),
    )


@contextmanager
def converted_errors(request: Request, place: Place) -> Iterator[None]:
    """Convert network exceptions to HttpError."""
    from urllib3 import exceptions

    where = shown(place.url)
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        cure = "correct the server's certificate, or add its authority to this system"
        what = f"has an untrusted certificate: {heard(error.verify_message)}"
        raise HttpError(where, what, cure) from error
    except (TimeoutError, exceptions.TimeoutError) as error:
        raise HttpError(where, _too_slow(request), transient=True) from error
    except exceptions.DecodeError as error:
        raise HttpError(where, "sent a body that cannot be decompressed") from error
    except (OSError, HTTPException, exceptions.HTTPError) as error:
        what = _too_slow(request) if request.end <= monotonic() else _reason(error)
        raise HttpError(where, what, transient=True) from error


def _too_slow(request: Request) -> str:
    late = request.end <= monotonic()
    return f"took longer than {request.timeout:g} s" if late else "did not answer in time"


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"failed the TLS handshake ({heard(error.reason or 'closed')})"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be reached ({error.strerror})"
    return "closed the connection before the answer was complete"
