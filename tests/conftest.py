"""What several rooms' tests share: the example blog, built once."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

import syndicate
from syndicate import Report

ROOT = Path(__file__).parent.parent
BLOG = ROOT / "examples" / "blog"
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)

settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("here", max_examples=50, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def build_example(folder: Path, **feeds: object) -> Report:
    """Build the example blog into `folder` with all its posts in all its feeds."""
    chosen = {"limit": 0, "by": ["category", "tag", "author"], **feeds}
    return syndicate.build(
        BLOG,
        settings={
            "output.path": str(folder / "output"),
            "state.path": str(folder / "state"),
            **{f"feeds.{key}": value for key, value in chosen.items()},
        },
        now=NOW,
    )


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    """The report of building the example blog, and the folder of its feeds."""
    folder = tmp_path_factory.mktemp("example")
    return build_example(folder), folder / "output"
