"""The expectations in eleventy/expected.json were taken from Eleventy itself."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines.base import Facts
from syndicate.engines.eleventy.engine import Eleventy
from syndicate.engines.eleventy.slug_filters import slug, slugify
from syndicate.model import LeftOut, Place, Site
from tests.engines.asked import expected_of, said_of

HERE = Path(__file__).parent / "eleventy"
ENGINE, PROBLEMS = Eleventy.load(HERE / "site")
SITE = Site(title="t", url="https://example.org")


def eleventy(**fields: Any) -> Eleventy:
    fields = {"folders": {"src/posts": ""}, "input": "src", **fields}
    return Eleventy(site=SITE, **fields)


def address(path: str, engine: Eleventy | None = None, title: str = "", **meta: object) -> str:
    facts = Facts(path, Place(), meta, datetime(2024, 5, 1, tzinfo=UTC), (), (), title)
    return (engine or eleventy()).address(facts)


def blog(root: Path, files: dict[str, Any]) -> Path:
    for name, value in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        text = value if isinstance(value, str) else json.dumps(value)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_says_what_eleventy_says() -> None:
    """Posts, addresses and instants equal Eleventy's."""
    assert said_of(HERE / "site", ENGINE) == expected_of(HERE)


def test_settings_come_from_the_data() -> None:
    """Title, address, language and author are those of _data/metadata.json."""
    said = ENGINE.settings
    assert (said.title, said.url, said.language) == ("Tea Notes", "https://tea.example", "en")
    assert (said.author, said.author_email) == ("Mei", "mei@tea.example")


def test_configuration_is_named_and_not_run() -> None:
    """One Problem has the script, the assumption and the settings that replace it."""
    assert [(p.path, p.kind) for p in PROBLEMS] == [("eleventy.config.js", "engine-script")]
    assert "src/posts" in PROBLEMS[0].message


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({".eleventy.js": ""}, ".eleventy.js"),
        ({"eleventy.config.mjs": ""}, "eleventy.config.mjs"),
        (
            {"package.json": {"devDependencies": {"@11ty/eleventy": "3"}}},
            "package.json with @11ty/eleventy",
        ),
        ({"src/blog/blog.json": {}, "src/blog/a.md": ""}, "src/blog/blog.json"),
        ({"posts/a.11tydata.json": {}, "posts/a.md": ""}, "posts/a.11tydata.json"),
        ({"posts/a.json": {}}, None),
        ({"package.json": {"dependencies": {"astro": "5"}}}, None),
        ({"package.json": "{"}, None),
    ],
)
def test_how_it_is_recognised(tmp_path: Path, files: dict[str, Any], why: str | None) -> None:
    """Eleventy is recognised by configuration, package, or JSON that only Eleventy reads."""
    sign = Eleventy.recognise(blog(tmp_path, files))
    assert (sign and sign.text) == why


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ('module.exports = () => ({ dir: { input: "www" } });', "www"),
        ('eleventyConfig.setInputDirectory("./pages/");', "pages"),
        ('// dir: { input: "www" }', "content"),
        ("const input = process.env.IN;", "content"),
    ],
)
def test_input_folder(tmp_path: Path, config: str, where: str) -> None:
    """A literal input folder is read, else it is found by its folders of posts."""
    blog(tmp_path, {"eleventy.config.js": config, "content/blog/a.md": "", "www/a.md": ""})
    assert Eleventy.load(tmp_path)[0].input == where


def test_data_goes_from_the_outer_folder_to_the_file() -> None:
    """Data of inner folders wins. Mappings and lists are merged."""
    engine = eleventy(
        data={
            "src": {"a": 1, "tags": ["x"], "map": {"k": 1}},
            "src/posts": {"a": 2, "tags": ["y"], "map": {"l": 2}},
            "src/posts/tea": {"a": 3},
        }
    )
    said = engine.defaults("src/posts/tea.md", Place())
    assert said == {"a": 3, "tags": ["x", "y"], "map": {"k": 1, "l": 2}}


def test_tags_are_joined_and_collection_marks_go() -> None:
    """Tags of the data and the post are joined, without collection tags."""
    engine = eleventy(data={"src/posts": {"tags": ["posts", "leaf"]}})
    said = engine.front_matter("src/posts/a.md", {"tags": "Post, green"})
    assert said["tags"] == ["leaf", "green"]


@pytest.mark.parametrize("word", ["Last Modified", "git Created"])
def test_words_for_dates_are_no_dates(word: str) -> None:
    """Words for a date of the file system or git are ignored."""
    assert "date" not in eleventy().front_matter("src/posts/a.md", {"date": word})


