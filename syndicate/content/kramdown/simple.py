"""Render lines with only plain marks, in a fifth of the time of `spans`.

Each pattern is a span that kramdown reads in only one way, wherever it stands. If any mark might be
read in another way, the whole text is left to `spans`.
"""

import re
from functools import cache

from syndicate.content.kramdown.html_text import literal, quoted

__all__ = ["simple_spans"]

# A quote directly after a letter or sign closes; after white space or a bracket it opens. The end
# of another span must not be before it: then only the text after the quote decides.
_CLOSES = (
    r"(?<=[^ \t\r\n\f\v\\\[{{(\-)`*_>\"'<&$\]~|^]{0})(?<!\.\.\.{0})"
    r"|(?<=[`*_>)]{0})(?=s\b|[ \t\n]|\Z)"
)
_OPENS = r"(?<=[ \t\r\n]{0})(?![\d\"'])|(?<=[({{]{0})(?![\"'])|(?<!.{0})(?=[A-Za-z])(?!s\b)"
_QUOTES = "|".join(
    rf"{quote}(?:(?:{_CLOSES.format(quote)})(?P<close{n}>)|(?:{_OPENS.format(quote)})(?P<open{n}>))"
    for n, quote in enumerate("\"'")
)
# The content of a span is rendered by itself. A mark in it that needs one outside is unsure.
_STARRED = r"[^*\\$\s](?:[^*\\$]*[^*\\$\s])?"
_LINED = r"[^_*\\$\s](?:[^_*\\$]*[^_*\\$\s])?"
_LINKED = r"(?:[^\[\]\\$]|\\[_*])+"
_ANCHORED = r"[^<\\$]+"
_VALUE = r'="[^"<>&\n]*"'
# Each alternative begins with a character of its own, so that the search looks for characters.
_TOKENS = (
    rf"{_QUOTES}"
    rf"|\*\*(?P<strong>{_STARRED})\*\*(?!\*)"
    rf"|\*(?P<star>{_STARRED})\*(?!\*)"
    rf"|_(?<![\w\-]_)(?P<line>{_LINED})_(?!\w)"
    r"|_(?<=[^\W\d_]_)(?!_)(?P<plain>)"
    r"|`(?P<code>[^`\s][^`]*)`(?!`)"
    rf"|\[(?!\^)(?P<text>{_LINKED})\]\((?P<href>[^\s()<>\"'\\]+)\)"
    rf"|!\[(?P<alt>[^*_`<>\[\]&\\$~{{}}|^!\n\"']*)\]\((?P<src>[^\s()<>\"'\\]+)\)"
    rf"|<a href(?P<anchor>{_VALUE}(?: (?:target|rel|title|class){_VALUE})*)>"
    rf"(?P<inside>{_ANCHORED})</a>"
    rf"|<(?:img(?: [a-z]+{_VALUE})+|br) ?/?>(?P<tag>)"
    r"|<code>[^<>&]*</code>(?P<html>)"
    r"|---?|\.\.\."
    r"|\\[_*]"
    r"|&(?=\s)"
    r"|\$(?![$\"'])"
    r"|\*|_|`|<|\[|\]|&|\\|\$|\"|'|!\[|~~|>|\{:"
)
_BREAK = r"|  (?=\n)"
_STARTS_LINE = re.compile(r"_(?<![\w\-]_)")
_DONE = {"--": "–", "---": "—", "...": "…", "  ": "<br />", "&": "&amp;", "$": "$", ">": "&gt;"}
_DONE |= {"\\_": "_", "\\*": "*"}
_UNSURE = frozenset({"*", "_", "`", "<", "[", "]", "\\", '"', "'", "![", "~~", "{:"})


class _Unsure(Exception):
    """Raised for a mark that only `spans` can read."""


def simple_spans(text: str) -> str | None:
    """Return the HTML of `text`, or None if any of its marks is not plain."""
    try:
        return _tokens(breaks="  \n" in text).sub(_written, text)
    except _Unsure:
        return None


@cache
def _tokens(*, breaks: bool) -> re.Pattern[str]:
    """Return the pattern of the marks. Without `breaks` the search can skip spaces."""
    return re.compile(_TOKENS + (_BREAK if breaks else ""), re.DOTALL)


def _written(found: re.Match[str]) -> str:
    whole = found[0]
    match found.lastgroup:
        case "close0":
            return "”"
        case "close1":
            return "’"
        case "open0":
            return "“"
        case "open1":
            return "‘"
        case "strong":
            return f"<strong>{found.re.sub(_written, found['strong'])}</strong>"
        case "star" | "line" as name:
            if _STARTS_LINE.search(found[name]):  # emphasis in emphasis
                raise _Unsure
            return f"<em>{found.re.sub(_written, found[name])}</em>"
        case "code":
            return f"<code>{literal(found['code'])}</code>"
        case "plain":
            return "_"
        case "href":
            text = found.re.sub(_written, found["text"])
            return f'<a href="{quoted(found["href"])}">{text}</a>'
        case "inside":
            return f"<a href{found['anchor']}>{found.re.sub(_written, found['inside'])}</a>"
        case "tag" | "html":
            return whole
        case "src":
            return f'<img src="{quoted(found["src"])}" alt="{quoted(found["alt"])}" />'
    if whole in _UNSURE or (whole == ">" and found.string[found.end() : found.end() + 1] == ">"):
        raise _Unsure
    if whole in "&$" and not _is_alone(found):
        raise _Unsure
    return _DONE[whole]


def _is_alone(match: re.Match[str]) -> bool:
    """Return True if an ampersand or dollar is text. The next character decides."""
    after = match.string[match.end() : match.end() + 1]
    return after.isspace() if match[0] == "&" else bool(after) and after not in "$\"'"
