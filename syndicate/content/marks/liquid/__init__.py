"""Resolve Liquid in a body as Jekyll does: tags, filters and variables.

Unlike in Jekyll, tags in code are the author's text; outputs in code are filled in. An undefined
variable is empty, and reported if it is in code. An unknown filter returns its input. An unknown
tag is dropped, and its inner text kept. Only this package imports python-liquid, which takes 0.1 s,
and only for a body with marks.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liquid import Environment

from syndicate.content.marks.context import Context, Notes
from syndicate.content.marks.liquid.filters import FILTERS, SITE_FILTERS
from syndicate.content.marks.liquid.limits import guarded, where_exp
from syndicate.content.marks.liquid.session import Adapt, Session
from syndicate.content.marks.liquid.tags import TAGS

__all__ = ["render"]

_JEKYLL = {"environment": "production", "version": "4.4.1"}
_DEEPEST = 60
_LONGEST_OUTPUT = 50_000_000  # bytes; the budget ends the rendering long before


def render(
    body: str,
    context: Context,
    notes: Notes,
    *,
    html: bool,
    variables: Mapping[str, Any] | None = None,
    adapt: Adapt | None = None,
) -> str:
    """Return `body` with its Liquid resolved.

    `variables` are those of the template (default: Jekyll's ``page`` and ``site``). `adapt` turns
    the marks of a related language into Liquid's.
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
