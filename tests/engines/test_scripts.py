from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines.shared.scripts import block, literal, members, read_script, uses_package


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title: 'Tea'", "Tea"),
        ('"title": "Tea"', "Tea"),
        ("const title = `Tea`;", "Tea"),
        (r"title: 'Mei\'s tea'", "Mei's tea"),
        ("title: `${name} tea`", None),
        ("title: name", None),
        ("subtitle: 'no', a.title = 'no'", None),
        ("title: ''", None),
    ],
)
def test_literal(text: str, found: str | None) -> None:
    """Literal strings are found, computed ones are not."""
    assert literal(text, "title") == found


def test_comments_are_passed_over(tmp_path: Path) -> None:
    """Comments are not read, but text in strings that looks like one is."""
    script = tmp_path / "a.js"
    script.write_text("// url: 'no'\n/* url: 'no' */ url: 'https://t.example' // x", "utf-8")
    assert literal(read_script(tmp_path, "a.js"), "url") == "https://t.example"


def test_missing_script_is_empty(tmp_path: Path) -> None:
    """A script that cannot be read is empty."""
    assert read_script(tmp_path, "none.js") == ""


def test_members_are_the_outermost_keys() -> None:
    """Keys of inner objects are no members, and braces in strings do not count."""
    text = members(block("export default { a: { title: 'no' }, b: '}', title: 'yes' }", "default"))
    assert literal(text, "title") == "yes"


@pytest.mark.parametrize("said", ["", "[]", '{"dependencies": []}', '{"dependencies": {"b": 1}}'])
def test_package_that_is_not_used(tmp_path: Path, said: str) -> None:
    """A package.json of another form has no packages."""
    (tmp_path / "package.json").write_text(said, encoding="utf-8")
    assert not uses_package(tmp_path, "a")


@given(st.text("{}[]()'\"`/*\\ab:\n", max_size=80))
def test_no_script_raises(text: str) -> None:
    """Any script gives text."""
    assert isinstance(members(block(f"x {text}", "x")), str)
    assert literal(text, "a") is None or literal(text, "a")


@pytest.mark.parametrize("unit", ["/*", "`", "'", "{", "a: ", "x{", "[ ", "\\"])
def test_long_scripts_take_linear_time(tmp_path: Path, unit: str) -> None:
    """A quarter of a megabyte of any mark is read in linear time."""
    script = tmp_path / "a.js"
    script.write_text(unit * (250_000 // len(unit)), encoding="utf-8")
    text = read_script(tmp_path, "a.js")
    assert literal(text, "a") is None
    assert isinstance(members(block(text, "x")), str)
