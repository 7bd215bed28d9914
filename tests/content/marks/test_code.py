"""Marks in code are text of the author, in every dialect and every kind of code."""

import pytest

from syndicate.content.marks.scan import Scanner
from syndicate.model import Kramdown

from .helpers import code_of, resolved, text

MARKS = {
    "liquid": ["{% if x %}", "{% unknown %}", "{% for"],
    "eleventy": ["{{ title }}", "{% set a = 1 %}", "{# no comment #}"],
    "hugo": ["{{< youtube abcdef >}}", "{{% note %}}", '{{< ref "green-tea.md" >}}'],
    "hexo": ["{% asset_img a.png %}", "{{ title }}", "{% note %}x{% endnote %}"],
    "pelican": ["{filename}green-tea.md", "({static}/a.png)", "{% img /a.png %}"],
    "zola": ['{{ youtube(id="abcdef") }}', "{% quote() %}x{% end %}", "[x](@/green-tea.md)"],
    "docusaurus": ["import a from 'b';", "<Tabs>x</Tabs>", "{x.y}", "{/* no */}"],
    "mdx": ["export const a = 1;", "<Foo />", "{'x'}"],
}
KINDS = {
    "fence": "before\n\n```js\n%s\n```\n",
    "tilde fence": "before\n\n~~~~\n%s\n~~~~\n",
    "indented": "before\n\n    %s\n",
    "tab": "before\n\n\t%s\n",
    "inline": "before `%s` after\n",
    "inline double": "before `` %s `` after\n",
    "pre": "before\n\n<pre><code>%s</code></pre>\n",
    "code element": "before <code>%s</code> after\n",
    "fence in a list": "- item\n\n  ```\n  %s\n  ```\n",
    "fence in a quote": "> ```\n> %s\n> ```\n",
    "unclosed fence": "before\n\n```\n%s\n",
}
CASES = [(d, k, m) for d, marks in MARKS.items() for k in KINDS for m in marks]


@pytest.mark.parametrize(("dialect", "kind", "mark"), CASES)
def test_marks_in_code_are_not_touched(dialect: str, kind: str, mark: str) -> None:
    """A body with marks only in code is returned unchanged, and nothing is reported."""
    if mark.startswith(("import", "export")) and kind.startswith(("inline", "code", "pre")):
        mark = f"x {mark}"
    body = KINDS[kind] % mark
    found = resolved(body, dialect)
    assert (found.text, found.unknown, found.faults) == (body, (), ())


@pytest.mark.parametrize("dialect", ["liquid", "eleventy", "hexo"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% raw %}{{ a }} {% b %}{% endraw %}", "{{ a }} {% b %}"),
        ("`{% raw %}{{ a }}{% endraw %}`", "`{{ a }}`"),
        ("```\n{% raw %}\n{{ a }}\n{% endraw %}\n```\n", "```\n\n{{ a }}\n\n```\n"),
        ("{% raw %}\n```\n{{ a }}\n```\n{% endraw %}\n", "\n```\n{{ a }}\n```\n\n"),
        ("<pre>{%raw%}{% x %}{%endraw%}</pre>", "<pre>{% x %}</pre>"),
        ("`{% raw %}` stays alone", "`{% raw %}` stays alone"),
    ],
)
def test_raw_pairs_go_and_what_they_hold_stays(dialect: str, body: str, expected: str) -> None:
    """``raw`` tags are removed around and inside code; their contents stay unchanged."""
    assert text(body, dialect) == expected


@pytest.mark.parametrize(
    ("dialect", "opening", "closing"),
    [
        ("liquid", "{% highlight ruby linenos %}", "{% endhighlight %}"),
        ("eleventy", '{% highlight "ruby" %}', "{% endhighlight %}"),
        ("hexo", "{% codeblock lang:ruby %}", "{% endcodeblock %}"),
        ("hugo", '{{< highlight ruby "linenos=table" >}}', "{{< /highlight >}}"),
        ("pelican", "{% codeblock lang:ruby %}", "{% endcodeblock %}"),
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        "puts 1 < 2 && *x* # [a](b) `c` ``d\n\n  indented\n\n\n\tend\\",
        "```\nno fence\n```",
        "<pre>&amp; &lt; {: .x} $$y$$ https://ex.org www.ex.org",
        "# not a heading\n- not a list\n\n    deep\n:::note\n{% if %}{{ x }}",
        "   first line is indented\nlast has trailing space  ",
    ],
)
def test_highlighted_code_is_kept_to_the_byte(
    dialect: str, opening: str, closing: str, code: str
) -> None:
    """The text between the tags reaches the feed unchanged, with its language."""
    body = f"before\n\n{opening}\n{code}\n{closing}\n\nafter *it*\n"
    assert code_of(body, dialect) == [code.rstrip("\n")]
    assert 'class="language-ruby"' in text(body, dialect)


