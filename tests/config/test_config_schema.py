import json
import tomllib
from typing import Any

import jsonschema
import msgspec
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from syndicate.cli.main import main
from syndicate.config.json_schema import json_schema
from syndicate.config.schema import ENGINE_NAMES, Tables

SCHEMA = jsonschema.Draft202012Validator(json_schema())
SECTIONS = {
    name: tuple(type(default).__struct_fields__)
    for name, default in zip(Tables.__struct_fields__, Tables.__struct_defaults__, strict=True)
    if isinstance(default, msgspec.Struct)
}
WORDS = ("", "full", "atom", "tag", "hugo", "apart", "git", "x", "folder", "times")
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 70_000), st.floats(0.1, 0.9), st.sampled_from(WORDS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(("name", "kind", "path", "like", "atom", "all")), inner),
    ),
    max_leaves=4,
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A configuration of a few keys, most of them known."""
    found: dict[str, Any] = {}
    for _ in range(draw(st.integers(0, 3))):
        section = draw(st.sampled_from(sorted(SECTIONS)))
        key = draw(st.sampled_from((*SECTIONS[section], "other")))
        found.setdefault(section, {})[key] = draw(VALUES)
    if draw(st.booleans()):
        kind = draw(st.sampled_from(("folder", "s3", "ftp")))
        found["publish"] = [{"name": "a", "kind": kind, "path": "b"}]
    return found


@given(tables())
def test_the_schema_takes_what_the_program_takes(given_tables: dict[str, Any]) -> None:
    """Types, ranges and names of keys are judged alike."""
    try:
        decoded = msgspec.convert(given_tables, Tables)
        taken = decoded.posts.engine in ("auto", *ENGINE_NAMES)
    except msgspec.ValidationError:
        taken = False
    assert SCHEMA.is_valid(given_tables) == taken


def test_the_schema_takes_the_example(pytestconfig: Any) -> None:
    """The config.toml of the project itself is valid by it."""
    text = (pytestconfig.rootpath / "config.toml").read_text(encoding="utf-8")
    SCHEMA.validate(tomllib.loads(text))


def test_the_command_prints_the_schema() -> None:
    """As JSON, which editors read."""
    done = CliRunner().invoke(main, ["config", "schema"])
    assert done.exit_code == 0
    assert json.loads(done.output) == json.loads(json.dumps(json_schema()))
