"""The really built example blog in real browsers: over our own server, and from the disk."""

import os
import re
import shutil
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

import pytest

pytest.importorskip("uvicorn", reason="the extra [serve] is not installed")

from syndicate import Report
from syndicate.config.load import load
from syndicate.serve.folder import folder_of
from syndicate.serve.server import FolderServer, listen
from tests.conftest import BLOG

from .chromium import FITS, VIEWS, complaints, needs_chromium, requests, show, violations
from .firefox import FIREFOX, Firefox, firefox

FIRST_FLIGHT = 14_600
"""Bytes that a server sends before it hears from the client (RFC 6928)."""
PAGES = ("feeds/index.html", "feeds/category/观测.html", "feeds/author/水野遥.html")
FEEDS = ("atom.xml", "category/观测/rss.xml")
READ = "return [...document.querySelectorAll('entry > *, item > *')]" \
    ".filter(each => each.getClientRects().length).map(each => each.localName)"  # fmt: skip
PAINTED = """new PerformanceObserver(list => {
  const found = list.getEntriesByName("first-contentful-paint");
  if (found.length) arguments[0](found[0].startTime);
}).observe({ type: "paint", buffered: true })"""
SHOWN = {
    "atom.xml": {"title", "published", "summary"},
    "rss.xml": {"title", "pubDate", "description"},
}


