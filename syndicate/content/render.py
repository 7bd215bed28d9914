"""A body to Content: Markdown, cleaning and excerpt, in the one order that is right.

more-mark -> Markdown -> clean -> excerpt. Guaranteed: never raises, whatever the text.
"""

from html import escape

from syndicate.content import rst
from syndicate.content.clean import clean
from syndicate.content.excerpt import Excerpt
from syndicate.content.excerpt import excerpt as first_part
from syndicate.content.markdown import to_html
from syndicate.content.more import MORE, mark_more
from syndicate.model import Content, Markup

__all__ = ["render"]

_LONGEST_OWN = 4  # times the usual length: authors may say more than we would take
_AUTHORS_OWN = 1_000  # graphemes of an excerpt in the header that are kept in any case


def render(
    body: str,
    *,
    markup: Markup,
    page: str,
    base: str,
    title: str,
    excerpt: str = "",
    excerpt_length: int,
    separator: str = "",
) -> Content:
    """The body of the post at `page` (absolute), of the site at `base`, ready for feeds.

    The excerpt is the author's own (`excerpt`, Markdown or HTML), else what stands before the
    more-mark (the site's own is `separator`), else the first paragraphs, `excerpt_length`
    graphemes of them. A first heading that repeats `title` is left out.
    """
    html, lead = _html_and_lead(body, separator, markup)
    cleaned = clean(html, page=page, base=base, title=title)
    if excerpt.strip():
        own = clean(to_html(excerpt), page=page, base=base)
        chosen = first_part(own.html, length=max(_AUTHORS_OWN, excerpt_length), whole=True)
    elif lead:
        own = clean(lead, page=page, base=base, title=title)
        chosen = first_part(own.html, length=_LONGEST_OWN * excerpt_length, whole=True)
    else:
        chosen = Excerpt("", "", cut=False)
    if not chosen.text:
        chosen = first_part(cleaned.html, length=excerpt_length)
    return Content(
        html=cleaned.html, excerpt=chosen.text, excerpt_html=chosen.html, image=cleaned.image
    )


def _html_and_lead(body: str, separator: str, markup: Markup) -> tuple[str, str]:
    """The body as HTML, and of it what stands before the more-mark."""
    if markup == "rst":
        return _from_rst(body), ""
    marked = mark_more(body, separator)
    html = to_html(marked) if markup == "markdown" else marked
    if MORE not in marked:
        return html, ""
    lead, found, rest = html.partition(MORE)
    if not found:  # it lay in code that only the renderer could tell, and was text
        return to_html(body), ""
    return lead + rest, lead


def _from_rst(body: str) -> str:
    try:
        return rst.to_html(body)
    except ImportError:  # an extra: the text as it is written reads well enough
        return f"<pre>{escape(body, quote=False)}</pre>"
