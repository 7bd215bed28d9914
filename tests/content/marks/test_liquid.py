"""Liquid gives Jekyll's result, and no post is lost where Jekyll would refuse it."""

from pathlib import Path
from typing import Any

import pytest

from .helpers import BASE, PAGE, html, resolved, text

RENDERED = [
    ("{{ page.title }} of {{ site.title }}", "Tea of Leaves"),
    ("[{{ nothing }}{{ page.nothing.at.all }}]", "[]"),
    ("{{ page.featured-image }}", "cup.png"),
    ("{{- page.title -}}  x", "Teax"),
    ("a  {%- if true -%}  b  {%- endif -%}  c", "abc"),
    ("{% for t in site.data.teas %}{{ t.name }}{% unless forloop.last %}, {% endunless %}"
     "{% endfor %}", "Assam, Rooibos"),
    ("{% assign x = 'a' | upcase %}{{ x }}{% capture y %}{{ x }}!{% endcapture %}{{ y }}", "AA!"),
    ("{% case page.title %}{% when 'Tea' %}1{% else %}2{% endcase %}", "1"),
    ("{% for i in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}", "aba"),
    ("{% for i in (1..9) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "12"),
    ("{% comment %}{% whatever %} {{ x }{% endcomment %}z", "z"),
    ("{% if page.title == 'Tea' and site.title %}y{% elsif x %}z{% endif %}", "y"),
]  # fmt: skip

FILTERED = [
    ("'/x/' | relative_url", "/blog/x/"),
    ("'x' | relative_url", "/blog/x"),
    ("'/x' | absolute_url", f"{BASE}/x"),
    ("'https://a.b/' | relative_url", "https://a.b/"),
    ("'**b**' | markdownify | strip", "<p><strong>b</strong></p>"),
    ("'Green & Tea!' | slugify", "green-tea"),
    ("page.date | date_to_string", "01 May 2024"),
    ("page.date | date_to_string: 'ordinal', 'US'", "May 1st, 2024"),
    ("page.date | date_to_long_string", "01 May 2024"),
    ("page.date | date_to_xmlschema", "2024-05-01T09:30:00+00:00"),
    ("page.date | date_to_rfc822", "Wed, 01 May 2024 09:30:00 +0000"),
    ("page.date | date: '%-d %B %Y %l:%M %p'", "1 May 2024  9:30 AM"),
    ("'2024-05-01' | date: '%b %e'", "May  1"),
    ("'not a date' | date: '%Y'", "not a date"),
    ("'now' | date: '%Y'", ""),
    ("site.data.teas | where: 'name', 'Assam' | map: 'caffeine' | first", "9"),
    ("site.data.teas | where_exp: 't', 't.caffeine > 0' | size", "1"),
    ("site.data.teas | sort: 'caffeine' | map: 'name' | join: ' '", "Rooibos Assam"),
    ("site.data.teas | jsonify", '[{"name":"Assam","caffeine":9},{"name":"Rooibos","caffeine":0}]'),
    ("page.tags | array_to_sentence_string", "green, black, and white"),
    ("page.tags | group_by: 'x' | size", "1"),
    ("page.tags | push: 'red' | size", "4"),
    ("'a < b' | xml_escape", "a &lt; b"),
    ("'a b&c' | cgi_escape", "a+b%26c"),
    ("'a b/茶' | uri_escape", "a%20b/%E8%8C%B6"),
    ("'one two' | number_of_words", "2"),
    ("'茶 and tea' | number_of_words: 'cjk'", "3"),
    ("'\"a\" -- it''s...' | smartify | size", "0"),
    ("'a' | no_such_filter", "a"),
    ("'abc' | truncate: 2, ''", "ab"),
    ("nothing | default: 'd'", "d"),
    ("'1,2' | split: ',' | last", "2"),
    ("page.tags", "greenblackwhite"),
    ("page.date", "2024-05-01 09:30:00 +0000"),
]


@pytest.mark.parametrize(("body", "expected"), RENDERED)
def test_tags_and_variables(body: str, expected: str) -> None:
    """Tags and variables give Jekyll's result."""
    found = resolved(body, "liquid")
    assert (found.text, found.unknown) == (expected, ())


@pytest.mark.parametrize(("expression", "expected"), FILTERED)
def test_filters(expression: str, expected: str) -> None:
    """Filters give Jekyll's result; dates never depend on the current day."""
    if "''s" in expression:
        expression, expected = expression.replace("''s", "s").replace("size", "strip"), "“a” – its…"
    assert text(f"{{{{ {expression} }}}}", "liquid") == expected


LINKED = [
    ("{% post_url 2024-05-01-green-tea %}", f"{BASE}/green-tea/"),
    ("{% link _posts/2024-05-01-green-tea.md %}", f"{BASE}/green-tea/"),
    ("{% link assets/cup.png %}", f"{BASE}/assets/cup.png"),
    ("{% link about.md %}", f"{BASE}/about.html"),
    ("{% link index.html %}", f"{BASE}/"),
]


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    for name, content in {
        "_includes/sig.html": "<b>{{ include.who }}</b>{{ page.title }}",
        "_includes/again.html": "{% include again.html %}{% include again.html %}x",
        "_includes/list.md": "{% for t in site.data.teas %}\n- {{ t.name }}\n{% endfor %}",
        "content/posts/part.md": "*part* {{ page.title }}",
        "assets/cup.png": "",
        "about.md": "",
        "index.html": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("body", "expected"), LINKED)
def test_links_to_posts_and_files(blog: Path, body: str, expected: str) -> None:
    """``post_url`` and ``link`` become addresses."""
    assert text(body, "liquid", root=blog) == expected


def test_a_link_that_leads_nowhere_is_a_fault() -> None:
    """A missing target is reported once, and nothing is shown."""
    found = resolved("[a]({% post_url 2020-01-01-no %}) {% post_url 2020-01-01-no %}", "liquid")
    assert found.text == "[a]() "
    assert found.faults == ('post_url: there is no "2020-01-01-no"',)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{% include sig.html who="me" %}', "<b>me</b>Tea"),
        ("{% include sig.html who=page.title %}", "<b>Tea</b>Tea"),
        ("{% include {{ 'sig' }}.html who='x' %}", "<b>x</b>Tea"),
        ("{% include_cached sig.html %}", "<b></b>Tea"),
        ("{% include_relative part.md %}", "*part* Tea"),
        ("{% include list.md %}", "\n- Assam\n\n- Rooibos\n"),
    ],
)
def test_includes(blog: Path, body: str, expected: str) -> None:
    """Files of the blog are included with their parameters."""
    found = resolved(body, "liquid", root=blog)
    assert (found.text, found.unknown, found.faults) == (expected, (), ())


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/passwd", "..%2fsecret.txt", "a/../../../secret.txt", "x\0y"]
)
def test_no_file_outside_the_blog_is_read(blog: Path, name: str) -> None:
    """An include outside the blog counts as missing."""
    inside = blog / "blog"
    inside.mkdir()
    (blog / "secret.txt").write_text("secret", encoding="utf-8")
    body = f"{{% include {name} %}}{{% include_relative {name} %}}"
    found = resolved(body, "liquid", root=inside, path="post.md")
    assert "secret" not in found.text
    assert len(found.unknown) == 2


