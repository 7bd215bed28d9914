"""Show shortcodes of Hugo's themes that hold links, pictures, films and sounds.

The themes are those of `hugo_themes`. Each row of the table names a shortcode and the function that
shows its address and text.
"""

import re
from collections.abc import Mapping
from html import escape

from syndicate.content.marks.handlers import Call, Shown
from syndicate.content.marks.snippets import embed, link, picture, sound, video

__all__ = ["MEDIA", "as_markdown"]


_ADDRESS = re.compile(r"(?:https?:)?//\S+|/\S*")


def as_markdown(text: str) -> str:
    """Return an argument as themes show it: as Markdown, with HTML escaped."""
    return escape(text, quote=False)


def _button(call: Call) -> str:
    words = call.words
    href = words.get("href", "url", "link", "to", "relref", at=0)
    text = words.get("text", "label", "content", "title", at=1)
    inner = call.inner.strip()
    return f'<a href="{escape(href)}">{inner}</a>' if inner and href else inner or link(href, text)


def _link(call: Call) -> str:
    """Show a link. The arguments are ``href content title`` in LoveIt, the pair's text counts
    first.
    """
    words = call.words
    href = words.get("href", "url", "to", "link", at=0)
    inner = call.inner.strip()
    if inner and href:
        return f'<a href="{escape(href)}">{inner}</a>'
    return link(href, words.get("content", "text", "title", "label", "name", at=1))


def _badge(call: Call) -> str:
    text = call.inner.strip() or as_markdown(call.words.get("content", "text", "label", at=0))
    href = call.words.get("link")
    return f'<a href="{escape(href)}">{text}</a>' if href else text


def _image(call: Call) -> str:
    """Show the shortcode with the arguments ``src alt caption`` of LoveIt."""
    get = call.words.get
    size = get("width"), get("height")
    caption = get("caption", at=2)
    alt = get("alt", at=1) or caption or get("title")
    return picture(get("src", "url", at=0), alt, get("title"), size, caption, get("href", "link"))


def _carousel(call: Call) -> str:
    """Show the shortcode with the arguments ``images="{a.png,b.png}"`` of Blowfish."""
    names = call.words.get("images", at=0).strip("{} ").split(",")
    shown = (picture(name.strip()) for name in names if "*" not in name)
    return f"\n\n{call.indent}".join(filter(None, shown))


def _person(call: Call) -> str:
    """Show the shortcode with the arguments ``url name text picture``."""
    get = call.words.get
    name, nick = get("name", at=1), get("nick")
    shown = f"{name} ({nick})" if name and nick else name or nick
    url = get("url", at=0)
    return link(url, shown) if url else as_markdown(shown)


def _friend(call: Call) -> str:
    """Show the shortcode with the arguments ``name url avatar bio``."""
    get = call.words.get
    return f"{link(get('url', at=1), get('name', at=0))} {as_markdown(get('bio', at=3))}".rstrip()


def _showcase(call: Call) -> str:
    """Show the shortcode with the arguments ``title summary image link``."""
    get = call.words.get
    title, href = get("title", at=0), get("link", at=3)
    shown = picture(get("image", at=2), title, "", ("", ""), "", href)
    below = f"{link(href, title)} {as_markdown(get('summary', at=1))}".strip()
    return f"\n\n{call.indent}{shown}\n\n{call.indent}{below}\n\n{call.indent}"


def _card(call: Call) -> str:
    """Show a card.

    The arguments are ``link title subtitle image`` in Hextra, Docsy and Blowfish. The text of the
    pair is shown below.
    """
    get = call.words.get
    title, href = get("title", "header"), get("link", "url", "href")
    label = get("label")
    head = link(href, title) if href and not label else f"<strong>{as_markdown(title)}</strong>"
    parts = [
        picture(get("image"), get("alt")) if get("image") else "",
        f"{head if title else ''} {as_markdown(get('subtitle'))}".strip(),
        call.inner.strip(),
        as_markdown(get("footer")),
        link(href, label) if label else "",
    ]
    shown = f"\n\n{call.indent}".join(filter(None, parts))
    return f"\n\n{call.indent}{shown}\n\n{call.indent}"


