from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from syndicate.config.schema import PostsConfig, SiteConfig
from syndicate.engines import Engine, Facts, settle
from syndicate.engines.jekyll.engine import Jekyll
from syndicate.model import LeftOut, Place, Site

MOMENT = datetime(2024, 5, 1, 20, 30, tzinfo=UTC)


def jekyll(
    config: dict[str, object] | None = None, timezone: str = "UTC", **changes: object
) -> Jekyll:
    site = Site(title="t", url="https://example.org", timezone=timezone)
    return msgspec.structs.replace(Jekyll._from(config or {}), site=site, **changes)


def address(
    path: str,
    engine: Engine | None = None,
    categories: tuple[str, ...] = (),
    date: datetime = MOMENT,
    **meta: object,
) -> str:
    facts = Facts(path, Place(), meta, date, categories)
    return (engine or jekyll()).address(facts)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("date", "/tea/2024/05/01/green-tea.html"),
        ("pretty", "/tea/2024/05/01/green-tea/"),
        ("none", "/tea/green-tea.html"),
        ("ordinal", "/tea/2024/122/green-tea.html"),
        ("weekdate", "/tea/2024/W18/Wed/green-tea.html"),
        ("/:year/:i_month/:i_day/:title", "/2024/5/1/green-tea"),
        ("/:short_year/:short_month/:long_month/:slug/", "/24/May/May/green-tea/"),
        ("/:hour-:minute-:second/:y_day/:week/", "/20-30-00/122/18/"),
        ("./posts/:title/", "/posts/green-tea/"),
        ("/:title_:year/", "/green-tea_2024/"),
        ("/:unknown/:title/", "/:unknown/green-tea/"),
    ],
)
def test_permalink_style(style: str, expected: str) -> None:
    """All styles and placeholders give Jekyll's addresses."""
    engine = jekyll({"permalink": style})
    assert address("_posts/2024-05-01-green-tea.md", engine, ("Tea",)) == expected


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2024-05-01-Green_Tea", "Green_Tea"),
        ("2024-05-01-a--b", "a-b"),
        ("2024-05-01-a b", "a-b"),
        ("2024-05-01-绿茶", "%E7%BB%BF%E8%8C%B6"),
        ("2024-05-01-x.aspx", "x.aspx"),
        ("2024-05-01-ガ", "%E3%82%AC"),
    ],
)
def test_title_comes_from_file_name(name: str, title: str) -> None:
    """`:title` keeps case and the punctuation that addresses allow; the rest is encoded."""
    engine = jekyll({"permalink": "/:title/"})
    assert address(f"_posts/{name}.md", engine) == f"/{title}/"


def test_front_matter_slug_is_slugified() -> None:
    """A slug of the front matter is slugified as a file name is."""
    engine = jekyll({"permalink": "/:title/"})
    assert address("_posts/2024-05-01-x.md", engine, slug="A %e2%80%93 B") == "/A-e2-80-93-B/"


def test_front_matter_permalink_wins() -> None:
    """The post's own permalink wins over the site's, and may have placeholders."""
    engine = jekyll({"permalink": "/:title/"})
    assert address("_posts/2024-05-01-x.md", engine, permalink="/tea/:year") == "/tea/2024"


def test_collection_permalink_goes_before_the_site_permalink() -> None:
    """`collections: posts: permalink` wins over the site's permalink."""
    config = {"permalink": "date", "collections": {"posts": {"permalink": "/news/:title/"}}}
    assert address("_posts/2024-05-01-x.md", jekyll(config)) == "/news/x/"


def test_categories_are_lowered_escaped_and_not_repeated() -> None:
    """Categories in addresses are lower-cased and escaped but not slugified."""
    engine = jekyll({"permalink": "/:categories/:title/"})
    found = address("_posts/2024-05-01-x.md", engine, ("Libre Graphics", "茶", "libre graphics"))
    assert found == "/libre%20graphics/%E8%8C%B6/x/"


def test_dates_in_addresses_are_in_the_zone_of_the_site() -> None:
    """An evening in UTC is the next day in Shanghai, in the address too."""
    engine = jekyll({"permalink": "/:day/:title/"}, timezone="Asia/Shanghai")
    assert address("_posts/2024-05-01-x.md", engine) == "/02/x/"


