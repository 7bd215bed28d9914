"""Secrets that a peer repeats appear in no report, log, page or file."""

import json
import re
import stat
import subprocess
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.daemon.running import Blog, daemon, run, until
from tests.loopback import Handler, Server, serving

PATH = "/services/T0AB/k3y-of-hook"
QUERY = "sig=q%20v4lue%2F7&plain=zebra-crossing"
SIGNING = "correct horse battery"
TOKEN = "tok-0f-the-environment"
PIECES = (
    "k3y-of-hook", "T0AB", "v4lue", "zebra-crossing", "correct horse", "correct+horse",
    "correct%20horse", "tok-0f", b64encode(SIGNING.encode()).decode()[:10],
    quote(PATH, safe="").lower(), json.dumps(PATH)[1:-1].replace("/", "\\/"), "\x1b", "\u202e",
)  # fmt: skip
CONFIG = """\
[site]
title = "Tea"
url = "https://blog.example.org"
[daemon]
port = 0
"""
HOOK = """\
[[publish]]
name = "chat"
kind = "webhook"
url = "{url}"
secret_env = "CHAT_SIGNING"
timeout = 5
"""


def echo(asked: Handler) -> None:
    """Answer with an error that repeats the request: coloured, encoded and endless."""
    login = b64encode(f"ann:{SIGNING}".encode()).decode()
    known = asked.path + " " + quote(asked.path, safe="") + " " + quote(asked.path).lower()
    said = json.dumps({
        "path": asked.path, "as": known.replace("/", "\\/"), "key": SIGNING, "login": login,
        "token": TOKEN, "headers": dict(asked.headers),
    })  # fmt: skip
    asked.reply(500, f"\x1b[31mno \u202e{known} {TOKEN}\x1b]0;x\x07 {said}".encode() * 9)


def redirect(asked: Handler) -> None:
    """Answer with a redirect to an address that contains the secret."""
    asked.reply(301, Location=f"http://elsewhere.example{asked.path.replace('?', '/?x=1&')}#new")


def drop(asked: Handler) -> None:
    """Send a line that is not HTTP, and close the connection."""
    asked.wfile.write(f"{asked.path} {TOKEN}\r\n\r\n".encode())


@pytest.fixture
def served() -> Iterator[Callable[[Callable[[Handler], None]], Server]]:
    with ExitStack() as stack:
        yield lambda serve: stack.enter_context(serving(serve))


def environ() -> dict[str, str]:
    return {"CHAT_SIGNING": SIGNING, "SOME_API_TOKEN": TOKEN}


def assert_clean(text: str) -> None:
    found = [piece for piece in PIECES if piece.lower() in text.lower()]
    assert not found, (found, text)


@pytest.mark.parametrize("serve", [echo, redirect, drop])
def test_webhook_that_echoes_its_address_reveals_no_secret(
    serve: Callable[[Handler], None],
    served: Callable[[Callable[[Handler], None]], Server],
    tmp_path: Path,
) -> None:
    """A webhook's secret address appears neither on the terminal nor in --json."""
    server = served(serve)
    blog = Blog(tmp_path, config=CONFIG + HOOK.format(url=f"{server.url}{PATH}?{QUERY}"))
    built = run("build", blog.folder, "--publish", **environ())
    again = run("publish", blog.folder, "--json", **environ())
    loud = run("publish", blog.folder, "-v", **environ())
    assert len(server.asked) == 3
    for done in (built, again, loud):
        assert done.returncode == 1
        assert_clean(done.stdout + done.stderr)
    (account,) = json.loads(again.stdout)
    assert account["error"].startswith("chat: ")
    assert len(account["error"]) < 400
    assert_state_is_clean(blog.folder / ".syndicate")


def assert_state_is_clean(state: Path) -> None:
    """Assert that no state file contains a secret or is readable by others."""
    for path in state.rglob("*"):
        if path.is_file():
            assert_clean(path.read_bytes().decode("latin-1").replace("\x1b", ""))
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


