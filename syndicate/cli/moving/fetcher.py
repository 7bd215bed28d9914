"""Requests of one adoption, within one bound on their time, their number and their bytes."""

from time import monotonic

from syndicate.errors import SyndicateError
from syndicate.net import fetch
from syndicate.reading.adopt import SpentError, host_of
from syndicate.reading.read_feed import MAX_BYTES

__all__ = ["MAX_REQUESTS", "MAX_SECONDS", "Fetcher"]

MAX_REQUESTS = 1_000
MAX_SECONDS = 300.0
"""Limit for all requests together."""
MAX_TOTAL = 500_000_000
"""Bytes of all answers together."""
ONE_REQUEST = 60.0
"""Seconds for one answer."""


class Fetcher:
    """Fetch each address once. Raises HttpError, and SpentError when a bound is reached.

    Hosts in `named` were given by the user: only they may be at private addresses.
    """

    def __init__(self, named: frozenset[str], seconds: float = MAX_SECONDS) -> None:
        self._named = named
        self._end, self._left, self._bytes = monotonic() + seconds, MAX_REQUESTS, MAX_TOTAL
        self._seconds = seconds
        self._answers: dict[str, bytes | Exception] = {}

    def __call__(self, url: str) -> bytes:
        """Return what is at `url`."""
        if url not in self._answers:
            self._answers[url] = self._asked(url)
        answer = self._answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _asked(self, url: str) -> bytes | Exception:
        time = self._end - monotonic()
        if self._left <= 0 or self._bytes <= 0 or time <= 0:
            what = (
                f"not asked: {MAX_REQUESTS:,} requests or {self._seconds:.0f} seconds are used up"
            )
            raise SpentError(url, what, "adopt this feed by its own address")
        self._left -= 1
        timeout = min(ONE_REQUEST, time)
        known = host_of(url) in self._named
        try:
            data = fetch(
                url,
                max_bytes=MAX_BYTES,
                timeout=timeout,
                private="first" if known else "never",
            ).data
        except SyndicateError as error:
            return error
        self._bytes -= len(data)
        return data
