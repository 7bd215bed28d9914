"""Browsers, started once for all tests of pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import node_modules

from .chromium import chromium


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, to be run in a page."""
    node = Path(__file__).parent / "node"
    return (node_modules(node) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium."""
    with chromium() as driver:
        yield driver
