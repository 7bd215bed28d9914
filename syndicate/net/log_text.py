"""What may be shown of addresses and failures, and what a status or a header says of later."""

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
    "is_transient",
    "refusal",
    "retry_after",
    "shown",
    "told",
]

LONGEST_WAIT = 86_400.0
"""Seconds that a server may ask us to wait; more is cut to this."""


def shown(url: str) -> str:
    """`url` fit to be shown: ASCII, short, no user name, password, query string or fragment."""
    try:
        parts = urlsplit(encoded(url))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return heard(f"{parts.scheme}://{host}{port}{parts.path}")


def is_transient(status: int) -> bool:
    """Whether a request that was answered with `status` may succeed later."""
    return status in (408, 425, 429) or 500 <= status != 501


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks us to wait (RFC 9110 10.2.3), at most `LONGEST_WAIT`.

    A date is counted from the answer's own Date, so that no two clocks are compared. None where
    nothing is said that can be understood.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):  # no date, or only one of them with a zone
        return None
    return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT)


def refusal(reply: Reply) -> HttpError:
    """What a status that was not wanted is as an error."""
    return HttpError(
        shown(reply.url),
        f"answers {reply.status}",
        status=reply.status,
        transient=is_transient(reply.status),
        retry_after=retry_after(reply.headers),
    )


@contextmanager
def told(request: Request, place: Place) -> Iterator[None]:
    """What may happen on the way as HttpErrors."""
    from urllib3 import exceptions

    where = shown(place.url)
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        cure = "have its certificate put right, or add its authority to this system's"
        raise HttpError(where, f"is not trusted: {heard(error.verify_message)}", cure) from error
    except (TimeoutError, exceptions.TimeoutError) as error:
        raise HttpError(where, _too_slow(request), transient=True) from error
    except exceptions.DecodeError as error:
        raise HttpError(where, "sends a body that cannot be decompressed") from error
    except (OSError, HTTPException, exceptions.HTTPError) as error:
        what = _too_slow(request) if request.end <= monotonic() else _reason(error)
        raise HttpError(where, what, transient=True) from error


def _too_slow(request: Request) -> str:
    late = request.end <= monotonic()
    return f"takes longer than {request.timeout:g} s" if late else "does not answer in time"


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"cannot be spoken to over TLS ({heard(error.reason or 'closed')})"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be reached ({error.strerror})"
    return "closes the connection before it has answered in full"
