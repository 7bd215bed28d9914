"""Resolve the tags of Eleventy: Liquid, or Nunjucks where its syntax means the same.

The variables are those of the post's front matter. Shortcodes and filters that a blog's
configuration defines are code, which is never run. Such a tag is dropped but its inner text kept,
and such a filter returns its input.
"""

import re
from collections.abc import Mapping
from typing import Any

from syndicate.content.marks import liquid
from syndicate.content.marks.context import Context, Notes
from syndicate.content.marks.pairs import Mark

__all__ = ["render"]

_NAMES = {"elif": "elsif", "elseif": "elsif", "set": "assign", "var": "assign"}
_FILTER_CALL = re.compile(r"\|\s*(\w+)\(([^()]*)\)")
_OPERATORS = re.compile(r"""("[^"]*"|'[^']*')|(===?|!==)|(?<!\S)not\s+(?=[\w."']+$)""")


def render(body: str, context: Context, notes: Notes, *, html: bool) -> str:
    """Return `body` with its tags resolved."""
    return liquid.render(
        body, context, notes, html=html, variables=_variables(context), adapt=_adapted
    )


def _variables(context: Context) -> Mapping[str, Any]:
    data = context.site.get("data")
    page = {
        "url": context.page.get("url"),
        "date": context.page.get("date"),
        "inputPath": f"./{context.path}",
        "fileSlug": context.path.rpartition("/")[2].partition(".")[0],
    }
    return {
        **(data if isinstance(data, Mapping) else {}),
        "site": context.site,
        "metadata": context.site,
        **context.page,
        "page": page,
    }


def _adapted(mark: Mark) -> Mark:
    """Return the mark of Nunjucks in the words of Liquid."""
    name, text = _NAMES.get(mark.name, mark.name), mark.text
    if name == "assign" and "=" not in text:
        name = "capture"
    if mark.closes == "set":
        return mark._replace(name="endcapture", closes="capture")
    text = _FILTER_CALL.sub(r"| \1: \2", text)
    if name == "for":  # filters are illegal in Liquid's loops
        text = text.partition("|")[0].rstrip()
    if name in ("if", "elsif"):
        text = _OPERATORS.sub(_operator, text)
    return mark._replace(name=name, text=text, opens=name if mark.opens else "")


def _operator(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    if match[2]:
        return "!=" if match[2].startswith("!") else "=="
    return "false == "
