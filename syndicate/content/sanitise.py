"""Keep only allowed tags, attributes and addresses in a body, with nh3.

This is the last step, and nothing after it adds markup. A mistake in the steps before can make a
body ugly, but not unsafe.
"""

import re
from functools import cache

from nh3 import Cleaner

from syndicate.content.body_addresses import KEPT_SCHEMES, PICTURE_DATA

__all__ = ["TAGS", "sanitise"]

# fmt: off
TAGS = {
    "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "bdi", "bdo", "big",
    "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main",
    "mark", "menu", "nav", "ol", "p", "picture", "pre", "q", "rb", "rp", "rt", "rtc", "ruby",
    "s", "samp", "section", "small", "source", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
    "video", "wbr",
}
# fmt: on
# The text of these elements is removed too.
# fmt: off
_DROPPED = {
    "applet", "area", "base", "canvas", "datalist", "embed", "frame", "frameset", "head",
    "iframe", "input", "link", "map", "math", "meta", "noembed", "noframes", "noscript",
    "object", "param", "script", "select", "style", "svg", "template", "textarea", "title",
}
# fmt: on
_ATTRIBUTES = {
    "*": {"id", "dir", "lang", "align"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "acronym": {"title"},
    "audio": {"controls", "src"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "dfn": {"title"},
    "img": {"alt", "height", "sizes", "src", "srcset", "title", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"controls", "height", "poster", "src", "width"},
}
# Hosts that refuse pictures to other pages show them if no referrer is sent.
_REFERRER_POLICIES = {
    *("no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin"),
    *("same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url"),
}
_ATTRIBUTE_VALUES = {tag: {"referrerpolicy": _REFERRER_POLICIES} for tag in ("a", "img")}
# The sanitiser's time grows with the square of the ampersands in one text. A comment divides the
# text and is dropped. Comments and tags are matched in order to be skipped.
_MANY_AMPERSANDS = 2_000
_TAG_OR_AMPERSANDS = re.compile(
    r"<!--.*?-->|<(?:[^\">]|\"[^\"]*\")*>|((?:&[^&<>]*){500})", re.DOTALL
)
_TAG_NAME = re.compile(r"<([a-z][^\s/>]*)")
_PRE_AND_LINE_END = re.compile(r"(<pre\b[^>]*>)\n")


def _only_pictures(tag: str, _name: str, value: str) -> str | None:
    """Drop a ``data:`` address, unless it is the picture of an ``<img>``."""
    if value.lstrip()[:5].lower() != "data:":
        return value
    return value if tag == "img" and PICTURE_DATA.match(value) else None


def _divided(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[0]}<!---->"
    if match[0].count("&") > _MANY_AMPERSANDS and (name := _TAG_NAME.match(match[0])):
        return f"<{name[1]}>"  # an attribute cannot be divided
    return match[0]


@cache
def _cleaner(*, spans: bool, data: bool) -> Cleaner:
    """Return the sanitiser. The callback for ``data:`` doubles its time."""
    return Cleaner(
        tags=TAGS | {"span"} if spans else TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_ATTRIBUTE_VALUES,
        clean_content_tags=_DROPPED,
        attribute_filter=_only_pictures if data else None,
        link_rel=None,
        url_schemes=set(KEPT_SCHEMES | {"data"} if data else KEPT_SCHEMES),
        url_relative="deny",
    )


def sanitise(html: str, *, spans: bool = False) -> str:
    """Return `html` with only allowed tags, attributes and addresses, well-formed.

    A `<span>` has no meaning without a style sheet, except for its text direction. So `spans` are
    kept only in a body that needs them.
    """
    if html.count("&") > _MANY_AMPERSANDS:
        html = _TAG_OR_AMPERSANDS.sub(_divided, html)
    cleaner = _cleaner(spans=spans, data="data:image" in html)
    # HTML 13.1.2.5: a parser drops the first line end in <pre>, so a line end that is text is
    # doubled.
    return _PRE_AND_LINE_END.sub(r"\1\n\n", cleaner.clean(html))