def test_a_link_out_of_the_blog_is_not_followed(blog: Path) -> None:
    """A symbolic link that leads out of the blog counts as missing."""
    inside = blog / "blog"
    (inside / "_includes").mkdir(parents=True)
    (blog / "secret.txt").write_text("secret", encoding="utf-8")
    (inside / "_includes" / "s.html").symlink_to(blog / "secret.txt")
    assert text("{% include s.html %}", "liquid", root=inside) == ""


def test_an_include_of_itself_ends(blog: Path) -> None:
    """Recursion is limited and reported; the rest of the post stays."""
    found = resolved("a {% include again.html %} b", "liquid", root=blog)
    assert found.text.startswith("a ")
    assert found.text.endswith(" b")
    assert found.faults


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% include embed/youtube.html id='abcdef123' %}", "youtube.com/watch?v=abcdef123"),
        ('{% include video id="abcdef123" provider="youtube" %}', "youtube.com/watch?v=abcdef123"),
        ("{% youtube page.video %}", "youtube.com/watch?v=abcdef123"),
        ("{% gist me/123abc %}", "gist.github.com/me/123abc"),
        ('{% include figure image_path="/a.png" caption="C" %}', '<img src="/a.png" alt="C">'),
    ],
)
def test_what_plugins_and_themes_bring(body: str, expected: str) -> None:
    """Tags of common plug-ins and includes of common themes become links and pictures."""
    found = resolved(body, "liquid")
    assert expected in found.text
    assert not found.unknown


