import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.schema import PostsConfig, SiteConfig
from syndicate.engines import Facts, Sign, settle
from syndicate.engines.pelican.engine import Pelican
from syndicate.engines.pelican.header_forms import read_html_header, read_rst_header
from syndicate.engines.pelican.slug_rules import slugify, strftime
from syndicate.engines.shared.python_settings import read_python
from syndicate.model import LeftOut, Place, Site
from tests.built import built
from tests.engines.sites import facts_of, fields_of

HERE = Path(__file__).parent / "pelican"
ROOT = HERE / "site"
VARIANTS: dict[str, Any] = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
MOMENT = datetime(2024, 5, 1, 20, 30, tzinfo=UTC)


def pelican(config: dict[str, Any] | None = None, timezone: str = "UTC", **changes: Any) -> Pelican:
    engine, _ = Pelican._from({"PATH": "content", **(config or {})})
    site = Site(title="t", url="https://example.org", timezone=timezone)
    return msgspec.structs.replace(engine, site=site, **changes)


def address(path: str, engine: Pelican | None = None, **meta: object) -> str:
    engine = engine or pelican()
    place = engine.place(path)
    assert isinstance(place, Place)
    return engine.address(Facts(path, place, meta, MOMENT, place.categories))


def of_variant(name: str) -> Pelican:
    loaded, problems = Pelican.load(ROOT)
    assert not problems
    engine, _ = Pelican._from({**loaded.config, "SITENAME": "t", **VARIANTS[name]})
    engine = msgspec.structs.replace(engine, settings=loaded.settings)
    zone = VARIANTS[name].get("TIMEZONE")
    settled, _ = settle(engine, SiteConfig(timezone=zone), PostsConfig())
    assert isinstance(settled, Pelican)
    return settled


@pytest.mark.parametrize("variant", VARIANTS)
def test_says_what_pelican_says(variant: str) -> None:
    """Address, instant, title and category of articles equal Pelican's."""
    engine = of_variant(variant)
    for path, expected in EXPECTED[variant].items():
        fields = fields_of(ROOT, path, engine)
        facts = facts_of(path, fields, engine)
        assert engine.site.url + engine.address(facts) == quote(expected["url"], safe=":/"), path
        assert facts.date == datetime.fromisoformat(expected["date"]), path
        assert facts.title == " ".join(expected["title"].split()), path
        assert list(facts.categories) == expected["categories"], path
        tags = fields.get("tags", [])
        assert sorted([tags] if isinstance(tags, str) else tags) == expected["tags"], path
        assert not engine.withheld(path, fields), path


@pytest.mark.parametrize("variant", VARIANTS)
def test_leaves_out_what_pelican_leaves_out(variant: str) -> None:
    """Files that are no articles of Pelican's have no place, or are withheld."""
    engine = of_variant(variant)
    for file in ROOT.rglob("*"):
        path = str(file.relative_to(ROOT))
        if file.is_file() and path not in EXPECTED[variant]:
            place = engine.place(path)
            out = isinstance(place, LeftOut) or engine.withheld(path, fields_of(ROOT, path, engine))
            assert out, path


def test_settings_are_read_without_running_them() -> None:
    """Literal values of both settings files are read. publishconf.py wins."""
    engine, problems = Pelican.load(ROOT)
    assert not problems
    assert Pelican.recognise(ROOT) == Sign("pelicanconf.py")
    assert engine.settings.url == "https://example.org/tea"
    assert (engine.settings.title, engine.settings.author) == ("Tea Notes", "Ming Chá")
    assert (engine.settings.language, engine.settings.timezone) == ("en", "Europe/Rome")


def test_computed_settings_are_one_problem_with_the_cure(tmp_path: Path) -> None:
    """Computed values are reported, with the keys of config.toml that replace them."""
    (tmp_path / "pelicanconf.py").write_text(
        "import os\nSITENAME = 'Tea'\nSITEURL = os.environ['URL']\n"
        "if SITENAME:\n    TIMEZONE = 'UTC'\nTHEME = os.getcwd()\n",
        encoding="utf-8",
    )
    engine, problems = Pelican.load(tmp_path)
    assert engine.settings.title == "Tea"
    assert [(p.path, p.kind, p.line) for p in problems] == [
        ("pelicanconf.py", "computed-setting", 3)
    ]
    assert "SITEURL, TIMEZONE" in problems[0].message
    assert "[site] url, [site] timezone in config.toml" in problems[0].cure


