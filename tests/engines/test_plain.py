from datetime import UTC, datetime

import msgspec
import pytest

from syndicate.engines.base import Facts
from syndicate.engines.plain import Plain
from syndicate.model import LeftOut, Place, Site

SITE = Site(title="t", url="https://example.org")


def address(path: str, permalink: str = "", **meta: object) -> str:
    engine = msgspec.structs.replace(Plain(), site=SITE, permalink=permalink)
    facts = Facts(path, Place(), meta, datetime(2024, 5, 1, tzinfo=UTC), ("Tea",))
    return engine.address(facts)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tea.md", "/tea/"),
        ("notes/tea.md", "/notes/tea/"),
        ("notes/tea/index.md", "/notes/tea/"),
        ("notes/tea.html", "/notes/tea.html"),
        ("notes/tea/index.html", "/notes/tea/"),
        ("src/content/notes/tea.md", "/notes/tea/"),
        ("content/tea.html", "/tea.html"),
        ("wait...what.md", "/wait...what/"),
        ("and so on..html", "/and%20so%20on..html"),
        ("re:name.html", "/re:name.html"),
        ("绿 茶.md", "/%E7%BB%BF%20%E8%8C%B6/"),
    ],
)
def test_address_is_the_path(path: str, expected: str) -> None:
    """Markdown has a folder's address, HTML its file's."""
    assert address(path) == expected


def test_permalink_of_the_configuration() -> None:
    """[posts] permalink takes Jekyll's placeholders."""
    found = address("n/2024-05-01-Green Tea.md", "/:categories/:year/:title/")
    assert found == "/tea/2024/green-tea/"


@pytest.mark.parametrize(
    ("path", "date"),
    [
        ("2024-05-01-tea.md", "2024-05-01"),
        ("2024-5-1.md", "2024-5-1"),
        ("20240501-tea.md", "2024-05-01"),
        ("2024/05/01/tea.md", "2024/05/01"),
        ("2024/05-01-tea.md", "2024/05/01"),
        ("2024-05-01-tea/index.md", "2024-05-01"),
        ("tea.md", ""),
    ],
)
def test_date_of_a_path(path: str, date: str) -> None:
    """File names and folders may contain the date."""
    assert Plain().file_date(path) == date.replace("/", "-")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("README.md", "README is not a post"),
        ("_index.md", "_index is not a post"),
        ("index.md", "the home page"),
        ("photo.png", "not Markdown or HTML (.png)"),
        (".note.md", "hidden file"),
    ],
)
def test_what_is_not_a_post(path: str, reason: str) -> None:
    """README and similar files, and other files, are left out with the reason."""
    assert Plain().place(path) == LeftOut(path, reason)


@pytest.mark.parametrize(
    "folder", [".git", "a/node_modules", "scaffolds", "archetypes", "_layouts"]
)
def test_folders_without_posts(folder: str) -> None:
    """Scaffolds, templates, packages and hidden folders are skipped."""
    assert isinstance(Plain().enters(folder), LeftOut)


def test_drafts_folder() -> None:
    """A file in a drafts folder is a draft."""
    assert Plain().place("drafts/x.md") == Place(draft=True)


def test_file_title() -> None:
    """The title is the name without its date, with spaces for dashes."""
    assert Plain().file_title("2024-05-01-green_tea.md") == "green tea"
