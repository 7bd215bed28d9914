import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.errors import ConfigError, OutputError
from tests.publish.shared import Blog, tree


def folder(name: str, path: str = "") -> dict[str, str]:
    return {"kind": "folder", "name": name, "path": path or name}


def test_all_targets_are_served(tmp_path: Path) -> None:
    """All targets receive the files; the Deliveries are in the order of the configuration."""
    ours = Blog(tmp_path, folder("b"), folder("a"))
    ours.write("a.xml")
    assert [(each.target, each.sent) for each in ours.publish_all()] == [
        ("b", ("a.xml",)),
        ("a", ("a.xml",)),
    ]
    assert tree(tmp_path / "a") == tree(tmp_path / "b") == {"a.xml": "x"}


def test_one_failure_does_not_hold_back_the_others(tmp_path: Path) -> None:
    """A failing target has an error, and the others receive the files."""
    ours = Blog(tmp_path, folder("bad", "nowhere/bad"), folder("good"))
    ours.write("a.xml")
    bad, good = ours.publish_all()
    assert (bool(bad.error), bad.pending) == (True, ("a.xml",))
    assert (good.error, good.sent) == ("", ("a.xml",))


def test_only_named_targets_are_served(tmp_path: Path) -> None:
    """Only the named targets receive files."""
    ours = Blog(tmp_path, folder("a"), folder("b"))
    ours.write("a.xml")
    assert [each.target for each in ours.publish_all(names=["b"])] == ["b"]
    assert not (tmp_path / "a").exists()


def test_unknown_name_is_refused(tmp_path: Path) -> None:
    """An unknown name is an error that lists the known names."""
    ours = Blog(tmp_path, folder("a"))
    ours.write("a.xml")
    with pytest.raises(ConfigError, match=r"no target is called 'b'; use one of: a"):
        ours.publish_all(names=["b"])


def test_dry_run_changes_nothing(tmp_path: Path) -> None:
    """A dry run returns the pending paths, and changes neither target nor state."""
    ours = Blog(tmp_path, folder("a"))
    ours.write("a.xml")
    delivery = ours.publish(dry_run=True)
    assert (delivery.pending, delivery.sent) == (("a.xml",), ())
    assert set(tree(tmp_path)) == {"output/a.xml"}


def test_lost_build_does_not_empty_targets(tmp_path: Path) -> None:
    """Without files, or with a missing one, nothing is sent or removed."""
    ours = Blog(tmp_path, folder("a"))
    ours.write("a.xml")
    ours.publish()
    (ours.output / "a.xml").unlink()
    with pytest.raises(OutputError, match="build again"):
        ours.publish()
    ours.files.clear()
    with pytest.raises(OutputError, match="holds no feeds"):
        ours.publish()
    assert tree(tmp_path / "a") == {"a.xml": "x"}


def test_broken_holdings_send_everything_and_remove_nothing(tmp_path: Path) -> None:
    """With a damaged record all files are sent, none removed, and the record is rewritten."""
    ours = Blog(tmp_path, folder("a"))
    ours.write("a.xml")
    ours.write("b.xml")
    ours.publish()
    (state,) = (ours.config.state_folder / "targets").glob("*.json")
    state.write_text("{", encoding="utf-8")
    ours.remove("b.xml")
    delivery = ours.publish()
    assert (delivery.sent, delivery.removed) == (("a.xml",), ())
    assert "is damaged" in delivery.problem
    assert tree(tmp_path / "a") == {"a.xml": "x", "b.xml": "x"}
    assert ours.publish().problem == ""


def test_again_sends_what_is_held(tmp_path: Path) -> None:
    """With `again` all files are sent once more."""
    ours = Blog(tmp_path, folder("a"))
    ours.write("a.xml")
    ours.publish()
    assert ours.publish().sent == ()
    assert ours.publish(again=True).sent == ("a.xml",)
    assert ours.publish().sent == ()


def test_program_that_ends_begins_no_target(tmp_path: Path) -> None:
    """Targets not begun at a stop have pending files, which the next run sends."""
    ours = Blog(tmp_path, folder("a"))
    ours.write("a.xml")
    delivery = ours.publish(stopped=lambda: True)
    assert (delivery.transient, delivery.pending) == (True, ("a.xml",))
    assert not (tmp_path / "a").exists()
    assert ours.publish().sent == ("a.xml",)


KILLED = """
import os, signal, sys
from pathlib import Path
from syndicate.files import staged as files
from tests.publish.shared import Blog

folder, renames = Path(sys.argv[1]), int(sys.argv[2])
replace = os.replace

def dying(source, target):
    global renames
    if str(target).startswith(str(folder / "a")):
        if renames == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        renames -= 1
    replace(source, target)

files.os.replace = dying
ours = Blog(folder, {"kind": "folder", "name": "a", "path": "a"})
ours.files = {path.name: "" for path in ours.output.iterdir()}
ours.publish()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("renames", [0, 1, 2])
def test_killed_run_is_completed(tmp_path: Path, renames: int) -> None:
    """After SIGKILL between two files no file is half written, and the next run completes."""
    ours = Blog(tmp_path, folder("a"))
    for name in ("a.xml", "b.xml", "c.xml"):
        ours.write(name, "old")
    ours.publish()
    for name in ("a.xml", "b.xml", "d.xml"):
        ours.write(name, "new")
    ours.remove("c.xml")
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path, str(renames)],
        check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert killed.returncode == -signal.SIGKILL
    half = {name: text for name, text in tree(tmp_path / "a").items() if ".part" not in name}
    assert set(half.values()) <= {"old", "new"}
    assert ours.publish().error == ""
    assert tree(tmp_path / "a") == {"a.xml": "new", "b.xml": "new", "d.xml": "new"}


def test_holdings_hold_no_more_than_they_should(tmp_path: Path) -> None:
    """The record holds the target's name, its place and digests, and nothing else."""
    ours = Blog(tmp_path, folder("a"))
    digest = ours.write("a.xml")
    ours.publish()
    (state,) = (ours.config.state_folder / "targets").iterdir()
    assert json.loads(state.read_text(encoding="utf-8")) == {
        "target": "a",
        "place": "a",
        "files": {"a.xml": [digest]},
    }