@pytest.mark.parametrize(
    ("text", "line"), [("SITENAME = (\n", 1), ("a = 1\nb = = 2\n", 2), ("a = '\0'", 0)]
)
def test_a_broken_settings_file_is_a_problem(text: str, line: int, tmp_path: Path) -> None:
    """A file that is not valid Python is reported, and the defaults are used."""
    (tmp_path / "pelicanconf.py").write_text(text, encoding="utf-8")
    engine, problems = Pelican.load(tmp_path)
    assert engine.settings.title is None
    assert [(p.kind, p.path) for p in problems] == [("engine-config", "pelicanconf.py")]
    assert problems[0].line == line


def test_a_pattern_that_is_none_is_a_problem() -> None:
    """A broken FILENAME_METADATA is reported and the default is used."""
    engine, problems = Pelican._from({"FILENAME_METADATA": "(?P<date>"})
    assert [p.kind for p in problems] == ["engine-config"]
    assert engine.file_date("2024-05-01-x.md") == "2024-05-01"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("A = B = 'x'\n", "x"),
        ("B = 'x'\nA = B + '-' + 'y'\n", "x-y"),
        ("B = 'x'\nA = f'{B}/y'\n", "x/y"),
        ("A: list = ['x']\nA += ['y']\n", ["x", "y"]),
        ("A = ('x', {'y': -1, 'z': None}, True)\n", ["x", {"y": -1, "z": None}, True]),
        ("A = 'x'\nA = len('y')\n", None),
        ("A = 'x' * 9\n", None),
        ("A = 'x'\n" + "A = A + A\n" * 60, None),
        ("A = " + "(" * 90 + "1" + ",)" * 90 + "\n", "nested"),
        ("A = '\\d'\n", "\\d"),
    ],
)
def test_python_values(source: str, value: object, tmp_path: Path) -> None:
    """Constants, names and their sums are read. Other and too large values are not."""
    (tmp_path / "conf.py").write_text(source, encoding="utf-8")
    values, problems = read_python(tmp_path, "conf.py", {"A": ""})
    if value == "nested":
        assert "A" in values
    else:
        assert values.get("A") == value
    assert bool(problems) == (value is None)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("README.md", "not in content"),
        ("content/pages/about.md", "a page"),
        ("content/.hidden.md", "hidden file"),
        ("content/x.png", "Pelican has no reader for it (.png)"),
        ("content/old/x.md", "excluded"),
        ("content/other/x.md", "not in ARTICLE_PATHS"),
    ],
)
def test_what_is_not_an_article(path: str, reason: str) -> None:
    """A file that is no article is left out with the reason."""
    config = {"ARTICLE_PATHS": ["news", "old"], "ARTICLE_EXCLUDES": ["old"]}
    assert pelican(config).place(path) == LeftOut(path, reason)


@pytest.mark.parametrize(
    ("folder", "entered"),
    [
        ("content", True),
        ("content/news", True),
        ("content/pages", False),
        ("content/.git", False),
        ("output", False),
    ],
)
def test_folders_that_are_entered(folder: str, entered: bool) -> None:
    """PATH is entered, except its pages."""
    assert (pelican().enters(folder) is None) == entered


def test_articles_beside_the_settings() -> None:
    """Without PATH, the blog's own folder is the content, except Pelican's output."""
    engine = pelican({"PATH": "."})
    assert engine.place("news/x.md") == Place(categories=("news",))
    assert engine.enters("news") is None
    assert isinstance(engine.enters("output"), LeftOut)


def test_drafts_have_addresses_of_their_own() -> None:
    """DRAFT_URL, and DRAFT_LANG_URL in another language."""
    assert address("content/x.md", title="A", status="draft") == "/drafts/a.html"
    found = address("content/x.md", title="A", status="draft", lang="fr")
    assert found == "/drafts/a-fr.html"


@pytest.mark.parametrize("permalink", ["blog/{date:%Y}/{slug}/", "/blog/:year/:slug/"])
def test_permalink_of_config_toml(permalink: str) -> None:
    """A permalink in config.toml may have Pelican's fields or Jekyll's placeholders."""
    assert address("content/x.md", pelican(permalink=permalink), title="A b") == "/blog/2024/a-b/"


