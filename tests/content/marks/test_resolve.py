"""All dialects accept any text, in linear time, and cost nothing for a plain body."""

import pickle
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content.marks import has_marks, resolve

from .helpers import BASE, context, html, resolved, text

DIALECTS = (
    "", "liquid", "eleventy", "hugo", "hexo", "nikola", "pelican", "zola", "docusaurus", "mdx",
    "vue", "obsidian",
)  # fmt: skip
PIECES = (
    "{{", "}}", "{%", "%}", "{{<", ">}}", "{{%", "%}}", "{#", "#}", "{% if x %}", "{% endif %}",
    "{% for i in (1..9) %}", "{% endfor %}", "{% raw %}", "{% endraw %}", "{% highlight x %}",
    "{% note %}", "{% endnote %}", "{{< note >}}", "{{< /note >}}", "{{</* ", " */>}}", "`",
    "```\n", "\n    ", "\n\n", "<pre>", "</pre>", "<code>", "<!--", "-->", "{", "}", "<A ", "</A>",
    "/>", ">", "<A x={", "import a from 'b'\n", "\nexport const a = {", ":::note\n", "\n:::\n",
    "](a.md)", "{filename}", "|static|", "{{ a(", ") }}", "{% end %}", "'", '"', "\\", "x", " ",
    "[[", "]]", "![[white]]", "==a==", " ^id\n", "> [!note] a\n", "](link://slug/oolong)",
    "\n@tab a\n", "\n<<< a\n", "<Badge text='a'/>", "[[toc]]\n", "<!-- @include: a.md -->",
    "- ", "> ", "\r\n", "{{ page.title | ", "append: a", "{% include ", "\t", "茶", "\ud800", "\0",
)  # fmt: skip


@given(st.sampled_from(DIALECTS), st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
def test_no_text_raises(dialect: str, pieces: list[str], html: bool) -> None:
    """Every text is resolved, with the same result each time."""
    body = "".join(pieces)
    first = resolved(body, dialect, "html" if html else "markdown")
    assert first == resolved(body, dialect, "html" if html else "markdown")


@given(st.sampled_from(DIALECTS), st.text())
def test_any_text_at_all(dialect: str, body: str) -> None:
    """Every random text is resolved."""
    assert isinstance(text(body, dialect), str)


HOSTILE = (
    "{{", "{% ", "{{< ", "{{< a >}}", "{% raw %}", "{% if x %}", "`", "` ``", "<pre>", "<!--", "{",
    "<A x={", "</", "\nimport {", "\nexport const a = {", "\n:::note", "](a.md", "{filename}",
    "[[", "![[a", "==a", " ^a\n", "> [!a", "](link:/", "<Badge a='", "\n<<< a", "<!-- @include: ",
    "\n    {{ x }}\n", "{{</* ", "{{/* ", "{% note %}", "{{< x a=\"", "{{ a['", "<a className=",
)  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS[1:])
def test_time_is_linear(dialect: str) -> None:
    """Thousands of marks without an end take hardly any time."""
    start = time.process_time()
    for piece in HOSTILE:
        resolve(piece * (4_000 // len(piece)), dialect, markup="markdown", context=context())
    assert time.process_time() - start < 5


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_plain_body_is_returned_as_it_is(dialect: str) -> None:
    """A body without marks is returned as the same object."""
    body = "Plain *Markdown*.\r\n\n- a\n- b\n"
    assert text(body, dialect) is body


def test_a_plain_body_imports_no_engine() -> None:
    """Modules that a body does not need are not imported."""
    program = (
        "import sys; from syndicate.content.marks import *;"
        "resolve('plain', 'liquid', markup='markdown', context=Context());"
        "sys.exit('liquid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_values_cross_processes() -> None:
    """A context and a result can be pickled."""
    for value in (context(), resolved("{% x %}", "liquid")):
        assert pickle.loads(pickle.dumps(value)) == value


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[a](./white.en.md)", f"[a]({BASE}/white/)"),
        ("[a](white.en.md#x 'title')", f"[a]({BASE}/white/#x 'title')"),
        ("[a](../notes/white.md)", f"[a]({BASE}/notes/white/)"),
        ("[a](<Black Tea.md>)", f"[a]({BASE}/black/)"),
        ('<a href="oolong/index.md">', f'<a href="{BASE}/oolong/">'),
        ("[r]: /posts/oolong/index.md", f"[r]: {BASE}/oolong/"),
        ("[a](README.md)", "[a](README.md)"),
        ("[a](https://x.y/white.md)", "[a](https://x.y/white.md)"),
        ("`[a](./white.en.md)`", "`[a](./white.en.md)`"),
    ],
)
def test_links_to_files_of_posts(dialect: str, body: str, expected: str) -> None:
    """A link to a post's file becomes a link to the post; other links stay."""
    assert text(body, dialect) == expected


def test_the_nearest_post_is_meant() -> None:
    """Of two files with the same name, a link means the one beside the post."""
    links = {"a/x.md": "https://a/", "b/x.md": "https://b/"}
    assert text("[x](x.md)", "", links=links, path="b/y.md") == "[x](https://b/)"
    assert text("[x](x.md)", "", links=links, path="a/y.md") == "[x](https://a/)"


@pytest.mark.parametrize(
    ("dialect", "body", "expected"),
    [
        ("liquid", "{{ x }}", True),
        ("liquid", "{ x }", False),
        ("hugo", "{{ x }}", False),
        ("hugo", "{{< x >}}", True),
        ("mdx", "export const a = 1", True),
        ("", "{{ x }}", False),
        ("", "[a](b.md)", True),
        ("no such dialect", "{{ x }}", False),
    ],
)
def test_whether_there_is_anything_to_resolve(dialect: str, body: str, expected: bool) -> None:
    """A body that cannot change is recognised without its front matter."""
    assert has_marks(body, dialect, {"b.md": "https://b/"}) is expected


def test_links_that_are_alike_are_indexed_once() -> None:
    """Equal links from another process lead to the same addresses."""
    links = pickle.loads(pickle.dumps(context().links))
    assert text("[a](./white.en.md)", "", links=links) == f"[a]({BASE}/white/)"
    assert text("[a](./white.en.md)", "", links={**links, "x.md": "y"}) == f"[a]({BASE}/white/)"


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("hexo", "{% tabs %}<!-- tab" + " " * 20_000 + "{% endtabs %}"),
        ("hugo", "{{< x >}}\n```\n" + "{{</* " * 30_000),
        ("zola", "{{ " * 60_000 + "}}"),
        ("hugo", "{{< x \u201c" + "a \u201c" * 9_000 + " >}}"),
        ("liquid", "{{ a }}" * 10_000),
        ("liquid", "".join(f"{{% post_url a{n} %}}" for n in range(10_000))),
        ("liquid", "{% include x.html " + "a" * 7_000 + " %}" * 20),
        ("mdx", "export const a = {\n\n" * 20_000),
        ("hexo", "{% codeblock %}x" + "\n" * 100_000 + "x{% endcodeblock %}"),
        ("zola", "[a](<" + ".md#" * 30_000),
        ("zola", "[a](" + ".md#" * 30_000 + "<"),
    ],
)
def test_endless_marks_are_resolved_in_time(dialect: str, body: str) -> None:
    """No dialect takes quadratic time."""
    assert isinstance(text(body, dialect), str)


