"""Layouts: path templates of feed files, our own or those of a generator whose feeds we replace.

`feeds.legacy` has the ids of entries and the folder names of the same generators.
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
    """Template for each format. An empty one stands for the default layout's template."""

    atom: str = ""
    rss: str = ""
    json: str = ""


Template = str | PerFormat


class Layout(Struct, frozen=True, forbid_unknown_fields=True):
    """Paths of feeds below the output folder.

    `atom`, `rss` and `json` are the file names of the formats. `all` to `language` are templates of
    paths: ``{file}`` is the file name, ``{slug}`` the folder name of the category, tag, author or
    language. `like` is the generator whose ids and folder names are kept.
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
"""All named layouts."""


def template_of(layout: Layout, kind: str, form: Format) -> str:
    """Return the path template of the feed `kind` ("all", "tag" …) in the format `form`."""
    template: Template = getattr(layout, kind)
    if isinstance(template, str):
        return template
    own: str = getattr(template, form)
    return own or template_of(LAYOUTS["default"], kind, form)
