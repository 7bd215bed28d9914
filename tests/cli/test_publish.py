import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import syndicate
from syndicate.cli.publish import command
from tests.publish.shared import tree

POST = "---\ntitle: Tea\ndate: 2026-01-01\n---\nGreen.\n"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A blog that is built, with two targets."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "tea.md").write_text(POST, encoding="utf-8")
    targets = "".join(
        f'[[publish]]\nname = "{name}"\nkind = "folder"\npath = "../{name}"\n'
        for name in ("a", "b")
    )
    site = '[site]\ntitle = "Tea"\nurl = "https://blog.example.org"\n'
    (folder / "config.toml").write_text(site + targets, encoding="utf-8")
    syndicate.build(folder)
    return folder


def run(blog: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, str(blog)])


def test_publishes_what_was_built(blog: Path) -> None:
    """Every target holds the output folder, and one line tells of each."""
    result = run(blog)
    assert result.exit_code == 0
    files = tree(blog / "output")
    assert tree(blog.parent / "a") == tree(blog.parent / "b") == files
    assert f"a: {len(files)} sent, 0 removed, 0 unchanged -> ../a" in result.output


def test_named_target_alone(blog: Path) -> None:
    """A name chooses the target."""
    assert run(blog, "--target", "b").exit_code == 0
    assert not (blog.parent / "a").exists()


def test_dry_run(blog: Path) -> None:
    """What would be sent is told; nothing is."""
    result = run(blog, "--dry-run", "-v")
    assert "to send or remove" in result.output
    assert "  to do atom.xml" in result.output
    assert not (blog.parent / "a").exists()


def test_failure_is_told_on_standard_error(blog: Path) -> None:
    """A target that fails gives exit code 1 and its line; the others are served."""
    (blog.parent / "a").touch()
    result = run(blog, "-q")
    assert result.exit_code == 1
    assert result.stderr.startswith("syndicate: a: ")
    assert result.stdout == ""
    assert tree(blog.parent / "b") == tree(blog / "output")


def test_json_account(blog: Path) -> None:
    """The whole account, for programs."""
    first, second = json.loads(run(blog, "--json").output)
    assert (first["target"], second["kind"], first["error"]) == ("a", "folder", "")
    assert "atom.xml" in first["feeds"]


def test_settings_and_output_count(blog: Path) -> None:
    """What was built elsewhere is published from there."""
    syndicate.build(blog, settings={"output.path": str(blog / "other"), "state.path": "memory"})
    result = run(blog, "--target", "a", "-o", str(blog / "other"), "--set", "state.path=memory")
    assert result.exit_code == 0
    assert (blog / "memory/targets").is_dir()


def test_nothing_to_publish_to(tmp_path: Path) -> None:
    """Without targets the command says where they go."""
    result = run(tmp_path)
    assert "add [[publish]] to config.toml" in str(result.exception)
