import json
import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines import Facts, Sign
from syndicate.engines.hugo.content_tree import Tree
from syndicate.engines.hugo.engine import Hugo
from syndicate.engines.hugo.site_config import read_config
from syndicate.model import LeftOut, Place, Site
from tests.engines.sites import instants, said_of

HERE = Path(__file__).parent / "hugo"
VARIANTS: dict[str, Any] = json.loads((HERE / "variants.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
MOMENT = datetime(2024, 5, 1, 20, 30, tzinfo=UTC)


def hugo(config: dict[str, Any] | None = None, tree: Tree | None = None, **changes: Any) -> Hugo:
    """Return an engine for the configuration, whose keys must be in lower case."""
    pages = Tree(pages={"posts": 3, "docs": 2})
    engine = Hugo._from(config or {}, tree or pages, {})
    site = Site(title="t", url="https://example.org")
    return msgspec.structs.replace(engine, site=site, **changes)


def address(path: str, engine: Hugo | None = None, date: datetime = MOMENT, **meta: Any) -> str:
    return (engine or hugo()).address(Facts(path, Place(), meta, date, ()))


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("variant", VARIANTS)
def test_says_what_hugo_says(variant: str, tmp_path: Path) -> None:
    """Posts, addresses, instants and titles equal Hugo's."""
    root = tmp_path / "site"
    shutil.copytree(HERE / "site", root)
    overlay = root / "config/production/hugo.json"
    overlay.parent.mkdir(parents=True)
    overlay.write_text(json.dumps(VARIANTS[variant]), encoding="utf-8")
    engine, problems = Hugo.load(root)
    assert not problems
    said = {
        path: {key: post[key] for key in ("url", "date", "title")}
        for path, post in said_of(root, engine).items()
    }
    expected = {
        path: page
        for path, page in EXPECTED[variant].items()
        if path.startswith("content/posts/") and page["url"] and page["date"] > "0002"
    }
    # Hugo gives pages without a date the year 1; here the file's name serves.
    extra = "content/posts/2024-05-03-name-only/index.md"
    if extra not in expected:
        said.pop(extra)
    assert said == instants(expected)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", ""),
        ("hugo.yaml", "title: x"),
        ("config/_default/params.toml", "a = 1"),
        ("config.toml", 'baseURL = "/"'),
        ("config.yml", "languageCode: en\nparams: {}"),
        ("config.json", '{"baseURL": "/"}'),
    ],
)
def test_recognises_hugo(tmp_path: Path, name: str, text: str) -> None:
    """Hugo is recognised by its file names, its folder, or a config.* with its settings."""
    sign = Hugo.recognise(written(tmp_path, {name: text}))
    assert sign
    assert name.startswith(sign.text)


def test_config_without_content_is_only_a_hint(tmp_path: Path) -> None:
    """A config.yml is a hint, and certain beside a content folder."""
    root = written(tmp_path, {"config.yml": "baseURL: https://example.org"})
    assert Hugo.recognise(root) == Sign("config.yml", certain=False)
    assert Hugo.recognise(written(root, {"content/a.md": ""})) == Sign("config.yml")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.toml", '[site]\nurl = "https://example.org"\n[posts]\npath = "content"\n'),
        ("config.toml", 'base_url = "https://example.org"\ntitle = "Zola"\n[markdown]\n'),
        ("config.yml", "title: another program\n"),
        ("config.toml", "not = [toml"),
        ("config/database.yml", "a: 1"),
        ("content/posts/a.md", "a"),
    ],
)
def test_does_not_recognise_others(tmp_path: Path, name: str, text: str) -> None:
    """Our own config.toml, Zola's, and those of unknown programs are not Hugo's."""
    assert Hugo.recognise(written(tmp_path, {name: text})) is None


