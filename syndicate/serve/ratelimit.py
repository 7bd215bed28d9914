"""Rate limit for unconditional requests: clients that fetch a feed whole every time.

Memory is bounded: the clients with the oldest requests are dropped first.
"""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

__all__ = ["RateLimit"]

_MOST_CLIENTS = 20_000


class RateLimit:
    """Token bucket per client and feed, refilled with `per_hour` tokens an hour."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def exceeds(self, client: str, path: str, now: float) -> bool:
        """Take a token; return whether none was left, so that the request must be rejected.

        `now` is in monotonic seconds. Clients on this machine are never rejected, since one may be
        a proxy for all others.
        """
        if not self._per_hour or not (key := _network(client)):
            return False
        left, since = self._left.pop((key, path), (float(self._per_hour), now))
        left = min(self._per_hour, left + (now - since) * self._per_hour / 3600)
        self._left[key, path] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        return left < 1


def _network(client: str) -> str:
    """Return the network of one client (an IPv4 address, an IPv6 /64); "" for this machine."""
    try:
        address = ip_address(client)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return _network(str(address.ipv4_mapped))
        if not address.is_loopback:
            return str(IPv6Address(int(address) >> 64 << 64))
    return "" if address.is_loopback else client
