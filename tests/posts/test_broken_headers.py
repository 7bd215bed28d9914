"""Headers with a field that cannot be read, through built blogs of several generators."""

from pathlib import Path

import pytest

from tests.blogs import built

BLOGS = {
    "jekyll": ("_config.yml", "title: T\n", "_posts/2024-05-01-{}.md"),
    "hugo": ("hugo.toml", 'title = "T"\n', "content/posts/{}.md"),
    "hexo": ("_config.yml", "title: T\nnew_post_name: :title.md\n", "source/_posts/{}.md"),
    "astro": ("astro.config.mjs", "export default {}\n", "src/content/blog/{}.md"),
    "plain": ("notes.txt", "", "{}.md"),
}
OPEN = "---\ntitle: Open\ndate: 2024-05-02\n---\nOpen.\n"


def items_of(root: Path, engine: str, header: str) -> list[dict[str, object]]:
    name, text, path = BLOGS[engine]
    files = {name: text, path.format("open"): OPEN}
    files[path.format("tea")] = f"---\n{header}\n---\nBlack or green.\n"
    found = built(root / engine, files)
    return [item for item in found.items if item["title"] != "Open"]


@pytest.mark.parametrize("engine", BLOGS)
@pytest.mark.parametrize(
    "list_", ['  ["cup", "pot"]', '["cup", "pot"]', '  [\n    "cup",\n    "pot"\n  ]']
)
def test_an_empty_list_and_then_a_list_are_the_list(
    tmp_path: Path, engine: str, list_: str
) -> None:
    """The post keeps its title, its date and the tags of the second list."""
    [item] = items_of(tmp_path, engine, f"title: Tea\ndate: 2024-05-01\ntags: []\n{list_}")
    assert (item["title"], item["tags"]) == ("Tea", ["cup", "pot"])
    assert str(item["date_published"]).startswith("2024-05-01")


@pytest.mark.parametrize("engine", BLOGS)
@pytest.mark.parametrize(
    "broken",
    [
        "tags: {a\n  - b",
        "seo: [\n - x\n {",
        "cover:\n  image: [a\n  - b\n",
        "stray [\n- {",
        "- x\n}",
    ],
)
def test_plain_lines_are_read_whatever_the_rest_is(
    tmp_path: Path, engine: str, broken: str
) -> None:
    """A field that cannot be read costs no other field."""
    for number, header in enumerate(
        (f"title: Tea\ndate: 2024-05-01\n{broken}", f"{broken}\ntitle: Tea\ndate: 2024-05-01")
    ):
        [item] = items_of(tmp_path / str(number), engine, header)
        assert item["title"] == "Tea"
        assert str(item["date_published"]).startswith("2024-05-01")


@pytest.mark.parametrize("engine", BLOGS)
@pytest.mark.parametrize(
    "mark",
    [
        "draft: [\n - x\n {",
        "password: {a\n  - b",
        "seo: [\n  draft: true\n - {",
        "seo: {a: 1, private: true, [\n - b",
        "x: [\n {\n  published: true\n  published: false\n - {",
        "visibility: [private\n  - {",
        "x: {\n- draft: true\n- [",
    ],
)
def test_a_field_that_cannot_be_read_still_withholds(
    tmp_path: Path, engine: str, mark: str
) -> None:
    """A field that cannot be read, and may be a mark that withholds, withholds the post."""
    assert items_of(tmp_path, engine, f"title: Tea\ndate: 2024-05-01\n{mark}") == []


def test_an_address_that_cannot_be_read_is_not_guessed(tmp_path: Path) -> None:
    """A post whose permalink cannot be read is left out, unless its generator publishes it."""
    header = "title: Tea\ndate: 2024-05-01\nslug: [\n - x\n {"
    assert items_of(tmp_path, "hugo", header) == []
    assert len(items_of(tmp_path, "jekyll", header)) == 1