@pytest.mark.parametrize(
    ("permalink", "expected"),
    [
        ("/tea/", "/tea/"),
        ("tea/index.html", "/tea/"),
        ("/tea.html", "/tea.html"),
        ("/{{page.fileSlug}}/", "/tea/"),
        ("/{{ page.date | date: '%Y-%m-%d' }}/", "/2024-05-01/"),
        ("/{{- title | slug -}}/", "/green-tea/"),
        ("/{{ page.date | own }}/", "/posts/2020-01-02-tea/"),
        ("/{% if a %}/", "/posts/2020-01-02-tea/"),
        ({"build": "/built/"}, "/built/"),
        ("/../../x/", "/x/"),
    ],
)
def test_permalinks(permalink: object, expected: str) -> None:
    """Plain permalinks, and marks that need no code, are used. Others are not."""
    made = address("src/posts/2020-01-02-tea.md", title="Green tea", permalink=permalink)
    assert made == expected


@pytest.mark.parametrize(
    ("title", "slugified", "slugged"),
    [
        ("C++ & C#: 50% off!", "c-and-c-50-off", "c++-and-c:-50percent-off!"),
        ("Don't stop – it's tea's", "dont-stop-its-teas", "don't-stop-it's-tea's"),
        ("Über Œuvre", "ueber-uvre", "uber-oeuvre"),
        ("茶 tea", "tea", "tea"),
        ("Чай", None, None),
    ],
)
def test_title_filters(title: str, slugified: str | None, slugged: str | None) -> None:
    """Both filters give the npm packages' slugs, and None for other scripts."""
    assert (slugify(title), slug(title)) == (slugified, slugged)


def test_permalink_of_config_toml_stands_in_for_code() -> None:
    """If a permalink needs the blog's own code, the permalink of config.toml is used."""
    engine = msgspec.structs.replace(eleventy(), permalink="/:year/:month/:slug/")
    made = address("src/posts/2020-01-02-tea.md", engine, permalink="/{{ own }}/")
    assert made == "/2024/05/tea/"


def test_data_permalink_that_needs_code_is_reported(tmp_path: Path) -> None:
    """A permalink that cannot be filled in is a Problem of its file with the cure."""
    blog(tmp_path, {"blog/blog.json": {"permalink": "/{{ x | y }}/"}, "blog/a.md": ""})
    problems = Eleventy.load(tmp_path)[1]
    assert [(p.path, p.kind) for p in problems] == [("blog/blog.json", "engine-permalink")]


@pytest.mark.parametrize(
    ("path", "meta", "reason"),
    [
        ("src/posts/a.md", {"permalink": False}, "permalink: false"),
        (
            "src/posts/a.md",
            {"eleventyExcludeFromCollections": True},
            "eleventyExcludeFromCollections: true",
        ),
        ("src/posts/a.md", {}, ""),
    ],
)
def test_what_is_withheld(path: str, meta: dict[str, Any], reason: str) -> None:
    """Posts without a page and those kept out of collections are not published."""
    assert eleventy().withheld(path, meta) == reason


def test_dateless_pages_beside_posts_are_withheld() -> None:
    """Without a folder of posts, a page without a date is no post."""
    engine = eleventy(folders={"src": ""})
    assert engine.withheld("src/about.md", {}) == "a page without a date"
    assert engine.withheld("src/2020-01-02-tea.md", {}) == ""


@pytest.mark.parametrize("path", ["src/about.md", "src/posts/README.md", "src/posts/pot.njk"])
def test_what_is_not_a_post(path: str) -> None:
    """Pages in other folders, README and similar files, and templates are left out."""
    assert isinstance(eleventy().place(path), LeftOut)


@pytest.mark.parametrize(
    ("folder", "entered"),
    [("src", True), ("src/posts", True), ("src/posts/a", True), ("src/_data", False),
     ("node_modules", False), ("_site", False)],
)  # fmt: skip
def test_folders(folder: str, entered: bool) -> None:
    """Only the folders of posts, and the folders that lead to them, are entered."""
    assert (eleventy().enters(folder) is None) is entered


@given(st.text(max_size=60))
def test_any_permalink_gives_an_address(permalink: str) -> None:
    """With any permalink, the address starts with one slash and has no ".."."""
    made = address("src/posts/a.md", permalink=permalink)
    assert made.startswith("/")
    assert not made.startswith("//")
    assert not {".", ".."} & set(made.split("/"))