def test_configuration_is_laid_over(tmp_path: Path) -> None:
    """config/_default overrides hugo.toml, config/production overrides both, others nothing."""
    files = {
        "hugo.toml": 'baseURL = "https://a.org"\ntitle = "A"\n[params]\nx = 1\n',
        "config/_default/hugo.toml": 'baseURL = "https://b.org"\n',
        "config/_default/params.yaml": "Y: 2\n",
        "config/_default/languages.de.toml": 'Title = "B"\n',
        "config/_default/params.de.toml": "z = 3\n",
        "config/production/config.json": '{"baseURL": "https://c.org"}',
        "config/staging/hugo.toml": 'baseURL = "https://d.org"\n',
    }
    config, problems = read_config(written(tmp_path, files))
    assert not problems
    assert config == {
        "baseurl": "https://c.org",
        "title": "A",
        "params": {"x": 1, "y": 2},
        "languages": {"de": {"title": "B", "params": {"z": 3}}},
    }


def test_settings_are_those_of_the_default_language(tmp_path: Path) -> None:
    """Title, description and time zone of the default language win over the site's own."""
    files = {
        "hugo.yaml": "baseURL: https://example.org/blog/\ntitle: A\ndefaultContentLanguage: de\n"
        "languages:\n  de:\n    title: Tee\n    languageCode: de-AT\n    timeZone: Europe/Vienna\n"
        "    params: {description: Über <b>Tee</b> &amp; mehr}\n  en: {title: Tea}\n"
        "params: {author: {name: Mei, email: m@example.org}}\ncopyright: mine\n"
        "buildDrafts: true\nbuildFuture: true\nbuildExpired: true\n"
    }
    engine, _ = Hugo.load(written(tmp_path, files))
    own = engine.settings
    assert (own.title, own.url) == ("Tee", "https://example.org/blog")
    assert (own.language, own.timezone) == ("de-AT", "Europe/Vienna")
    assert own.description == "Über Tee & mehr"
    assert (own.author, own.author_email, own.rights) == ("Mei", "m@example.org", "mine")
    assert (engine.drafts, engine.future, engine.expiry_keys) == (True, True, ())


@pytest.mark.parametrize("base", ["/", "", "example.org", 3])
def test_base_url_that_is_no_address_is_not_one(base: object) -> None:
    """A relative baseURL is no address."""
    assert hugo({"baseurl": base}).settings.url is None


@pytest.mark.parametrize(
    ("config", "sections"),
    [
        ({}, {"posts"}),
        ({"mainsections": ["docs", "Tea Notes"]}, {"docs", "tea-notes"}),
        ({"params": {"mainsections": "docs"}}, {"docs"}),
        ({"permalinks": {"docs": "/:year/:slug/"}}, {"posts", "docs"}),
        ({"permalinks": {"posts": "/:slug/"}}, {"posts"}),
    ],
)
def test_main_sections(config: dict[str, Any], sections: set[str]) -> None:
    """Main sections are named, or the largest and those with a date in their permalinks."""
    assert hugo(config).main_sections == sections


def test_dated_section_goes_before_larger_documentation() -> None:
    """A section with a date in its permalinks wins over a larger one."""
    tree = Tree(pages={"docs": 500, "updates": 20})
    engine = hugo({"permalinks": {"page": {"updates": "/:year/:slug/"}}}, tree)
    assert engine.main_sections == {"updates"}


def test_site_without_sections_has_its_posts_at_the_root() -> None:
    """Without sections, the pages in content/ itself are the posts."""
    engine = hugo({}, Tree(pages={"": 4}))
    assert engine.place("content/a.md") == Place("pages")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("static/a.md", "not in a content folder"),
        ("content/posts/.a.md", "hidden file"),
        ("content/posts/a.md~", "hidden file"),
        ("content/posts/a.png", "not Markdown or HTML (.png)"),
        ("content/posts/_index.md", "a list page"),
        ("content/posts/_content.gotmpl", "a template that makes pages; it is not run"),
        ("content/posts/template.md", "ignored by ignoreFiles"),
        ("content/posts/a.fr.md", "the language fr is disabled"),
        ("content/posts/tea/more.md", "a resource of the page in content/posts/tea/"),
        ("content/posts/tea/deep/index.md", "a resource of the page in content/posts/tea/"),
        ("content/docs/a.md", "in the section docs, not in the main sections (posts)"),
        ("content/about.md", "in no section, not in the main sections (posts)"),
        ("content/posts/a.org", "Org mode cannot be read; export it to Markdown or HTML"),
    ],
)
def test_what_is_not_a_post(path: str, reason: str) -> None:
    """Every file that is no post has a reason."""
    tree = Tree(bundles=frozenset(("content/posts/tea",)), pages={"posts": 3})
    config = {
        "ignorefiles": ["template\\.md$", "("],
        "languages": {"en": {}, "fr": {"disabled": True}},
    }
    assert hugo(config, tree).place(path) == LeftOut(path, reason)


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.html", "A.HTM", "tea/index.md"])
def test_what_is_a_post(name: str) -> None:
    """Markdown and HTML pages and leaf bundles of a main section are posts."""
    assert hugo().place(f"content/posts/{name}") == Place("posts")


