import gzip
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from tests.publish.faulty import between, free_port
from tests.publish.shared import FEED, Blog

CI = bool(os.environ.get("CI"))
if not CI:
    pytest.importorskip("obstore", reason="the extra [objects] is not installed")
    pytest.importorskip("flask", reason="moto[server] is not installed")

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class S3:
    """S3 server on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.buckets = 0

    def request(self, method: str, path: str) -> HTTPResponse:
        credential = "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request"
        request = urllib.request.Request(
            f"{self.address}/{quote(path)}",
            method=method,
            headers={"Authorization": f"{credential}, SignedHeaders=host, Signature=0"},
        )
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=10)
        return answer

    def bucket(self) -> str:
        self.buckets += 1
        name = f"bucket-{self.buckets}"
        self.request("PUT", name).close()
        return name

    def read(self, path: str) -> bytes | None:
        try:
            with self.request("GET", path) as answer:
                return answer.read()
        except HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            raise


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    """Run moto's server in a process of its own."""
    server = S3(free_port())
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(server.port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            _await(server, process)
            yield server
        finally:
            process.terminate()


def _await(server: S3, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            server.request("GET", "moto-api/").close()
        except OSError:
            assert process.poll() is None, "moto's server ended"
            time.sleep(0.05)
        else:
            return
    pytest.fail("moto's server does not answer")


def blog(folder: Path, bucket: str, address: str, **more: Any) -> Blog:
    target = {
        "kind": "s3",
        "name": "s3",
        "bucket": bucket,
        "endpoint": address,
        "region": "us-east-1",
        "allow_http": True,
        **more,
    }
    ours = Blog(folder, target)
    ours.environ = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}
    return ours


def test_object_has_its_headers(tmp_path: Path, s3: S3) -> None:
    """A feed's object has its media type and a Cache-Control of half an hour."""
    ours = blog(tmp_path, bucket := s3.bucket(), s3.address, prefix="/blog/")
    ours.write("atom.xml", FEED)
    assert ours.publish().error == ""
    with s3.request("GET", f"{bucket}/blog/atom.xml") as answer:
        assert answer.read() == FEED.encode()
        assert answer.headers["Content-Type"] == "application/atom+xml"
        assert answer.headers["Cache-Control"] == "public, max-age=1800"
        assert "Content-Encoding" not in answer.headers


def test_variant_has_its_encoding(tmp_path: Path, s3: S3) -> None:
    """A compressed variant has its Content-Encoding and the type of the plain file."""
    ours = blog(tmp_path, bucket := s3.bucket(), s3.address, cache_control="no-cache")
    ours.write("a.html", "tea")
    ours.write("a.html.gz", gzip.compress(b"tea"))
    assert ours.publish().error == ""
    with s3.request("GET", f"{bucket}/a.html.gz") as answer:
        assert gzip.decompress(answer.read()) == b"tea"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["category/茶/atom.xml", "a b/ü.xml", "C++/a=b&c;d.xml", "100%.xml"]
)
def test_every_name_arrives(tmp_path: Path, s3: S3, path: str) -> None:
    """Names with any characters arrive unchanged."""
    ours = blog(tmp_path, bucket := s3.bucket(), s3.address)
    ours.write(path, "x")
    assert ours.publish().error == ""
    assert s3.read(f"{bucket}/{path}") == b"x"


def none(_: int) -> str:
    return ""


def test_only_changes_are_sent(tmp_path: Path, s3: S3) -> None:
    """A run sends changed files, removes unwanted ones, and changes no others."""
    bucket = s3.bucket()
    with between(s3.port, none) as server:
        ours = blog(tmp_path, bucket, server.address)
        for name in ("a.xml", "b.xml", "c.xml"):
            ours.write(name, "old")
        s3.request("PUT", f"{bucket}/mine.xml").close()
        ours.publish()
        ours.write("a.xml", "new")
        ours.remove("b.xml")
        server.seen.clear()
        delivery = ours.publish()
        seen = sorted(line.replace(f"/{bucket}", "") for line in server.seen)
    assert (delivery.sent, delivery.removed, delivery.unchanged) == (("a.xml",), ("b.xml",), 1)
    assert seen == ["DELETE /b.xml", "HEAD /a.xml", "HEAD /b.xml", "PUT /a.xml"]
    held = [s3.read(f"{bucket}/{name}.xml") for name in ("a", "b", "c", "mine")]
    assert held == [b"new", None, b"old", b""]


