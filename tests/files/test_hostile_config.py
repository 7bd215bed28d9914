"""Every key of config.toml with values that the system or a library refuses.

Each is refused with exit code 2, the key and one line, before a state folder is made; or taken, and
the build then ends as any other. Nothing ends in a traceback.
"""

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest
from click.testing import CliRunner, Result

from syndicate.cli.main import main
from syndicate.config.schema import ENGINE_NAMES, Tables
from syndicate.config.targets import TargetConfig
from syndicate.engines import engines
from tests.files.deadline import within

POST = "---\ntitle: Tea\ndate: 2024-01-02\ncategory: green\n---\nGreen tea.\n"
IMPOSSIBLE = {
    "NUL": r'"a\u0000b"',
    "escape": r'"a\u001b[2Jb"',
    "9s": "9" * 5_000,
    "many digits": "9" * 300,
    "inf": "inf",
    "nan": "nan",
    "brackets": "[" * 3_000,
    "lists": "[" * 90 + "]" * 90,
    "tables": "{a={b={c={d={e={f={g={h={i=1}}}}}}}}}",
    "not closed": '"',
    "long": '"' + "x" * 20_000 + '"',
}
ODD = {
    "nobody's home": '"~nosuchuser/x"',
    "5000": '"' + "x" * 5_000 + '"',
    "half an address": '"https://[::1"',
    "port": '"https://tea.example:99999/"',
    "no number": '"https://tea.example:tea/"',
    "label": '"https://' + "a" * 300 + '.example/"',
    "dots": '"https://tea..example/"',
    "empty": '""',
    "spaces": '"  "',
    "right to left": r'"\u202e\U0001F600"',
    "device": '"/dev/null"',
    "below a device": '"/dev/zero/x"',
    "a file": '"post.md"',
    "below a file": '"post.md/x"',
    "up": '".."',
    "template": '"{slug}/{file}"',
    "zone": '"Europe/Atlantis"',
    "zone as a path": '"/etc/passwd"',
    "cron": '"99999999999 * * * *"',
    "length of time": '"999999999d"',
    "large": "999999999999",
    "negative": "-1",
    "zero": "0",
    "one": "1",
    "true": "true",
    "moment": "1979-05-27T07:32:00Z",
    "list": "[]",
    "list of nothing": '[""]',
    "table": "{}",
}


def _structs(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, tuple):
        for inner in get_args(annotation):
            yield from _structs(inner)


def _keys(struct: type[msgspec.Struct], before: str = "") -> Iterator[str]:
    for field in msgspec.structs.fields(struct):
        name = f"{before}{field.encode_name}"
        if name == "publish":
            continue
        yield name
        for inner in _structs(field.type):
            yield from _keys(inner, f"{name}.")


KEYS = tuple(dict.fromkeys(_keys(Tables)))
TARGET_KEYS = tuple(
    (kind.__struct_config__.tag, field.encode_name)
    for kind in get_args(TargetConfig)
    for field in msgspec.structs.fields(kind)
)
REQUIRED = {
    "folder": {"path": '"public"'},
    "s3": {"bucket": '"b"'},
    "gcs": {"bucket": '"b"'},
    "azure": {"container": '"c"', "account": '"a"'},
    "sftp": {"host": '"h"', "path": '"p"'},
    "git": {"remote": '"r"'},
    "command": {"command": '["true"]'},
    "webhook": {"url": '"https://hook.example/"', "secret_env": '"S"'},
}


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog/post.md").write_text(POST, encoding="utf-8")
    return tmp_path / "blog"


def run(*words: str | Path) -> Result:
    with within(20):
        result = CliRunner().invoke(main, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def assert_refused(blog: Path, result: Result, named: str) -> None:
    assert result.exit_code == 2, result.output
    lines = result.output.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].isprintable()
    assert "config.toml" in lines[0]
    assert named in lines[0] or "not TOML" in lines[0]
    assert not (blog / ".syndicate").exists()


def test_the_schema_is_all_here() -> None:
    """New keys are found by themselves; the names of engines agree with the engines."""
    assert {"site.url", "feeds.layout.all", "serve.port", "site.author.email"} <= set(KEYS)
    assert {kind for kind, _ in TARGET_KEYS} == set(REQUIRED)
    assert tuple(engine.name for engine in engines()) == ENGINE_NAMES


