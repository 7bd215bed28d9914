from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.reading.entry_words import digest, html_text
from syndicate.reading.feed_dates import moment

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "other",
    ["<p>Caf\u00e9  au\nlait</p>", "<div><p>Cafe\u0301 <b>a</b>u</p>lait<script>x()</script></div>",
     "Caf&eacute;&nbsp;au<br/>lait<!-- no -->", "<style>p{}</style>Caf&#xe9; au\tlait"],
)  # fmt: skip
def test_the_same_words_have_the_same_digest(other: str) -> None:
    """Tags, white space, entities and the form of accents do not change the digest."""
    assert digest(html_text(other)) == digest("Caf\u00e9 au lait")


def test_other_words_have_another_digest() -> None:
    """Any visible change, even a missing space, changes the digest; no text gives none."""
    texts = ["茶", "绿茶", "绿 茶", "1 < 2", "<b>1</b>&lt;2"]
    assert len({digest(html_text(text)) for text in texts}) == len(texts)
    assert digest(html_text("<img src=x><p> </p>")) == ""


@given(st.text(st.characters()))
def test_any_html_has_a_text(source: str) -> None:
    """Any string has a text, and the digest of this text is stable."""
    assert digest(html_text(source)) == digest(html_text(source))


def test_deep_html_takes_no_time() -> None:
    """A hundred thousand open elements are read up to the parser's limit."""
    assert "a" in html_text("a" + "<div>" * 100_000 + "b")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2025-02-20T19:14:38+08:00", datetime(2025, 2, 20, 19, 14, 38, tzinfo=CHINA)),
        (" 2025-02-20t19:14:38.999z ", datetime(2025, 2, 20, 19, 14, 38, tzinfo=UTC)),
        ("2025-02-20T19:14+0800", datetime(2025, 2, 20, 19, 14, tzinfo=CHINA)),
        ("2025-02-20 19:14:38", datetime(2025, 2, 20, 19, 14, 38, tzinfo=UTC)),
        ("2025-02-20", datetime(2025, 2, 20, tzinfo=UTC)),
        ("Thu, 20 Feb 2025 19:14:38 +0800", datetime(2025, 2, 20, 19, 14, 38, tzinfo=CHINA)),
        ("20 Feb 25 19:14 EST", datetime(2025, 2, 21, 0, 14, tzinfo=UTC)),
        ("Thu, 20 Feb 2025 19:14:38", datetime(2025, 2, 20, 19, 14, 38, tzinfo=UTC)),
        ("Thu, 20 Feb 2025 19:14:38 -0000", datetime(2025, 2, 20, 19, 14, 38, tzinfo=UTC)),
        ("1850-01-01T00:00:00+08:05:43", datetime(1849, 12, 31, 15, 54, 17, tzinfo=UTC)),
    ],
)
def test_dates_are_instants(text: str, wanted: datetime) -> None:
    """RFC 3339, RFC 822 and similar dates are read; without a zone they are in UTC."""
    assert moment(text) == wanted


@pytest.mark.parametrize("text", ["", "soon", "0000-00-00 00:00:00", "2025-02-30", "9" * 5000])
def test_invalid_date_is_none(text: str) -> None:
    """An invalid date is None, never a guess or today."""
    assert moment(text) is None


@given(st.text(st.sampled_from("0123456789-+:.TZ, JanFebMonTue()"), max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """A parsed date can be written, compared and, except at the calendar's ends, moved to UTC."""
    found = moment(text)
    assert found is None or (found.isoformat() and found.microsecond == 0 and found.tzinfo)
