import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.daemon.systemd import Notifier
from tests.daemon.running import Blog, daemon, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no systemd")


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """Open a datagram socket as systemd does, and return it with its address."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(20)
        yield str(tmp_path / "notify"), listener


def test_words_are_systemd_s(manager: tuple[str, socket.socket]) -> None:
    """READY has a status of one line, RELOADING the monotonic time; STOPPING comes last."""
    address, listener = manager
    notifier = Notifier({"NOTIFY_SOCKET": address})
    notifier.ready("built\nwell")
    assert listener.recv(1_000) == b"READY=1\nSTATUS=built well"
    notifier.reloading()
    first, second = listener.recv(1_000).decode().splitlines()
    assert (first, second.partition("=")[0]) == ("RELOADING=1", "MONOTONIC_USEC")
    assert int(second.partition("=")[2]) > 0
    notifier.stopping()
    assert listener.recv(1_000) == b"STOPPING=1"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has abstract sockets")
def test_abstract_socket() -> None:
    """An address that begins with @ is an abstract socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0syndicate-test-{os.getpid()}")
        Notifier({"NOTIFY_SOCKET": f"@syndicate-test-{os.getpid()}"}).stopping()
        assert listener.recv(1_000) == b"STOPPING=1"


def test_watchdog_messages_come_twice_per_timeout(manager: tuple[str, socket.socket]) -> None:
    """Watchdog messages come at their interval, and only if meant for this process."""
    address, listener = manager
    environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "4000000"}
    notifier = Notifier(environ | {"WATCHDOG_PID": str(os.getpid())})
    for steady in (10.0, 10.5, 11.9, 12.0):
        notifier.alive(steady)
    Notifier(environ | {"WATCHDOG_PID": "1"}).alive(20.0)
    assert [listener.recv(1_000) for _ in range(2)] == [b"WATCHDOG=1"] * 2
    listener.settimeout(0)
    with pytest.raises(BlockingIOError):
        listener.recv(1_000)


def test_without_systemd_nothing_is_sent() -> None:
    """Without systemd, or when it is gone, nothing happens."""
    Notifier({}).ready("fine")
    Notifier({"NOTIFY_SOCKET": "/nowhere/notify"}).ready("fine")


def test_daemon_tells_systemd(tmp_path: Path, manager: tuple[str, socket.socket]) -> None:
    """A daemon sends READY, RELOADING and STOPPING, with watchdog and status between."""
    import signal

    address, listener = manager
    told: list[str] = []

    def hears(words: str) -> None:
        while not any(words in each for each in told):
            told.append(listener.recv(4_000).decode())

    blog = Blog(tmp_path)
    with daemon(blog, NOTIFY_SOCKET=address, WATCHDOG_USEC="400000") as running:
        hears("READY=1")
        hears("STATUS=idle; last build")
        until(lambda: blog.shows("Green"), running)
        running.signal(signal.SIGHUP)
        hears("RELOADING=1\nMONOTONIC_USEC=")
        told.clear()
        hears("READY=1")
        hears("WATCHDOG=1")
        running.stop()
        hears("STOPPING=1")


def test_unit_file_is_sound(tmp_path: Path) -> None:
    """systemd-analyze finds no fault in the unit that we ship."""
    program = shutil.which("systemd-analyze")
    if not program:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing: apt-get install systemd")
        pytest.skip("systemd-analyze is not installed")
    shipped = Path(__file__).parents[2] / "examples/systemd/syndicate@.service"
    unit = tmp_path / "syndicate@blog.service"
    text = shipped.read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/syndicate/bin/syndicate", sys.executable), encoding="utf-8")
    done = subprocess.run(
        [program, "verify", "--man=no", str(unit)], check=False, capture_output=True, text=True
    )
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
