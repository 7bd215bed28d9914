"""Define the marks of other sites in the source of a body: a table of rules by site.

A rule only matches marks that no author writes by hand, or that are alone on their line.
"""

import json
import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import unquote

from msgspec import Struct

from syndicate.content.marks.snippets import code_block, embed, link, picture, sound, video
from syndicate.content.read_more import MORE
from syndicate.text.urls import without_placement

__all__ = ["RULES", "Rule", "alone"]


class Rule(Struct, frozen=True):
    """Rule for one kind of mark.

    `shown` returns its replacement; the argument `html` is True in a body of HTML. A body has the
    mark only if it has one of `needles`, matches `likely` and does not match `unless`. With
    `closing`, the mark ends at the next match of it; without a match, the mark stays.
    """

    site: str
    needles: tuple[str, ...]
    pattern: str
    shown: Callable[[str, bool], str]
    closing: str = ""
    likely: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    markups: frozenset[bool] = frozenset({True, False})
    """Values of `html` that the rule applies to."""


def alone(pattern: str) -> str:
    """Return a pattern of text that is alone on its line or between two tags."""
    return rf"(?:^[ ]{{0,3}}|(?<=>)\s*)(?:{pattern})[ \t]*(?:$|(?=\s*<))"


def _nothing(_mark: str, _html: bool) -> str:
    return ""


_HTML_ONLY, _MARKDOWN_ONLY = frozenset({True}), frozenset({False})
_ALT = r"(?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){0,300}"
_ADDRESSED = r"(?:[^\s()<>]|\([^\s()<>]{0,200}\)){1,2000}"
_TARGET = rf"(?:<[^<>\n]{{1,2000}}>|{_ADDRESSED})"
_TITLE = r"(?:[ \t]+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'))?"
_SIZE = r"=\d{0,5}%?x\d{0,5}%?"
_PICTURE = re.compile(
    rf"!\[(?P<alt>{_ALT})\]\([ \t]*(?P<src>{_TARGET})(?P<title>{_TITLE})"
    rf"(?:[ \t]+=(?P<width>\d{{0,5}}%?)x(?P<height>\d{{0,5}}%?))?(?P<after>{_TITLE})[ \t]*\)"
)


def _picture(mark: str, _html: bool) -> str:
    match = _PICTURE.fullmatch(mark)
    if match is None:
        return mark
    title = (match["title"] or match["after"]).strip()[1:-1]
    sizes = (match["width"] or "", match["height"] or "")
    width, height = ("" if size.endswith("%") else size for size in sizes)
    return picture(
        without_placement(match["src"].strip("<>")), match["alt"], title, (width, height)
    )


_TOC = r"\[{1,2}_?(?i:toc)_?\]{1,2}"
_FAILED = r"(?:外?链)?图片转存(?:失败|中)[^\[\]()<>\"\n]{0,60}"
_IMG = r"\(img-[\w-]{1,80}\)"
_FROM = r"(?:\((?:[^()<>\"\n]|\([^()<>\"\n]{0,80}\)){0,1000}\))?"
_NO_CAPTION = "在这里插入图片描述|请添加图片描述"
_FAILED_ALONE = "外链图片转存失败,源站可能有防盗链机制,建议将图片保存下来直接上传"
_TOOLS = r"(?:<a\b[^<>]{0,300}>|\[)\s*(?:mdnice|OpenWrite)\s*(?:</a>|\]\([^()\s]{0,300}\))"
_READ_ON = "展开阅读全文|打开APP阅读更多精彩内容"

