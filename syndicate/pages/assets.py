"""Style and script of the pages: inlined small, and allowed to run by their digests alone."""

import pkgutil
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from syndicate.model import Document, Site
from syndicate.pages.messages import direction, voice
from syndicate.pages.page_paths import STYLE

__all__ = ["digest", "feed_style", "script", "style"]

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_NEEDLESS = re.compile(r"\s*([{};,>])\s*|(?<=[\w-]):\s+")


@cache
def style() -> str:
    """The style sheet of the pages, on one line."""
    css = " ".join(_COMMENT.sub("", _read("page.css")).split())
    return _NEEDLESS.sub(lambda found: found[1] or ":", css).replace(";}", "}")


@cache
def script() -> str:
    """What makes the copy buttons work, and takes pictures away that are not there."""
    return " ".join(_read("page.js").split())


def digest(text: str) -> str:
    """What a Content-Security-Policy calls the inline `text` (CSP 3, 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def feed_style(site: Site) -> Document:
    """The style sheet of the feeds themselves; it tells in the site's language what they are."""
    speech = voice(site.language)
    notice = speech.says.notice.replace("\\", "\\\\").replace('"', '\\"')
    said = f'feed::before, channel::before {{ content: "{notice}"; }}\n'
    turned = f":root {{ direction: {direction(speech.own)}; }}\n"
    data = f'@charset "utf-8";\n{_read("feed.css")}{said}{turned}'
    return Document(STYLE, "text/css; charset=utf-8", data.encode())


def _read(name: str) -> str:
    return (pkgutil.get_data(__package__, name) or b"").decode()
