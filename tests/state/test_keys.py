import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from syndicate.state import keys
from syndicate.state.keys import code_version, key

EAST = timezone(timedelta(hours=8))
LONG = "x" * 300


class One(Struct, frozen=True):
    a: Any = None


class Other(Struct, frozen=True):
    a: Any = None


@pytest.mark.parametrize(
    ("this", "that"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (datetime(2024, 1, 1, 8, tzinfo=EAST), datetime(2024, 1, 1, tzinfo=UTC)),
        (date(2024, 1, 1), "2024-01-01"),
        (datetime.fromisoformat("2024-01-01"), "2024-01-01T00:00:00"),
        ({1: "a"}, {"1": "a"}),
        (1, True),
        (1, 1.0),
        (None, "None"),
        (re.compile(LONG + "a"), re.compile(LONG + "b")),
        (re.compile("a"), re.compile("a", re.IGNORECASE)),
        (One(1), Other(1)),
        (["a", "b"], ["ab"]),
        ([["a"], "b"], ["a", ["b"]]),
        (10**30, 10**30 + 1),
        ("\ud800", "\ud801"),
        (b"a", "a"),
        (frozenset("ab"), frozenset("ac")),
        (Path("a"), "a"),
    ],
)
def test_what_differs_has_another_key(this: Any, that: Any) -> None:
    """Values that templates can distinguish have distinct keys."""
    assert key(this) != key(that)
    assert key(One(this)) != key(One(that))


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


@given(PLAIN)
def test_equal_values_have_one_key(value: Any) -> None:
    """Any plain data has a key, and its copy has the same key."""
    assert key(value) == key(_copied(value))


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def test_keys_are_the_same_in_every_process() -> None:
    """Keys do not depend on the hash seed or the order of sets."""
    code = (
        "from syndicate.state.keys import key, code_version; from pathlib import Path;"
        "print(key({'a': frozenset(map(str, range(50)))}, {1, 'x'}, Path('a')).hex(),"
        " code_version().hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_every_file_of_the_program_changes_its_version() -> None:
    """Whoever adds a file of another kind, as a template, is told to let it count."""
    package = Path(keys.__file__).parent.parent
    files = [
        path.name
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != "py.typed"
    ]
    assert sorted(Path(name).name for name, *_ in keys._stamps(str(package))) == sorted(files)


def test_version_is_a_key() -> None:
    """The version of the code is a key."""
    assert len(code_version()) == len(key())
