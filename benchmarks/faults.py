"""``python -m benchmarks.faults``: what targets and killed programs do to what readers see.

Each fault is tried many times on real servers (OpenSSH's sshd, moto's S3, git) and disks. After
each try every file at the target must be whole, as it was before or as it should be, and one more
run, undisturbed, must leave everything as it should be. Prints a table; exits with 1 where that
did not hold.
"""

import argparse
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import msgspec

from benchmarks import blogs
from benchmarks.proxy import Fault, Proxy, proxy
from tests.loopback import Handler, serving
from tests.publish import sshd
from tests.publish.faulty import between, free_port
from tests.publish.shared import Blog
from tests.publish.test_objects import S3, SECRET, _await

ROOT = Path(__file__).parents[1]
FILES = 6
Tree = Mapping[str, bytes]


@dataclass
class Tally:
    """Counts of the tries of one fault: how many failed, did harm, and were repaired."""

    fault: str
    target: str
    tries: int = 0
    failed: int = 0
    harmed: int = 0
    unrepaired: int = 0
    worst: float = 0.0
    notes: list[str] = field(default_factory=list)

    def add(self, *, failed: bool, harmed: bool, repaired: bool, seconds: float) -> None:
        self.tries += 1
        self.failed += failed
        self.harmed += harmed
        self.unrepaired += not repaired
        self.worst = max(self.worst, seconds)


class Lab:
    """A blog whose files change each round, and a target that `read` shows."""

    def __init__(
        self,
        folder: Path,
        target: dict[str, object],
        read: Callable[[], Tree],
        patience: float = 0.0,
    ) -> None:
        self.patience = patience
        self.blog = Blog(folder, {"name": "t", **target})
        self.read = read
        self._round = 0
        self._draw = random.Random(1)

    def files(self) -> Tree:
        return {path: (self.blog.output / path).read_bytes() for path in self.blog.files}

    def change(self, size: int = 20_000) -> None:
        """Change most files, take one away, add one: as a build does after a post."""
        self._round += 1
        for number in range(FILES):
            if number != self._round % FILES:
                words = f"<feed>{self._round} {number} " + self._draw.randbytes(size).hex()
                self.blog.write(f"tag/{number}/atom.xml", words + "</feed>")
        self.blog.write(f"tag/new-{self._round}/atom.xml", f"<feed>{self._round}</feed>")
        if self._round > 1:
            self.blog.remove(f"tag/new-{self._round - 1}/atom.xml")

    def prepare(self) -> None:
        self.change()
        delivery = self.blog.publish()
        assert not delivery.error, delivery.error

    def round(self, tally: Tally, disturb: Callable[[], None], relieve: Callable[[], None]) -> None:
        """Change, publish while disturbed, look; publish undisturbed, look."""
        before = self.files()
        self.change()
        after = self.files()
        disturb()
        self._wait_at_most(self.patience)
        began = time.perf_counter()
        hurt = self.blog.publish()
        seconds = time.perf_counter() - began
        self._wait_at_most(60.0)  # a busy machine is no fault
        relieve()
        self.judge(tally, before, after, failed=bool(hurt.error), seconds=seconds)

    def _wait_at_most(self, seconds: float) -> None:
        if self.patience:
            self.retarget(timeout=seconds)

    def retarget(self, **changed: object) -> None:
        """Change keys of the target that do not make it another one for us."""
        (target,) = self.blog.config.publish
        new = msgspec.structs.replace(target, **changed)
        self.blog.config = msgspec.structs.replace(self.blog.config, publish=(new,))

    def judge(
        self, tally: Tally, before: Tree, after: Tree, *, failed: bool, seconds: float
    ) -> None:
        seen = self.read()
        harmed = [path for path in {*before, *after} if not _is_fair(path, seen, before, after)]
        again = self.blog.publish()
        left = _shown(self.read())
        repaired = not again.error and left == dict(after)
        if harmed or not repaired:
            tally.notes.append(f"{harmed} {again.error} {sorted(set(left) ^ set(after))}")
        tally.add(failed=failed, harmed=bool(harmed), repaired=repaired, seconds=seconds)


def _is_fair(path: str, seen: Tree, before: Tree, after: Tree) -> bool:
    """Return True if the file that readers see is the whole old file or the whole new one."""
    return seen.get(path) in (before.get(path), after.get(path))


def _shown(tree: Tree) -> dict[str, bytes]:
    """Without what readers do not ask for."""
    return {path: data for path, data in tree.items() if not Path(path).name.startswith(".")}


