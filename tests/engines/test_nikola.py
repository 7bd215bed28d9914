import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.schema import PostsConfig, SiteConfig
from syndicate.engines import Facts, Sign, settle
from syndicate.engines.nikola.engine import Nikola, read_nikola_header
from syndicate.model import LeftOut, Place, Site
from tests.engines.sites import facts_of, fields_of

HERE = Path(__file__).parent / "nikola"
ROOT = HERE / "site"
VARIANTS: dict[str, Any] = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
MOMENT = datetime(2024, 5, 1, 20, 30, tzinfo=UTC)
POSTS = [["posts/*.rst", "posts", ""], ["posts/*.md", "posts", ""]]


def nikola(config: dict[str, Any] | None = None, **changes: Any) -> Nikola:
    engine, _ = Nikola._from({"POSTS": POSTS, **(config or {})})
    return msgspec.structs.replace(engine, site=Site(title="t", url="https://e.org"), **changes)


def address(path: str, engine: Nikola | None = None, **meta: object) -> str:
    return (engine or nikola()).address(Facts(path, Place(), meta, MOMENT, ()))


def of_variant(name: str) -> Nikola:
    loaded, problems = Nikola.load(ROOT)
    assert not problems
    engine, _ = Nikola._from({**loaded.config, **VARIANTS[name]})
    settled, _ = settle(engine, SiteConfig(), PostsConfig())
    assert isinstance(settled, Nikola)
    return settled


@pytest.mark.parametrize("variant", VARIANTS)
def test_says_what_nikola_says(variant: str) -> None:
    """Address, instant, title and category of posts and translations equal Nikola's."""
    engine = of_variant(variant)
    for path, expected in EXPECTED[variant].items():
        fields = fields_of(ROOT, path, engine)
        facts = facts_of(path, fields, engine)
        assert engine.site.url + engine.address(facts) == expected["url"], path
        assert facts.date == datetime.fromisoformat(expected["date"]), path
        assert facts.title == expected["title"], path
        assert list(facts.categories) == expected["categories"], path
        held = engine.withheld(path, fields) or str(fields.get("status") or "")
        assert bool(held) != expected["in feeds"], path


@pytest.mark.parametrize("variant", VARIANTS)
def test_leaves_out_what_nikola_leaves_out(variant: str) -> None:
    """Files that are no posts of Nikola's have no place."""
    engine = of_variant(variant)
    for file in ROOT.rglob("*"):
        path = str(file.relative_to(ROOT))
        if file.is_file() and path not in EXPECTED[variant]:
            assert isinstance(engine.place(path), LeftOut), path


def test_settings_are_read_without_running_them() -> None:
    """Literal values of conf.py are read, in the default language."""
    engine, problems = Nikola.load(ROOT)
    assert not problems
    assert Nikola.recognise(ROOT) == Sign("conf.py (BLOG_TITLE)")
    assert engine.settings.url == "https://example.org/tea"
    assert (engine.settings.title, engine.settings.author) == ("Tea Notes", "Ming")
    assert (engine.settings.language, engine.settings.timezone) == ("en", "Europe/Rome")
    assert engine.settings.author_email == "ming@example.org"


def test_is_told_from_sphinx(tmp_path: Path) -> None:
    """Another program's conf.py is not Nikola's."""
    (tmp_path / "conf.py").write_text("project = 'x'\nextensions = []\n", encoding="utf-8")
    assert Nikola.recognise(tmp_path) is None


