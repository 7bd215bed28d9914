"""Marks that themes add to Markdown after it is rendered: LoveIt's, DoIt's and FixIt's for Hugo."""

import re

__all__ = ["without_theme_marks"]

_RUBY = re.compile(r"\[([^\[\]\n]{1,200})\]\^\(([^()\n]{1,200})\)")
_FRACTION = re.compile(r"\[([^\[\]\n]{1,200})\]/\[([^\[\]\n]{1,200})\]")
_ICON = re.compile(r":\([\w -]{1,100}\):")
_ESCAPED = re.compile(r"\{\?(\S)\}")


def without_theme_marks(text: str, marks: tuple[str, ...]) -> str:
    """Return `text`, HTML without tags, with `marks` resolved; time is linear in its length.

    `marks` are of "ruby" (``[base]^(reading)``), "fraction" (``[a]/[b]``) and "icons"
    (``:(fas fa-x):``, which has no words).
    """
    if "ruby" in marks and "]^(" in text:
        text = _RUBY.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", text)
    if "fraction" in marks and "]/[" in text:
        text = _FRACTION.sub(r"<sup>\1</sup>/<sub>\2</sub>", text)
    if "icons" in marks and ":(" in text:
        text = _ICON.sub("", text)
    return _ESCAPED.sub(r"\1", text) if "{?" in text else text
