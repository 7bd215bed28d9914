"""Pages with what a preview adds to them: a script that reloads them and shows problems."""

import re
from functools import cache
from hashlib import sha256
from importlib import resources

__all__ = ["FOLDER", "dressed", "file", "waiting"]

FOLDER = "-preview"
"""Below which the preview's own addresses are; no feed and no page of one is."""
_POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)')
_OWN = re.compile(rb"\b(script|style)-src ")


def dressed(page: bytes) -> bytes:
    """`page` with the preview's script and style, which its policy then allows."""
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
    """The preview's own `name`, "preview.js" or "preview.css"."""
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def waiting() -> bytes:
    """The page that is shown where there is none (yet)."""
    return dressed(
        b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        b'<meta name="viewport" content="width=device-width">\n<title>Preview</title>\n</head>\n'
        b"<body>\n<main>\n<h1>Preview</h1>\n<p>No page is here. When a build makes one, it is "
        b'shown.</p>\n<p><a href="/feeds/">All feeds</a></p>\n</main>\n</body>\n</html>\n'
    )


def _allowing(found: re.Match[bytes]) -> bytes:
    return found[1] + _OWN.sub(rb"\1-src 'self' ", found[2]) + b"; connect-src 'self'"
