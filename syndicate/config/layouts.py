"""Where feeds go: a layout of our own making, or that of a generator whose feeds ours replace.

A layout is a row of path templates. What else the replaced generator did (the ids of entries, the
names of folders) is in `feeds.legacy`, under the same name.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from syndicate.model import FORMATS, Format

__all__ = ["LAYOUTS", "Layout", "LayoutName", "PerFormat", "Template", "template_of"]

LayoutName = Literal[
    "default", "jekyll-feed", "chirpy", "hugo", "hexo", "pelican", "zola", "wordpress"
]


class PerFormat(Struct, frozen=True, forbid_unknown_fields=True):
    """A template for each format; where one is empty, the default layout's."""

    atom: str = ""
    rss: str = ""
    json: str = ""


Template = str | PerFormat


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """Where feeds go under the output folder.

    `atom`, `rss` and `json` name the file of each format; `all` to `language` are templates of
    the path, in which ``{file}`` is that name and ``{slug}`` the folder name of the category,
    tag, author or language. `like` names the generator whose ids and folder names are kept.
    """

    like: LayoutName = "default"
    all: Template = "{file}"
    category: Template = "category/{slug}/{file}"
    tag: Template = "tag/{slug}/{file}"
    author: Template = "author/{slug}/{file}"
    language: Template = "language/{slug}/{file}"
    atom: str = FORMATS["atom"].file
    rss: str = FORMATS["rss"].file
    json: str = FORMATS["json"].file
    opml: str = "feeds.opml"


_PLURAL = {
    "category": "categories/{slug}/{file}",
    "tag": "tags/{slug}/{file}",
    "author": "authors/{slug}/{file}",
    "language": "{slug}/{file}",
}

LAYOUTS: Mapping[LayoutName, Layout] = MappingProxyType(
    {
        "default": Layout(),
        "jekyll-feed": Layout(
            like="jekyll-feed",
            atom="feed.xml",
            category=PerFormat(atom="feed/{slug}.xml"),
            tag=PerFormat(atom="feed/by_tag/{slug}.xml"),
        ),
        "chirpy": Layout(like="chirpy", atom="feed.xml"),
        "hugo": Layout(like="hugo", rss="index.xml", **_PLURAL),
        "hexo": Layout(like="hexo", rss="rss2.xml"),
        "pelican": Layout(
            like="pelican",
            all="feeds/all.{file}",
            category="feeds/{slug}.{file}",
            tag="feeds/tag/{slug}.{file}",
            author="feeds/{slug}.{file}",
            language="feeds/all-{slug}.{file}",
        ),
        "zola": Layout(like="zola", **_PLURAL),
        "wordpress": Layout(like="wordpress", rss="feed/index.xml", atom="feed/atom/index.xml"),
    }
)
"""Every layout that has a name."""


def template_of(layout: Layout, kind: str, form: Format) -> str:
    """The template for the path of the feed `kind` ("all", "tag" …) in the format `form`."""
    template: Template = getattr(layout, kind)
    if isinstance(template, str):
        return template
    own: str = getattr(template, form)
    return own or template_of(LAYOUTS["default"], kind, form)