@pytest.mark.parametrize("folder", ["content", "content/posts", "content/posts/2024", "more"])
def test_folders_that_are_entered(folder: str) -> None:
    """Folders that lead to a main section are entered."""
    mounts = [
        {"source": "content", "target": "content"},
        {"source": "more/deep", "target": "content/posts"},
        {"source": "../outside", "target": "content/posts"},
    ]
    assert hugo({"module": {"mounts": mounts}}).enters(folder) is None


@pytest.mark.parametrize("folder", ["themes", "static", ".git", "content/docs", "content/.x"])
def test_folders_that_are_not_entered(folder: str) -> None:
    """Themes, static files, hidden folders and other sections are skipped with a reason."""
    assert isinstance(hugo().enters(folder), LeftOut)


LANGUAGES = {
    "defaultcontentlanguage": "en",
    "languages": {
        "en": {"contentdir": "content/english"},
        "zh": {"contentdir": "content/zh", "languagecode": "zh_CN"},
    },
}


def test_language_comes_from_the_folder_or_the_name() -> None:
    """A language has its own content folder, or its code in the file's name."""
    engine = hugo(LANGUAGES)
    assert engine.place("content/zh/posts/a.md") == Place("posts", language="zh-CN")
    assert engine.place("content/english/posts/a.md") == Place("posts", language="en")
    assert engine.place("content/english/posts/a.zh.md") == Place("posts", language="zh-CN")
    assert address("content/zh/posts/a.md", engine) == "/zh/posts/a/"
    assert address("content/english/posts/a.zh.md", engine) == "/zh/posts/a/"
    assert address("content/english/posts/a.fr.md", engine) == "/posts/a.fr/"


def test_language_with_a_host_of_its_own_has_absolute_addresses() -> None:
    """A language with its own baseURL has addresses on its own host."""
    config = {
        "languages": {
            "en": {"baseurl": "https://example.org/"},
            "zh": {"baseurl": "https://zh.example.org"},
        }
    }
    engine = hugo(config)
    assert address("content/posts/a.md", engine) == "/posts/a/"
    assert address("content/posts/a.zh.md", engine) == "https://zh.example.org/posts/a/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/Fixed/Tea.html", "/Fixed/Tea.html"),
        ("below/Tea Pot", "/below/Tea%20Pot/"),
        ("/a/index.html", "/a/"),
        ("//example.com//a", "/example.com/a"),
        ("/a/../../b", "/b/"),
        ("/v1.2/a", "/v1.2/a"),
        ("/ü!", "/%C3%BC%21/"),
        ("/a!(b)/", "/a!(b)/"),
        ("/:year/:title/", "/2024/tea/"),
        ("/a?b=c", "/a?b=c/"),
        ("https://example.com/a", "/posts/a/"),
        ("", "/posts/a/"),
    ],
)
def test_url_of_the_front_matter_wins(url: str, expected: str) -> None:
    """`url` is used unchanged, without "..". A `url` with a host is ignored."""
    engine = hugo({"permalinks": {"posts": "/posts/:filename/"}})
    assert address("content/posts/a.md", engine, url=url, title="Tea") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/:year/:month/:day/:weekday/:yearday", "/2024/05/01/3/122/"),
        ("/:2006-:01-:02/:Jan/:15:04", "/2024-05-01/may/2030/"),
        (r"/a\:b/:slug.html", "/ab/green-tea.html/"),
        ("/:sections/:sections[0]/:sections[last]/:sections[:1]", "/posts/new/posts/new/posts/"),
        ("/:sections[7]/:sections[x:9]/:filename", "/posts/new/a/"),
        ("/:sectionslugs/:contentbasename", "/posts/latest/a/"),
        ("/:unknown/:slug", "/unknown/green-tea/"),
    ],
)
def test_permalink_tokens(pattern: str, expected: str) -> None:
    """Every token has Hugo's value. Unknown tokens stay."""
    tree = Tree(headers={"posts/new": {"title": "Latest"}}, pages={"posts": 3})
    engine = hugo({"permalinks": {"posts": pattern}}, tree)
    assert address("content/posts/new/a.md", engine, title="Green Tea") == expected


