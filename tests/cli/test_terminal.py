"""Posts may hold anything: nothing of it reaches the terminal that would steer it."""

import json
from pathlib import Path

import pytest

from tests.daemon.running import run

EVIL = "\\e[31mRED\\x9b2J\\u202eabc\\x7f"
POST = f'---\ntitle: "{EVIL}"\ndate: 2026-01-01\ncategories: ["{EVIL}"]\ntags: ["{EVIL}"]\n---\nx\n'
BROKEN = f'---\ntitle: x\ndate: 2026-02-31\nlayout: "{EVIL}"\n---\n'
CONFIG = """\
[site]
url = "https://blog.example.org"
title = "T\\u202e"
[[publish]]
name = "w"
kind = "folder"
path = "../web"
"""


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog whose titles, terms and file names hold escapes and marks of direction."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "tea.md").write_text(POST, encoding="utf-8")
    (folder / "bad\x1b[31m\u202e.md").write_text(BROKEN, encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    assert run("build", folder).returncode == 0
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "build -v", "build --json", "build --quiet", "build --dry-run -v", "feeds", "feeds --json",
        "check -v", "check --json", "diff -v", "diff --json", "ledger show tea.md",
        "ledger show tea.md --json", "ledger verify", "status", "build --set feeds.\x1b[31m=3",
        "publish", "publish -v --again", "publish --json --again",
    ],
)  # fmt: skip
def test_nothing_steers_the_terminal(blog: Path, command: str) -> None:
    """Neither escapes nor C1 controls nor marks of direction, as text and as JSON."""
    (blog / "tea.md").write_text(POST.replace("RED", "BLUE"), encoding="utf-8")
    done = run(*command.split(" "), blog)
    said = done.stdout + done.stderr
    assert said
    assert not [char for char in said if not char.isprintable() and char not in "\n\t"]


def test_json_says_what_the_posts_say(blog: Path) -> None:
    """Escaped in JSON's own way, nothing is lost."""
    (post,) = json.loads(run("feeds", blog, "--json").stdout)["posts"]
    assert post["title"] == "[31mRED\x9b2J\u202eabc\x7f"
