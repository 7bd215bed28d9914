"""Folders that lie in each other: refused before anything is written, by every command."""

import os
from pathlib import Path

import pytest

import syndicate
from syndicate.errors import ConfigError
from tests.daemon.running import run

POST = "---\ntitle: Tea\ndate: 2026-01-01\n---\nGreen.\n"
TARGET = '[[publish]]\nname = "web"\nkind = "folder"\npath = "{path}"\n'


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog with a post in a folder of its own."""
    folder = tmp_path / "site" / "blog"
    (folder / "_posts").mkdir(parents=True)
    (folder / "_posts/2026-01-01-tea.md").write_text(POST, encoding="utf-8")
    (folder / "content").mkdir()
    (folder / "content/tea.md").write_text(POST, encoding="utf-8")
    return folder


def configure(blog: Path, **paths: str) -> None:
    names = ("output", "state", "posts")
    text = "".join(f'[{name}]\npath = "{paths[name]}"\n' for name in names if name in paths)
    text += "".join(TARGET.format(path=path) for name, path in paths.items() if name == "target")
    (blog / "config.toml").write_text(text, encoding="utf-8")


CLASHES = [
    ("output.path", {"output": "."}),
    ("output.path", {"output": ".."}),
    ("output.path", {"output": "x/../"}),
    ("output.path", {"output": "/"}),
    ("output.path", {"output": "_posts"}),
    ("output.path", {"output": "content"}),
    ("output.path", {"posts": "_posts", "output": "_posts"}),
    ("output.path", {"posts": "_posts", "output": "."}),
    ("output.path", {"output": ".syndicate/feeds"}),
    ("output.path", {"state": "o", "output": "o/x"}),
    ("state.path", {"state": "."}),
    ("state.path", {"state": ".."}),
    ("state.path", {"state": "_posts"}),
    ("state.path", {"state": "o", "output": "o"}),
    ("state.path", {"state": "o/state", "output": "o"}),
    ("state.path", {"state": "O/state", "output": "o"}),
    ("state.path", {"state": "output"}),
    ("publish[0].path", {"target": "."}),
    ("publish[0].path", {"target": ".."}),
    ("publish[0].path", {"target": "output"}),
    ("publish[0].path", {"target": "./output/../output/web"}),
    ("publish[0].path", {"target": ".syndicate"}),
    ("publish[0].path", {"target": ".syndicate/web"}),
    ("publish[0].path", {"target": "_posts"}),
    ("publish[0].path", {"target": "_posts/web"}),
    ("publish[0].path", {"target": "content/web"}),
    ("publish[0].path", {"target": "public", "output": "public/feeds"}),
    ("publish[0].path", {"target": "../../state/..", "state": "../../state"}),
]


@pytest.mark.parametrize(("key", "paths"), CLASHES)
def test_folders_that_lie_in_each_other_are_refused(
    blog: Path, key: str, paths: dict[str, str]
) -> None:
    """With file, key and cure, before anything is made."""
    configure(blog, **paths)
    before = sorted(blog.rglob("*"))
    with pytest.raises(ConfigError) as caught:
        syndicate.build(blog)
    assert caught.value.where.startswith(f"{blog / 'config.toml'}, line ")
    assert caught.value.where.endswith(f": {key}")
    assert caught.value.cure
    assert sorted(blog.rglob("*")) == before


@pytest.mark.parametrize(
    "paths",
    [
        {},
        {"output": "static/feeds"},
        {"output": "public"},
        {"output": "_site"},
        {"output": "content/feeds"},
        {"output": "../feeds", "state": "../state"},
        {"posts": "_posts", "output": "_site/feeds"},
        {"posts": "content", "output": "public", "state": ".state"},
        {"target": "public"},
        {"target": "public/feeds"},
        {"target": "../web"},
        {"output": "feeds", "state": ".syndicate/x"},
    ],
)
def test_usual_layouts_are_built(blog: Path, paths: dict[str, str]) -> None:
    """Feeds inside the site's own folders, and what is remembered beside them."""
    configure(blog, **paths)
    assert syndicate.build(blog).posts


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_do_not_hide_a_clash(blog: Path) -> None:
    """Folders are compared as the system knows them."""
    (blog / "out").symlink_to(blog)
    (blog / "st").symlink_to(blog / "feeds")
    (blog / "feeds").mkdir()
    for paths in ({"output": "out"}, {"output": "feeds", "state": "st/x"}):
        configure(blog, **paths)
        with pytest.raises(ConfigError):
            syndicate.build(blog)


def test_two_targets_in_one_folder_are_refused(blog: Path) -> None:
    """However their paths are written."""
    two = TARGET.format(path="../web") + TARGET.format(path="x/../../web").replace('"web"', '"b"')
    (blog / "config.toml").write_text(two, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"publish\[1\].path: is the same folder as publish\[0\]"):
        syndicate.build(blog)


@pytest.mark.parametrize(
    "command",
    [
        ("build", "--output", "{blog}"),
        ("check", "--output", "{blog}"),
        ("feeds", "--set", "output.path={blog}"),
        ("serve", "--output", "{blog}"),
        ("daemon", "--output", "{blog}"),
        ("build", "--set", "state.path={blog}/output"),
    ],
)
def test_options_are_refused_as_well(blog: Path, command: tuple[str, ...]) -> None:
    """Exit code 2, and one line that names the key."""
    configure(blog)
    name, *options = (word.format(blog=blog) for word in command)
    done = run(name, blog, *options)
    assert done.returncode == 2
    assert ".path: is or " in done.stderr
    assert len(done.stderr.splitlines()) == 1
