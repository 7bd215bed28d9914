"""A preview in Chromium: what the author sees while writing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra [serve] is not installed")

from tests.preview.conftest import Preview, make_blog, previewing

from .chromium import FITS, VIEWS, complaints, keep, needs_chromium, requests, show, violations

pytestmark = needs_chromium


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview with drafts."""
    blog = make_blog(tmp_path / "blog")
    (blog / "_drafts" / "undated.md").write_text("---\ntitle: X\n---\n", encoding="utf-8")
    with previewing(blog, tmp_path / "temporary", "--drafts") as found:
        found.built()
        yield found


def wait(browser: Any, condition: str) -> Any:
    """What `condition`, a script, returns when it is true of the page."""
    from selenium.common.exceptions import JavascriptException
    from selenium.webdriver.support.ui import WebDriverWait

    # A page that is just being reloaded has nothing to look at.
    waiting = WebDriverWait(browser, 20, 0.05, ignored_exceptions=[JavascriptException])
    return waiting.until(lambda driver: driver.execute_script(f"return {condition}"))


def test_problems_stand_beside_their_entries(browser: Any, preview: Preview) -> None:
    """File, line, message and cure; those without an entry at the top; drafts are marked."""
    show(browser, preview.url + "feeds/index.html")
    wait(browser, "document.querySelector('#preview details')")
    note = wait(browser, "document.querySelector('article .preview-note')").text
    assert "_posts/2024-05-03-broken.md:2" in note
    assert "2024-02-31" in note
    top = browser.execute_script("return document.querySelector('#preview').innerText")
    assert "_drafts/undated.md" in top
    assert "broken.md" not in top
    marks = "[...document.querySelectorAll('.preview-mark')].map(each => each.textContent)"
    assert browser.execute_script(f"return {marks}") == ["due 2099-01-01 00:00", "draft"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_previewed_page_is_as_right_as_any(
    browser: Any, preview: Preview, axe: str, view: str
) -> None:
    """Accessible, whole, silent: its policy allows the preview's own files."""
    show(browser, preview.url, view)
    wait(browser, "document.querySelector('article .preview-note')")
    keep(browser, f"preview-{view}")
    assert complaints(browser) == []
    assert [url for url in requests(browser) if not url.startswith((preview.url, "data:"))] == []
    assert browser.execute_script(FITS)
    assert violations(browser, axe) == []


def test_a_save_reloads_the_page(browser: Any, preview: Preview) -> None:
    """Where the page is another one then; what is wrong is shown anew without it."""
    show(browser, preview.url + "feeds/index.html")
    wait(browser, "document.querySelector('.preview-note')")
    browser.execute_script("window.before = true")
    preview.write("_posts/2024-05-03-broken.md", "title: Mended\ndate: 2024-02-30")
    wait(browser, "!window.before && document.body.innerText.includes('Mended')")
    browser.execute_script("window.before = true")
    preview.write("_posts/2024-05-04-two.md", "title: Hidden\npublished: false\ndate: 2024-02-31")
    (preview.blog / "_drafts" / "undated.md").unlink()
    wait(browser, "!document.querySelector('#preview').innerText.includes('undated.md')")
    assert browser.execute_script("return window.before")
    assert complaints(browser) == []


def test_a_failed_build_is_told_above_the_old_page(
    browser: Any, preview: Preview, axe: str
) -> None:
    """And not any more when it is mended."""
    show(browser, preview.url + "feeds/index.html")
    (preview.blog / "config.toml").write_text("[feeds]\nlimt = 1\n", encoding="utf-8")
    wait(browser, "document.querySelector('.preview-failed')")
    keep(browser, "preview-failed")
    said = browser.execute_script("return document.querySelector('.preview-failed').innerText")
    assert 'did you mean "limit"?' in said
    assert "Unripe" in browser.execute_script("return document.body.innerText")
    assert violations(browser, axe) == []
    (preview.blog / "config.toml").unlink()
    wait(browser, "!document.querySelector('.preview-failed')")


def test_a_page_that_is_not_there_yet_appears(browser: Any, preview: Preview) -> None:
    """Whoever waits at it sees it when a build makes it."""
    show(browser, preview.url + "feeds/category/coffee.html")
    wait(browser, "document.querySelector('#preview')")
    preview.write("_posts/2024-05-06-beans.md", "title: Beans\ncategory: Coffee")
    wait(browser, "document.body.innerText.includes('Beans')")
