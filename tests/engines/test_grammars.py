"""Markdown is rendered by the blog's own settings."""

import json
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate.content.markdown import to_html
from syndicate.engines.docusaurus import Docusaurus
from syndicate.engines.hexo.engine import Hexo
from syndicate.engines.hugo.engine import Hugo
from syndicate.engines.jekyll.engine import Jekyll
from syndicate.engines.nikola.engine import Nikola
from syndicate.engines.pelican.engine import Pelican


def hexo(root: Path, config: str, *packages: str) -> Hexo:
    (root / "_config.yml").write_text(f"new_post_name: ':title.md'\n{config}", encoding="utf-8")
    listed = {"dependencies": dict.fromkeys(packages, "*")}
    (root / "package.json").write_text(json.dumps(listed), encoding="utf-8")
    return Hexo.load(root)[0]


def hugo(root: Path, **goldmark: Any) -> Hugo:
    config = {"markup": {"goldmark": goldmark}, "enableEmoji": True}
    (root / "hugo.json").write_text(json.dumps(config), encoding="utf-8")
    return Hugo.load(root)[0]


def test_hexo_breaks_at_line_ends(tmp_path: Path) -> None:
    """In Hexo, line ends are line breaks, except in code and HTML."""
    grammar = hexo(tmp_path, "").grammar
    verses = "one\ntwo\\\\\nthree\n\n    code\n    more\n\n<div>\na\nb\n</div>\n"
    html = to_html(verses, grammar)
    assert html.count("<br />") == 2
    assert "<pre><code>code\nmore\n</code></pre>" in html


def test_hexo_without_breaks(tmp_path: Path) -> None:
    """`marked: {breaks: false}` disables line breaks."""
    assert "<br" not in to_html("one\ntwo", hexo(tmp_path, "marked: {breaks: false}").grammar)


@pytest.mark.parametrize(
    ("package", "expected"),
    [("hexo-renderer-marked", "(c)"), ("hexo-renderer-markdown-it", "©")],
)
def test_hexo_renderer_that_package_json_names(tmp_path: Path, package: str, expected: str) -> None:
    """The renderer in package.json is used."""
    assert expected in to_html("(c) 2024", hexo(tmp_path, "", "hexo", package).grammar)


def test_hugo_passthrough_keeps_backslashes(tmp_path: Path) -> None:
    """Formulas stay unchanged. Dollars in tables and code are no formulas."""
    told = {"enable": True, "delimiters": {"block": [["$$", "$$"]], "inline": [["$", "$"]]}}
    grammar = hugo(tmp_path, extensions={"passthrough": told}).grammar
    assert "$a_1 \\\\ b_1 &lt; c$" in to_html("See $a_1 \\\\ b_1 < c$.", grammar)
    table = to_html("| a | b |\n|---|---|\n| n$ | x |\n| $ | `$` |", grammar)
    assert table.count("<td>") == 4


def test_hugo_emoji_and_no_definition(tmp_path: Path) -> None:
    """A colon begins a description only before white space."""
    html = to_html("Great news\n:tada: we moved\n\nTea\n: a drink", hugo(tmp_path).grammar)
    assert "🎉 we moved" in html
    assert html.count("<dd>") == 1


def test_a_colon_is_no_definition_in_a_plain_folder() -> None:
    assert "<dl>" not in to_html("Great news\n:tada: we shipped")


def test_jemoji(tmp_path: Path) -> None:
    """Jekyll's plug-in replaces emoji codes, except in code."""
    (tmp_path / "_config.yml").write_text("plugins: [jemoji]\n", encoding="utf-8")
    html = to_html(":tada: and `:tada:`", Jekyll.load(tmp_path)[0].grammar)
    assert html == "<p>🎉 and <code>:tada:</code></p>\n"


def test_pelicans_extensions_are_named_where_they_are_not_run(tmp_path: Path) -> None:
    """Only known extensions are used: a setting imports no module."""
    conf = "MARKDOWN = {'extensions': ['nl2br', 'os'], 'extension_configs': {'toc': {'x': 1}}}"
    (tmp_path / "pelicanconf.py").write_text(conf, encoding="utf-8")
    engine, problems = Pelican.load(tmp_path)
    assert [problem.kind for problem in problems] == ["markdown-extension"]
    assert "os" in problems[0].message
    assert "<br" in to_html("one\ntwo", engine.grammar)


