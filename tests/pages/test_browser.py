"""The pages and the feeds of blogs in three languages, in Chromium."""

import re
import struct
import urllib.request
import zlib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec
import pytest

from syndicate.config.layouts import Layout
from syndicate.feeds.compose import assemble
from syndicate.model import Content, Image, Site
from syndicate.pages.build_pages import pages
from syndicate.pages.feed_links import front
from tests.feeds.samples import days
from tests.served import served

from .chromium import FITS, VIEWS, complaints, needs_chromium, requests, show, violations
from .samples import feeds

WORDS = {
    "en": ("Notes & Letters", "Under the dome", "The white has gone the colour of milk tea."),
    "zh-CN": ("小天文台手记", "看云", "圆顶从粮仓变来，至今十一年。常有人写信要图纸。"),
    "ar": ("ملاحظات", "أسماء النجوم", "سألتني مارتا: لماذا تحمل نجوم كثيرة أسماء عربية؟"),
}

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where blogs in three languages are served, each in a folder called as its language."""
    folder = tmp_path_factory.mktemp("site")
    with served(folder) as url:
        for language in WORDS:
            build(folder / language, url + language, language)
        (folder / "favicon.ico").write_bytes(b"")  # asked for by whoever opens a feed
        yield url


def build(folder: Path, url: str, language: str) -> None:
    """A blog of 30 posts in three categories, with pictures, one of which is not there."""
    title, name, words = WORDS[language]
    site = Site(title=title, url=url, description=words, language=language)
    posts = [
        msgspec.structs.replace(
            each,
            title=f"{name} {number}",
            url=f"{url}/{number}/",
            categories=(("云", "C++ & C#", "Kitchen")[number % 3],),
            image=Image(f"{url}/{'gone' if number == 29 else 'dome'}.png"),
        )
        for number, each in enumerate(days(30))
    ]
    made = feeds(posts, site, Content("<p>x</p>", words * 3, "<p>x</p>"))
    documents = [
        document
        for feed, entries in made
        for document in assemble(feed, entries, site=site, front=front(feed, site, Layout()))
    ]
    for document in (*documents, *pages(made, site=site, layout=Layout())):
        path = folder / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.data)
    (folder / "feeds.opml").write_text("<opml/>", encoding="utf-8")
    (folder / "dome.png").write_bytes(picture())


def picture() -> bytes:
    """A blue PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x35\x50\x7a" * 40) * 30
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


PAGES = ["en/feeds/index.html", "zh-CN/feeds/category/云.html", "ar/feeds/index.html"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_fits_and_asks_nobody_else(
    browser: Any, address: str, axe: str, path: str, view: str
) -> None:
    """axe-core finds nothing, the console is silent, nothing sticks out, no request leaves."""
    show(browser, address + path, view)
    asked = requests(browser)
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert complaints(browser) == []
    assert browser.execute_script(FITS)
    assert violations(browser, axe) == []


def test_a_page_is_one_request_and_its_pictures(browser: Any, address: str) -> None:
    """No style sheet, script, font or icon has to be fetched."""
    show(browser, address + PAGES[0])
    names = browser.execute_script(
        "return performance.getEntriesByType('resource').map(each => each.name)"
    )
    assert [name for name in names if not name.endswith(".png")] == []


def test_a_picture_that_is_not_there_leaves_no_hole(browser: Any, address: str) -> None:
    """It is taken away; the others are shown."""
    from selenium.webdriver.support.ui import WebDriverWait

    show(browser, address + PAGES[0])
    whole = "document.images.length === 9 && document.images[0].naturalWidth === 40"
    # That it is not there is only known when the server has said so.
    assert WebDriverWait(browser, 20, 0.05).until(lambda it: it.execute_script(f"return {whole}"))


def test_copy_puts_the_address_on_the_clipboard(browser: Any, address: str) -> None:
    """And says so."""
    from selenium.webdriver.common.by import By

    granted = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", granted)
    show(browser, address + PAGES[1])
    button = browser.find_element(By.CSS_SELECTOR, "button[data-of=rss]")
    button.click()
    read = "navigator.clipboard.readText().then(arguments[0])"
    copied = browser.execute_async_script(read)
    assert copied == f"{address}zh-CN/category/%E4%BA%91/rss.xml"
    assert button.text == "已复制"
    assert browser.find_element(By.ID, "said").get_attribute("textContent") == "已复制"


def test_without_scripts_the_address_is_there_to_copy(browser: Any, address: str) -> None:
    """One click marks all of it; the button that would do nothing is not shown."""
    from selenium.webdriver.common.by import By

    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        show(browser, address + PAGES[0])
        assert browser.find_element(By.ID, "atom").text == f"{address}en/atom.xml"
        assert browser.find_element(By.ID, "atom").value_of_css_property("user-select") == "all"
        button = browser.find_element(By.CSS_SELECTOR, "button")
        assert button.value_of_css_property("display") == "none"
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("path", PAGES)
def test_links_to_our_own_files_work(address: str, path: str) -> None:
    """Each leads to a file that is there."""
    page = urljoin(address, urllib.request.quote(path))
    with urllib.request.urlopen(page) as answer:
        text = answer.read().decode()
    links = {unescape(href) for href in re.findall(r'<a [^>]*?href="([^"]*)"', text)}
    ours = [href for href in links if ":" not in href]
    assert len(ours) >= 4
    for href in ours:
        target = urllib.request.quote(urljoin(page, href), safe="/:%")
        with urllib.request.urlopen(target) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("path", ["en/atom.xml", "zh-CN/category/云/rss.xml", "ar/rss.xml"])
def test_a_feed_opened_in_a_browser_can_be_read(browser: Any, address: str, path: str) -> None:
    """Titles, days and excerpts are shown in order; ids and bodies are not."""
    show(browser, address + path)
    text = browser.execute_script("return document.documentElement.innerText") or ""
    shown = browser.execute_script("""
        const seen = each => each.getClientRects().length > 0;
        const names = [...document.querySelectorAll("entry *, item *")].filter(seen);
        return [...new Set(names.map(each => each.localName))].sort()""")
    kinds = {"atom": ["published", "summary", "title"], "rss": ["description", "pubDate", "title"]}
    assert shown == kinds["atom" if "atom" in path else "rss"]
    assert complaints(browser) == []
    assert text is not None


def test_the_link_in_an_atom_feed_leads_to_its_page(browser: Any, address: str) -> None:
    """The one thing in a feed that browsers let one click."""
    from selenium.webdriver.common.by import By

    show(browser, address + "en/category/kitchen/atom.xml")
    browser.find_element(By.TAG_NAME, "a").click()
    assert browser.current_url == f"{address}en/feeds/category/kitchen.html"
