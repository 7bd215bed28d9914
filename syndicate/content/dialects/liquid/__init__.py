"""Liquid, as Jekyll renders it: tags, filters and variables of a post's body.

Tags in code are the author's own text, unlike in Jekyll itself; outputs in code are filled in. A
variable that is not defined is empty, and in code reported. A filter that is not known
changes nothing, a tag that is not known is dropped and its inner text kept. The only place that
imports python-liquid; that costs 0.1 s, so only bodies with marks pay for it.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import Environment

from syndicate.content.dialects.context import Context, Notes
from syndicate.content.dialects.liquid.filters import FILTERS, SITE_FILTERS
from syndicate.content.dialects.liquid.guard import guarded, where_exp
from syndicate.content.dialects.liquid.session import Adapt, Session
from syndicate.content.dialects.liquid.tags import TAGS

__all__ = ["render"]

_JEKYLL = {"environment": "production", "version": "4.4.1"}
_DEEPEST = 60
_LONGEST_OUTPUT = 50_000_000  # bytes; the budget ends long before it


def render(
    body: str,
    context: Context,
    notes: Notes,
    *,
    html: bool,
    variables: Mapping[str, Any] | None = None,
    adapt: Adapt | None = None,
) -> str:
    """`body` with its Liquid resolved.

    `variables` are those of the template (by default Jekyll's ``page`` and ``site``); `adapt`
    turns the marks of a related language into Liquid's.
    """
    if variables is None:
        site = {"url": context.base, **context.site}
        variables = {"page": context.page, "site": site, "jekyll": _JEKYLL}
    session = Session(_environment(), context, notes, adapt)
    return session.template(body, html=html).render(**variables)


class _Environment(Environment):
    block_nesting_limit = _DEEPEST
    context_depth_limit = _DEEPEST
    output_stream_limit = _LONGEST_OUTPUT


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = _Environment(strict_filters=False)
    for tag in TAGS:
        environment.add_tag(tag)
    filters = {**environment.filters, **FILTERS, "where_exp": where_exp}
    for name, function in filters.items():
        environment.add_filter(name, guarded(name, function))
    for name, function in SITE_FILTERS.items():
        environment.add_filter(name, guarded(name, function, of_site=True))
    return environment
