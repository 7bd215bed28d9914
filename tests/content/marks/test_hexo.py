"""Hexo's tags are resolved."""

from pathlib import Path

import pytest

from .helpers import BASE, PAGE, html, resolved, text

TAGS = [
    ("{% asset_img cup.jpg A cup %}", f'<img src="{PAGE}cup.jpg" alt="A cup" title="A cup">'),
    ("{% asset_path cup.jpg %}", f"{PAGE}cup.jpg"),
    ("{% asset_link a.pdf The file %}", f'<a href="{PAGE}a.pdf">The file</a>'),
    ("{% post_link green-tea %}", "green-tea"),
    ("{% post_link 2024-05-01-green-tea 'Green' %}", f'<a href="{BASE}/green-tea/">Green</a>'),
    ("{% post_path oolong %}", f"{BASE}/oolong/"),
    ("{% link Tea shop https://a.b/c %}", '<a href="https://a.b/c">Tea shop</a>'),
    ("{% url_for Home / %}", f'<a href="{BASE}/">Home</a>'),
    ('{% img left /a.png 30 20 "A cup" "alt text" %}',
     '<img src="/a.png" alt="alt text" title="A cup" width="30" height="20">'),
    ("{% youtube abcdef123 %}", "https://www.youtube.com/watch?v=abcdef123"),
    ("{% vimeo 82090131 %}", "https://vimeo.com/82090131"),
    ("{% gist 996818 %}", "https://gist.github.com/996818"),
    ("{% jsfiddle ccWP7 %}", "https://jsfiddle.net/ccWP7/"),
    ("{% iframe https://a.b/ 500 300 %}", '<a href="https://a.b/">a.b/</a>'),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), TAGS)
def test_tags(body: str, expected: str) -> None:
    """Single tags become links and pictures."""
    found = resolved(body, "hexo")
    assert expected in found.text
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", None),
        ("David Levithan, Wide Awake", "— <strong>David Levithan</strong> <cite>Wide Awake</cite>"),
        (
            "@me https://a.b/c",
            '— <strong>@me</strong> <cite><a href="https://a.b/c">a.b/c</a></cite>',
        ),
        (
            "A B https://a.b/ The page",
            '— <strong>A B</strong> <cite><a href="https://a.b/">The page</a>',
        ),
    ],
)
def test_blockquote(arguments: str, expected: str | None) -> None:
    """A quotation shows its author, source and link below."""
    found = html(f"{{% blockquote {arguments} %}}\nsay *so*\n{{% endblockquote %}}", "hexo")
    assert "<em>so</em>" in found
    assert expected is None or expected in found


def test_a_code_block_names_its_title() -> None:
    """Title and link text are shown above the code."""
    found = html("{% codeblock lang:js _.map https://a.b/ %}\nx\n{% endcodeblock %}", "hexo")
    assert found == '<p>_.map</p>\n<pre><code class="language-js">x</code></pre>'


def test_include_code(tmp_path: Path) -> None:
    """A file of the code folder is shown; a missing file is reported."""
    folder = tmp_path / "source" / "downloads" / "code"
    folder.mkdir(parents=True)
    (folder / "a.js").write_text("let x;\n", encoding="utf-8")
    assert "let x&#59;" in text("{% include_code lang:js a.js %}", "hexo", root=tmp_path)
    missing = resolved("{% include_code Title b.js %}", "hexo", root=tmp_path)
    assert missing.faults == ('include_code: there is no file "b.js"',)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("{% note info Look %}say{% endnote %}", "Look"),
        ("{% note info no-icon Look here %}say{% endnote %}", "Look here"),
        ("{% hideToggle Open me %}say{% endhideToggle %}", "Open me"),
        ("{% tabs T, 1 %}\n<!-- tab One -->\nsay\n<!-- endtab -->\n{% endtabs %}", "One"),
    ],
)
def test_boxes_of_themes(body: str, title: str) -> None:
    """Notes, folds and tabs keep their titles and texts."""
    found = html(body, "hexo")
    assert title in found
    assert "say" in found
    assert "{%" not in found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ title }}", "Tea"),
        ("{{ page.title }} {{ site.title }}", "Tea Leaves"),
        ("{{ no.thing }}|", "|"),
        (r"$\binom{{n}^2}{k}$ \newcommand\s[1]{{#1}}", r"$\binom{{n}^2}{k}$ \newcommand\s[1]"),
    ],
)
def test_braces(body: str, expected: str) -> None:
    """Literals and fields are filled in; formulas with braces are unchanged."""
    assert text(body, "hexo").startswith(expected)


def test_unknown() -> None:
    """Unknown tags are dropped, and their inner text is kept."""
    found = resolved("{% lattice %}a{% knot %}b{% endlattice %}", "hexo")
    assert (found.text, found.unknown) == ("ab", ("knot", "lattice"))


RAW = (
    "Before *it*.\n\n{% raw %}\n\n<div>\n<p>2 * 3 * 4</p>\n\n\t<pre>one\n\n    two</pre>\n\n"
    "    <p>{{ x }}</p>\n</div>\n{% endraw %}\n\nAfter *it*."
)


def test_html_between_raw_tags_is_not_read_as_markdown() -> None:
    """Hexo inserts it after Markdown, so blank lines and indentation do not make code."""
    found = html(RAW, "hexo")
    assert found.count("<pre") == 1
    assert "one\n\n    two</pre>" in found
    assert "<p>2 * 3 * 4</p>" in found
    assert "<p>{{ x }}</p>" in found
    assert "<em>it</em>" in found


def test_markdown_between_raw_tags_is_still_read() -> None:
    """A fence between raw tags is code, and an inline formula stays in its line."""
    found = html(
        "{% raw %}\n```js\n{{ a }}\n```\n{% endraw %}\n\na {% raw %}{{b}}{% endraw %} c", "hexo"
    )
    assert '<code class="language-js">{{ a }}' in found
    assert "a {{b}} c" in found
