"""The languages that the pages speak."""

from datetime import UTC, datetime

import pytest

from syndicate.pages.messages import direction, tables, wording_of

DAY = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("tag", tables())
def test_every_language_is_complete(tag: str) -> None:
    """No text is empty, there are twelve months, and the date shows its parts."""
    messages = wording_of(tag).messages
    texts = [getattr(messages, name) for name in messages.__struct_fields__ if name != "months"]
    assert all(text.strip() == text and text for text in texts)
    assert len(set(messages.months)) == 12
    assert "2026" in messages.day(DAY)
    assert "9" in messages.day(DAY)
    assert messages.months[2] in messages.day(DAY)


@pytest.mark.parametrize("tag", tables())
def test_no_text_holds_markup(tag: str) -> None:
    """The texts go into pages as they are."""
    messages = wording_of(tag).messages
    texts = [getattr(messages, name) for name in messages.__struct_fields__ if name != "months"]
    assert not set("".join((*texts, *messages.months))) & set('<>&"')


@pytest.mark.parametrize(
    ("tag", "name"),
    [("zh", "简体中文"), ("zh_CN", "简体中文"), ("zh-TW", "繁體中文"), ("zh-hant-hk", "繁體中文"),
     ("EN-gb", "English"), ("", "English"), ("xx", "English"), ("no such tag!", "English")],
)  # fmt: skip
def test_a_language_is_found_by_any_spelling_of_its_tag(tag: str, name: str) -> None:
    """Region and case do not hide it; none is English."""
    assert wording_of(tag).messages.name == name


def test_a_day_is_the_one_of_its_own_zone() -> None:
    """As the post's readers had it."""
    assert wording_of("de").messages.day(DAY) == "9. März 2026"


def test_directions() -> None:
    """Arabic, Hebrew, Persian and Urdu are written from the right."""
    assert {tag: direction(tag) for tag in ("ar-EG", "he", "fa", "ur", "en", "zh-CN")} == {
        "ar-EG": "rtl", "he": "rtl", "fa": "rtl", "ur": "rtl", "en": "ltr", "zh-CN": "ltr",
    }  # fmt: skip
