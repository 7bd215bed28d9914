"""Ids in front matter that several posts share, through built blogs."""

from pathlib import Path

import pytest

from tests.blogs import Built, built

HUGO = {
    "hugo.toml": 'title = "T"\ndefaultContentLanguage = "en"\n'
    "[languages.en]\nweight = 1\n[languages.zh]\nweight = 2\n"
}


def post(name: str, known_id: str, more: str = "") -> str:
    return f"---\ntitle: {name}\ndate: 2024-05-01\nid: {known_id}\n{more}---\n{name} is here.\n"


def ids(found: Built) -> dict[str, str]:
    """Return the ids of the posts by title."""
    return {p.title: p.id for p in found.report.posts}


@pytest.mark.parametrize("known_id", ["tea", "12", "0b9cb1c6-1a5b-4e0e-8e0b-6a5c5f9d3b11"])
@pytest.mark.parametrize(
    ("files", "paths"),
    [
        (HUGO, ("content/posts/tea.en.md", "content/posts/tea.zh.md")),
        (
            {"astro.config.mjs": "-\n"},
            ("src/content/blog/en/tea.md", "src/content/blog/zh-CN/tea.md"),
        ),
        ({}, ("tea.md", "zh/tea.md")),
    ],
)
def test_an_id_that_translations_share_is_no_entrys(
    tmp_path: Path, known_id: str, files: dict[str, str], paths: tuple[str, str]
) -> None:
    """Translations with one id have their addresses as ids, without a report."""
    posts = {path: post(f"Tea {n}", known_id) for n, path in enumerate(paths)}
    found = built(tmp_path / "blog", {**files, **posts})
    assert {p.id for p in found.report.posts} == {p.url for p in found.report.posts}
    assert len(found.report.posts) == 2
    assert "same-id" not in found.kinds


def test_an_id_that_the_languages_of_posts_tell_apart_is_no_entrys(tmp_path: Path) -> None:
    """The language may be in the front matter instead of the path."""
    files = {"a.md": post("Tea", "t", "lang: en\n"), "b.md": post("Tee", "t", "lang: de\n")}
    found = built(tmp_path / "blog", files)
    assert ids(found) == {"Tea": "https://e.org/a/", "Tee": "https://e.org/b/"}


def test_an_id_that_many_posts_share_is_no_entrys(tmp_path: Path) -> None:
    """An id of many posts is reported once. An id of a single post stays."""
    files = {f"{n}.md": post(f"Tea {n}", "intro") for n in range(4)} | {"x.md": post("X", "x")}
    found = built(tmp_path / "blog", files)
    assert ids(found) == {
        **{f"Tea {n}": f"https://e.org/{n}/" for n in range(4)},
        "X": "https://e.org/#x",
    }
    assert [p.kind for p in found.report.problems].count("same-id") == 1


def test_a_post_keeps_the_id_that_readers_know_when_it_is_translated(tmp_path: Path) -> None:
    """The first post keeps an id that the ledger has. Its translation gets another."""
    first = built(tmp_path / "blog", {"tea.md": post("Tea", "t")})
    assert ids(first) == {"Tea": "https://e.org/#t"}
    both = built(tmp_path / "blog", {"zh/tea.md": post("Cha", "t")})
    assert ids(both) == {"Tea": "https://e.org/#t", "Cha": "https://e.org/zh/tea/"}
