"""HTTP client, bounded in time, size and reachable addresses.

`fetch` gets a file, `send` posts one. `timeout` bounds the whole exchange, including redirects and
slow bodies. Sizes are bounded before and after decompression. At most `MAX_REDIRECTS` redirects are
followed, never from https to http. A host name is resolved once per connection, and the address
that was checked is the one connected to. Proxies, cookies and netrc are not used.

Every failure is an HttpError, whose text has no user name, password or query string.
"""

from syndicate.net.client import MAX_REDIRECTS, fetch, send
from syndicate.net.log_text import LONGEST_WAIT, is_transient, retry_after, shown
from syndicate.net.messages import Answer, Fetched, HttpError, Private, Resolver, Send
from syndicate.net.reach import is_public

__all__ = [
    "LONGEST_WAIT",
    "MAX_REDIRECTS",
    "Answer",
    "Fetched",
    "HttpError",
    "Private",
    "Resolver",
    "Send",
    "fetch",
    "is_public",
    "is_transient",
    "retry_after",
    "send",
    "shown",
]
