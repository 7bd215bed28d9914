import os
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.errors import StateError
from syndicate.state.lock import BUILD, holder_of, locked

HOLDER = """
import sys
from pathlib import Path
from syndicate.state.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_holder_is_named(tmp_path: Path) -> None:
    """The error has the process id, until the process ends, even by SIGKILL."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        other.stdout.readline()
        with (
            pytest.raises(StateError, match=rf"another build \(process {other.pid}\)"),
            locked(tmp_path),
        ):
            pass
        assert holder_of(tmp_path, BUILD) == other.pid
        other.kill()
    assert holder_of(tmp_path, BUILD) is None
    with locked(tmp_path):
        assert holder_of(tmp_path, BUILD) == os.getpid()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps others from a locked file")
def test_number_that_is_left_means_nothing(tmp_path: Path) -> None:
    """A lock file of an ended process, or with other content, does not block."""
    for text in ("1", "rubbish", ""):
        (tmp_path / BUILD).write_text(text, encoding="ascii")
        with locked(tmp_path):
            assert (tmp_path / BUILD).read_text(encoding="ascii") == f"{os.getpid()}\n"


def test_locks_of_other_names_do_not_meet(tmp_path: Path) -> None:
    """An idle daemon does not block a build."""
    with locked(tmp_path, "daemon.lock"), locked(tmp_path):
        pass


def test_folder_that_is_not_there_is_held_by_nobody(tmp_path: Path) -> None:
    """Asking for the holder of a lock creates no file."""
    assert holder_of(tmp_path / "none", BUILD) is None
    assert not (tmp_path / "none").exists()