def test_computed_settings_are_one_problem_with_the_cure(tmp_path: Path) -> None:
    """Computed values are reported, with the keys of config.toml that replace them."""
    text = "import os\nPOSTS = ()\nSITE_URL = os.environ['URL']\n"
    (tmp_path / "conf.py").write_text(text, encoding="utf-8")
    _, problems = Nikola.load(tmp_path)
    assert [(p.path, p.kind, p.line) for p in problems] == [("conf.py", "computed-setting", 3)]
    assert "[site] url in config.toml" in problems[0].cure


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("pages/about.md", "not matched by a pattern of POSTS"),
        ("posts/x.png", "not matched by a pattern of POSTS"),
        ("posts/.x.md", "not matched by a pattern of POSTS"),
        ("posts/x.meta", "the header of the post beside it"),
        ("posts/x.ipynb", "in a markup that is not read (.ipynb)"),
    ],
)
def test_what_is_not_a_post(path: str, reason: str) -> None:
    """A file that is no post is left out with the reason."""
    engine = nikola({"POSTS": [*POSTS, ["posts/*.ipynb", "posts", ""]]})
    assert engine.place(path) == LeftOut(path, reason)


@pytest.mark.parametrize(
    ("folder", "entered"),
    [("posts", True), ("posts/2024", True), ("pages", False), ("output", False), (".git", False)],
)
def test_folders_that_are_entered(folder: str, entered: bool) -> None:
    """Only the folders of POSTS are entered."""
    assert (nikola().enters(folder) is None) == entered


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("posts/x.md", ("posts/x.meta",)),
        ("posts/x.fr.md", ("posts/x.md", "posts/x.meta", "posts/x.fr.meta")),
        ("posts/x.de.md", ("posts/x.de.meta",)),
    ],
)
def test_files_that_lend_their_fields(path: str, others: tuple[str, ...]) -> None:
    """A `.meta` file is a header, and a translation gets missing fields from its original."""
    assert nikola({"TRANSLATIONS": {"en": "", "fr": "fr"}}).sidecars(path) == others


def test_translations_have_their_language() -> None:
    """The language in a file's name is the post's."""
    engine = nikola({"TRANSLATIONS": {"en": "", "fr": "fr"}})
    assert engine.place("posts/x.fr.md") == Place(language="fr")
    assert address("posts/x.fr.md", engine) == "/fr/posts/x/"


def test_broken_patterns_are_survived() -> None:
    """Invalid settings are ignored, or are a Problem."""
    engine = nikola({"TRANSLATIONS": {"fr": ""}, "TRANSLATIONS_PATTERN": "{path}{path}.{ext}"})
    assert engine.place("posts/x.fr.md") == Place(language="fr")
    _, problems = Nikola._from({"FILE_METADATA_REGEXP": "("})
    assert [p.kind for p in problems] == ["engine-config"]


def test_permalink_of_config_toml() -> None:
    """A permalink in config.toml wins over Nikola's own rule."""
    assert address("posts/a B.md", nikola(permalink="/:year/:slug/")) == "/2024/a-b/"


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (".. title: A: b\n.. slug: x\n\n.. date: 1\n", {"title": "A: b", "slug": "x"}),
        ("\ufeff\n<!--\n.. title: A\n.. tags:\n-->\n", {"title": "A"}),
        (".. date: 2024-05-01 10:00 UTC-03:00\r\n\r\nText", {"date": "2024-05-01 10:00-03:00"}),
        ("Text.\n", {}),
        (".. title:\n.. slug: x\n", {"title": "", "slug": "x"}),
        (".. title: NO TITLE\n", {"title": ""}),
    ],
)
def test_header(text: str, fields: dict[str, str]) -> None:
    """The ``.. name: value`` lines of the first block are the header."""
    assert read_nikola_header(text) == fields


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_slug_gives_an_address(name: str, slug: str) -> None:
    """With any values, the address starts with a slash, has no "..", and is ASCII."""
    path = f"posts/{name.replace('/', '')}.md"
    found = address(path, slug=slug)
    assert found.startswith("/")
    assert found.isascii()
    assert ".." not in found.split("/")


def test_hostile_pattern_reads_nothing() -> None:
    """A slow expression is disabled, and the posts keep the addresses of their names."""
    engine = nikola({"FILE_METADATA_REGEXP": "posts/(?P<slug>(a|aa)+)+!"})
    for number in range(500):
        name = f"{'a' * 90}{number}"
        assert engine.defaults(f"posts/{name}.md", Place()) == {}
        assert address(f"posts/{name}.md", engine) == f"/posts/{name}/"
