"""Places and addresses of Astro's posts, in built blogs."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate.cli.main import main
from tests.blogs import built, written

POST = "---\ntitle: Tea\npubDate: 2024-05-01\n---\nBlack or green.\n"
CONFIG = {"astro.config.mjs": "export default defineConfig({})\n"}


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("blog/[...slug].astro", "/blog/tea/"),
        ("writing/[...slug]/index.astro", "/writing/tea/"),
        ("[...slug]/index.astro", "/tea/"),
        ("a/b/[id]/index.astro", "/a/b/tea/"),
        ("[lang]/x/[...slug].astro", "/blog/tea/"),
    ],
)
def test_the_page_of_entries_gives_the_route(tmp_path: Path, page: str, url: str) -> None:
    """An entry page may be a file or a folder's index."""
    files = {**CONFIG, "src/content/blog/tea.md": POST, f"src/pages/{page}": "-\n"}
    assert built(tmp_path / "blog", files).urls == [f"https://e.org{url}"]


def test_the_page_that_names_a_collection_is_its_own(tmp_path: Path) -> None:
    """Of several pages, the page that reads the collection gives the route."""
    asks = "const posts = await getCollection('{}')\n"
    files = {
        **CONFIG,
        "src/content/blog/tea.md": POST,
        "src/pages/docs/[...slug].astro": asks.format("docs"),
        "src/pages/writing/[...slug].astro": asks.format("blog"),
    }
    assert built(tmp_path / "blog", files).urls == ["https://e.org/writing/tea/"]


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ("trailingSlash: 'never'", "/blog/tea"),
        ("trailingSlash: 'always'", "/blog/tea/"),
        ('trailingSlash: "ignore"', "/blog/tea/"),
        ("build: { format: 'file' }", "/blog/tea.html"),
        ("build: {\n  format: 'directory',\n}", "/blog/tea/"),
        ("build: { format: 'preserve' }, trailingSlash: 'never'", "/blog/tea"),
        ("build: { format: 'file' }, trailingSlash: 'never'", "/blog/tea.html"),
        ("vite: { build: { minify: true } }", "/blog/tea/"),
    ],
)
@pytest.mark.parametrize("post", ["src/content/blog/tea.md", "src/pages/blog/tea.md"])
def test_addresses_end_as_the_settings_say(
    tmp_path: Path, settings: str, url: str, post: str
) -> None:
    """Addresses end as Astro's do (getUrlForPath)."""
    config = f"export default defineConfig({{ site: 'https://e.org', {settings} }})\n"
    files = {"astro.config.mjs": config, post: POST, "src/pages/blog/[...slug].astro": "-\n"}
    assert built(tmp_path / "blog", files).urls == [f"https://e.org{url}"]


GLOBS = [
    ("const blog = defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/blog' }) });",
     "src/blog/{}.md", "/blog/{}/"),
    ("export const FOLDER = \"src/data/blog\";\n"
     "const blog = defineCollection({\n"
     "  loader: glob({ pattern: '**/[^_]*.md', base: `./${FOLDER}` }),\n"
     "  schema: ({ image }) => z.object({ title: z.string() }),\n});",
     "src/data/blog/{}.md", "/blog/{}/"),
    ("const FOLDER = 'texts';\nconst blog = defineCollection({ loader: glob({ base: FOLDER,\n"
     "  pattern: ['**/*.{md,mdx}', '!**/old-*'] }) });",
     "texts/deep/{}.mdx", "/blog/deep/{}/"),
    ("export const collections = { blog: defineCollection({ loader: glob({ base: 'texts',"
     " pattern: \"*.md\" }) }) };",
     "texts/{}.md", "/blog/{}/"),
    ("const texts = defineCollection({ loader: glob({ base: 'texts', pattern: '**/*.md' }) });\n"
     "export const collections = { posts: texts };",
     "texts/{}.md", "/posts/{}/"),
    ("const blog = defineCollection({ loader: glob({ base: '.', pattern: 'a/**/*.md' }) });",
     "a/{}.md", "/blog/a/{}/"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "path", "url"), GLOBS)
