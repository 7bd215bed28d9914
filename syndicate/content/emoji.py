"""Replace codes of emoji (``:tada:``), as GitHub, Hugo, jemoji and others do."""

import re
from functools import cache

from rich.emoji import Emoji, NoEmoji

__all__ = ["with_emoji"]

_CODE = re.compile(r":([a-z0-9_+-]{1,60}):", re.ASCII)
_FLAGS = frozenset(("cn", "de", "es", "fr", "it", "jp", "kr", "ru", "us"))


def with_emoji(text: str) -> str:
    """Return `text` with emoji instead of their codes. Unknown codes stay."""
    return _CODE.sub(lambda code: _sign(code[1]) or code[0], text)


@cache
def _sign(name: str) -> str:
    if name in _FLAGS:
        return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in name)
    try:
        return str(Emoji(name))
    except NoEmoji:
        return ""
