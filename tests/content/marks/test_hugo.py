"""Hugo's shortcodes are resolved."""

import pytest

from .helpers import BASE, html, resolved, text

YOUTUBE = "https://www.youtube.com/watch?v=abcdef123"

BUILT_IN = [
    ('[a]({{< ref "oolong" >}})', f"[a]({BASE}/oolong/)"),
    ('[a]({{< relref "/posts/oolong/#brew" >}})', f"[a]({BASE}/oolong/#brew)"),
    ('{{< ref path="white.en.md" >}}', f"{BASE}/white/"),
    ('{{% ref "/notes/white" %}}', f"{BASE}/notes/white/"),
    ("{{< ref `Black Tea.md` >}}", f"{BASE}/black/"),
    ('{{< ref "#here" >}}', "#here"),
    ("{{< youtube abcdef123 >}}", f'<a href="{YOUTUBE}">youtube.com/watch?v=abcdef123</a>'),
    ('{{< youtube id="abcdef123" title="Brew" >}}', f'<a href="{YOUTUBE}">Brew</a>'),
    ("{{< vimeo 146022717 >}}", '<a href="https://vimeo.com/146022717">vimeo.com/146022717</a>'),
    ("{{< gist spf13 7896402 >}}",
     '<a href="https://gist.github.com/spf13/7896402">gist.github.com/spf13/7896402</a>'),
    ('{{< x user="me" id="12" >}}',
     '<a href="https://twitter.com/me/status/12">twitter.com/me/status/12</a>'),
    ("{{< instagram CxOWiQNP >}}",
     '<a href="https://www.instagram.com/p/CxOWiQNP/">instagram.com/p/CxOWiQNP/</a>'),
    ("{{< param title >}} {{< param shop.open >}}", "Tea True"),
    ('{{< qr text="https://a.b/" />}}', '<a href="https://a.b/">a.b/</a>'),
    ("{{</* figure src=x */>}}", "{{&lt; figure src=x &gt;}}"),
    ("`{{</* x */>}}`", "`{{< x >}}`"),
    ("{{< comment >}}hidden{{< /comment >}}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BUILT_IN)
def test_built_in(body: str, expected: str) -> None:
    """Hugo's own shortcodes give the result of Hugo's templates; frames become links."""
    found = resolved(body, "hugo")
    assert (found.text, found.unknown, found.faults) == (expected, (), ())


def test_a_figure_has_its_caption_and_leaves_markdown_alone() -> None:
    """A figure is a picture with a caption, and the next line is still Markdown."""
    found = html(
        '{{< figure src="/a.png" alt="A" caption="A cup" link="/b" >}}\nthen *this*\n', "hugo"
    )
    assert f'<a href="{BASE}/b"><img src="{BASE}/a.png" alt="A"></a>' in found
    assert "<figcaption>A cup</figcaption>" in found
    assert "<em>this</em>" in found


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("{{% note %}}\nsay **so**\n{{% /note %}}", "Note"),
        ('{{< admonition tip "Brew" >}}say **so**{{< /admonition >}}', "Brew"),
        ("{{< admonition warning >}}\nsay **so**\n{{< /admonition >}}", "Warning"),
        ('{{< callout type="info" title="Look" >}}say **so**{{< /callout >}}', "Look"),
    ],
)
def test_callouts_are_quotations_with_a_bold_title(body: str, title: str) -> None:
    """Boxes of themes become quotations, with rendered Markdown inside."""
    found = html(body, "hugo")
    assert found.startswith("<blockquote>")
    assert f"<strong>{title}</strong>" in found
    assert "<strong>so</strong>" in found


def test_details() -> None:
    """Folded text keeps its summary and its Markdown."""
    found = html('{{< details summary="More" >}}\n- a\n- b\n{{< /details >}}', "hugo")
    assert "<summary>More</summary>" in found
    assert "<li>a</li>" in found


@pytest.mark.parametrize(
    ("body", "expected", "unknown"),
    [
        ("{{< r >}}in {{< b >}}ner{{< /b >}}{{< /r >}}", "in ner", ("b", "r")),
        ("a {{< one 1 >}} b {{< two x=y />}} c", "a  b  c", ("one", "two")),
        ("{{< a >}}{{< b >}}x{{< /a >}}", "x", ("b", "a")),
        ("x{{< /never-opened >}}y", "xy", ()),
        ("{{% inner/outer %}}x{{% / inner/outer %}}", "x", ("inner/outer",)),
    ],
)
def test_unknown(body: str, expected: str, unknown: tuple[str, ...]) -> None:
    """Unknown shortcodes are dropped, and their inner text is kept."""
    found = resolved(body, "hugo")
    assert found.text.strip() == expected
    assert found.unknown == unknown


def test_inner_text_does_not_become_code() -> None:
    """Indented text of a pair does not become an indented code block."""
    assert "<code>" not in html("{{< row >}}\n    *deep*\n\n    text\n{{< /row >}}\n", "hugo")


def test_a_callout_in_a_list_item_stays_in_it() -> None:
    """A pair with the indentation of its list item does not end the list."""
    found = html("1. one\n\n   {{< note >}}\n   x\n   {{< /note >}}\n\n2. two\n", "hugo")
    assert found.count("<ol") == 1


def test_a_page_that_is_not_there_is_a_fault() -> None:
    """A reference to a missing page is reported."""
    assert resolved('{{< ref "no.md" >}}', "hugo").faults == ('ref: there is no page "no.md"',)


@pytest.mark.parametrize("body", ["a {{< b", "a {{% b }}", "{{<", "a {{ .Title }} b"])
def test_what_is_no_shortcode_is_text(body: str) -> None:
    """Marks without an end, and template code, stay unchanged."""
    assert text(body, "hugo") == body