@pytest.mark.parametrize("key", KEYS)
def test_impossible_values_are_refused(blog: Path, key: str) -> None:
    """What nothing can take is refused before anything is made."""
    for value in IMPOSSIBLE.values():
        (blog / "config.toml").write_text(f"{key} = {value}\n", encoding="utf-8")
        assert_refused(blog, run("build", blog), key)


@pytest.mark.parametrize("value", [*IMPOSSIBLE.values(), '"post.md/x"', '"~nosuchuser/x"'])
@pytest.mark.parametrize("command", ["check", "feeds", "build"])
def test_every_command_refuses_them(blog: Path, command: str, value: str) -> None:
    """`check` finds what would stop a build."""
    (blog / "config.toml").write_text(f"output.path = {value}\n", encoding="utf-8")
    if command != "feeds" or "post.md" not in value:  # which need no output
        assert run(command, blog).exit_code == 2
        assert not (blog / ".syndicate").exists()


@pytest.mark.parametrize("key", KEYS)
def test_odd_values_are_refused_or_taken(blog: Path, key: str) -> None:
    """A value that some keys take is refused by the others in one line."""
    for value in ODD.values():
        (blog / "config.toml").write_text(f"{key} = {value}\n", encoding="utf-8")
        result = run("build", blog)
        assert result.exit_code in (0, 2), result.output
        if result.exit_code:
            assert len(result.output.strip().splitlines()) == 1, result.output


@pytest.mark.parametrize(("kind", "key"), TARGET_KEYS)
def test_targets_with_odd_values(blog: Path, kind: str, key: str) -> None:
    """The keys of targets are judged when the file is read, not when something is published."""
    for value in (*IMPOSSIBLE.values(), *ODD.values()):
        keys = {"name": '"t"', "kind": f'"{kind}"', **REQUIRED[kind], key: value}
        text = "".join(f"{name} = {given}\n" for name, given in keys.items())
        (blog / "config.toml").write_text(f"[[publish]]\n{text}", encoding="utf-8")
        result = run("feeds", blog)
        assert result.exit_code in (0, 2), result.output
        if value in IMPOSSIBLE.values():
            assert_refused(blog, result, key)


@pytest.mark.parametrize("value", [*IMPOSSIBLE.values(), *ODD.values(), "\udcff", "~\udcff"])
@pytest.mark.parametrize("key", ["site.title", "site.url", "output.path", "feeds.limit", "a.b", ""])
def test_the_command_line_is_held_to_the_same(blog: Path, key: str, value: str) -> None:
    """``--set`` is read as the file is."""
    result = run("build", blog, "--set", f"{key}={value}")
    assert result.exit_code in (0, 2), result.output


@pytest.mark.parametrize(
    "path", ["~nosuchuser", "x" * 5_000, "x/" * 2_500, "\udcff", "/dev/null/x", "/dev/null"]
)
@pytest.mark.parametrize("option", ["--config", "--output", "BLOG"])
def test_paths_that_no_file_can_have(
    blog: Path, option: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arguments that name impossible paths are refused; those that name odd ones are used."""
    monkeypatch.chdir(blog.parent)
    result = run("build", path) if option == "BLOG" else run("build", blog, option, path)
    if option == "--output" and path in ("~nosuchuser", "\udcff"):
        assert result.exit_code in (0, 2)  # a name that a folder may have
    else:
        assert result.exit_code == 2, result.output


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"title = '\xff'", "UTF-8"),
        (b"\xff\xfea\x00", "UTF-8"),
        (b"[" * 3_000, "TOML"),
        (b"[" + b".".join([b"a"] * 400) + b"]\nb = 1", "more than 40 parts"),
        (b"a." * 30_000 + b"b = 1", "more than 40 parts"),
        (b"#" * 2_000_000, "larger than 1 MB"),
        (b"a = " + b"9" * 5_000, "number"),
        (b"\x00", "TOML"),
    ],
)
def test_files_that_are_no_configuration(blog: Path, data: bytes, what: str) -> None:
    """A config.toml that cannot be read is named with what is wrong."""
    (blog / "config.toml").write_bytes(data)
    for command in ("check", "build"):
        result = run(command, blog)
        assert_refused(blog, result, "config.toml")
        assert what in result.output or "too deeply" in result.output