def test_dates_in_addresses_are_in_the_zone_of_the_site() -> None:
    """An evening in UTC is the next day in Shanghai, in the address too."""
    engine = pelican({"ARTICLE_URL": "{date:%d}/{slug}"}, "Asia/Shanghai")
    assert address("content/x.md", engine, title="A") == "/02/a"


def test_templates_reach_nothing_but_fields() -> None:
    """A template may name fields only, without format widths or attributes."""
    engine = pelican({"ARTICLE_URL": "{slug:>999999999}/{slug.__class__}/{unknown}"})
    assert address("content/x.md", engine, title="A").startswith("/a/%7Bslug.__class__%7D/")


@pytest.mark.parametrize(
    ("template", "text"),
    [("%Y/%m/%-d", "2024/05/1"), ("%b %B %a %A", "May May Wed Wednesday"), ("%j%%%q", "122%%q")],
)
def test_dates_are_written_without_locale(template: str, text: str) -> None:
    """``%-d`` has no leading zeros, names are English, and unknown directives stay."""
    assert strftime(MOMENT, template) == text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Pelican 3.1 released", "pelican-31-released"),
        ("  A <b>bold</b> -- move  ", "a-bold-move"),
        ("1 &lt; 2 < 3", "1-2-3"),
        ("Ünïcödé ßtraße", "unicode-sstrasse"),
        ("日本語", "ri-ben-yu"),
        ("!?", ""),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    """A slug has no tags and punctuation, ASCII letters, and hyphens for spaces."""
    assert slugify(title) == slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tea\n===\n\n:date: 1\n:tags: a, b\n\nText.", "date 1 tags a, b title Tea"),
        ("###\nTea\n###\n:date: 1\n", "date 1 title Tea"),
        (".. _tea:\n.. |x| image:: x\n\nTea\n===\n", "title Tea"),
        (".. image:: x.png\n\nTea\n===\n", ""),
        (".. note\n\nTea\n===\n\nSub\n---\n\n:a: 1\n   2\n", "a 1 2 title Tea"),
        ("Tea *and* ``x`` `y <z>`_\n========================\n", "title Tea and x y"),
        ("Tea\n===\n\nText.\n\n:date: 1\n", "title Tea"),
        (":date: 1\n\nText", "date 1"),
        ("===\nTea\n---\n", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_header_of_restructured_text(text: str, expected: str) -> None:
    """Title and fields directly below it are read. Later fields are text."""
    found = read_rst_header(text)
    assert " ".join(f"{key} {found[key]}" for key in sorted(found)) == expected


def test_header_of_restructured_text_keeps_lists() -> None:
    """A field that is a bullet list is a list of names."""
    text = "Tea\n===\n\n:authors:\n  - Ming, Anna\n  - Bo\n"
    assert read_rst_header(text)["authors"] == ["Ming, Anna", "Bo"]


def test_header_of_html() -> None:
    """Title, meta tags of the head, and the start of the body are read."""
    text = (
        "<html><head><title>A &amp; B</title>\n<meta name=Date content=2024-05-01>\n"
        '<meta name="keywords" content="x"><meta name="keywords" content="y">\n'
        '</head><body class="z"><meta name="title" content="no"><p>Text'
    )
    found, body = read_html_header(text)
    assert found == {"title": "A & B", "date": "2024-05-01", "tags": ["x", "y"]}
    assert text[body:].startswith('<meta name="title"')


@given(st.text(alphabet="=-:. \n\t`*<>/aTé#", max_size=200))
def test_headers_of_any_text(text: str) -> None:
    """Any text is accepted."""
    read_rst_header(text)
    _, body = read_html_header(text)
    assert 0 <= body <= len(text)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_slug_gives_an_address(slug: str, url: str) -> None:
    """With any values, the address starts with a slash, has no "..", and is ASCII."""
    found = pelican({"ARTICLE_URL": "{slug}/{title}"}).address(
        Facts("content/x.md", Place(), {"slug": slug, "title": url, "url": url}, MOMENT, ())
    )
    assert found.startswith("/")
    assert found.isascii()
    assert ".." not in found.split("/")


@pytest.mark.parametrize(
    "config",
    [
        {"EXTRA_PATH_METADATA": {1: 2, "x": None}, "DEFAULT_DATE": ["a"], "ARTICLE_PATHS": [None]},
        {"SLUG_REGEX_SUBSTITUTIONS": [["a", "\\9"]], "PATH": 3, "SITEURL": ["x"]},
        {"SLUG_REGEX_SUBSTITUTIONS": [["a", 1]], "FILENAME_METADATA": None, "AUTHOR": 4},
    ],
)
def test_impossible_settings_are_survived(config: dict[str, Any]) -> None:
    """Settings of the wrong type are ignored, or are a Problem."""
    engine, _ = Pelican._from(config)
    assert isinstance(engine.file_date("x.md"), str)
    engine.place("x.md")
    facts = Facts("x.md", Place(), {"title": "A b"}, MOMENT, ())
    assert msgspec.structs.replace(engine, site=Site("t", "")).address(facts) == "/a-b.html"


@pytest.mark.parametrize(
    ("told", "date"),
    [([2012, 3, 2, 14, 1], "2012-03-02 14:01:00"), ("2012-03-02", "2012-03-02"), ("fs", "")],
)
def test_default_date(told: object, date: str) -> None:
    """DEFAULT_DATE is used for a missing date, unless it is "fs"."""
    assert pelican({"DEFAULT_DATE": told}).file_date("content/x.md") == date


def test_names_are_parted_as_pelican_does() -> None:
    """Names are separated by semicolons, else by commas. Keys are in lower case."""
    meta = {"Tags": "a; b, c; a", "AUTHORS": "Ming, Anna", "Title": "T", "Category": ""}
    assert pelican().front_matter("content/x.md", meta) == {
        "tags": ["a", "b, c"],
        "authors": ["Ming", "Anna"],
        "title": "T",
    }


def test_values_that_stand_for_too_much_are_not_read(tmp_path: Path) -> None:
    """Values that double many times are not read. The other settings are."""
    doubled = "\n".join(["A = ['x']", *["A = [A, A, A, A, A, A, A, A]"] * 40])
    summed = "\n".join(["B = 'x'", *["B = B + B"] * 60, "C = {}", *["C = {1: C, 2: C}"] * 60])
    grown = "\n".join(["D = []", *["D += [1]"] * 5_000])
    (tmp_path / "conf.py").write_text(f"{doubled}\n{summed}\n{grown}\nSITENAME = 'Tea'\n")
    wanted = dict.fromkeys("ABCD", "")
    values, problems = read_python(tmp_path, "conf.py", wanted)
    assert values == {"SITENAME": "Tea"}
    assert "A, B, C, D" in problems[0].message


@pytest.mark.parametrize("setting", ["FILENAME_METADATA", "PATH_METADATA"])
def test_hostile_pattern_reads_nothing(setting: str) -> None:
    """A slow FILENAME_METADATA is disabled, and every post is read."""
    engine = pelican({setting: "(?P<slug>(a|aa)+)+!"})
    for number in range(1_000):
        assert isinstance(engine.place(f"content/{'a' * 90}{number}.md"), Place)


def test_hostile_substitution_changes_nothing() -> None:
    """A slow substitution is disabled, and slugs are made without it."""
    engine = pelican({"SLUG_REGEX_SUBSTITUTIONS": [["((a|aa)+)+!", "x"], [r"\s+", "-"]]})
    title = f"{'a' * 90} b"
    assert address("content/x.md", engine, title=title) == f"/{'a' * 90}-b.html"


def test_links_and_pictures_in_restructuredtext(tmp_path: Path) -> None:
    """A link to a file leads to its post. A picture without a text has an empty one."""
    files = {
        "pelicanconf.py": "SITENAME = 'T'\nSITEURL = 'https://tea.example'\nPATH = 'content'\n",
        "content/a.rst": "A\n#\n\n:date: 2024-05-01\n\n"
        "`x <{filename}b.rst>`_ and ``<{filename}b.rst>``\n\n"
        ".. image:: {static}/cup.png\n\n.. image:: {attach}pot.png\n   :alt: A pot\n",
        "content/b.rst": "B\n#\n\n:date: 2024-05-02\n\nWords.\n",
    }
    html = built(tmp_path / "blog", files).html("A")
    assert '<a href="https://tea.example/b.html">x</a>' in html
    assert "&lt;{filename}b.rst&gt;" in html
    assert '<img alt="" src="https://tea.example/cup.png">' in html
    assert '<img alt="A pot" src="https://tea.example/pot.png">' in html
