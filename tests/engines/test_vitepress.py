"""The expectations in vitepress/expected.json were taken from VitePress itself."""

from pathlib import Path

import pytest

from syndicate.engines import Sign
from syndicate.engines.vue.vitepress import VitePress
from syndicate.model import LeftOut
from tests.built import built
from tests.engines.asked import expected_of, said_of

HERE = Path(__file__).parent / "vitepress"
ENGINE, PROBLEMS = VitePress.load(HERE / "site")
CONFIG = """import { defineConfig } from 'vitepress'
export default defineConfig({
  title: 'T', base: '/b/', cleanUrls: %s, sitemap: { hostname: 'https://tea.example' },
})
"""
POST = "---\ntitle: A\ndate: 2024-05-01\n---\n"


def test_says_what_vitepress_says() -> None:
    """Addresses and dates of dated pages equal VitePress's, with rewrites."""
    assert said_of(HERE / "site", ENGINE) == expected_of(HERE)


def test_settings_are_read_without_running_them() -> None:
    """Literals are read, and a problem says that the script is not run."""
    assert VitePress.recognise(HERE / "site") == Sign(".vitepress/config.mts")
    told = ENGINE.settings
    assert (told.title, told.description, told.language) == ("Tea Notes", "All about tea", "en-GB")
    assert told.url == "https://tea.example/notes"
    assert [problem.kind for problem in PROBLEMS] == ["engine-script"]


@pytest.mark.parametrize(
    "script",
    [
        "const nav = { title: 'Nav' }\nexport default defineConfig({ %s, themeConfig: { nav } })",
        "import { withMermaid } from 'x'\nexport default withMermaid({ %s })",
        "const config: UserConfig = { %s }\nexport default config",
        "export default { %s } satisfies UserConfig",
        "module.exports = { %s }",
        "export default defineConfigWithTheme<Theme>({ %s })",
        "export default async () => defineConfig({ %s })",
    ],
)
def test_settings_are_found_in_any_usual_script(script: str, tmp_path: Path) -> None:
    """The settings are found among other objects of the script."""
    locales = "locales: { root: { label: 'E', lang: 'en' }, fr: { label: 'F', lang: 'fr' } }"
    told = f"title: 'Tea', base: '/b/', sitemap: {{ hostname: 'https://tea.example' }}, {locales}"
    (tmp_path / ".vitepress").mkdir()
    (tmp_path / ".vitepress/config.mts").write_text(script % told, encoding="utf-8")
    engine, _ = VitePress.load(tmp_path)
    assert (engine.settings.title, engine.settings.url) == ("Tea", "https://tea.example/b")
    assert engine.settings.language == "en"
    assert engine.locales == {"": "en", "fr": "fr"}


def test_a_site_one_folder_down_is_only_a_hint(tmp_path: Path) -> None:
    """Documentation beside another generator's blog is only a hint."""
    (tmp_path / "docs/.vitepress").mkdir(parents=True)
    (tmp_path / "docs/.vitepress/config.ts").write_text("export default {}\n")
    sign = VitePress.recognise(tmp_path)
    assert sign
    assert not sign.certain


@pytest.mark.parametrize("path", ["readme.txt", "src/kettle/hot.md", "src/index.md", "a.md"])
def test_what_is_no_page_is_left_out(path: str) -> None:
    """Other files, excluded pages and the home page are left out."""
    assert isinstance(ENGINE.place(path), LeftOut)


def test_documentation_is_left_out_quietly_and_an_undated_post_is_named(tmp_path: Path) -> None:
    """A page without a date is no post. In a folder of posts it is reported."""
    files = {
        ".vitepress/config.js": CONFIG % "false",
        "guide.md": "# Guide\n",
        "posts/a.md": POST + "Text\n",
        "posts/undated.md": "# Undated\n",
    }
    blog = built(tmp_path / "blog", files)
    assert list(blog.items) == ["A"]
    named = [problem.path for problem in blog.report.problems if problem.kind == "no-date"]
    assert named == ["posts/undated.md"]


@pytest.mark.parametrize(
    ("clean", "ending"), [("false", ".html"), ("true", ""), ("'without-subfolders'", "")]
)
def test_clean_addresses_have_no_ending(clean: str, ending: str, tmp_path: Path) -> None:
    """`cleanUrls` applies to posts and to links between pages."""
    body = "[b](./b.md) [c](/guide/c) [d](/file.pdf) [e](../f/)\n"
    files = {
        ".vitepress/config.js": CONFIG % clean,
        "posts/a.md": POST + body,
        "posts/b.md": POST.replace("A", "B") + "Text\n",
    }
    blog = built(tmp_path / "blog", files)
    assert blog.items["A"]["url"] == f"https://tea.example/b/posts/a{ending}"
    html = blog.html("A")
    assert f'href="https://tea.example/b/posts/b{ending}"' in html
    assert f'href="https://tea.example/b/guide/c{ending}"' in html
    assert 'href="https://tea.example/b/file.pdf"' in html
    assert 'href="https://tea.example/b/f/"' in html


