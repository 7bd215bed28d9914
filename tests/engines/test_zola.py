"""The expectations in zola/expected.json are derived from Zola's source, version 0.21, by hand."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines.base import Facts
from syndicate.engines.zola import Zola
from syndicate.model import LeftOut, Place, Site
from tests.engines.asked import expected_of, said_of

HERE = Path(__file__).parent / "zola"
ENGINE, PROBLEMS = Zola.load(HERE / "site")
SITE = Site(title="t", url="https://example.org")


def zola(**config: Any) -> Zola:
    return Zola(site=SITE, config=config, languages=frozenset(("fr",)))


def address(file: str, engine: Zola | None = None, **meta: object) -> str:
    engine = engine or zola()
    place = engine.place(file)
    assert isinstance(place, Place)
    return engine.address(Facts(file, place, meta, datetime(2024, 5, 1, tzinfo=UTC), ()))


def test_says_what_zola_says() -> None:
    """Posts, addresses and instants follow Zola's rules."""
    assert said_of(HERE / "site", ENGINE) == expected_of(HERE)


def test_settings_come_from_config_toml() -> None:
    """Title, address, language and author are those of the blog's own config.toml."""
    said = ENGINE.settings
    assert not PROBLEMS
    assert (said.title, said.url) == ("Tea Notes", "https://tea.example/site")
    assert (said.language, said.author, said.description) == ("en", "Mei", "On leaves")


def test_title_of_home_section_stands_in(tmp_path: Path) -> None:
    """content/_index.md gives a missing title."""
    (tmp_path / "content").mkdir()
    (tmp_path / "config.toml").write_text('base_url = "https://t.example"\n', encoding="utf-8")
    home = '+++\ntitle = "Home"\n+++\n'
    (tmp_path / "content" / "_index.md").write_text(home, encoding="utf-8")
    assert Zola.load(tmp_path)[0].settings.title == "Home"


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ('base_url = "https://t.example"', "config.toml with base_url"),
        ('baseURL = "https://t.example"', None),
        ('[site]\nurl = "https://t.example"', None),
        ("base_url = [", None),
    ],
)
def test_told_by_base_url(tmp_path: Path, text: str, ours: str | None) -> None:
    """Zola's config.toml is distinguished from Hugo's and this program's."""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    sign = Zola.recognise(tmp_path)
    assert (sign and sign.text) == ours


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("on", "/a/the-du-matin/"),
        ("safe", "/a/Th%C3%A9%20du%20matin!/"),
        ("off", "/a/Th%C3%A9%20du%20matin!./"),
    ],
)
def test_slug_modes(mode: str, expected: str) -> None:
    """`slugify.paths` decides whether names keep case, spaces and accents."""
    assert address("content/a/2020-01-02-Thé du matin!..md", zola(slugify={"paths": mode})) == (
        expected
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("日本", "ri-ben"), ("héhé", "hehe"), ("test (hey)", "test-hey"), ("dot. ", "dot")],
)
def test_slugs_are_in_ascii(name: str, expected: str) -> None:
    """By default, slugs are transliterated to ASCII."""
    assert address(f"content/{name}.md") == f"/{expected}/"


def test_dates_of_names_can_be_kept() -> None:
    """With `paths_keep_dates` the date of the name stays in the address."""
    engine = zola(slugify={"paths_keep_dates": True})
    assert address("content/2020-01-02-tea.md", engine) == "/2020-01-02-tea/"


def test_permalink_of_config_toml_yields_to_path() -> None:
    """A page's own `path` wins over the permalink of config.toml."""
    engine = msgspec.structs.replace(zola(), permalink="/:year/:slug/")
    assert address("content/a/tea.md", engine) == "/2024/tea/"
    assert address("content/a/tea.md", engine, path="own") == "/own/"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("README.md", "not in content/"),
        ("content/posts/_index.md", "a section, not a page"),
        ("content/posts/_index.fr.md", "a section, not a page"),
        ("content/posts/.tea.md", "hidden file"),
        ("content/posts/pot.html", "not a page (.html)"),
        ("content/x.draft.md", "ignored by ignored_content"),
    ],
)
def test_what_is_not_a_page(path: str, reason: str) -> None:
    """Sections, assets and ignored files are left out with the reason."""
    assert ENGINE.place(path) == LeftOut(path, reason)


def test_language_comes_from_the_name() -> None:
    """`tea.fr.md` is French if the configuration has French, else `fr` is part of the name."""
    assert ENGINE.place("content/posts/tea.fr.md") == Place("posts", language="fr")
    assert ENGINE.place("content/posts/tea.xx.md") == Place("posts")


def test_draft_sections_are_not_entered() -> None:
    """The folder of a draft section is skipped."""
    assert ENGINE.enters("content/hidden") == LeftOut(
        "content/hidden/", "a section that is a draft"
    )
    assert ENGINE.enters("content/posts") is None
    assert isinstance(ENGINE.enters("themes"), LeftOut)


def test_date_in_path_serves() -> None:
    """A page with a date only in its `path` is a post."""
    assert zola().other_date("content/x.md", {"path": "news/2023/07/17/x"}) == "2023-07-17"


@pytest.mark.parametrize(
    ("meta", "withheld"), [({"date": "2024-01-01", "render": False}, True), ({}, True),
                           ({"date": "2024-01-01"}, False)]
)  # fmt: skip
def test_pages_that_are_no_posts(meta: dict[str, Any], withheld: bool) -> None:
    """Pages that are not rendered, or have no date, are withheld."""
    assert bool(zola().withheld("content/about.md", meta)) is withheld


def test_taxonomies_are_fields() -> None:
    """Tags and categories are read from [taxonomies], but fields at the top win."""
    meta = {"taxonomies": {"tags": ["a"], "categories": ["b"]}, "title": "t"}
    assert zola().front_matter("content/x.md", meta) == {**meta, "tags": ["a"], "categories": ["b"]}


def test_file_title_is_the_name_made_readable() -> None:
    """A page without a title is named after its file or its folder."""
    assert zola().file_title("content/2020-01-02-green_tea/index.md") == "green tea"


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(("on", "safe", "off")))
def test_any_slug_and_path_give_an_address(slug: str, path: str, mode: str) -> None:
    """With any values, the address starts with one slash, has no "..", and is ASCII."""
    made = address("content/a/x.md", zola(slugify={"paths": mode}), slug=slug, path=path)
    assert made.startswith("/")
    assert not made.startswith("//")
    assert not {".", ".."} & set(made.split("/"))
    assert made.isascii()
