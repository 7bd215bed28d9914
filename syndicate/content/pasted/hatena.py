"""Resolve Hatena's marks: pictures, links, code, footnotes.

Footnotes are in double brackets, which other text may use too. They are resolved only in a body
that has a mark that only Hatena uses.
"""

import re
from collections.abc import Iterator
from html import unescape

from syndicate.content.marks.scan import Scanner
from syndicate.content.marks.snippets import code_block, link, picture
from syndicate.content.pasted.source_rules import Rule, alone

__all__ = ["HATENA", "IS_HATENA", "without_notes"]

IS_HATENA = re.compile(
    r"\[(?:f:id:|:contents\]|https?:[^\s\[\]]{1,300}:(?:embed|title))|\|(?<=^\|)\|?<$", re.MULTILINE
)
"""Pattern that matches in every body with Hatena's marks."""

_FILES = {"j": "jpg", "p": "png", "g": "gif"}
_PHOTO_MARK = r"\[f:id:[\w-]{1,40}:\d{14}[jpg]:\w{1,10}(?::[^\]\n]{0,300})?\]"
_PHOTO = re.compile(r"\[f:id:([\w-]+):(\d{8})(\d{6})([jpg]):\w+(?::([^\]]*))?\]")
_PHOTO_TITLE = re.compile(r"(?:title|alt)=([^:\]\n]+)")
_PHOTO_SIDE = re.compile(r"(?:^|:)([wh])(\d{1,4})(?=:|$)")
_LINK_MARK = r"\[https?://[^\s\[\]<>]{1,1000}:(?:embed|title)(?:[:=][^\[\]\n]{0,300})?\]"
_LINK = re.compile(
    r"\[(https?://[^\s\[\]<>]+?)(?::embed)?(?::cite)?(?::title(?:=([^\[\]\n]*))?)?\]"
)
_NOTE = r"(?<!\()\(\((?=[^\s()])(?:[^()\n]|\([^()\n]{0,100}\)){1,500}\)\)(?!\))"


def _photo(mark: str, _html: bool) -> str:
    match = _PHOTO.fullmatch(mark)
    if match is None:
        return mark
    user, day, time, kind, rest = match.groups()
    title = _PHOTO_TITLE.search(rest or "")
    sides = dict(_PHOTO_SIDE.findall(rest or ""))
    folder = f"https://cdn-ak.f.st-hatena.com/images/fotolife/{user[0]}/{user}/{day}"
    src = f"{folder}/{day}{time}.{_FILES[kind]}"
    return picture(src, title[1] if title else "", size=(sides.get("w", ""), sides.get("h", "")))


def _page(mark: str, _html: bool) -> str:
    match = _LINK.fullmatch(mark)
    return link(unescape(match[1]), unescape(match[2] or "")) if match else mark


def _code(mark: str, html: bool) -> str:
    opening, _, rest = mark.partition("\n")
    code = rest.removesuffix("|<").removesuffix("|")
    shown = code_block(unescape(code) if html else code, opening.strip(">| \t"))
    return f"\n\n{shown}\n\n"


def _quote(mark: str, html: bool) -> str:
    text = mark.partition("\n")[2].removesuffix("<<").strip()
    if html:
        return f"<blockquote>{text}</blockquote>"
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) + "\n\n"


HATENA = (
    Rule("hatena", (), _PHOTO_MARK, _photo),
    Rule("hatena", (), alone(r"\[:contents\]"), lambda _mark, _html: ""),
    Rule("hatena", (), _LINK_MARK, _page),
    Rule("hatena", (), r"^>\|[\w+#.-]{0,30}\|[ \t]*\n", _code, closing="\n||<"),
    Rule("hatena", (), r"^>\|[ \t]*\n", _code, closing="\n|<"),
    Rule("hatena", (), r"^>>[ \t]*\n", _quote, closing="\n<<"),
)


def without_notes(text: str) -> str:
    """Return the Markdown `text` with its ``((notes))`` as numbered footnotes below it."""
    if "((" not in text:
        return text
    notes: list[str] = []
    shown = "".join(_noted(text, notes))
    if not notes:
        return text
    below = "\n".join(f"[^hatena{number}]: {note}" for number, note in enumerate(notes, 1))
    return f"{shown.rstrip()}\n\n{below}\n"


def _noted(text: str, notes: list[str]) -> Iterator[str]:
    for piece in Scanner(text, _NOTE, html=False):
        source = text[piece.start : piece.end]
        if piece.kind == "mark":
            notes.append(source[2:-2].strip())
            yield f"[^hatena{len(notes)}]"
        else:
            yield source