@pytest.mark.parametrize("name", ["src/content.config.ts", "src/content/config.ts"])
def test_collections_lie_where_their_globs_say(
    tmp_path: Path, name: str, script: str, path: str, url: str
) -> None:
    """Globs may be literal strings, or variables with literal strings."""
    script += (
        "\nconst docs = defineCollection({ loader: glob({ base: 'docs', pattern: '**/*' }) });"
    )
    files = {
        **CONFIG,
        name: script,
        path.format("tea"): POST,
        "docs/guide.md": POST,
        "src/elsewhere/blog/other.md": POST,
        "texts/old-pot.md": POST if "old-" in script else "Not dated.\n",
    }
    assert built(tmp_path / "blog", files).urls == ["https://e.org" + url.format("tea")]


def test_a_file_that_no_glob_matches_is_no_post(tmp_path: Path) -> None:
    """A file that no glob matches is left out with the reason."""
    script = "const blog = defineCollection({ loader: glob({ base: 'b', pattern: '**/p-*.md' }) });"
    files = {**CONFIG, "src/content.config.ts": script, "b/p-tea.md": POST, "b/x.md": POST}
    found = built(tmp_path / "blog", files)
    assert found.urls == ["https://e.org/blog/p-tea/"]
    reasons = {each.path: each.reason for each in found.report.left_out}
    assert reasons["b/x.md"] == "not matched by its collection's pattern"


MONOREPO = {
    "package.json": '{"workspaces": ["apps/*"]}',
    "packages/ui/index.ts": "-",
    "packages/ui/notes.md": "A note.\n",
    "apps/web/package.json": '{"dependencies": {"astro": "5"}}',
    "apps/web/src/content/blog/tea.md": POST,
    "apps/web/src/content/blog/pot.md": POST.replace("Tea", "Pot"),
}


def test_a_package_of_a_repository_is_a_blog(tmp_path: Path) -> None:
    """A package is found by its folder, and by the folder of its posts."""
    root = written(tmp_path / "repository", MONOREPO)
    urls = ["https://e.org/blog/pot/", "https://e.org/blog/tea/"]
    assert built(root / "apps/web").urls == urls
    assert built(root / "apps/web/src/content/blog").urls == urls
    assert built(root / "apps").urls == urls


@pytest.mark.parametrize("package", ["{}", '{"devDependencies": {"astro": "5"}}'])
def test_a_repository_says_which_package_is_the_blog(tmp_path: Path, package: str) -> None:
    """A repository is rejected with the name of the package."""
    root = written(tmp_path / "repository", {**MONOREPO, "package.json": package})
    result = CliRunner().invoke(main, ["build", str(root)])
    assert result.exit_code == 2
    assert "run it on apps/web" in result.output


@pytest.mark.parametrize(
    ("page", "urls"),
    [
        ("[lang]/blog/[...slug].astro", ["/en/blog/tea/", "/zh-cn/blog/deep/tea/"]),
        ("[locale]/[...slug]/index.astro", ["/en/tea/", "/zh-cn/deep/tea/"]),
        ("[...lang]/blog/[...slug].astro", ["/blog/tea/", "/zh-cn/blog/deep/tea/"]),
        ("x/[language]/[slug].astro", ["/x/en/tea/", "/x/zh-cn/deep/tea/"]),
        ("blog/[...slug].astro", ["/blog/en/tea/", "/blog/zh-cn/deep/tea/"]),
    ],
)
def test_a_route_has_the_language_of_the_entry(tmp_path: Path, page: str, urls: list[str]) -> None:
    """The folder of the language is in the address, unless the default language is optional."""
    config = "export default defineConfig({ i18n: { defaultLocale: 'en', locales: ['en'] } })\n"
    files = {
        "astro.config.mjs": config,
        "src/content/blog/en/tea.md": POST,
        "src/content/blog/zh-CN/deep/tea.md": POST.replace("Tea", "茶"),
        f"src/pages/{page}": "-\n",
    }
    blog = built(tmp_path / "blog", files, feeds__languages="together")
    assert sorted(blog.urls) == [f"https://e.org{url}" for url in urls]


def test_entries_of_other_languages_stand_apart(tmp_path: Path) -> None:
    """Each language has its own feeds."""
    files = {
        "astro.config.mjs": "export default defineConfig({ i18n: { defaultLocale: 'en' } })\n",
        "src/content/blog/en/tea.md": POST,
        "src/content/blog/fr/tea.md": POST,
        "src/pages/[lang]/blog/[...slug].astro": "-\n",
    }
    blog = built(tmp_path / "blog", files)
    assert blog.urls == ["https://e.org/en/blog/tea/"]
    assert (blog.output / "language/fr/feed.json").exists()
