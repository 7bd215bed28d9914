import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="helper processes are found in Linux's /proc")
def test_builds_that_are_killed_leave_no_trace() -> None:
    """The next build is as one from nothing; benchmarks/kills.py does it 200 times."""
    command = [sys.executable, "-m", "benchmarks.kills", "--posts", "20", "--kills", "4"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
