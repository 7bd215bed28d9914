"""Feeds as other programs make them, of the posts of a blog of ours."""

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape
from pathlib import PurePosixPath

from syndicate.model import Post

__all__ = ["chirpy", "hexo", "hugo", "jekyll_feed", "wordpress", "wordpress_export"]


def _atom(site: str, path: str, *, own: str, generator: str, entries: Sequence[str]) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f'{generator}<link href="{site}/{path}" rel="self" type="application/atom+xml"/>'
        f'<link href="{site}/" rel="alternate" type="text/html"/><id>{own}</id>'
        f"<updated>2026-01-01T00:00:00+00:00</updated><title>Old</title>{''.join(entries)}</feed>"
    )


def _entry(post: Post, name: str) -> str:
    when = post.published.isoformat()
    return (
        f'<entry><title type="html">{escape(escape(post.title))}</title>'
        f'<link href="{escape(post.url)}" rel="alternate" type="text/html"/>'
        f"<published>{when}</published><updated>{when}</updated><id>{escape(name)}</id>"
        f'<content type="html">Old words of {escape(escape(post.title))}</content></entry>'
    )


def _rss(site: str, path: str, generator: str, items: Sequence[str]) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title>'
        f"<link>{site}/</link><description>Old</description>"
        f'<generator>{generator}</generator><atom:link href="{site}/{path}" rel="self" '
        f'type="application/rss+xml"/>{"".join(items)}</channel></rss>'
    )


def _item(post: Post, guid: str, more: str = "", permalink: str = "true") -> str:
    return (
        f"<item><title>{escape(post.title)}</title><link>{escape(post.url)}</link>"
        f"<pubDate>{format_datetime(post.published)}</pubDate>"
        f'<guid isPermaLink="{permalink}">{escape(guid)}</guid>'
        f"<description>Old words of {escape(escape(post.title))}</description>{more}</item>"
    )


def _jekyll_id(post: Post) -> str:
    """Jekyll's `post.id`: the folder of its address, and the name of its file without date."""
    name = PurePosixPath(post.path).stem.split("-", 3)[3]
    return post.url.rstrip("/").rpartition("/")[0] + "/" + name


def jekyll_feed(posts: Sequence[Post], site: str) -> dict[str, str]:
    made = '<generator uri="https://jekyllrb.com/" version="4.3.2">Jekyll</generator>'
    entries = [_entry(post, _jekyll_id(post)) for post in posts[:10]]
    text = _atom(site, "feed.xml", own=f"{site}/feed.xml", generator=made, entries=entries)
    return {"feed.xml": text}


def chirpy(posts: Sequence[Post], site: str) -> dict[str, str]:
    made = '<generator uri="https://jekyllrb.com/" version="4.3.2">Jekyll</generator>'
    entries = [_entry(post, post.url) for post in posts[:5]]
    return {"feed.xml": _atom(site, "feed.xml", own=f"{site}/", generator=made, entries=entries)}


def hugo(posts: Sequence[Post], site: str) -> dict[str, str]:
    return {"index.xml": _rss(site, "index.xml", "Hugo", [_item(p, p.url) for p in posts])}


def hexo(posts: Sequence[Post], site: str) -> dict[str, str]:
    made = '<generator uri="https://hexo.io/">Hexo</generator>'
    entries = [_entry(post, post.url) for post in posts[:7]]
    items = [_item(post, post.url) for post in posts[:7]]
    return {
        "atom.xml": _atom(site, "atom.xml", own=f"{site}/", generator=made, entries=entries),
        "rss2.xml": _rss(site, "rss2.xml", "http://hexo.io/", items),
    }


def wordpress(posts: Sequence[Post], site: str) -> dict[str, str]:
    items = [_item(post, f"{site}/?p={n}", "", "false") for n, post in _numbered(posts)[:10]]
    return {"feed/index.xml": _rss(site, "feed/", "https://wordpress.org/?v=6.4", items)}


def wordpress_export(posts: Sequence[Post], site: str) -> str:
    status = "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    items = [_item(post, f"{site}/?p={n}", status, "false") for n, post in _numbered(posts)]
    version = "<wp:wxr_version>1.2</wp:wxr_version>"
    return _rss(site, "feed/", "https://wordpress.org/?v=6.4", [version, *items])


def _numbered(posts: Sequence[Post]) -> list[tuple[int, Post]]:
    return [(len(posts) - at + 10, post) for at, post in enumerate(posts)]
