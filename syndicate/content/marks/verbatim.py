"""Protect HTML that a generator inserts after its Markdown is rendered.

Hexo does that with the text between ``{% raw %}`` and ``{% endraw %}``.
"""

import re

__all__ = ["as_one_block"]

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_PRE = re.compile(r"<pre\b.*?</pre\s*>", re.DOTALL | re.IGNORECASE)
_MARGIN = re.compile(r"^[ \t]+", re.MULTILINE)


def as_one_block(text: str, indent: str) -> str:
    """Return `text` so that a Markdown renderer keeps it unchanged, if it is lines of HTML.

    An HTML block ends at a blank line, so the result has no blank line; those in preformatted text
    become character references. Other text is returned unchanged. `indent` is written before the
    block.
    """
    source = text.strip()
    if not source.startswith("<") or "\n" not in source or "```" in source or "~~~" in source:
        return text
    end = source.rfind("</pre") + len("</pre>") if "</pre" in source else 0
    held = _PRE.sub(lambda pre: pre[0].replace("\n", "&#10;"), source[:end]) + source[end:]
    lines = _MARGIN.sub("", _BLANK_LINES.sub("\n", held))
    block = "\n".join(f"{indent}{line}" for line in ("<div>", *lines.split("\n"), "</div>"))
    return f"\n\n{block}\n\n"
