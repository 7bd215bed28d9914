"""FIFOs, sockets, devices and endless files in every place where a file is read or written.

None makes the program wait or fill the memory; each is named, or replaced where it is in the way of
a file of ours.
"""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syndicate.cli.main import main
from tests.files.deadline import within

POST = "---\ntitle: Tea\ndate: 2024-01-02\nauthor: mei\n---\nGreen tea. {% include x.html %}\n"
FILES = {
    "_config.yml": "title: Teas\n",
    "_posts/2024-01-01-first.md": "---\ntitle: First\n---\nBlack tea.\n",
    "_posts/2024-01-02-tea.md": POST,
    "_data/authors.yml": "mei: {name: Mei}\n",
    "_includes/x.html": "Included.\n",
}


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        before = Path.cwd()
        os.chdir(path.parent)  # the name of a socket is bounded to some 100 bytes
        try:
            server.bind(path.name)
        finally:
            os.chdir(before)


def _endless(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


def _folder(path: Path) -> None:
    path.mkdir()


MAKERS = {"fifo": _fifo, "device": _device, "socket": _socket, "endless": _endless}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    root = tmp_path / "blog"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(params=MAKERS)
def special(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        MAKERS[request.param](path)

    return put


def run(*words: str | Path) -> Result:
    with within(30):
        result = CliRunner().invoke(main, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("name", [*FILES, "_posts/2024-01-03-oolong.md"])
def test_among_the_files_of_a_blog(blog: Path, special: Callable[[Path], None], name: str) -> None:
    """The file is named, and the rest of the blog is built."""
    special(blog / name)
    result = run("build", blog)
    assert result.exit_code == 0, result.output
    assert Path(name).name in result.output
    assert (blog / "output/feeds/index.html").exists()


def test_as_configuration(blog: Path, special: Callable[[Path], None]) -> None:
    """config.toml, and what --config names, must be a file."""
    special(blog / "config.toml")
    for words in (["build", blog], ["check", blog], ["build", blog, "-c", blog / "config.toml"]):
        result = run(*words)
        assert (result.exit_code, (blog / ".syndicate").exists()) == (2, False)
        assert "config.toml: cannot be read" in result.output


@pytest.mark.parametrize(
    "name",
    [
        "ledger.db", "ledger.db-wal", "cache.db", "cache.db-wal", "manifest.json", "lock",
        ".manifest.json.part", ".ledger.db.part", ".cache.db.part", "online.json",
    ],
)  # fmt: skip
@pytest.mark.parametrize("built", [True, False])
def test_in_the_state_folder(
    blog: Path, special: Callable[[Path], None], name: str, built: bool
) -> None:
    """What is not one of our files is replaced where it may be forgotten, else named."""
    if built:
        assert run("build", blog).exit_code == 0
        (blog / "_posts/2024-01-02-tea.md").write_text(POST + "More.", encoding="utf-8")
    special(blog / ".syndicate" / name)
    result = run("build", blog)
    if result.exit_code:
        assert result.exit_code == 2
        assert name in result.output
        assert len(result.output.splitlines()) == 1
    for words in (["ledger", "show", "x"], ["ledger", "verify"], ["status"], ["feeds"]):
        assert run(*words, blog).exit_code in (0, 1, 2)


@pytest.mark.parametrize("name", ["atom.xml", ".atom.xml.part", "feeds/index.html", "feeds"])
def test_in_the_output_folder(blog: Path, special: Callable[[Path], None], name: str) -> None:
    """A file is written in place of what is only in the way; a stranger's is kept and named."""
    special(blog / "output" / name)
    result = run("build", blog)
    assert result.exit_code in (0, 2), result.output
    if result.exit_code:
        assert name in result.output
        assert len(result.output.splitlines()) == 1
    if name.endswith(".part"):
        assert result.exit_code == 0
        assert (blog / "output/atom.xml").is_file()


def test_as_folders(blog: Path, special: Callable[[Path], None]) -> None:
    """Output, state and posts must be folders; nothing is made before that is known."""
    special(blog / "odd")
    for key in ("output.path", "state.path", "posts.path"):
        result = run("build", blog, "--set", f"{key}=odd")
        assert (result.exit_code, (blog / ".syndicate").exists()) == (2, False)
        assert "odd" in result.output


@pytest.mark.parametrize("command", ["import", "export"])
def test_what_the_command_line_names(
    blog: Path, special: Callable[[Path], None], command: str
) -> None:
    """Files of the user's are read as safely as those of a blog."""
    assert run("build", blog).exit_code == 0
    special(blog / "lines")
    assert run("ledger", command, blog / "lines", blog).exit_code in (0, 2)
    assert run("ledger", "adopt", blog / "lines", blog).exit_code == 2
    assert run("diff", blog, "--against", blog / "lines").exit_code in (0, 2)
    assert run("link", blog, blog).exit_code in (0, 2)