_CSDN = (
    Rule(
        "csdn",
        (" =",),
        rf"!\[{_ALT}\]\([ \t]*{_TARGET}{_TITLE}[ \t]+{_SIZE}{_TITLE}[ \t]*\)",
        _picture,
        likely=re.compile(rf"{_SIZE}[) \t]"),
    ),
    Rule(
        "csdn",
        ("](https://",),
        rf"!\[{_ALT}\]\(https://[\w.-]{{0,40}}csdnimg\.cn/{_ADDRESSED}\)",
        _picture,
        likely=re.compile(r"\]\(https://[\w.-]{0,40}csdnimg\.cn/"),
        markups=_HTML_ONLY,
    ),
    Rule(
        "csdn",
        ('="![',),
        r"(?<=alt=\")!\[[^\[\]\"<>]{0,300}\]\([^\"<>]{0,2000}(?=\")",
        _nothing,
        markups=_HTML_ONLY,
    ),
    Rule(
        "csdn",
        ("@[",),
        alone(rf"@{_TOC}(?:\([^()\n]{{0,200}}\))?"),
        _nothing,
    ),
    Rule(
        "csdn",
        ("@[",),
        rf"(?:^|(?<=>)\s*)@{_TOC}(?=[^\s(\[,.:，。：、][^\n<,.，。、]{{0,30}}\s*(?:$|<))",
        _nothing,
    ),
    Rule("csdn", ("图片转存",), rf"(?<=!\[){_FAILED}(?:{_IMG})?{_FROM}(?=\]\()", _nothing),
    Rule("csdn", ("图片转存",), rf"!?\[?{_FAILED}{_IMG}{_FROM}\]?(?!\]?\()", _nothing),
    Rule(
        "csdn",
        ("图片转存",),
        rf"(?<=alt=\")!?\[?{_FAILED}(?:{_IMG})?{_FROM}\]?[^\"<>]{{0,200}}(?=\")",
        _nothing,
    ),
    Rule("csdn", ("图片转存",), alone(_FAILED_ALONE), _nothing),
    Rule("csdn", ("阅读",), alone(_READ_ON), _nothing),
    Rule(
        "mdnice, openwrite",
        ("本文由",),
        alone(rf"本文由(?:博客)?[^\n<>\[\]]{{0,20}}\s*{_TOOLS}\s*(?:多平台)?发布[！!。]?"),
        _nothing,
    ),
    Rule(
        "csdn",
        ("图片描述",),
        alone(_NO_CAPTION),
        _nothing,
        likely=re.compile(r"图片描述\s*(?:<|$)", re.M),
    ),
)

_CONTENTS = Rule(
    "csdn, juejin, gitlab, vuepress",
    ("TOC]", "toc]", "Toc]", "TOC_]"),
    alone(_TOC),
    _nothing,
    unless=re.compile(r"^ {0,3}\[toc\]:", re.M | re.I),
)


_CAPTION = re.compile(r"\[caption\b([^\[\]\n]*)\](.*)\[/caption\]", re.S)
_CAPTION_TEXT = re.compile(r"caption=[\"“”']([^\"“”']*)")
_HTML_PICTURE = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.S | re.I)
_SOURCE = re.compile(r"(?:src|mp3|mp4|m4a|ogg|webm|m4v)=[\"“”']?(https?://[^\s\"“”'\]]+)")
_ADDRESS = re.compile(r"https?://[^\s<>\[\]\"“”]+")
_LANGUAGE = re.compile(r"lang(?:uage)?=[\"']?([\w.+#-]+)")


def _caption(mark: str, html: bool) -> str:
    match = _CAPTION.fullmatch(mark)
    if match is None:
        return mark
    text = _CAPTION_TEXT.search(match[1])
    below = text[1] if text else ""
    shown = _HTML_PICTURE.fullmatch(match[2])
    if shown is None:
        return f"{match[2].strip()}\n\n{below}" if below else match[2]
    below = below or shown[2].strip()
    figcaption = f"<figcaption>{below}</figcaption>" if below else ""
    figure = f"<figure>{shown[1]}{figcaption}</figure>"
    return figure if html else f"\n\n{figure}\n\n"


def _media(mark: str, _html: bool) -> str:
    match = _SOURCE.search(mark)
    if match is None:
        return ""
    return sound(match[1]) if mark.startswith("[audio") else video(match[1])


_PLAYERS = (
    *("youtube", "vimeo", "dailymotion", "soundcloud", "spotify", "ted", "tweet", "instagram"),
    *("googlemaps", "gist", "audio", "video"),
)


def _embedded(mark: str, _html: bool) -> str:
    """Return a link to the page, or a player of the file, that a single shortcode names."""
    match = _ADDRESS.search(unescape(mark))
    if match is None:
        return mark
    shortcode = mark.strip().strip(">").strip()
    if shortcode.startswith("[audio"):
        return sound(match[0])
    if shortcode.startswith("[video"):
        return video(match[0])
    return embed("youtube", match[0]) if "youtu" in match[0] else link(match[0])


