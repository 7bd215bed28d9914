"""Write footnotes as each renderer does: numbered by reference, at the end, with backlinks."""

import re
from collections import defaultdict

__all__ = ["with_notes"]

_NOTE = re.compile(
    r'<div class="footnote-definition" id="(?P<id>[^"]*)"><sup class="footnote-definition-label">'
    r"\d+</sup>\n?(?P<text>(?:(?!<div|</div>).)*)</div>\n",
    re.DOTALL,
)
_REFERENCE = re.compile(r'<sup class="footnote-reference"><a href="#([^"]*)">\d+</a></sup>')


def with_notes(rendered: str, style: str) -> str:
    """Return pulldown-cmark's HTML with its footnotes as the renderer `style` shows them.

    "in place" keeps them where they were written. Otherwise notes without a reference are removed.
    """
    if style == "in place":
        return rendered
    notes = {match["id"]: match["text"].strip() for match in _NOTE.finditer(rendered)}
    body = _NOTE.sub("", rendered)
    order = list(dict.fromkeys(name for name in _REFERENCE.findall(body) if name in notes))
    for name in order:  # it grows by notes that only other notes refer to
        order += [
            other
            for other in dict.fromkeys(_REFERENCE.findall(notes[name]))
            if other in notes and other not in order
        ]
    numbers = {name: number for number, name in enumerate(order, 1)}
    referred: dict[str, int] = defaultdict(int)

    def reference(match: re.Match[str]) -> str:
        name = match[1]
        if name not in numbers:
            return match[0]
        referred[name] += 1
        here, there = _names(style, name, numbers[name], referred[name])
        return f'<sup id="{here}"><a href="#{there}">{numbers[name]}</a></sup>'

    body = _REFERENCE.sub(reference, body)
    texts = {name: _REFERENCE.sub(reference, notes[name]) for name in order}
    if not order:
        return body
    items = "\n".join(
        f'<li id="{_names(style, name, numbers[name], 1)[1]}">\n'
        f"{_with_backlinks(texts[name], style, name, numbers[name], referred[name])}\n</li>"
        for name in order
    )
    rule = "<hr />\n" if style == "goldmark" else ""
    element = "section" if style == "github" else "div"
    return f'{body}<{element} class="footnotes">\n{rule}<ol>\n{items}\n</ol>\n</{element}>\n'


def _names(style: str, name: str, number: int, time: int) -> tuple[str, str]:
    """Return the ids of the `time`-th reference and of the note."""
    if style == "goldmark":
        return f"fnref{time - 1 or ''}:{number}", f"fn:{number}"
    again = f"-{time}" if time > 1 else ""
    if style == "github":
        return f"user-content-fnref-{name}{again}", f"user-content-fn-{name}"
    return f"fnref:{name}{again}", f"fn:{name}"


def _with_backlinks(text: str, style: str, name: str, number: int, times: int) -> str:
    arrow, space = ("↩", " ") if style == "github" else ("↩︎", "&#160;")
    links = ""
    for time in range(1, times + 1):
        here = _names(style, name, number, time)[0]
        again = f"<sup>{time}</sup>" if time > 1 and style == "github" else ""
        links += f'{space}<a href="#{here}">{arrow}{again}</a>'
    if text.endswith("</p>"):
        return f"{text[: -len('</p>')]}{links}</p>"
    return f"{text}\n{links.strip()}"
