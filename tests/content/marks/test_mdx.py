"""MDX and Docusaurus' admonitions are resolved."""

import pytest

from .helpers import BASE, html, resolved, text

MDX = {"path": "content/posts/tea.mdx"}

GONE = [
    "import Tabs from '@theme/Tabs';",
    'import "./style.css"',
    "import {\n  a,\n  b as c,\n} from './x';",
    "import React, { useState } from 'react';",
    "export const a = 1;",
    "export const a = {\n  b: [1,\n\n  2],\n  c: '}',\n};",
    "export default function Page() {\n  return <p>{'}'}</p>;\n\n}",
    "export const meta = () => (\n  <b>x</b>\n);",
    "{/* a comment */}",
    "{/*\n  several {lines}\n*/}",
    "{props.x + `}`}",
    "<Unknown a={b} {...c} d='e' />",
    "<Head><title>x</title></Head>",
]

SHOWN = [
    ("{'literal'} {\"two\"} {`three`}", "literal two three"),
    ("{'<b>'}", "&lt;b&gt;"),
    ("{frontMatter.title}", "Tea"),
    ("<Mine x={1}>in *here*</Mine>", "in *here*"),
    ("<a.B>x</a.B>", "<a.B>x</a.B>"),
    ("<>x</>", "x"),
    ("<Link to=\"/x\">text</Link>", '<a href="/x">text</a>'),
    ("<YouTube id=\"abcdef123\" />",
     '<a href="https://www.youtube.com/watch?v=abcdef123">youtube.com/watch?v=abcdef123</a>'),
    ("<img src={require('./a.png').default} className=\"b\" />", '<img src="./a.png" class="b"/>'),
    ("<img src={useBaseUrl('/a.png')} width={10} style={{margin: 0}} />",
     '<img src="/a.png" width="10"/>'),
    ("<b style={{display: 'none'}}>x</b>", '<b style="display:none">x</b>'),
    ("<Image src=\"/a.png\" alt=\"A\" />", '<span><img src="/a.png" alt="A"></span>'),
    ("[a](./white.en.md#x) [b](oolong/index.mdx)", f"[a]({BASE}/white/#x) [b]({BASE}/oolong/)"),
    ("## Title {#custom-id}", "## Title {#custom-id}"),
    (r"$\frac{a}{b} x_{1}^{2}$ \{x}", r"$\frac{a}{b} x_{1}^{2}$ \{x}"),
    ("1 < 2 and Array<string>", "1 < 2 and Array<string>"),
    ("import taxes are 'high'", "import taxes are 'high'"),
    ("{unclosed", "{unclosed"),
    ("<Unclosed a={", "<Unclosed a={"),
]  # fmt: skip


@pytest.mark.parametrize("mark", GONE)
def test_what_runs_is_out(mark: str) -> None:
    """Imports, exports, comments and expressions are removed; the text around them stays."""
    assert text(f"{mark}\n\nbefore\n\n{mark}\n\nafter", "mdx", **MDX).split() == ["before", "after"]


@pytest.mark.parametrize(("body", "expected"), SHOWN)
def test_what_shows_is_kept(body: str, expected: str) -> None:
    """Literals, children and known components become text and HTML; other text stays."""
    assert text(body, "mdx", **MDX) == expected


def test_braces_in_plain_markdown_stay() -> None:
    """Astro's ``.md`` is not MDX: only comments and strings are removed."""
    assert text("{a} {'b'} {/* c */}", "mdx", path="x.md") == "{a} b "


@pytest.mark.parametrize("mark", ["{/* truncate */}", "{/* more */}", "<!-- truncate -->"])
def test_the_more_mark_stays(mark: str) -> None:
    """The excerpt still ends at the marker."""
    assert mark in text(f"a\n\n{mark}\n\nb {{x}}\n", "docusaurus", **MDX)


def test_unknown_components_are_named() -> None:
    """Every occurrence of an unknown component is reported."""
    assert resolved("<One /><Two>x</Two><One />", "mdx").unknown == ("One", "Two", "One")


def test_tabs() -> None:
    """A tab shows its title and content; fences inside are code, indented text is not."""
    body = (
        "<Tabs>\n  <TabItem value='npm' label='With npm'>\n\n    ```bash\n    npm {x}\n    ```\n\n"
        "  </TabItem>\n</Tabs>\n"
    )
    found = html(body, "docusaurus")
    assert "<strong>With npm</strong>" in found
    assert '<pre><code class="language-bash">npm {x}\n</code></pre>' in found


ADMONITIONS = [
    (":::note\nsay\n:::", "Note"),
    (":::tip Brew it\n\nsay\n\n:::", "Brew it"),
    (":::info[Brew **it**]\nsay\n:::", "Brew"),
    ("::::note[Outer]\n\n:::tip[Inner]\nsay\n:::\n\n::::", "Inner"),
    (":::danger{.x}\nsay\n:::", "Danger"),
    ("- a\n\n  :::note\n  say\n  :::\n", "Note"),
    (":::details Open\nsay\n:::", "Open"),
]


@pytest.mark.parametrize("dialect", ["docusaurus", "mdx"])
@pytest.mark.parametrize(("body", "title"), ADMONITIONS)
def test_admonitions(dialect: str, body: str, title: str) -> None:
    """An admonition becomes a quotation with a bold title, wherever it is."""
    found = html(body, dialect)
    assert ":::" not in found
    assert title in found
    assert "say" in found
    assert "<blockquote>" in found or "<details>" in found


@pytest.mark.parametrize("body", ["a ::: b", "x\n:::\n", "```\n:::note\n```\n"])
def test_no_admonition(body: str) -> None:
    """Colons inside a line or in code are text; a single closing line is dropped."""
    assert text(body, "docusaurus") == body.replace("\n:::\n", "\n\n")


def test_an_indented_fence_within_elements_is_code() -> None:
    """MDX has no HTML blocks, so braces in the fence stay."""
    body = (
        '1. Tea:\n\n  <div>\n  <Tabs>\n  <Tab value="x">\n   ```json\n   "a": { "b": 1 }\n   ```\n'
    )
    assert '{ "b": 1 }' in text(f"{body}  </Tab>\n  </Tabs>\n  </div>\n", "mdx")
