"""Resolve the tags of Hexo and Octopress: ``{% name %}`` and ``{{ }}``.

`hexo_tags` and `hexo_pairs` hold the tags of common themes. Any other tag is dropped, and the text
that it encloses is kept. ``{{ }}`` with a literal, or with a field of the post or site, shows its
value; with anything else it shows nothing, as in Hexo. Nested braces are formulas and stay.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from html import escape

from syndicate.content.marks.arguments import arguments, unquoted
from syndicate.content.marks.common_tags import CALLOUTS, stock
from syndicate.content.marks.context import (
    Context,
    Notes,
    contained,
    is_contained,
    looked_up,
    post_address,
)
from syndicate.content.marks.handlers import Call
from syndicate.content.marks.hexo_pairs import OPAQUE, PAIRS
from syndicate.content.marks.hexo_tags import TAGS
from syndicate.content.marks.pairs import Tag, render_pairs
from syndicate.content.marks.snippets import code_block, link, quote
from syndicate.content.marks.template_marks import OUTPUT, Syntax, read_marks
from syndicate.content.marks.verbatim import as_one_block

__all__ = ["render"]

_CODE = OPAQUE | {"codeblock", "code", "raw"}
_SYNTAX = Syntax(formulas=True, code=_CODE, code_html=False, nested=True)
_TAGS_ONLY = Syntax(braces=False, formulas=True, code=_CODE, code_html=False)
_MOST_WORDS = 20
_ADDRESS = re.compile(r"(?:https?://|/)\S+")
_OPTION = re.compile(
    r"\b(?:lang|language|line_number|line_threshold|first_line|mark|highlight|wrap|start|linenostart|from|to|caption)"
    r"[:=](\S*)"
)
_LANGUAGE = re.compile(r"\blang(?:uage)?[:=]\"?([^\s\"]+)")
_LITERAL = re.compile(r"\s*([\"'])(.*?)\1\s*(?:\||$)", re.DOTALL)
_FIELD = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(?:\||$)")


def render(body: str, context: Context, notes: Notes, *, html: bool, braces: bool = True) -> str:
    """Return `body` with its tags resolved, and ``{{ }}`` if `braces`."""

    def resolved(tag: Tag) -> str:
        if tag.name == OUTPUT:
            return _output(tag.text, context)
        call = Call(tag, arguments(tag.text), context, notes)
        if handler := _handler(tag, themes=braces):
            return handler(call)
        shown = stock(tag.name, tag.text, context) if tag.inner is None else None
        if shown is None:
            notes.drop(tag.name, [tag.text])
        return shown or tag.inner or ""

    return render_pairs(read_marks(body, _SYNTAX if braces else _TAGS_ONLY, html=html), resolved)


def _output(text: str, context: Context) -> str:
    if literal := _LITERAL.match(text):
        return literal[2]
    field = _FIELD.match(text)
    if field is None:
        return ""
    roots = {"page": context.page, "post": context.page}
    roots |= {"site": context.site, "config": context.site}
    value = looked_up({**context.page, **roots}, field[1])
    return str(value) if isinstance(value, str | int | float) else ""


def _handler(tag: Tag, *, themes: bool) -> Callable[[Call], str] | None:
    """Return the handler of `tag`: Hexo's own, or that of its `themes`."""
    if tag.name in _TAGS:
        return _TAGS[tag.name]
    if themes and tag.inner is not None and tag.name in PAIRS:
        return PAIRS[tag.name]
    if themes and not (tag.inner or "").strip() and tag.name in TAGS:
        return TAGS[tag.name]
    return PAIRS["box"] if tag.inner is not None and tag.name in CALLOUTS else None


def _quote(call: Call) -> str:
    """Show the tag with the arguments ``[author[, source]] [link] [link title]``."""
    match = _ADDRESS.search(call.text)
    who = call.text[: match.start()].strip() if match else call.text.strip()
    author, _, source = who.partition(", ")
    parts = [f"<strong>{escape(author, quote=False)}</strong>"] if author else []
    if source:
        parts.append(f"<cite>{escape(source, quote=False)}</cite>")
    if match:
        parts.append(f"<cite>{link(match[0], call.text[match.end() :].strip())}</cite>")
    return quote(call.inner, " ".join(parts), call.indent)


def _pullquote(call: Call) -> str:
    return quote(call.inner, "", call.indent)


