"""``syndicate ledger``, as it is typed."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syndicate.cli.ledger import command
from syndicate.errors import StateError
from syndicate.ledger.lines import export_lines
from syndicate.ledger.records import Record, keep, load

DAY = datetime(2024, 5, 1, tzinfo=UTC)
TEA = Record(
    "urn:tea", "https://example.org/tea", "Tea\x1b[2J", DAY, DAY, "_posts/tea.md",
    dated="2024-05-01", past=("https://example.org/old-tea",), tags=("a", "b"),
)  # fmt: skip
RUM = Record("urn:rum", "https://example.org/rum", "Rum", DAY, DAY, "_posts/rum.md", withdrawn=DAY)


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    (tmp_path / "blog").mkdir()
    keep(tmp_path / "blog/.syndicate", [TEA, RUM])
    return tmp_path / "blog"


def run(*arguments: object, stdin: bytes = b"") -> Result:
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(command, words, input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_export_to_a_file_and_to_standard_output(blog: Path, tmp_path: Path) -> None:
    """Both are the same lines, and a file that is right already is not touched."""
    file = tmp_path / "ledger.jsonl"
    assert run("export", file, blog).exit_code == 0
    assert file.read_bytes() == run("export", "-", blog).stdout_bytes == export_lines([RUM, TEA])
    before = file.stat().st_mtime_ns
    run("export", file, blog)
    assert file.stat().st_mtime_ns == before


def test_export_of_no_ledger_is_refused(tmp_path: Path) -> None:
    """An export that is there is not overwritten with nothing."""
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(b"x")
    with pytest.raises(StateError, match="Nothing was built here yet"):
        run("export", file, tmp_path)
    assert file.read_bytes() == b"x"


def test_import_from_a_file_and_from_standard_input(blog: Path, tmp_path: Path) -> None:
    """What was exported is there again, in the state folder that the configuration names."""
    lines = run("export", "-", blog).stdout_bytes
    result = run("import", "-", tmp_path, "--set", "state.path=there", stdin=lines)
    assert "2 records read: 2 added, 0 replaced, 0 unchanged" in result.output
    assert load(tmp_path / "there") == (RUM, TEA)
    (tmp_path / "f").write_bytes(lines)
    result = run("import", tmp_path / "f", blog, "--merge")
    assert "2 unchanged" in result.output


def test_import_of_a_missing_file_is_an_error(blog: Path) -> None:
    """It is named."""
    with pytest.raises(StateError, match=r"nowhere\.jsonl: cannot be read"):
        run("import", "nowhere.jsonl", blog)


@pytest.mark.parametrize(
    "name",
    [
        "urn:tea", "_posts/tea.md", "tea.md", "./_posts/tea.md", "blog/_posts/tea.md",
        "https://example.org/tea", "https://example.org/old-tea",
    ],
)  # fmt: skip
def test_show_finds_a_post_by_what_people_know_it_by(blog: Path, name: str) -> None:
    """File, id, address and earlier address name it; what is printed does not steer a terminal."""
    result = run("show", name, blog)
    assert "id:         urn:tea" in result.output
    assert "was at:     https://example.org/old-tea" in result.output
    assert "\x1b" not in result.output
    assert "rum" not in result.output


def test_show_as_json(blog: Path) -> None:
    """The line of the export."""
    assert json.loads(run("show", "urn:rum", blog, "--json").output)["path"] == "_posts/rum.md"


def test_show_of_an_unknown_post_is_an_error(blog: Path) -> None:
    """It says how many there are, and how to list them."""
    with pytest.raises(StateError, match="none of the 2 posts"):
        run("show", "gin", blog)


def test_verify_of_a_sound_ledger(blog: Path) -> None:
    """It says so, and counts."""
    assert run("verify", blog).output == "2 records, all sound\n"


def test_verify_of_a_faulty_ledger(blog: Path) -> None:
    """A line for each fault, and exit code 1."""
    keep(blog / ".syndicate", [Record("", "x", "", DAY, DAY, adopted=True)])
    result = run("verify", blog)
    assert result.exit_code == 1
    assert "'' is not a valid id" in result.output
    assert "'x' is not an absolute address" in result.output


@pytest.mark.parametrize("folder", [".", "/", ""])
def test_a_folder_is_no_file_to_export_to(blog: Path, folder: str) -> None:
    """As when the blog is named first: the message says which comes first."""
    with pytest.raises(StateError, match="is a folder"):
        run("export", folder, blog)
