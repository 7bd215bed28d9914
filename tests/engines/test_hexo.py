import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines import Facts
from syndicate.engines.hexo.engine import Hexo
from syndicate.engines.hexo.slug_rules import pinyin, slugize
from syndicate.model import LeftOut, Place, Site
from tests.engines.sites import instants, said_of

HERE = Path(__file__).parent / "hexo"
VARIANTS: dict[str, Any] = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
CONFIG = yaml.safe_load((HERE / "site" / "_config.yml").read_text(encoding="utf-8"))
MOMENT = datetime(2024, 5, 1, 20, 30, tzinfo=UTC)


def hexo(config: dict[str, Any] | None = None, timezone: str = "UTC") -> Hexo:
    site = Site(title="t", url="https://example.org", timezone=timezone)
    return msgspec.structs.replace(Hexo._from(config or {}), site=site)


def address(path: str, engine: Hexo | None = None, title: str = "", **meta: object) -> str:
    engine = engine or hexo()
    place = engine.place(path)
    assert isinstance(place, Place)
    return engine.address(Facts(path, place, meta, MOMENT, (), (), title))


@pytest.mark.parametrize("variant", VARIANTS)
def test_says_what_hexo_says(variant: str) -> None:
    """Address, instant, title, categories and tags equal Hexo's."""
    engine = Hexo._from(CONFIG | VARIANTS[variant])
    assert {
        path: post
        for path, post in said_of(HERE / "site", engine).items()
        if EXPECTED[variant].get(path, path)
    } == {
        path: post
        for path, post in instants(EXPECTED[variant]).items()
        # Hexo's render_drafts shows what says `published: false` too; readers should not see it.
        if path != "source/_posts/unpublished.md"
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_reads_the_files_that_hexo_reads(variant: str) -> None:
    """A date in the name is used if there is no other, although Hexo uses the file's time."""
    unsaid = {path for path, post in EXPECTED[variant].items() if post is None}
    assert unsaid <= said_of(HERE / "site", Hexo._from(CONFIG | VARIANTS[variant])).keys()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"_config.yml": "title: t\nnew_post_name: :title.md\n"}, "_config.yml (new_post_name)"),
        ({"package.json": '{"dependencies": {"hexo": "^7"}}'}, "package.json (hexo)"),
        ({"scaffolds/post.md": "", "source/_posts/a.md": ""}, "scaffolds and source/_posts"),
        ({"_config.yml": "title: t\n", "_posts/2024-05-01-a.md": ""}, None),
        ({"_config.yml": "source: source\nroot: /\n", "source/_posts/a.md": ""}, None),
    ],
)
def test_is_told_from_jekyll(files: dict[str, str], expected: str | None, tmp_path: Path) -> None:
    """Hexo is recognised by its own keys, package or scaffolds, not by keys of Jekyll."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    sign = Hexo.recognise(tmp_path)
    assert (sign and sign.text) == expected


def test_settings_are_read_from_config_yml() -> None:
    """Title, address, zone, author and the first of the languages come from _config.yml."""
    engine, problems = Hexo.load(HERE / "site")
    assert not problems
    assert engine.settings.url == "https://example.org/tea"
    assert (engine.settings.title, engine.settings.language) == ("茶 Notes", "zh-CN")
    assert (engine.settings.description, engine.settings.author) == ("Leaves and water", "Ming")
    assert engine.settings.timezone is None
    assert engine.future


def test_broken_config_yml_is_a_problem_with_its_line(tmp_path: Path) -> None:
    """A _config.yml that is not valid YAML is reported with its line, and the build goes on."""
    (tmp_path / "_config.yml").write_text("title: a\nurl: [\n", encoding="utf-8")
    engine, problems = Hexo.load(tmp_path)
    assert engine.settings.title is None
    assert [(p.path, p.kind, p.line) for p in problems] == [("_config.yml", "engine-config", 3)]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("README.md", "not in source/_posts"),
        ("source/about/index.md", "not in source/_posts"),
        ("source/_posts/_hidden.md", "hidden or temporary file"),
        ("source/_posts/.old/x.md", "hidden or temporary file"),
        ("source/_posts/x.md~", "hidden or temporary file"),
        ("source/_posts/x.png", "not Markdown or HTML (.png)"),
        ("source/_posts/raw/x.md", "excluded by _config.yml"),
    ],
)
def test_what_is_not_a_post(path: str, reason: str) -> None:
    """A file that Hexo does not publish as a post is left out with the reason."""
    assert hexo({"skip_render": "_posts/raw/**"}).place(path) == LeftOut(path, reason)


@pytest.mark.parametrize(
    ("folder", "entered"),
    [
        ("source", True),
        ("source/_posts", True),
        ("source/_posts/2024", True),
        ("source/_posts/_old", False),
        ("source/_drafts", False),
        ("source/about", False),
        ("node_modules", False),
        ("themes", False),
    ],
)
def test_folders_that_are_entered(folder: str, entered: bool) -> None:
    """Only `source/_posts` and the folders below are entered."""
    assert (hexo().enters(folder) is None) == entered


def test_another_source_dir_is_entered() -> None:
    """`source_dir` may lie deeper; the folders on the way are entered."""
    engine = hexo({"source_dir": "blog/src"})
    assert engine.enters("blog") is None
    assert engine.place("blog/src/_posts/x.md") == Place()


def test_plural_keys_go_before_singular_ones() -> None:
    """`category` is used only without `categories`."""
    meta = {"category": "a", "categories": ["b"], "tag": "c", "tags": None}
    found = hexo().front_matter("source/_posts/x.md", meta)
    assert found == {"categories": ["b"], "tag": "c", "tags": None}


def test_language_in_the_pattern_of_names() -> None:
    """`new_post_name: :lang/:title.md` gives each post its language."""
    engine = hexo({"new_post_name": ":lang/:title.md"})
    assert engine.place("source/_posts/zh/x.md") == Place(language="zh")


def test_dates_in_addresses_are_in_the_zone_of_the_site() -> None:
    """An evening in UTC is the next day in Shanghai, in the address too."""
    engine = hexo({"timezone": "Asia/Shanghai"}, timezone="Asia/Shanghai")
    assert address("source/_posts/x.md", engine) == "/2024/05/02/x/"


def test_without_an_id_the_slug_stands_for_it() -> None:
    """Without an id, `:id` is stable, although Hexo's is random."""
    assert address("source/_posts/x.md", hexo({"permalink": ":id/"})) == "/x/"


