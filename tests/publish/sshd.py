"""OpenSSH's server on a free port of this machine, with keys of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MISSING = "" if SSHD else "OpenSSH's sshd is not installed (apt install openssh-server)"


class Server:
    """Running server. `known_hosts` has its key, and `key_file` may log in."""

    def __init__(self, folder: Path, options: str = "") -> None:
        self.folder = folder
        self.port = _free_port()
        self.host_key = make_key(folder / "host")
        self.key_file = folder / "user"
        (folder / "authorized").write_text(make_key(self.key_file), encoding="utf-8")
        self.known_hosts = folder / "known_hosts"
        line = f"[127.0.0.1]:{self.port} {self.host_key}"
        self.known_hosts.write_text(line, encoding="utf-8")
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        config = self.folder / "config"
        config.write_text(
            f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {self.folder}/host
AuthorizedKeysFile {self.folder}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp {self._options}
""",
            encoding="utf-8",
        )
        with (self.folder / "log").open("ab") as log:
            command = (SSHD or "", "-D", "-e", "-f", str(config))
            self._process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not _answers(self.port):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.01)

    def stop(self) -> None:
        """Kill the server and all its sessions at once, as after a crash of its machine."""
        if self._process is not None:
            self.signal_sessions(signal.SIGKILL)
            self._process.kill()
            self._process.wait()
            self._process = None

    def signal_sessions(self, number: signal.Signals) -> None:
        """Send a signal to the processes of all sessions."""
        assert self._process
        for pid in _below(self._process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@contextmanager
def running(options: str = "") -> Iterator[Server]:
    """Run a server whose sftp program has `options`."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), options)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def make_key(path: Path, *, words: str = "") -> str:
    """Make a pair of keys, and return the public one as in authorized_keys."""
    command = ("ssh-keygen", "-q", "-t", "ed25519", "-C", "", "-N", words, "-f", str(path))
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path.with_name(f"{path.name}.pub").read_text(encoding="utf-8").strip()


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [found for child in children for found in (*_below(int(child)), int(child))]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as client:
        return client.recv(4) == b"SSH-"
    return False
