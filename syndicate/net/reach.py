"""Connections: name resolution, the check of private addresses, deadlines and TLS.

A host name is resolved once per connection, and the address that was checked is the one connected
to.
"""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic

from syndicate.net.log_text import shown
from syndicate.net.messages import HttpError, Place, Private, Request, seconds_left

__all__ = ["connect", "is_public", "lookup", "secured", "with_deadline"]

CONNECTING = 10.0
"""Seconds for one attempt to connect."""
_EMBEDDED = ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last 32 bits are the embedded IPv4 address."""


def is_public(address: str) -> bool:
    """Return whether an IP `address`, and any IPv4 address embedded in it, is public."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return all(_is_public(one) for one in (ip, *_inner(ip)))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    # Python counts unassigned parts of ::/8 as global, among them old forms of 127.0.0.1.
    reserved = ip.is_reserved and ip not in _EMBEDDED
    return ip.is_global and not ip.is_multicast and not reserved


def _inner(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses embedded in an IPv6 address."""
    if isinstance(ip, IPv4Address):
        return ()
    embedded = IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _EMBEDDED else None
    candidates = (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ()), embedded)
    return tuple(one for one in candidates if one is not None)


def connect(
    request: Request, place: Place, first: tuple[str, int] | None
) -> tuple[socket.socket, tuple[str, int]]:
    """Connect to an allowed address of `place`, and return the socket and the address."""
    addresses = _resolved(request, place)
    allowed = [ip for ip in addresses if _may_reach(ip, place.port, request.private, first)]
    if not allowed:
        raise HttpError(
            shown(place.url),
            ("redirects" if first else "leads") + " to a private address",
            "only addresses in config.toml may be private",
        )
    for ip in allowed:
        try:
            wait = min(CONNECTING, seconds_left(request))
            return socket.create_connection((ip, place.port), wait), (ip, place.port)
        except OSError:
            if ip == allowed[-1]:
                raise
    raise AssertionError


def _may_reach(ip: str, port: int, private: Private, first: tuple[str, int] | None) -> bool:
    if private == "always" or is_public(ip):
        return True
    # A configured private server may redirect to itself.
    return private == "first" and (first is None or (ip, port) == first)


def _resolved(request: Request, place: Place) -> list[str]:
    """Resolve the host of `place` in a thread, since the system's lookup has no timeout."""
    answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(request.resolve(place.host, place.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds_left(request))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        what = f"the host {place.host} was not found"
        raise HttpError(shown(place.url), what, transient=True) from answer
    return list(dict.fromkeys(answer))


def lookup(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of `host` from the system's resolver. Raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@contextmanager
def with_deadline(sock: socket.socket, end: float) -> Iterator[None]:
    """Close the connection at `end`, since a slow drip of bytes never exceeds its own timeout."""
    # A duplicate works during the TLS handshake too, which replaces the socket object.
    twin = sock.dup()
    timer = Timer(max(end - monotonic(), 0.0), partial(_cut, twin))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        twin.close()
        sock.close()


def _cut(twin: socket.socket) -> None:
    with suppress(OSError):  # the server has closed it already
        twin.shutdown(socket.SHUT_RDWR)


def secured(sock: socket.socket, place: Place) -> socket.socket:
    """Return `sock`, wrapped in TLS for https. The certificate is checked against the host name."""
    sock.settimeout(CONNECTING)
    if place.scheme == "http":
        return sock
    return ssl.create_default_context().wrap_socket(sock, server_hostname=place.host)
