"""Turn links to the file of a post (``./other.md``, ``@/blog/other.md``) into its address.

A link that leads to no post stays unchanged; it may lead to the README of a repository.
"""

import re
from urllib.parse import unquote

from syndicate.content.marks.context import Context, post_address
from syndicate.content.marks.scan import Scanner

__all__ = ["with_addresses"]

_TARGET = (
    r"(?<=\]\()<[^<>\n#]+?\.mdx?(?:\#[^<>\s]*)?>"
    r"|(?:(?<=\]\()|(?<=\]:[ \t])|(?<=href=[\"']))(?![a-z]+:|//|\#)"
    r"[^\s()<>\"'#]+?\.mdx?(?:\#[^\s()<>\"']*)?(?=[\s)\"']|\Z)"
)
_ANY = re.compile(_TARGET)


def with_addresses(text: str, context: Context, *, html: bool) -> str:
    """Return `text` with its links to the files of posts resolved."""
    if not context.links or not _ANY.search(text):
        return text
    parts = []
    for piece in Scanner(text, _TARGET, html=html, comments=False):
        source = text[piece.start : piece.end]
        if piece.kind == "mark":
            source = post_address(context, unquote(source.strip("<>"))) or source
        parts.append(source)
    return "".join(parts)