def test_code_in_a_list_item_stays_in_it() -> None:
    """A code tag with the indentation of its list item does not end the list."""
    body = "1. one\n\n   {% highlight sh %}\n   ls\n   {% endhighlight %}\n\n2. two\n"
    assert text(body, "liquid").count("<pre>") == 1
    assert "\n2. two" in text(body, "liquid")


@pytest.mark.parametrize(
    "body",
    [
        "1. one\n\n    {{ page.title }}\n",
        "para\n    {{ page.title }}\n",
        "<div>\n    {{ page.title }}\n</div>\n",
        "a ` b {{ page.title }}\n\nc ` d\n",
        r"a \` b {{ page.title }} c `",
        "<code> unclosed {{ page.title }}\n",
    ],
)
def test_what_only_looks_like_code_is_resolved(body: str) -> None:
    """Indentation in a list, a single backtick and an open element do not make code."""
    assert "{{" not in text(body, "liquid")
    assert "Tea" in text(body, "liquid")


def test_html_has_no_indented_code() -> None:
    """In a body of HTML, indentation and backticks mean nothing."""
    body = "<div>\n\n    `{{ page.title }}`\n\n</div>"
    assert "`Tea`" in text(body, "liquid", "html")
    assert "`Tea`" in text(body, "liquid")


@pytest.mark.parametrize("html", [True, False])
def test_pieces_joined_are_the_body(html: bool) -> None:
    """The scanner neither loses nor repeats a character."""
    body = "a `{{ b }}` {{ c }}\n\n    {{ d }}\n\n```\n{{ e }}\n``` \n<pre>{{ f }}</pre> {{ g\n"
    pieces = list(Scanner(body, r"\{\{", html=html))
    assert "".join(body[piece.start : piece.end] for piece in pieces) == body


@pytest.mark.parametrize("kind", KINDS)
def test_liquid_fills_code_where_the_variable_has_a_value(kind: str) -> None:
    """Jekyll resolves outputs in code too, but not within ``raw``."""
    mark = "{{ page.title }}! {% raw %}{{ page.title }}{% endraw %}"
    filled = "Tea! {{ page.title }}"
    assert resolved(KINDS[kind] % mark, "liquid").text == KINDS[kind] % filled


NO_VALUES = {
    "<{{ none.title }}>": "<>",
    "<{{ $x.y() }}>": "<>",
    "<{{{ none }}}>": "<}>",
    "${{ secrets.TEA }}": "$",
    "style={{ color: 'red' }}": "style=",
    "{{ none | upcase }}!": "!",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mark", NO_VALUES)
def test_liquid_empties_code_without_a_value_as_jekyll_does(kind: str, mark: str) -> None:
    """The output shows nothing, as on the post's page, and is reported."""
    found = resolved(KINDS[kind] % mark, "liquid")
    assert found.text == KINDS[kind] % NO_VALUES[mark]
    [fault] = found.faults
    assert "in code has no value" in fault


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("<p>{{ none }}</p>", "<p></p>"),
        ("<p>{{ page.title }}</p>", "<p>Tea</p>"),
        ("{% raw %}<p>{{ none }}</p>{% endraw %}", "<p>{{ none }}</p>"),
        ("a < b {\n  c: {{ site.title }}\n}", "a < b {\n  c: Leaves\n}"),
    ],
)
def test_liquid_fills_highlighted_code(code: str, shown: str) -> None:
    body = f"{{% highlight html %}}\n{code}\n{{% endhighlight %}}\n"
    assert code_of(body, "liquid") == [shown]
    assert 'class="language-html"' in text(body, "liquid")


def test_a_fence_in_a_list_ends_with_the_item() -> None:
    """A fence without an end is code up to the end of the list item, in Liquid too."""
    body = "1. one\n\n   ```\n   %s\n\n2. two\n\nAfter %s\n\n```js\na\n```\n"
    mark = "{% if page.title %}x{% endif %}"
    assert resolved(body % (mark, mark), "liquid").text == body % (mark, "x")


def test_a_fence_that_nothing_closes_is_none_to_kramdown() -> None:
    """Liquid after such a fence is resolved for kramdown, but not for CommonMark."""
    body = "```\nnever\n\n{% if page.title %}x{% endif %}\n"
    assert resolved(body, "liquid").text == body
    kramdown = resolved(body, "liquid", grammar=Kramdown())
    assert kramdown.text == "```\nnever\n\nx\n"