@pytest.fixture(scope="module")
def site(
    example: tuple[Report, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Where the blog's feeds are, beside its pictures: on the server, and on the disk."""
    folder = tmp_path_factory.mktemp("site")
    _, output = example
    shutil.copytree(output.parent, folder, dirs_exist_ok=True)
    shutil.copytree(BLOG / "assets", folder / "output" / "assets")
    config = load(folder, settings=[("state.path", "state")])
    server = FolderServer(folder_of(config))
    with listen("127.0.0.1", 0) as opened:
        thread = Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        try:
            http = f"http://127.0.0.1:{opened.getsockname()[1]}/"
            yield {"http": http, "disk": f"{config.output_folder.as_uri()}/"}
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module", params=["light", "dark"])
def fox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Firefox]:
    """A Firefox."""
    if not FIREFOX and not os.environ.get("CI"):
        pytest.skip("Firefox is not installed (apt install firefox-esr)")
    folder = tmp_path_factory.mktemp("firefox")
    with firefox(folder, dark=request.param == "dark") as found:
        yield found


@needs_chromium
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("where", ["http", "disk"])
def test_a_page_is_right_wherever_it_lies(
    browser: Any, site: dict[str, str], axe: str, where: str, path: str, view: str
) -> None:
    """Accessible, whole, silent, and asking nobody else, with all its pictures."""
    show(browser, site[where] + quote(path), view)
    asked = requests(browser)
    assert [url for url in asked if not url.startswith((site[where], "data:"))] == []
    assert complaints(browser) == []
    assert browser.execute_script(FITS)
    assert violations(browser, axe) == []


def test_every_link_leads_somewhere(site: dict[str, str]) -> None:
    """From "/" on, all pages are reached, and every file of ours that they link is there."""
    base, seen, left = site["http"], set[str](), {site["http"]}
    while left:
        url = left.pop()
        seen.add(url)
        with urllib.request.urlopen(url) as answer:
            assert answer.status == 200
            if answer.headers["content-type"].startswith("text/html"):
                found = re.findall(r'<a [^>]*?href="([^"]*)"', answer.read().decode())
                ours = (urldefrag(urljoin(answer.url, unescape(each)))[0] for each in found)
                quoted = {quote(each, safe="/:%") for each in ours if each.startswith(base)}
                left |= quoted - seen
    assert len([url for url in seen if "/feeds/" in url]) == 140
    assert len([url for url in seen if url.endswith(".xml")]) == 280


@needs_chromium
@pytest.mark.parametrize("where", ["http", "disk"])
def test_copy_works_wherever_the_page_lies(browser: Any, site: dict[str, str], where: str) -> None:
    """The inline script is run: no policy, of page or server, is in its way."""
    from selenium.webdriver.common.by import By

    granted = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", granted)
    show(browser, site[where] + PAGES[0])
    browser.find_element(By.CSS_SELECTOR, "button[data-of=atom]").click()
    read = "navigator.clipboard.readText().then(arguments[0])"
    copied = browser.execute_async_script(read)
    assert copied == "https://notes.example.org/journal/atom.xml"
    assert complaints(browser) == []


@needs_chromium
@pytest.mark.parametrize("path", ["", "feed", "category/观测/feed"])
def test_a_browser_is_given_the_page(browser: Any, site: dict[str, str], path: str) -> None:
    """At the front, and at the one address of a feed's formats."""
    show(browser, site["http"] + quote(path))
    assert browser.execute_script("return document.querySelectorAll('button.copy').length") == 3
    assert complaints(browser) == []


@needs_chromium
@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("where", ["http", "disk"])
def test_a_feed_can_be_read_by_people(
    browser: Any, site: dict[str, str], where: str, path: str
) -> None:
    """Styled, in order, without a word in the console."""
    show(browser, site[where] + quote(path), "dark-phone")
    assert set(browser.execute_script(READ)) == SHOWN[path.rpartition("/")[2]]
    assert complaints(browser) == []


@needs_chromium
def test_a_page_comes_with_the_first_flight(
    browser: Any, site: dict[str, str], record_property: Any
) -> None:
    """Compressed it fits what a server sends unasked; whole it is below 50 KB; one request."""
    for path in PAGES[:2]:
        browser.execute_cdp_cmd("Network.clearBrowserCache", {})
        show(browser, site["http"] + quote(path))
        page = browser.execute_script(
            "return performance.getEntriesByType('navigation')[0].toJSON()"
        )
        more = browser.execute_script(
            "return performance.getEntriesByType('resource').map(each => each.name)"
        )
        paint = browser.execute_async_script(PAINTED)
        size = f"{page['transferSize']} of {page['decodedBodySize']} bytes"
        record_property(path, f"{size}, painted after {paint:.0f} ms")
        assert 0 < page["transferSize"] < FIRST_FLIGHT
        assert 0 < page["decodedBodySize"] < 50_000
        assert [name for name in more if not name.endswith(".png")] == []


@pytest.mark.parametrize("where", ["http", "disk"])
def test_firefox_shows_pages_and_feeds_as_well(
    fox: Firefox, site: dict[str, str], axe: str, where: str
) -> None:
    """Accessible, whole, silent, asking nobody else; feeds can be read."""
    for number, path in enumerate(PAGES):
        fox.show(site[where] + quote(path), width=(1440, 800, 450)[number])
        _keep(fox, f"{where}-{path}")
        asked = [
            url for url in fox.requests if not url.endswith("/favicon.ico")
        ]  # of its own accord
        assert [url for url in asked if _is_elsewhere(url, site[where])] == []
        assert fox.complaints == []
        assert fox.run(FITS)
        fox.run(f"{axe}; window.axe = axe; return 0")
        found = fox.run("return (await axe.run()).violations.map(each => each.id)")
        assert found == []
    for path in FEEDS:
        fox.show(site[where] + quote(path))
        _keep(fox, f"{where}-{path}")
        assert set(fox.run(READ)) == SHOWN[path.rpartition("/")[2]]
        assert fox.complaints == []


@pytest.mark.parametrize("where", ["http", "disk"])
def test_firefox_copies_as_well(fox: Firefox, site: dict[str, str], where: str) -> None:
    """The button says that it did."""
    fox.show(site[where] + PAGES[0])
    fox.run("document.querySelector('button[data-of=rss]').click(); return 0")
    said = fox.run(
        "for (let n = 0; n < 100 && !document.getElementById('said').textContent; n++)"
        " await new Promise(done => setTimeout(done, 20));"
        " return document.getElementById('said').textContent"
    )
    assert said == "Copied"
    assert fox.complaints == []


def _is_elsewhere(url: str, base: str) -> bool:
    return url.startswith("http") and not url.startswith(base)


def _keep(fox: Firefox, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        dark = fox.run("return matchMedia('(prefers-color-scheme: dark)').matches")
        plain = re.sub(r"\W+", "-", name)
        fox.keep(Path(folder) / f"firefox-{plain}-{'dark' if dark else 'light'}.png")
