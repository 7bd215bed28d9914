"""Tests with Azurite, Microsoft's emulator of Azure Blob Storage (npm install -g azurite)."""

import base64
import hashlib
import hmac
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import formatdate
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.publish.faulty import free_port
from tests.publish.shared import FEED, Blog

PROGRAM = shutil.which("azurite-blob")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="azurite (npm) is not installed")
ACCOUNT = "blog"
KEY = base64.b64encode(b"a key that is no secret").decode()


def request(address: str, method: str, path: str, query: str = "") -> HTTPResponse:
    """Make a request signed with the shared key (Azure Storage's "SharedKey" scheme)."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    named = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    resource = f"/{ACCOUNT}/{ACCOUNT}{path}" + "".join(
        f"\n{pair.replace('=', ':')}" for pair in sorted(query.split("&")) if pair
    )
    text = f"{method}\n{chr(10) * 11}{named}{resource}"
    digest = hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
    url = f"{address}{path}" + (f"?{query}" if query else "")
    asked = urllib.request.Request(url, method=method, headers=headers)
    answer: HTTPResponse = urllib.request.urlopen(asked, timeout=10)
    return answer


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Azurite; return the address of an account with the container "feeds"."""
    assert PROGRAM
    port = free_port()
    folder = tmp_path_factory.mktemp("azurite")
    command = [PROGRAM, "--blobPort", str(port), "--location", str(folder), "--skipApiVersionCheck"]
    environ = {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}", "PATH": str(Path(PROGRAM).parent)}
    environ["PATH"] += f":{Path(shutil.which('node') or '/usr/bin/node').parent}"
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environ, stdout=quiet, stderr=quiet) as process:
        address = f"http://127.0.0.1:{port}/{ACCOUNT}"
        try:
            _await_container(address)
            yield address
        finally:
            process.terminate()


def _await_container(address: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            request(address, "PUT", "/feeds", "restype=container").close()
        except ConnectionError:
            time.sleep(0.05)
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.05)
        else:
            return
    pytest.fail("azurite does not answer")


def test_blobs_arrive_change_and_go(tmp_path: Path, azure: str) -> None:
    """Blobs have their headers; changed files are sent, and unwanted ones removed."""
    target = {
        "kind": "azure",
        "name": "az",
        "container": "feeds",
        "account": ACCOUNT,
        "prefix": "blog",
        "endpoint": azure,
        "allow_http": True,
    }
    ours = Blog(tmp_path, target)
    ours.environ = {"AZURE_STORAGE_ACCOUNT_KEY": KEY}
    ours.write("category/茶/atom.xml", FEED)
    ours.write("gone.xml", FEED)
    assert ours.publish().error == ""
    with request(azure, "GET", "/feeds/blog/category/%E8%8C%B6/atom.xml") as answer:
        assert answer.read() == FEED.encode()
        assert answer.headers["Content-Type"] == "application/atom+xml"
        assert answer.headers["Cache-Control"] == "public, max-age=1800"
    ours.remove("gone.xml")
    ours.write("category/茶/atom.xml", "new")
    delivery = ours.publish()
    assert (delivery.error, delivery.removed) == ("", ("gone.xml",))
    with pytest.raises(urllib.error.HTTPError, match="404") as missing:
        request(azure, "GET", "/feeds/blog/gone.xml")
    missing.value.close()


def test_wrong_key_is_not_shown(tmp_path: Path, azure: str) -> None:
    """A rejected key is an error with a cure, and appears nowhere."""
    key = base64.b64encode(b"another key").decode()
    target = {"kind": "azure", "name": "az", "container": "feeds", "account": ACCOUNT}
    ours = Blog(tmp_path, {**target, "endpoint": azure, "allow_http": True})
    ours.environ = {"AZURE_STORAGE_ACCOUNT_KEY": key}
    ours.write("a.xml")
    delivery = ours.publish()
    assert "AZURE_STORAGE_ACCOUNT_KEY" in delivery.cure
    assert not delivery.transient
    assert key not in repr(delivery)
