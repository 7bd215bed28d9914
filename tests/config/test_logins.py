"""User names and passwords in addresses: refused unprinted, or dropped where others wrote them."""

import json
import re
from pathlib import Path

import pytest

from syndicate.text.urls import has_login, without_login
from tests.daemon.running import run

POST = """---
title: Tea
date: 2026-01-01
---
See <{{ site.url }}> and <{{ site.cdn }}>.
"""
LOGIN = "https://ann:s3cret-word@example.org"
GIT = '[[publish]]\nname = "a"\nkind = "git"\nremote = '
HOOK = '[[publish]]\nname = "a"\nkind = "webhook"\nsecret_env = "A"\nurl = '
STORE = '[[publish]]\nname = "a"\nkind = "s3"\nbucket = "b"\nendpoint = '


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://ann:pw@example.org/x", "https://example.org/x"),
        ("https://ann@example.org", "https://example.org"),
        ("HTTPS://tok3n@example.org:81/a@b", "HTTPS://example.org:81/a@b"),
        ("https:/ann:pw@example.org", "https:/example.org"),
        ("https:ann:pw@example.org", "https:example.org"),
        ("https:\\\\ann:pw@example.org", "https:\\\\example.org"),
        ("//ann:pw@example.org/x.png", "//example.org/x.png"),
        ("https://ann:p\tw@example.org", "https://example.org"),
        ("https://ann:p/w@example.org/", "https://example.org/"),
        ("https://ann:p?w#x@example.org/", "https://example.org/"),
        ("https://ann:pw＠example.org/", "https://example.org/"),
        ("https://ann:p@w@example.org/", "https://example.org/"),
        ("ssh://ann:pw@example.org/x", "ssh://example.org/x"),
        ("see https://a:b@c.org and http://d:e@f.org", "see https://c.org and http://f.org"),
    ],
)
def test_logins_are_taken_out(text: str, expected: str) -> None:
    """As urllib, browsers and git read addresses, good and bad ones."""
    assert has_login(text)
    assert without_login(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/@ann",
        "https://example.org:8080/a@b",
        "https://[::1]:80/a@b",
        "https://medium.com//@ann",
        "https://example.org//a@b",
        "ssh://git@example.org/a.git",
        "git@example.org:ann/blog.git",
        "mailto:ann@example.org",
        "tag:ann@example.org,2026:x",
        "Ann <ann@example.org>",
        "https://example.org?mail=ann@example.org",
        "C:\\blogs\\ann@home",
        "/srv/ann@home/blog",
        "https://example.org is mine; write to ann@example.org: soon",
        "@ann at https://example.org",
    ],
)
def test_what_is_no_login_stays(text: str) -> None:
    """Handles, mail addresses, paths and the user's name of SSH."""
    assert not has_login(text)


def blog(folder: Path, config: str, settings: str = "") -> Path:
    """A Jekyll blog with one post."""
    (folder / "_posts").mkdir()
    (folder / "_posts/2026-01-01-tea.md").write_text(POST, encoding="utf-8")
    (folder / "_config.yml").write_text(f"title: Notes\n{settings}", encoding="utf-8")
    (folder / "config.toml").write_text(config, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("config", "key"),
    [
        (f'[site]\nurl = "{LOGIN}"', "site.url"),
        ('[site]\nurl = "https:/ann:s3cret-word@example.org"', "site.url"),
        ('[site]\nurl = "ann:s3cret-word@example.org"', "site.url"),
        ('[site]\nurl = "https://ann:s3cret-word/x@example.org"', "site.url"),
        (f'[site]\nicon = "{LOGIN}/a.png"', "site.icon"),
        (f'[site]\nlogo = "{LOGIN}/a.png"', "site.logo"),
        (f'[site]\nauthor = {{ name = "Ann", uri = "{LOGIN}" }}', "site.author.uri"),
        (f'[feeds]\nhubs = ["https://hub.example", "{LOGIN}/"]', "feeds.hubs[1]"),
        (f'{GIT}"{LOGIN}/a.git"', "publish[0].remote"),
        (f'{GIT}"ssh://git:s3cret-word@example.org/a.git"', "publish[0].remote"),
        (f'{GIT}"https://s3cret-word@example.org/a.git"', "publish[0].remote"),
        (f'{HOOK}"{LOGIN}/hook"', "publish[0].url"),
        (f'{STORE}"{LOGIN}"', "publish[0].endpoint"),
        (f'[site]\ndescription = "at {LOGIN}/"', "site.description"),
    ],
)
def test_a_login_in_an_address_is_refused_unprinted(tmp_path: Path, config: str, key: str) -> None:
    """File, key and cure are named, the exit code is 2, and no part of the login is shown."""
    done = run("build", blog(tmp_path, config))
    assert done.returncode == 2
    assert re.search(rf"config\.toml, line \d+: {re.escape(key)}: ", done.stderr)
    assert "s3cret" not in done.stdout + done.stderr
    assert not (tmp_path / ".syndicate").exists()


@pytest.mark.parametrize(
    "command", ["check", "feeds", "daemon", "status", "serve", "ledger show x"]
)
def test_every_command_refuses_it(tmp_path: Path, command: str) -> None:
    """There is one check, in one place."""
    done = run(*command.split(), blog(tmp_path, f'[feeds]\nhubs = ["{LOGIN}/"]'))
    assert done.returncode == 2
    assert "feeds.hubs[0]" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr


def test_a_login_on_the_command_line_is_refused_unprinted(tmp_path: Path) -> None:
    """--set is config.toml by other means."""
    for value in (LOGIN, f"{LOGIN}/?x#y", "'" + LOGIN):
        done = run("build", blog_once(tmp_path), "--set", f"site.url={value}")
        assert done.returncode == 2
        assert "s3cret" not in done.stdout + done.stderr


def blog_once(folder: Path) -> Path:
    return folder if (folder / "_posts").exists() else blog(folder, "")


def test_a_login_in_the_blogs_own_settings_is_dropped_and_told(tmp_path: Path) -> None:
    """It is in no feed, page, body, report or file of ours; the address without it counts."""
    settings = f"url: {LOGIN}\nbaseurl: /blog\ncdn: {LOGIN}/cdn\nicon: {LOGIN}/icon.png\n"
    done = run("build", blog(tmp_path, "", settings), "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["site"]["url"] == "https://example.org/blog"
    told = [each["message"] for each in report["problems"] if each["kind"] == "login-in-address"]
    assert any(message.startswith("url holds") for message in told)
    assert any(message.startswith("cdn holds") for message in told)
    files = [path for path in tmp_path.rglob("*") if path.name != "_config.yml" and path.is_file()]
    assert not [path for path in files if b"s3cret" in path.read_bytes()]
    assert b"https://example.org/cdn" in (tmp_path / "output/atom.xml").read_bytes()
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.parametrize("address", ["https://example.org/?token=s3cret", "s3cret@example.org"])
def test_an_address_that_is_refused_is_not_shown_if_it_may_hold_a_key(
    tmp_path: Path, address: str
) -> None:
    """The key of the configuration is enough to find it."""
    done = run("build", blog(tmp_path, f'[site]\nurl = "{address}"\n'))
    assert done.returncode == 2
    assert "site.url" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr


def test_a_long_value_is_not_shown_as_a_whole(tmp_path: Path) -> None:
    """A message stays readable."""
    done = run("build", blog(tmp_path, f'[site]\ntimezone = "{"A" * 5_000}"\n'))
    assert done.returncode == 2
    assert "site.timezone" in done.stderr
    assert len(done.stderr) < 1_000
