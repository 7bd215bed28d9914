"""The expectations in vuepress/expected.json were taken from VuePress 2 itself.

Those of version 1 are by hand, after getPermalink.js and plugin-blog.
"""

from pathlib import Path

import pytest

from syndicate.engines import Sign
from syndicate.engines.vue.vuepress import VuePress, slugify
from tests.built import built
from tests.engines.asked import expected_of, said_of

HERE = Path(__file__).parent / "vuepress"
ENGINE, PROBLEMS = VuePress.load(HERE / "site")
POST = "---\ntitle: A\ndate: 2024-05-01\n{}---\n\nText\n"
SECOND = """import { defineUserConfig } from 'vuepress'
export default defineUserConfig({ title: 'T', base: '/b/', theme })
"""
HOPE = """import { hopeTheme } from "vuepress-theme-hope"
export default hopeTheme({
  hostname: "https://tea.example",
  author: { name: "Mei Lin", email: "mei@tea.example" },
})
"""
FIRST = """module.exports = {
  title: 'T',
  themeConfig: { domain: 'https://tea.example', author: 'Ann' },
  plugins: [['@vuepress/blog', { directories: [{ id: 'post', dirname: '_posts', path: '/'%s }] }]],
}
"""


def test_says_what_vuepress_says() -> None:
    """Addresses and dates of dated pages equal VuePress's, with permalinks and locales."""
    assert said_of(HERE / "site", ENGINE) == expected_of(HERE)


def test_settings_are_read_without_running_them() -> None:
    """Literals are read, also of the root's locale, and a problem says that no script is run."""
    assert VuePress.recognise(HERE / "site") == Sign(".vuepress/config.ts")
    told = ENGINE.settings
    assert (told.title, told.description, told.language) == ("Tea Notes", "All about tea", "en-US")
    assert told.url == "https://tea.example/b"
    assert ENGINE.locales == {"": "en-US", "zh": "zh-CN"}
    assert [problem.kind for problem in PROBLEMS] == ["engine-script"]


def test_a_site_one_folder_down_is_only_a_hint(tmp_path: Path) -> None:
    """Documentation beside another generator's blog is only a hint."""
    (tmp_path / "docs/.vuepress").mkdir(parents=True)
    (tmp_path / "docs/.vuepress/config.js").write_text("module.exports = {}\n")
    sign = VuePress.recognise(tmp_path)
    assert sign
    assert not sign.certain


def test_a_blog_of_the_theme_hope(tmp_path: Path) -> None:
    """Address and author are read from the theme's file, and `article: false` withholds pages."""
    files = {
        "src/.vuepress/config.ts": SECOND,
        "src/.vuepress/theme.ts": HOPE,
        "src/README.md": "---\nhome: true\ndate: 2024-05-01\n---\n",
        "src/posts/README.md": "# Posts\n",
        "src/posts/a.md": POST.format(""),
        "src/posts/b.md": POST.format("article: false\n").replace("A", "B"),
        "src/guide.md": "# Guide\n",
    }
    blog = built(tmp_path / "blog", files)
    assert list(blog.items) == ["A"]
    assert blog.items["A"]["url"] == "https://tea.example/b/posts/a.html"
    assert blog.items["A"]["authors"][0]["name"] == "Mei Lin"
    assert blog.kinds() == {"engine-script"}


@pytest.mark.parametrize(
    ("path", "more", "address"),
    [
        ("docs/_posts/2024-05-01-Green Tea's.md", "", "/2024/05/01/green-tea-s/"),
        ("docs/_posts/2024-05-01-2nd.md", "", "/2024/05/01/_2nd/"),
        ("docs/_posts/oolong/README.md", "", "/2024/05/01/oolong/"),
        ("docs/_posts/a.md", "permalink: /teas/own\n", "/teas/own/"),
        ("docs/_posts/a.md", "permalink: /:year/:slug.html\n", "/2024/a.html"),
        ("docs/other/a b.md", "", "/other/a%20b.html"),
        ("docs/other/a/README.md", "", "/other/a/"),
    ],
)
def test_addresses_of_version_1(path: str, more: str, address: str, tmp_path: Path) -> None:
    """In plugin-blog, posts have dated addresses, and other pages keep their paths."""
    files = {"docs/.vuepress/config.js": FIRST % "", path: POST.format(more)}
    blog = built(tmp_path / "blog", files)
    assert blog.items["A"]["url"] == f"https://tea.example{address}"
    assert blog.items["A"]["authors"] == [{"name": "Ann"}]


