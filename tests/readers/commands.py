"""Feed readers that are programs, each with a home of its own."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from shlex import quote

from .seen import Seen, Subscription, at

__all__ = ["NODE", "of_newsboat", "of_node", "of_ruby", "of_sfeed"]

HERE = Path(__file__).parent
NODE = HERE / "node"


def run(home: Path, *command: str) -> str:
    """What a program prints that knows nothing of who runs the tests."""
    known = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    done = subprocess.run(
        command, check=False, env=known, capture_output=True, text=True, timeout=60
    )
    assert not done.returncode, done.stderr
    return done.stdout


def of_newsboat(url: str, folder: Path) -> Subscription:
    """What it shows is in its cache."""
    urls, shown, settings = (folder / name for name in ("urls", "cache.db", "config"))
    urls.write_text(f"{url}\n", encoding="utf-8")
    settings.touch()
    files = ("-u", str(urls), "-c", str(shown), "-C", str(settings))

    def fetch() -> Iterable[Seen]:
        run(folder, "newsboat", "-q", *files, "-x", "reload")
        with closing(sqlite3.connect(shown)) as connection:
            rows = connection.execute("SELECT guid, title, url, pubDate FROM rss_item").fetchall()
        return [Seen(*texts, at(date)) for *texts, date in rows]

    return fetch


def of_sfeed(url: str, folder: Path) -> Subscription:
    """What it shows are lines of fields; how it fetches is up to its owner's settings."""
    etag = '"$3.etag"'
    settings = folder / "sfeedrc"
    settings.write_text(
        f"sfeedpath={quote(str(folder))}\n"
        f'fetch() {{ curl -fs --compressed --etag-save {etag} --etag-compare {etag} "$2"; }}\n'
        f"feeds() {{ feed notes {quote(url)}; }}\n",
        encoding="utf-8",
    )

    def fetch() -> Iterator[Seen]:
        run(folder, "sfeed_update", str(settings))
        for line in (folder / "notes").read_text(encoding="utf-8").splitlines():
            date, title, link, _content, _type, name, *_ = line.split("\t")
            yield Seen(name, title, link, at(date))

    return fetch


def of_ruby(url: str, folder: Path) -> Subscription:
    """Ruby's own library; see read.rb."""
    return lambda: rows_of(run(folder, "ruby", str(HERE / "read.rb"), url))


def of_node(name: str, url: str, folder: Path) -> Subscription:
    """A reader from npm; see node/read.mjs."""
    return lambda: rows_of(run(folder, "node", str(NODE / "read.mjs"), name, url))


def rows_of(text: str) -> Iterator[Seen]:
    """The entries in a JSON array of arrays."""
    for *texts, date in json.loads(text):
        yield Seen(*texts, datetime.fromisoformat(date))