def _tree(folder: Path) -> Tree:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@contextmanager
def s3_lab() -> Iterator[tuple[Lab, int]]:
    """A bucket; the port is that of the store itself."""
    with TemporaryDirectory() as name:
        server = S3(free_port())
        command = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(server.port))
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
            try:
                _await(server, process)
                bucket = server.bucket()
                target = {
                    "kind": "s3", "bucket": bucket, "endpoint": server.address,
                    "region": "us-east-1", "allow_http": True,
                }  # fmt: skip

                def read() -> Tree:
                    paths = [*lab.known]
                    found = {path: server.read(f"{bucket}/{path}") for path in paths}
                    return {path: data for path, data in found.items() if data is not None}

                lab = KnowingLab(Path(name), target, read, patience=0.5)
                lab.blog.environ.update(AWS_ACCESS_KEY_ID="A", AWS_SECRET_ACCESS_KEY=SECRET)
                yield lab, server.port
            finally:
                process.terminate()


class KnowingLab(Lab):
    """For a target that is asked for each path that was ever sent."""

    @property
    def known(self) -> set[str]:
        self._known = getattr(self, "_known", set()) | self.blog.files
        return self._known


@contextmanager
def sftp_lab() -> Iterator[tuple[Lab, int]]:
    with TemporaryDirectory() as name, sshd.running() as server:
        folder = Path(name)
        (folder / "remote").mkdir()
        target = {
            "kind": "sftp", "host": "127.0.0.1", "port": server.port,
            "path": str(folder / "remote"), "user": "root",
            "key_file": str(server.key_file), "host_key": server.host_key,
        }  # fmt: skip
        yield Lab(folder / "lab", target, lambda: _tree(folder / "remote"), 1.5), server.port


def through(lab: Lab, port: int) -> None:
    """Let the target be reached at `port`, without its becoming another target for us."""
    (target,) = lab.blog.config.publish
    if target.__struct_config__.tag == "s3":
        lab.retarget(endpoint=f"http://127.0.0.1:{port}")
    else:
        lab.retarget(port=port)


def network(fault: Fault, name: str, make: Callable[[], object], rounds: int) -> Tally:
    """Connections that are refused, stall, or are closed after some of the bytes."""
    tally, draw = Tally(_NETWORK[fault], name), random.Random(2)
    with make() as (lab, port), proxy(port) as between_us:  # type: ignore[attr-defined]
        through(lab, between_us.port)
        lab.prepare()

        def disturb() -> None:
            between_us.allowed = draw.randrange(200, 30_000)
            between_us.fault = fault

        for _ in range(rounds):
            lab.round(tally, disturb, lambda: _clear(between_us))
    return tally


_NETWORK: Mapping[Fault, str] = {
    "refuses": "connections are refused",
    "stalls": "stalls half-way",
    "closes": "closes half-way",
}


def _clear(between_us: Proxy) -> None:
    between_us.fault = ""


def s3_status(code: str, rounds: int) -> Tally:
    """Every request, or every third, is answered with a status (and Retry-After)."""
    tally = Tally(f"answers {code} with Retry-After", "s3")
    on = False
    with s3_lab() as (lab, port), between(port, lambda n: code if on and n % 3 else "") as bad:
        through(lab, bad.server_port)
        lab.prepare()
        for _ in range(rounds):

            def disturb() -> None:
                nonlocal on
                on = True

            def relieve() -> None:
                nonlocal on
                on = False

            lab.round(tally, disturb, relieve)
    return tally


def webhook_status(code: int, rounds: int) -> Tally:
    """The receiver has to have heard of everything in the end."""
    tally = Tally(f"answers {code} with Retry-After", "webhook")
    heard: dict[str, str] = {}
    bad = False

    def receive(request: Handler) -> None:
        if bad:
            request.reply(code, Retry_After="1")
            return
        notice = json.loads(request.body)
        heard.update({each["path"]: each["digest"] for each in notice["changed"]})
        for each in notice["removed"]:
            heard.pop(each["path"], None)
        request.reply(204)

    with TemporaryDirectory() as name, serving(receive) as server:
        target = {"kind": "webhook", "url": server.url, "secret_env": "S"}
        lab = Lab(Path(name), target, dict)
        lab.blog.environ["S"] = "secret"
        for _ in range(rounds):
            lab.change()
            bad = True
            began = time.perf_counter()
            hurt = lab.blog.publish()
            seconds = time.perf_counter() - began
            bad = False
            again = lab.blog.publish()
            repaired = not again.error and set(heard) == lab.blog.files
            tally.add(failed=bool(hurt.error), harmed=False, repaired=repaired, seconds=seconds)
    return tally


