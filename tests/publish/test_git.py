import os
import shutil
import subprocess
from pathlib import Path

import pytest

from syndicate.config.targets import GitTarget
from syndicate.errors import DeliveryError
from syndicate.publish.git import open_target
from tests.publish.sending import Publisher, surroundings

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
ENVIRON = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
SOMEBODY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@blog.example")


def git(folder: Path, *arguments: str, data: bytes | None = None) -> bytes:
    return subprocess.run(
        ("git", *SOMEBODY, *arguments),
        cwd=folder,
        env=ENVIRON,
        input=data,
        capture_output=True,
        check=True,
    ).stdout


def text(folder: Path, *arguments: str) -> str:
    return git(folder, *arguments).decode().strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """Return an empty bare repository."""
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    return tmp_path / "remote.git"


@pytest.fixture
def second(tmp_path: Path, remote: Path) -> Path:
    """Return another user's clone, with a page on the branch gh-pages."""
    git(tmp_path, "clone", "--quiet", str(remote), "second")
    clone = tmp_path / "second"
    git(clone, "checkout", "--quiet", "-b", "gh-pages")
    commit(clone, "index.html", "theirs")
    return clone


def commit(clone: Path, path: str, words: str) -> None:
    """Commit and push a file as another user."""
    (clone / path).parent.mkdir(parents=True, exist_ok=True)
    (clone / path).write_text(words, encoding="utf-8")
    git(clone, "add", path)
    git(clone, "commit", "--quiet", "-m", path)
    git(clone, "push", "--quiet", "origin", "HEAD:gh-pages")


def publisher(here: Path, environ: dict[str, str] | None = None, **config: object) -> Publisher:
    settings = {"name": "pages", "remote": "remote.git", "timeout": 60.0, **config}
    target = open_target(
        GitTarget(**settings),  # type: ignore[arg-type]
        surroundings(here, {**ENVIRON, **(environ or {})}),
    )
    (here / "output").mkdir(exist_ok=True)
    return Publisher(target, here / "output")


def paths(remote: Path, branch: str = "gh-pages") -> list[str]:
    listed = git(remote, "ls-tree", "-r", "-z", "--name-only", branch)
    return [path.decode() for path in listed.split(b"\0") if path]


def count(remote: Path, branch: str = "gh-pages") -> int:
    return int(text(remote, "rev-list", "--count", branch))


def hook(remote: Path, name: str, script: str) -> None:
    path = remote / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_missing_branch_is_begun(tmp_path: Path, remote: Path) -> None:
    """A missing branch is created with one commit of only the feeds."""
    done = publisher(tmp_path)({"atom.xml": b"<feed/>", '茶 a/ä"b\\c.xml': b"<rss/>"})
    assert list(done) == ["atom.xml", '茶 a/ä"b\\c.xml']
    assert sorted(paths(remote)) == ["atom.xml", '茶 a/ä"b\\c.xml']
    assert count(remote) == 1


def test_bytes_arrive_as_they_are(tmp_path: Path, remote: Path, second: Path) -> None:
    """Line-end conversion and filters of the branch or the user change no byte."""
    commit(second, ".gitattributes", "* text=auto eol=crlf ident\n")
    data = b"a\r\nb\n\r$Id$\0\xff"
    publisher(tmp_path)({"atom.xml": data})
    assert git(remote, "cat-file", "blob", "gh-pages:atom.xml") == data


def test_one_commit_a_publish_on_top(tmp_path: Path, remote: Path, second: Path) -> None:
    """Other files and history stay; the commit has the configured author and message."""
    before = text(remote, "rev-parse", "gh-pages")
    publish = publisher(tmp_path, author="Björk <b@blog.example>", message="Feeds anew")
    publish({"a.xml": b"1", "b.xml": b"2"})
    publish({"a.xml": b"3", "c.xml": b"4"}, remove=["b.xml"])
    assert paths(remote) == ["a.xml", "c.xml", "index.html"]
    assert text(remote, "rev-parse", "gh-pages~2") == before
    assert text(remote, "log", "-1", "--format=%an <%ae> %cn", "gh-pages") == (
        "Björk <b@blog.example> Björk"
    )
    message = text(remote, "log", "-1", "--format=%B", "gh-pages")
    assert message == "Feeds anew\n\n1 added, 1 changed, 1 removed"


def test_nothing_new_makes_no_commit(tmp_path: Path, remote: Path, second: Path) -> None:
    """Files that the branch already has are confirmed without a commit."""
    publish = publisher(tmp_path)
    first = publish({"a.xml": b"1"})
    shutil.rmtree(tmp_path / "work")
    assert publish({"a.xml": b"1"}, remove=["gone.xml"]) == {**first, "gone.xml": None}
    assert count(remote) == 2


def test_files_go_into_the_folder(tmp_path: Path, remote: Path, second: Path) -> None:
    """Feeds go to `folder`, and nothing outside it changes."""
    commit(second, "atom.xml", "theirs")
    publish = publisher(tmp_path, folder="/docs/feeds/")
    publish({"atom.xml": b"ours", "b.xml": b"b"})
    publish({}, remove=["b.xml"])
    assert paths(remote) == ["atom.xml", "docs/feeds/atom.xml", "index.html"]
    assert text(remote, "cat-file", "blob", "gh-pages:atom.xml") == "theirs"


