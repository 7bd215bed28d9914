"""The report names a post whose words do not reach the feed, and the cause."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import syndicate

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
WORDS = "Leaves are picked in spring, before the rain, and dried on the same day. " * 8


def problems(
    root: Path, body: str, config: str = "title: Tea\nnew_post_name: :title.md\n"
) -> list[str]:
    """Build a blog of one post, and return what its report says of lost words."""
    folder = root / "source" / "_posts"
    folder.mkdir(parents=True)
    (root / "_config.yml").write_text(f"url: https://ex.org\n{config}", encoding="utf-8")
    header = "---\ntitle: Spring\ndate: 2024-03-02 10:00:00\n---\n"
    (folder / "a.md").write_text(header + body, encoding="utf-8")
    report = syndicate.build(root, settings={"output.path": str(root / "out")}, now=NOW)
    return [f"{each.path}: {each.message}" for each in report.problems if each.kind == "words-lost"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"Short.\n\n<style>\np {{color: red}}\n\n{WORDS}", "a <style> without an end tag"),
        (f"Short.\n\n<!-- to do\n\n{WORDS}", "a comment without an end"),
        (f"Short.\n\n<textarea>\n{WORDS}", "a <textarea> without an end tag"),
        (f"Short.\n\n<button>{WORDS}</button>", "<button>"),
        (f'Short.\n\n<div style="display: none"><p>{WORDS}</p></div>', "hidden elements"),
        (f"<select><option>{WORDS}</option></select>", "no words of this post"),
        ("{% lattice words of a tag %}", "the tag 'lattice'"),
        (f"A few words of text.\n\n{{% lattice {WORDS} %}}", "the tag 'lattice'"),
        (f"短。\n\n<style>\n\n{'春天采茶，雨前为好。' * 30}", "a <style> without an end tag"),
    ],
)
def test_a_post_that_loses_its_words_is_named(tmp_path: Path, body: str, said: str) -> None:
    """The report names the post and the element or comment that contains the words."""
    found = problems(tmp_path, body)
    assert len(found) == 1
    assert found[0].startswith("source/_posts/a.md: ")
    assert said in found[0]


@pytest.mark.parametrize(
    "body",
    [
        WORDS,
        f'<div id="js_content" style="visibility: hidden; opacity: 0"><p>{WORDS}</p></div>',
        f'<div class="{"x " * 500}" style="{"color: red; " * 90}"><p>{WORDS}</p></div>',
        "[Tea](https://tea.example/" + "leaf/" * 200 + ")",
        "![" + WORDS + "](/a.png)",
        "[a]: https://tea.example/" + "leaf/" * 200 + "\n\nSee [a].",
        f"<!-- {WORDS} -->\n\nShort.",
        f"<script>{WORDS}</script>\n\nShort.",
        f"<template>{WORDS}</template>\n\nShort.",
        "# Spring",
        "",
        '<span class="katex">' + f"<math><mi>{WORDS}</mi></math>" + "</span> Short.",
        "Short.\n\n{% lattice " + "leaf/" * 200 + ".png %}",
        f"Short.\n\n<button>Copy</button>\n\n{WORDS}",
    ],
)
def test_a_post_that_keeps_its_words_is_not_named(tmp_path: Path, body: str) -> None:
    """Addresses, attributes, comments and programs do not count as words; nor does a repeated
    title.
    """
    assert problems(tmp_path, body) == []


def test_a_title_that_is_repeated_is_no_loss(tmp_path: Path) -> None:
    """A long heading above few words is removed because it is the title."""
    heading = "<div>\n<h1>\n  Spring\n</h1>\n</div>\n"
    assert problems(tmp_path, f"{heading}<p class='{'x ' * 200}'>Rain.</p>") == []


LATIN = " ".join(f"leaf{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600))
CHINESE = "。".join(f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}茶{chr(0x6E00 + n)}" for n in range(300))


@pytest.mark.parametrize("text", [LATIN, CHINESE])
@pytest.mark.parametrize(
    ("opening", "said"),
    [
        ("<!-- ", "a comment without an end"),
        ("<textarea>\n", "a <textarea> without an end tag"),
        ("<button>", "<button>"),
    ],
)
def test_a_long_passage_that_is_lost_is_named(
    tmp_path: Path, text: str, opening: str, said: str
) -> None:
    """The passage is reported, though most words of the post are in the feed."""
    end = len(text) * 3 // 5
    closing = "</button>" if opening == "<button>" else ""
    found = problems(tmp_path, f"{text[:end]}\n\n{opening}{text[end:]}{closing}\n")
    assert len(found) == 1
    assert "a passage of some " in found[0]
    assert said in found[0]


@pytest.mark.parametrize("text", [LATIN, CHINESE])
def test_a_short_passage_is_a_label(tmp_path: Path, text: str) -> None:
    """Buttons, line numbers and formulas in another form are not lost words."""
    numbers = " ".join(map(str, range(500)))
    body = f"{text}\n\n<button>{text[:200]}</button>\n\n<button>{numbers}</button>\n"
    assert problems(tmp_path, body) == []
