"""Only the user who builds may read the state folder."""

import os
import stat
from pathlib import Path

import pytest

import syndicate
from tests.daemon.running import run
from tests.loopback import Handler, serving

if os.name == "nt":
    pytest.skip("modes of files mean nothing there", allow_module_level=True)

CONFIG = """\
[site]
url = "https://blog.example.org"
[feeds]
hubs = ["{url}/hub"]
[[publish]]
name = "web"
kind = "folder"
path = "../web"
[[publish]]
name = "hook"
kind = "webhook"
url = "{url}/hook"
secret_env = "HOOK_SECRET"
"""


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "tea.md").write_text("---\ntitle: Tea\ndate: 2026-01-01\n---\nGreen.\n")
    return folder


def publish(blog: Path) -> None:
    """Build and publish with the ordinary umask, as a person does."""
    with serving(lambda asked: Handler.reply(asked, 202)) as server:
        (blog / "config.toml").write_text(CONFIG.format(url=server.url))
        done = run("build", blog, "--publish", HOOK_SECRET="correct horse battery")
        assert done.returncode == 0, done.stderr


def modes(state: Path) -> dict[str, int]:
    """Return the modes of this program's files and folders."""
    return {
        path.relative_to(state).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (state, *state.iterdir(), *(state / "targets").iterdir())
    }


def test_state_files_are_for_their_user_alone(blog: Path) -> None:
    """Files have the mode 0600 and new folders 0700, whatever the umask."""
    publish(blog)
    found = modes(blog / ".syndicate")
    assert {"ledger.db", "cache.db", "manifest.json", "lock", "hubs.jsonl"} <= found.keys()
    folders = {".", "targets"}
    assert {name: oct(mode) for name, mode in found.items()} == {
        name: "0o700" if name in folders else "0o600" for name in found
    }


def test_state_files_of_an_older_version_are_closed(blog: Path) -> None:
    """Files that others may read (0644) are 0600 after the next build, also where none changes."""
    publish(blog)
    state = blog / ".syndicate"
    files = [path for path in state.rglob("*") if path.is_file()]
    for path in files:
        path.chmod(0o644)
    (state / "notes.txt").write_text("somebody's own")
    (state / "notes.txt").chmod(0o644)
    (state / "targets").chmod(0o755)
    syndicate.build(blog)
    found = modes(state)
    assert found.pop("notes.txt") == 0o644
    assert found["targets"] == 0o700
    top = {name: mode for name, mode in found.items() if (state / name).parent == state}
    assert {mode for name, mode in top.items() if (state / name).is_file()} == {0o600}


def test_feeds_are_for_everybody(blog: Path) -> None:
    """Feeds are readable by all, because a web server must read them."""
    syndicate.build(blog)
    assert stat.S_IMODE((blog / "output/atom.xml").stat().st_mode) & 0o044 == 0o044