@pytest.mark.parametrize("form", ["text", "json"])
def test_daemon_reveals_no_secret(
    form: str, served: Callable[[Callable[[Handler], None]], Server], tmp_path: Path
) -> None:
    """Log, page, /status, /healthz, /metrics, status.json and the status command have no secret."""
    server = served(echo)
    blog = Blog(tmp_path, config=CONFIG + HOOK.format(url=f"{server.url}{PATH}?{QUERY}"))
    with daemon(blog, "--log-format", form, **environ()) as running:
        until(lambda: running.says("delivery failed"), running)
        until(lambda: any(each["failed"] for each in blog.status().get("targets", ())), running)
        (where,) = re.findall(r"http://127\.0\.0\.1:\d+(?=/)", "".join(running.lines[:1]))
        for path in ("/", "/status", "/healthz", "/metrics"):
            with urllib.request.urlopen(where + path, timeout=20) as answer:
                assert_clean(answer.read().decode())
        told = run("status", blog.folder).stdout + run("status", blog.folder, "--json").stdout
        assert "the receiver answers 500" in told
        assert_clean(told)
        assert_state_is_clean(blog.folder / ".syndicate")
    assert_clean(running.log)


def test_hub_that_echoes_reveals_no_secret(
    served: Callable[[Callable[[Handler], None]], Server], tmp_path: Path
) -> None:
    """A hub's error text is shown without secrets and escapes, and shortened."""
    server = served(echo)
    hub = f'[feeds]\nhubs = ["{server.url}/hub?{QUERY}"]\n'
    blog = Blog(tmp_path, config=CONFIG + hub)
    web = '[[publish]]\nname = "web"\nkind = "folder"\npath = "../web"\n'
    blog.configure(CONFIG + hub + web)
    done = run("build", blog.folder, "--publish", HUB_SECRET=SIGNING, **environ())
    assert "answers 500" in done.stderr
    assert_clean(done.stdout + done.stderr)
    assert max(map(len, done.stderr.splitlines())) < 500


def test_command_that_prints_its_arguments_reveals_no_secret(tmp_path: Path) -> None:
    """A command's output is shown without tokens of its options, variables and addresses."""
    address = f"https://hooks.example{PATH}?{QUERY}"
    script = tmp_path / "send"
    script.write_text('#!/bin/sh\necho "$@ $SOME_API_TOKEN" "$(printf "\\033[31m")" >&2\nexit 9\n')
    script.chmod(0o755)
    command = json.dumps([str(script), "--token", "opt-1on-token", "K_SECRET=a-ssigned", address])
    target = f'[[publish]]\nname = "cmd"\nkind = "command"\ncommand = {command}\n'
    blog = Blog(tmp_path, config=CONFIG + target)
    done = run("build", blog.folder, "--publish", **environ())
    assert "ended with exit code 9" in done.stderr
    assert_clean(done.stdout + done.stderr)
    assert "opt-1on" not in done.stderr
    assert "a-ssigned" not in done.stderr


def test_git_remote_that_repeats_a_secret_reveals_nothing(tmp_path: Path) -> None:
    """A message of the remote's hook is shown without secrets, and shortened."""
    remote = tmp_path / "remote.git"
    assert run_git("init", "--quiet", "--bare", str(remote)) == 0
    hook = remote / "hooks" / "pre-receive"
    hook.write_text(
        f'#!/bin/sh\nprintf "\\033[31mno {TOKEN} %0900d\\n" 7 >&2\n'
        f"echo 'see https://hooks.example{PATH}?{QUERY}' >&2\nexit 1\n"
    )
    hook.chmod(0o755)
    targets = HOOK.format(url=f"http://127.0.0.1:9{PATH}?{QUERY}") + (
        f'[[publish]]\nname = "pages"\nkind = "git"\nremote = "{remote}"\n'
    )
    blog = Blog(tmp_path, config=CONFIG + targets)
    done = run("publish", "--target", "pages", blog.folder, **environ())
    assert done.returncode == 2  # nothing was built yet
    assert run("build", blog.folder).returncode == 0
    done = run("publish", "--target", "pages", blog.folder, **environ())
    assert "the push was rejected" in done.stderr
    assert_clean(done.stdout + done.stderr)
    assert max(map(len, done.stderr.splitlines())) < 1_200


def run_git(*arguments: str) -> int:
    return subprocess.run(["git", *arguments], check=False).returncode
