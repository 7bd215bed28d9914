"""Replies to requests for one file.

Conditions are evaluated in the order of RFC 9110 13.2.2. A client that has an earlier state of a
feed may receive only the new entries (RFC 3229).
"""

import time
from urllib.parse import quote

from msgspec import Struct

from syndicate.config.schema import ServeConfig
from syndicate.serve.accept import coding_tiers, weights
from syndicate.serve.codings import encoded
from syndicate.serve.conditions import (
    ANY,
    entity_tags,
    http_date,
    is_newer,
    range_of,
    seconds_of,
    strong_tags,
)
from syndicate.serve.feed_parts import outline, part
from syndicate.serve.file_memory import File
from syndicate.serve.media import is_document, is_text
from syndicate.serve.prepared import CORS, FileRange, Headers, Reply, plain, reply
from syndicate.serve.ratelimit import RateLimit

__all__ = ["ClientRequest", "FileReplies", "keep_part", "lacking", "make_part"]

_MOST_PARTS = 32
_MOST_HUBS = 10
_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"via")
POLICY = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
"""Policy of HTML pages. Our own pages add a stricter one in a `meta` element. Other pages of the
site in the same folder may need more, so only rare features are forbidden here."""
STRICT_POLICY = (
    "default-src 'none'; img-src * data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'"
)
"""Policy of feeds and SVG files shown in a browser: only styles and pictures are allowed."""
_SAFE: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)


class ClientRequest(Struct, frozen=True):
    """Request: `target` as it was sent, header names in lower case, `client` an IP address."""

    method: str
    target: bytes
    headers: dict[bytes, bytes]
    client: str = ""


class FileReplies:
    """Makes the replies for files, by the rules of `settings`."""

    def __init__(self, settings: ServeConfig) -> None:
        self._max_age = settings.max_age
        self._cache = b"public, max-age=%d" % settings.max_age
        self._polls = RateLimit(settings.polls_per_hour)

    @property
    def cache(self) -> tuple[bytes, bytes]:
        """Return the header Cache-Control of cacheable replies."""
        return (b"cache-control", self._cache)

    def __call__(self, file: File, request: ClientRequest, location: bytes = b"") -> Reply | None:
        """Return the reply; None if the partial feed that it needs is not made yet (`lacking`).

        `location` is the file's own address if the request was for the address of all formats.
        """
        headers = request.headers
        if _is_refused(file, headers):
            return plain(412, "The file does not match the condition of the request.")
        if (tags := headers.get(b"if-none-match")) is not None:
            if (coding := _matching(file, tags, headers)) is not None:
                return self._unchanged(file, coding, location)
            if (wanted := lacking(file, request)) is not None:
                return self._partly(file, request, wanted, location)
        elif (since := headers.get(b"if-modified-since")) is not None:
            if not is_newer(file.history.modified, since):
                return self._unchanged(file, _coding(file, headers), location)
        elif file.feed and self._is_too_many(file, request):
            wait = b"%d" % max(60, self._max_age)
            return plain(
                429, "Too many requests. Send If-None-Match, or poll less often.",
                (b"retry-after", wait),
            )  # fmt: skip
        if b"range" in headers and request.method == "GET" and _is_meant(file, headers):
            try:
                file_range = range_of(headers[b"range"], file.size)
            except ValueError:
                size = (b"content-range", b"bytes */%d" % file.size)
                return plain(416, "The file does not have these bytes.", size)
            if file_range:
                return self._ranged(file, *file_range, location)
        return self._whole(file, _coding(file, headers), location)

    def _unchanged(self, file: File, coding: str, location: bytes) -> Reply:
        key = (304, coding, location)
        if (kept := file.replies.get(key)) is None:
            kept = reply(304, (*self._validators(file, coding, location), *CORS))
            file.replies[key] = kept
        return kept

    def _whole(self, file: File, coding: str, location: bytes) -> Reply:
        key = (200, coding, location)
        if (kept := file.replies.get(key)) is None:
            headers = (*self._described(file, coding, location), (b"accept-ranges", b"bytes"))
            body = file.bodies.get(coding)
            whole = FileRange(file.where, file.stamp, 0, file.size)
            kept = reply(200, headers, whole if body is None else body)
            file.replies[key] = kept
        return kept

    def _ranged(self, file: File, start: int, end: int, location: bytes) -> Reply:
        place = (b"content-range", b"bytes %d-%d/%d" % (start, end - 1, file.size))
        headers = (*self._described(file, "identity", location), place)
        if file.bodies:
            return reply(206, headers, file.bodies["identity"][start:end])
        return reply(206, headers, FileRange(file.where, file.stamp, start, end - start))

    def _partly(
        self,
        file: File,
        request: ClientRequest,
        wanted: tuple[bytes, tuple[str, ...]],
        location: bytes,
    ) -> Reply | None:
        base, entries = wanted
        if not entries:
            return self._unchanged(file, _coding(file, request.headers), location)
        if (bodies := file.parts.get(len(entries))) is None:
            return None
        if not bodies:
            return self._whole(file, _coding(file, request.headers), location)
        coding = _chosen(bodies, request.headers)
        headers = dict(self._described(file, coding, location))
        # A cache without RFC 3229 must not store a part; a cache with it obeys "im" instead.
        headers[b"cache-control"] = b"no-store, im, max-age=%d" % self._max_age
        headers[b"vary"] += b", A-IM, If-None-Match"
        own = ((b"im", b"feed"), (b"delta-base", b'"%b"' % base))
        return reply(226, (*headers.items(), *own), bodies[coding])

    def _is_too_many(self, file: File, request: ClientRequest) -> bool:
        if request.method != "GET" or any(name in request.headers for name in _FORWARDED):
            return False  # clients behind a proxy share one address
        return self._polls.exceeds(request.client, file.path, time.monotonic())

    def _validators(self, file: File, coding: str, location: bytes) -> Headers:
        vary = b"Accept, Accept-Encoding" if location else b"Accept-Encoding"
        return (
            (b"etag", _tag(file, coding)),
            (b"last-modified", http_date(file.history.modified)),
            self.cache,
            *([(b"vary", vary)] if location or is_text(file.type) else ()),
            *([(b"content-location", location)] if location else ()),
        )

    def _described(self, file: File, coding: str, location: bytes) -> Headers:
        """Return the headers of a reply that carries the file or a part of it."""
        return (
            (b"content-type", file.type.encode()),
            *([(b"content-encoding", coding.encode())] if coding != "identity" else ()),
            *self._validators(file, coding, location),
            *([(b"link", link)] if (link := _links(file)) else ()),
            *CORS,
            *_SAFE,
            *_policy(file),
        )