def test_links_to_posts_alike_are_found_by_folder() -> None:
    """The index is linear for many posts with the same name and for as many unknown links."""
    links = {f"posts/{n}/tea.md": f"{BASE}/{n}/" for n in range(20_000)}
    body = "[a](7/tea.md) " + "".join(f"[a](x{n}/tea.md) " for n in range(20_000))
    assert text(body, "", links=links).startswith(f"[a]({BASE}/7/) [a](x0/tea.md)")


PAIRS = [
    ("liquid", "{% lattice x %}\n    say\n\n    more\n{% endlattice %}"),
    ("eleventy", "{% lattice x %}\n    say\n\n    more\n{% endlattice %}"),
    (
        "liquid",
        "{% lattice %}\n  {% knot %}\n\n    say\n\n    more\n  {% endknot %}\n{% endlattice %}",
    ),
    ("hexo", "{% lattice x %}\n    say\n\n    more\n{% endlattice %}"),
    ("hugo", "{{< lattice x >}}\n    say\n\n    more\n{{< /lattice >}}"),
    ("zola", "{% lattice() %}\n    say\n\n    more\n{% end %}"),
    ("mdx", "<Lattice>\n    say\n\n    more\n</Lattice>"),
]


@pytest.mark.parametrize(("dialect", "body"), PAIRS)
def test_text_in_an_unknown_pair_is_no_code(dialect: str, body: str) -> None:
    """Text with the indentation of the marks around it does not become code."""
    assert html(body, dialect).replace("\n", "") == "<p>say</p><p>more</p>"


@pytest.mark.parametrize(
    ("dialect", "mark"),
    [
        ("liquid", "{% lattice x %}"),
        ("eleventy", "{% lattice x %}"),
        ("hexo", "{% lattice x %}"),
        ("hugo", "{{< lattice x >}}"),
        ("zola", "{{ lattice() }}"),
        ("mdx", "<Lattice />"),
    ],
)
def test_a_dropped_mark_leaves_no_indentation(dialect: str, mark: str) -> None:
    """Text after or below an unknown mark does not become code; line breaks and lists stay."""
    assert html(f"{mark}    say", dialect) == "<p>say</p>"
    assert html(f"{mark}\n    say", dialect) == "<p>say</p>"
    assert "<ul>\n<li>b</li>" in html(f"- a {mark}\n    - b", dialect)
    assert "<br>" in html(f"say {mark}  \nmore", dialect)