def test_unknown_tags_are_counted_and_their_text_stays() -> None:
    """An unknown tag is dropped and its inner text kept; every occurrence is reported."""
    found = resolved(
        "{% tabs %}a {% tab x %}b{% endtab %}{% tab y %}c{% endtab %}{% endtabs %}", "liquid"
    )
    assert found.text == "a bc"
    assert found.unknown == ("tabs", "tab", "tab")
    assert resolved("{% include no.html %}", "liquid").unknown == ("include no.html",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% if a && b %}x{% endif %} y", "x y"),
        ("{% for %}x{% endfor %} y", "x y"),
        ("{{ a b c }}x", "x"),
        ("{% if true %}never closed", "never closed"),
        ("x{% endif %}{% else %}{% endfor %}y", "xy"),
        ("{% break %}x", "x"),
        ("{{ 1 | divided_by: 0 }}x", "x"),
        ("{{ 'a' | sort: 1, 2, 3 }}x", "x"),
        ("{{", "{{"),
        ("{%", "{%"),
        ("100 {% or so", "100 {% or so"),
        ("{% raw %}x", "x"),
        ("{% assign %}x", "x"),
        ("{{ }}x", "x"),
    ],
)
def test_what_jekyll_would_refuse(body: str, expected: str) -> None:
    """A mistake only costs the mark with the mistake, and not the text around it."""
    assert text(body, "liquid").lstrip() == expected


BOMBS = [
    "{% for i in (1..999999999999999999999) %}x{% endfor %}",
    "{% for i in (1..9999) %}{% for j in (1..9999) %}{{ i }}{% endfor %}{% endfor %}",
    "{% assign a = 'aaaaaaaa' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}",
    "{% capture a %}xxxxxxxx{% endcapture %}"
    + "{% capture b %}{{ a }}{{ a }}{% endcapture %}{% assign a = b %}" * 60,
    "{% assign a = 'aa' | replace: 'a', 'aaaaaaaaaaaaaaaa' %}" * 1
    + "{% assign a = a | replace: 'a', a %}" * 8,
    "{% assign n = 9999999999 %}"
    "{% for i in (1..99) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "{% assign l = 'a,b' | split: ',' %}"
    "{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}",
    "{{ '\"' " + "| jsonify " * 60 + "}}",
    "{% if x %}" * 500 + "y" + "{% endif %}" * 500,
]


@pytest.mark.parametrize("body", BOMBS)
def test_work_is_bounded(body: str) -> None:
    """Templates that would take too much memory or time are cut short, and rendering ends."""
    found = resolved(f"{body}the end", "liquid")
    assert found.text.endswith("the end")
    assert len(found.text) < 10_000_000


def test_a_long_post_with_much_data_is_within_bounds() -> None:
    """Large real posts stay far below the limits."""
    site = {"data": {"l": [{"n": str(i), "text": "x" * 200} for i in range(500)]}}
    found = "{{ i.n }} {{ site.data.l | where: 'n', i.n | size }} "
    row = f"{{% for i in site.data.l %}}{found}{{% endfor %}}"
    body = "text *x* {{ page.title }}\n\n" * 2_000
    whole = resolved(body + row + body, "liquid", site=site)
    assert whole.faults == ()
    assert "499 1 " in whole.text


def test_the_result_is_the_same_every_time() -> None:
    """The budget counts steps and not seconds."""
    assert resolved(BOMBS[1], "liquid") == resolved(BOMBS[1], "liquid")


def test_tags_in_attributes() -> None:
    """Addresses built from tags stay whole."""
    body = (
        '<img src="{{ "/cup.png" | relative_url }}" alt="{{ page.title }}">\n\n'
        "![x]({{ site.baseurl }}/y.png)"
    )
    found = html(body, "liquid")
    assert f'src="{BASE}/cup.png"' in found
    assert f'src="{BASE}/y.png"' in found
    assert PAGE not in found


def variables() -> dict[str, Any]:
    return {"page": {"title": "x"}, "site": {}}


def test_a_site_without_baseurl_takes_it_from_its_address() -> None:
    """``relative_url`` uses the site's address if the configuration has no base path."""
    assert text("{{ '/x' | relative_url }}", "liquid", **variables()) == "/blog/x"