def test_permalink_of_ours_goes_before_hugos() -> None:
    """A permalink in config.toml may have Hugo's tokens."""
    engine = hugo({"permalinks": {"posts": "/:slug/"}}, permalink="/x/:filename/")
    assert address("content/posts/a.md", engine) == "/x/a/"


def test_permalink_of_the_deeper_section_wins() -> None:
    """Of two sections with a pattern, the longer path wins."""
    engine = hugo({"permalinks": {"posts": "/p/:slug/", "posts/new": "/n/:slug/", "/": "/r/:slug"}})
    assert address("content/posts/new/a.md", engine, slug="s") == "/n/s/"
    assert address("content/posts/a.md", engine, slug="s") == "/p/s/"
    assert address("content/a.md", engine, slug="s") == "/r/s/"


def test_dates_in_addresses_keep_the_offset_of_the_post() -> None:
    """A date in an address is in the date's own offset."""
    date = datetime(2024, 5, 1, 23, tzinfo=timezone(timedelta(hours=-5)))
    engine = hugo({"permalinks": {"posts": "/:day/:slug/"}})
    assert address("content/posts/a.md", engine, date, slug="s") == "/01/s/"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("formatR", "formatr"),
        ("a - b", "a---b"),
        ("a_b+c~d@e", "a_b+c~d@e"),
        ("it's 50% “off”", "its-50-off"),
        ("a#b", "a%23b"),
        ("İx", "ix"),
        ("v1.2", "v1.2"),
        ("index", "index"),
    ],
)
def test_names_are_normalised(name: str, expected: str) -> None:
    """Addresses have lower case, dashes for spaces, and only Hugo's characters."""
    assert address(f"content/posts/{name}/index.md") == f"/posts/{expected}/"


def test_cascade_goes_down_and_the_nearer_wins() -> None:
    """Cascades are merged. The nearest section wins, then the first of a list."""
    headers: dict[str, dict[str, Any]] = {
        "": {"cascade": {"color": "red", "params": {"size": 1}}},
        "posts": {"cascade": [{"target": {"path": "/posts/a*"}, "Color": "blue"}, {"size": 2}]},
        "posts/new": {"cascade": {"_target": {"kind": "section"}, "size": 3}},
        "docs": {"cascade": {"target": {"environment": "staging"}, "size": 4}},
    }
    engine = hugo({"cascade": {"size": 5, "shape": "round"}}, Tree(headers, pages={"posts": 1}))

    def given_to(path: str) -> Any:
        return engine.defaults(path, Place())

    assert given_to("content/posts/a.md") == {"color": "blue", "size": 2, "shape": "round"}
    assert given_to("content/posts/new/b.md") == {"color": "red", "size": 2, "shape": "round"}
    assert given_to("content/docs/b.md") == {"color": "red", "size": 1, "shape": "round"}


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ({}, ""),
        ({"headless": True}, "headless: true"),
        ({"build": {"render": "never"}}, "build.render: never"),
        ({"_build": {"render": False}}, "_build.render: never"),
        ({"build": {"list": "local"}}, "build.list: local"),
        ({"build": {"render": "link", "list": "always"}}, ""),
        ({"build": "never"}, ""),
    ],
)
def test_withheld(meta: dict[str, Any], reason: str) -> None:
    """Headless, unlisted and unrendered pages are no posts."""
    assert hugo().withheld("content/posts/a.md", meta) == reason


def test_keys_have_no_case_and_params_count() -> None:
    """The case of keys does not matter, and `params` cannot set Hugo's own fields."""
    told = hugo().front_matter("a", {"Title": "T", "params": {"Author": "Mei", "slug": "x"}})
    assert (told["title"], told["author"], "slug" in told) == ("T", "Mei", False)


