from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.errors import ConfigError


def config(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


ALL = """
[[publish]]
name = "web"
kind = "folder"
path = "/srv/www"

[[publish]]
name = "s3"
kind = "s3"
bucket = "feeds"
prefix = "blog"
endpoint = "https://s3.example.org"
region = "eu-central-1"
cache_control = "no-cache"
path_style = false

[[publish]]
name = "gcs"
kind = "gcs"
bucket = "feeds"

[[publish]]
name = "azure"
kind = "azure"
container = "$web"
account = "blog"

[[publish]]
name = "host"
kind = "sftp"
host = "example.org"
user = "ana"
path = "/var/www"

[[publish]]
name = "pages"
kind = "git"
remote = "git@example.org:ana/blog.git"

[[publish]]
name = "rsync"
kind = "command"
command = ["rsync", "-a", "output/", "example.org:feeds/"]
timeout = 60

[[publish]]
name = "hook"
kind = "webhook"
url = "https://example.org/hook"
secret_env = "HOOK_SECRET"
"""


def test_every_kind_is_read(tmp_path: Path) -> None:
    """Each kind has its keys, and a place that tells where it is."""
    targets = load(tmp_path, config(tmp_path, ALL)).publish
    places = {target.name: target.place for target in targets}
    assert len(places) == 8
    assert places["s3"] == "s3://feeds/blog at https://s3.example.org"
    assert places["pages"] == "git@example.org:ana/blog.git gh-pages:"
    assert places["host"] == "sftp://ana@example.org:22/var/www"


WEB = '[[publish]]\nname = "web"\nkind = "folder"\npath = "a"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WEB + "pth = 1", r'publish\[0\].pth: unknown key; did you mean "path"\?'),
        (
            '[[publish]]\nname = "a"\nkind = "ftp"',
            r'expected "folder" or "s3" .*, not "ftp"',
        ),
        ('[[publish]]\nname = "a"', 'kind is missing; write `kind = "folder"` in it'),
        ('[[publish]]\nname = "a"\nkind = "folder"', "path is missing"),
        (
            '[[publish]]\nname = ""\nkind = "folder"\npath = "a"',
            'expected text that is not empty, not ""',
        ),
        (WEB + WEB, 'two targets are called "web"; give each its own name'),
        (WEB + WEB.replace("web", "www"), '"web" and "www" are the same place'),
        (
            '[[publish]]\nname = "a"\nkind = "git"\nremote = "https://ana:token@example.org/a"',
            r"publish\[0\].remote: contains an address with a user name or a password",
        ),
        (
            '[[publish]]\nname = "a"\nkind = "s3"\nbucket = "a"\nendpoint = "http://localhost"',
            "endpoint: is not encrypted; use https, or set allow_http = true",
        ),
        (
            '[[publish]]\nname = "a"\nkind = "s3"\nbucket = "a"\nendpoint = "localhost"',
            "endpoint: is not a plain address",
        ),
        (
            '[[publish]]\nname = "a"\nkind = "s3"\nbucket = "a"\nendpoint = "https://key@e.org"',
            r"publish\[0\].endpoint: contains an address with a user name",
        ),
        (
            '[[publish]]\nname = "a"\nkind = "webhook"\nurl = "HTTPS://ana:token@example.org/a"',
            r"publish\[0\].url: contains an address with a user name or a password",
        ),
        (
            '[[publish]]\nname = "a"\nkind = "gcs"\nbucket = "a"\nprefix = "../b"',
            "prefix: contains",
        ),
        (
            '[[publish]]\nname = "a"\nkind = "s3"\nbucket = "a"\nsecret_access_key = "x"',
            r"publish\[0\].secret_access_key: unknown key",
        ),
    ],
)
def test_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    """A target that cannot be meant is refused with the key and the cure."""
    with pytest.raises(ConfigError, match=message):
        load(tmp_path, config(tmp_path, text))


def test_place_tells_no_secret(tmp_path: Path) -> None:
    """What a hook's address and a command's arguments may hold is in no account."""
    text = ALL.replace("https://example.org/hook", "https://example.org/T0P-SECRET")
    targets = load(tmp_path, config(tmp_path, text.replace('"-a"', '"--token=T0P-SECRET"'))).publish
    assert "T0P-SECRET" not in "".join(target.place for target in targets)


def test_place_of_a_branch_tells_no_name(tmp_path: Path) -> None:
    """Who logs in by SSH is nobody's business."""
    text = '[[publish]]\nname = "a"\nkind = "git"\nremote = "ssh://ana@example.org/a.git"'
    (target,) = load(tmp_path, config(tmp_path, text)).publish
    assert target.place == "ssh://example.org/a.git gh-pages:"


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_a_token_before_the_host_is_refused_unprinted(tmp_path: Path, scheme: str) -> None:
    """GitHub takes one where others have a user's name."""
    text = f'[[publish]]\nname = "a"\nkind = "git"\nremote = "{scheme}://T0KEN@example.org/a.git"'
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, config(tmp_path, text))
    assert "T0KEN" not in str(caught.value)
