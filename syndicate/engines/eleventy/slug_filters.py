"""Eleventy's two filters for titles in addresses: `slugify`, and `slug`, the older one.

They follow the npm packages @sindresorhus/slugify and slugify for titles in Latin letters. The
result is None for a title with letters that the packages spell out by tables of their own.
"""

import re
import unicodedata

import regex

__all__ = ["slug", "slugify"]

_LETTERS = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ı": "i", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D",
}  # fmt: skip
_SLUGIFY = str.maketrans(
    _LETTERS
    | {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ẞ": "Ss",
        "œ": "",
        "Œ": "",
    }
    | {"&": " and ", "♥": " love ", "€": "E", "¢": "c", "¥": "Y"}
)
_SLUG = str.maketrans(
    _LETTERS
    | {"ẞ": "SS", "œ": "oe", "Œ": "OE", "đ": "dj", "Đ": "DJ", "元": "yuan", "♥": "love"}
    | {"&": "and", "%": "percent", "<": "less", ">": "greater", "$": "dollar", "|": "or"}
    | {"€": "euro", "£": "pound", "¢": "cent", "¥": "yen", "©": "(c)", "®": "(r)", "™": "tm"}
    | {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": ""}
)
# Letters that the packages spell out. They drop Chinese, Japanese and Korean letters.
_SPELT_OUT = regex.compile(
    r"[\p{L}--[A-Za-z\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー]]", regex.V1
)
_CONTRACTED = re.compile(r"([a-z\d]{1,80})'([ts])(?=\s|$)")


def slugify(title: str) -> str | None:
    """Return the slug of the filter `slugify`: lower-case ASCII words, joined by dashes."""
    text = _plain(unicodedata.normalize("NFC", title).translate(_SLUGIFY))
    if text is None:
        return None
    return re.sub(r"[^a-z\d]+", "-", _CONTRACTED.sub(r"\1\2", text.lower())).strip("-")


def slug(title: str) -> str | None:
    """Return the slug of the filter `slug`: lower case, dashes for spaces, some punctuation."""
    text = _plain(unicodedata.normalize("NFC", title).translate(_SLUG))
    if text is None:
        return None
    kept = re.sub(r"[^A-Za-z\d_\s$*+~.()'\"!:@-]+", "", text).replace("-", " ")
    return re.sub(r"\s+", "-", kept.strip()).lower()


def _plain(text: str) -> str | None:
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return None if _SPELT_OUT.search(bare) else bare