def _address(mark: str, _html: bool) -> str:
    match = _ADDRESS.search(mark)
    return link(unescape(match[0])) if match else mark


def _code(mark: str, html: bool) -> str:
    opening, _, rest = mark.partition("]")
    code = rest.rpartition("[/")[0]
    named = _LANGUAGE.search(opening)
    shown = code_block(unescape(code) if html else code, named[1] if named else "")
    return f"\n\n{shown}\n\n"


def _shortcode(name: str) -> str:
    return rf"\[{name}\b[^\[\]\n]{{0,500}}\]"


_WORDPRESS = (
    Rule("wordpress", ("[/caption]",), _shortcode("caption"), _caption, closing="[/caption]"),
    Rule(
        "wordpress", ("[gallery", "[playlist"), alone(_shortcode("(?:gallery|playlist)")), _nothing
    ),
    Rule("wordpress", ("[/embed]",), _shortcode("embed"), _address, closing="[/embed]"),
    Rule("wordpress", ("[/video]",), _shortcode("video"), _media, closing="[/video]"),
    Rule("wordpress", ("[/audio]",), _shortcode("audio"), _media, closing="[/audio]"),
    Rule(
        "wordpress",
        tuple(f"[{name}" for name in _PLAYERS),
        alone(rf"\[(?:{'|'.join(_PLAYERS)})[ =][^\[\]\n]{{1,500}}\]"),
        _embedded,
    ),
    Rule("wordpress", ("[/youtube]",), r"\[youtube\]", _embedded, closing="[/youtube]"),
    Rule("wordpress", ("[/code]",), f"^{_shortcode('code')}", _code, closing="[/code]"),
    Rule(
        "wordpress",
        ("[/sourcecode]",),
        f"^{_shortcode('sourcecode')}",
        _code,
        closing="[/sourcecode]",
    ),
    Rule(
        "wordpress",
        ("<!-- wp:",),
        r"<!--\s{0,9}/?wp:[a-z][^<>]{0,5000}?-->[ \t]*\n?",
        _nothing,
    ),
)


