"""A thousand readers with different states: what each gets by RFC 3229, beside the whole feed.

    python -m benchmarks.parts_serve [READERS] [STATES]

A feed of 20 entries of about 2 KB goes through its states; most bring a post, some change one.
Each reader then asks once, in one of the formats, with gzip. Exit code 1 where one did not get
exactly the entries that it lacks.
"""

import gzip
import http.client
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.serve import syndicate

KEPT = 20
WORDS = [f"word{number:x}" for number in range(4_000)]
Posts = dict[str, str]


def atom(posts: Posts) -> str:
    entries = "".join(
        f"<entry><id>urn:x:{name}</id><title>{name}</title><updated>2026-01-01T00:00:00Z</updated>"
        f'<content type="html">{text}</content></entry>\n'
        for name, text in posts.items()
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><title>F</title>'
    return f"{head}<updated>2026-01-01T00:00:00Z</updated>{entries}</feed>"


def rss(posts: Posts) -> str:
    items = "".join(
        f"<item><title>{name}</title><guid>urn:x:{name}</guid><description>{text}</description></item>\n"
        for name, text in posts.items()
    )
    head = "<title>F</title><link>https://example.org/</link><description>F</description>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


def json_feed(posts: Posts) -> str:
    items = [{"id": f"urn:x:{name}", "content_html": text} for name, text in posts.items()]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": items})


MAKERS: dict[str, Callable[[Posts], str]] = {
    "atom.xml": atom,
    "rss.xml": rss,
    "feed.json": json_feed,
}


def ask(port: int, path: str, tag: str = "") -> tuple[int, str, bytes]:
    """Status, tag and body, gzip."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept-Encoding": "gzip", "A-IM": "feed"} | ({"If-None-Match": tag} if tag else {})
    connection.request("GET", f"/{path}", headers=headers)
    with connection.getresponse() as answer:
        found = answer.status, str(answer.headers["ETag"]), answer.read()
    connection.close()
    return found


def text(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=280))


def main(readers: int, states: int) -> int:
    """Play it through; how many readers got something else than what they lack."""
    rng = random.Random(1)
    posts: Posts = {f"p{number}": text(rng) for number in range(KEPT)}
    known: list[tuple[dict[str, str], Posts]] = []
    with TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        with syndicate(Path(folder), root) as port:
            for state in range(states):
                if state % 5 == 4:
                    posts = posts | {rng.choice(list(posts)): text(rng)}
                else:
                    posts = {f"n{state}": text(rng), **dict(list(posts.items())[: KEPT - 1])}
                for path, make in MAKERS.items():
                    (root / f".{path}.part").write_text(make(posts), encoding="utf-8")
                    (root / f".{path}.part").replace(root / path)
                known.append(({path: ask(port, path)[1] for path in MAKERS}, posts))
            return _poll(port, rng, readers, known)


def _poll(
    port: int, rng: random.Random, readers: int, known: list[tuple[dict[str, str], Posts]]
) -> int:
    _, now = known[-1]
    whole = {path: len(ask(port, path)[2]) for path in MAKERS}
    statuses: Counter[int] = Counter()
    faults = sent = full = 0
    for reader in range(readers):
        path = list(MAKERS)[reader % len(MAKERS)]
        # Readers poll often: most have missed little.
        tags, had = known[-1 - min(len(known) - 1, int(rng.expovariate(1 / 8)))]
        status, _, body = ask(port, path, tags[path])
        lacks = [name for name, body in now.items() if had.get(name) != body]
        statuses[status] += 1
        sent += len(body)
        full += whole[path]
        faults += _names(body) != lacks or status != _wanted(len(lacks))
    print(
        f"{readers:,} readers, {len(known)} states: {dict(statuses.most_common())}; "
        f"{sent:,} bytes sent, {full:,} if whole ({sent / full:.1%}); {faults} faults"
    )
    return faults


def _wanted(lacks: int) -> int:
    if not lacks:
        return 304
    return 226 if lacks < KEPT else 200


def _names(body: bytes) -> list[str]:
    found = gzip.decompress(body).decode() if body else ""
    return re.findall(r"urn:x:(\w+)", found)


if __name__ == "__main__":
    numbers = [int(number) for number in sys.argv[1:3]]
    sys.exit(bool(main(*(numbers + [1_000, 120][len(numbers) :]))))
