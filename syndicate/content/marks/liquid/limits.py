"""Limit the cost of filters, and catch their errors for values of the wrong kind."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from liquid import RenderContext, Token
from liquid.builtin.expressions import BooleanExpression, tokenize
from liquid.exceptions import ResourceLimitError
from liquid.filter import with_context
from liquid.stream import TokenStream
from liquid.token import TOKEN_EXPRESSION
from liquid.undefined import Undefined

from syndicate.content.marks.liquid.filters import text_of
from syndicate.content.marks.liquid.session import BUDGET, ODDITIES, session_of

__all__ = ["guarded", "weight", "where_exp"]

_LARGEST_NUMBER = 10_000  # bits
_LONGEST_CONDITION = 1_000
# fmt: off
_LOOKS_NO_DEEPER = frozenset({
    "where", "where_exp", "find", "find_index", "has", "reject", "map", "first", "last", "size",
    "reverse", "concat", "push", "pop", "shift", "unshift", "compact", "default", "sample",
})
# fmt: on
"""Filters that return items of a list unchanged."""


def guarded(
    name: str, function: Callable[..., Any], *, of_site: bool = False
) -> Callable[..., Any]:
    """Wrap the filter `function`: charge its work to the budget, return None after an error.

    `of_site`: the first parameter of `function` is a `Context`.
    """
    wants_context = getattr(function, "with_context", False)
    wants_environment = getattr(function, "with_environment", False)

    @with_context
    def filtered(left: Any, *args: Any, context: RenderContext, **kwargs: Any) -> Any:
        session = session_of(context)
        left, *rest = (None if isinstance(value, Undefined) else value for value in (left, *args))
        cost = _length if name in _LOOKS_NO_DEEPER else weight
        session.spend(sum(map(cost, (left, *rest))) + _surplus(name, left, rest))
        if wants_context:
            kwargs["context"] = context
        if wants_environment:
            kwargs["environment"] = context.env
        called = partial(function, session.context) if of_site else function
        try:
            return called(left, *rest, **kwargs)
        except ResourceLimitError:
            raise
        except ODDITIES:
            session.notes.fault(f"Liquid: the filter {name} got a value of the wrong kind")
            return None

    return filtered


def weight(value: Any) -> int:
    """Return the length of `value` as text. Counting stops above the budget."""
    total, waiting = 0, [value]
    while waiting and total <= BUDGET:
        item = waiting.pop()
        total += 1
        if isinstance(item, str | range):
            total += len(item)
        elif isinstance(item, int):
            total += BUDGET if item.bit_length() > _LARGEST_NUMBER else 0
        elif isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, list | tuple):
            waiting.extend(item)
    return total


@with_context
def where_exp(left: Any, name: str, expression: str, *, context: RenderContext) -> list[Any]:
    """Return the items for which the expression holds (Jekyll's ``where_exp``)."""
    token = Token(TOKEN_EXPRESSION, text_of(expression)[:_LONGEST_CONDITION], 0, "")
    condition = BooleanExpression.parse(context.env, TokenStream(tokenize(token.value, token)))
    kept = []
    for item in left if isinstance(left, list | tuple) else ():
        with context.extend({text_of(name): item}):
            if condition.evaluate(context):
                kept.append(item)
    return kept


def _length(value: Any) -> int:
    return 1 + len(value) if isinstance(value, str | list | tuple | Mapping) else weight(value)


def _surplus(name: str, left: Any, rest: list[Any]) -> int:
    """Return how many characters a filter writes beyond its input."""
    if name == "replace" and len(rest) > 1:
        return (text_of(left).count(text_of(rest[0])) + 1) * len(text_of(rest[1]))
    if name == "join" and rest and isinstance(left, list):
        return len(left) * len(text_of(rest[0]))
    return 0
