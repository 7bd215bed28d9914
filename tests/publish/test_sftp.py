import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.config.targets import SftpTarget
from syndicate.errors import ConfigError, DeliveryError
from syndicate.publish.sftp import open_target
from tests.publish import sshd
from tests.publish.sending import Publisher, files, surroundings
from tests.publish.shared import tree

pytestmark = pytest.mark.skipif(bool(sshd.MISSING), reason=sshd.MISSING)


@pytest.fixture(scope="module")
def server() -> Iterator[sshd.Server]:
    """Run a server for the tests that do not change it."""
    with sshd.running() as running:
        yield running


def publisher(
    here: Path, server: sshd.Server, environ: dict[str, str] | None = None, **config: object
) -> Publisher:
    """Return a Publisher to the existing folder `www`."""
    (here / "www").mkdir(exist_ok=True)
    (here / "output").mkdir(exist_ok=True)
    settings = {
        "name": "web",
        "host": "127.0.0.1",
        "port": server.port,
        "path": str(here / "www"),
        "key_file": str(server.key_file),
        "known_hosts": str(server.known_hosts),
        "timeout": 20.0,
        **config,
    }
    target = open_target(
        SftpTarget(**settings),  # type: ignore[arg-type]
        surroundings(here, environ or {}),
    )
    return Publisher(target, here / "output")


def test_files_arrive_with_their_folders(tmp_path: Path, server: sshd.Server) -> None:
    """Files arrive with their folders, and no temporary file is left."""
    publish = publisher(tmp_path, server)
    contents = {"atom.xml": b"<feed/>", "category/茶 a/rss.xml": b"<rss/>", "empty": b""}
    done = publish(contents)
    assert sorted(done) == sorted(contents)
    assert tree(tmp_path / "www") == {path: data.decode() for path, data in contents.items()}


def test_many_and_large_files(tmp_path: Path, server: sshd.Server) -> None:
    """Hundreds of files and a large one arrive in one run."""
    contents = {f"tag/{number}/a.xml": b"%d" % number for number in range(200)}
    contents["large.bin"] = os.urandom(3_000_000)
    publisher(tmp_path, server)(contents)
    www = tmp_path / "www"
    assert (www / "large.bin").read_bytes() == contents["large.bin"]
    assert sum(path.is_file() for path in www.rglob("*")) == 201


def test_file_is_replaced_not_rewritten(tmp_path: Path, server: sshd.Server) -> None:
    """A reader with the old file open still reads the old bytes."""
    publish = publisher(tmp_path, server)
    publish({"atom.xml": b"old"})
    with (tmp_path / "www" / "atom.xml").open(encoding="utf-8") as reader:
        publish({"atom.xml": b"new"})
        assert reader.read() == "old"
    assert tree(tmp_path / "www") == {"atom.xml": "new"}


def test_server_that_cannot_rename_over(tmp_path: Path) -> None:
    """Without posix-rename the old file is removed first."""
    with sshd.running("-P posix-rename") as server:
        publish = publisher(tmp_path, server)
        publish({"atom.xml": b"old"})
        publish({"atom.xml": b"new"})
    assert tree(tmp_path / "www") == {"atom.xml": "new"}


def test_only_our_files_are_removed(tmp_path: Path, server: sshd.Server) -> None:
    """Unwanted files are removed with their empty folders; all others stay."""
    publish = publisher(tmp_path, server)
    publish({"a/b/a.xml": b"a", "a/c.xml": b"c", "d/d.xml": b"d"})
    (tmp_path / "www" / "d" / "theirs").write_text("theirs", encoding="utf-8")
    done = publish({}, remove=["a/b/a.xml", "d/d.xml", "never/was.xml"])
    assert done == {"a/b/a.xml": None, "d/d.xml": None, "never/was.xml": None}
    assert tree(tmp_path / "www") == {"a/c.xml": "c", "d/theirs": "theirs"}
    assert not (tmp_path / "www" / "a" / "b").exists()


