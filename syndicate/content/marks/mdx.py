"""Resolve MDX as Docusaurus and Astro do: Markdown with imports, expressions, components.

Imports, exports, comments and expressions are removed (in a ``.md`` file only comments and
strings). A string in braces becomes its text. Components that most sites have become HTML, other
components become their children. JSX attributes (``className``, ``src={require('./x.png')}``)
become those of HTML. Code stays unchanged.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

from syndicate.content.fences import without_mdx_fences
from syndicate.content.marks.admonitions import without_admonitions
from syndicate.content.marks.arguments import Arguments
from syndicate.content.marks.common_tags import CALLOUTS, UNTITLED
from syndicate.content.marks.context import Context, Notes
from syndicate.content.marks.handlers import Call
from syndicate.content.marks.javascript import end_of_braces, end_of_statement, literal
from syndicate.content.marks.pairs import Mark, Tag, render_pairs
from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import (
    callout,
    code_block,
    details,
    embed,
    link,
    picture,
    video,
)

__all__ = ["render"]

_NAMES = r"(?:[\w$]+|\*\s+as\s+[\w$]+|\{[^{}]{0,2000}\})"
_MARK = (
    rf"^import\s+(?:(?:type\s+)?{_NAMES}(?:\s*,\s*{_NAMES})?\s+from\s+)?(?=['\"])"
    r"|^export[ \t]+(?:(?:default|const|let|var|function|async|class|type|interface)\b|[{*])"
    r"|(?<![\\\w$\}^_])\{(?![#.:%])|\{(?=/\*)"
    r"|</?[A-Z][\w.]*(?=[\s/>])|</?>"
    r"|<[a-z][\w-]*(?=\s[^<>{}]*=\{|\s[^<>]*\bclassName=)"
)
_ATTRIBUTE = re.compile(
    r"""\s*(?:(?P<end>/?>)|(?P<spread>\{)
    |(?P<name>[A-Za-z_][\w:.-]*)(?:\s*=\s*(?:"(?P<double>[^"]{0,4000})"|'(?P<single>[^']{0,4000})'
    |(?P<braces>\{)))?)""",
    re.VERBOSE,
)
_ADDRESS_CALL = re.compile(r"(?:require|useBaseUrl|new\s+URL)\(\s*(['\"`])(.*?)\1.*", re.DOTALL)
_FRONT_MATTER = re.compile(r"(?:frontMatter|frontmatter|metadata|meta)\.(\w+)")
_HIDDEN = re.compile(r"\bdisplay:\s*['\"]none")
_MORE = re.compile(r"/\*\s*(?:more|truncate)\s*\*/", re.IGNORECASE)
_PATIENCE = 50  # unclosed braces and tags, after which braces count as text


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` as Markdown without MDX."""

    def resolved(tag: Tag) -> str:
        if tag.inner is None and tag.text:
            return tag.text  # no end tag: an author's <Name>, or an address in angle brackets
        call = Call(tag, Arguments((), dict(tag.values)), context, notes)
        if tag.name in _COMPONENTS:
            return _COMPONENTS[tag.name](call)
        if tag.name.lower() in CALLOUTS and tag.inner is not None:
            return _callout(call)
        if tag.name != "<>":
            notes.unknown.append(tag.name)
        return tag.inner or ""

    body = without_mdx_fences(body)
    text = render_pairs(_Reader(body, context, html=html).pieces(), resolved)
    return without_admonitions(text, html=html)