def test_feeds_come_after_what_they_refer_to(tmp_path: Path, s3: S3) -> None:
    """Feeds are sent after pages, and lists of feeds after feeds."""
    with between(s3.port, none) as server:
        ours = blog(tmp_path, s3.bucket(), server.address)
        ours.write("feeds.opml", "<opml/>")
        for n in range(12):
            ours.write(f"{n}.xml", FEED)
            ours.write(f"{n}.css", "a {}")
        ours.publish()
        kinds = [line.rpartition(".")[2] for line in server.seen if line.startswith("PUT")]
    assert kinds == ["css"] * 12 + ["xml"] * 12 + ["opml"]


@pytest.mark.parametrize("fault", ["500", "503", "close"])
def test_passing_fault_is_overcome(tmp_path: Path, s3: S3, fault: str) -> None:
    """A request that fails once is retried in the same run."""
    bucket = s3.bucket()
    with between(s3.port, lambda n: fault if n == 1 else "") as server:
        ours = blog(tmp_path, bucket, server.address, timeout=5)
        ours.write("a.xml", "xx")
        assert ours.publish().error == ""
    assert s3.read(f"{bucket}/a.xml") == b"xx"


@pytest.mark.parametrize("fault", ["500", "503", "close", "stall", "403"])
def test_failure_half_way_is_completed(tmp_path: Path, s3: S3, fault: str) -> None:
    """Confirmed files stay confirmed; the next run does the rest."""
    bucket = s3.bucket()
    with between(s3.port, none) as server:
        ours = blog(tmp_path, bucket, server.address, timeout=0.5)
        ours.write("gone.xml", "old")
        ours.write("feeds.opml", "<opml>old")
        ours.publish()
        ours.remove("gone.xml")
        ours.write("feeds.opml", "<opml>new")
        for name in ("a.css", "atom.xml"):
            ours.write(name, FEED)
        server.count, server.fault = 0, lambda n: fault if n > 2 else ""
        delivery = ours.publish()
        assert delivery.error
        assert delivery.transient is (fault != "403")
        assert (delivery.sent, len(delivery.pending)) == (("a.css",), 3)
        assert s3.read(f"{bucket}/feeds.opml") == b"<opml>old"
        server.fault = none
        delivery = ours.publish()
    assert delivery.error == ""
    assert (delivery.sent, delivery.removed) == (("atom.xml", "feeds.opml"), ("gone.xml",))
    assert s3.read(f"{bucket}/feeds.opml") == b"<opml>new"
    assert s3.read(f"{bucket}/gone.xml") is None


def test_run_stops_on_request(tmp_path: Path, s3: S3) -> None:
    """At a stop only files under way are finished; the next run continues."""
    with between(s3.port, none) as server:
        ours = blog(tmp_path, bucket := s3.bucket(), server.address)
        ours.write("a.css", "x")
        ours.write("atom.xml", FEED)
        delivery = ours.publish(stopped=lambda: server.count > 0)
        assert (delivery.sent, delivery.pending) == (("a.css",), ("atom.xml",))
        assert delivery.transient
        assert ours.publish().sent == ("atom.xml",)
    assert s3.read(f"{bucket}/atom.xml") == FEED.encode()


def test_store_that_refuses_connections(tmp_path: Path) -> None:
    """An unreachable store is a transient error that names it."""
    ours = blog(tmp_path, "b", f"http://127.0.0.1:{free_port()}", timeout=0.5)
    ours.write("a.xml")
    delivery = ours.publish()
    assert delivery.transient
    assert delivery.error.startswith("s3://b/ at http://127.0.0.1:")
    assert delivery.pending == ("a.xml",)


def test_missing_bucket_is_named(tmp_path: Path, s3: S3) -> None:
    """A missing bucket is a lasting error."""
    ours = blog(tmp_path, "nobody", s3.address)
    ours.write("a.xml")
    delivery = ours.publish()
    assert "nobody" in delivery.error
    assert "no such bucket" in delivery.error
    assert not delivery.transient


