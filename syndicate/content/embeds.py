"""Replace frames and plug-ins by links, because feed readers do not show them."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.body_addresses import Page

__all__ = ["link_embeds"]

# The address inside a frame, and the address of the page that shows the same to people.
_FOR_PEOPLE = tuple(
    (re.compile(pattern, re.IGNORECASE), page)
    for pattern, page in (
        (r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/videoseries\?.*?\blist=([\w-]+).*",
         r"https://www.youtube.com/playlist?list=\1"),
        (r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]+).*",
         r"https://www.youtube.com/watch?v=\1"),
        (r"https?://player\.vimeo\.com/video/(\d+).*", r"https://vimeo.com/\1"),
        (r"https?://player\.bilibili\.com/player\.html\?.*?\bbvid=(\w+).*",
         r"https://www.bilibili.com/video/\1"),
        (r"https?://player\.bilibili\.com/player\.html\?.*?\baid=(\d+).*",
         r"https://www.bilibili.com/video/av\1"),
        (r"https?://player\.youku\.com/embed/([\w=]+).*", r"https://v.youku.com/v_show/id_\1.html"),
        (r"https?://v\.qq\.com/.*?\bvid=(\w+).*", r"https://v.qq.com/x/page/\1.html"),
        (r"https?://music\.163\.com/outchain/player\?.*?\bid=(\d+).*",
         r"https://music.163.com/song?id=\1"),
        (r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+).*",
         r"https://www.dailymotion.com/video/\1"),
        (r"https?://open\.spotify\.com/embed(?:-podcast)?/([\w/]+).*",
         r"https://open.spotify.com/\1"),
        (r"https?://codepen\.io/([\w-]+)/embed/(?:preview/)?(\w+).*",
         r"https://codepen.io/\1/pen/\2"),
        (r"https?://codesandbox\.io/embed/([\w-]+).*", r"https://codesandbox.io/s/\1"),
        (r"https?://jsfiddle\.net/(.+?)/embedded\b.*", r"https://jsfiddle.net/\1/"),
        (r"https?://www\.loom\.com/embed/(\w+).*", r"https://www.loom.com/share/\1"),
        (r"https?://embed\.ted\.com/(.*)", r"https://www.ted.com/\1"),
    )
)  # fmt: skip
_NOT_FOR_READING = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:googletagmanager\.com|doubleclick\.net|google\.com/recaptcha"
    r"|facebook\.com/plugins/(?:like|share|follow)|platform\.twitter\.com/widgets"
    r"|ghbtns\.com|disqus\.com|googlesyndication\.com)",
    re.IGNORECASE,
)
_PLUGIN_ADDRESS = 'param[name="movie" i], param[name="src" i], param[name="url" i]'
_BLOCKS = frozenset(
    {"article", "aside", "blockquote", "center", "dd", "div", "figure", "li", "main", "section"}
    | {"body", "html", "td", "th"}
)
_LONGEST_TEXT = 80


def link_embeds(tree: LexborHTMLParser, page: Page) -> None:
    """Replace each ``iframe``, ``frame``, ``embed`` and ``object`` by a link to its content."""
    for node in reversed(tree.css("iframe, frame, embed, object, applet")):
        address = _address(node, page)
        if node.tag in ("object", "applet") and node.css_first("a, img, p, video, audio"):
            node.unwrap()  # its fallback content is better than a link
            continue
        if address and not _NOT_FOR_READING.match(address):
            node.insert_before(_link(node, address))
        node.decompose()


def _address(node: LexborNode, page: Page) -> str:
    attributes = node.attributes
    raw = next(
        filter(None, map(attributes.get, ("src", "data-src", "data", "data-lazy-src"))), None
    )
    if not raw and (parameter := node.css_first(_PLUGIN_ADDRESS)):
        raw = parameter.attributes.get("value")
    address = page.link(raw or "")
    if not address.startswith("http") or _is_invisible(attributes):
        return ""
    for pattern, target in _FOR_PEOPLE:
        if pattern.fullmatch(address):
            return pattern.sub(target, address)
    return address


def _is_invisible(attributes: dict[str, str | None]) -> bool:
    sides = (attributes.get("width"), attributes.get("height"))
    return all(side in ("0", "1", "0px", "1px") for side in sides)


def _link(node: LexborNode, address: str) -> LexborNode:
    """Return a link to `address`, in a paragraph of its own where a paragraph is allowed."""
    text = " ".join((node.attributes.get("title") or "").split())
    text = text or re.sub(r"^https?://(?:www\.)?", "", address)
    if len(text) > _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT - 1] + "…"
    parent = node.parent
    alone = parent is None or parent.tag in _BLOCKS
    template = LexborHTMLParser("<p><a></a></p>" if alone else "<a></a>", is_fragment=True)
    link = template.css_first("a")
    if link is None or template.root is None:
        raise AssertionError
    link.attrs["href"] = address
    link.insert_child(text)
    return template.root
