"""Write the tree of a document as HTML, with its footnotes and table of contents."""

import re
from collections.abc import Callable, Mapping, Sequence

from syndicate.content.kramdown.grammar import VOID_ELEMENTS
from syndicate.content.kramdown.html_blocks import escaped
from syndicate.content.kramdown.html_text import (
    abbreviated,
    abbreviations,
    attributes_text,
    literal,
    plain,
    quoted,
    unlinked,
)
from syndicate.content.kramdown.simple import simple_spans
from syndicate.content.kramdown.spans import SpanReader
from syndicate.content.kramdown.tree import Block, References, Span, apply
from syndicate.model import Kramdown

__all__ = ["Writer", "leads_to_headings"]

_ANCHOR = re.compile(r"#[^\s#]")
_NOT_IN_ID = re.compile(r"[^\w\- \t]")
_LANGUAGE = re.compile(r"\blanguage-\S+", re.ASCII)
_SIDES = {"lsquo": 0, "rsquo": 1, "ldquo": 2, "rdquo": 3}
_SPACED = {"ul", "ol", "dl", "blockquote", "thead", "tbody", "tfoot", "table"}


class Writer:
    """Writer of one document. It reads spans when it writes them, in the document's order."""

    def __init__(self, options: Kramdown, references: References, source: str) -> None:
        self.options = options
        self.references = references
        self.reader = SpanReader(options, references, len(source))
        self._out: list[str] = []
        self._notes: dict[str, int] = {}
        self._repeats: dict[str, int] = {}
        self._ids: dict[str, int] = {}
        self._headings: list[tuple[int, str, Block]] = []
        self._contents: tuple[int, str] | None = None
        self._notes_at: int | None = None
        self._inside = False
        self._breaks_by_backslash = options.gfm and not options.hard_wrap
        self._abbreviations = abbreviations(references)
        self._simple = self._abbreviations is None and _is_usual(options)
        # Headings need ids only if a link leads to one.
        self._named = leads_to_headings(source)

        self._writers: Mapping[str, Callable[[Block], None]] = {
            "p": self._paragraph,
            "heading": self._heading,
            "text": self._text,
            "code": self._code,
            "hr": self._rule,
            "ul": self._list,
            "ol": self._list,
            "dl": self._same,
            "li": self._item,
            "dd": self._item,
            "dt": self._term,
            "blockquote": self._same,
            "table": self._table,
            "math": self._math,
            "html": self._html,
            "element": self._element,
            "comment": self._comment,
            "blank": self._nothing,
            "end": self._nothing,
        }

    def document(self, root: Block) -> str:
        """Return the HTML of `root`."""
        self._blocks(root)
        body, self._out = self._out, []
        self._footnotes()
        notes, self._out = "".join(self._out), []
        if self._notes_at is not None:
            body[self._notes_at] = notes
        else:
            body.append(notes)
        if self._contents is not None:
            at, kind = self._contents
            self._table_of_contents(kind)
            body[at] = "".join(self._out)
        return "".join(body)

    def _id(self, text: str) -> str:
        name = _NOT_IN_ID.sub("", text.lower()).replace(" ", "-").replace("\t", "-")
        count = self._ids[name] = self._ids.get(name, -1) + 1
        return f"{name}-{count}" if count else name

    def _blocks(self, parent: Block) -> None:
        writers, lists = self._writers, self.references.lists
        for block in parent.children:
            if block.ial is not None:
                apply(block.attributes, block.ial, lists)
            writers[block.kind](block)

    def _enclosed(self, block: Block, name: str) -> None:
        out = self._out
        out.append(f"<{name}{attributes_text(block.attributes)}>")
        out.append("\n" if name in _SPACED else "")
        self._blocks(block)
        out.append(f"</{name}>\n")

    def _same(self, block: Block) -> None:
        self._enclosed(block, block.kind)

    def _paragraph(self, block: Block) -> None:
        inner = self._line(block)
        if block.transparent:
            self._out.append(inner)
            return
        first = block.spans[0] if len(block.spans) == 1 else ""
        if not isinstance(first, str) and first.kind == "img" and "standalone" in first.refs:
            caption = escaped(first.attributes.get("alt", ""))
            self._out.append(f"<figure>\n{inner}\n<figcaption>{caption}</figcaption>\n</figure>\n")
        elif block.attributes:
            self._out.append(f"<p{attributes_text(block.attributes)}>{inner}</p>\n")
        else:
            self._out.append(f"<p>{inner}</p>\n")

    def _heading(self, block: Block) -> None:
        if self._named:
            block.spans = self.reader.read(block.text)
            if "id" not in block.attributes:
                block.attributes["id"] = self._id(plain(block.spans))
        inner = self._line(block)
        level = max(1, min(6, block.level + self.options.header_offset))
        if block.level in self.options.toc_levels and "no_toc" not in block.attributes.get(
            "class", ""
        ):
            self._headings.append((block.level, block.attributes.get("id", ""), block))
        self._out.append(f"<h{level}{attributes_text(block.attributes)}>{inner}</h{level}>\n")

    def _text(self, block: Block) -> None:
        self._out.append(self._line(block))

    def _code(self, block: Block) -> None:
        attributes = dict(block.attributes)
        language = block.name
        if not language and (match := _LANGUAGE.search(attributes.get("class", ""))):
            language = match[0].removeprefix("language-")
        named = f' class="language-{quoted(language)}"' if language else ""
        code = literal(block.text).removesuffix("\n")
        self._out.append(f"<pre><code{named}>{code}\n</code></pre>\n")

    def _rule(self, block: Block) -> None:
        self._out.append("<hr />\n")

    def _list(self, block: Block) -> None:
        refs = block.ial.refs if block.ial else ()
        if "toc" in refs and self._contents is None:
            self._contents = (len(self._out), block.kind)
            self._out.append("")
        elif "footnotes" in refs and self._notes_at is None:
            self._notes_at = len(self._out)
            self._out.append("")
        else:
            self._enclosed(block, block.kind)

    def _item(self, block: Block) -> None:
        tight = not block.children or (
            block.children[0].kind == "p" and block.children[0].transparent
        )
        self._out.append(
            f"<{block.kind}{attributes_text(block.attributes)}>" + ("" if tight else "\n")
        )
        self._blocks(block)
        self._out.append(f"</{block.kind}>\n")

    def _term(self, block: Block) -> None:
        inner = self._line(block)
        self._out.append(f"<dt{attributes_text(block.attributes)}>{inner}</dt>\n")

    def _table(self, block: Block) -> None:
        out = self._out
        out.append(f"<table{attributes_text(block.attributes)}>")
        for part in block.children:
            cell_name = "th" if part.kind == "thead" else "td"
            out.append(f"<{part.kind}>\n")
            for row in part.children:
                out.append("<tr>")
                for cell, side in zip(row.children, block.alignment, strict=False):
                    aligned = f' align="{side}"' if side else ""
                    inner = self._line(cell)
                    out.append(f"<{cell_name}{aligned}>{inner}</{cell_name}>")
                out.append("</tr>\n")
            out.append(f"</{part.kind}>\n")
        out.append("</table>\n")

    def _math(self, block: Block) -> None:
        if self.options.mathjax:
            formula = f"\\[{literal(block.text)}\\]"
            self._out.append(f"<div>{formula}</div>\n" if block.attributes else f"{formula}\n")
        else:
            self._out.append(f"<div>$$\n{escaped(block.text)}\n$$</div>\n")

    def _html(self, block: Block) -> None:
        for piece in block.pieces:
            if isinstance(piece, str):
                self._out.append(piece)
            else:
                self._element(piece)

    def _element(self, block: Block) -> None:
        name, outer, self._inside = block.name, self._inside, True
        self._out.append(f"<{name}{attributes_text(block.attributes)}>")
        if block.model == "span":
            self._out.append(self._line(block))
        else:
            self._out.append("\n")
            self._blocks(block)
        self._inside = outer
        self._out.append(f"</{name}>\n")

    def _comment(self, block: Block) -> None:
        self._out.append(f"<!-- {block.text} -->\n")

    def _nothing(self, block: Block) -> None:
        pass

    def _line(self, block: Block) -> str:
        """Return the HTML of the spans of `block`."""
        if self._simple and not block.spans and (html := simple_spans(block.text)) is not None:
            return html
        block.spans = spans = block.spans or self.reader.read(block.text)
        if not (isinstance(spans[-1], str) and spans[-1].endswith("\n")):
            return self._spans(spans, inside=self._inside)
        # A line break at the very end is dropped.
        last, rest = "", list(spans)
        while rest and isinstance(rest[-1], str):
            last = f"{rest.pop()}{last}"
        ending = "\\\n" if self._breaks_by_backslash and not self._inside else "\n"
        last = last.removesuffix(ending if last.endswith(ending) else "\n")
        return self._spans([*rest, last], inside=self._inside) + "\n"

    def _spans(self, spans: "Sequence[Span | str]", *, inside: bool, raw: bool = False) -> str:
        """Return the HTML of `spans`.

        In a `raw` element, text has no marks. In any element (`inside`), line ends are not breaks.
        """
        out: list[str] = []
        run: list[str] = []
        for span in spans:
            if isinstance(span, str):
                run.append(span)
                continue
            if run:
                out.append(self._written(run, raw=raw, inside=inside))
                run = []
            out.append(self._span(span, inside=inside))
        if run:
            out.append(self._written(run, raw=raw, inside=inside))
        return "".join(out)

    def _written(self, run: list[str], *, raw: bool, inside: bool) -> str:
        text = "".join(run)
        if raw:
            return escaped(text)
        if self._abbreviations is not None and self._abbreviations.search(text):
            text = abbreviated(text, self._abbreviations, self.references.abbreviations)
        else:
            text = escaped(text)
        if "\n" not in text:
            return text
        if self.options.hard_wrap:
            return text if inside else text.replace("\n", "<br />\n")
        if self._breaks_by_backslash and not inside:
            text = text.replace("\\\n", "<br />\n")
        return text.replace("  \n", "<br />\n")

    def _span(self, span: Span, *, inside: bool) -> str:
        kind = span.kind
        if kind in ("em", "strong", "a"):
            inner = self._spans(span.children, inside=inside)
            return f"<{kind}{attributes_text(span.attributes)}>{inner}</{kind}>"
        if kind == "code":
            return f"<code{attributes_text(span.attributes)}>{literal(span.value)}</code>"
        if kind == "quote":
            return escaped(self.options.smart_quotes[_SIDES[span.value]])
        if kind == "element":
            return self._span_element(span)
        if kind == "img":
            return f"<img{attributes_text(span.attributes)} />"
        if kind == "footnote":
            return self._reference(span.value)
        if kind == "math":
            return self._formula(span)
        if kind == "sign":
            return escaped(span.value)
        return (
            "<br />"
            if kind == "br"
            else f"<!-- {span.value} -->"
            if kind == "comment"
            else span.value
        )

    def _formula(self, span: Span) -> str:
        if self.options.mathjax and not span.attributes:
            return f"\\({literal(span.value)}\\)"
        return f"<span>${escaped(span.value)}$</span>"

    def _span_element(self, span: Span) -> str:
        inner = self._spans(span.children, raw=span.raw, inside=True)
        tag = f"<{span.value}{attributes_text(span.attributes)}"
        if not inner and span.value in VOID_ELEMENTS:
            return f"{tag} />"
        return f"{tag}>{inner}</{span.value}>"

    def _reference(self, name: str) -> str:
        if name in self._notes:
            self._repeats[name] += 1
            repeat = f":{self._repeats[name]}"
        else:
            self._notes[name] = len(self._notes) + 1
            self._repeats[name] = 0
            repeat = ""
        return f'<sup id="fnref:{name}{repeat}"><a href="#fn:{name}">{self._notes[name]}</a></sup>'

    def _footnotes(self) -> None:
        """Write the footnotes in the order of their references. A note may refer to more notes."""
        names, done = list(self._notes), 0
        if not names:
            return
        self._out.append("<div>\n<ol>\n")
        while done < len(names):
            name = names[done]
            self._out.append(f'<li id="fn:{name}">\n')
            self._note(name, self.references.footnotes[name].content)
            self._out.append("</li>\n")
            done += 1
            names = list(self._notes)
        self._out.append("</ol>\n</div>\n")

    def _note(self, name: str, content: Block) -> None:
        self._blocks(content)
        back = escaped(self.options.footnote_backlink)
        if not back:
            return
        links = [f'<a href="#fnref:{name}">{back}</a>']
        links += [
            f'<a href="#fnref:{name}:{number}">{back}<sup>{number + 1}</sup></a>'
            for number in range(1, self._repeats[name] + 1)
        ]
        written = "\xa0".join(links)
        last = content.children[-1] if content.children else None
        if last is not None and last.kind == "p" and self._out[-1].endswith("</p>\n"):
            self._out[-1] = f"{self._out[-1].removesuffix('</p>' + chr(10))}\xa0{written}</p>\n"
        else:
            self._out.append(f"<p>{written}</p>\n")

    def _table_of_contents(self, kind: str) -> None:
        if not self._headings:
            return
        out = self._out
        opened: list[tuple[int, bool]] = []  # the level of each item, and True if it has a list

        def close(least: int) -> None:
            while opened and opened[-1][0] >= least:
                out.append(f"</{kind}>\n</li>\n" if opened.pop()[1] else "</li>\n")

        out.append(f"<{kind}>\n")
        for level, name, block in self._headings:
            close(level)
            if opened and not opened[-1][1]:
                opened[-1] = (opened[-1][0], True)
                out.append(f"\n<{kind}>\n")
            opened.append((level, False))
            inner = self._spans(unlinked(block.spans), inside=True)
            out.append(f'<li><a href="#{quoted(name)}">{inner}</a>')
        close(0)
        out.append(f"</{kind}>\n")


def leads_to_headings(source: str) -> bool:
    """Return True if `source` may link to one of its headings, or have a table of contents."""
    return ("{:" in source and "toc" in source) or _ANCHOR.search(source) is not None


def _is_usual(options: Kramdown) -> bool:
    """Return True if quotes, signs and line ends have their default meaning."""
    usual = Kramdown()
    return (
        options.typographic
        and not options.hard_wrap
        and options.smart_quotes == usual.smart_quotes
        and not options.symbols
    )
