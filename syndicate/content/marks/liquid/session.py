"""Render one body: its template and includes, its context, and the budget of its work.

The budget counts steps and not time, so the same body gives the same text on every machine.
"""

from collections.abc import Callable, Iterator
from typing import Any, TextIO

from liquid import BoundTemplate, Environment, RenderContext, Token
from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, tokenize
from liquid.exceptions import LiquidError, LiquidInterrupt, ResourceLimitError
from liquid.parser import Parser
from liquid.stream import TokenStream
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG
from liquid.undefined import Undefined

from syndicate.content.locked import public_text
from syndicate.content.markdown import open_fences_are_code
from syndicate.content.marks.common_tags import stock
from syndicate.content.marks.context import Context, Notes, contained
from syndicate.content.marks.pairs import Mark, flush, partners
from syndicate.content.marks.template_marks import HIGHLIGHTED, IN_CODE, OUTPUT, Syntax, read_marks

__all__ = ["BUDGET", "ODDITIES", "Adapt", "Session", "evaluated", "session_of"]

BUDGET = 2_000_000
"""Steps that a body may take: characters written or compared, items and nodes visited."""

ODDITIES = (
    LiquidError, LiquidInterrupt, ArithmeticError, AttributeError, LookupError, TypeError,
    ValueError, RecursionError,
)  # fmt: skip
"""Exceptions of python-liquid, and of filters with values of the wrong kind."""

Adapt = Callable[[Mark], Mark]

_MOST_CORRECTIONS = 8
_LONGEST_EXPRESSION = 8_000
_BLOCKS = frozenset({"if", "unless", "case", "for", "tablerow", "capture"})
_WITHIN = {
    "else": frozenset({"if", "unless", "case", "for"}),
    "elsif": frozenset({"if", "unless"}),
    "when": frozenset({"case"}),
}
_JUMPS = frozenset({"break", "continue"})
_OWN_TEXT = frozenset(
    {"include", "include_relative", "include_cached", "link", "post_url", IN_CODE, HIGHLIGHTED}
)
_ALONE = _OWN_TEXT | {"assign", "cycle", "increment", "decrement"}
_LIQUID = _BLOCKS | _WITHIN.keys() | _JUMPS | _ALONE | {OUTPUT}


