"""Line ends between Chinese or Japanese characters are removed; others stay."""

import pytest

from syndicate.content.line_ends import without_line_ends


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>第一行，\n第二行</p>", "<p>第一行，第二行</p>"),
        ("<p>お茶を\n  「はい」</p>", "<p>お茶を「はい」</p>"),
        ("<p><b>重点</b>\n<em>第二</em></p>", "<p><b>重点</b><em>第二</em></p>"),
        ("<p>他说\n“好”</p>", "<p>他说“好”</p>"),
        ("<p>中文\nEnglish\n中文</p>", "<p>中文\nEnglish\n中文</p>"),
        ("<p>첫 번째\n두 번째</p>", "<p>첫 번째\n두 번째</p>"),
        ("<p>一</p>\n<p>二</p>", "<p>一</p>\n<p>二</p>"),
        ("<p>一<br />\n二</p>", "<p>一<br />\n二</p>"),
        ("<pre>一\n二</pre>三\n四", "<pre>一\n二</pre>三四"),
        ("<code>一\n二", "<code>一\n二"),
    ],
)
def test_line_ends(html: str, expected: str) -> None:
    """Line ends are removed only between wide characters, and not in code."""
    assert without_line_ends(html) == expected
