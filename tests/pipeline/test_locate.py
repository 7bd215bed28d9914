"""Where a blog's posts are: folders that its settings name, and folders below its own."""

from pathlib import Path

import pytest

from syndicate.errors import BlogError
from tests.blogs import built, written

POST = "---\ntitle: Tea\n---\nBlack or green.\n"


@pytest.mark.parametrize("source", ["src", "./src/", "src/site"])
def test_the_source_of_jekyll_moves_the_blog(tmp_path: Path, source: str) -> None:
    """Its folder is no category; posts and data are read there, and nowhere else."""
    files = {
        "_config.yml": f"source: {source}\ndefaults:\n- scope: {{path: news}}\n"
        "  values: {tags: [hot]}\n",
        f"{source}/_posts/2024-05-01-tea.md": POST,
        f"{source}/news/_posts/2024-05-02-pot.md": POST + "{{ site.data.pot.name }}\n",
        f"{source}/_data/pot.yml": "name: Brown Betty\n",
        "_posts/2024-05-03-outside.md": POST,
        "docs/_posts/2024-05-04-outside.md": POST,
    }
    found = built(tmp_path / "blog", files)
    assert found.urls == [
        "https://e.org/2024/05/01/tea.html",
        "https://e.org/news/2024/05/02/pot.html",
    ]
    assert "Brown Betty" in found.items[0]["content_html"]
    assert found.items[0]["tags"] == ["news", "hot"]


def test_a_source_that_leads_out_is_refused(tmp_path: Path) -> None:
    """The message names the setting, and nothing is built."""
    (tmp_path / "other/_posts").mkdir(parents=True)
    with pytest.raises(BlogError, match=r"source: \.\./other leads out"):
        built(tmp_path / "blog", {"_config.yml": "source: ../other\n"})
    with pytest.raises(BlogError, match="source: nowhere is not a folder"):
        built(tmp_path / "blog", {"_config.yml": "source: nowhere\n"})


def test_collections_dir_of_jekyll_holds_the_posts(tmp_path: Path) -> None:
    """Folders above it are no categories, those in it are, and what lies outside is no post."""
    files = {
        "_config.yml": "collections_dir: texts\ndefaults:\n- scope: {path: news}\n"
        "  values: {tags: [hot]}\n",
        "texts/_posts/2024-05-01-tea.md": POST,
        "texts/news/_posts/2024-05-02-pot.md": POST,
        "_posts/2024-05-03-outside.md": POST,
        "docs/_posts/2024-05-04-outside.md": POST,
        "texts2/_posts/2024-05-05-outside.md": POST,
    }
    found = built(tmp_path / "blog", files)
    assert found.urls == [
        "https://e.org/2024/05/01/tea.html",
        "https://e.org/news/2024/05/02/pot.html",
    ]
    assert found.items[0]["tags"] == ["news", "hot"]


def test_source_and_collections_dir_go_together(tmp_path: Path) -> None:
    """The second is a folder in the first."""
    files = {
        "_config.yml": "source: src\ncollections_dir: texts\n",
        "src/texts/_posts/2024-05-01-tea.md": POST,
        "src/_posts/2024-05-02-outside.md": POST,
    }
    assert built(tmp_path / "blog", files).urls == ["https://e.org/2024/05/01/tea.html"]


def test_a_blog_of_jekyll_whose_posts_lie_in_source(tmp_path: Path) -> None:
    """It is Jekyll's where its settings say so, though Hexo has a folder of that name."""
    files = {"_config.yml": "source: source\n", "source/_posts/2024-05-01-tea.md": POST}
    found = built(tmp_path / "blog", files)
    assert (found.report.engine, len(found.items)) == ("jekyll", 1)


