"""Script and style that the preview adds to pages, to reload them and show problems."""

import re
from functools import cache
from hashlib import sha256
from importlib import resources

__all__ = ["FOLDER", "dressed", "file", "waiting"]

FOLDER = "-preview"
"""First part of the preview's own addresses, which no feed or page can have."""
_POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)')
_OWN = re.compile(rb"\b(script|style)-src ")


def dressed(page: bytes) -> bytes:
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


@cache
def waiting() -> bytes:
    """Return the page that is shown for a page that does not exist yet."""
    return dressed(
        b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        b'<meta name="viewport" content="width=device-width">\n<title>Preview</title>\n</head>\n'
        b"<body>\n<main>\n<h1>Preview</h1>\n<p>This page does not exist yet. It will appear here "
        b'when a build writes it.</p>\n<p><a href="/feeds/">All feeds</a></p>\n</main>\n</body>\n'
        b"</html>\n"
    )


def _allowing(match: re.Match[bytes]) -> bytes:
    return match[1] + _OWN.sub(rb"\1-src 'self' ", match[2]) + b"; connect-src 'self'"
