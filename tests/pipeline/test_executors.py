"""Whoever shares the work: the same bytes, and the same report."""

import locale
import shutil
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from msgspec.structs import replace

import syndicate
from syndicate import Report
from syndicate.errors import BuildStopped, OutputError
from syndicate.feeds import channel
from syndicate.pipeline import entries
from syndicate.pipeline.processes import WORTH_SHARING, Forks, Workers, processes
from tests.conftest import NOW

POST = """---
title: Post {n}
date: 2024-01-01 08:00:00 +0{n:.1}00
tags: [t{tag}]
---
*Text* {n} {{% include note.html %}} {{% odd %}}

<!-- 文 -->
"""


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough posts for the work to be shared out, some of them with faults."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "_posts").mkdir()
    (folder / "_includes").mkdir()
    (folder / "_includes/note.html").write_text("<b>Note</b>", encoding="utf-8")
    (folder / "_config.yml").write_text("title: T\nurl: https://example.org\n", encoding="utf-8")
    for number in range(WORTH_SHARING + 50):
        text = POST.format(n=str(number), tag=number % 7)
        text = text if number % 90 else "---\ntitle: [Bad\ndate: 2024-01-01\n---\n"
        name = f"2024-01-01-p{number:04}.md"
        (folder / "_posts" / name).write_text(text, encoding="utf-8")
    return folder


def built(blog: Path, folder: Path, executor: Workers) -> tuple[Report, Mapping[str, bytes]]:
    settings = {"output.path": str(folder / "o"), "state.path": str(folder / "s")}
    shape = {"feeds.limit": 0, "feeds.by": ["tag"], "feeds.pages": False}
    report = syndicate.build(blog, settings={**shape, **settings}, now=NOW, executor=executor)
    files = [path for path in (folder / "o").rglob("*") if path.is_file()]
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return replace(report, changes=()), contents


@pytest.fixture(scope="module")
def in_line(
    blog: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Mapping[str, bytes]]:
    return built(blog, tmp_path_factory.mktemp("in-line"), None)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Executor]:
    """Two workers of a Dask cluster on this machine."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    local = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    )
    with local, distributed.Client(local) as client, client.get_executor() as executor:
        yield executor


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")
def test_forks_give_the_same_bytes(
    blog: Path, in_line: tuple[Report, Mapping[str, bytes]], tmp_path: Path
) -> None:
    """Children by fork write what one process alone does."""
    assert built(blog, tmp_path, Forks(3)) == in_line


def test_a_process_of_several_threads_does_not_fork(
    blog: Path, in_line: tuple[Report, Mapping[str, bytes]], tmp_path: Path
) -> None:
    """Beside another thread, as in the daemon, a pool of processes gives the same bytes."""
    over = Event()
    other = Thread(target=over.wait)
    other.start()
    with processes() as executor:
        assert executor is None or isinstance(executor, Executor)
        assert built(blog, tmp_path, executor) == in_line
    over.set()
    other.join()


def test_threads_give_the_same_bytes(
    blog: Path, in_line: tuple[Report, Mapping[str, bytes]], tmp_path: Path
) -> None:
    """Threads do too, and leave the locale of the process as it was."""
    before = locale.setlocale(locale.LC_ALL)
    with ThreadPoolExecutor(4) as executor:
        assert built(blog, tmp_path, executor) == in_line
    assert locale.setlocale(locale.LC_ALL) == before


def test_a_cluster_gives_the_same_bytes(
    blog: Path, in_line: tuple[Report, Mapping[str, bytes]], cluster: Executor, tmp_path: Path
) -> None:
    """So do the workers of a Dask cluster, which share nothing with us but the disk."""
    assert built(blog, tmp_path, cluster) == in_line


def test_an_executor_that_fails_leaves_the_feeds_alone(blog: Path, tmp_path: Path) -> None:
    """Work that cannot be handed out is an error, and nothing is written."""
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        built(blog, tmp_path, executor)
    assert not (tmp_path / "o").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")
def test_the_guard_finds_the_same_in_children(blog: Path, tmp_path: Path) -> None:
    """Feeds whose entries would appear once more stop the build, and nothing is left over."""
    own = tmp_path / "blog"
    shutil.copytree(blog, own)
    (own / "_config.yml").write_text("title: T\nurl: https://tea.example\n", encoding="utf-8")
    workers: tuple[tuple[str, Workers], ...] = (("line", None), ("forks", Forks(2)))
    for name, executor in workers:
        built(own, tmp_path / name, executor)
    for number, post in enumerate((own / "_posts").iterdir()):
        text = post.read_text(encoding="utf-8")
        post.write_text(f"---\nid: tag:new,2024:{number}{text[3:]}", encoding="utf-8")
    stopped = []
    for name, executor in workers:
        with pytest.raises(BuildStopped, match="once more under other ids") as caught:
            built(own, tmp_path / name, executor)
        stopped.append(caught.value.what)
        assert not list(tmp_path.rglob("*.part"))
    assert stopped[0] == stopped[1]


def test_feeds_that_memory_may_not_hold_have_the_same_bytes(
    blog: Path,
    in_line: tuple[Report, Mapping[str, bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Entries that are read again for each format are written as those in memory are."""
    monkeypatch.setattr(entries, "_LARGE_BYTES", 1_000)
    monkeypatch.setattr(channel, "_PIECE_BYTES", 1_000)
    assert built(blog, tmp_path, None) == in_line


@pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")
def test_what_cannot_be_written_is_named_as_without_children(blog: Path, tmp_path: Path) -> None:
    """A file in the place of a folder stops the build, and nothing is left over."""
    for name, executor in (("line", None), ("forks", Forks(2))):
        folder = tmp_path / name
        (folder / "o").mkdir(parents=True)
        (folder / "o/tag").write_text("mine", encoding="utf-8")
        with pytest.raises(OutputError, match=r"o/tag/t\d: cannot be written \(Not a directory\)"):
            built(blog, folder, executor)
        assert [path.name for path in (folder / "o").rglob("*")] == ["tag"]