def _codeblock(call: Call) -> str:
    """Show the tag with the arguments ``[title] [lang:language] [url] [link text] [options]``."""
    match = _LANGUAGE.search(call.text)
    caption = _OPTION.sub("", call.text)
    address = _ADDRESS.search(caption)
    if address:
        caption = f"{caption[: address.start()]} {caption[address.end() :]}"
    language = match[1] if match else ""
    return code_block(call.inner, language, " ".join(unquoted(caption).split()), call.indent)


def _asset_address(name: str, context: Context) -> str:
    """Return the address of a file in the post's own folder, as ``post_asset_folder`` has it."""
    if name.startswith(("http:", "https:", "/")):
        return name
    own = posixpath.splitext(context.path)[0]
    name = name.replace("\\", "/").removeprefix("./")
    name = name.removeprefix(f"{posixpath.basename(own)}/")
    source = str(context.site.get("source_dir") or "source")
    if not is_contained(context.root, own, name) and is_contained(context.root, source, name):
        return f"{context.base}/{name}"
    folder = re.sub(r"\.html?$|/index\.html?$", "", context.page_url).rstrip("/")
    return f"{folder}/{name}" if folder else name


def _asset_img(call: Call) -> str:
    words = call.words.positional
    files = [index for index, word in enumerate(words) if re.search(r"\.\w{2,5}$", word)]
    if not files:
        return ""
    placed = list(words[files[0] :])
    placed[0] = _asset_address(placed[0], call.context)
    return stock("img", " ".join(f'"{word}"' for word in placed), call.context) or ""


def _asset_link(call: Call) -> str:
    words = [word for word in call.words.positional if word not in ("true", "false")]
    if not words:
        return ""
    return link(_asset_address(words[0], call.context), " ".join(words[1:]) or words[0])


def _asset_path(call: Call) -> str:
    return _asset_address(unquoted(call.text), call.context)


def _post_link(call: Call) -> str:
    """Show the tag with the arguments ``slug [title] [escape]``."""
    words = [word for word in call.words.positional if word not in ("true", "false")]
    address = post_address(call.context, words[0]) if words else ""
    title = " ".join(words[1:]) or posixpath.basename(words[0] if words else "")
    if not address:
        call.notes.fault(f'post_link: there is no post "{words[0] if words else ""}"'[:200])
        return escape(title, quote=False)
    return link(address, title)


def _post_path(call: Call) -> str:
    address = post_address(call.context, unquoted(call.text))
    if not address:
        call.notes.fault(f'post_path: there is no post "{unquoted(call.text)}"'[:200])
    return address


def _url_for(call: Call) -> str:
    """Show the tag with the arguments ``text path [external] [title]``."""
    words = call.words
    path = words.get(at=1) or words.get(at=0)
    address = path if ":" in path else f"{call.context.base}/{path.lstrip('/')}"
    return link(address, words.get(at=0))


def _include_code(call: Call) -> str:
    """Show the file of the code folder in the arguments ``[title] [lang:language] path``."""
    words = _OPTION.sub("", call.text).split()[:_MOST_WORDS]
    site = call.context.site
    folder = str(site.get("code_dir") or site.get("CODE_DIR") or "downloads/code")
    source = str(site.get("source_dir") or site.get("PATH") or "source")
    for name in sorted(words, key=lambda word: "." not in word):
        text = contained(call.context.root, source, folder, name, notes=call.notes)
        if text is not None:
            match = _LANGUAGE.search(call.text)
            language = match[1] if match else name.rpartition(".")[2]
            title = " ".join(word for word in words if word != name)
            return code_block(text, language, title or posixpath.basename(name), call.indent)
    file = next((word for word in words if "." in word), " ".join(words))
    call.notes.fault(f'include_code: there is no file "{file}"'[:200])
    return ""


_TAGS: Mapping[str, Callable[[Call], str]] = {
    "asset_img": _asset_img,
    "asset_image": _asset_img,
    "asset_link": _asset_link,
    "asset_path": _asset_path,
    "blockquote": _quote,
    "code": _codeblock,
    "codeblock": _codeblock,
    "include_code": _include_code,
    "include-code": _include_code,
    "literal": lambda call: escape(f"{{% {call.text} %}}", quote=False),
    "post_link": _post_link,
    "post_path": _post_path,
    "pullquote": _pullquote,
    "quote": _quote,
    "raw": lambda call: as_one_block(call.inner, call.indent),
    "url_for": _url_for,
}
