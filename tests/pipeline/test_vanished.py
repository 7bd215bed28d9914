"""Settings that are gone for a moment: a file being saved, a folder that is not mounted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate import Report, build
from syndicate.cli.main import main
from syndicate.config.load import load
from syndicate.errors import BuildStopped
from syndicate.pipeline.build import build as build_config

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CONFIG = '[site]\ntitle = "Tea"\nurl = "https://tea.example"\n'
OWN = "title: Tea\nurl: https://tea.example\ntimezone: Asia/Shanghai\n"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2026-01-01-tea.md").write_text("---\ntitle: Tea\n---\nx\n", "utf-8")
    return tmp_path


def contents(blog: Path) -> dict[str, bytes]:
    return {
        path.as_posix(): path.read_bytes()
        for path in [*(blog / "output").rglob("*"), blog / ".syndicate" / "ledger.db"]
        if path.is_file()
    }


def forced(blog: Path) -> Report:
    return build_config(load(blog), now=NOW, force=True)


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("config.toml", CONFIG, None),
        ("config.toml", CONFIG, ""),
        ("config.toml", CONFIG, '[site]\ntitle = "Tea"\n'),
        ("config.toml", "[feeds]\nlimit = 3\n", None),
        ("_config.yml", OWN, None),
        ("_config.yml", OWN, ""),
        ("_config.yml", OWN, "title: Tea\n"),
        ("_config.yml", OWN, "title: [\n"),
    ],
)
def test_build_stops_where_settings_are_gone(
    blog: Path, name: str, text: str, left: str | None
) -> None:
    """Nothing is written; the same settings go on as before, and --force is heard."""
    (blog / name).write_text(text, encoding="utf-8")
    build(blog, now=NOW)
    before = contents(blog)
    (blog / name).unlink()
    if left is not None:
        (blog / name).write_text(left, encoding="utf-8")
    for dry_run in (True, False):
        with pytest.raises(BuildStopped, match="the published feeds stay"):
            build(blog, now=NOW, dry_run=dry_run)
    told = CliRunner().invoke(main, ["build", str(blog)])
    assert told.exit_code == 2
    assert "--force" in told.output
    assert contents(blog) == before
    (blog / name).write_text(text, encoding="utf-8")
    assert {change.action for change in build(blog, now=NOW).changes} == {"unchanged"}
    (blog / name).unlink()
    forced(blog)
    build(blog, now=NOW)


def test_own_settings_that_are_gone_count_beside_config_toml(blog: Path) -> None:
    """The address is in config.toml; title and time zone are not."""
    (blog / "config.toml").write_text('[site]\nurl = "https://tea.example"\n', encoding="utf-8")
    (blog / "_config.yml").write_text(OWN, encoding="utf-8")
    build(blog, now=NOW)
    (blog / "_config.yml").write_text("", encoding="utf-8")
    with pytest.raises(BuildStopped, match="configuration is gone or empty"):
        build(blog, now=NOW)


def test_output_that_config_toml_named_does_not_hide_that_it_is_gone(blog: Path) -> None:
    """No second output folder comes to be."""
    (blog / "config.toml").write_text('[output]\npath = "public"\n', encoding="utf-8")
    build(blog, now=NOW)
    (blog / "config.toml").unlink()
    with pytest.raises(BuildStopped, match=r"config\.toml is gone or empty"):
        build(blog, now=NOW)
    assert not (blog / "output").exists()
