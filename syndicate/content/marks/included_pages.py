"""Read the body of another page for a post that shows it, without its locked parts."""

import re

from syndicate.content.locked import public_text

__all__ = ["public_body"]

_HEADER = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n.*?^\1[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def public_body(text: str, lines: str = "") -> str:
    """Return the Markdown file `text` without its front matter and its locked parts.

    `lines` (``2,5`` or ``2-5``; either end may be missing) selects lines of the whole file. The
    result is empty if `lines` is given and the file has locked parts, because the lines may be part
    of one.
    """
    public = public_text(text.encode("utf-8", "replace"), "markdown")
    first, mark, last = lines.replace("-", ",").partition(",")
    if not mark:
        return _HEADER.sub("", public.text if public else text)
    start = int(first) - 1 if first.isdecimal() else 0
    end = int(last) if last.isdecimal() else None
    return "" if public else "\n".join(text.split("\n")[max(start, 0) : end])
