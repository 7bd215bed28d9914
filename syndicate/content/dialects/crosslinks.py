"""Links to a post by its file (``./other.md``, ``@/blog/other.md``) as links to its address.

A link that names no post stays as it is: a repository's README is a page too.
"""

import re
from urllib.parse import unquote

from syndicate.content.dialects.context import Context, post_address
from syndicate.content.dialects.scan import Scanner

__all__ = ["with_addresses"]

_TARGET = (
    r"(?<=\]\()<[^<>\n#]+?\.mdx?(?:\#[^<>\s]*)?>"
    r"|(?:(?<=\]\()|(?<=\]:[ \t])|(?<=href=[\"']))(?![a-z]+:|//|\#)"
    r"[^\s()<>\"'#]+?\.mdx?(?:\#[^\s()<>\"']*)?(?=[\s)\"']|\Z)"
)
_ANY = re.compile(_TARGET)


def with_addresses(text: str, context: Context, *, html: bool) -> str:
    """`text` with the links to posts by their files resolved."""
    if not context.links or not _ANY.search(text):
        return text
    parts = []
    for piece in Scanner(text, _TARGET, html=html, comments=False):
        source = text[piece.start : piece.end]
        if piece.kind == "mark":
            source = post_address(context, unquote(source.strip("<>"))) or source
        parts.append(source)
    return "".join(parts)