def test_branch_that_moved_between_runs(tmp_path: Path, remote: Path, second: Path) -> None:
    """Commits that others pushed between two runs stay."""
    publish = publisher(tmp_path)
    publish({"a.xml": b"1"})
    git(second, "pull", "--quiet", "--ff-only", "origin", "gh-pages")
    commit(second, "about.html", "theirs")
    publish({"a.xml": b"2"})
    assert paths(remote) == ["a.xml", "about.html", "index.html"]
    assert count(remote) == 4


def push_before(folder: Path, condition: str) -> dict[str, str]:
    """Return a PATH whose git first pushes as another user while `condition` holds."""
    real = shutil.which("git")
    assert real
    (folder / "bin").mkdir()
    script = folder / "bin" / "git"
    script.write_text(
        f"""#!/bin/sh
case " $* " in *" push "*) if {condition}; then
  ( cd '{folder}/second'; unset GIT_DIR; date +%N >> race.html; '{real}' add race.html
    '{real}' -c user.name=S -c user.email=s@blog.example commit --quiet -m race
    '{real}' pull --quiet --rebase origin gh-pages
    '{real}' push --quiet origin HEAD:gh-pages ) >>'{folder}/race.log' 2>&1
fi;; esac
exec '{real}' "$@"
""",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return {"PATH": f"{folder / 'bin'}:{ENVIRON['PATH']}"}


def test_push_between_fetch_and_push(tmp_path: Path, remote: Path, second: Path) -> None:
    """After a concurrent push the commit is made again on top, and both pushes stay."""
    once = f"mkdir '{tmp_path}/once' 2>/dev/null"
    publish = publisher(tmp_path, push_before(tmp_path, once))
    publish({"a.xml": b"1"})
    assert paths(remote) == ["a.xml", "index.html", "race.html"]
    assert count(remote) == 3


def test_branch_that_never_stands_still(tmp_path: Path, remote: Path, second: Path) -> None:
    """After several concurrent pushes the run fails, and confirms no file."""
    publish = publisher(tmp_path, push_before(tmp_path, "true"))
    with pytest.raises(DeliveryError, match="during all 5 attempts") as caught:
        publish({"a.xml": b"1"})
    assert caught.value.transient
    assert paths(remote) == ["index.html", "race.html"]


def test_push_while_the_remote_takes_ours(tmp_path: Path, remote: Path, second: Path) -> None:
    """A concurrent push during ours counts as moved, not as rejected."""
    once = f"mkdir '{tmp_path}/once' 2>/dev/null || exit 0"
    there = f"cd '{second}'; env -i PATH=\"$PATH\" HOME=/nowhere"
    hook(remote, "update", f"{once}\n{there} git push --quiet origin HEAD~0:refs/heads/gh-pages")
    (second / "late.html").write_text("late", encoding="utf-8")
    git(second, "add", "late.html")
    git(second, "commit", "--quiet", "-m", "late")
    publisher(tmp_path)({"a.xml": b"1"})
    assert paths(remote) == ["a.xml", "index.html", "late.html"]


def test_protected_branch(tmp_path: Path, remote: Path, second: Path) -> None:
    """The error quotes the remote that rejects the push, and confirms no file."""
    hook(remote, "pre-receive", "echo 'gh-pages is protected, ask Ann' >&2; exit 1")
    with pytest.raises(DeliveryError, match=r"rejected.*ask Ann.*allow this user") as caught:
        publisher(tmp_path)({"a.xml": b"1"})
    assert not caught.value.transient
    assert paths(remote) == ["index.html"]


def test_branch_that_is_checked_out(tmp_path: Path, remote: Path, second: Path) -> None:
    """A push to a checked-out branch is rejected."""
    with pytest.raises(DeliveryError, match="checked out"):
        publisher(tmp_path, remote="second")({"a.xml": b"1"})


@pytest.mark.parametrize("what", ["objects", "config", "HEAD", "refs", "lock", "empty objects"])
def test_broken_clone_is_made_anew(what: str, tmp_path: Path, remote: Path, second: Path) -> None:
    """A damaged clone is deleted and made again."""
    publish = publisher(tmp_path)
    publish({"a.xml": b"1"})
    clone = tmp_path / "work" / "clone.git"
    if what == "lock":
        for name in ("refs/syndicate/base.lock", "refs/syndicate/next.lock", "shallow.lock"):
            (clone / name).touch()
    elif what == "empty objects":
        for path in (clone / "objects").rglob("*"):
            if path.is_file():
                path.chmod(0o644)
                path.write_bytes(b"")
    elif what in ("objects", "refs"):
        shutil.rmtree(clone / what)
    else:
        (clone / what).write_bytes(b"\0[broken")
    publish({"a.xml": b"2"})
    assert text(remote, "cat-file", "blob", "gh-pages:a.xml") == "2"
    assert paths(remote) == ["a.xml", "index.html"]


def test_users_settings_do_not_matter(tmp_path: Path, remote: Path, second: Path) -> None:
    """The user's hooks, signing, line ends and templates have no effect."""
    (tmp_path / "hooks").mkdir()
    for name in ("pre-push", "post-commit", "post-rewrite"):
        hook(tmp_path, name, f"touch '{tmp_path}/hooked'; exit 1")
    (tmp_path / "gitconfig").write_text(
        f"""[core]
hooksPath = {tmp_path}/hooks
autocrlf = true
[commit]
gpgsign = true
[push]
gpgSign = true
[init]
templateDir = {tmp_path}
[gpg]
program = /bin/false
""",
        encoding="utf-8",
    )
    environ = {
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_DIR": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere",
        "GIT_AUTHOR_NAME": "Nobody",
    }
    publisher(tmp_path, environ)({"a.xml": b"a\nb\r\n"})
    assert git(remote, "cat-file", "blob", "gh-pages:a.xml") == b"a\nb\r\n"
    assert text(remote, "log", "-1", "--format=%an", "gh-pages") == "syndicate"
    assert not (tmp_path / "hooked").exists()


def test_foreign_file_is_not_removed(tmp_path: Path, remote: Path, second: Path) -> None:
    """After an interrupted run, only files with our bytes are removed."""
    publish = publisher(tmp_path)
    commit(second, "b.xml", "theirs")
    publish.held = {"b.xml": ("", "0" * 64)}
    assert publish({"a.xml": b"1"}, remove=["b.xml"])["b.xml"] is None
    assert paths(remote) == ["a.xml", "b.xml", "index.html"]


def test_foreign_folder_is_not_replaced(tmp_path: Path, remote: Path, second: Path) -> None:
    """A file never replaces a folder of the branch, nor a folder a file."""
    commit(second, "feed/index.html", "theirs")
    publish = publisher(tmp_path)
    with pytest.raises(DeliveryError, match="cannot be written"):
        publish({"feed": b"1"})
    with pytest.raises(DeliveryError, match="cannot be written"):
        publish({"index.html/atom.xml": b"1"})
    assert paths(remote) == ["feed/index.html", "index.html"]


def test_file_may_go_where_a_folder_of_ours_was(tmp_path: Path, remote: Path) -> None:
    """A removal makes room for a file in the same commit."""
    publish = publisher(tmp_path)
    publish({"feed/a.xml": b"1"})
    shutil.rmtree(tmp_path / "output" / "feed")
    publish({"feed": b"2"}, remove=["feed/a.xml"])
    assert paths(remote) == ["feed"]


def test_git_folder_is_not_written_to(tmp_path: Path, remote: Path) -> None:
    """A path that git reserves, such as .git, is an error."""
    with pytest.raises(DeliveryError, match="does not accept the path"):
        publisher(tmp_path)({"category/.GIT/config": b"1"})


def test_file_that_changed_meanwhile_is_not_sent(tmp_path: Path, remote: Path) -> None:
    """A file that changed after planning is not committed."""
    publish = publisher(tmp_path)
    deliver = publish.target.deliver

    def change_then_deliver(transfer: object, done: object) -> None:
        (tmp_path / "output" / "a.xml").write_bytes(b"other")
        deliver(transfer, done)  # type: ignore[arg-type]

    publish.target.deliver = change_then_deliver  # type: ignore[method-assign]
    with pytest.raises(DeliveryError, match="changed while"):
        publish({"a.xml": b"1"})
    assert text(remote, "for-each-ref") == ""


def test_repository_with_sha256(tmp_path: Path) -> None:
    """A SHA-256 repository works like any other."""
    git(tmp_path, "init", "--quiet", "--bare", "--object-format=sha256", "remote.git")
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "second")
    git(tmp_path / "second", "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(tmp_path / "second", "checkout", "--quiet", "-b", "gh-pages")
    commit(tmp_path / "second", "index.html", "theirs")
    publish = publisher(tmp_path)
    publish({"a.xml": b"1"})
    publish({"a.xml": b"1"})
    assert count(tmp_path / "remote.git") == 2


def test_missing_remote(tmp_path: Path) -> None:
    """A missing remote is an error with a cure."""
    with pytest.raises(DeliveryError, match=r"gh-pages of remote\.git.*set remote to") as caught:
        publisher(tmp_path)({"a.xml": b"1"})
    assert not caught.value.transient


def test_remote_that_stalls(tmp_path: Path, remote: Path, second: Path) -> None:
    """A remote that does not answer in time is a transient error."""
    hook(remote, "pre-receive", "exec sleep 30")
    with pytest.raises(DeliveryError, match="did not end within 1 seconds") as caught:
        publisher(tmp_path, timeout=1.0)({"a.xml": b"1"})
    assert caught.value.transient


def test_unreachable_host_may_be_back_later(tmp_path: Path) -> None:
    """An unreachable remote is a transient error, without the login of its address."""
    publish = publisher(tmp_path, remote="https://token-123@127.0.0.1:9/x.git")
    with pytest.raises(DeliveryError, match="cannot be read") as caught:
        publish({"a.xml": b"1"})
    assert caught.value.transient
    assert "token-123" not in str(caught.value)