class Session:
    """State that a template shares with its includes."""

    def __init__(
        self, environment: Environment, context: Context, notes: Notes, adapt: Adapt | None
    ) -> None:
        self.context = context
        self.notes = notes
        self.marks = 0
        """Number of marks in everything parsed so far."""
        self.emptied_code = False
        """True if an output in code had no value. That is reported once."""
        self._environment = environment
        self._adapt = adapt
        self._left = BUDGET
        self._included: dict[str, Template | None] = {}

    def spend(self, steps: int) -> None:
        """Take `steps` from the budget. Raises ResourceLimitError if it is used up."""
        self._left -= steps
        if self._left < 0:
            raise ResourceLimitError(f"rendering takes more than {BUDGET:,} steps", token=None)

    def fault(self, error: BaseException) -> None:
        """Report the error in `notes`."""
        what = error.args[0] if error.args else type(error).__name__
        self.notes.fault(f"Liquid: {what}"[:200])

    def template(self, text: str, *, html: bool) -> "Template":
        """Parse `text`. A tag that cannot be parsed is dropped, and its inner text kept."""
        jekyll = self._adapt is None
        unclosed = open_fences_are_code(self.context.grammar)
        syntax = Syntax(remarks=not jekyll, unclosed=unclosed, fill=jekyll)
        marks = map(self._adapted, read_marks(text, syntax, html=html))
        parts = flush(list(_joined(marks)), self._is_dropped)
        self.marks += len(parts) // 2
        for _ in range(_MOST_CORRECTIONS):
            try:
                nodes = Parser(self._environment).parse(TokenStream(_tokens(parts, self)))
            except ODDITIES as error:
                self.fault(error)
                token = getattr(error, "token", None)
                if token is None or token.start_index < 0:
                    break
                parts[token.start_index // _LONGEST_EXPRESSION] = ""
            else:
                return Template(self._environment, nodes, self, len(text))
        pieces = [part for part in parts if isinstance(part, str)]
        return Template(self._environment, [_content(piece) for piece in pieces], self, len(text))

    def _adapted(self, part: str | Mark) -> str | Mark:
        return part if isinstance(part, str) or self._adapt is None else self._adapt(part)

    def _is_dropped(self, mark: Mark) -> bool:
        """Return True if `mark` is an unknown tag, which shows nothing."""
        name = mark.closes or mark.name
        if name in _LIQUID or not mark.name:
            return False
        return stock(name, mark.text, self.context) is None

    def other(self, mark: Mark) -> str:
        """Return the text of a tag that Liquid does not have. An unknown tag is reported."""
        if mark.closes or mark.name in _JUMPS or not mark.name:
            return ""
        shown = stock(mark.name, mark.text, self.context)
        if shown is None:
            self.notes.unknown.append(mark.name)
        return shown or ""

    def included(self, *names: str) -> "Template | None":
        """Return the first file of `names` (relative to the blog) that exists, parsed once."""
        for name in names:
            if name not in self._included:
                text = _public(contained(self.context.root, name, notes=self.notes))
                html = name.endswith((".html", ".htm", ".svg", ".liquid", ".njk"))
                self._included[name] = None if text is None else self.template(text, html=html)
            if template := self._included[name]:
                self.spend(1000 + template.size // 10)
                return template
        return None


class _Render(RenderContext):
    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Pay for a loop: one step for each round and node of its body."""
        session = session_of(self)
        session.spend(length * (8 + session.marks // 4))


class Template(BoundTemplate):
    """Template that renders node by node. A node that fails is skipped and reported."""

    context_class = _Render

    def __init__(
        self, environment: Environment, nodes: list[Node], session: Session, size: int
    ) -> None:
        super().__init__(environment, nodes)
        self.session = session
        self.size = size

    def render_with_context(
        self,
        context: RenderContext,
        buffer: TextIO,
        *args: Any,
        partial: bool = False,
        block_scope: bool = False,
        **kwargs: Any,
    ) -> None:
        """Render into `buffer`, with `args` and `kwargs` as variables."""
        with context.extend(dict(*args, **kwargs), template=self):
            for node in self.nodes:
                try:
                    node.render(context, buffer)
                except ODDITIES as error:
                    self.session.fault(error)


def _public(text: str | None) -> str | None:
    """Return an include without its locked parts."""
    public = public_text(text.encode("utf-8", "replace"), "markdown") if text else None
    return public.text if public else text


def session_of(context: RenderContext) -> Session:
    """Return the session that `context` belongs to."""
    template = context.template
    if not isinstance(template, Template):
        raise TypeError(template)
    return template.session


def evaluated(text: str, context: RenderContext) -> Any:
    """Return the value of an expression inside a tag's text, or None if undefined."""
    token = Token(TOKEN_EXPRESSION, text[:_LONGEST_EXPRESSION], 0, "")
    stream = TokenStream(tokenize(token.value, token))
    value = FilteredExpression.parse(context.env, stream).evaluate(context)
    return None if isinstance(value, Undefined) else value


def _joined(parts: Iterator[str | Mark]) -> Iterator[str | Mark]:
    """Join consecutive texts in `parts`."""
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if texts:
            yield "".join(texts)
            texts = []
        yield part
    if texts:
        yield "".join(texts)


def _tokens(parts: list[str | Mark], session: Session) -> Iterator[Token]:
    """Yield the tokens of `parts`, each with the number of its part for error messages."""
    paired = partners(parts)
    opened: list[str] = []
    for index, part in enumerate(parts):
        at = index * _LONGEST_EXPRESSION
        if isinstance(part, str):
            yield Token(TOKEN_CONTENT, part, at, "")
        elif len(part.text) >= _LONGEST_EXPRESSION:
            session.notes.fault(f"Liquid: a tag is longer than {_LONGEST_EXPRESSION} characters")
        elif part.name == OUTPUT:
            yield from _pair(TOKEN_OUTPUT, part, at) if part.text else ()
        elif _stands(part, opened, paired=index in paired):
            yield from _pair(TOKEN_TAG, part, at)
        elif part.name not in _BLOCKS and part.name not in _WITHIN:
            yield Token(TOKEN_CONTENT, session.other(part), at, "")


def _pair(kind: str, mark: Mark, at: int) -> Iterator[Token]:
    yield Token(kind, mark.name, at, "")
    if mark.text or mark.name in _OWN_TEXT:
        yield Token(TOKEN_EXPRESSION, mark.text, at, "")


def _stands(mark: Mark, opened: list[str], *, paired: bool) -> bool:
    """Return True if a tag of Liquid is in a legal place; keeps the list of open blocks."""
    if mark.closes:
        return paired and mark.closes in _BLOCKS and opened.pop() == mark.closes
    if mark.name in _BLOCKS:
        if paired:
            opened.append(mark.name)
        return paired
    if mark.name in _WITHIN:
        return bool(opened) and opened[-1] in _WITHIN[mark.name]
    if mark.name in _JUMPS:
        return "for" in opened or "tablerow" in opened
    return mark.name in _ALONE


def _content(text: str) -> Node:
    return ContentNode(Token(TOKEN_CONTENT, text, 0, ""), text)
