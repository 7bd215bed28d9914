"""Make links of the bare addresses in rendered Markdown, as GitHub's Markdown does.

The renderer's HTML is read in one pass that separates text from tags, links and code. The same pass
removes the remaining marks of kramdown. CommonMark escapes every ``<`` of a text, so each one in
the HTML starts a tag.
"""

import re

from syndicate.content.stray_marks import INLINE_MARK

__all__ = ["link_addresses"]

# GFM 6.9, but an address also ends at full-width punctuation, because sentences in Chinese and
# Japanese go on without a space.
_ADDRESS = (
    r"(?<![\w/.@=&#%+-])(?:https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|www\.[a-z0-9-]+\.[a-z0-9.-]*[a-z0-9])"
    r"(?::\d+)?(?:[/?#](?:(?!&(?:lt|gt|quot|nbsp|\#39|\#160);)[^\s\u00a0\u3000<>\"“”‘’（），。；：！？、《》「」『』【】])*)?"
)
_IN_TAG = r"[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>"
_COMMENT = r"<!--(?:[^-]|-(?!->))*(?:-->|\Z)"
_TAG = rf"<(?P<close>/?)(?P<tag>[a-z][a-z0-9-]*){_IN_TAG}|{_COMMENT}"
_TAGS = re.compile(_TAG, re.IGNORECASE | re.ASCII)
_TOKEN = re.compile(
    rf"{_TAG}|(?P<mark>{INLINE_MARK})|(?P<address>{_ADDRESS})", re.IGNORECASE | re.ASCII
)
_MAIL = (
    r"(?<![\w.+/@-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,63}(?![\w@-])"
)
_MAILS = re.compile(_MAIL, re.IGNORECASE | re.ASCII)
_TOKEN_OR_MAIL = re.compile(rf"{_TOKEN.pattern}|(?P<mail>{_MAIL})", re.IGNORECASE | re.ASCII)
_TYPESET = re.compile("[–—…]")
_OPAQUE = frozenset({"a", "pre", "code", "kbd", "samp", "script", "style", "textarea", "title"})
_NOT_TEXT = re.compile(
    # An opaque element that holds only text, or any tag.
    rf"<({'|'.join(sorted(_OPAQUE, reverse=True))})(?![a-z0-9-]){_IN_TAG}[^<]*</\1>|{_TAG}",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = re.compile(r"(?:[?!.,:*_~';]|&[a-z]+;)+$", re.IGNORECASE)


def link_addresses(
    html: str, *, marks: bool = True, scheme: str = "http", mails: bool = False
) -> str:
    """Return the rendered `html` with its bare addresses linked, except in code.

    If `marks`, the marks of kramdown are removed. Pass False if kramdown has rendered the text: it
    leaves no marks, and an address with a typographic dash or ellipsis was changed by it, so it is
    not linked. `scheme` is added to addresses without one. If `mails`, e-mail addresses are linked.
    """
    mails = mails and "@" in html
    if not mails and "://" not in html and "www." not in html and (not marks or "{:" not in html):
        return html
    text = _NOT_TEXT.sub("", html)  # most addresses are in tags, links and code
    has_mails = mails and "@" in text and _MAILS.search(_TAGS.sub("", html))
    tokens = _TOKEN_OR_MAIL if has_mails else _TOKEN
    here = "://" in text or "www." in text.lower() or (marks and "{:" in text)
    if tokens is _TOKEN and not here:
        return html
    out: list[str] = []
    position, inside = 0, ""
    for token in tokens.finditer(html):
        if token["tag"]:
            inside = _entered(inside, token["tag"].lower(), closing=bool(token["close"]))
        elif not inside and (token["mark"] if marks else None):
            out.append(html[position : token.start()])
            position = token.end()
        elif not inside and (address := token["address"]):
            if not marks and _TYPESET.search(address):
                continue
            out.append(html[position : token.start()])
            out.append(_link(address, scheme))
            position = token.end()
        elif not inside and tokens is not _TOKEN and (mail := token["mail"]):
            out.append(f'{html[position : token.start()]}<a href="mailto:{mail}">{mail}</a>')
            position = token.end()
    out.append(html[position:])
    return "".join(out)


def _entered(inside: str, tag: str, *, closing: bool) -> str:
    """Return the opaque element that the text after this tag lies in, or ""."""
    if closing:
        return "" if tag == inside else inside
    return inside or (tag if tag in _OPAQUE else "")


def _link(text: str, scheme: str) -> str:
    address, rest = _trimmed(text)
    href = address if "://" in address else f"{scheme}://{address}"
    return f'<a href="{href}">{address}</a>{rest}'


def _trimmed(text: str) -> tuple[str, str]:
    """Split `text` into the address and the punctuation that belongs to the sentence."""
    surplus = text.count(")") - text.count("(")
    end = len(text)
    while end:
        trailing = _TRAILING.search(text, max(0, end - 40), end)
        if trailing:
            end = trailing.start()
        elif surplus > 0 and text[end - 1] == ")":
            end, surplus = end - 1, surplus - 1
        else:
            break
    return text[:end], text[end:]
