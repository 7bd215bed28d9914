"""The reader of kramdown accepts any text, and is used for the blogs that need it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import build
from syndicate.content.kramdown import to_html
from syndicate.content.kramdown.blocks import read_blocks
from syndicate.content.kramdown.plain import plain_document
from syndicate.content.kramdown.reader import Reader
from syndicate.content.kramdown.tree import Block
from syndicate.content.kramdown.writer import Writer
from syndicate.engines.jekyll.markdown_settings import read_grammar
from syndicate.model import Kramdown

# fmt: off
PIECES = st.sampled_from([
    "a", " ", "\n", "\n\n", "*", "**", "_", "`", "~~", "[", "](", ")", "![", "<b>", "</b>", "<div>",
    "</div>", '<p markdown="1">', "|", "- ", "> ", "    ", "# ", "{:.c}", "{::", "$$", "[^1]",
    "\n[^1]: ", "\n[a]: b", "\n: ", '"', "'", "--", "\\", "&amp;", "<!--", "-->", "^\n", "```\n",
])
# fmt: on


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_rendered(text: str) -> None:
    """No text makes the reader raise."""
    assert isinstance(to_html(text), str)


@pytest.mark.parametrize(
    "opening",
    [
        "> ",
        "- ",
        "* **a ",
        "[",
        "![",
        "<b>",
        "<div>\n",
        '<div markdown="1">\n',
        "*a **b ",
        "`a ``b ",
    ],
)
def test_words_behind_many_openings_are_kept(opening: str) -> None:
    """A thousand marks without an end lose no words and take linear time."""
    assert "the last word" in to_html(opening * 1000 + "the last word")


@pytest.mark.parametrize("name", ["CommonMark", "CommonMarkGhPages", "redcarpet", "GFM"])
def test_other_renderers_are_not_kramdown(name: str) -> None:
    """Another renderer in `_config.yml` is read as CommonMark."""
    assert read_grammar({"markdown": name}) is None


def test_settings_of_the_wrong_type_count_as_not_set() -> None:
    """A wrong `kramdown:` setting leaves Jekyll's defaults."""
    assert read_grammar({"kramdown": "GFM"}) == Kramdown()
    broken = {"smart_quotes": [1], "toc_levels": None, "hard_wrap": "?", "typographic_symbols": 1}
    assert read_grammar({"kramdown": broken}) == Kramdown()


def test_a_jekyll_blog_reads_as_its_pages_do(tmp_path: Path) -> None:
    """A feed follows kramdown's rules, and hard breaks if the blog sets them."""
    blog = tmp_path / "blog"
    (blog / "_posts").mkdir(parents=True)
    config = "title: T\nurl: https://a.example\nkramdown: {hard_wrap: true}\n"
    (blog / "_config.yml").write_text(config, encoding="utf-8")
    text = "---\ntitle: T\n---\n这是**“引号”**的测试。\n见 it's\n"
    (blog / "_posts" / "2024-05-01-a.md").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    build(blog, settings={"output.path": str(out), "state.path": str(tmp_path / "state")})
    feed = json.loads((out / "feed.json").read_text(encoding="utf-8"))
    assert feed["items"][0]["content_html"] == (
        "<p>这是<strong>“引号”</strong>的测试。<br>\n见 it’s</p>"
    )


# fmt: off
PLAIN = st.sampled_from([
    "Tea is hot.", "# Tea", "## *A*", "- one", "* two **b**", "1. three", "2. `x`", "```", "a<b",
    "", "", "it's \"so\"", "  x", "- [x] y", "a | b", "[a](b)", "_c_", "---", ": e", "> f", "中文",
])
# fmt: on


@given(st.lists(PLAIN, max_size=12).map("\n".join))
def test_the_short_way_gives_the_same(text: str) -> None:
    """The shortcut for plain documents gives the same HTML as the whole reader."""
    source = text.removesuffix("\n") + "\n"
    short = plain_document(source)
    reader = Reader(Kramdown(), read_blocks)
    root = Block("root")
    reader.read_blocks(reader, root, source)
    assert short in (None, Writer(Kramdown(), reader.references, source).document(root))


@given(st.lists(PLAIN, max_size=8).map("\n".join))
def test_a_paragraph_read_at_once_is_the_one_read_line_by_line(text: str) -> None:
    """A space before the paragraph, which is not shown, turns the shortcut off."""
    for options in (Kramdown(), Kramdown(gfm=False), Kramdown(paragraph_end=False)):
        assert to_html(f"Tea is hot.\n{text}", options) == to_html(f" Tea is hot.\n{text}", options)
