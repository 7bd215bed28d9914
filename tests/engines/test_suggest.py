from pathlib import Path

import pytest

from syndicate.engines.shared.suggest import suggested, suggestion


def remote(root: Path, url: str, name: str = "origin") -> None:
    (root / ".git").mkdir(exist_ok=True)
    with (root / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(f'[core]\n\tbare = false\n[remote "{name}"]\n\turl = {url}\n\tfetch = +x\n')


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("git@github.com:Mei/notes.git", "https://mei.github.io/notes"),
        ("https://github.com/mei/mei.github.io", "https://mei.github.io"),
        ("https://me:t0ken@github.com/mei/Mei.github.io.git/", "https://mei.github.io"),
        ("ssh://git@github.com:22/mei/notes", "https://mei.github.io/notes"),
        ("git@gitlab.com:mei/notes.git", "https://mei.gitlab.io/notes"),
        ("https://oauth2:t0ken@gitlab.com/group/sub/tea.git", "https://group.gitlab.io/sub/tea"),
    ],
)
def test_git_remote_gives_the_address_of_its_pages(tmp_path: Path, url: str, home: str) -> None:
    """Addresses of GitHub and GitLab Pages are guessed from remotes, without tokens."""
    remote(tmp_path, url)
    assert suggested(tmp_path) == (home, "the git remote")


@pytest.mark.parametrize(
    "url",
    [
        "/srv/git/notes.git",
        "https://git.tea.example/mei/notes.git",
        "https://github.com/mei",
        "https://github.com.evil.example/mei/notes",
        "https://evil.example/?github.com/mei/a b",
    ],
)
def test_another_remote_says_nothing(tmp_path: Path, url: str) -> None:
    """Remotes of other hosts give no address."""
    remote(tmp_path, url)
    assert suggested(tmp_path) is None


def test_origin_comes_before_other_remotes(tmp_path: Path) -> None:
    """The remote "origin" wins over a theme's remote."""
    remote(tmp_path, "https://github.com/theme/theme.git", "upstream")
    remote(tmp_path, "https://github.com/mei/notes.git")
    assert suggested(tmp_path) == ("https://mei.github.io/notes", "the git remote")


def test_cname_comes_first_and_keeps_the_base_path(tmp_path: Path) -> None:
    """The host in CNAME wins."""
    remote(tmp_path, "https://github.com/mei/notes.git")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "CNAME").write_text("Tea.Example.org\n", encoding="utf-8")
    assert suggested(tmp_path) == ("https://tea.example.org", "static/CNAME")
    assert suggested(tmp_path, base="/blog") == ("https://tea.example.org/blog", "static/CNAME")


def test_path_of_a_placeholder_is_kept(tmp_path: Path) -> None:
    """The path of a placeholder address is used."""
    remote(tmp_path, "https://github.com/mei/notes.git")
    assert suggested(tmp_path, "http://localhost:4000/blog/") == (
        "https://mei.github.io/blog",
        "the git remote",
    )


@pytest.mark.parametrize(
    ("homepage", "home"),
    [
        ("https://tea.example.org/", "https://tea.example.org"),
        ("https://me:secret@tea.example.org/a", "https://tea.example.org/a"),
        ("https://github.com/mei/notes#readme", None),
        ("http://localhost:3000", None),
        (".", None),
        (7, None),
    ],
)
def test_homepage_of_package_json(tmp_path: Path, homepage: object, home: str | None) -> None:
    """The homepage in package.json is used, unless it is a repository."""
    import json

    data = json.dumps({"homepage": homepage})
    (tmp_path / "package.json").write_text(data, encoding="utf-8")
    assert suggested(tmp_path) == ((home, "package.json") if home else None)


@pytest.mark.parametrize("text", ["", "\0", "[]", "{", "[" * 100_000, '{"homepage": "http://[1"}'])
def test_package_json_that_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    """Malformed files give no guess and no error."""
    (tmp_path / "package.json").write_text(text, encoding="utf-8")
    assert suggested(tmp_path) is None


def test_a_link_out_of_the_blog_is_not_followed(tmp_path: Path) -> None:
    """Links out of the blog's folder are not followed."""
    blog = tmp_path / "blog"
    blog.mkdir()
    (tmp_path / "name").write_text("secret.example.org\n", encoding="utf-8")
    (blog / "CNAME").symlink_to("../name")
    assert suggested(blog) is None


def test_nothing_is_suggested_where_the_address_is_known(tmp_path: Path) -> None:
    """A known address needs no guess."""
    (tmp_path / "CNAME").write_text("tea.example.org\n", encoding="utf-8")
    assert suggestion(tmp_path, "https://notes.example.org") == ""
    assert 'set [site] url = "https://tea.example.org"' in suggestion(tmp_path, "http://localhost")
