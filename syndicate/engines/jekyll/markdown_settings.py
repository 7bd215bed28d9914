"""Read the settings of kramdown, Jekyll's default Markdown renderer, from `_config.yml`."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from syndicate.model import Kramdown

__all__ = ["read_grammar"]

_QUOTES = ("‘", "’", "“", "”")
_LEVELS = re.compile(r"[1-6]")


def read_grammar(config: Mapping[str, Any]) -> Kramdown | None:
    """Return the settings of kramdown, or None if ``markdown:`` names another renderer.

    Values of the wrong type are ignored.
    """
    if str(config.get("markdown") or "kramdown").strip().lower() != "kramdown":
        return None
    given = config.get("kramdown")
    own: Mapping[str, Any] = given if isinstance(given, dict) else {}
    quirks = _names(own.get("gfm_quirks", ["paragraph_end"]))
    symbols = own.get("typographic_symbols")
    return Kramdown(
        gfm=str(own.get("input") or "GFM").upper() == "GFM",
        paragraph_end="paragraph_end" in quirks,
        typographic="no_auto_typographic" not in quirks,
        hard_wrap=own.get("hard_wrap") is True,
        smart_quotes=_quotes(own.get("smart_quotes")),
        symbols={str(name): str(sign) for name, sign in symbols.items()}
        if isinstance(symbols, dict)
        else {},
        parse_block_html=own.get("parse_block_html") is True,
        parse_span_html=own.get("parse_span_html") is not False,
        toc_levels=_levels(own.get("toc_levels")),
        header_offset=_number(own.get("header_offset")),
        footnote_backlink=str(own["footnote_backlink"] or "")
        if "footnote_backlink" in own
        else "↩",
        mathjax="math_engine" not in own or bool(own["math_engine"]),
        emoji="jemoji" in (*_names(config.get("plugins")), *_names(config.get("gems"))),
    )


def _names(value: Any) -> list[str]:
    """Return the names in a list, or in a text with commas."""
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return [str(part).strip().lstrip(":") for part in parts]


def _quotes(value: Any) -> tuple[str, str, str, str]:
    """Parse four names or numbers of characters: left and right single, left and right double."""
    names = _names(value)
    if len(names) != len(_QUOTES):
        return _QUOTES
    one, two, three, four = (
        unescape(f"&#{name};" if name.isdecimal() else f"&{name};") for name in names
    )
    return one, two, three, four


def _levels(value: Any) -> frozenset[int]:
    text = str(value if value is not None else "1..6")
    levels = [int(level) for level in _LEVELS.findall(text)]
    if ".." in text and len(levels) == 2:
        levels = list(range(levels[0], levels[1] + 1))
    return frozenset(levels)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and -6 <= value <= 6 else 0
