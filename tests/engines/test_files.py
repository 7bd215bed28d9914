from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.engines.shared.settings_files import is_mapping_file, read_front_matter, read_mapping


def written(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "a: &x [1]\nb: *x\n2: {c: 3}\n"),
        ("a.yaml", "\ufeffa: [1]\r\nb: [1]\r\n2: {c: 3}\r\n"),
        ("a.toml", "a = [1]\r\nb = [1]\r\n2 = {c = 3}\r\n"),
        ("a.JSON", '{"a": [1], "b": [1], "2": {"c": 3}}'),
    ],
)
def test_reads_each_language_by_the_ending(tmp_path: Path, name: str, text: str) -> None:
    """YAML, TOML and JSON give the same mapping; keys are text."""
    assert is_mapping_file(written(tmp_path, name, text))
    assert read_mapping(tmp_path, name) == ({"a": [1], "b": [1], "2": {"c": 3}}, ())


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yml", "a: 1\nb: [\n", 3),
        ("a.toml", "a = 1\nb =\n", 2),
        ("a.json", '{\n"a": }', 2),
        ("a.yml", b"\xff\xfe\x00", 0),
        ("a.yml", "a: 2017-02-30\n", 0),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    tmp_path: Path, name: str, text: str | bytes, line: int
) -> None:
    """A malformed file gives an empty mapping, and a Problem with name and line."""
    found, problems = read_mapping(written(tmp_path, name, text).parent, name)
    assert found == {}
    assert [(p.path, p.kind, p.line) for p in problems] == [(name, "engine-config", line)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.yml", "[" * 60_000),
        ("self.yml", "a: &a [*a]\n"),
        (
            "laughs.yml",
            "a0: &a0 [1,1,1,1,1,1,1,1]\n"
            + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 8)}]\n" for i in range(1, 30)),
        ),
        ("deep.json", "[" * 5000),
        ("deep.toml", "a = " + "[" * 90 + "]" * 90),
        ("large.yml", "#" * (4 * 1024 * 1024 + 1)),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, name: str, text: str) -> None:
    """Depth, size and the expansion of aliases are bounded."""
    found, problems = read_mapping(written(tmp_path, name, text).parent, name)
    assert found == {}
    assert len(problems) == 1


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    """A missing file is a Problem, not an exception."""
    found, problems = read_mapping(tmp_path, "none.yml")
    assert (found, problems[0].path) == ({}, "none.yml")
    assert not is_mapping_file(tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\na: 1\n---\nbody: 2\n", {"a": 1}),
        ("\ufeff---\r\na: 1\r\n---\r\n", {"a": 1}),
        ("\n+++\na = 1\n+++", {"a": 1}),
        ('{"a": 1}\nbody', {"a": 1}),
        ("---\na: 1\nno end", {}),
        ("no header", {}),
        ("---\n- a\n---\n", {}),
    ],
)
def test_front_matter_of_a_page(tmp_path: Path, text: str, expected: dict[str, int]) -> None:
    """The header of a list page is read in all three languages."""
    written(tmp_path, "_index.md", text)
    assert read_front_matter(tmp_path, "_index.md") == (expected, ())


def test_line_of_a_fault_counts_from_the_top_of_the_page(tmp_path: Path) -> None:
    """The Problem names the line in the file, not in the header."""
    written(tmp_path, "_index.md", "\n---\na: 1\nb: ]\n---\n")
    _, problems = read_front_matter(tmp_path, "_index.md")
    assert [problem.line for problem in problems] == [4]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.binary(max_size=200), ending=st.sampled_from(("yml", "toml", "json")))
def test_no_bytes_raise(tmp_path: Path, data: bytes, ending: str) -> None:
    """Any bytes give a mapping and Problems."""
    name = f"any.{ending}"
    written(tmp_path, name, data)
    for read in (read_mapping, read_front_matter):
        found, _ = read(tmp_path, name)
        assert isinstance(found, dict)
