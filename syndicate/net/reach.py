"""Where a request may go, and the connection to it: judged, timed, and secured.

The address that is judged is the one that is connected to: a name is looked up once for each
connection.
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

__all__ = ["connect", "is_public", "lookup", "secured", "watched"]

CONNECTING = 10.0
"""Seconds for one attempt to connect."""
_EMBEDDED = ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is meant."""


def is_public(address: str) -> bool:
    """Whether an IP `address` is one of the public internet, looked at through IPv6 wrappings."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return all(_is_public(one) for one in (ip, *_inner(ip)))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    # Python calls all of ::/8 global that has no use of its own, old forms of 127.0.0.1 with it.
    reserved = ip.is_reserved and ip not in _EMBEDDED
    return ip.is_global and not ip.is_multicast and not reserved


def _inner(ip: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(ip, IPv4Address):
        return ()
    embedded = IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _EMBEDDED else None
    candidates = (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ()), embedded)
    return tuple(one for one in candidates if one is not None)


def connect(
    request: Request, place: Place, first: tuple[str, int] | None
) -> tuple[socket.socket, tuple[str, int]]:
    """A connection to an address of `place` that may be reached, and that address."""
    found = _resolved(request, place)
    allowed = [ip for ip in found if _may_reach(ip, place.port, request.private, first)]
    if not allowed:
        raise HttpError(
            shown(place.url),
            "leads to a private address" + (" by a redirect" if first else ""),
            "only an address that you configured may be private",
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
    # The server that the user named may send us to itself.
    return private == "first" and (first is None or (ip, port) == first)


def _resolved(request: Request, place: Place) -> list[str]:
    """The addresses of `place`. The system's lookup knows no time limit: it gets one here."""
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
        what = f"the host {place.host} is not found"
        raise HttpError(shown(place.url), what, transient=True) from answer
    return list(dict.fromkeys(answer))


def lookup(host: str, port: int) -> Sequence[str]:
    """The IP addresses of `host`, as this system knows them. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@contextmanager
def watched(sock: socket.socket, end: float) -> Iterator[None]:
    """Cut the connection at `end`: a byte now and then would satisfy its own timeout."""
    # The twin outlives the socket's wrapping in TLS, and reaches it during the handshake.
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
    with suppress(OSError):  # the other side was faster
        twin.shutdown(socket.SHUT_RDWR)


def secured(sock: socket.socket, place: Place) -> socket.socket:
    """`sock`, in TLS where `place` is https: its certificate holds for the host, not the IP."""
    sock.settimeout(CONNECTING)
    if place.scheme == "http":
        return sock
    return ssl.create_default_context().wrap_socket(sock, server_hostname=place.host)
