"""A folder that is no blog, or only holds one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate.cli import main

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
