"""Rewrite dates in the words of other scripts in the ASCII forms that `dates` reads.

The text must be in NFKC, in which full-width digits and colons are ASCII. Years of other calendars
are reported, or converted with a remark.
"""

import re

__all__ = ["foreign_year", "in_ascii"]

_DASHES = re.compile("[\u2010-\u2015\u2212\u301c~]")
_QUOTES = re.compile("[\u2018-\u201f\u2039\u203a\u00ab\u00bb\u300c-\u300f]")
_MARKS = re.compile("[\u200b-\u200f\u2060\ufeff]")
_WEEKDAY = re.compile(
    r"\s?\(?(?:(?:星期|[周週礼禮]拜?)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|(?<=\()[月火水木金土日一二三四五六월화수목금토일](?=\)))\)?,?"
)
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""Japan's eras, with the years before their first years."""
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s?(元|\d{{1,2}})\s?年")
_MINGUO = re.compile(r"(?:中[華华])?民[國国]\s?(元|\d{1,3})(?=\s?年|[-/.])")
_MINGUO_YEAR = 1911
_COUNTED = re.compile(r"^(?:公元|西元|西[历曆暦]|佛[历曆]|พ\.?ศ\.?)\s?")
"""Names of the Christian and the Buddhist era; the year shows which one is meant."""
_DIGITS = {digit: str(number) for number, digit in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_IN_WORDS = re.compile(
    rf"([{''.join(_DIGITS)}]{{4}})\s?年\s?([{''.join(_DIGITS)}十]{{1,3}})\s?月"
    rf"\s?([{''.join(_DIGITS)}十]{{1,3}})\s?(?=[日号號])"
)
_DAY = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?(?:[日号號일]T?|(?=\s|$))")
_TIME = re.compile(
    r"(\d{1,2})\s?[时時点點시]\s?(?:(\d{1,2})\s?[分분]\s?(?:(\d{1,2})\s?[秒초])?|(半|반))?"
)
_HALVES = {
    **dict.fromkeys(("上午", "午前", "오전", "凌晨", "早上", "早晨", "清晨", "새벽"), "AM"),
    **dict.fromkeys(("下午", "午後", "오후", "中午", "傍晚", "晚上"), "PM"),
}
_HALF = re.compile(rf"({'|'.join(_HALVES)}|[AaPp][Mm])\s?(\d{{1,2}}(?::\d{{1,2}}){{1,2}})")

_OTHER_CALENDARS = (
    (range(1300, 1500), "the Persian or the Islamic calendar"),
    (range(2400, 2700), "the Buddhist calendar"),
    (range(5700, 5900), "the Hebrew calendar"),
)


def foreign_year(year: int) -> str:
    """Return the calendar, other than the Gregorian one, in which `year` is now; else ""."""
    return next((name for years, name in _OTHER_CALENDARS if year in years), "")


def in_ascii(text: str) -> tuple[str, str]:
    """Rewrite a date in ASCII. Also return a remark if the year was converted, else "".

    Quotation marks and weekdays are removed. Unknown words stay.
    """
    text = _MARKS.sub("", _QUOTES.sub("", _DASHES.sub("-", text)))
    text = _IN_WORDS.sub(_counted, _COUNTED.sub("", text))
    text = _ERA.sub(_gregorian, _WEEKDAY.sub(" ", text))
    remark = ""
    if match := _MINGUO.search(text):
        year = _MINGUO_YEAR + _ordinal(match[1])
        remark = f"{match[0]!r} read as the year {year}"
        text = f"{text[: match.start()]}{year}{text[match.end() :]}"
    text = _TIME.sub(_clock, _DAY.sub(r"\1-\2-\3 ", text))
    text = _HALF.sub(lambda half: f" {half[2]} {_HALVES.get(half[1], half[1])}", text)
    return " ".join(text.split()), remark


def _counted(day: re.Match[str]) -> str:
    """Rewrite a date in Chinese numerals in digits."""
    year, *rest = day.groups()
    month, number = (_number(words) for words in rest)
    return f"{''.join(_DIGITS[digit] for digit in year)}年{month}月{number}"


def _number(words: str) -> int:
    """Return the value of a Chinese numeral from 1 to 99, such as 二十三."""
    tens, ten, ones = words.rpartition("十")
    digits = "".join(_DIGITS.get(digit, "") for digit in ones) or "0"
    return int(digits) + (10 * int(_DIGITS.get(tens, "1")) if ten else 0)


def _ordinal(digits: str) -> int:
    """Return the number of a year in its era. The first year is 元."""
    return 1 if digits == "元" else int(digits)


def _gregorian(era: re.Match[str]) -> str:
    return f"{_ERAS[era[1]] + _ordinal(era[2])}年"


def _clock(time: re.Match[str]) -> str:
    hour, minute, second, half = time.groups()
    found = f"{hour}:{'30' if half else minute or '00'}"
    return f"{found}:{second}" if second else found
