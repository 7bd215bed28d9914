"""Split the arguments of Hexo's tags as Hexo and its themes do.

Hexo splits the arguments of a tag at white space outside quotes. Most themes join the parts again
and split them at commas. Stellar takes out `key:value` words first.
"""

import re
from collections.abc import Collection
from html import escape, unescape

from syndicate.content.marks.handlers import Call

__all__ = [
    "fields",
    "is_address",
    "joined",
    "keyed",
    "on_own_line",
    "plain",
    "site_address",
    "theme",
    "tokens",
]

_QUOTED = re.compile(r"""(?<![^\s:,=@])(?:"([^"]*)"|'([^']*)')""")
_TOKEN = re.compile(r"""(?:(?<![^\s:,=@])(?:"[^"]*"|'[^']*')|\S)+""")
_ADDRESS = re.compile(
    r"(?:https?:|mailto:|tel:|\.{0,2}/|#)\S*|\S+\.(?:html?|md|php|pdf|zip)(?:[?#]\S*)?"
)
_LONGEST = 20_000  # characters of arguments; the rest is ignored
_MARKS = {ord(sign): f"&#{ord(sign)};" for sign in "*_`~[]\\|$"}


def tokens(text: str) -> list[str]:
    """Return the arguments that Hexo passes to a tag: split at white space, without quotes."""
    words = _TOKEN.finditer(text[:_LONGEST])
    return [_QUOTED.sub(lambda text: text[1] or text[2] or "", token[0]) for token in words]


def joined(text: str) -> str:
    """Return the arguments of a tag as one text."""
    return " ".join(tokens(text))


def fields(call: Call) -> list[str]:
    """Return the arguments split at commas, or at `::` if Volantis' tag has that."""
    text = joined(call.text)
    parting = "::" if "::" in text and theme(call) == "volantis" else ","
    return [field.strip() for field in text.split(parting)]


def keyed(text: str, keys: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Return the `key:value` words whose key is in `keys`, and all other words."""
    named: dict[str, str] = {}
    others: list[str] = []
    for token in tokens(text):
        key, colon, value = token.partition(":")
        if colon and key in keys:
            named[key] = value
        else:
            others.append(token)
    return named, others


def is_address(text: str) -> bool:
    """Return True if `text` is an address or the path of a page."""
    return _ADDRESS.fullmatch(text) is not None


def plain(text: str) -> str:
    """Return `text` with Markdown's marks escaped. HTML stays HTML, as in the themes."""
    return text if "<" in text else escape(unescape(text), quote=False).translate(_MARKS)


def theme(call: Call) -> str:
    """Return the name of the blog's theme, in lower case, without `hexo-theme-`."""
    return str(call.context.site.get("theme") or "").lower().removeprefix("hexo-theme-")


def on_own_line(call: Call, html: str) -> str:
    """Return `html` as a paragraph if the tag is alone on its line."""
    if not html or not call.alone:
        return html
    return f"\n\n{call.indent}{html}\n\n{call.indent}"


def site_address(call: Call, address: str) -> str:
    """Return `address` from the root of the site, as Butterfly reads a relative address."""
    whole = address.startswith(("/", "#", ".")) or ":" in address
    of_butterfly = theme(call) in ("butterfly", "anzhiyu")
    return address if whole or not of_butterfly else f"{call.context.base}/{address}"
