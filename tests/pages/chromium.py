"""Chromium, driven through its WebDriver.

Needs Debian's packages chromium and chromium-driver, and axe-core from npm (`npm ci --prefix
tests/pages/node`). `SCREENSHOTS=folder` keeps what the browser showed.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import pytest

__all__ = [
    "FITS",
    "VIEWS",
    "chromium",
    "complaints",
    "keep",
    "needs_chromium",
    "requests",
    "show",
    "violations",
]

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
VIEWS = {"light-wide": ("light", 1440), "dark-phone": ("dark", 360), "print": ("print", 800)}
FITS = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
"""Whether nothing sticks out of the window."""

needs_chromium = pytest.mark.skipif(
    not (BROWSER and DRIVER) and not os.environ.get("CI"),
    reason="chromium or chromedriver is not installed (apt install chromium-driver)",
)


@contextmanager
def chromium() -> Iterator[Any]:
    """One that nobody sees."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in ("headless=new", "no-sandbox", "hide-scrollbars", "disable-dev-shm-usage"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def show(browser: Any, url: str, view: str = "light-wide") -> None:
    """Open `url` and wait until it is there; what the browser logged before is forgotten."""
    scheme, width = VIEWS[view]
    media = {
        "media": "print" if scheme == "print" else "screen",
        "features": [{"name": "prefers-color-scheme", "value": scheme}],
    }
    size = {"width": width, "height": 1_000, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get("about:blank")  # a previewed page goes on asking for news as long as it is open
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(url)
    keep(browser, f"{url.partition('//')[2].partition('/')[2]}{view}")


def keep(browser: Any, name: str) -> None:
    """Save what the browser shows, where that is asked for."""
    if folder := os.environ.get("SCREENSHOTS"):
        plain = re.sub(r"\W+", "-", unquote(name))[-80:]
        browser.save_screenshot(f"{folder}/{plain}.png")


def requests(browser: Any) -> list[str]:
    """Every address asked for since the page was opened."""
    events = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
    sent = [each for each in events if each["method"] == "Network.requestWillBeSent"]
    return [each["params"]["request"]["url"] for each in sent]


def complaints(browser: Any) -> list[str]:
    """What the console says, but for the picture that is not there."""
    said = [each["message"] for each in browser.get_log("browser")]
    return [each for each in said if "gone.png" not in each]


def violations(browser: Any, axe: str) -> list[tuple[str, str]]:
    """What `axe`, the checker's source, finds wrong: rule and element."""
    browser.execute_script(axe)
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    assert len(found["passes"]) > 15
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
