"""Quartz's settings and addresses, and Obsidian's Markdown, in the feeds of a built vault."""

from pathlib import Path

import pytest

from syndicate.engines import Sign
from syndicate.engines.quartz.engine import QuartzSite
from tests.built import Built, built

CONFIG = """const config: QuartzConfig = {
  configuration: {
    pageTitle: "Tea Garden",
    locale: "en-GB",
    baseUrl: "garden.example/q",
    ignorePatterns: ["private", "templates", ".obsidian"],
  },
  plugins: { transformers: [Plugin.FrontMatter()] },
}
export default config
"""
BLACK = (
    "---\ntitle: Black\ndate: 2024-05-02\nencrypted: false\n---\nIntro.\n\n"
    "## How to Brew\n\nBoil it. %%not for you%%\n\n### Longer\n\nWait.\n\n## Later\n\nDrink.\n"
)
NOTE = "---\ntitle: Green\ncreated: 2024-05-01\n---\n"
BASE = "https://garden.example/q"


def vault(folder: Path, body: str = "Text\n", **more: str) -> Built:
    files = {
        "quartz.config.ts": CONFIG,
        "content/index.md": "---\ntitle: Home\ndate: 2024-05-01\n---\nHi\n",
        "content/Tea & Co/Green Tea?.md": NOTE + body,
        "content/Black Tea.md": BLACK,
        "content/private/Cellar.md": "---\ntitle: S\ndate: 2024-05-01\n---\nHoarded words\n",
        "content/Draft.md": "---\ntitle: D\ndate: 2024-05-01\ndraft: true\n---\nDrafted words\n",
        "content/attachments/a cup.png": "x",
        "content/tea.mp3": "x",
        "content/Deep folder/icons/leaf.svg": "x",
        "content/Deep folder/more/leaf.svg": "x",
        "docs/a.md": "---\ntitle: Docs\ndate: 2024-05-01\n---\nQuartz's own\n",
    }
    return built(folder / "vault", files | more)


def test_a_vault(tmp_path: Path) -> None:
    """Notes in `content` have Quartz's addresses."""
    more = {"content/notes/index.md": "---\ntitle: Notes\ndate: 2024-05-03\n---\nText\n"}
    blog = vault(tmp_path, **more)
    assert {title: item["url"] for title, item in blog.items.items()} == {
        "Green": f"{BASE}/Tea--and--Co/Green-Tea",
        "Black": f"{BASE}/Black-Tea",
        "Notes": f"{BASE}/notes/",
    }
    assert (blog.report.site.title, blog.report.site.language) == ("Tea Garden", "en-GB")
    assert QuartzSite.recognise(tmp_path / "vault") == Sign("quartz.config.ts")
    assert QuartzSite.recognise(tmp_path / "vault/content") == Sign("quartz.config.ts")


LINKS = [
    ("[[Black Tea]]", f'<a href="{BASE}/Black-Tea">Black Tea</a>'),
    ("[[black tea|the *black*]]", f'<a href="{BASE}/Black-Tea">the <em>black</em></a>'),
    ("[[Black Tea#How to Brew]]", f'<a href="{BASE}/Black-Tea#how-to-brew">Black Tea</a>'),
    ("[[Black Tea#^b1|x]]", f'<a href="{BASE}/Black-Tea">x</a>'),
    ("[[Tea & Co/Green Tea?|self]]", f'<a href="{BASE}/Tea--and--Co/Green-Tea">self</a>'),
    ("[[tea.mp3]]", f'<a href="{BASE}/tea.mp3">tea.mp3</a>'),
    ("[[Nothing]] and [[Cellar]] and [[Draft|that]]", "Nothing and Cellar and that"),
    ("`[[Black Tea]]`", "<code>[[Black Tea]]</code>"),
    ("==hot== and 1 == 2 == 3", "<mark>hot</mark> and 1 == 2 == 3"),
    ("Words #tag ^block-1", "Words #tag"),
]


@pytest.mark.parametrize(("body", "html"), LINKS)
def test_marks_within_a_line(body: str, html: str, tmp_path: Path) -> None:
    """A link to an unpublished note becomes text, and code stays."""
    assert vault(tmp_path, f"{body}\n").html("Green") == f"<p>{html}</p>"


def test_a_link_in_a_table(tmp_path: Path) -> None:
    """In a table, the bar of a link is escaped."""
    table = "| a | b |\n|---|---|\n| [[Black Tea\\|x]] | y |\n"
    assert f'<td><a href="{BASE}/Black-Tea">x</a></td><td>y</td>' in vault(tmp_path, table).html(
        "Green"
    )


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("![[a cup.png]]", f'<img src="{BASE}/attachments/a-cup.png" alt="">'),
        ("![[a cup.png|300]]", f'<img src="{BASE}/attachments/a-cup.png" width="300" alt="">'),
        ("![[a cup.png|Cup|300x200]]",
         f'<img src="{BASE}/attachments/a-cup.png" alt="Cup" width="300" height="200">'),
        ("![[icons/leaf.svg]]", f'<img src="{BASE}/Deep-folder/icons/leaf.svg" alt="">'),
        ("![[LEAF.svg]]", f'<img src="{BASE}/Deep-folder/icons/leaf.svg" alt="">'),
        ("![[tea.mp3]]", f'src="{BASE}/tea.mp3"'),
    ],
)  # fmt: skip
def test_an_embedded_file_is_shown(body: str, html: str, tmp_path: Path) -> None:
    """An embedded picture is found by its name in any folder."""
    assert html in vault(tmp_path, f"{body}\n").html("Green")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """An embed of a missing file is a problem of the note."""
    blog = vault(tmp_path, "a ![[none.png]] b\n")
    assert any('"none.png"' in problem.message for problem in blog.report.problems)