def test_address_never_climbs() -> None:
    """Dots in a permalink cannot lead above the site."""
    assert ".." not in address("_posts/2024-05-01-x.md", permalink="/../../etc/:title")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("about.md", "not in a _posts folder"),
        ("_posts/.hidden.md", "hidden file"),
        ("_posts/_2024-05-01-x.md", "hidden file"),
        ("_posts/notes.md", "file name is not YYYY-MM-DD-name.ext"),
        ("_posts/2024-05-01-picture.png", "not Markdown or HTML (.png)"),
        ("_posts/templates/2024-05-01-x.md", "excluded by _config.yml"),
    ],
)
def test_what_is_not_a_post(path: str, reason: str) -> None:
    """A file that Jekyll does not publish as a post is left out with the reason."""
    assert jekyll({"exclude": ["_posts/template"]}).place(path) == LeftOut(path, reason)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("_posts/2024-05-01-x.md", Place()),
        ("_posts/zh/2024-5-1-x.markdown", Place()),
        ("blog/news/_posts/2024-05-01-x.html", Place(categories=("blog", "news"))),
        ("_drafts/idea.md", Place(draft=True)),
    ],
)
def test_where_posts_live(path: str, place: Place) -> None:
    """Dated files below any _posts are posts; folders above it are categories."""
    assert jekyll().place(path) == place


@pytest.mark.parametrize("folder", ["_site", ".git", "_layouts", "node_modules", "_drafts", "old"])
def test_folders_that_are_not_entered(folder: str) -> None:
    """Built, hidden, template, excluded and draft folders are skipped with a reason."""
    assert isinstance(jekyll({"exclude": ["old/"]}).enters(folder), LeftOut)


@pytest.mark.parametrize("folder", ["_posts", "blog", "blog/_posts", "_posts/2024"])
def test_folders_that_are_entered(folder: str) -> None:
    """Posts may lie at any depth."""
    assert jekyll().enters(folder) is None


def test_defaults_of_the_longer_path_win() -> None:
    """`defaults:` are merged. The more specific scope wins, in any order."""
    config = {
        "defaults": [
            {"scope": {"path": "_posts/zh"}, "values": {"lang": "zh", "a": {"x": 1}}},
            {"scope": {"path": "", "type": "posts"}, "values": {"lang": "en", "a": {"y": 2}}},
            {"scope": {"path": "", "type": "pages"}, "values": {"lang": "xx"}},
        ]
    }
    engine = jekyll(config)
    assert engine.defaults("_posts/zh/2024-05-01-x.md", Place()) == {
        "lang": "zh",
        "a": {"x": 1, "y": 2},
    }
    assert engine.defaults("_posts/2024-05-01-x.md", Place())["lang"] == "en"


def test_settings_are_read_from_config_yml(tmp_path: Path) -> None:
    """Title, address with its base path, language, zone and author come from _config.yml."""
    (tmp_path / "_config.yml").write_text(
        "title: Tea\nurl: https://example.org/\nbaseurl: /blog/\nlang: zh-CN\n"
        "timezone: Asia/Shanghai\nauthor:\n  name: 明\n  email: m@example.org\nfuture: true\n",
        encoding="utf-8",
    )
    engine, problems = Jekyll.load(tmp_path)
    assert not problems
    assert engine.future
    assert engine.settings.url == "https://example.org/blog"
    assert (engine.settings.language, engine.settings.timezone) == ("zh-CN", "Asia/Shanghai")
    assert (engine.settings.author, engine.settings.author_email) == ("明", "m@example.org")


def test_the_author_of_a_blog_with_the_theme_chirpy_is_its_social_name() -> None:
    """`social` names the author where `author` names none."""
    social = {"social": {"name": "Ann", "email": "a@example.org"}}
    assert jekyll({"theme": "jekyll-theme-chirpy"} | social).settings.author == "Ann"
    assert (
        jekyll({"theme": "jekyll-theme-chirpy"} | social).settings.author_email == "a@example.org"
    )
    assert jekyll({"theme": "jekyll-theme-chirpy", "author": "Bo"} | social).settings.author == "Bo"


def test_broken_config_yml_is_a_problem_with_its_line(tmp_path: Path) -> None:
    """A _config.yml that is not valid YAML is reported with its line, and the build goes on."""
    (tmp_path / "_config.yml").write_text("title: a\nurl: [\n", encoding="utf-8")
    engine, problems = Jekyll.load(tmp_path)
    assert engine.settings.title is None
    assert [(p.path, p.kind, p.line) for p in problems] == [("_config.yml", "engine-config", 3)]


def test_file_title_is_the_name_made_readable() -> None:
    """A post without a title is called after its file, as Jekyll does."""
    assert jekyll().file_title("_posts/2024-05-01-green-TEA.md") == "Green Tea"


def test_hidden_posts_are_published() -> None:
    """`hidden` withholds a post only if config.toml sets [posts] hidden."""
    assert jekyll({}).meaningless_marks == {"hidden"}
    settled, _ = settle(jekyll({}), SiteConfig(), PostsConfig(hidden=False))
    assert not settled.meaningless_marks
    assert not settled.hidden


def test_deep_folders_are_read_in_time() -> None:
    """A long path without a date is matched in linear time."""
    assert address(f"{'a/' * 60}tea.md").startswith("/2024/05/01/")