def test_posts_behind_a_link_inside_the_blog_are_read(tmp_path: Path) -> None:
    """Jekyll follows a `_posts` that is a link; a link in it, and a circle, ends there."""
    root = written(
        tmp_path / "blog",
        {
            "_config.yml": "title: T\n",
            "texts/2024-05-01-tea.md": POST,
            "texts/more/2024-05-02-pot.md": POST,
            "round/x.txt": "x",
        },
    )
    (root / "_posts").symlink_to("texts")
    (root / "texts/again").symlink_to("../texts")
    (root / "round/_posts").symlink_to("..")
    (root / "round/_drafts").symlink_to("_drafts")
    found = built(root)
    assert "https://e.org/2024/05/01/tea.html" in found.urls
    assert "https://e.org/2024/05/02/pot.html" in found.urls
    (root / "texts/2024-05-01-tea.md").write_text(POST.replace("Black", "White"))
    assert "White or green" in str(built(root).items)


def test_posts_behind_a_link_out_of_the_blog_are_not_read(tmp_path: Path) -> None:
    """The link is named as a problem."""
    written(tmp_path / "other", {"2024-05-01-tea.md": POST})
    root = written(
        tmp_path / "blog", {"_config.yml": "title: T\n", "a/_posts/2024-05-02-pot.md": POST}
    )
    (root / "_posts").symlink_to("../other")
    found = built(root)
    assert found.urls == ["https://e.org/a/2024/05/02/pot.html"]
    assert "leads-out" in found.kinds


DATED = "---\ntitle: Tea\ndate: 2024-05-01\n---\nBlack or green.\n"
BELOW = [
    (
        "hugo",
        {"hugo.toml": 'baseURL = "https://e.org/"\n[permalinks]\nposts = "/:year/:title/"\n'},
        "content/posts/deep/tea.md",
        "content/posts",
        "https://e.org/2024/tea/",
    ),
    (
        "hugo",
        {
            "hugo.yaml": "baseURL: https://e.org/\n",
            "content/docs/a.md": DATED,
            "content/docs/b.md": DATED,
        },
        "content/notes/tea.md",
        "content/notes",
        "https://e.org/notes/tea/",
    ),
    ("jekyll", {"_config.yml": "permalink: /:title\n"}, "a/_posts/2024-05-01-tea.md", "a", "/tea"),
    (
        "jekyll",
        {"_config.yml": "source: src\npermalink: /:title\n"},
        "src/_posts/2024-05-01-tea.md",
        "src/_posts",
        "/tea",
    ),
    (
        "hexo",
        {"_config.yml": "new_post_name: :title.md\npermalink: :title/\n"},
        "source/_posts/tea.md",
        "source/_posts",
        "/tea/",
    ),
    (
        "zola",
        {"config.toml": 'base_url = "https://e.org"\n'},
        "content/a/tea.md",
        "content",
        "/a/tea/",
    ),
    (
        "pelican",
        {"pelicanconf.py": "PATH = 'content'\nARTICLE_URL = 'x/{slug}.html'\n"},
        "content/news/tea.md",
        "content/news",
        "/x/tea.html",
    ),
    (
        "nikola",
        {"conf.py": "POSTS = (('posts/*.md', 'texts', 'post.tmpl'),)\n"},
        "posts/tea.md",
        "posts",
        "/texts/tea/",
    ),
    (
        "eleventy",
        {"eleventy.config.js": "export default function () {}\n", "blog/x.md": DATED},
        "recipes/tea.md",
        "recipes",
        "/recipes/tea/",
    ),
    (
        "astro",
        {
            "astro.config.mjs": "export default {}\n",
            "src/content/blog/x.md": DATED,
            "src/pages/guides/[...slug].astro": "-\n",
        },
        "src/content/guides/tea.md",
        "src/content/guides",
        "/guides/tea/",
    ),
    (
        "docusaurus",
        {"docusaurus.config.js": "x\n"},
        "blog/2024-05-01-tea.md",
        "blog",
        "/2024/05/01/tea",
    ),
]


