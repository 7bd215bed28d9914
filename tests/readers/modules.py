"""Feed readers that are Python modules, imported when they are used."""

import urllib.request
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from .seen import Seen, Subscription, at

__all__ = [
    "of_atoma",
    "of_fastfeedparser",
    "of_feedparser",
    "of_podcastparser",
    "of_reader",
    "once",
]


def once(read: Callable[[str], Iterable[Seen]]) -> Callable[[str, Path], Subscription]:
    """The subscription of a reader that keeps nothing."""
    return lambda url, _folder: partial(read, url)


def of_feedparser(url: str, _folder: Path) -> Subscription:
    """What it says of the answer is said at the next fetch; entries are kept here."""
    import feedparser

    known: dict[str, Seen] = {}
    last: dict[str, str | None] = {"etag": None, "modified": None}

    def fetch() -> Iterable[Seen]:
        found = feedparser.parse(url, **last)
        assert not found.bozo
        last.update({name: found.get(name, value) for name, value in last.items()})
        for entry in found.entries:
            date = datetime(*entry.published_parsed[:6], tzinfo=UTC)
            known[entry.id] = Seen(entry.id, entry.title, entry.link, date)
        return known.values()

    return fetch


def of_reader(url: str, folder: Path) -> Subscription:
    """Its own update cycle, with a database that is opened anew each time."""
    from reader import make_reader

    file = str(folder / "reader.db")
    with make_reader(file) as reader:
        reader.add_feed(url)

    def fetch() -> Iterable[Seen]:
        with make_reader(file) as reader:
            reader.update_feed(url)
            return [Seen(e.id, e.title, e.link, e.published) for e in reader.get_entries()]

    return fetch


def of_fastfeedparser(url: str) -> Iterator[Seen]:
    """It fetches by itself."""
    import fastfeedparser

    for entry in fastfeedparser.parse(url).entries:
        yield Seen(entry.id, entry.title, entry.link, datetime.fromisoformat(entry.published))


def of_atoma(url: str) -> Iterator[Seen]:
    """It reads what others fetch, and has a door for each format."""
    import atoma

    with urllib.request.urlopen(url) as answer:
        data = answer.read()
    if url.endswith(".json"):
        for item in atoma.parse_json_feed_bytes(data).items:
            yield Seen(item.id_, item.title, item.url, item.date_published)
    elif url.endswith("rss.xml"):
        for item in atoma.parse_rss_bytes(data).items:
            yield Seen(item.guid, item.title, item.link, item.pub_date)
    else:
        for entry in atoma.parse_atom_bytes(data).entries:
            yield Seen(entry.id_, entry.title.value, entry.links[0].href, entry.published)


def of_podcastparser(url: str) -> Iterator[Seen]:
    """Every entry is an episode to it, even without a sound."""
    import podcastparser

    with urllib.request.urlopen(url) as answer:
        found = podcastparser.parse(url, answer)
    for each in found["episodes"]:
        yield Seen(each["guid"], each["title"], each["link"], at(each["published"]))
