"""Turn a body into Content: Markdown, cleaning and excerpt.

The order is: marks of other sites, read-more marker, Markdown, cleaning, excerpt. Guaranteed: never
raises for any text.

`render` calls `draft` and `finish`. For many bodies, draft some dozens and then finish them, which
measured 10 % faster.
"""

from html import escape

from msgspec import Struct

from syndicate.content import rst
from syndicate.content.body_addresses import Page
from syndicate.content.clean import Cleaned, clean
from syndicate.content.excerpt import Excerpt
from syndicate.content.excerpt import excerpt as first_part
from syndicate.content.line_ends import without_line_ends
from syndicate.content.markdown import open_fences_are_code, to_html
from syndicate.content.pasted import settle_text
from syndicate.content.read_more import MORE, mark_more
from syndicate.engines.shared.grammar import Grammar
from syndicate.model import Content, Markup

__all__ = ["Draft", "Rules", "draft", "finish", "render"]

_LONGEST_OWN = 4  # times the usual length, because authors may choose a longer excerpt
_AUTHORS_OWN = 1_000  # graphemes of an excerpt in the front matter that are always kept


class Rules(Struct, frozen=True):
    """Settings of a blog for the bodies of its posts.

    `separator` is the site's own read-more marker, `grammar` the settings of its Markdown renderer.
    """

    excerpt_length: int
    separator: str = ""
    grammar: Grammar | None = None


class Draft(Struct, frozen=True):
    """Clean body that still needs its excerpt.

    The excerpt is the first `own_length` graphemes of `own`, which the author chose. If `own` has
    no text, it is the first `length` graphemes of the body.
    """

    body: Cleaned
    own: str
    own_length: int
    length: int


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
    grammar: Grammar | None = None,
) -> Content:
    """Return the Content of a body, for the post at `page` (absolute) of the site at `base`.

    The excerpt is the author's own (`excerpt`, Markdown or HTML), or the text before the read-more
    marker (`separator` is the site's own), or the first paragraphs up to `excerpt_length`
    graphemes. A first heading that repeats `title` is removed. `grammar` has the settings of the
    blog's Markdown renderer.
    """
    rules = Rules(excerpt_length, separator, grammar)
    place = Page(page, base)
    return finish(draft(body, rules, markup=markup, page=place, title=title, excerpt=excerpt))


def draft(
    body: str, rules: Rules, *, markup: Markup, page: Page, title: str, excerpt: str = ""
) -> Draft:
    """Return the clean body. `excerpt` is the author's own, in Markdown or HTML."""
    html, lead = map(without_line_ends, _html_and_lead(body, markup, rules))
    cleaned = clean(html, page, title)
    length = rules.excerpt_length
    if excerpt.strip():
        own = clean(without_line_ends(to_html(excerpt, rules.grammar)), page).html
        return Draft(cleaned, own, max(_AUTHORS_OWN, length), length)
    own = clean(lead, page, title).html if lead else ""
    return Draft(cleaned, own, _LONGEST_OWN * length, length)


def finish(draft: Draft) -> Content:
    """Return the clean body with its excerpt."""
    chosen = Excerpt("", "", cut=False)
    if draft.own:
        chosen = first_part(draft.own, length=draft.own_length, whole=True)
    if not chosen.text:
        chosen = first_part(draft.body.html, length=draft.length)
    return Content(
        html=draft.body.html,
        excerpt=chosen.text,
        excerpt_html=chosen.html,
        image=draft.body.image,
    )


def _html_and_lead(body: str, markup: Markup, rules: Rules) -> tuple[str, str]:
    """Return the body as HTML, and the part of it before the read-more marker."""
    # a marker is a comment there (``.. TEASER_END``), and later a comment of HTML
    if markup == "rst":
        body, markup = _from_rst(body), "html"
    else:
        body = settle_text(body, markup=markup)
    marked = mark_more(body, rules.separator, unclosed=open_fences_are_code(rules.grammar))
    html = to_html(marked, rules.grammar) if markup == "markdown" else marked
    if MORE not in marked:
        return html, ""
    lead, marker, rest = html.partition(MORE)
    if not marker:  # the marker was in code that only the renderer recognises, so it is text
        return to_html(body, rules.grammar), ""
    return lead + rest, lead


def _from_rst(body: str) -> str:
    try:
        return rst.to_html(body)
    except ImportError:  # docutils is an extra; the source is readable too
        return f"<pre>{escape(body, quote=False)}</pre>"
