"""Style, script and icon of the pages, which are inlined, and the policy that allows them."""

import pkgutil
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from urllib.parse import quote

from markupsafe import Markup

from syndicate.model import Document, Site
from syndicate.pages.messages import direction, wording_of
from syndicate.pages.page_paths import STYLE

__all__ = [
    "digest",
    "drawn_icon",
    "feed_style",
    "icon",
    "policy",
    "script",
    "status_style",
    "style",
]

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_NEEDLESS = re.compile(r"\s*([{};,>])\s*|(?<=[\w-]):\s+")


@cache
def style() -> str:
    """Return the style sheet of the pages, on one line."""
    css = " ".join(_COMMENT.sub("", _read("page.css")).split())
    return _NEEDLESS.sub(lambda match: match[1] or ":", css).replace(";}", "}")


@cache
def script() -> str:
    """Return the script of the copy buttons; it also removes pictures that cannot be loaded."""
    return " ".join(_read("page.js").split())


@cache
def status_style() -> Markup:
    """Return the style sheet of the daemon's status page."""
    return Markup(_read("status.css"))


def digest(text: str) -> str:
    """Return the source expression that allows the inline `text` (CSP 3, 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def policy(styles: tuple[str, ...], scripts: tuple[str, ...]) -> str:
    """Return a policy that allows these inline texts and pictures of the page's own host (CSP 3).

    A page then needs no other file and sends the browser to no other host.
    """
    rules = (
        "default-src 'none'",
        f"style-src {' '.join(map(digest, styles))}",
        f"script-src {' '.join(map(digest, scripts))}",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


@cache
def icon() -> str:
    """Return the feed icon as an ``<svg>`` element."""
    return _read("icon.svg").strip()


@cache
def drawn_icon() -> str:
    """Return the feed icon as a ``data:`` address."""
    drawing = icon().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    return "data:image/svg+xml," + quote(drawing.replace("currentColor", "#d9600f"), " /:='")


def feed_style(site: Site) -> Document:
    """Return the style sheet of the feeds themselves, with a notice in the site's language."""
    wording = wording_of(site.language)
    text = wording.messages.notice.replace("\\", "\\\\").replace('"', '\\"')
    notice = f'feed::before, channel::before {{ content: "{text}"; }}\n'
    turn = f":root {{ direction: {direction(wording.language)}; }}\n"
    data = f'@charset "utf-8";\n{_read("feed.css")}{notice}{turn}'
    return Document(STYLE, "text/css; charset=utf-8", data.encode())


def _read(name: str) -> str:
    return (pkgutil.get_data(__package__, name) or b"").decode()
