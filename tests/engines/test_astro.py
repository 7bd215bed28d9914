"""The expectations in astro/expected.json were taken from Astro itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines.astro.engine import Astro, entry_id
from syndicate.engines.base import Facts
from syndicate.model import LeftOut, Place, Site
from tests.engines.asked import expected_of, said_of

HERE = Path(__file__).parent / "astro"
ENGINE, PROBLEMS = Astro.load(HERE / "site")
SITE = Site(title="t", url="https://example.org")


def astro(**fields: Any) -> Astro:
    return Astro(site=SITE, **{"folders": {"src/content/blog": "blog"}, **fields})


def address(path: str, engine: Astro | None = None, **meta: object) -> str:
    facts = Facts(path, Place("blog"), meta, datetime(2024, 5, 1, tzinfo=UTC), ())
    return (engine or astro()).address(facts)


def blog(root: Path, *files: str) -> Path:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("", encoding="utf-8")
    return root


def test_says_what_astro_says() -> None:
    """Posts, addresses and instants equal Astro's."""
    assert said_of(HERE / "site", ENGINE) == expected_of(HERE)


def test_settings_are_literals() -> None:
    """Literals of the address with its base, the title and the description are read."""
    said = ENGINE.settings
    assert (said.title, said.description) == ("Tea Notes", "On leaves")
    assert said.url == "https://tea.example/site"


@pytest.mark.parametrize(
    ("pages", "folders", "problems"),
    [
        (["src/pages/blog/[...slug].astro"], {"src/content/blog": "blog"}, 0),
        (["src/pages/writing/[id].astro"], {"src/content/blog": "writing"}, 0),
        (["src/pages/[...slug].astro"], {"src/content/blog": ""}, 0),
        (["src/pages/tags/[tag].astro"], {"src/content/blog": "blog"}, 1),
        (["src/pages/a/[id].astro", "src/pages/b/[id].astro"], {"src/content/blog": "blog"}, 1),
        ([], {"src/content/blog": "blog"}, 1),
    ],
)
def test_route_of_a_collection(
    tmp_path: Path, pages: list[str], folders: dict[str, str], problems: int
) -> None:
    """The page of entries gives the address. A site without one has a Problem."""
    engine, found = Astro.load(
        blog(tmp_path, "astro.config.mjs", "src/content/blog/a.md", "src/content/team/b.md", *pages)
    )
    assert engine.folders == folders
    assert [problem.kind for problem in found] == ["engine-script"] * problems


def test_markdown_pages_are_posts_too(tmp_path: Path) -> None:
    """Markdown below src/pages/blog is a post at its file's path, with its case."""
    engine, _ = Astro.load(blog(tmp_path, "astro.config.mjs", "src/pages/blog/Tea Pot.md"))
    assert address("src/pages/blog/Tea Pot.md", engine) == "/blog/Tea%20Pot/"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("astro.config.ts", "astro.config.ts"),
        ("site/astro.config.mjs", "site/astro.config.mjs"),
        ("src/content/posts/a.mdx", "src/content with collections"),
        ("web/src/content/posts/a.md", "web/src/content with collections"),
        ("src/content/posts/a.txt", None),
        ("content/posts/a.md", None),
    ],
)
def test_how_it_is_recognised(tmp_path: Path, file: str, why: str | None) -> None:
    """Astro is recognised by configuration or collections, at the root or one folder down."""
    sign = Astro.recognise(blog(tmp_path, file))
    assert (sign and sign.text) == why


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("Green Tea", "green-tea"),
        ("Sub Folder/index", "sub-folder"),
        ("index", "index"),
        ("v1.2_notes!", "v12_notes"),
        ("a  b--c", "a--b--c"),
        ("茶と水", "茶と水"),
        ("🍵 tea", "-tea"),
    ],
)
def test_ids(inner: str, expected: str) -> None:
    """Ids are the paths as github-slugger makes them."""
    assert entry_id(inner) == expected


@pytest.mark.parametrize("path", ["src/content/team/a.md", "src/content/blog/_a.md", "README.md"])
def test_what_is_not_a_post(path: str) -> None:
    """Other collections and names with an underscore are left out."""
    assert isinstance(astro().place(path), LeftOut)


@pytest.mark.parametrize(
    ("folder", "entered"),
    [("src", True), ("src/content/blog/a", True), ("src/content/blog/_a", False),
     ("src/content/team", False), ("node_modules", False)],
)  # fmt: skip
def test_folders(folder: str, entered: bool) -> None:
    """Only the collections of posts, and the folders that lead to them, are entered."""
    assert (astro().enters(folder) is None) is entered


def test_permalink_of_config_toml_serves() -> None:
    """The permalink of config.toml makes the address; the name gives the slug without its date."""
    engine = msgspec.structs.replace(astro(), permalink="/:year/:month/:slug/:collection/")
    assert address("src/content/blog/2021-09-13-Tea.md", engine) == "/2024/05/tea/blog/"


@given(st.text(max_size=60))
def test_any_slug_gives_an_address(slug: str) -> None:
    """With any slug, the address starts with one slash and has no ".."."""
    made = address("src/content/blog/a.md", slug=slug)
    assert made.startswith("/blog/")
    assert not {".", ".."} & set(made.split("/"))
