"""The expectations in docusaurus/expected.json were taken from Docusaurus itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.engines.base import Facts
from syndicate.engines.docusaurus import Docusaurus
from syndicate.model import LeftOut, Place, Site
from tests.built import built
from tests.engines.asked import expected_of, said_of

HERE = Path(__file__).parent / "docusaurus"
ENGINE, PROBLEMS = Docusaurus.load(HERE / "site")
SITE = Site(title="t", url="https://example.org")


def docusaurus(**fields: Any) -> Docusaurus:
    return Docusaurus(site=SITE, **{"folders": {"blog": "blog"}, **fields})


def address(path: str, engine: Docusaurus | None = None, **meta: object) -> str:
    facts = Facts(path, Place(), meta, datetime(2024, 5, 1, tzinfo=UTC), ())
    return (engine or docusaurus()).address(facts)


def load(root: Path, config: str) -> Docusaurus:
    (root / "docusaurus.config.js").write_text(config, encoding="utf-8")
    return Docusaurus.load(root)[0]


def test_says_what_docusaurus_says() -> None:
    """Posts, addresses and instants equal Docusaurus's."""
    assert said_of(HERE / "site", ENGINE) == expected_of(HERE)


def test_settings_are_the_literals_of_the_configuration() -> None:
    """Literals of title, address with its base, language and icon are read."""
    said = ENGINE.settings
    assert (said.title, said.url) == ("Tea Notes", "https://tea.example/site")
    assert (said.description, said.language, said.icon) == ("On leaves", "en", "img/leaf.png")


def test_configuration_is_named_and_not_run() -> None:
    """One Problem has the script, the assumption and the settings that replace it."""
    assert [(p.path, p.kind) for p in PROBLEMS] == [("docusaurus.config.js", "engine-script")]
    assert "/blog, /how/to" in PROBLEMS[0].message


@pytest.mark.parametrize(
    ("config", "folders"),
    [
        ("", {"blog": "blog"}),
        ("presets: [['classic', { blog: { routeBasePath: '/' } }]]", {"blog": ""}),
        ("blog: { path: './news', feedOptions: { x: {} }, routeBasePath: 'n' }", {"news": "n"}),
        ("docs: { routeBasePath: '/' }, blog: { showReadingTime: true }", {"blog": "blog"}),
        (
            "blog: false, plugins: [['@docusaurus/plugin-content-blog', { id: 'a', path: 'b' }]]",
            {"b": "blog"},
        ),
    ],
)
def test_blogs_of_the_configuration(tmp_path: Path, config: str, folders: dict[str, str]) -> None:
    """Each blog's folder and route come from the options of its preset or plugin."""
    assert load(tmp_path, f"module.exports = {{ {config} }};").folders == folders


@pytest.mark.parametrize(
    ("said", "expected"),
    [("", "/blog/2021/09/13/tea"), ("trailingSlash: true,", "/blog/2021/09/13/tea/"),
     ("trailingSlash: false,", "/blog/2021/09/13/tea")],
)  # fmt: skip
def test_trailing_slash(tmp_path: Path, said: str, expected: str) -> None:
    """`trailingSlash` decides how addresses end."""
    engine = load(tmp_path, f"export default {{ {said} title: 't' }};")
    assert address("blog/2021-09-13-tea.md", engine) == expected


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("docusaurus.config.ts", "docusaurus.config.ts"),
        ("website/docusaurus.config.js", "website/docusaurus.config.js"),
        ("website/blog/authors.yml", "website/blog/authors.yml"),
        ("blog/2021-09-13-tea.md", None),
    ],
)
def test_how_it_is_recognised(tmp_path: Path, file: str, why: str | None) -> None:
    """Docusaurus is recognised by configuration or authors, at the root or one folder down."""
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("", encoding="utf-8")
    sign = Docusaurus.recognise(tmp_path)
    assert (sign and sign.text) == why


def test_site_below_the_root_is_read_from_there(tmp_path: Path) -> None:
    """A site in website/ has its blog in website/blog, with addresses below /blog."""
    (tmp_path / "website").mkdir()
    engine = load(tmp_path / "website", "module.exports = { title: 't' };")
    engine = Docusaurus.load(tmp_path)[0]
    assert engine.folders == {"website/blog": "blog"}
    assert address("website/blog/2021-09-13-tea.md", engine) == "/blog/2021/09/13/tea"


