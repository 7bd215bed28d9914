import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples/ci"
ROOT = Path(__file__).parents[2]


def github() -> list[str]:
    """Return the workflow's commands without the installation."""
    flow = yaml.safe_load((EXAMPLES / "github.yml").read_text(encoding="utf-8"))
    steps = flow["jobs"]["feeds"]["steps"]
    return [step["run"] for step in steps if "run" in step and step.get("name") != "Install"]


def gitlab() -> list[str]:
    flow = yaml.safe_load((EXAMPLES / "gitlab.yml").read_text(encoding="utf-8"))
    address = '"https://feeds:$PUSH_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git"'
    script = [line for line in flow["feeds"]["script"] if "pip install" not in line]
    assert any(address in line for line in script)
    return [line.replace(address, "origin") for line in script]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Clone a blog's repository, with a program called syndicate in PATH."""
    remote, clone = tmp_path / "remote.git", tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), str(clone))
    (clone / "tea.md").write_text("---\ntitle: Tea\ndate: 2026-01-01\n---\nx\n", encoding="utf-8")
    (clone / ".gitignore").write_text(".syndicate\noutput\n", encoding="utf-8")
    target = '[[publish]]\nname = "web"\nkind = "folder"\npath = "../web"\n'
    site = '[site]\nurl = "https://blog.example.org"\n'
    (clone / "config.toml").write_text(site + target, encoding="utf-8")
    git(clone, "checkout", "--quiet", "-b", "main")
    git(clone, "add", ".")
    git(clone, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "Blog")
    git(clone, "push", "--quiet", "--set-upstream", "origin", "main")
    program = tmp_path / "bin/syndicate"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m syndicate "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return clone


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="these jobs run on Linux")
@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.parametrize("commands", [github, gitlab])
def test_ci_jobs_publish_and_keep_the_ledger(clone: Path, commands: object) -> None:
    """A second run from a fresh clone has the ids of the first run, and commits nothing."""
    environ = {
        **os.environ,
        "PATH": f"{clone.parent / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "CI_COMMIT_BRANCH": "main",
    }

    def job() -> None:
        for command in commands():  # type: ignore[operator]
            subprocess.run(["bash", "-e", "-c", command], cwd=clone, env=environ, check=True)

    job()
    assert (clone.parent / "web/atom.xml").exists()
    assert git(clone, "log", "--format=%s", "origin/main").splitlines()[0] == "Ledger [skip ci]"
    ledger = (clone / "ledger.jsonl").read_bytes()
    git(clone, "clean", "--quiet", "-dfx")
    job()
    assert (clone / "ledger.jsonl").read_bytes() == ledger
    assert len(git(clone, "log", "--format=%s", "origin/main").splitlines()) == 2
