"""The readers, one a row."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from msgspec import Struct

from syndicate.model import Format, Post
from tests.programs import lacking, need_module, need_program, node_modules

from .commands import NODE, of_newsboat, of_node, of_ruby, of_sfeed
from .modules import of_atoma, of_fastfeedparser, of_feedparser, of_podcastparser, of_reader, once
from .seen import Seen, Subscription, as_posted, as_updated, untagged

__all__ = ["CLIENTS", "Client"]

XML: tuple[Format, ...] = ("atom", "rss")
ALL: tuple[Format, ...] = ("atom", "rss", "json")


class Client(Struct, frozen=True):
    """A reader and the formats that it knows.

    `need` skips the test where it is not installed. `subscribe` takes a feed's address and a
    folder for what the reader keeps. `sees` is what it shows of a post. One that `polls` says
    which state it has, after as many fetches as it `learns` by.
    """

    name: str
    formats: tuple[Format, ...]
    need: Callable[[], object]
    subscribe: Callable[[str, Path], Subscription]
    sees: Callable[[Post], Seen] = as_posted
    polls: bool = False
    learns: int = 1
    takes_parts: bool = False
    """Whether it asks for the new entries alone (RFC 3229)."""


def need_reader() -> None:
    need_module("reader")
    import feedparser_sgmllib

    # reader's own copy of feedparser asks for this module under its older name.
    sys.modules.setdefault("sgmllib", feedparser_sgmllib)


def need_sfeed() -> None:
    need_program("sfeed_update", "sfeed")
    need_program("curl")


@cache
def ruby_has_rss() -> bool:
    command = ["ruby", "-rrss", "-e", ""]
    return not subprocess.run(command, check=False, capture_output=True).returncode


def need_ruby() -> None:
    need_program("ruby")
    if not ruby_has_rss():
        lacking("Ruby's rss is not installed (apt install ruby-rss, or gem install rss)")


def need_node() -> None:
    need_program("node", "nodejs")
    node_modules(NODE)


def module(
    name: str, formats: tuple[Format, ...], subscribe: Callable[[str, Path], Subscription]
) -> Client:
    """A Python module that keeps nothing."""
    return Client(name, formats, partial(need_module, name), subscribe)


def npm(name: str, formats: tuple[Format, ...], sees: Callable[[Post], Seen] = as_posted) -> Client:
    """A package from npm."""
    return Client(f"npm-{name}", formats, need_node, partial(of_node, name), sees)


CLIENTS = (
    Client(
        "feedparser",
        XML,  # version 6 knows no JSON Feed
        partial(need_module, "feedparser"),
        of_feedparser,
        polls=True,
        takes_parts=True,
    ),
    Client("reader", ALL, need_reader, of_reader, polls=True, takes_parts=True),
    module("fastfeedparser", ALL, once(of_fastfeedparser)),
    module("atoma", ALL, once(of_atoma)),
    module("podcastparser", XML, once(of_podcastparser)),
    Client(
        "newsboat",
        XML,
        partial(need_program, "newsboat"),
        of_newsboat,
        polls=True,
        learns=2,  # it notes validators beside what it knows of a feed: nothing, the first time
        takes_parts=True,
    ),
    Client("sfeed", XML, need_sfeed, of_sfeed, polls=True),
    Client("ruby-rss", XML, need_ruby, of_ruby),
    npm("rss-parser", XML),
    npm("feedparser", XML, untagged),
    npm("feedsmith", ALL),
    npm("htmlparser2", ("rss",)),
    npm("htmlparser2", ("atom",), as_updated),
)
