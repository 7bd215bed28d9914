"""Write pieces of HTML: escaped text, attributes, abbreviations, the plain text of spans."""

import re
from collections.abc import Iterable, Mapping

from syndicate.content.kramdown.grammar import WHITE
from syndicate.content.kramdown.html_blocks import escaped
from syndicate.content.kramdown.tree import References, Span

__all__ = [
    "abbreviated",
    "abbreviations",
    "attributes_text",
    "literal",
    "plain",
    "quoted",
    "unlinked",
]


def unlinked(spans: "Iterable[Span | str]") -> "list[Span | str]":
    """Return `spans` without links and footnote references. The text of links stays."""
    kept: list[Span | str] = []
    for span in spans:
        if isinstance(span, str):
            kept.append(span)
        elif span.kind == "a":
            kept.extend(unlinked(span.children))
        elif span.kind != "footnote":
            kept.append(span)
    return kept


def plain(spans: "Iterable[Span | str]") -> str:
    """Return the plain text of `spans`, for the id of a heading."""
    texts: list[str] = []
    for span in spans:
        if isinstance(span, str):
            texts.append(span)
        elif span.kind in ("code", "math", "sign"):
            texts.append(span.value)
        elif span.kind not in ("quote", "entity", "html", "comment"):
            texts.append(plain(span.children))
    return "".join(texts)


def literal(text: str) -> str:
    """Return `text` escaped for HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Return `text` escaped for an attribute."""
    return escaped(text).replace('"', "&quot;")


def attributes_text(attributes: Mapping[str, str]) -> str:
    """Return `attributes` as in a start tag, with a space before each."""
    if not attributes:
        return ""
    return "".join(
        f' {name}="{quoted(value)}"'
        for name, value in attributes.items()
        if name != "id" or value.strip(WHITE)
    )


def abbreviations(references: References) -> re.Pattern[str] | None:
    """Return the pattern of the abbreviations that the document defines, or None."""
    names = sorted(references.abbreviations, key=len, reverse=True)
    if not names:
        return None
    return re.compile(
        rf"(?:(?<=\W)|(?<![\s\S]))(?:{'|'.join(map(re.escape, names))})(?!\w)", re.ASCII
    )


def abbreviated(text: str, pattern: re.Pattern[str], meanings: Mapping[str, str]) -> str:
    """Return `text` as HTML, with the matches of `pattern` marked as abbreviations."""
    out: list[str] = []
    position = 0
    for match in pattern.finditer(text):
        out.append(escaped(text[position : match.start()]))
        title = meanings[match[0]]
        named = f' title="{quoted(title)}"' if title else ""
        out.append(f"<abbr{named}>{escaped(match[0])}</abbr>")
        position = match.end()
    out.append(escaped(text[position:]))
    return "".join(out)
