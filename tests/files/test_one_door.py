"""Files are opened in one room: what is wrong with a file is then judged everywhere alike."""

import ast
from collections.abc import Iterator
from pathlib import Path

import syndicate

ROOT = Path(syndicate.__file__).parent
OPENING = frozenset((
    "open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "touch", "FileIO",
    "sqlite3.connect",
))  # fmt: skip
ALLOWED = {
    ("live_preview/pages.py", "read_bytes"): "a script of the program's own, through importlib",
    (
        "live_preview/builds.py",
        "sqlite3.connect",
    ): "SQLite opens a copy in a new folder",
    (
        "state/database.py",
        "sqlite3.connect",
    ): "SQLite opens its files itself; _check looks at them before",
    ("state/database.py", "touch"): "a new file of ours, removed just before",
    ("state/entry_file.py", "open"): "read and appended to by several processes; judged once open",
    ("state/lock.py", "open"): "opened without waiting, and held as long as the lock",
    ("state/lock.py", "write_text"): "the lock's own file, which is held and was looked at before",
    ("publish/remote.py", "open"): "files of another machine, through SFTP",
}
"""Calls outside of `files/`, each with the reason why it is none of its functions."""


def calls() -> Iterator[tuple[str, str, int]]:
    for file in sorted(ROOT.rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if name.startswith("files/"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                whole = ast.unparse(node.func)
                called = whole if whole in OPENING else whole.rpartition(".")[2]
                if called in OPENING:
                    yield name, called, node.lineno


def test_no_other_room_opens_files() -> None:
    """A new call is to go through `files.read` or `files.write`, or to be listed with a reason."""
    found = list(calls())
    assert [each for each in found if each[:2] not in ALLOWED] == []
    assert {each[:2] for each in found} == ALLOWED.keys()  # nothing is allowed in vain
