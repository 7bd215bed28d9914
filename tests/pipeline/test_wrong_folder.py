"""A folder that is no blog, or only holds one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate.cli.main import main

POST = "---\ntitle: A\ndate: 2024-01-01\n---\nHello.\n"


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def left(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {
                "docs/_config.yml": "title: T\n",
                "docs/_posts/2024-01-01-a.md": POST,
                "README.md": "x",
            },
            ["one folder down, in docs"],
        ),
        (
            {"_config.yml": "title: T\n", "source/_posts/a.md": POST},
            ["read as a jekyll blog (_config.yml)", 'engine = "hexo"', "1 post"],
        ),
        (
            {
                "index.txt": "x",
                "site/_config.yml": "title: T\n",
                "site/_posts/2024-01-01-a.md": POST,
            },
            ["one folder down, in site"],
        ),
        ({"a.txt": "x"}, ["no posts found", "1 file"]),
    ],
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_without_posts_is_refused(
    tmp_path: Path, command: str, files: dict[str, str], words: list[str]
) -> None:
    """It says what was tried and what would give posts, ends with 2 and leaves nothing behind."""
    before = left(written(tmp_path, files))
    result = CliRunner().invoke(main, [command, str(tmp_path)])
    assert result.exit_code == 2
    assert all(word in result.output for word in words), result.output
    assert left(tmp_path) == before


def test_a_folder_that_is_named_plain_is_read_as_it_is(tmp_path: Path) -> None:
    """Who says that the folder is a plain one knows better."""
    files = {"docs/_config.yml": "title: T\n", "docs/_posts/2024-01-01-a.md": POST}
    command = ["build", str(written(tmp_path, files)), "--set", 'posts.engine="plain"']
    assert CliRunner().invoke(main, command).exit_code == 0


def test_a_blog_whose_only_post_is_ahead_is_a_blog(tmp_path: Path) -> None:
    """A post that falls due later is no reason to refuse."""
    files = {"_config.yml": "title: T\n", "_posts/2999-01-01-a.md": "---\ntitle: A\n---\n"}
    CliRunner().invoke(main, ["build", str(written(tmp_path, files))])
    assert ".syndicate" in left(tmp_path)


ADOC = "= Tea\n:date: 2024-05-01\n\nBlack or green.\n"


@pytest.mark.parametrize(
    ("settings", "folder", "markup", "ending"),
    [
        ({"_config.yml": "title: T\n"}, "_posts/2024-05-0{}-tea", "AsciiDoc", "adoc"),
        ({"_config.yml": "title: T\n"}, "_posts/2024-05-0{}-tea", "Textile", "textile"),
        ({"hugo.toml": 'title = "T"\n'}, "content/posts/tea{}", "AsciiDoc", "asciidoc"),
        ({"hugo.toml": 'title = "T"\n'}, "content/posts/tea{}", "Org mode", "org"),
        (
            {"_config.yml": "new_post_name: :title.md\n"},
            "source/_posts/tea{}",
            "Org mode",
            "org",
        ),
        ({"pelicanconf.py": "PATH = 'content'\n"}, "content/tea{}", "AsciiDoc", "adoc"),
        (
            {"conf.py": "POSTS = (('posts/*.ipynb', 'posts', 'p.tmpl'),)\n"},
            "posts/tea{}",
            "Jupyter notebooks",
            "ipynb",
        ),
        ({"config.toml": 'base_url = "https://e.org"\n'}, "content/tea{}", "AsciiDoc", "adoc"),
        ({"astro.config.mjs": "-"}, "src/content/blog/tea{}", "AsciiDoc", "adoc"),
        ({"eleventy.config.js": "-"}, "posts/tea{}", "AsciiDoc", "adoc"),
        ({"docusaurus.config.js": "-"}, "blog/tea{}", "Org mode", "org"),
        ({"README.org": "-"}, "tea{}", "Org mode", "org"),
    ],
)
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_blog_in_a_markup_that_is_not_read_is_refused(
    tmp_path: Path, command: str, settings: dict[str, str], folder: str, markup: str, ending: str
) -> None:
    """It says that there are no posts, which files there are, and what to do, and ends with 2."""
    posts = {f"{folder.format(n)}.{ending}": ADOC for n in range(1, 6)}
    before = left(written(tmp_path, {**settings, **posts}))
    result = CliRunner().invoke(main, [command, str(tmp_path)])
    assert result.exit_code == 2
    assert f"5 files are written in {markup} ({next(iter(posts))}, " in result.output
    assert "no posts found" in result.output
    assert "export these files to Markdown or HTML" in result.output
    assert left(tmp_path) == before