def test_foreign_file_is_not_removed(tmp_path: Path, server: sshd.Server) -> None:
    """After an interrupted run, only files with our bytes are removed."""
    publish = publisher(tmp_path, server)
    (tmp_path / "www" / "a.xml").write_text("theirs", encoding="utf-8")
    publish.held = {"a.xml": ("", "0" * 64)}
    publish({}, remove=["a.xml"])
    assert tree(tmp_path / "www") == {"a.xml": "theirs"}


def test_leftovers_of_a_killed_run_are_no_hindrance(tmp_path: Path, server: sshd.Server) -> None:
    """A temporary file of a killed run is replaced, even if it is a link."""
    publish = publisher(tmp_path, server)
    outside = tmp_path / "outside"
    outside.write_text("theirs", encoding="utf-8")
    (tmp_path / "www" / ".a.xml.part").symlink_to(outside)
    (tmp_path / "www" / ".b.xml.part").write_text("half", encoding="utf-8")
    publish({"a.xml": b"a", "b.xml": b"b"})
    assert outside.read_text(encoding="utf-8") == "theirs"
    assert tree(tmp_path / "www") == {"a.xml": "a", "b.xml": "b"}


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path, server: sshd.Server) -> None:
    """Links out of the folder are not followed; links inside it are."""
    publish = publisher(tmp_path, server)
    outside, www = tmp_path / "outside", tmp_path / "www"
    outside.mkdir()
    (outside / "b.xml").write_text("theirs", encoding="utf-8")
    (www / "real").mkdir()
    (www / "category").symlink_to(outside)
    (www / "inside").symlink_to(www / "real")
    with pytest.raises(DeliveryError, match="leads out of the folder"):
        publish({"category/sub/a.xml": b"a", "inside/a.xml": b"a"})
    publish.held["category/b.xml"] = ("0" * 64,)
    publish({}, remove=["category/b.xml"])
    assert tree(outside) == {"b.xml": "theirs"}
    assert (www / "real" / "a.xml").read_bytes() == b"a"


def test_link_in_a_files_place_is_replaced(tmp_path: Path, server: sshd.Server) -> None:
    """A link at a file's path is replaced, not followed."""
    publish = publisher(tmp_path, server)
    (tmp_path / "outside").write_text("theirs", encoding="utf-8")
    (tmp_path / "www" / "a.xml").symlink_to(tmp_path / "outside")
    publish({"a.xml": b"a"})
    assert (tmp_path / "outside").read_text(encoding="utf-8") == "theirs"
    assert not (tmp_path / "www" / "a.xml").is_symlink()


def test_folder_is_made_but_not_those_above(tmp_path: Path, server: sshd.Server) -> None:
    """The folder is created if it is missing, but its parents are not."""
    publisher(tmp_path, server, path=f"{tmp_path}/www/feeds")({"a.xml": b"a"})
    assert tree(tmp_path / "www") == {"feeds/a.xml": "a"}
    with pytest.raises(DeliveryError, match="no such folder"):
        publisher(tmp_path, server, path=f"{tmp_path}/nowhere/feeds")({"a.xml": b"a"})
    with pytest.raises(DeliveryError, match="is not a folder"):
        publisher(tmp_path, server, path=f"{tmp_path}/www/feeds/a.xml")({"a.xml": b"a"})


def test_unknown_host_is_refused(tmp_path: Path, server: sshd.Server) -> None:
    """An unknown host key is an error with its fingerprint and the way to pin it."""
    (tmp_path / "none").touch()
    with pytest.raises(DeliveryError) as caught:
        publisher(tmp_path, server, known_hosts="none")({"a.xml": b"a"})
    shown = subprocess.run(
        ("ssh-keygen", "-lf", str(server.folder / "host.pub")), capture_output=True, check=True
    ).stdout.decode()
    assert shown.split()[1] in caught.value.what
    assert f'host_key = "{server.host_key}"' in caught.value.cure
    assert not caught.value.transient
    assert tree(tmp_path / "www") == {}


