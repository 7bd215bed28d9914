"""The parts of a page: addresses and readers, posts, lists of feeds. Each is HTML, escaped."""

from collections.abc import Mapping, Sequence, Set

from syndicate.config.layouts import Layout
from syndicate.feeds.values import language_tag
from syndicate.model import UNDATED, Entry, FeedPlan, Post, Site
from syndicate.pages.escape import beside, local, shortened, text, web
from syndicate.pages.html_page import FEED_ICON
from syndicate.pages.link_tags import NAMES, TYPES, feed_urls
from syndicate.pages.messages import Messages, Voice, voice
from syndicate.pages.page_paths import WORTH_A_LIST, list_page, page_path
from syndicate.pages.readers import app_link, reader_links
from syndicate.text.characters import one_line

__all__ = ["feed_name", "listed", "posts", "subscribing", "topics"]

FEW = 60
"""Feeds that are listed unfolded."""


def feed_name(feed: FeedPlan) -> str:
    """What a page calls `feed` where the site's name is said already."""
    if feed.kind == "language":
        spoken = voice(feed.term)
        return spoken.says.name if spoken.own == spoken.shown else feed.term
    return feed.term or feed.title


def subscribing(feed: FeedPlan, site: Site, says: Messages, up: str) -> str:
    """How to subscribe to `feed`: its addresses, to copy, and links that hand it to readers."""
    urls = feed_urls(feed, site)
    first = next(iter(urls.values()))
    rows = "\n".join(
        f"<div>\n<dt>{NAMES[form]}</dt>\n"
        f'<dd><code id="{form}" dir="ltr">{_breakable(url)}</code></dd>\n'
        f'<dd><button class="copy" type="button" data-of="{form}" data-done="{says.copied}" hidden>'
        f'{says.copy}<span class="unseen"> {NAMES[form]}</span></button>'
        f'<a class="button" href="{beside(feed.files[form], up)}" type="{TYPES[form]}">'
        f'{says.open}<span class="unseen"> {NAMES[form]}</span></a></dd>\n</div>'
        for form, url in urls.items()
    )
    readers = "\n".join(
        f'<li><a class="button" href="{text(link)}" rel="noreferrer">{name}</a></li>'
        for name, link in (*reader_links(first), (says.app, app_link(first)))
    )
    return f"""<section class="card" aria-labelledby="subscribe">
<h2 id="subscribe">{FEED_ICON} {says.subscribe}</h2>
<dl>
{rows}
</dl>
<h3>{says.readers}</h3>
<ul class="readers">
{readers}
</ul>
</section>"""


def posts(feed: FeedPlan, entries: Sequence[Entry], site: Site, speech: Voice, up: str) -> str:
    """The newest posts of `feed`: title, day, excerpt, and the picture if it is the site's own."""
    known = _posts_of(feed, {entry.id for entry in entries})
    items = "\n".join(_post(entry, known.get(entry.id), site, speech, up) for entry in entries)
    return f"""<section aria-labelledby="latest">
<h2 id="latest">{speech.says.latest}</h2>
<ol class="posts">
{items}
</ol>
</section>"""


def _posts_of(feed: FeedPlan, ids: Set[str]) -> dict[str, Post]:
    """Return the posts of `feed` that have one of `ids`. They are the newest ones: stop early."""
    found: dict[str, Post] = {}
    for post in feed.posts:
        if len(found) == len(ids):
            break
        if (name := one_line(post.id)) in ids:
            found[name] = post
    return found


def _post(entry: Entry, post: Post | None, site: Site, speech: Voice, up: str) -> str:
    language = (post and language_tag(post.language)) or speech.shown
    # An entry's own date is an instant; only the post's knows which day that was to its author.
    day = post.published if post else entry.published
    dated = day != UNDATED
    title, url = shortened(entry.title), web(entry.url)
    picture = local(entry.image, site.url, up)
    # Beside its title the picture says nothing more: screen readers are to pass it over.
    shown = picture and (
        f'<img src="{picture}" alt="" width="136" height="102" loading="lazy" decoding="async">\n'
    )
    words = shortened(entry.summary)
    theirs = speech.marked(language)
    ours = f' lang="{speech.own}"' if theirs else ""
    return (
        f"<li><article{theirs}>\n"
        f'{shown}<h3 dir="auto">{f"""<a href="{url}">{title}</a>""" if url else title}</h3>\n'
        + (
            f'<time datetime="{day.isoformat()}"{ours}>{speech.says.day(day)}</time>\n'
            if dated
            else ""
        )
        + (f'<p dir="auto">{words}</p>\n' if words else "")
        + "</article></li>"
    )


def topics(groups: Mapping[str, Sequence[FeedPlan]], layout: Layout, speech: Voice, up: str) -> str:
    """The feeds of each kind, folded; of very many a link to their list."""
    few = sum(map(len, groups.values())) <= FEW
    parts = "\n".join(
        _linked(kind, feeds, speech, up)
        if len(feeds) > WORTH_A_LIST
        else f'<details class="topics"{" open" * few}>\n'
        f"<summary>{_heading(kind, feeds, speech)}</summary>\n"
        f"{listed(feeds, layout, speech, up)}\n</details>"
        for kind, feeds in groups.items()
    )
    return f"""<nav aria-labelledby="feeds">
<h2 id="feeds">{speech.says.more}</h2>
{parts}
</nav>"""


def listed(feeds: Sequence[FeedPlan], layout: Layout, speech: Voice, up: str) -> str:
    """A link to the page of each of `feeds`."""
    items = "\n".join(
        f'<li><a href="{beside(page_path(feed, layout), up)}"{_own_name(feed, speech)}>'
        f"{shortened(feed_name(feed))}</a></li>"
        for feed in feeds
    )
    return f'<ul class="terms"{speech.mark}>\n{items}\n</ul>'


def _linked(kind: str, feeds: Sequence[FeedPlan], speech: Voice, up: str) -> str:
    link = f'<a href="{beside(list_page(kind), up)}">{_heading(kind, feeds, speech)}</a>'
    return f'<p class="topics">{link}</p>'


def _heading(kind: str, feeds: Sequence[FeedPlan], speech: Voice) -> str:
    return f"{getattr(speech.says, kind)} <small>{len(feeds)}</small>"


def _own_name(feed: FeedPlan, speech: Voice) -> str:
    return speech.marked(language_tag(feed.term)) if feed.kind == "language" else ""


def _breakable(url: str) -> str:
    """`url` as text that may go on in the next line after each part of its path."""
    scheme, slashes, rest = url.partition("://")
    return text(scheme + slashes) + text(rest).replace("/", "/<wbr>")
