"""Build the HTML that the tags of all generators are shown as.

The HTML is safe within Markdown and within HTML. Values are escaped. Code is one line of character
references, so that Markdown does not change it. Blocks have blank lines around their content.
"""

import re
from html import escape

__all__ = [
    "block",
    "callout",
    "code_block",
    "details",
    "embed",
    "link",
    "picture",
    "quote",
    "sound",
    "video",
]

_REFERENCES = {number: f"&#{number};" for number in range(128) if not chr(number).isalnum()}
del _REFERENCES[ord(" ")]
_FIRST_LINES = re.compile(r"(?:[ \t]*[\r\n])+")
_LANGUAGE = re.compile(r"[\w.+#-]{1,40}")
_PAGES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "tweet": "https://twitter.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "bilibili": "https://www.bilibili.com/video/{}",
    "twitch": "https://www.twitch.tv/{}",
    "codepen": "https://codepen.io/{}",
    "jsfiddle": "https://jsfiddle.net/{}/",
    "spotify": "https://open.spotify.com/{}",
    "soundcloud": "https://soundcloud.com/{}",
    "asciinema": "https://asciinema.org/a/{}",
    "speakerdeck": "https://speakerdeck.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "music163": "https://music.163.com/song?id={}",
}
_IDENTIFIER = re.compile(r"[\w./@=-]+", re.ASCII)
_YOUTUBE = re.compile(r"(?:youtu\.be/|[?&]v=|/embed/|/shorts/)([\w-]{6,})")


def link(href: str, text: str = "") -> str:
    """Return a link to `href`. The default text is the address."""
    shown = text or re.sub(r"^https?://(?:www\.)?", "", href)
    return f'<a href="{escape(href)}">{escape(shown, quote=False)}</a>' if href else escape(text)


def embed(site: str, identifier: str, title: str = "") -> str:
    """Return a link to the page of a video, post, … that an embed would show, or ""."""
    identifier = identifier.strip().strip("/")
    if identifier.startswith(("http:", "https:")):
        match = _YOUTUBE.search(identifier) if site == "youtube" else None
        return embed(site, match[1], title) if match else link(identifier, title)
    if not _IDENTIFIER.fullmatch(identifier):
        return ""
    return link(_PAGES[site].format(identifier), title)


def picture(
    src: str,
    alt: str = "",
    title: str = "",
    size: tuple[str, str] = ("", ""),
    caption: str = "",
    href: str = "",
) -> str:
    """Return an ``<img>``, linked to `href`, with a caption below; "" without an address."""
    if not src:
        return escape(caption, quote=False)
    attributes = {"alt": alt, "title": title, "width": size[0], "height": size[1]}
    rest = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    shown = f'<img src="{escape(src)}"{rest}>'
    if href:
        shown = f'<a href="{escape(href)}">{shown}</a>'
    if caption:
        below = escape(caption, quote=False)
        shown = f"<figure>{shown}<figcaption>{below}</figcaption></figure>"
    return _within_text(shown)


def video(src: str, poster: str = "", title: str = "") -> str:
    """Return a ``<video>`` of a file, or "" without an address."""
    more = f' poster="{escape(poster)}"' if poster else ""
    more += f' title="{escape(title)}"' if title else ""
    return _within_text(f'<video controls src="{escape(src)}"{more}></video>') if src else ""


def sound(src: str) -> str:
    """Return an ``<audio>`` of a file, or "" without an address."""
    return _within_text(f'<audio controls src="{escape(src)}"></audio>') if src else ""


def _within_text(html: str) -> str:
    # A line with only a tag would start an HTML block with the lines after it (CommonMark 4.6, kind
    # 7).
    return f"<span>{html}</span>"


def code_block(code: str, language: str = "", caption: str = "", indent: str = "") -> str:
    """Return `code` unchanged as a block, without line ends at its start and end."""
    text = _without_outer_lines(code).translate(_REFERENCES)
    kind = f' class="language-{language}"' if _LANGUAGE.fullmatch(language) else ""
    head = f"<p>{escape(caption, quote=False)}</p>\n\n{indent}" if caption else ""
    return f"{head}<pre><code{kind}>{text}</code></pre>"


def _without_outer_lines(code: str) -> str:
    if match := _FIRST_LINES.match(code):
        code = code[match.end() :]
    bare = code.rstrip(" \t")
    return bare.rstrip("\r\n") if bare.endswith(("\r", "\n")) else code


def block(opening: str, inner: str, closing: str, indent: str = "") -> str:
    """Return a block element. In a Markdown body its content is read as Markdown."""
    return f"\n\n{indent}{opening}\n\n{indent}{inner.strip()}\n\n{indent}{closing}\n\n{indent}"


def quote(inner: str, source: str = "", indent: str = "") -> str:
    """Return a quotation with its source (HTML) below."""
    if source:
        inner = f"{inner.rstrip()}\n\n{indent}— {source}"
    return block("<blockquote>", inner, "</blockquote>", indent)


def callout(inner: str, title: str, indent: str = "") -> str:
    """Return a note set off from the text, with a bold title."""
    head = f"<strong>{escape(title, quote=False)}</strong>\n\n{indent}" if title else ""
    return block("<blockquote>", head + inner.strip(), "</blockquote>", indent)


def details(inner: str, summary: str = "", indent: str = "") -> str:
    """Return text that a page folds under its summary."""
    head = f"<details>\n{indent}<summary>{escape(summary or 'Details', quote=False)}</summary>"
    return block(head, inner, "</details>", indent)