def _music(call: Call) -> str:
    """Show a file with name and artist, or the page of a song: ``server type id``."""
    get = call.words.get
    url = get("url")
    head = " – ".join(as_markdown(word) for word in (get("name"), get("artist")) if word)
    if url:
        return f"{head} {sound(url)}".strip()
    auto = get("auto") or get(at=0)
    if _ADDRESS.fullmatch(auto):
        return link(auto)
    server, kind = get("server", at=0), get("type", at=1)
    identifier = get("id", at=2)
    pages = {
        "netease": "https://music.163.com/{}?id={}",
        "tencent": "https://y.qq.com/n/ryqq/{}/{}",
    }
    if server not in pages or not identifier.isalnum() or not kind.isalpha():
        return head
    return link(pages[server].format(kind, identifier), head)


def _film(call: Call) -> str:
    get = call.words.get
    return video(get("src", "url", at=0), get("poster"), get("title"))


def _audio(call: Call) -> str:
    get = call.words.get
    head = " – ".join(as_markdown(word) for word in (get("name"), get("artist")) if word)
    return f"{head} {sound(get('src', 'url', at=0))}\n".lstrip()


def _page(site: str, *names: str) -> Shown:
    """Show a link to the page of `site` that the argument names."""

    def shown(call: Call) -> str:
        name = call.words.get(*names, at=0).strip("/")
        return link(f"{site}{name}") if name else ""

    return shown


def _repository(site: str) -> Shown:
    """Show a link to the repository in ``repo``, on ``server`` if that is given."""

    def shown(call: Call) -> str:
        get = call.words.get
        name = get("repo", "model", "dataset", at=0).strip("/")
        server = get("server") or site
        kind = "datasets/" if get("dataset") else ""
        return link(f"{server.rstrip('/')}/{kind}{name}", name) if name else ""

    return shown


def _of_gitlab(call: Call) -> str:
    """Show a link to GitLab: ``projectID`` in Blowfish, the number of a snippet in Stack."""
    project = call.words.get("projectID")
    site = (call.words.get("baseURL") or "https://gitlab.com").rstrip("/")
    if project:
        return link(f"{site}/projects/{project}")
    snippet = call.words.get(at=0)
    return link(f"{site}/-/snippets/{snippet}") if snippet else ""


def _spotify(call: Call) -> str:
    get = call.words.get
    return embed("spotify", "/".join(filter(None, (get("type", at=0), get("id", at=1)))))


def _site_page(call: Call) -> str:
    """Show a link to a page of the blog by the page's path."""
    path = call.words.get("link", "url", at=0)
    return link(f"{call.context.base}{path}" if path.startswith("/") else path)


MEDIA: Mapping[str, Shown] = {
    # Links.
    "link": _link,
    "button": _button,
    "cta": _button,
    "hextra/hero-button": _button,
    "article": _site_page,
    "friend": _friend,
    "showcase": _showcase,
    "caniuse": _page("https://caniuse.com/"),
    "github": _repository("https://github.com"),
    "gh-repo-card": _repository("https://github.com"),
    "codeberg": _repository("https://codeberg.org"),
    "huggingface": _repository("https://huggingface.co"),
    "gitea": _repository("https://gitea.com"),
    "forgejo": _repository("https://codeberg.org"),
    "gitlab": _of_gitlab,
    "codeimporter": _link,
    "mdimporter": _link,
    "embed-pdf": _link,
    "pdf": _link,
    # Pictures, films and sounds.
    "image": _image,
    "screenshot": _image,
    "inTextImg": _image,
    "carousel": _carousel,
    "music": _music,
    "mmt-netease": _page("https://music.163.com/song?id=", "id"),
    "audio": _audio,
    "video": _film,
    "tencent": _page("https://v.qq.com/x/page/"),
    "douyin": _page("https://www.douyin.com/video/", "id"),
    "spotify": _spotify,
    "badge": _badge,
    "person": _person,
    "card": _card,
    "feature": _card,
    "hextra/feature-card": _card,
}
"""Name of each shortcode, and the function that shows it."""