def test_foreign_object_is_noticed(tmp_path: Path, s3: S3) -> None:
    """An object replaced by others before the check is not confirmed."""
    bucket = s3.bucket()

    def meddle(n: int) -> str:
        if n == 2:
            s3.request("PUT", f"{bucket}/a.xml").close()
        return ""

    with between(s3.port, meddle) as server:
        ours = blog(tmp_path, bucket, server.address)
        ours.write("a.xml", "x")
        assert "has 0 bytes there, but 1 here" in ours.publish().error
        assert ours.publish().sent == ("a.xml",)
    assert s3.read(f"{bucket}/a.xml") == b"x"


def test_object_that_was_never_ours_stays(tmp_path: Path, s3: S3) -> None:
    """After an interrupted run, an object that we did not send is not removed."""
    bucket = s3.bucket()
    with between(s3.port, lambda n: "403" if n < 2 else "") as server:
        ours = blog(tmp_path, bucket, server.address)
        ours.write("a.xml", "x")
        assert ours.publish().error
        s3.request("PUT", f"{bucket}/a.xml").close()
        ours.remove("a.xml")
        ours.write("b.xml", "x")
        assert ours.publish().error == ""
    assert s3.read(f"{bucket}/a.xml") == b""


def test_credentials_are_never_shown(tmp_path: Path) -> None:
    """No report and no state file contains a secret."""
    ours = blog(tmp_path, "b", f"http://127.0.0.1:{free_port()}", timeout=0.2)
    ours.write("a.xml")
    assert SECRET not in repr(ours.publish())
    for path in ours.config.state_folder.rglob("*.json"):
        assert SECRET not in path.read_text(encoding="utf-8")


def test_shared_credentials_file_is_read(tmp_path: Path, s3: S3) -> None:
    """Without keys in the environment, the named profile's keys are used."""
    (tmp_path / ".aws").mkdir()
    text = f"[blog]\naws_access_key_id = AKIA\naws_secret_access_key = {SECRET}\n"
    (tmp_path / ".aws/credentials").write_text(text, encoding="utf-8")
    ours = blog(tmp_path, s3.bucket(), s3.address)
    ours.write("a.xml")
    ours.environ = {"HOME": str(tmp_path), "AWS_PROFILE": "blog"}
    assert ours.publish().error == ""
    ours.environ["AWS_PROFILE"] = "other"
    delivery = ours.publish(again=True)
    assert "has no profile [other]" in delivery.error


def test_store_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    """Incomplete credentials are an error before anything is sent."""
    ours = blog(tmp_path, "b", "https://localhost")
    ours.environ = {"AWS_ACCESS_KEY_ID": "AKIA"}
    ours.write("a.xml")
    assert "Missing SecretAccessKey" in ours.publish().error


AZURE = {"kind": "azure", "name": "az", "container": "$web", "account": "a", "allow_http": True}
GCS = {"kind": "gcs", "name": "gs", "bucket": "b", "allow_http": True}


@pytest.mark.parametrize(
    ("target", "environ"),
    [
        (AZURE, {"AZURE_STORAGE_ACCOUNT_KEY": "c2VjcmV0LWtleQ=="}),
        (AZURE, {"AZURE_STORAGE_SAS_KEY": "sv=1&sig=c2VjcmV0LWtleQ"}),
        (GCS, {"GOOGLE_SERVICE_ACCOUNT_KEY": "c2VjcmV0LWtleQ=="}),
        (GCS, {"GOOGLE_APPLICATION_CREDENTIALS": "nowhere.json"}),
    ],
)
def test_other_stores_show_no_secrets(
    tmp_path: Path, target: dict[str, Any], environ: dict[str, str]
) -> None:
    """An error of an unreachable or invalid store contains no secret."""
    endpoint = f"http://127.0.0.1:{free_port()}"
    ours = Blog(tmp_path, {**target, "endpoint": endpoint, "timeout": 0.2})
    ours.environ = environ
    ours.write("a.xml")
    delivery = ours.publish()
    assert delivery.error
    assert "c2VjcmV0LWtleQ" not in repr(delivery)
