"""Define the tags that Jekyll adds to Liquid, and an output that survives bad values."""

import re
from collections.abc import Callable
from typing import TextIO

from liquid import RenderContext, Token
from liquid.ast import Node
from liquid.builtin.content import ContentNode, Literal
from liquid.builtin.output import Output as LibraryOutput
from liquid.builtin.output import OutputNode
from liquid.exceptions import ResourceLimitError
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_TAG
from liquid.undefined import Undefined

from syndicate.content.marks.arguments import unquoted
from syndicate.content.marks.common_tags import include
from syndicate.content.marks.context import Context, is_contained, post_address
from syndicate.content.marks.liquid.filters import text_of
from syndicate.content.marks.liquid.limits import weight
from syndicate.content.marks.liquid.session import (
    ODDITIES,
    Session,
    Template,
    evaluated,
    session_of,
)
from syndicate.content.marks.snippets import code_block
from syndicate.content.marks.template_marks import EXPRESSION, HIGHLIGHTED, IN_CODE
from syndicate.text.characters import one_line

__all__ = ["TAGS"]

_NODE = 5  # steps of a node, besides the characters that it writes
_VALUE = re.compile(
    r"""(?<![\w-])([\w-]+)\s*[=:]\s*("(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|[^\s,"']+)""",
    re.DOTALL,
)
_INTERPOLATED = re.compile(r"\{\{([^{}]*)\}\}")
_PAGE = re.compile(r"(?:(^|/)index)?\.(?:md|markdown|html)$")


class _OutputNode(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        session = session_of(context)
        try:
            value = self.expression.evaluate(context)
            session.spend(_NODE + weight(value))
            return buffer.write("" if isinstance(value, Undefined) else text_of(value))
        except ResourceLimitError:
            raise
        except ODDITIES as error:
            session.fault(error)
            return 0


class _TextNode(ContentNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        if context.loops:  # outside of loops it is written once, and must not be lost
            session_of(context).spend(1 + len(self.text) // 10)
        return buffer.write(self.text)


class _Text(Literal):
    node_class = _TextNode


class _Output(LibraryOutput):
    node_class = _OutputNode


class _OwnText(Tag):
    """Tag with text of its own grammar. Rendering calls `written`.

    If `fills`, outputs in the text are filled in before.
    """

    block = False
    fills = True

    def parse(self, stream: TokenStream) -> Node:
        """Parse the tag. Its text is always the next token."""
        token = stream.eat(TOKEN_TAG)
        return _OwnTextNode(token, stream.current.value, self.written, fills=self.fills)

    def written(self, text: str, context: RenderContext, buffer: TextIO) -> None:
        """Write the result of the tag."""
        raise NotImplementedError


class _OwnTextNode(Node):
    def __init__(
        self,
        token: Token,
        text: str,
        written: Callable[[str, RenderContext, TextIO], None],
        *,
        fills: bool,
    ) -> None:
        super().__init__(token)
        self.blank = False
        self._text = text
        self._written = written
        self._fills = fills

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        text = self._text
        if self._fills:
            text = _INTERPOLATED.sub(lambda match: text_of(evaluated(match[1], context)), text)
        self._written(text, context, buffer)
        return 1


class _Include(_OwnText):
    """Tag for a file of the includes folder, or for a well-known include if the file is missing."""

    name = "include"

    def written(self, text: str, context: RenderContext, buffer: TextIO) -> None:
        session = session_of(context)
        name, *rest = text.split(None, 1) or [""]
        name = unquoted(name.rstrip(","))
        arguments = _VALUE.findall(rest[0]) if rest else []
        values = {key: evaluated(value, context) for key, value in arguments if _is_closed(value)}
        template = session.included(*self.places(name, session.context))
        if isinstance(template, Template):
            template.render_with_context(context, buffer, {**values, "include": values})
        elif (shown := include(name, {key: text_of(values[key]) for key in values})) is not None:
            buffer.write(shown)
        else:
            session.notes.unknown.append(f"{self.name} {name}"[:80])

    def places(self, name: str, context: Context) -> tuple[str, ...]:
        """Return the paths where a file called `name` may be."""
        folder = text_of(context.site.get("includes_dir") or "_includes")
        return f"{folder}/{name}", f"src/{folder}/{name}"


def _is_closed(value: str) -> bool:
    return value[0] not in "\"'" or (len(value) > 1 and value[-1] == value[0])


class _IncludeCached(_Include):
    name = "include_cached"


class _IncludeRelative(_Include):
    name = "include_relative"

    def places(self, name: str, context: Context) -> tuple[str, ...]:
        return (f"{context.path.rpartition('/')[0]}/{name}",)


class _Link(_OwnText):
    """Tag for the address of a post, page or file by its path."""

    name = "link"

    def written(self, text: str, context: RenderContext, buffer: TextIO) -> None:
        session = session_of(context)
        wanted = unquoted(text.strip())
        address = post_address(session.context, wanted) or self.file_address(wanted, session)
        if not address:
            session.notes.fault(f'{self.name}: there is no "{wanted}"'[:200])
        buffer.write(address)

    def file_address(self, wanted: str, session: Session) -> str:
        """Return the address of a file that is not a post."""
        path = wanted.lstrip("/")
        if not path or not is_contained(session.context.root, path):
            return ""
        page = _PAGE.sub(r"\1", path)
        ending = "" if page == path or page.endswith("/") or not page else ".html"
        return f"{session.context.base}/{page}{ending}"


class _PostUrl(_Link):
    """Tag for the address of a post by the name of its file."""

    name = "post_url"

    def file_address(self, wanted: str, session: Session) -> str:
        return ""


class _InCode(_OwnText):
    """Output in code: its value, or nothing if undefined, as on the post's page."""

    name = IN_CODE
    fills = False

    def written(self, text: str, context: RenderContext, buffer: TextIO) -> None:
        buffer.write(_value_in_code(text, context))


class _Highlighted(_OwnText):
    """Code between ``highlight`` tags, with outputs. Its text: language, line end, code."""

    name = HIGHLIGHTED
    fills = False

    def written(self, text: str, context: RenderContext, buffer: TextIO) -> None:
        language, _, code = text.partition("\n")
        filled = EXPRESSION.sub(lambda match: _value_in_code(match[1], context), code)
        buffer.write(code_block(filled, language))


def _value_in_code(text: str, context: RenderContext) -> str:
    """Return the value of an output in code. If it is undefined, report it and return ""."""
    session = session_of(context)
    try:
        value = evaluated(text.strip("-"), context)
        session.spend(_NODE + weight(value))
    except ResourceLimitError:
        raise
    except ODDITIES:
        value = None
    shown = text_of(value)
    if not shown and not session.emptied_code:
        session.emptied_code = True
        output = f'"{{{{{one_line(text)[:100]}}}}}"'
        session.notes.fault(
            f"{output} in code has no value, so Liquid shows nothing, as on the page"
        )
    return shown


TAGS: tuple[type[Tag], ...] = (
    _Text, _Output, _InCode, _Highlighted, _Include, _IncludeCached, _IncludeRelative, _Link,
    _PostUrl,
)  # fmt: skip
"""Tags that are registered besides, or instead of, those of python-liquid."""