_ATTRIBUTE = re.compile(
    r"""\b(name|value|user|comm|title|text)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)


def _attributes(tag: str) -> dict[str, str]:
    attributes = _ATTRIBUTE.finditer(tag)
    return {
        attribute[1]: unescape(attribute[2] or attribute[3] or attribute[4] or "")
        for attribute in attributes
    }


def _card(mark: str, _html: bool) -> str:
    """Return the picture, code or link in the JSON of a card of Yuque."""
    attributes = _attributes(mark)
    try:
        value = json.loads(unquote(attributes.get("value", "").removeprefix("data:")))
    except (ValueError, RecursionError):
        return ""
    if not isinstance(value, dict):
        return ""
    texts = {name: text for name, text in value.items() if isinstance(text, str)}
    if attributes.get("name") in ("codeblock", "math"):
        return f"\n\n{code_block(texts.get('code', ''), texts.get('mode', ''))}\n\n"
    src = texts.get("src", "")
    if attributes.get("name") == "image":
        return picture(src, texts.get("title", ""))
    return link(src, texts.get("title") or texts.get("name", "")) if src else ""


def _livejournal(mark: str, html: bool) -> str:
    attributes = _attributes(mark)
    if mark.startswith("<lj-cut"):
        return MORE if html else f"\n\n{MORE}\n\n"
    name = attributes.get("user") or attributes.get("comm") or ""
    if not re.fullmatch(r"[\w-]{1,40}", name, re.ASCII):
        return ""
    host = name.strip("_-").replace("_", "-")
    return link(f"https://{host}.livejournal.com/", attributes.get("title") or name)


def _jump(_mark: str, html: bool) -> str:
    return MORE if html else f"\n\n{MORE}\n\n"


_KAKAO = re.compile(r"kage@([\w./%-]{1,300})|cfile(?:\d{1,4}\.uf)?@([0-9A-Za-z]{6,40})")
_OLD_TISTORY = "https://t1.daumcdn.net/cfile/tistory/"


def _tistory(mark: str, _html: bool) -> str:
    """Return the pictures or the file of a mark of Tistory, which Kakao hosts."""
    addresses = [
        f"https://blog.kakaocdn.net/dn/{path}" if path else f"{_OLD_TISTORY}{name}"
        for path, name in _KAKAO.findall(mark)
    ]
    if mark.startswith("[##_File|"):
        name = re.search(r'filename="([^"\n]{1,300})"', mark)
        return link(addresses[0], name[1] if name else "") if addresses else ""
    caption = re.search(r'"caption":"([^"\n]{0,300})"', mark)
    below = escape(re.sub(r"<[^<>]*>", "", caption[1])) if caption else ""
    shown = "".join(f'<img src="{escape(src)}" alt="">' for src in addresses)
    figcaption = f"<figcaption>{below}</figcaption>" if below else ""
    return f"\n\n<figure>{shown}{figcaption}</figure>\n\n" if addresses else ""


_ZENN_PAGES = {
    "youtube": "youtube",
    "tweet": "tweet",
    "gist": "gist",
    "speakerdeck": "speakerdeck",
    "codepen": "codepen",
    "jsfiddle": "jsfiddle",
    "vimeo": "vimeo",
}
_AT = re.compile(r"@\[([a-z]{2,20})\]\(([^()\s]{1,1000})\)")


def _at(mark: str, _html: bool) -> str:
    match = _AT.fullmatch(mark.strip(" \t\n>"))
    if match is None:
        return mark
    name, target = match[1], match[2]
    if target.startswith(("http://", "https://")):
        return embed(name, target) if name in _ZENN_PAGES else link(target)
    return embed(_ZENN_PAGES[name], target) if name in _ZENN_PAGES else mark


def _aside(mark: str, _html: bool) -> str:
    lines = mark.removeprefix("<aside>\n").removesuffix("</aside>").strip().split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


_OTHERS = (
    Rule(
        "yuque",
        ("<card",),
        r"<card\b(?:[^<>\"']|\"[^\"]*\"|'[^']*'){0,200}>(?:\s{0,9}</card>)?",
        _card,
    ),
    Rule(
        "yuque, zenn, qiita",
        (":::",),
        alone(r":::[ ]?(?:tips|info|message|note|success|warning|danger)?"),
        _nothing,
        markups=_HTML_ONLY,
    ),
    Rule("zenn", ("@[",), alone(r"@\[[a-z]{2,20}\]\([^()\s]{1,1000}\)"), _at),
    Rule("tistory", ("[##_",), r"\[##_", _tistory, closing="_##]"),
    Rule("tistory", ("[[_",), r"\[\[_[A-Z][A-Za-z0-9]{1,30}_\]\]", _nothing),
    Rule("tistory", ("_M#]",), r"\[#M_[^|\n]{0,200}\|[^|\n]{0,200}\||_M#\]", _nothing),
    Rule("jianshu", ("图片发自简书",), alone("图片发自简书App"), _nothing),
    Rule(
        "medium",
        ("enter or click to view",),
        alone("Press enter or click to view image in full size"),
        _nothing,
    ),
    Rule(
        "notion",
        ("<aside>",),
        r"^<aside>\n(?=[\u2190-\u2bff\U0001f000-\U0001faff]|<img[^<>\n]{1,300}notion)",
        _aside,
        closing="</aside>",
        markups=_MARKDOWN_ONLY,
    ),
    Rule(
        "livejournal",
        ("<lj",),
        r"<lj\b[^<>]{0,300}>(?:\s{0,9}</lj>)?|</?lj-?\w*[^<>]{0,300}>",
        _livejournal,
    ),
    Rule(
        "word",
        ("<o:p", "<![if", "<w:", "<st1:", "</st1:", "</o:p"),
        r"</?(?:o|w|st1):[A-Za-z]{1,30}\b[^<>]{0,200}>|<!\[(?:if [^\[\]<>]{1,60}|endif)\]>",
        _nothing,
        markups=_MARKDOWN_ONLY,
    ),
    Rule("blogger", ("name='more'", 'name="more"'), r"<a name=[\"']more[\"']>\s{0,9}</a>", _jump),
)

RULES: tuple[Rule, ...] = (*_CSDN, _CONTENTS, *_WORDPRESS, *_OTHERS)
"""All rules except those of Hatena, which are applied only to a body from Hatena."""
