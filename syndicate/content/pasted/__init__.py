"""Remove or resolve what remains of other sites in posts that were pasted from them.

`settle_text` edits the source of a body before it is rendered, `settle_tree` its parsed HTML. Other
functions edit clean HTML. A body without such marks costs a few searches. Guaranteed: never raises
for any text; time is linear in its length; code stays unchanged.
"""

import re

from syndicate.content.pasted.html_rules import drop_names_of_files, settle_tree
from syndicate.content.pasted.labels import drop_labels

__all__ = ["drop_labels", "drop_names_of_files", "settle_text", "settle_tree"]

# By the first character: most bodies lack some of them, and one character is found fast.
_PERHAPS_MARKED = {
    sign: re.compile(pattern, re.MULTILINE)
    for sign, pattern in {
        "[": r"\[(?:##_|#M_|:contents\]|/(?:caption|embed|video|audio|youtube|code|sourcecode)\]"
        r"|\[?_?[Tt][Oo][Cc]|\[_|f:id:|gallery|playlist|(?<=@\[)"
        r"|(?:youtube|vimeo|dailymotion|soundcloud|spotify|ted|tweet|instagram|googlemaps|gist"
        r"|audio|video)[ =]"
        r"|https?:[^\s\[\]]{1,300}:(?:embed|title))",
        "<": r"<(?:lj|card|aside>|!-- wp:|a name=[\"']more|!\[(?:if|endif)"
        r"|o:|/o:|w:|/w:|st1:|/st1:)",
        "=": r"=(?:\"!\[|\d{0,5}%?x\d{0,5}%?[) \t])",
        ":": r":::",
        "图": r"图片(?:转存|发自|描述\s*(?:<|$))",
        "|": r"\|\|?<$",
        "本": r"本(?=文由)",
        "阅": r"阅(?=读(?:全文|更多))",
        "P": r"P(?=ress enter or click to view)",
    }.items()
}
_RAW_PICTURE = "](https://"
_HEADS = ("---", "theme:", "<!--markdown-->")


def settle_text(body: str, *, markup: str) -> str:
    """Return the source `body` without the marks of other sites.

    `markup` is "markdown" or "html". Marks in code stay.
    """
    if not _is_perhaps_marked(body):
        return body
    # Importing the rules takes longer than searching most bodies.
    from syndicate.content.pasted.source import edited

    return edited(body, markup=markup)


def _is_perhaps_marked(body: str) -> bool:
    start = body[:40].lstrip()
    if start.startswith(_HEADS) or (start.startswith("<") and _RAW_PICTURE in body):
        return True
    for sign, pattern in _PERHAPS_MARKED.items():  # noqa: SIM110 - a generator takes longer
        if sign in body and pattern.search(body):
            return True
    return False
