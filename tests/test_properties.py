"""The whole program on posts that nobody would write."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import syndicate
from syndicate.model import Document
from tests.feeds.rules import faults

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SITE = "https://example.org"
TYPES = {
    ".json": "application/feed+json",
    "atom.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    ".opml": "text/x-opml",
}

# Fragments that meet in real posts, and between them anything at all.
PIECES = st.sampled_from((
    "]]>", "<!--more-->", "{{ x }}", "{% raw %}", "\x00", "\x0b", "\ufffe", "\u202e", "🏳️‍🌈", "茶",
    "<script>", "</div>", "```\n", "<p style='display:none'>", "[a](javascript:x)", "&#0;",
    "---\n", "![](../x y.png)", "<img src=x onerror=y>", "{:toc}", "\r\n", "../..", "\\", "//",
))  # fmt: skip
ANYTHING = st.lists(PIECES | st.text(max_size=20), max_size=8).map("".join)
NAME = st.text(st.characters(codec="utf-8"), max_size=12) | PIECES


def quoted(text: str) -> str:
    """A YAML scalar of any text."""
    escapes = {"\\": "\\\\", '"': '\\"'}
    shown = (escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text)
    return '"' + "".join(shown) + '"'


@given(
    titles=st.lists(NAME, min_size=2, max_size=2),
    category=NAME,
    author=NAME,
    slug=NAME,
    body=ANYTHING,
    header=ANYTHING,
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_post_gives_valid_feeds_inside_the_output_folder(
    titles: list[str], category: str, author: str, slug: str, body: str, header: str
) -> None:
    """Whatever posts say, nothing crashes, every feed keeps every rule, and stays in its folder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        posts = folder / "blog/_posts"
        posts.mkdir(parents=True)
        fields = {"title": titles[0], "category": category, "author": author, "slug": slug}
        lines = "".join(f"{key}: {quoted(value)}\n" for key, value in fields.items())
        texts = {
            "2024-05-01-a.md": f"---\n{lines}---\n{body}",
            "2024-05-02-b.html": f"---\ntitle: {titles[1]}\n{header}\n---\n<div>{body}</div>",
            "2024-05-03-c.md": header + body,
        }
        for file, text in texts.items():
            (posts / file).write_bytes(text.encode("utf-8", "surrogatepass"))
        before = {path for path in folder.rglob("*") if path.is_file()}
        report = syndicate.build(
            folder / "blog",
            settings={"site.url": SITE, "feeds.by": ["category", "tag", "author"],
                      "output.path": str(folder / "out"), "state.path": str(folder / "state")},
            now=NOW,
        )  # fmt: skip
        written = {path for path in folder.rglob("*") if path.is_file()} - before
        named = {post.path for post in report.posts} | {item.path for item in report.left_out}
        assert {f"_posts/{file}" for file in texts} <= named
        assert all(
            path.is_relative_to(folder / "out") for path in written if path.parent.name != "state"
        )
        for change in report.changes:
            if not change.path.startswith("feeds/"):  # the pages have properties of their own
                check(folder / "out", change.path, addresses(report))
        shutil.rmtree(folder / "out")


def addresses(report: syndicate.Report) -> dict[str, str]:
    """The address at which each file will be fetched, by its path."""
    urls = [url for feed in report.feeds for url in feed.urls.values()]
    return {unquote(url.removeprefix(f"{SITE}/")): url for url in urls}


def check(folder: Path, path: str, urls: dict[str, str]) -> None:
    media_type = next(value for ending, value in TYPES.items() if path.endswith(ending))
    document = Document(path, media_type, (folder / path).read_bytes())
    assert faults(document, urls.get(path, f"{SITE}/{path}")) == []