def test_people_and_tags_are_read() -> None:
    """Authors come from authors.yml, and labels of tags from tags.yml."""
    assert ENGINE.people == {"mei": {"name": "Mei", "url": "https://mei.example"}}
    meta = {"tags": ["green", "plain", {"label": "Leaf", "permalink": "/leaf"}]}
    tags = ENGINE.front_matter("blog/a.md", meta)["tags"]
    assert tags == ["Green tea", "plain", {"label": "Leaf", "permalink": "/leaf"}]


def test_last_update_is_the_date_of_change() -> None:
    """`last_update: {date: …}` is when the post last changed."""
    meta = {"last_update": {"date": "2024-01-02", "author": "mei"}}
    assert ENGINE.front_matter("blog/a.md", meta)["updated"] == "2024-01-02"


@pytest.mark.parametrize(
    ("path", "date"),
    [("blog/2021-9-3-tea.md", "2021-9-3"), ("blog/2021/09/13/tea/index.mdx", "2021-09-13"),
     ("blog/sub/2021-09-13.md", "2021-09-13"), ("blog/tea.md", "")],
)  # fmt: skip
def test_date_of_the_path(path: str, date: str) -> None:
    """The date is the one in the name or the folders."""
    assert docusaurus().file_date(path) == date


@pytest.mark.parametrize(
    "path",
    ["docs/a.md", "blog/_a.md", "blog/a.test.md", "blog/authors.yml", "blog/a.html"],
)
def test_what_is_not_a_post(path: str) -> None:
    """Partials, tests, lists and pages elsewhere are left out."""
    assert isinstance(docusaurus().place(path), LeftOut)


@pytest.mark.parametrize(
    ("folder", "entered"),
    [("blog", True), ("blog/2021", True), ("blog/_partials", False), ("i18n", False)],
)
def test_folders(folder: str, entered: bool) -> None:
    """Only the blogs' folders are entered, no partials or translations."""
    assert (docusaurus().enters(folder) is None) is entered


def test_permalink_of_config_toml_serves() -> None:
    """The permalink of config.toml replaces the default, not a post's own slug."""
    engine = msgspec.structs.replace(docusaurus(), permalink="/b/:year/:slug")
    assert address("blog/2021-09-13-tea.md", engine) == "/b/2024/tea"
    assert address("blog/2021-09-13-tea.md", engine, slug="own") == "/blog/own"


@given(st.text(max_size=60))
def test_any_slug_gives_an_address(slug: str) -> None:
    """With any slug, the address starts with one slash and has no ".."."""
    made = address("blog/2021-09-13-tea.md", slug=slug)
    assert made == "/blog" or made.startswith("/blog/")
    assert not {".", ".."} & set(made.split("/"))


def test_a_fence_called_mdx_code_block_is_taken_away(tmp_path: Path) -> None:
    """The contents of an mdx-code-block are MDX. Other fences, and nested ones, stay code."""
    hatch = (
        "Open.\n\n```mdx-code-block\nimport Cup from '@site/src/cup'\n\n<Cup>Warm **cup**</Cup>\n"
        "```\n\n````mdx-code-block\n```jsx\n<Cup>shown</Cup>\n```\n````\n\n"
        "`````md\n```mdx-code-block\nas written\n```\n`````\n"
    )
    files = {
        "docusaurus.config.js": "module.exports = {title: 'T', url: 'https://tea.example'};\n",
        "blog/2024-05-01-a.mdx": f"---\ntitle: A\n---\n{hatch}",
        "blog/2024-05-02-b.md": "---\ntitle: B\n---\n```mdx-code-block\nPlain *words*\n```\n",
    }
    blog = built(tmp_path / "blog", files)
    assert "<strong>cup</strong>" in blog.html("A")
    assert "import Cup" not in blog.html("A")
    assert "&lt;Cup&gt;shown" in blog.html("A")
    assert "```mdx-code-block" in blog.html("A")
    assert blog.html("B") == "<p>Plain <em>words</em></p>"


def test_a_locked_part_in_such_a_fence_is_in_no_feed(tmp_path: Path) -> None:
    """A mark in an mdx-code-block locks, because it is not code."""
    words = "Words for everybody, and enough of them.\n\n"
    text = f"{words}```mdx-code-block\n<Members>gone</Members>\n```"
    files = {
        "docusaurus.config.js": "module.exports = {title: 'T', url: 'https://tea.example'};\n",
        "blog/2024-05-01-a.mdx": f"---\ntitle: A\n---\n{text}\n",
    }
    blog = built(tmp_path / "blog", files)
    assert "gone" not in blog.html("A")
    assert "locked-part" in blog.kinds()
