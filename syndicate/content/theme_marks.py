"""Resolve marks that the Hugo themes LoveIt, DoIt and FixIt add to rendered Markdown."""

import re

__all__ = ["without_theme_marks"]

_RUBY = re.compile(r"\[([^\[\]\n]{1,200})\]\^\(([^()\n]{1,200})\)")
_FRACTION = re.compile(r"\[([^\[\]\n]{1,200})\]/\[([^\[\]\n]{1,200})\]")
_ICON = re.compile(r":\([\w -]{1,100}\):")
_ESCAPED = re.compile(r"\{\?(\S)\}")


def without_theme_marks(text: str, marks: tuple[str, ...]) -> str:
    """Return `text`, HTML without tags, with `marks` resolved, in linear time.

    `marks` are of "ruby" (``[base]^(reading)``), "fraction" (``[a]/[b]``) and "icons" (``:(fas
    fa-x):``, which is removed).
    """
    if "ruby" in marks and "]^(" in text:
        text = _RUBY.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", text)
    if "fraction" in marks and "]/[" in text:
        text = _FRACTION.sub(r"<sup>\1</sup>/<sub>\2</sub>", text)
    if "icons" in marks and ":(" in text:
        text = _ICON.sub("", text)
    return _ESCAPED.sub(r"\1", text) if "{?" in text else text
