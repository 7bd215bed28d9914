"""One body's rendering: its template, what it may refer to, what it may cost.

Work is bounded by a budget of steps, not by a clock: the same body gives the same text on every
machine.
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

from syndicate.content.dialects.context import Context, Notes, contained
from syndicate.content.dialects.stock import stock
from syndicate.content.dialects.template_marks import HIGHLIGHTED, IN_CODE, OUTPUT, read_marks
from syndicate.content.dialects.weave import Mark, flush, partners
from syndicate.content.locked import opened
from syndicate.content.markdown import ends_fences

__all__ = ["BUDGET", "ODDITIES", "Adapt", "Session", "evaluated", "session_of"]

BUDGET = 2_000_000
"""Steps that a body may take: characters written or compared, items and nodes visited."""

ODDITIES = (
    LiquidError, LiquidInterrupt, ArithmeticError, AttributeError, LookupError, TypeError,
    ValueError, RecursionError,
)  # fmt: skip
"""What the library, or a filter given a value of the wrong kind, may raise on odd input."""

Adapt = Callable[[Mark], Mark]

_MOST_MENDINGS = 8
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
    """What a template and those it includes share."""

    def __init__(
        self, environment: Environment, context: Context, notes: Notes, adapt: Adapt | None
    ) -> None:
        self.context = context
        self.notes = notes
        self.marks = 0
        """How many marks there are in all that was parsed."""
        self.emptied_code = False
        """Whether an output in code had no value; that is reported once."""
        self._environment = environment
        self._adapt = adapt
        self._left = BUDGET
        self._included: dict[str, Template | None] = {}

    def spend(self, steps: int) -> None:
        """Take `steps` from the budget. Raises ResourceLimitError where it is used up."""
        self._left -= steps
        if self._left < 0:
            raise ResourceLimitError("it takes more work than a post may", token=None)

    def fault(self, error: BaseException) -> None:
        """Note what went wrong."""
        what = error.args[0] if error.args else type(error).__name__
        self.notes.fault(f"Liquid: {what}"[:200])

    def template(self, text: str, *, html: bool) -> "Template":
        """`text` parsed. A tag that cannot be read is dropped, its inner text kept."""
        jekyll = self._adapt is None
        marks = read_marks(
            text,
            html=html,
            remarks=not jekyll,
            unclosed=ends_fences(self.context.grammar),
            fill=jekyll,
        )
        parts = flush(list(_joined(self._adapted(mark) for mark in marks)), self._is_dropped)
        self.marks += len(parts) // 2
        for _ in range(_MOST_MENDINGS):
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
        """Return whether `mark` is a tag that shows nothing because it is not known."""
        name = mark.closes or mark.name
        if name in _LIQUID or not mark.name:
            return False
        return stock(name, mark.text, self.context) is None

    def other(self, mark: Mark) -> str:
        """What a tag that is none of Liquid's stands for; noted where it is not known."""
        if mark.closes or mark.name in _JUMPS or not mark.name:
            return ""
        shown = stock(mark.name, mark.text, self.context)
        if shown is None:
            self.notes.unknown.append(mark.name)
        return shown or ""

    def included(self, *names: str) -> "Template | None":
        """The first file of `names` (relative to the blog) that is there, parsed once."""
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
        """A loop costs as often as it runs; that of a long body costs more."""
        session = session_of(self)
        session.spend(length * (8 + session.marks // 4))


class Template(BoundTemplate):
    """Renders node by node: one that fails is left out and noted."""

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
    """An include without the parts that are not for everybody."""
    found = opened(text.encode("utf-8", "replace"), "markdown") if text else None
    return found.text if found else text


def session_of(context: RenderContext) -> Session:
    """The session that `context` belongs to."""
    template = context.template
    if not isinstance(template, Template):
        raise TypeError(template)
    return template.session


def evaluated(text: str, context: RenderContext) -> Any:
    """The value of an expression that stands within a tag's text; None where undefined."""
    token = Token(TOKEN_EXPRESSION, text[:_LONGEST_EXPRESSION], 0, "")
    stream = TokenStream(tokenize(token.value, token))
    value = FilteredExpression.parse(context.env, stream).evaluate(context)
    return None if isinstance(value, Undefined) else value


def _joined(parts: Iterator[str | Mark]) -> Iterator[str | Mark]:
    """`parts` with the texts that follow each other made one."""
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
    """The tokens of `parts`, each numbered so that an error can tell which part it is from."""
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
    """Whether a tag of Liquid's own stands where it may; follows which blocks are open."""
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