def test_signs_that_would_cut_the_address_are_escaped() -> None:
    """A `#` or `?` in a file's name is part of the address, not its end (Hexo's is broken)."""
    assert address("source/_posts/C#?.md") == "/2024/05/01/C%23%3F/"


def test_an_impossible_setting_is_passed_over() -> None:
    """Settings of the wrong type are ignored."""
    config = {"category_map": [1], "permalink_defaults": "x", "pretty_urls": 3, "ignore": {"a": 1}}
    config |= {"new_post_name": "/", "source_dir": "/"}
    assert address("source/_posts/x.md", hexo(config)) == "/2024/05/01/x/"


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_permalink_gives_an_address(name: str, permalink: str) -> None:
    """With any values, the address starts with a slash, has no "..", and is ASCII."""
    path = f"source/_posts/{name.replace('/', '')}.md"
    facts = Facts(path, Place(), {"permalink": permalink}, MOMENT, ())
    found = hexo({"permalink": ":title/:name"}).address(facts)
    assert found.startswith("/")
    assert found.isascii()
    assert ".." not in found.split("/")
    assert "//" not in found


@given(st.text(max_size=60))
def test_slugs_hold_no_signs(text: str) -> None:
    """A slug neither begins nor ends with a hyphen and has no two in a row."""
    slug = slugize(text)
    assert "--" not in slug
    assert slug == slug.strip("-")


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        ("2024/软件设计/", "2024/ruan-jian-she-ji/"),
        ("Java并发 万宁.html", "java-bing-fa-wan-ning.html"),
        ("tea_绿茶/", "tea-lu-cha/"),
        ("a😀b", "a-b"),
    ],
)
def test_pinyin(path: str, spelled: str) -> None:
    """Chinese is spelled in pinyin. Slashes and dots stay."""
    assert pinyin(path) == spelled


@pytest.mark.parametrize("key", ["skip_render", "ignore", "new_post_name"])
def test_hostile_pattern_matches_nothing(key: str) -> None:
    """Slow globs and name patterns are disabled, and no post is lost."""
    told = "**a" * 40 + "!" if key != "new_post_name" else ":a:b:c:d:e:f:g:h:i:j!.md"
    engine = hexo({key: told})
    for number in range(500):
        assert isinstance(engine.place(f"source/_posts/{'a' * 150}{number}.md"), Place)