class _Reader:
    """Reader of a body in pieces. It stops searching for ends after many have been missing."""

    def __init__(self, body: str, context: Context, *, html: bool) -> None:
        self._body = body
        self._context = context
        self._scanner = Scanner(body, _MARK, html=html, jsx=True)
        self._patience = _PATIENCE
        self._plain = context.path.endswith(".md")

    def pieces(self) -> Iterator[str | Mark]:
        for piece in self._scanner:
            source = self._body[piece.start : piece.end]
            yield self._mark(source, piece.start) if piece.kind == "mark" else source

    def _mark(self, opener: str, start: int) -> str | Mark:
        if self._patience <= 0:
            return opener
        if opener.startswith(("import", "export")):
            self._scanner.position = self._statement(start)
            return ""
        if opener == "{":
            return self._expression(start)
        if opener.startswith("</"):
            return self._closing(opener)
        if opener == "<>":
            return Mark("<>", "<>", opens="<>")
        return self._tag(opener, start)

    def _statement(self, start: int) -> int:
        end = end_of_statement(self._body, start)
        if end is None:
            self._patience -= 1
            blank = self._scanner.find("\n\n", start)
            end = len(self._body) if blank < 0 else blank
        return end

    def _expression(self, start: int) -> str:
        end = self._braces(start)
        if end is None:
            return "{"
        self._scanner.position = end
        inside = self._body[start + 1 : end - 1]
        if _MORE.fullmatch(inside):  # still needed: the excerpt ends there
            return self._body[start:end]
        shown = escape(self._value(inside), quote=False)
        # Astro's .md files are not MDX, and braces in a .md file may be meant as text.
        plain = self._plain and not shown and not inside.lstrip().startswith("/*")
        return self._body[start:end] if plain else shown

    def _closing(self, opener: str) -> str | Mark:
        end = self._body.find(">", self._scanner.position - 1, self._scanner.position + 100)
        if end < 0:
            return opener
        self._scanner.position = end + 1
        name = opener[2:].rstrip(">") or "<>"
        return Mark(name, closes=name)

    def _tag(self, opener: str, start: int) -> str | Mark:
        values: dict[str, str] = {}
        position = start + len(opener)
        while match := _ATTRIBUTE.match(self._body, position):
            position = match.end()
            if match["end"]:
                self._scanner.position = position
                return self._opened(opener[1:], values, match["end"], start)
            braces = match["braces"] or match["spread"]
            end = self._braces(position - 1) if braces else position
            if end is None:
                break
            if match["name"] and braces:
                inside = self._body[position : end - 1]
                value = "display:none" if _HIDDEN.search(inside) else self._value(inside)
                values |= {match["name"]: value} if value else {}
            elif match["name"]:
                values[match["name"]] = match["double"] or match["single"] or ""
            position = end
        self._patience -= 1
        return opener

    def _opened(self, name: str, values: dict[str, str], end: str, start: int) -> str | Mark:
        if name[0].islower():
            names = {"className": "class", "htmlFor": "for", "srcSet": "srcset"}
            named = {names.get(key, key): value for key, value in values.items()}
            written = "".join(f' {key}="{escape(value)}"' for key, value in named.items())
            return f"<{name}{written}{end}"
        indent = self._scanner.indent(start)
        if end == "/>":
            return Mark(name, indent=indent, values=values)
        source = self._body[start : self._scanner.position]
        return Mark(name, source, name, "", indent, None, values)

    def _braces(self, position: int) -> int | None:
        end = end_of_braces(self._body, position)
        self._patience -= end is None
        return end

    def _value(self, expression: str) -> str:
        """Return the value of an expression if it is known without running code, else ""."""
        text = literal(expression)
        if text is not None:
            return text
        if call := _ADDRESS_CALL.match(expression.strip()):
            return call[2]
        if field := _FRONT_MATTER.fullmatch(expression.strip()):
            value = self._context.page.get(field[1])
            return str(value) if isinstance(value, str | int | float) else ""
        return expression.strip() if expression.strip().isdigit() else ""


def _callout(call: Call) -> str:
    kind = call.words.get("type", "kind", "variant") or (
        "" if call.name.lower() in UNTITLED else call.name
    )
    return callout(call.inner, call.words.get("title") or kind[:1].upper() + kind[1:], call.indent)


def _code(call: Call) -> str:
    code = call.words.get("code") or call.inner
    return (
        code_block(code, call.words.get("lang", "language"), call.words.get("title"))
        if code
        else ""
    )


def _details(call: Call) -> str:
    return details(call.inner, call.words.get("summary", "title", "label"), call.indent)


def _headed(call: Call) -> str:
    title = call.words.get("label", "title", "value")
    head = f"\n\n{call.indent}<strong>{escape(title, quote=False)}</strong>\n\n" if title else ""
    return head + (call.inner)


def _image(call: Call) -> str:
    get = call.words.get
    src, size = get("src", "source", "image", "img", "url"), (get("width"), get("height"))
    return picture(src, get("alt"), "", size, get("caption")) + call.inner


def _link(call: Call) -> str:
    href = call.words.get("to", "href", "url")
    if call.tag.inner is None or not href:
        return link(href, call.words.get("label", "text", "title")) if href else call.inner
    return f'<a href="{escape(href)}">{call.inner.strip()}</a>'


def _embedded(site: str) -> Callable[[Call], str]:
    names = (
        "id",
        "videoId",
        "videoID",
        "youTubeId",
        "youtubeId",
        "tweetLink",
        "url",
        "src",
        "link",
    )
    return lambda call: embed(site, call.words.get(*names), call.words.get("title"))


def _children(call: Call) -> str:
    return call.inner


_COMPONENTS: Mapping[str, Callable[[Call], str]] = {
    **dict.fromkeys(("YouTube", "Youtube", "YouTubeIframe", "LiteYouTubeEmbed"),
                    _embedded("youtube")),
    **dict.fromkeys(("Tweet", "Twitter", "TwitterTweetEmbed", "XEmbed"), _embedded("tweet")),
    **dict.fromkeys(("Image", "Img", "Figure", "Picture", "Illustration", "ZoomImage"), _image),
    **dict.fromkeys(("Link", "Button", "LinkButton", "A"), _link),
    **dict.fromkeys(("Details", "Collapse", "Accordion", "AccordionItem", "DeepDive"), _details),
    **dict.fromkeys(("TabItem", "Tab", "TabPanel", "CodeGroupItem"), _headed),
    **dict.fromkeys(("Tabs", "TabList", "CodeGroup", "Fragment", "BrowserWindow", "React.Fragment"),
                    _children),
    **dict.fromkeys(("Head", "TOCInline", "Script", "Style", "Seo", "SEO"), lambda _: ""),
    **dict.fromkeys(("Aside", "Admonition", "Callout"), _callout),
    "Vimeo": _embedded("vimeo"),
    "Gist": _embedded("gist"),
    "Code": _code,
    "CodeBlock": _code,
    "Video": lambda call: video(call.words.get("src", "url"), call.words.get("poster")),
    "Intro": _children,
    "Highlight": _children,
}  # fmt: skip
"""Components that most sites have, by name."""
