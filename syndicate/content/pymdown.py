"""Read the extensions of pymdownx that only change text: spans, keys, tasks, details, fences.

The extensions that a blog names are programs and are not run. These rules replace them. Guaranteed:
the time of each rule is linear in its text.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

__all__ = ["Pymdown"]

_SPANS = {
    "tilde": (
        (r"(~~)(?!\s)((?:(?!~~).){1,500}?)(?<!\s)~~", "del"),
        (r"(?<!~)(~)(?![\s~])([^\s~]{1,200})~(?!~)", "sub"),
    ),
    "caret": (
        (r"(\^\^)(?!\s)((?:(?!\^\^).){1,500}?)(?<!\s)\^\^", "ins"),
        (r"(?<!\^)(\^)(?![\s^])([^\s^]{1,200})\^(?!\^)", "sup"),
    ),
    "mark": ((r"(==)(?!\s)((?:(?!==).){1,500}?)(?<!\s)==", "mark"),),
}
_FORMULA = r"(?<![\\$])(?:\$\$.{1,2000}?\$\$|\$(?![\s$])[^$\n]{1,500}?(?<![\s\\])\$(?![\d$]))"
_KEY = r"(?:[\w-]{1,30}|\"[^\"\n]{1,100}\"|'[^'\n]{1,100}')"
_KEYS = rf"\+\+({_KEY}(?:\+{_KEY}){{0,9}})\+\+"
_LABELS = {
    "ctrl": "Ctrl", "control": "Ctrl", "cmd": "Cmd", "command": "Cmd", "esc": "Esc",
    "escape": "Esc", "del": "Del", "delete": "Del", "ins": "Ins", "insert": "Ins", "win": "Win",
    "windows": "Win", "return": "Enter", "fn": "Fn", "function": "Fn", "pgup": "Page Up",
    "pgdn": "Page Down", "arrow-up": "Up", "arrow-down": "Down", "arrow-left": "Left",
    "arrow-right": "Right", "opt": "Option", "bksp": "Backspace", "spc": "Space",
    "backslash": "\\", "bar": "|", "brace-left": "{", "brace-right": "}", "bracket-left": "[",
    "bracket-right": "]", "colon": ":", "comma": ",", "double-quote": '"', "equal": "=",
    "exclam": "!", "grave": "`", "greater": ">", "less": "<", "minus": "-", "hyphen": "-",
    "period": ".", "plus": "+", "question": "?", "semicolon": ";", "single-quote": "'",
    "slash": "/", "tilde": "~", "underscore": "_",
}  # fmt: skip
_BY_THEIR_NAMES = re.compile(
    r"[a-z\d]|f\d{1,2}|num\d|(?:left-|right-)?(?:alt|shift|control|windows|button)"
    r"|space|home|end|tab|backspace|enter|break|clear|help|up|down|left|right|option|meta|menu"
    r"|caps-lock|scroll-lock|num-lock|page-up|page-down|print-screen|context-menu|zoom|copy|print"
)
_SYMBOLS = {
    "(tm)": "™", "(c)": "©", "(r)": "®", "+/-": "±", "=/=": "≠", "c/o": "℅", "-->": "→",
    "<--": "←", "<-->": "↔", "1/4": "¼", "1/2": "½", "3/4": "¾", "1/3": "⅓", "2/3": "⅔",
}  # fmt: skip
_SYMBOL = (
    r"\((?:tm|c|r)\)|\+/-|=/=|\bc/o\b|<-->|(?<!-)-->|<--(?!-)"
    r"|(?<![\d/])(?:[13]/4|1/2|[12]/3)(?![\d/])"
)
_FOLDED = re.compile(r"^( *)\?{3}\+? ?(?=[\w\"-])([\w-]+(?: +[\w-]+)*)?(?: *(\"[^\n]*\"))?$")
_TAB = re.compile(r"^( *)={3}[!+]{0,2} +(\"[^\n]*\")$")
_FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *(?! )([\w#.+-]*)(?![\w#.+-])([^`{}]*)$")
_TITLE = re.compile(r"\btitle=(?:\"([^\"]*)\"|'([^']*)')")
_TASK = re.compile(r"\[([ xX])\]\s+")
_LANGUAGE_OF_SPAN = re.compile(r"(?:#!|:::)[\w#.+-]{1,40}\s+")


class Pymdown(Extension):
    """Extension of Python-Markdown with rules for `settings`.

    `settings` maps the names of pymdownx' extensions, without "pymdownx.", to the blog's settings.
    """

    def __init__(self, settings: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__()
        self._settings, self._names = settings, frozenset(settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the library's name
        """Register the rules."""
        for name in sorted(self._names & _SPANS.keys()):
            for number, (pattern, tag) in enumerate(_SPANS[name]):
                if not self._is_off(name, tag):
                    rule = SimpleTagInlineProcessor(pattern, tag)
                    md.inlinePatterns.register(rule, f"{name} {tag}", 66 - number)
        if "arithmatex" in self._names:
            md.inlinePatterns.register(_AsWritten(_FORMULA), "formula", 189)
        if "keys" in self._names:
            md.inlinePatterns.register(_Keys(_KEYS), "keys", 185)
        if "smartsymbols" in self._names:
            md.inlinePatterns.register(_Symbols(_SYMBOL), "symbols", 95)
        if "superfences" in self._names:
            md.preprocessors.register(_Fences(md), "fences", 26)
        if self._names & {"details", "tabbed"}:
            md.preprocessors.register(_Folded(md), "folded", 24)
        if self._names & {"tasklist", "inlinehilite"}:
            md.treeprocessors.register(_Tree(md), "tasks", 19)

    def _is_off(self, name: str, tag: str) -> bool:
        keys = {"del": "delete", "ins": "insert", "sub": "subscript", "sup": "superscript"}
        return self._settings[name].get(keys.get(tag, "")) is False


class _AsWritten(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return m[0], m.start(), m.end()


class _Symbols(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return _SYMBOLS[m[0]], m.start(), m.end()


class _Keys(InlineProcessor):
    def handleMatch(  # type: ignore[override]  # noqa: N802 - the library's name
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        labels = [_label(key) for key in re.findall(_KEY, m[1])]
        if "" in labels:
            return None, None, None
        keys = Element("span")
        for number, label in enumerate(labels):
            key = SubElement(keys, "kbd")
            key.text = AtomicString(label)
            key.tail = AtomicString("+") if number + 1 < len(labels) else None
        return keys, m.start(), m.end()


def _label(key: str) -> str:
    """Return the label of a key, or "" if no key has that name."""
    if key[0] in "\"'":
        return key[1:-1]
    name = key.lower()
    named = _BY_THEIR_NAMES.fullmatch(name) is not None
    return _LABELS.get(name) or (name.replace("-", " ").title() if named else "")


class _Fences(Preprocessor):
    """Turns fences in lists into indented code, because Python-Markdown has no fences in lists."""

    def run(self, lines: list[str]) -> list[str]:
        return list(_unindented(lines))


def _unindented(lines: list[str]) -> Iterator[str]:
    closers = {line.rstrip(): number for number, line in enumerate(lines) if _FENCE.match(line)}
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        end = number
        if opening and closers.get(opening[1] + opening[2], 0) > number:
            end = _end_of_fence(lines, number, opening[1], opening[1] + opening[2])
        if opening is None or end == number:
            yield lines[number]
            number += 1
            continue
        # a line with less indentation: no fence after all
        if lines[end].rstrip() != opening[1] + opening[2]:
            yield from lines[number:end]
            number = end
            continue
        yield from _fenced(opening, lines[number + 1 : end], lines[end])
        number = end + 1


def _end_of_fence(lines: list[str], start: int, indent: str, closer: str) -> int:
    """Return the number of the line that closes the fence, or of the first line outside before."""
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.rstrip() == closer or (line.strip() and not line.startswith(indent)):
            return number
    return start


def _fenced(opening: re.Match[str], code: list[str], closing: str) -> Iterator[str]:
    title = _TITLE.search(opening[4])
    if title:
        yield from (f"{opening[1]}<p>{escape(title[1] or title[2] or '')}</p>", "")
    if not opening[1]:
        yield from (f"{opening[2]}{opening[3]}", *code, closing)
        return
    deeper = " " * (-(-len(opening[1]) // 4) * 4 + 4)
    yield ""
    yield from (deeper + line[len(opening[1]) :] for line in code)
    yield ""


class _Folded(Preprocessor):
    """Turns details and tabs into admonitions, which show the same words."""

    def run(self, lines: list[str]) -> list[str]:
        return [_as_admonition(line) for line in lines]


def _as_admonition(line: str) -> str:
    if match := _FOLDED.match(line.rstrip()):
        title = f" {match[3]}" if match[3] else ""
        return f"{match[1]}!!! {match[2] or 'details'}{title}"
    if match := _TAB.match(line.rstrip()):
        return f"{match[1]}!!! tab {match[2]}"
    return line


class _Tree(Treeprocessor):
    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            first = item[0] if len(item) and item[0].tag == "p" and not item.text else item
            task = _TASK.match((first.text or "").lstrip())
            if task:
                box = Element("input", type="checkbox")
                if task[1] != " ":
                    box.set("checked", "")
                box.tail = (first.text or "").lstrip()[task.end() :]
                first.text = ""
                first.insert(0, box)
        for code in root.iter("code"):
            if isinstance(code.text, str) and (language := _LANGUAGE_OF_SPAN.match(code.text)):
                code.text = AtomicString(code.text[language.end() :])