def test_changed_host_key_is_refused(tmp_path: Path, server: sshd.Server) -> None:
    """A changed host key is an error."""
    other = sshd.make_key(tmp_path / "other")
    known = tmp_path / "known"
    known.write_text(f"[127.0.0.1]:{server.port} {other}\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"SHA256:.* is not in"):
        publisher(tmp_path, server, known_hosts="known")({"a.xml": b"a"})
    with pytest.raises(DeliveryError, match=r"SHA256:.* is not in host_key"):
        publisher(tmp_path, server, host_key=other)({"a.xml": b"a"})
    assert tree(tmp_path / "www") == {}


def test_pinned_host_key_is_enough(tmp_path: Path, server: sshd.Server) -> None:
    """With `host_key` no known_hosts is needed."""
    publisher(tmp_path, server, known_hosts="", host_key=server.host_key)({"a.xml": b"a"})
    assert tree(tmp_path / "www") == {"a.xml": "a"}


def test_rejected_key_is_an_error(tmp_path: Path, server: sshd.Server) -> None:
    """A rejected key is an error without any part of the key."""
    sshd.make_key(tmp_path / "mine")
    with pytest.raises(DeliveryError, match=r"rejects the key.*authorized_keys") as caught:
        publisher(tmp_path, server, key_file="mine")({"a.xml": b"a"})
    secret = (tmp_path / "mine").read_text(encoding="utf-8").splitlines()[1:-1]
    assert not any(line in str(caught.value) for line in secret)


def test_encrypted_key_needs_an_agent(tmp_path: Path, server: sshd.Server) -> None:
    """An encrypted key file is an error; no passphrase is requested."""
    sshd.make_key(tmp_path / "mine", words="correct horse")
    with pytest.raises(DeliveryError, match=r"cannot log in.*agent"):
        publisher(tmp_path, server, key_file="mine")({"a.xml": b"a"})


def test_agent_logs_in(tmp_path: Path, server: sshd.Server) -> None:
    """Without a key file the agent's keys are used; an empty agent is an error."""
    socket = server.folder / "agent"
    with subprocess.Popen(("ssh-agent", "-D", "-a", str(socket)), stdout=subprocess.PIPE) as agent:
        assert agent.stdout
        agent.stdout.readline()
        environ = {"SSH_AUTH_SOCK": str(socket)}
        publish = publisher(tmp_path, server, environ, key_file="")
        with pytest.raises(DeliveryError, match="agent holds no key"):
            publish({"a.xml": b"a"})
        command = ("ssh-add", "-q", str(server.key_file))
        subprocess.run(command, env={**os.environ, **environ}, check=True)
        publish({"a.xml": b"a"})
        agent.kill()
    assert tree(tmp_path / "www") == {"a.xml": "a"}


@pytest.mark.parametrize("config", [{"key_file": ""}, {"key_file": "no"}, {"known_hosts": "no"}])
def test_missing_credentials_are_mistakes(
    config: dict[str, str], tmp_path: Path, server: sshd.Server
) -> None:
    """Missing keys, agents and files are errors before anything is sent."""
    with pytest.raises(ConfigError):
        publisher(tmp_path, server, **config)


def test_write_permission_is_missing(tmp_path: Path) -> None:
    """Without permission to write, the error names the file and the cure."""
    with sshd.running("-R") as server:
        publish = publisher(tmp_path, server)
        with pytest.raises(
            DeliveryError, match=r"a\.xml: permission denied.*let the user"
        ) as caught:
            publish({"a.xml": b"a"})
    assert not caught.value.transient
    assert publish.held["a.xml"][0] == ""


def test_one_refusal_keeps_no_other_file_back(tmp_path: Path, server: sshd.Server) -> None:
    """If one file is rejected, the others of its rank are sent; the next run does the rest."""
    publish = publisher(tmp_path, server)
    (tmp_path / "www" / "b.xml").mkdir()
    (tmp_path / "www" / "b.xml" / "theirs").touch()
    with pytest.raises(DeliveryError, match=r"b\.xml"):
        publish({"a.xml": b"a", "b.xml": b"b", "c.xml": b"c"})
    assert "" not in publish.held["a.xml"] + publish.held["c.xml"]
    assert sorted(path.name for path in (tmp_path / "www").iterdir()) == ["a.xml", "b.xml", "c.xml"]


def test_full_disk(tmp_path: Path, server: sshd.Server) -> None:
    """On a full disk old files stay, no temporary file is left, and a later run sends all."""
    small = tmp_path / "www"
    small.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", "size=256k", "none", str(small))
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        publish = publisher(tmp_path, server)
        publish({"a.xml": b"old"})
        (small / "ballast").write_bytes(b"x" * 150_000)
        with pytest.raises(DeliveryError, match="the disk is full"):
            publish({"a.xml": b"new" * 50_000})
        assert {path.name for path in small.iterdir()} == {"a.xml", "ballast"}
        assert (small / "a.xml").read_bytes() == b"old"
        (small / "ballast").unlink()
        publish({"a.xml": b"new" * 50_000})
        assert (small / "a.xml").read_bytes() == b"new" * 50_000
    finally:
        subprocess.run(("umount", str(small)), check=True)


def test_server_that_dies_half_way(tmp_path: Path) -> None:
    """If the server dies, confirmed files are complete, and the next run does the rest."""
    contents = {f"{number}.xml": b"%d" % number * 1_000 for number in range(60)}
    with sshd.running() as server:
        publish = publisher(tmp_path, server)
        send = files(tmp_path / "output", contents)
        done: set[str] = set()

        def die(path: str, digest: str | None) -> None:
            done.add(path)
            if len(done) == 20:
                server.stop()

        transfer = publish.transfer(send)
        with pytest.raises(DeliveryError) as caught:
            publish.target.deliver(transfer, die)
        assert caught.value.transient
        assert 20 <= len(done) < 60
        www = tmp_path / "www"
        assert all((www / path).read_bytes() == contents[path] for path in done)
        there = [path for path in www.iterdir() if not path.name.endswith(".part")]
        assert all(path.read_bytes() == contents[path.name] for path in there)
        server.start()
        publish(contents)
    assert tree(www) == {path: data.decode() for path, data in contents.items()}


def test_server_that_falls_silent(tmp_path: Path) -> None:
    """A silent server is a transient error within the timeout."""
    with sshd.running() as server:
        publish = publisher(tmp_path, server, timeout=1.0)
        contents = {f"{number}.xml": b"x" for number in range(60)}
        transfer = publish.transfer(files(tmp_path / "output", contents))

        def freeze(path: str, digest: str | None) -> None:
            server.signal_sessions(signal.SIGSTOP)

        with pytest.raises(DeliveryError, match="no answer within 1 seconds") as caught:
            publish.target.deliver(transfer, freeze)
    assert caught.value.transient


def test_server_that_is_not_there(tmp_path: Path, server: sshd.Server) -> None:
    """An unreachable server is a transient error."""
    with pytest.raises(DeliveryError, match="cannot be reached") as caught:
        publisher(tmp_path, server, port=9)({"a.xml": b"a"})
    assert caught.value.transient


def test_abandoned_run_stops(tmp_path: Path, server: sshd.Server) -> None:
    """An exception of `done` ends the run at once."""
    publish = publisher(tmp_path, server)
    contents = {f"{number}.xml": b"x" for number in range(60)}
    transfer = publish.transfer(files(tmp_path / "output", contents))

    def abandon(path: str, digest: str | None) -> None:
        raise DeliveryError("web", "abandoned")

    with pytest.raises(DeliveryError, match="abandoned"):
        publish.target.deliver(transfer, abandon)
    assert len(tree(tmp_path / "www")) < 60
