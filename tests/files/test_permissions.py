"""Folders and files that this user may not read: named, never a traceback, nothing guessed."""

import ctypes
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from syndicate.cli.main import main

pytestmark = pytest.mark.skipif(
    os.name == "nt" or (os.geteuid() == 0 and sys.platform != "linux"),
    reason="needs permissions that hold this user back",
)

POST = "---\ntitle: Tea\ndate: 2024-01-02\n---\nGreen tea.\n"
JEKYLL = {"_config.yml": "title: Teas\n", "_posts/2024-01-02-tea.md": POST}
CASES = {
    "plain": {"tea.md": POST, "closed/oolong.md": POST},
    "jekyll": {**JEKYLL, "_data/authors.yml": "mei: {}\n", "config/x.toml": "a = 1\n"},
    "hugo": {
        "hugo.toml": "title = 'Teas'\n",
        "content/posts/tea.md": POST,
        "content/posts/2024/tea.md": POST,
        "data/authors/mei.yml": "name: Mei\n",
        "config/_default/params.toml": "a = 1\n",
    },
    "hugo by its folder": {
        "config/_default/hugo.toml": "title = 'Teas'\n",
        "content/posts/tea.md": POST,
    },
    "hexo": {
        "_config.yml": "title: Teas\npermalink_defaults: 1\n",
        "source/_posts/tea.md": POST,
        "source/_posts/2024/tea.md": POST,
    },
    "zola": {"zola.toml": "base_url = 'https://tea.example'\n", "content/tea.md": POST},
    "pelican": {"pelicanconf.py": "PATH = 'content'\n", "content/a/tea.md": "Title: T\n\nTea.\n"},
    "nikola": {"conf.py": "POSTS = [('posts/*.md', 'posts', '')]\n", "posts/tea.md": POST},
    "docusaurus": {"docusaurus.config.js": "x\n", "blog/2024-01-02-tea.md": POST},
    "eleventy": {"eleventy.config.js": "x\n", "posts/tea.md": POST, "posts/a/tea.md": POST},
    "astro": {"astro.config.mjs": "x\n", "src/content/blog/tea.md": POST},
    "eleventy by its package": {
        "package.json": '{"dependencies": {"@11ty/eleventy": "3"}}',
        "posts/tea.md": POST,
    },
}
CLOSED = [
    (case, path)
    for case, files in CASES.items()
    for path in dict.fromkeys(
        each for name in files for each in (name, *map(str, Path(name).parents)) if each != "."
    )
]


class Done(NamedTuple):
    code: int
    output: str


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load the modules that every child needs."""
    written(root := tmp_path_factory.mktemp("loaded"), JEKYLL)
    assert CliRunner().invoke(main, ["build", str(root)]).exit_code == 0


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "blog"
    root.mkdir()
    yield root
    tmp_path.chmod(0o755)
    for path in (root, *sorted(root.rglob("*"))):
        if path.is_dir():
            path.chmod(0o755)


def written(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def run(*words: str | Path) -> Done:
    """Run the program in a child process, which permissions hold back even where root runs it."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            hold_back()
            signal.alarm(60)
            result = CliRunner().invoke(main, [str(word) for word in words])
            raised = result.exception and not isinstance(result.exception, SystemExit)
            said = repr(result.exc_info) if raised else result.output
            os.write(writing, f"{99 if raised else result.exit_code}\n{said}".encode()[:60_000])
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        code, _, output = stream.read().partition("\n")
    os.waitpid(child, 0)
    assert code not in ("", "99"), output
    return Done(int(code), output)


def hold_back() -> None:
    """Give up the right to pass over permissions (capabilities(7): DAC_OVERRIDE, READ_SEARCH)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert libc.capget(header, data) == 0
        data[0] &= ~0b110  # effective
        data[1] &= ~0b110  # permitted, which access(2) goes by
        assert libc.capset(header, data) == 0


@pytest.mark.parametrize(("case", "closed"), CLOSED)
def test_what_may_not_be_read_is_named(blog: Path, case: str, closed: str) -> None:
    """A file or folder is named by itself or by a folder above it; the generator stays the same."""
    written(blog, CASES[case])
    (blog / closed).chmod(0)
    done = run("build", blog, "-o", blog.parent / "out", "--set", f"state.path={blog}/.state")
    said = done.output
    if (case, closed.partition("/")[0]) == ("jekyll", "config"):
        assert done.code == 0  # which Jekyll does not read
        return
    assert f"{closed}/:" in said or f"{closed}:" in said, said
    engine = case.partition(" ")[0]
    is_known = re.search(rf"{engine}(?: blog| folder)? \(", said, re.I)
    assert is_known or (done.code == 2 and "generator is unknown" in said), said


@pytest.mark.parametrize("folder", ["blog", "."])
def test_a_blog_that_may_not_be_entered(blog: Path, folder: str) -> None:
    """The blog's own folder, or one above it, is an error that names it."""
    written(blog, JEKYLL)
    target = blog if folder == "blog" else blog.parent
    target.chmod(0)
    for command in ("build", "check", "feeds"):
        done = run(command, blog, "--set", "posts.engine=auto")
        assert done.code == 2
        assert str(target) in done.output
    target.chmod(0o755)


@pytest.mark.parametrize("name", ["output", "output/feeds", ".syndicate", ".syndicate/ledger.db"])
@pytest.mark.parametrize("mode", [0, 0o500])
def test_folders_of_ours(blog: Path, name: str, mode: int) -> None:
    """Output or state that may not be used ends the build with one line that names it."""
    written(blog, JEKYLL)
    assert run("build", blog).code == 0
    shutil.rmtree(blog / "output/feeds/category", ignore_errors=True)
    (blog / "_posts/2024-01-02-tea.md").write_text(POST.replace("Green", "Black"), "utf-8")
    (blog / name).chmod(mode)
    for command in (["build"], ["ledger", "verify"], ["diff"], ["status"], ["publish"]):
        done = run(*command, blog)
        if command == ["build"]:
            assert done.code == 2
            assert len(done.output.strip().splitlines()) == 1
            assert name in done.output


def test_configuration_that_may_not_be_read(blog: Path) -> None:
    """A closed config.toml is never taken for one that is not there."""
    written(blog, {**JEKYLL, "config.toml": "site.title = 'Teas'\n"})
    (blog / "config.toml").chmod(0)
    done = run("build", blog)
    assert done.code == 2
    assert "config.toml: cannot be read" in done.output
    assert not (blog / ".syndicate").exists()