def disk_full(rounds: int) -> Tally:
    """In a mount namespace of its own: a disk of 300 kB, which is made larger for the repair."""
    with TemporaryDirectory() as name:
        script = 'mount -t tmpfs -o size=300k tmpfs "$0/web" && exec "$@"'
        (Path(name) / "web").mkdir()
        return child("disk", rounds, name, before=("unshare", "-rm", "sh", "-c", script, name))


def permission_denied(rounds: int) -> Tally:
    """Without root's right to write everywhere."""
    plain = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    with TemporaryDirectory() as name:
        return child("denied", rounds, name, before=plain)


def child(kind: str, rounds: int, folder: str, before: tuple[str, ...]) -> Tally:
    command = (*before, sys.executable, "-m", "benchmarks.faults", "--child", kind)
    options = ("--rounds", str(rounds), "--folder", folder)
    done = subprocess.run((*command, *options), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return Tally(**json.loads(done.stdout))


def in_child(kind: str, rounds: int, folder: Path) -> Tally:
    web = folder / "web"
    web.mkdir(exist_ok=True)
    lab = Lab(folder / "lab", {"kind": "folder", "path": str(web)}, lambda: _tree(web))
    if kind == "disk":
        tally = Tally("disk full", "folder")
        full, free = partial_mount(web, "300k"), partial_mount(web, "8m")
    else:
        tally = Tally("permission denied", "folder")
        full, free = lambda: _allow(web, 0o555), lambda: _allow(web, 0o755)
    lab.prepare()
    for _ in range(rounds):
        lab.round(tally, full, free)
        free()
    return tally


def partial_mount(web: Path, size: str) -> Callable[[], None]:
    def remount() -> None:
        used = sum(len(data) for data in _tree(web).values())
        wanted = size if size != "300k" else str(used + 60_000)
        subprocess.run(("mount", "-o", f"remount,size={wanted}", str(web)), check=True)

    return remount


def _allow(folder: Path, mode: int) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(mode)


KILLED = """
import os, signal, sys
from pathlib import Path
left = int(sys.argv[1])
replace = os.replace
def dying(*arguments):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return replace(*arguments)
os.replace = dying
from syndicate.cli.main import main
main(sys.argv[2:], standalone_mode=False)
"""
"""A program that is killed at its n-th rename."""


class Program:
    """A blog of posts on disk with a folder and a git target, and the program run on it."""

    def __init__(self, folder: Path, posts: int) -> None:
        self.blog, self.web, self.remote = folder / "blog", folder / "web", folder / "remote.git"
        blogs.write(self.blog, posts)
        subprocess.run(("git", "init", "--quiet", "--bare", str(self.remote)), check=True)
        (self.blog / "config.toml").write_text(
            '[feeds]\nby = ["category"]\n'
            f'[[publish]]\nname = "web"\nkind = "folder"\npath = "{self.web}"\n'
            f'[[publish]]\nname = "git"\nkind = "git"\nremote = "{self.remote}"\n',
            encoding="utf-8",
        )
        self._post = sorted((self.blog / "_posts").iterdir())[-1]
        self._text = self._post.read_text(encoding="utf-8")
        self.edits = 0

    def edit(self) -> None:
        """Change the newest post, and move it to another category."""
        self.edits += 1
        category = f"categories: [c{self.edits}]"
        lines = [category if li.startswith("categories:") else li for li in self._text.split("\n")]
        self._post.write_text("\n".join(lines) + f"\nEdit {self.edits}.\n", encoding="utf-8")

    def run(self, *arguments: str) -> float:
        began = time.perf_counter()
        command = (sys.executable, "-m", "syndicate", *arguments)
        subprocess.run(command, cwd=self.blog, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    def killed_after(self, seconds: float, *arguments: str) -> bool:
        """Kill the command after `seconds`. Return True if it was still running."""
        command = (sys.executable, "-m", "syndicate", *arguments)
        with subprocess.Popen(
            command, cwd=self.blog, stdout=subprocess.DEVNULL, start_new_session=True
        ) as process:
            time.sleep(seconds)
            running = process.poll() is None
            if running:
                os.killpg(process.pid, signal.SIGKILL)
        return running

    def killed_at(self, rename: int, *arguments: str) -> bool:
        """Kill the command at its rename number `rename`. Return True if it came so far."""
        command = (sys.executable, "-c", KILLED, str(rename), *arguments)
        done = subprocess.run(
            command,
            cwd=self.blog,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return done.returncode == -signal.SIGKILL

    def pushed(self) -> Tree:
        command = ("git", "-C", str(self.remote), "archive", "--format=tar", "gh-pages")
        packed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            files = ((each.name, archive.extractfile(each)) for each in archive)
            return {name: stream.read() for name, stream in files if stream}


def killed(where: str, rounds: int, posts: int) -> Tally:
    """SIGKILL at a random moment of a build or a publish, or at a random rename."""
    draw = random.Random(3)
    fault, arguments, target = _KILLS[where]
    tally = Tally(fault, target)
    with TemporaryDirectory() as name:
        program = Program(Path(name), posts)
        program.run("build", "--quiet")
        program.run("publish", "--quiet")
        program.edit()
        takes = program.run("build", "--quiet")
        if arguments[0] == "publish":
            takes = program.run("publish", "--quiet")
        for _ in range(rounds):
            program.edit()
            if arguments[0] == "publish":
                program.run("build", "--quiet")
            before = _whole(program)
            began = time.perf_counter()
            if where.endswith("write"):
                failed = program.killed_at(draw.randrange(14), *arguments)
            else:
                failed = program.killed_after(draw.uniform(0.05, takes), *arguments)
            seconds = time.perf_counter() - began
            half = not before or not _whole(program)
            program.run("build", "--quiet")
            program.run("publish", "--quiet")
            repaired = _is_repaired(program)
            tally.add(failed=failed, harmed=half, repaired=repaired, seconds=seconds)
    return tally


_KILLS = {
    "build": ("SIGKILL during a build, at any moment", ("build", "--quiet"), "output folder"),
    "write": ("SIGKILL between two renames of a build", ("build", "--quiet"), "output folder"),
    "publish": ("SIGKILL during a publish, at any moment", ("publish", "--quiet"), "folder, git"),
    "publish-write": ("SIGKILL between two renames of a publish",
                      ("publish", "web", "--quiet"), "folder"),
}  # fmt: skip


def _whole(program: Program) -> bool:
    """Return True if readers can read every file that they may fetch."""
    trees = (_tree(program.blog / "output"), _tree(program.web), program.pushed())
    return all(_is_well(path, data) for tree in trees for path, data in _shown(tree).items())


def _is_well(path: str, data: bytes) -> bool:
    try:
        if path.endswith(".json"):
            json.loads(data)
        elif path.endswith((".xml", ".opml", ".xsl")):
            ET.fromstring(data)
    except (ValueError, ET.ParseError):
        return False
    return True


def _is_repaired(program: Program) -> bool:
    """All targets hold what was built, which holds the last edit; nothing is left lying about."""
    output, web = _tree(program.blog / "output"), _tree(program.web)
    left = [path for path in (*output, *web) if ".part" in path]
    newest = f"Edit {program.edits}.".encode()
    is_new = any(newest in data for path, data in output.items() if path.endswith("atom.xml"))
    return is_new and not left and output == web == program.pushed()


def faults(posts: int) -> Mapping[str, Callable[[int], Tally]]:
    """All of them by name."""
    found: dict[str, Callable[[int], Tally]] = {}
    for fault in _NETWORK:
        for name, make in (("s3", s3_lab), ("sftp", sftp_lab)):
            found[f"{name}-{fault}"] = lambda n, f=fault, t=name, m=make: network(f, t, m, n)
    for code in ("500", "503"):
        found[f"s3-{code}"] = lambda n, c=code: s3_status(c, n)
        found[f"webhook-{code}"] = lambda n, c=code: webhook_status(int(c), n)
    found["disk-full"] = disk_full
    found["permission"] = permission_denied
    for where in _KILLS:
        found[f"kill-{where}"] = lambda n, w=where: killed(w, n, posts)
    return found


def table(tallies: list[Tally]) -> str:
    head = ("| fault | target | tries | runs that failed or were killed | half files seen "
            "| not repaired by the next run | longest run |")  # fmt: skip
    return "\n".join((head, "|---|---|---:|---:|---:|---:|---:|", *map(row, tallies)))


def row(tally: Tally) -> str:
    return (
        f"| {tally.fault} | {tally.target} | {tally.tries} | {tally.failed} | {tally.harmed} "
        f"| {tally.unrepaired} | {tally.worst:.1f} s |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.faults")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--posts", type=int, default=200, help="of the blog that is killed")
    parser.add_argument("--only", action="append", help="the name of a fault, or how it begins")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(asdict(in_child(arguments.child, arguments.rounds, arguments.folder))))
        return
    tallies = []
    for name, attempt in faults(arguments.posts).items():
        if arguments.only and not name.startswith(tuple(arguments.only)):
            continue
        began = time.perf_counter()
        tallies.append(tally := attempt(arguments.rounds))
        took = time.perf_counter() - began
        print(f"{name}: {took:.0f} s\n{row(tally)}\n{tally.notes[:2] or ''}", file=sys.stderr)
    print(table(tallies))
    if any(tally.harmed or tally.unrepaired for tally in tallies):
        sys.exit(1)


if __name__ == "__main__":
    main()
