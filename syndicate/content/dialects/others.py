"""The text of another page, for posts that show it: its body, without what is locked in it."""

import re

from syndicate.content.locked import opened

__all__ = ["public_body"]

_HEADER = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n.*?^\1[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def public_body(text: str, lines: str = "") -> str:
    """Return the Markdown file `text` without its front matter and its locked parts.

    `lines` (``2,5`` or ``2-5``, either end may be left out) are lines of the file, its front matter
    counted. They are nothing where the file has locked parts: the lines may lie in one.
    """
    public = opened(text.encode("utf-8", "replace"), "markdown")
    first, mark, last = lines.replace("-", ",").partition(",")
    if not mark:
        return _HEADER.sub("", public.text if public else text)
    start = int(first) - 1 if first.isdecimal() else 0
    end = int(last) if last.isdecimal() else None
    return "" if public else "\n".join(text.split("\n")[max(start, 0) : end])
