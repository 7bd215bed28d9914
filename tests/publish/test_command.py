import json
import os
import sys
import time
from pathlib import Path

import pytest

from syndicate.config.targets import CommandTarget
from syndicate.errors import DeliveryError
from syndicate.publish.command import open_target
from tests.publish.sending import Publisher, surroundings

ENVIRON = {"PATH": os.environ["PATH"]}


def publisher(
    folder: Path, *command: str, timeout: float = 30, environ: dict[str, str] | None = None
) -> Publisher:
    config = CommandTarget(name="mine", command=command, timeout=timeout)
    (folder / "output").mkdir()
    target = open_target(config, surroundings(folder, {**ENVIRON, **(environ or {})}))
    return Publisher(target, folder / "output")


def shell(folder: Path, script: str, **options: object) -> Publisher:
    return publisher(folder, "/bin/sh", "-c", script, **options)  # type: ignore[arg-type]


def is_alive(pid: int) -> bool:
    """Return whether a process is alive; a zombie counts as dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def test_command_receives_the_changes(tmp_path: Path) -> None:
    """The command runs in the output folder and reads the changes on its standard input."""
    publish = shell(tmp_path, "cat > ../told; pwd > ../where")
    done = publish({"茶/a.xml": b"<feed/>"}, remove=["old.xml"])
    told = json.loads((tmp_path / "told").read_bytes())
    assert told["target"] == "mine"
    assert told["site"] == "https://blog.example"
    assert told["removed"] == ["old.xml"]
    (changed,) = told["changed"]
    assert (changed["path"], changed["size"]) == ("茶/a.xml", 7)
    assert changed["sha256"] == done["茶/a.xml"]
    assert (tmp_path / "where").read_text(encoding="utf-8").strip() == str(tmp_path / "output")


def test_success_confirms_all(tmp_path: Path) -> None:
    """Exit code 0 confirms all files, and each is passed to the command once."""
    done = shell(tmp_path, "true")({"a.xml": b"a", "b.xml": b"b"}, remove=["c.xml"])
    assert list(done) == ["a.xml", "b.xml", "c.xml"]
    assert done["c.xml"] is None


def test_command_that_reads_nothing_is_fine(tmp_path: Path) -> None:
    """A command that ignores a large standard input does not block."""
    many = {f"{number:05}.xml": b"x" for number in range(1_500)}
    assert len(shell(tmp_path, "exec <&-; true")(many)) == 1_500


def test_environment_names_the_target(tmp_path: Path) -> None:
    """The variables SYNDICATE_* hold target, site and folder."""
    shell(tmp_path, 'echo "$SYNDICATE_TARGET $SYNDICATE_SITE $SYNDICATE_OUTPUT" > ../e')(
        {"a": b"a"}
    )
    words = (tmp_path / "e").read_text(encoding="utf-8").split()
    assert words == ["mine", "https://blog.example", str(tmp_path / "output")]


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    """Characters that are special in a shell are passed unchanged."""
    code = "import sys, pathlib; pathlib.Path('../argv').write_text(sys.argv[1], encoding='utf-8')"
    publisher(tmp_path, sys.executable, "-c", code, "$(id) ; * > x")({"a": b"a"})
    assert (tmp_path / "argv").read_text(encoding="utf-8") == "$(id) ; * > x"


def test_relative_program_starts_from_the_configuration(tmp_path: Path) -> None:
    """./send is relative to config.toml, not to the output folder."""
    script = tmp_path / "send"
    script.write_text("#!/bin/sh\n: > ../sent\n", encoding="utf-8")
    script.chmod(0o755)
    publisher(tmp_path, "./send")({"a": b"a"})
    assert (tmp_path / "sent").exists()


def test_failure_names_code_and_last_words(tmp_path: Path) -> None:
    """A non-zero exit code confirms no file, and the error has the last lines of the output."""
    publish = shell(tmp_path, "seq 1 100 >&2; echo 'disk is full' >&2; exit 7")
    with pytest.raises(DeliveryError, match=r"exit code 7.*disk is full") as caught:
        publish({"a.xml": b"a"})
    assert ": 1 |" not in str(caught.value)
    assert publish.held["a.xml"][0] == ""


def test_program_that_is_not_there(tmp_path: Path) -> None:
    """A command that cannot be started is an error with its cure."""
    with pytest.raises(DeliveryError, match=r"cannot be run .*program in PATH"):
        publisher(tmp_path, "no-such-program-here")({"a.xml": b"a"})


def test_secrets_are_not_repeated(tmp_path: Path) -> None:
    """Secrets in variables and logins in addresses are masked in errors."""
    publish = shell(
        tmp_path,
        r"""printf '\033[31mtoken %s at https://me:word@a.example/x\n' "$API_TOKEN" >&2; exit 1""",
        environ={"API_TOKEN": "hunter2-hunter2"},
    )
    with pytest.raises(DeliveryError) as caught:
        publish({"a.xml": b"a"})
    assert "token *** at https://a.example/x" in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_endless_output_is_bounded(tmp_path: Path) -> None:
    """Endless output neither blocks nor fills memory or message."""
    publish = shell(tmp_path, "head -c 30000000 /dev/zero | tr '\\0' 'x' | tee /dev/stderr; exit 3")
    with pytest.raises(DeliveryError, match="exit code 3") as caught:
        publish({"a.xml": b"a"})
    assert len(str(caught.value)) < 5_000


def test_timeout_ends_the_whole_group(tmp_path: Path) -> None:
    """At a timeout all child processes are killed, even those that ignore SIGTERM."""
    script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > ../pid; sleep 60' & wait; sleep 60"
    publish = shell(tmp_path, script, timeout=0.5)
    with pytest.raises(DeliveryError, match="did not end") as caught:
        publish({"a.xml": b"a"})
    assert caught.value.transient
    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(pid)


def test_background_process_causes_no_delay(tmp_path: Path) -> None:
    """A background process that keeps the output open does not delay a successful command."""
    publish = shell(tmp_path, "sleep 20 & echo $! > ../pid")
    assert publish({"a.xml": b"a"})
    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    assert is_alive(pid)
    os.kill(pid, 9)
