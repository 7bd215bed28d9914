"""What is around every page: head, breadcrumbs, footer.

A page needs no other file and no script, and sends nobody's browser anywhere: its policy (CSP 3)
allows this style sheet, this script, and pictures of its own host.
"""

from collections.abc import Iterable
from functools import cache
from urllib.parse import quote, unquote

from msgspec import Struct

from syndicate.feeds.item import site_title
from syndicate.feeds.paths import address
from syndicate.model import PAGE_MARK, Document, Site
from syndicate.pages.assets import digest, script, style
from syndicate.pages.escape import beside, local, text, web
from syndicate.pages.messages import Voice, direction
from syndicate.pages.page_paths import INDEX, upward

__all__ = ["FEED_ICON", "Page", "framed"]

FEED_ICON = (
    '<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor"'
    ' stroke-width="2.2" stroke-linecap="round"><circle cx="3" cy="13" r="1.6"'
    ' fill="currentColor" stroke="none"/>'
    '<path d="M2 7.5A6.5 6.5 0 0 1 8.5 14M2 2a12 12 0 0 1 12 12"/></svg>'
)


class Page(Struct, frozen=True):
    """A page to be framed. `header`, `main` and `links`, which are for its head, are HTML.

    `opml` is the path of the list of feeds. A page that is not `listed` asks search engines to
    leave it out: its posts have better ones.
    """

    path: str
    title: str
    site: Site
    voice: Voice
    header: str
    main: str
    links: Iterable[str]
    opml: str
    listed: bool


def framed(page: Page) -> Document:
    """The whole of `page`: the same bytes for the same page."""
    says, own = page.voice.says, page.voice.own
    up = upward(page.path)
    opml = beside(page.opml, up)
    preview = f"<p><strong>{says.preview}</strong></p>\n" if page.site.preview else ""
    robots = (
        "" if page.listed and not preview else '<meta name="robots" content="noindex, follow">\n'
    )
    links = "\n".join(page.links)
    data = f"""<!doctype html>
<html lang="{own}" dir="{direction(own)}">
<head>
<meta charset="utf-8">
{PAGE_MARK}
{_policy()}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{robots}<title>{text(page.title)}</title>
<link rel="canonical" href="{text(address(page.site.url, page.path))}">
<link rel="icon" href="{_icon(page.site, up)}">
{links}
<link rel="alternate" type="text/x-opml" title="OPML" href="{opml}">
<style>{style()}</style>
</head>
<body>
<header>
{_crumbs(page, up)}
{page.header}
</header>
<main>
{preview}{page.main}
</main>
<footer>
<a href="{opml}">{says.opml}</a>
<span class="unseen" id="said" role="status"></span>
</footer>
<script>{script()}</script>
</body>
</html>
"""
    return Document(page.path, "text/html; charset=utf-8", data.encode())


@cache
def _policy() -> str:
    rules = (
        "default-src 'none'",
        f"style-src {digest(style())}",
        f"script-src {digest(script())}",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'


def _crumbs(page: Page, up: str) -> str:
    """Up to the site, and from all but the index to that."""
    address = page.site.url.rstrip("/")
    home, feeds = web(address + "/"), beside(INDEX, up)
    if page.path == INDEX:  # its heading says the name already
        links = [f'<a href="{home}" dir="ltr">{text(_bare(address))}</a>']
    else:
        name = text(site_title(page.site))
        links = [
            f'<a href="{home}"{page.voice.mark} dir="auto">{name}</a>',
            f'<a href="{feeds}">{page.voice.says.feeds}</a>',
        ]
    return f'<nav><ul class="site">{"".join(f"<li>{link}</li>" for link in links)}</ul></nav>'


def _bare(address: str) -> str:
    """`address` as people say it, for them to read."""
    return unquote(address.partition("://")[2] or address)


def _icon(site: Site, up: str) -> str:
    """The site's own icon, or else the sign of feeds: a page without one asks for /favicon.ico."""
    own = local(site.icon, site.url, up)
    return own or text(_drawn())


@cache
def _drawn() -> str:
    drawing = FEED_ICON.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    return "data:image/svg+xml," + quote(drawing.replace("currentColor", "#d9600f"), " /:='")
