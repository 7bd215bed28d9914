"""Ctrl-C, as a person types it into a terminal."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import blogs
from benchmarks.kills import contents

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

COMMAND = [sys.executable, "-m", "syndicate"]
CTRL_C = b"\x03"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blog that takes a second to build."""
    folder = tmp_path_factory.mktemp("interrupt") / "blog"
    blogs.write(folder, 1_200)
    return folder


def interrupted(*arguments: str) -> tuple[int, str]:
    """Type Ctrl-C once the command shows its progress; return the exit code and the screen."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [*COMMAND, *arguments])
    shown, typed, deadline = b"", False, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            data = os.read(terminal, 4096)
        except OSError:  # the terminal is closed
            break
        if not data:
            break
        shown += data
        if not typed and b"posts" in shown:
            os.write(terminal, CTRL_C)
            typed = True
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()


@pytest.mark.parametrize("command", ["build", "check"])
def test_ctrl_c_is_one_line(blog: Path, command: str) -> None:
    """The line says that nothing was changed, which is true; the exit code is 130."""
    code, shown = interrupted(command, str(blog))
    assert code == 130
    lines = [line for line in shown.splitlines() if "Stopped" in line]
    assert [line.rpartition("Stopped.")[2] for line in lines] == [" Nothing was changed."]
    assert "Traceback" not in shown
    assert not contents(blog / "output")


def test_ctrl_c_before_the_command_line_is_there() -> None:
    """A signal during the imports is the same line."""
    code = (
        "import sys, syndicate.__main__ as program\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'syndicate.cli.main': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
        "program.run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "Stopped. Nothing was changed.\n")
