"""How often each client asked for a feed whole, without saying which state it has.

Memory is bounded: of very many clients, those not heard of for longest are forgotten.
"""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

__all__ = ["Polls"]

_MOST_CLIENTS = 20_000


class Polls:
    """A bucket of `per_hour` answers for each client and feed, filled evenly over the hour."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def is_too_many(self, client: str, path: str, now: float) -> bool:
        """Whether this full answer is one too many; it is counted where it is not.

        `now` is in seconds, from any start. No client on this machine is ever refused: it may
        be a proxy that speaks for everyone.
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
    """What one client has of the address space; empty for this machine."""
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
