import os
import subprocess
import sys
from pathlib import Path

from tests.programs import lacking, need_program

MEMORY = Path("/dev/shm")
"""A file system on which syncing, which is only counted here, takes no time."""


def test_builds_whose_power_is_cut_lose_nothing(tmp_path: Path) -> None:
    """The next build is as one from nothing; benchmarks/power_cuts.py looks at every outcome."""
    need_program("strace")
    allowed = subprocess.run(["strace", "-o", tmp_path / "log", "true"], check=False)
    if allowed.returncode:
        lacking("strace may not trace here (let the container have ptrace)")
    command = [sys.executable, "-m", "benchmarks.power_cuts", "--states", "30"]
    folder = MEMORY if os.access(MEMORY, os.W_OK) else tmp_path
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