def test_nikola_strikes_out(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("POSTS = (('posts/*.md', 'posts', ''),)", encoding="utf-8")
    assert "<del>b</del>" in to_html("a ~~b~~", Nikola.load(tmp_path)[0].grammar)


@pytest.mark.parametrize("text", ["> " * 5_000 + "a", "*a **b " * 5_000, "a" * 300_000])
def test_what_python_markdown_would_read_for_minutes(tmp_path: Path, text: str) -> None:
    """A text that would take Python-Markdown minutes is rendered by another renderer."""
    (tmp_path / "pelicanconf.py").write_text("SITENAME = 'Tea'", encoding="utf-8")
    assert "a" in to_html(text, Pelican.load(tmp_path)[0].grammar)


@pytest.mark.parametrize("package", ["hexo-renderer-kramed", "hexo-renderer-marked"])
def test_hexo_renderers_from_before_commonmark(tmp_path: Path, package: str) -> None:
    """In kramed and old versions of marked, stars beside Chinese punctuation are emphasis."""
    hexo(tmp_path, "")
    listed = {"dependencies": {"hexo": "4", package: "^2.0.0"}}
    (tmp_path / "package.json").write_text(json.dumps(listed), encoding="utf-8")
    html = to_html("完成**准备：**开门。`a**：**b`", Hexo.load(tmp_path)[0].grammar)
    assert html == "<p>完成<strong>准备：</strong>开门。<code>a**：**b</code></p>\n"


def test_marked_leaves_stars_beside_chinese_punctuation(tmp_path: Path) -> None:
    """In newer versions of marked, such stars stay text, as in CommonMark."""
    grammar = hexo(tmp_path, "", "hexo", "hexo-renderer-marked").grammar
    assert to_html("完成**准备：**开门。", grammar) == "<p>完成**准备：**开门。</p>\n"


@pytest.mark.parametrize(("unsafe", "shown"), [(False, False), (True, True)])
def test_hugo_shows_html_only_where_it_is_told_to(
    tmp_path: Path, unsafe: bool, shown: bool
) -> None:
    """Without `unsafe`, HTML is left out, except HTML of shortcodes."""
    root = tmp_path / "blog"
    (root / "content/posts").mkdir(parents=True)
    config = {"baseURL": "https://tea.example.org", "title": "Tea", "params": {"author": "Ann"}}
    config["markup"] = {"goldmark": {"renderer": {"unsafe": unsafe}}}
    (root / "hugo.json").write_text(json.dumps(config), encoding="utf-8")
    body = (
        "Before <b>bold</b> `<i>`.\n\n<div>\nblock\n</div>\n\n{{< rawhtml >}}\n<p>raw</p>\n"
        '{{< /rawhtml >}}\n\n{{< figure src="/a.png" caption="seen" >}}\n\nAfter.\n'
    )
    text = f"---\ntitle: One\ndate: 2024-05-01\n---\n{body}"
    (root / "content/posts/one.md").write_text(text, encoding="utf-8")
    settings = {"output.path": str(tmp_path / "out"), "state.path": str(tmp_path / "state")}
    report = syndicate.build(root, settings=settings)
    item = json.loads((tmp_path / "out/feed.json").read_text(encoding="utf-8"))["items"][0]
    html = item["content_html"]
    assert ("<b>bold</b>" in html, "block" in html) == (shown, shown)
    assert ["raw" in html, "seen" in html, "After" in html] == [True, True, True]
    assert ("raw-html" in {problem.kind for problem in report.problems}) is not shown


def test_docusaurus_reads_markdown_between_tags(tmp_path: Path) -> None:
    """In MDX, the lines of a `<summary>` or `<div>` are Markdown."""
    (tmp_path / "docusaurus.config.js").write_text("export default {}", encoding="utf-8")
    (tmp_path / "blog").mkdir()
    grammar = Docusaurus.load(tmp_path)[0].grammar
    html = to_html("<summary>**One**</summary>\n\n<div>\n  *two*\n</div>\n\n    three", grammar)
    assert "<strong>One</strong>" in html
    assert "<em>two</em>" in html
    assert "<code>" not in html


def test_hugo_attributes_below_blocks(tmp_path: Path) -> None:
    """Attribute lines are removed if the setting is on, except in code and sentences."""
    text = 'Tea\n{.lead}\n\n- a\n{#list key="v 1"}\n\n> q\n> {.q}\n\n    {.code}\n\n'
    text += "|a|\n|-|\n|1|\n{.t}\n"
    html = to_html(text, hugo(tmp_path, parser={"attribute": {"block": True}}).grammar)
    assert html.count("{.") == 1
    assert "<pre><code>{.code}" in html
    assert "{.lead}" in to_html(text, hugo(tmp_path).grammar)


THEMED = "[漢]^(かん)と[1]/[2] :(fas fa-leaf): 茶 `[a]^(b)` [x](y)"
LOVEIT = {"params": {"page": {"ruby": True, "fraction": True, "fontawesome": True}}}


@pytest.mark.parametrize(
    ("config", "is_on"),
    [
        ({"theme": "LoveIt", **LOVEIT}, True),
        ({"theme": ["DoIt"], **LOVEIT}, True),
        ({"theme": "FixIt"}, True),
        ({"module": {"imports": [{"path": "github.com/hugo-fixit/FixIt"}]}}, True),
        ({"theme": "FixIt", "params": {"ruby": False}}, False),
        ({"theme": "LoveIt"}, False),
        ({"theme": "ananke"}, False),
    ],
)
def test_marks_of_loveit_and_its_heirs(tmp_path: Path, config: dict[str, Any], is_on: bool) -> None:
    """With such a theme, ruby is resolved and icons are removed."""
    (tmp_path / "hugo.json").write_text(json.dumps(config), encoding="utf-8")
    html = to_html(THEMED, Hugo.load(tmp_path)[0].grammar)
    assert ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>と" in html) == is_on
    assert "<code>[a]^(b)</code>" in html


def test_fractions_and_icons_of_loveit(tmp_path: Path) -> None:
    (tmp_path / "hugo.json").write_text(json.dumps(LOVEIT), encoding="utf-8")
    html = to_html(THEMED, Hugo.load(tmp_path)[0].grammar)
    assert "<sup>1</sup>/<sub>2</sub>  茶" in html


EXTENSIONS = ["tilde", "caret", "mark", "keys", "tasklist", "details", "tabbed", "superfences",
              "emoji", "magiclink", "smartsymbols", "arithmatex", "inlinehilite"]  # fmt: skip
PYMDOWN = {
    "~~a b~~ H~2~O": "<del>a b</del> H<sub>2</sub>O",
    "^^a^^ x^2^": "<ins>a</ins> x<sup>2</sup>",
    "==a== `==b==`": "<mark>a</mark> <code>==b==</code>",
    "++ctrl+alt+page-up++": "<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Page Up</kbd>",
    '++"a b"++': "<kbd>a b</kbd>",
    "C++ and D++": "C++ and D++",
    "- [x] a": '<input checked="" type="checkbox">a',
    '??? note "Tea"\n    warm': "Tea</p>\n<p>warm</p>",
    '=== "Tea"\n\n    warm': "Tea</p>\n<p>warm</p>",
    "1. a\n\n    ```py\n    *x*\n    ```\n": "<pre><code>*x*\n</code></pre>",
    '```py title="a.py"\nx\n```': "<p>a.py</p>",
    ":tada:": "🎉",
    "https://a.example/b": '<a href="https://a.example/b">',
    "(c) 1/2 a --> b": "© ½ a → b",
    "$a_1 b_2$ $5": "$a_1 b_2$ $5",
    "`#!python x`": "<code>x</code>",
}


@pytest.mark.parametrize("text", PYMDOWN)
def test_pymdownx_reads_as_its_pages_do(tmp_path: Path, text: str) -> None:
    names = [f"pymdownx.{name}" for name in EXTENSIONS]
    settings = f"MARKDOWN = {{'extensions': {names!r}}}\n"
    (tmp_path / "pelicanconf.py").write_text(settings, encoding="utf-8")
    engine, problems = Pelican.load(tmp_path)
    assert PYMDOWN[text] in to_html(text, engine.grammar)
    assert "markdown-extension" not in {each.kind for each in problems}


def test_settings_of_pymdownx_count(tmp_path: Path) -> None:
    """A disabled extension leaves its marks as text."""
    settings = "MARKDOWN = {'extension_configs': {'pymdownx.tilde': {'subscript': False}}}\n"
    (tmp_path / "pelicanconf.py").write_text(settings, encoding="utf-8")
    html = to_html("~~a~~ H~2~O", Pelican.load(tmp_path)[0].grammar)
    assert html == "<p><del>a</del> H~2~O</p>"


def test_extensions_that_are_not_read_are_named_once(tmp_path: Path) -> None:
    """Unknown extensions are reported in one Problem, and not run."""
    settings = "MARKDOWN = {'extensions': ['pymdownx.snippets', 'tea.leaves', 'pymdownx.mark']}\n"
    (tmp_path / "pelicanconf.py").write_text(settings, encoding="utf-8")
    [problem] = [p for p in Pelican.load(tmp_path)[1] if p.kind == "markdown-extension"]
    assert problem.message.endswith("without support: pymdownx.snippets, tea.leaves")


def test_fences_that_nothing_closes_lose_no_line(tmp_path: Path) -> None:
    settings = "MARKDOWN = {'extensions': ['pymdownx.superfences']}\n"
    (tmp_path / "pelicanconf.py").write_text(settings, encoding="utf-8")
    text = "".join(f"  ```a{number}\n" for number in range(300)) + "tea\n  ```\n"
    html = to_html(text, Pelican.load(tmp_path)[0].grammar)
    assert all(f"a{number}" in html for number in range(300))