def test_the_settings_say_where_posts_of_version_1_are(tmp_path: Path) -> None:
    """A directory's `itemPermalink` replaces the default."""
    files = {
        "docs/.vuepress/config.js": FIRST % ", itemPermalink: '/p/:slug'",
        "docs/_posts/a.md": POST.format(""),
    }
    assert built(tmp_path / "blog", files).items["A"]["url"] == "https://tea.example/p/a/"


def test_settings_in_yaml_are_read(tmp_path: Path) -> None:
    """Version 1 also reads YAML and TOML settings."""
    files = {".vuepress/config.yml": "title: Tea\nbase: /b/\n", "posts/a.md": POST.format("")}
    blog = built(tmp_path / "blog", files, site__url="https://tea.example/b")
    assert blog.report.site.title == "Tea"
    assert blog.items["A"]["url"] == "https://tea.example/b/posts/a.html"


def test_languages_have_feeds_of_their_own(tmp_path: Path) -> None:
    """The folders of `locales` give the languages of pages."""
    locales = "{ '/': { lang: 'en-US' }, '/zh/': { lang: 'zh-CN' } }"
    files = {
        ".vuepress/config.ts": SECOND.replace("theme", f"locales: {locales}"),
        "posts/a.md": POST.format(""),
        "zh/posts/b.md": POST.format("").replace("A", "B"),
    }
    blog = built(tmp_path / "blog", files, site__url="https://tea.example")
    assert {post.title: post.language for post in blog.report.posts} == {"A": "en-US", "B": "zh-CN"}


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("::: tabs\n\n@tab One\n\na\n\n@tab:active Two\n\nb\n\n:::",
         "<p><strong>One</strong></p>\n<p>a</p>\n<p><strong>Two</strong></p>\n<p>b</p>"),
        ("@[code js](./a.js)", '<pre><code class="language-js">const tea = 1</code></pre>'),
        ("{{ $page.title }}, {{ $frontmatter.cups }} {{ $site.title }}", "<p>A, 2 T</p>"),
    ],
)  # fmt: skip
def test_marks_become_what_they_show(body: str, html: str, tmp_path: Path) -> None:
    """Tabs, files of code and the page's own fields are resolved."""
    files = {
        ".vuepress/config.ts": SECOND,
        "posts/a.md": POST.format("cups: 2\n").replace("Text", body),
        "posts/a.js": "const tea = 1\n",
    }
    blog = built(tmp_path / "blog", files, site__url="https://tea.example/b")
    assert blog.html("A") == html


@pytest.mark.parametrize(
    ("name", "slug"), [("Crème brûlée!", "creme-brulee"), ("1st", "_1st"), ("a -- b", "a-b")]
)
def test_slugs_of_version_1(name: str, slug: str) -> None:
    """A slug has no accents and punctuation, and does not begin with a digit."""
    assert slugify(name) == slug


@pytest.mark.parametrize(
    ("header", "address"),
    [("", "/2024/tea.html"), ("permalinkPattern: null\n", "/posts/tea.html")],
)
def test_a_pattern_may_be_named_and_turned_off(tmp_path: Path, header: str, address: str) -> None:
    script = (
        "const pattern = '/:year/:slug.html'\n"
        "export default defineUserConfig({ permalinkPattern: pattern, base: '/' })\n"
    )
    files = {
        ".vuepress/config.ts": script,
        "posts/tea.md": f"---\ntitle: A\ndate: 2024-05-01\n{header}---\nTea.\n",
    }
    item = built(tmp_path / "v", files, site__url="https://tea.example").items["A"]
    assert item["url"] == f"https://tea.example{address}"