def test_date_of_the_file_name_in_the_order_that_is_asked() -> None:
    """The position of `:filename` decides which keys come before the file name's date."""
    engine = hugo({"frontmatter": {"date": ["Posted", ":fileName", ":default"]}})
    path = "content/posts/2024-05-02-tea.md"
    assert engine.date_keys == ("posted",)
    assert engine.other_date(path, {"date": "2020-01-01"}) == "2024-05-02"
    assert engine.other_date("content/posts/tea.md", {"date": "2020-01-01"}) == "2020-01-01"
    assert address(path, engine) == "/posts/tea/"
    assert address(path, engine, posted="2020-01-01") == "/posts/2024-05-02-tea/"


def test_people_come_from_data_and_from_the_authors_taxonomy(tmp_path: Path) -> None:
    """Authors come from data/authors.yaml, data/authors/x.toml and content/authors."""
    files = {
        "hugo.toml": "",
        "content/posts/a.md": "",
        "data/authors.yaml": "ann: {name: Ann}\n",
        "data/authors/bob.toml": 'name = "Bob"\n',
        "content/authors/cy/_index.md": "---\ndisplay_name: Cy\nbio: long\n---\n",
    }
    engine, problems = Hugo.load(written(tmp_path, files))
    assert not problems
    assert {key: engine.people[key]["name"] for key in sorted(engine.people)} == {
        "ann": "Ann",
        "bob": "Bob",
        "cy": "Cy",
    }
    assert engine.main_sections == {"posts"}


def test_settings_without_support_are_reported_once(tmp_path: Path) -> None:
    """Unknown tokens, faulty expressions, Git dates and other markups are Problems."""
    files = {
        "hugo.toml": 'ignoreFiles = ["("]\n[permalinks]\nposts = "/:nothing/:title"\n'
        '[frontmatter]\ndate = [":git", "date"]\n',
        "content/posts/a.org": "",
        "content/posts/b.org": "",
    }
    _, problems = Hugo.load(written(tmp_path, files))
    assert sorted((problem.path, problem.message[:24]) for problem in problems) == [
        ("content/", "2 files are in Org mode,"),
        ("hugo.toml", "frontmatter.date: :git i"),
        ("hugo.toml", "ignoreFiles: '(' is not "),
        ("hugo.toml", "permalinks: unknown toke"),
    ]


def test_broken_configuration_is_a_problem(tmp_path: Path) -> None:
    """A hugo.toml that cannot be read is named with its line, and the build goes on."""
    engine, problems = Hugo.load(written(tmp_path, {"hugo.toml": "title = 'a'\nx = \n"}))
    assert engine.settings.title is None
    assert [(p.path, p.line) for p in problems] == [("hugo.toml", 2)]


PATTERNS = st.lists(
    st.sampled_from((":slug", ":title", ":year", ":sections[1:]", "..", "/", "x", "%2e", "#", "+"))
).map("".join)


@given(
    st.text(alphabet=st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1),
    PATTERNS,
    st.text(max_size=20),
    st.booleans(),
)
def test_address_is_a_path_that_does_not_climb(
    name: str, pattern: str, slug: str, ugly: bool
) -> None:
    """With any names, patterns and slugs, the address is an encoded path below the site."""
    engine = hugo({"permalinks": {"posts": pattern} if pattern else {}, "uglyurls": ugly})
    for meta in ({"slug": slug, "title": name}, {"url": slug}):
        found = address(f"content/posts/{name}.md", engine, **meta)
        assert found.startswith("/")
        assert not found.startswith("//")
        assert found.isascii()
        assert not {"..", "."} & set(found.partition("?")[0].split("/"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ("baseurl", "title", "languages", "defaultcontentlanguage", "disablelanguages", "permalinks",
     "module", "params", "author", "frontmatter", "ignorefiles", "uglyurls", "cascade",
     "mainsections", "contentdir", "timezone")
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES), st.text(max_size=30))
def test_no_configuration_raises(config: dict[str, Any], path: str) -> None:
    """Settings of any form give an engine that accepts any path."""
    engine = hugo(config)
    engine.enters(path)
    engine.defaults(path, Place())
    place = engine.place(path)
    if isinstance(place, Place):
        assert address(path, engine)