def lacking(file: File, request: ClientRequest) -> tuple[bytes, tuple[str, ...]] | None:
    """Return the tag of the client's state and the entries that it lacks (RFC 3229 4).

    Return None to send the whole feed:
    - the client accepts no parts, or its state is unknown;
    - all entries are new;
    - no entry is new, but another part of the feed has changed.
    """
    headers = request.headers
    if file.feed is None or request.method != "GET" or not (wish := headers.get(b"a-im")):
        return None
    if not weights(wish.decode("latin-1")).get("feed"):
        return None
    known = [
        (*state, tag)
        for tag in entity_tags(headers[b"if-none-match"])
        if (state := file.history.states.get(_digest(tag).decode("latin-1")))
    ]
    if not known:
        return None
    number, shell, tag = max(known)
    entries = file.history.lacking(number)
    is_same = bool(entries) or shell == file.feed.shell
    return (tag, entries) if is_same and len(entries) < len(file.history.entries) else None


def make_part(file: File, entries: tuple[str, ...]) -> dict[str, bytes]:
    """Return the feed with only `entries` in all codings; empty if it cannot be divided."""
    if file.feed is None:
        return {}
    data = part(file.bodies["identity"], file.feed, frozenset(entries))
    result = outline(data)
    # Entries with equal bytes have one digest, but may be sent twice.
    if result is None or {piece.digest for piece in result.pieces} != set(entries):
        return {}
    return encoded(data, quick=True)


def keep_part(file: File, entries: tuple[str, ...], bodies: dict[str, bytes]) -> None:
    """Keep a part for other clients that lack the same entries, and drop the oldest parts.

    All parts of a file take at most as many bytes as the file in its content codings.
    """
    file.parts[len(entries)] = bodies  # parts hold the newest entries, so the number is a key
    most = _bytes_of(file.bodies)
    while len(file.parts) > 1 and (
        len(file.parts) > _MOST_PARTS or sum(map(_bytes_of, file.parts.values())) > most
    ):
        file.parts.popitem(last=False)


def _bytes_of(bodies: dict[str, bytes]) -> int:
    return sum(map(len, bodies.values()))


def _tag(file: File, coding: str) -> bytes:
    suffix = "" if coding == "identity" else f"-{coding}"
    return f'"{file.digest}{suffix}"'.encode()


def _digest(tag: bytes) -> bytes:
    return tag.partition(b"-")[0]


def _matching(file: File, header: bytes, headers: dict[bytes, bytes]) -> str | None:
    """Return the coding in which the client has the current file; None if it has not."""
    for tag in entity_tags(header):
        if tag == ANY:
            return _coding(file, headers)
        digest, _, coding = tag.decode("latin-1").partition("-")
        if digest == file.digest and (not coding or coding in file.bodies):
            return coding or "identity"
    return None


def _is_refused(file: File, headers: dict[bytes, bytes]) -> bool:
    """Return whether If-Match or If-Unmodified-Since fails (RFC 9110 13.1.1, 13.1.4)."""
    if (tags := headers.get(b"if-match")) is not None:
        known = strong_tags(tags)
        return ANY not in known and file.digest.encode() not in map(_digest, known)
    until = headers.get(b"if-unmodified-since")
    return until is not None and seconds_of(until) is not None \
        and is_newer(file.history.modified, until)  # fmt: skip


def _is_meant(file: File, headers: dict[bytes, bytes]) -> bool:
    """Return whether If-Range allows a range of the uncoded bytes."""
    if (value := headers.get(b"if-range")) is None:
        return True
    if (date := seconds_of(value)) is not None:
        return date == file.history.modified
    return file.digest.encode() in strong_tags(value)


def _policy(file: File) -> Headers:
    if not is_document(file.type):
        return ()
    policy = POLICY if file.type.startswith("text/html") else STRICT_POLICY
    return ((b"content-security-policy", policy.encode()),)


def _coding(file: File, headers: dict[bytes, bytes]) -> str:
    return _chosen(file.bodies, headers)


def _chosen(bodies: dict[str, bytes], headers: dict[bytes, bytes]) -> str:
    """Return the coding of the smallest body among those with the highest weight."""
    header = headers.get(b"accept-encoding")
    if header is None or len(bodies) < 2:
        return "identity"
    tiers = coding_tiers(header)
    return next(coding for tier in tiers for coding in bodies if coding in tier)


def _links(file: File) -> bytes:
    """Return the Link header with the feed's own address and its hubs (WebSub 4)."""
    if file.feed is None:
        return b""
    links = [("self", file.feed.own), *(("hub", hub) for hub in file.feed.hubs[:_MOST_HUBS])]
    return ", ".join(
        f'<{quote(url, safe=_IN_ADDRESSES)}>; rel="{rel}"'
        for rel, url in links
        if url.startswith(("https://", "http://"))
    ).encode()
