"""All that this program asks of the network by HTTP: bounded in time, in size and in where it goes.

`fetch` gets a file, `send` posts one. `timeout` bounds the whole exchange, redirects and the
slowest drip included; sizes are bounded before and after decompression. At most `MAX_REDIRECTS`
redirects are followed, never from https to http. The address that is judged is the one that is
connected to: a name is looked up once for each connection. No proxy, cookie or netrc is read.

Every failure is an HttpError, which shows no user name, password or query string.
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
