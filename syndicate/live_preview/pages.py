"""Script and style that the preview adds to pages, to reload them and show problems."""

import re
from functools import cache
from hashlib import sha256
from importlib import resources

from syndicate.pages.render import render_live
from syndicate.pages.theme import ThemeSource, plain_theme

__all__ = ["FOLDER", "file", "waiting", "with_preview"]

FOLDER = "-preview"
"""First part of the preview's own addresses, which no feed or page can have."""
_POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)')
_OWN = re.compile(rb"\b(script|style)-src ")


def with_preview(page: bytes) -> bytes:
    """Return `page` with the preview's script and style, and a policy that allows them."""
    before, end, after = page.partition(b"</head>")
    if not end:
        return page
    ours = (
        f'<link rel="stylesheet" href="/{FOLDER}/preview.css">\n'
        f'<script src="/{FOLDER}/preview.js" data-page="{sha256(page).hexdigest()}" defer>'
        "</script>\n"
    )
    return _POLICY.sub(_allowing, before, count=1) + ours.encode() + end + after


@cache
def file(name: str) -> bytes:
    """Return the file "preview.js" or "preview.css"."""
    return resources.files(__package__).joinpath(name).read_bytes()


def waiting(theme: ThemeSource = plain_theme) -> bytes:
    """Return the page that is shown for a page that does not exist yet."""
    return with_preview(render_live("waiting.html", theme, {}).encode())


def _allowing(match: re.Match[bytes]) -> bytes:
    return match[1] + _OWN.sub(rb"\1-src 'self' ", match[2]) + b"; connect-src 'self'"