@pytest.mark.parametrize(("engine", "files", "post", "path", "url"), BELOW)
def test_a_folder_of_posts_inside_a_blog_keeps_its_generator(
    tmp_path: Path, engine: str, files: dict[str, str], post: str, path: str, url: str
) -> None:
    """With `[posts] path` below the blog's own folder, and with that folder for the blog."""
    root = written(tmp_path / "blog", {**files, post: DATED})
    found = built(root, posts__path=str(root / path))
    assert (found.report.engine, len(found.items)) == (engine, 1)
    assert found.urls[0].endswith(url)
    assert built(root / path).urls == found.urls


def test_a_setting_above_the_posts_is_noticed(tmp_path: Path) -> None:
    """Each build looks at the blog's whole folder, and at the settings that may appear above."""
    root = written(tmp_path / "blog", {"content/posts/tea.md": DATED})
    posts = str(root / "content/posts")
    assert built(root, posts__path=posts).urls == ["https://e.org/tea/"]
    for folder in ("posts", "p", "q", "q"):
        files = {
            "hugo.toml": f'baseURL = "https://e.org"\npermalinks.posts = "/{folder}/:title/"\n'
        }
        assert built(root, files, posts__path=posts).urls == [f"https://e.org/{folder}/tea/"]


def test_a_folder_of_which_its_blog_takes_no_posts_is_refused(tmp_path: Path) -> None:
    """As a plain folder it would get wrong addresses; who says that it is one gets it."""
    root = written(
        tmp_path / "blog", {"_config.yml": "title: T\n", "notes/2024-05-01-tea.md": POST}
    )
    with pytest.raises(BlogError, match=r"lies in a blog of jekyll .* takes no posts"):
        built(root, posts__path=str(root / "notes"))
    found = built(root, posts__path=str(root / "notes"), posts__engine="plain")
    assert found.report.engine == "plain"


def test_a_blog_beside_a_folder_has_no_say_in_it(tmp_path: Path) -> None:
    """Notes that lie beside a blog stay plain."""
    files = {"site/astro.config.mjs": "export default {}\n", "site/src/content/blog/x.md": DATED}
    written(tmp_path / "home", {**files, "notes/tea.md": DATED})
    assert built(tmp_path / "home/notes").report.engine == "plain"


def test_a_path_that_goes_up_first_leads_to_the_same_blog(tmp_path: Path) -> None:
    """What lies on the way is not above the posts."""
    written(tmp_path / "ours", {"_config.yml": "title: Another\n"})
    files = {"hugo.toml": 'title = "T"\n', "content/posts/tea.md": DATED}
    written(tmp_path / "site", files)
    found = built(tmp_path / "ours", posts__path="../site/content/posts")
    assert (found.report.engine, found.urls) == ("hugo", ["https://e.org/posts/tea/"])


def test_posts_behind_a_link_keep_to_their_own_folder(tmp_path: Path) -> None:
    """A blog from which a link leads out to them has no say in them."""
    written(tmp_path / "notes", {"tea.md": DATED})
    root = written(tmp_path / "site", {"hugo.toml": 'title = "T"\n', "content/posts/pot.md": DATED})
    (root / "content/notes").symlink_to("../../notes")
    found = built(root, posts__path="content/notes")
    assert (found.report.engine, found.urls) == ("plain", ["https://e.org/tea/"])


@pytest.mark.parametrize("path", ["content", "content/notes"])
def test_a_folder_of_a_vault_keeps_what_its_settings_keep_private(
    tmp_path: Path, path: str
) -> None:
    """The settings of Quartz lie above the notes."""
    files = {
        "quartz.config.ts": 'ignorePatterns: ["notes/secret"],\n',
        "content/notes/tea.md": DATED,
        "content/notes/secret/pot.md": DATED,
    }
    root = written(tmp_path / "vault", files)
    for found in (built(root / path), built(root, posts__path=path)):
        assert found.urls == ["https://e.org/notes/tea"]