def test_an_embedded_note_is_a_quotation(tmp_path: Path) -> None:
    """A note is embedded whole or from a heading on, without its header and comments."""
    html = vault(tmp_path, "![[Black Tea]]\n").html("Green")
    assert "<blockquote>\n<p>Intro.</p>" in html
    assert "encrypted" not in html
    assert "not for you" not in html
    part = vault(tmp_path / "part", "![[Black Tea#How to Brew]]\n").html("Green")
    assert "Boil it." in part
    assert "Wait." in part
    assert "Intro." not in part
    assert "Drink." not in part


@pytest.mark.parametrize("name", ["Cellar", "private/Cellar", "Draft"])
def test_a_note_that_is_not_published_is_not_embedded(name: str, tmp_path: Path) -> None:
    """A private note is not embedded in another note."""
    html = vault(tmp_path, f"![[{name}]] after\n").html("Green")
    assert "words" not in html
    assert "after" in html


def test_notes_that_embed_each_other_end(tmp_path: Path) -> None:
    """An embed within an embed is a link."""
    more = {"content/Loop.md": "---\ntitle: Loop\ndate: 2024-05-01\n---\n![[Green Tea?]]\n"}
    blog = vault(tmp_path, "![[Loop]] ![[Green Tea?]]\n", **more)
    assert len(blog.html("Loop")) < 1_000


def test_callouts_have_titles(tmp_path: Path) -> None:
    """A callout has the author's title or its kind's, and folded ones are shown open."""
    body = "> [!warning]- Hot *water*\n> Careful.\n\n> [!note]\n> Plain.\n"
    assert vault(tmp_path, body).html("Green") == (
        "<blockquote>\n<p><strong>Hot <em>water</em></strong></p>\n<p>Careful.</p>\n</blockquote>\n"
        "<blockquote>\n<p><strong>Note</strong></p>\n<p>Plain.</p>\n</blockquote>"
    )


def test_the_title_of_a_callout_may_hold_marks(tmp_path: Path) -> None:
    """Links and highlights in a title are resolved."""
    html = vault(tmp_path, "> [!tip] See [[Black Tea]] ==now==\n> Text\n").html("Green")
    assert f'<strong>See <a href="{BASE}/Black-Tea">Black Tea</a> <mark>now</mark></strong>' in html


def test_a_vault_without_quartz_is_read_too(tmp_path: Path) -> None:
    """A plain folder with `.obsidian` has the same marks, with its own addresses."""
    files = {
        ".obsidian/app.json": "{}",
        "a.md": NOTE + "[[Black Tea]] ![[cup.png]] ==hot==\n",
        "Black Tea.md": BLACK,
        "img/cup.png": "x",
    }
    html = built(tmp_path / "vault", files, site__url="https://tea.example").html("Green")
    assert '<a href="https://tea.example/Black%20Tea/">Black Tea</a>' in html
    assert '<img src="https://tea.example/img/cup.png" alt="">' in html
    assert "<mark>hot</mark>" in html


def test_a_file_that_comes_later_is_shown(tmp_path: Path) -> None:
    """A build from the cache finds an embedded file that was added."""
    assert "img" not in vault(tmp_path, "![[late.png]]\n").html("Green")
    more = {"content/new/late.png": "x", "content/b.md": NOTE.replace("Green", "B") + "Text\n"}
    assert f'src="{BASE}/new/late.png"' in vault(tmp_path, "![[late.png]]\n", **more).html("Green")


@pytest.mark.parametrize("aliases", ["[Dark Leaf, Oolong]", "Dark Leaf, Oolong", "\n  - Dark Leaf"])
@pytest.mark.parametrize("settings", ["quartz.config.ts", ".obsidian/app.json"])
def test_a_note_is_linked_by_its_other_names(tmp_path: Path, aliases: str, settings: str) -> None:
    """A note's name wins over an alias, and aliases of private notes are ignored."""
    head = "---\ntitle: {}\ndate: 2024-05-01\n"
    files = {
        "config.toml": f'[site]\nurl = "{BASE}"\n',
        settings: CONFIG if settings.endswith(".ts") else "{}",
        "content/Black.md": f"{head.format('Black')}aliases: {aliases}\n---\nBoil it.\n",
        "content/Oolong.md": head.format("Oolong")
        + "---\n[[dark leaf|it]], [[Oolong]], [[Cellar]]\n",
        "content/S.md": f"{head.format('S')}draft: true\naliases: Cellar\n---\nNo\n",
    }
    blog = built(tmp_path / "vault", files)
    html = blog.items["Oolong"]["content_html"]
    assert f'<a href="{blog.items["Black"]["url"]}">it</a>' in html
    assert f'<a href="{blog.items["Oolong"]["url"]}">Oolong</a>' in html
    assert "Cellar</p>" in html


def test_another_name_that_goes_takes_its_links_along(tmp_path: Path) -> None:
    """A build from the cache equals a first build."""
    head = "---\ntitle: {}\ndate: 2024-05-01\n"
    files = {
        "quartz.config.ts": CONFIG,
        "content/Black.md": f"{head.format('Black')}aliases: [Leaf]\n---\nBoil it.\n",
        "content/Green.md": f"{head.format('Green')}---\n[[Leaf]]\n",
    }
    assert "Black" in built(tmp_path / "vault", files).items["Green"]["content_html"]
    files["content/Black.md"] = files["content/Black.md"].replace("Leaf", "Other")
    assert "Black" not in built(tmp_path / "vault", files).items["Green"]["content_html"]