PART = "---\ntitle: x\n---\nPublic.\n\n<Members>\n\nLocked\n\n</Members>\n\nEnd.\n"
SHOWN = [
    ("[[toc]]\n\nText", "<p>Text</p>"),
    ("::: tip Mind\nHot *water*.\n:::",
     "<blockquote>\n<p><strong>Mind</strong></p>\n<p>Hot <em>water</em>.</p>\n</blockquote>"),
    ("::: details More\nInner\n:::",
     "<details>\n<summary>More</summary>\n<p>Inner</p>\n</details>"),
    ("::: code-group\n```js{1} [a.js]\nlet a = {{ x }}\n```\n:::",
     '<pre><code class="language-js">let a = {{ x }}\n</code></pre>'),
    ('## New <Badge type="tip" text="hot" />', "<h2>New hot</h2>"),
    ("Hot <Badge>tea</Badge>", "<p>Hot tea</p>"),
    ("{{ $frontmatter.title }} {{ $frontmatter.x.y }}{{ 'q' }}", "<p>A q</p>"),
    ("`{{ $frontmatter.title }}`", "<p><code>{{ $frontmatter.title }}</code></p>"),
    ("x <img :src=\"withBase('/c.png')\" alt=\"c\">",
     '<p>x <img src="https://tea.example/b/c.png" alt="c"></p>'),
    ("<<< @/snippets/a.js{1}", '<pre><code class="language-js">const tea = 1</code></pre>'),
    ("<!--@include: ./part.md-->", "<p>Public.</p>\n<p>End.</p>"),
    ("<!-- @include: @/posts/lines.md{4,4} -->", "<p>Two.</p>"),
    ("Text <!--@include: ./part.md{10,}-->", "<p>Text</p>"),
    ("`<!--@include: ./part.md-->`", "<p><code>&lt;!--@include: ./part.md--&gt;</code></p>"),
    ("> [!TIP] Warm pots\n> Pour.",
     "<blockquote>\n<p><strong>Warm pots</strong></p>\n<p>Pour.</p>\n</blockquote>"),
    ("> [!NOTE]\n> Drink.",
     "<blockquote>\n<p><strong>Note</strong></p>\n<p>Drink.</p>\n</blockquote>"),
    ("> `[!TIP] x`", "<blockquote>\n<p><code>[!TIP] x</code></p>\n</blockquote>"),
    (":tada: :no-such: `:tada:`", "<p>🎉 :no-such: <code>:tada:</code></p>"),
    ("<script setup>\nimport X from 'x'\n</script>\n\n<X />\n\nText", "<p>Text</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "html"), SHOWN)
def test_marks_become_what_they_show(body: str, html: str, tmp_path: Path) -> None:
    """Containers, badges, the title and files are resolved. Code is not run."""
    files = {
        ".vitepress/config.js": CONFIG % "false",
        "posts/a.md": f"{POST}\n{body}\n",
        "snippets/a.js": "const tea = 1\n",
        "posts/part.md": PART,
        "posts/lines.md": "---\ntitle: x\n---\nTwo.\nThree.\n",
    }
    assert built(tmp_path / "blog", files).html("A") == html


BASES = [
    "const base = '/b/'\nexport default defineConfig({ base, cleanUrls: true })",
    "const PATH = '/b/'\nexport default defineConfig({ base: PATH, cleanUrls: true })",
    'export default defineConfig({\n  cleanUrls: true,\n  base: "/b"\n})',
]


def configured(root: Path, script: str) -> VitePress:
    (root / ".vitepress").mkdir()
    (root / ".vitepress/config.ts").write_text(script, encoding="utf-8")
    return VitePress.load(root)[0]


@pytest.mark.parametrize("script", BASES)
def test_the_base_may_be_named(tmp_path: Path, script: str) -> None:
    assert configured(tmp_path, script).settings.base == "/b"


@pytest.mark.parametrize(
    ("script", "path", "address"),
    [
        ("rewrites: { 'src/(.*)': 'blog/(.*)' }", "src/a/tea.md", "/blog/a/tea.html"),
        ("rewrites: { 'src/:slug.md': ':slug/index.md' }", "src/tea.md", "/tea/"),
    ],
)
def test_parts_without_a_name_are_rewritten(
    tmp_path: Path, script: str, path: str, address: str
) -> None:
    files = {
        ".vitepress/config.ts": f"export default defineConfig({{ {script} }})",
        path: f"{POST}Tea.\n",
    }
    item = built(tmp_path / "v", files, site__url="https://tea.example").items["A"]
    assert item["url"] == f"https://tea.example{address}"


def test_rewrites_may_have_a_name_and_a_type(tmp_path: Path) -> None:
    script = (
        "const rewrites: Record<string, string> = { 'src/:name': ':name' }\n"
        "export default defineConfig({ rewrites })\n"
    )
    assert configured(tmp_path, script).rewrites == (("src/:name", ":name"),)


def test_a_plugin_puts_pages_at_their_permalinks(tmp_path: Path) -> None:
    files = {
        ".vitepress/config.ts": "export default defineConfig({ rewrites: createRewrites() })",
        "src/tea.md": "---\ntitle: A\ndate: 2024-05-01\npermalink: /pages/7a\n---\nTea.\n",
    }
    item = built(tmp_path / "v", files, site__url="https://tea.example").items["A"]
    assert item["url"] == "https://tea.example/pages/7a.html"


@pytest.mark.parametrize(
    "told",
    ["base: process.env.BASE || '/'", "rewrites(id) { return id }", "srcDir: path('docs')"],
)
def test_a_computed_setting_of_addresses_is_reported(tmp_path: Path, told: str) -> None:
    """Computed settings of addresses are reported."""
    script = f"export default defineConfig({{ {told} }})"
    (tmp_path / ".vitepress").mkdir()
    (tmp_path / ".vitepress/config.ts").write_text(script, encoding="utf-8")
    _, problems = VitePress.load(tmp_path)
    messages = [each.message for each in problems if "computed" in each.message]
    assert len(messages) == 1
    assert messages[0].startswith(told.partition(":")[0].partition("(")[0])
