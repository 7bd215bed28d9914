"""Small blogs whose posts depend on more than their own files.

Each file is a text with ``$n``, which stands for one digit: its versions are of equal size.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

__all__ = ["BLOGS", "MOMENTS", "SETTINGS", "Blog"]

MOMENTS = tuple(
    datetime(2024, month, day, 12, tzinfo=UTC)
    for month, day in ((5, 20), (5, 31), (6, 2), (6, 20), (7, 15), (9, 1))
)
"""Posts fall due on the first of June and July, and expire on the tenth of June and July."""

SETTINGS: tuple[Mapping[str, object], ...] = (
    {},
    {"feeds.limit": 2},
    {"feeds.limit": 0, "feeds.formats": ["json"]},
    {"feeds.by": [], "feeds.formats": ["atom", "rss"]},
    {"feeds.by": ["category", "tag", "author"], "feeds.min_posts": 2},
    {"feeds.content": "excerpt", "excerpt.length": 20},
    {"excerpt.length": 12},
    {"site.title": "Another", "feeds.hubs": ["https://hub.example.org/"]},
    {"site.url": "https://moved.example.net/base"},
    {"site.timezone": "Asia/Shanghai", "site.language": "de"},
    {"feeds.layout": "jekyll"},
    {"feeds.layout": "hugo"},
    {"feeds.max_bytes": 4000},
    {"feeds.tombstones": 10},
    {"feeds.pages": True},
    {"feeds.pages": True, "feeds.by": ["author", "language"]},
    {"posts.future": True, "posts.drafts": True},
    {"posts.permalink": "/p/:year/:slug/"},
    {"state.compare": "content"},
)


class Blog(Struct, frozen=True):
    """`posts` name the files whose versions are posts; all other `files` say things about them."""

    files: Mapping[str, str]
    posts: tuple[str, ...]
    new: tuple[str, ...]
    """Names that posts may be renamed to; a new one comes under the first that is free."""
    folders: tuple[str, ...] = ("scaffolds", "_drafts", "themes")
    """Empty ones that a generator might be told by."""


def _blog(name: str, files: Mapping[str, str], post: str, *new: str) -> Blog:
    posts = tuple(path for path in files if path.startswith(post) and path.endswith(".md"))
    return Blog(files, tuple(path for path in posts if "_index" not in path), new)


_JEKYLL = {
    "_config.yml": "title: T$n\nurl: https://example.org\ntimezone: Europe/Berlin\n"
    "defaults:\n  - scope: {path: ''}\n    values: {author: Ana $n}\n",
    "_data/words.yml": "b: two $n\na: one $n\n",
    "_data/people/ana.json": '{"name": "Ana $n"}\n',
    "_includes/note.html": "<p>note $n {{ include.of }}</p>{% include deep.html %}\n",
    "_includes/deep.html": "<b>deep $n</b>\n",
    "_posts/2024-01-01-one.md": "---\ntitle: One $n\ntags: [a, b]\ncategory: x\n---\nHi $n.\n",
    "_posts/2024-02-01-two.md": "---\ntitle: Two\ndate: 2024-02-01 08:00:00 +0800\ntags: a\n---\n"
    '{% include note.html of="two" %} {{ page.date }} version $n\n',
    "_posts/2024-03-01-three.md": "---\ntags: [b]\n---\n# Three $n\n\n"
    "See {% post_url 2024-01-01-one %} and [two](2024-02-01-two.md).\n",
    "_posts/2024-04-01-four.md": "---\ntitle: Four $n\ncategories: [x, y]\n---\n"
    "{% for word in site.data.words %}{{ word[0] }}={{ word[1] }} {% endfor %}"
    "{{ site.data.people.ana.name }} {% odd %}\n",
    "_posts/2024-06-01-due.md": "---\ntitle: Due $n\ntags: [a]\ndate: 2024-06-01\n---\nLater $n\n",
    "_posts/2024-07-01-last.md": "---\ntitle: Last\nredirect_from: /l\n---\nLast $n {% link _posts/"
    "2024-06-01-due.md %}\n",
    "_posts/2024-05-02-bad.md": "---\ntitle: [Bad $n\n---\nText\n",
    "_posts/2024-05-03-own.md": "---\ntitle: Own\nid: tag:example.org,2020:$n\n---\nOwn\n",
    "_posts/2024-05-04-cup.md": "---\ntitle: Cup $n\nimage: cup.png\n---\n"
    "![c](..\\assets\\c.png)\n",
    "images/cup.png": "picture $n",
    "assets/c.png": "picture $n",
}
_HUGO = {
    "hugo.toml": 'baseURL = "https://example.org/"\ntitle = "H$n"\n[taxonomies]\ntag = "tags"\n',
    "content/posts/_index.md": '---\ntitle: Posts\ncascade:\n  params: {x: "$n"}\n  tags: [c$n]\n'
    "---\n",
    "content/posts/one.md": "+++\ntitle = 'One'\ndate = 2024-01-01T10:00:00+02:00\n+++\nHi $n.\n",
    "content/posts/two.md": "---\ntitle: Two $n\ndate: 2024-02-01\ntags: [a]\n---\n"
    '[one]({{< relref "one.md" >}}) {{< ref "three" >}} {{< figure src="p.png" >}} $n\n',
    "content/posts/three/index.md": "---\ntitle: Three\ndate: 2024-03-01\n---\n"
    "Bundle $n [t](../two.md)\n",
    "content/posts/three/featured.png": "picture $n",
    "content/posts/three/cover.png": "picture $n",
    "content/posts/cup.md": "---\ntitle: Cup $n\ndate: 2024-03-05\ncover: {image: img/c.png, "
    "relative: true}\naudio: c.mp3\n---\n![c](img/c.png) ![d](d.png)\n",
    "static/img/c.png": "picture $n",
    "content/posts/img/c.png": "picture $n",
    "content/posts/c.mp3": "sound $n",
    "content/posts/d.png": "picture $n",
    "content/posts/due.md": "---\ntitle: Due\ndate: 2024-01-05\npublishDate: 2024-06-01\n---\n"
    "Due $n\n",
    "content/posts/gone.md": "---\ntitle: Gone\ndate: 2024-01-06\nexpiryDate: 2024-06-10\n---\n"
    "Go $n\n",
    "content/posts/never.md": "---\ntitle: Never\ndate: 2024-07-01\nexpiryDate: 2024-06-10\n---\n"
    "No $n\n",
    "content/posts/brief.md": "---\ntitle: Brief $n\npublishDate: 2024-06-01\n"
    "date: 2024-01-07\nexpiryDate: 2024-07-10\n---\nBrief $n\n",
    "content/posts/draft.md": "---\ntitle: Draft\ndate: 2024-01-08\ndraft: true\n---\nDraft $n\n",
    "content/posts/undated.md": "---\ntitle: Undated $n\n---\nUndated\n",
    "content/posts/node_modules/deep.md": "---\ntitle: Deep\ndate: 2024-01-09\n---\nDeep $n\n",
}
_ELEVENTY = {
    "eleventy.config.js": "export default function (config) { config.addFilter('x$n') }\n",
    "package.json": '{"devDependencies": {"@11ty/eleventy": "^3.0.$n"}}\n',
    "_data/site.json": '{"title": "E$n", "url": "https://example.org"}\n',
    "_includes/note.njk": "<i>note $n</i>\n",
    "posts/posts.json": '{"tags": ["posts", "c$n"], "permalink": "/blog/{{ page.fileSlug }}/"}\n',
    "posts/one.md": "---\ntitle: One\ndate: 2024-01-01\n---\nHi $n {% include 'note.njk' %}\n",
    "posts/two.md": "---\ntitle: Two\n---\nTwo $n {{ title }} [one](one.md)\n",
    "posts/two.11tydata.json": '{"date": "2024-02-0$n", "tags": "side"}\n',
    "posts/2024-03-01-three.md": "---\ntitle: Three $n\ntags: a\n---\nThree\n",
    "posts/2024-03-01-three.json": '{"description": "Said $n"}\n',
    "posts/due.md": "---\ntitle: Due\ndate: 2024-06-01\n---\nDue $n\n",
}
_NIKOLA = {
    "conf.py": 'BLOG_TITLE = "N$n"\nSITE_URL = "https://example.org/"\nDEFAULT_LANG = "en"\n'
    'TRANSLATIONS = {"en": "", "de": "./de"}\nTIMEZONE = "UTC"\n'
    'POSTS = (("posts/*.md", "posts", "post.tmpl"),)\n',
    "posts/one.md": "<!--\n.. title: One\n.. slug: one\n.. date: 2024-01-01\n-->\nHi $n.\n",
    "posts/one.de.md": "Hallo $n.\n",
    "posts/one.de.meta": ".. title: Eins $n\n.. slug: eins\n",
    "posts/two.md": "Two $n\n",
    "posts/two.meta": ".. title: Two\n.. date: 2024-02-0$n 10:00:00 UTC+01:00\n.. tags: a, t$n\n",
    "posts/three.md": "Three\n",
    "posts/three.meta": ".. title: Three\n.. date: 2024-06-0$n 10:00:00\n.. category: c\n",
}
_PELICAN = {
    "pelicanconf.py": 'SITENAME = "P$n"\nSITEURL = "https://example.org"\nPATH = "content"\n'
    'TIMEZONE = "Europe/Paris"\nDEFAULT_CATEGORY = "misc$n"\nAUTHOR = "Ana"\n',
    "content/one.md": "Title: One\nDate: 2024-01-01 10:00\nTags: a\n\nHi $n.\n",
    "content/cat/two.md": "Title: Two $n\nDate: 2024-02-01\n\n[one]({filename}../one.md) $n\n",
    "content/three.md": "Title: Three\nDate: 2024-03-01\nStatus: draft\n\n$n\n",
    "content/four.md": "Title: Four\nDate: 2024-06-01\nSlug: four-$n\n\n"
    "[t]({filename}/cat/two.md)\n",
}
_HEXO = {
    "_config.yml": "title: X$n\nurl: https://example.org\npermalink: :year/:title/\n"
    "new_post_name: :title.md\nsource_dir: source\npost_asset_folder: true\n",
    "package.json": '{"hexo": {"version": "7.0.$n"}, "dependencies": {"hexo": "7"}}\n',
    "source/_posts/one.md": "---\ntitle: One\ndate: 2024-01-01 10:00:00\ntags: [a]\n---\nHi $n.\n",
    "source/_posts/two.md": "---\ntitle: Two\ndate: 2024-02-01\n---\n"
    "{% post_link one %} {% include_code lang:js x.js %} <!-- more --> $n\n",
    "source/downloads/code/x.js": "let x = $n\n",
    "source/_posts/cup.md": "---\ntitle: Cup $n\ndate: 2024-02-05\nindex_img: cup/a.png\n---\n"
    "![a](cup/a.png) [b](cup\\b.pdf) ![c](../img/c.png) {% asset_img a.png %}\n",
    "source/_posts/cup/a.png": "picture $n",
    "source/_posts/cup/b.pdf": "file $n",
    "source/img/c.png": "picture $n",
    "source/_posts/due.md": "---\ntitle: Due\ndate: 2024-06-01\n---\n{% post_path two %} $n\n",
}
_ZOLA = {
    "config.toml": 'base_url = "https://example.org"\ntitle = "Z$n"\n',
    "content/blog/_index.md": '+++\ntitle = "Blog $n"\n+++\n',
    "content/blog/2024-01-01-one.md": '+++\ntitle = "One"\n[taxonomies]\ntags = ["a"]\n+++\nHi $n\n'
    "",
    "content/blog/two.md": '+++\ntitle = "Two $n"\ndate = 2024-02-01\n+++\n'
    "[1](@/blog/2024-01-01-one.md)\n",
    "content/old/_index.md": "+++\ndraft = true # $n\n+++\n",
    "content/old/three.md": '+++\ntitle = "Three"\ndate = 2024-03-01T08:00:00+08:00\n+++\n'
    "Three $n\n",
    "content/blog/.git/four.md": '+++\ntitle = "Four"\ndate = 2024-03-02\n+++\nFour $n\n',
}
_PLAIN = {
    "2024-01-01-one.md": "# One\n\nHi $n [two](notes/two.md)\n",
    "notes/two.md": "---\ndate: 2024-02-01\ntags: [a]\n---\nTwo $n\n",
    "notes/three.html": "---\ntitle: Three\ndate: 2024-03-01\n---\n<p>Three $n</p>\n",
    "2024-06-01-due.md": "Due $n\n",
}

BLOGS: Mapping[str, Blog] = {
    "jekyll": _blog(
        "jekyll", _JEKYLL, "_posts/", "_posts/2024-01-03-new.md", "_posts/2024-05-09-n.md"
    ),
    "hugo": _blog(
        "hugo", _HUGO, "content/", "content/posts/new.md", "content/posts/other/index.md"
    ),
    "eleventy": _blog("eleventy", _ELEVENTY, "posts/", "posts/new.md", "posts/sub/2024-01-02-n.md"),
    "nikola": _blog("nikola", _NIKOLA, "posts/", "posts/new.md", "posts/two.de.md"),
    "pelican": _blog("pelican", _PELICAN, "content/", "content/new.md", "content/cat/new.md"),
    "hexo": _blog("hexo", _HEXO, "source/_posts/", "source/_posts/new.md", "source/_posts/d/n.md"),
    "zola": _blog("zola", _ZOLA, "content/", "content/blog/new.md", "content/old/new.md"),
    "plain": _blog("plain", _PLAIN, "", "2024-01-05-new.md", "notes/new.md"),
}
