"""Feeds found from one address, what made them, and where ours go."""

from pathlib import Path

import pytest

from syndicate.cli.moving import fetcher
from syndicate.cli.moving.fetcher import Fetcher
from syndicate.cli.moving.generators import GENERATORS, recognise
from syndicate.cli.moving.online import find
from syndicate.cli.moving.proposal import Settings, applied, layout_for, stands
from syndicate.config.schema import Config
from syndicate.errors import SyndicateError
from syndicate.model import Format
from syndicate.reading.adopt import SpentError, host_of
from syndicate.reading.read_feed import FeedError, ReadEntry, ReadFeed
from tests.loopback import serving
from tests.reading.feeds import item, rss

SITE = "https://tea.example"


class Web(dict[str, bytes]):
    """Pages by their paths on https://tea.example."""

    def __call__(self, url: str) -> bytes:
        if url.removeprefix(SITE) not in self:
            raise SyndicateError(url, "answers 404")
        return self[url.removeprefix(SITE)]


def feed(generator: str = "", *ids: str, format: str = "rss", **more: str) -> ReadFeed:  # noqa: A002
    entries = tuple(ReadEntry(each, url=each) for each in ids)
    return ReadFeed(format, generator=generator, entries=entries, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("read", "path", "name"),
    [
        (feed("Jekyll https://jekyllrb.com/", format="atom", id=f"{SITE}/feed.xml",
              home=f"{SITE}/"), "", "jekyll-feed"),
        (feed("Jekyll https://jekyllrb.com/", format="atom", id=f"{SITE}/", home=f"{SITE}/"),
         "", "chirpy"),
        (feed("Jekyll v3.8.5"), "", "jekyll"),
        (feed("Hugo -- gohugo.io"), "", "hugo"),
        (feed("Hugo"), "", "hugo"),
        (feed("Hexo https://hexo.io/", format="atom"), "", "hexo"),
        (feed("http://hexo.io/"), "", "hexo"),
        (feed("Pelican"), "", "pelican"),
        (feed("Nikola (getnikola.com)"), "", "nikola"),
        (feed("Zola https://www.getzola.org/", format="atom"), "", "zola"),
        (feed("https://wordpress.org/?v=6.4"), "", "wordpress"),
        (feed("https://github.com/jpmonette/feed"), "", "docusaurus"),
        (feed("", f"{SITE}/?p=12", f"{SITE}/?p=7"), "", "wordpress"),
        (feed("", "tag:tea.example,2025-01-01:/a.html"), "", "pelican"),
        (feed("", f"{SITE}/a"), "rss2.xml", "hexo"),
        (feed("", f"{SITE}/a"), "posts/index.xml", "hugo"),
        (feed("Somebody's own script", f"{SITE}/a"), "x.xml", ""),
    ],
)  # fmt: skip
def test_what_made_a_feed_is_recognised(read: ReadFeed, path: str, name: str) -> None:
    """By its generator element, the shape of its ids, or its path."""
    found = recognise(read, path)
    assert (found.name if found else "") == name


@pytest.mark.parametrize("name", GENERATORS)
def test_our_feeds_go_where_those_of_the_generator_are(name: str) -> None:
    """By the layout of its name, or by a table that names the paths."""
    row = GENERATORS[name]
    config = applied(Config(), Settings(layout_for(row, row.files), 0, ("atom", "rss", "json")))
    assert stands(config.feeds.paths, row, row.files)


def test_feeds_in_other_places_are_spelt_out() -> None:
    """The old paths, for the formats that there were; ours stay out of their way."""
    files: dict[Format, str] = {"atom": "blog/atom.xml", "rss": "blog/rss.xml"}
    assert layout_for(GENERATORS["docusaurus"], files) == {"like": "default", "all": files}
    taken: dict[Format, str] = {"rss": "atom.xml"}
    expected = {"like": "default", "all": {"rss": "atom.xml", "atom": "feed.atom"}}
    assert layout_for(None, taken) == expected


def test_linked_feeds_are_found() -> None:
    """Those of the head and the text of the home page; other hosts and comments are not."""
    page = (
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        '<a href="/category/tea/feed.xml">Tea</a><a href="https://other.example/feed.xml">x</a>'
        '<a href="/comments/feed.xml">c</a><a href="/sitemap.xml">s</a>'
        '<a href="/gone/feed.xml">g</a>'
    )
    web = Web({"/": page.encode(), "/rss.xml": rss(item("a")), "/comments/feed.xml": rss(item("c")),
               "/category/tea/feed.xml": rss(item("a"), item("b"))})  # fmt: skip
    for source in (f"{SITE}/rss.xml", f"{SITE}/"):
        found = find([source], web, site=SITE)
        assert [(each.path, each.main) for each in found.feeds] == [
            ("rss.xml", True),
            ("category/tea/feed.xml", False),
        ]
    assert [problem.path for problem in found.problems] == [f"{SITE}/gone/feed.xml"]


def test_a_page_without_feeds_is_refused() -> None:
    """Nothing is adopted by mistake."""
    with pytest.raises(FeedError):
        find([f"{SITE}/"], Web({"/": b"<p>Tea</p>"}))


def test_files_ask_nothing_of_the_network(tmp_path: Path) -> None:
    """A feed in a file leads nowhere."""
    file = tmp_path / "feed.xml"
    file.write_bytes(rss(item("a")))
    assert [each.source for each in find([str(file)], Web()).feeds] == [str(file)]


@pytest.mark.parametrize("bound", ["MAX_REQUESTS", "MAX_TOTAL"])
def test_one_adoption_asks_only_so_much(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """All requests together are bounded in number and in bytes; each address is asked once."""
    monkeypatch.setattr(fetcher, bound, 2)
    with serving(lambda handler: handler.reply(200, b"x")) as server:
        ask = Fetcher(frozenset((host_of(server.url),)))
        assert [ask(f"{server.url}/{name}") for name in ("a", "b", "a")] == [b"x"] * 3
        with pytest.raises(SpentError, match="used up"):
            ask(f"{server.url}/c")
        assert len(server.asked) == 2


def test_one_adoption_takes_only_so_long() -> None:
    """The time of all requests together is bounded, and each may take what is left."""
    with serving(lambda handler: handler.reply(200)) as server:
        with pytest.raises(SpentError):
            Fetcher(frozenset((host_of(server.url),)), seconds=0)(server.url)
        assert not server.asked


def test_only_hosts_that_were_named_may_be_private() -> None:
    """A feed's links lead to no server of this machine."""
    with serving(lambda handler: handler.reply(200)) as server:
        with pytest.raises(SyndicateError, match="private"):
            Fetcher(frozenset(("tea.example",)))(server.url)
        assert not server.asked
