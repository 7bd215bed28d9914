"""A body to Content: Markdown, cleaning and excerpt, in the one order that is right.

marks of other sites -> more-mark -> Markdown -> clean -> excerpt. Guaranteed: never raises,
whatever the text.

`render` is `draft` and `finish`. Who has many bodies drafts some dozens, then finishes them: a
processor that goes on doing the same thing takes a tenth less time.
"""

from functools import partial
from html import escape

from msgspec import Struct

from syndicate.content import rst
from syndicate.content.clean import Cleaned, clean
from syndicate.content.excerpt import Excerpt
from syndicate.content.excerpt import excerpt as first_part
from syndicate.content.line_ends import without_line_ends
from syndicate.content.markdown import ends_fences, to_html
from syndicate.content.more import MORE, mark_more
from syndicate.content.pasted import settle_text
from syndicate.engines.shared.grammar import Grammar
from syndicate.files.attachments import Attachments
from syndicate.model import Content, Markup

__all__ = ["Draft", "draft", "finish", "render"]

_LONGEST_OWN = 4  # times the usual length: authors may say more than we would take
_AUTHORS_OWN = 1_000  # graphemes of an excerpt in the header that are kept in any case


class Draft(Struct, frozen=True):
    """A clean body without its excerpt yet.

    That is the start of `own`, what the author chose, at most `own_length` graphemes; where that
    says nothing, `length` graphemes of the body.
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
    """The body of the post at `page` (absolute), of the site at `base`, ready for feeds.

    The excerpt is the author's own (`excerpt`, Markdown or HTML), else what stands before the
    more-mark (the site's own is `separator`), else the first paragraphs, `excerpt_length`
    graphemes of them. A first heading that repeats `title` is left out. `grammar` is kramdown's,
    where that is the blog's renderer of Markdown.
    """
    return finish(
        draft(
            body,
            markup=markup,
            page=page,
            base=base,
            title=title,
            excerpt=excerpt,
            excerpt_length=excerpt_length,
            separator=separator,
            grammar=grammar,
        )
    )


def draft(
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
    attachments: Attachments | None = None,
) -> Draft:
    """The clean body; the arguments are those of `render`.

    `attachments` find the files that the body refers to.
    """
    ready = partial(clean, page=page, base=base, attachments=attachments)
    html, lead = map(without_line_ends, _html_and_lead(body, separator, markup, grammar))
    cleaned = ready(html, title=title)
    if excerpt.strip():
        own = ready(without_line_ends(to_html(excerpt, grammar))).html
        return Draft(cleaned, own, max(_AUTHORS_OWN, excerpt_length), excerpt_length)
    own = ready(lead, title=title).html if lead else ""
    return Draft(cleaned, own, _LONGEST_OWN * excerpt_length, excerpt_length)


def finish(draft: Draft) -> Content:
    """The clean body with its excerpt."""
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


def _html_and_lead(
    body: str, separator: str, markup: Markup, grammar: Grammar | None
) -> tuple[str, str]:
    """The body as HTML, and of it what stands before the more-mark."""
    if markup == "rst":  # a mark is a comment there (``.. TEASER_END``), and one of HTML afterwards
        body, markup = _from_rst(body), "html"
    else:
        body = settle_text(body, markup=markup)
    marked = mark_more(body, separator, unclosed=ends_fences(grammar))
    html = to_html(marked, grammar) if markup == "markdown" else marked
    if MORE not in marked:
        return html, ""
    lead, found, rest = html.partition(MORE)
    if not found:  # it lay in code that only the renderer could tell, and was text
        return to_html(body, grammar), ""
    return lead + rest, lead


def _from_rst(body: str) -> str:
    try:
        return rst.to_html(body)
    except ImportError:  # an extra: the text as it is written reads well enough
        return f"<pre>{escape(body, quote=False)}</pre>"
