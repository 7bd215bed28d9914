import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate import Report
from syndicate.errors import BlogError, BuildStopped, OutputError, StateError
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.processes import processes
from syndicate.state.lock import locked
from tests.conftest import BLOG, NOW, build_example


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def blog(folder: Path, **posts: str) -> Path:
    (folder / "_posts").mkdir(parents=True)
    (folder / "_config.yml").write_text(
        "title: T\nauthor: Ann\nurl: https://blog.example.org\n", encoding="utf-8"
    )
    for name, text in posts.items():
        stem = name.replace("_", "-")
        (folder / f"_posts/2024-05-01-{stem}.md").write_text(text, encoding="utf-8")
    return folder


def test_every_file_of_the_blog_is_a_post_or_has_a_reason(example: tuple[Report, Path]) -> None:
    """Nothing vanishes: each file is in the posts, left out with a reason, or a problem."""
    report, _ = example
    named = {post.path for post in report.posts}
    named |= {problem.path for problem in report.problems if problem.severity == "error"}
    folders = tuple(item.path for item in report.left_out if item.path.endswith("/"))
    named |= {item.path for item in report.left_out}
    files = {p.relative_to(BLOG).as_posix() for p in BLOG.rglob("*") if p.is_file()}
    assert {file for file in files - named if not file.startswith(folders)} == set()


def test_all_formats_carry_the_same_entries(example: tuple[Report, Path]) -> None:
    """Each feed has as many entries in Atom as in RSS and JSON."""
    report, output = example
    for feed in report.feeds:
        base = report.site.url + "/"
        counts = {
            (output / syndicate_path(url, base)).read_bytes().count(mark)
            for url, mark in zip(feed.urls.values(), (b"<entry", b"<item>", b'{"id":'), strict=True)
        }
        assert counts == {feed.entries}, feed.title


def syndicate_path(url: str, base: str) -> str:
    from urllib.parse import unquote

    return unquote(url.removeprefix(base))


def test_second_build_changes_nothing(tmp_path: Path) -> None:
    """Nothing changed: every file is left as it is."""
    build_example(tmp_path)
    report = build_example(tmp_path)
    assert {change.action for change in report.changes} == {"unchanged"}


def test_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    """The clock decides which posts are due, and nothing else."""
    source = blog(tmp_path / "blog", a="---\ntitle: A\n---\nText\n")
    for day, name in ((1, "one"), (28, "two")):
        settings = {"output.path": str(tmp_path / name), "state.path": str(tmp_path / "s")}
        syndicate.build(source, settings=settings, now=datetime(2026, 11, day, tzinfo=UTC))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77"},
        {"LC_ALL": "POSIX", "PYTHONHASHSEED": "0"},
    ],
)
def test_the_machine_does_not_show(
    example: tuple[Report, Path], tmp_path: Path, environment: dict[str, str]
) -> None:
    """Time zone, locale, hash seed and the order of the files leave no trace in the bytes."""
    shuffled = tmp_path / "blog"
    files = [path for path in BLOG.rglob("*") if path.is_file()]
    random.Random(7).shuffle(files)
    for path in files:
        copy = shuffled / path.relative_to(BLOG)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    options = [
        'feeds.by=["category","tag","author"]',
        "feeds.limit=0",
        f'state.path="{tmp_path}/s"',
    ]
    command = [sys.executable, "-m", "syndicate", "build", str(shuffled), "-o", str(tmp_path / "o")]
    for option in options:
        command += ["--set", option]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    assert contents(tmp_path / "o") == contents(example[1])


def test_other_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """Shared out or not, a blog of many posts becomes the same feeds."""
    posts = {f"p{n}": f"---\ntitle: P{n}\ntags: [t{n % 7}]\n---\n*Text* {n}\n" for n in range(450)}
    source = blog(tmp_path / "blog", **posts)
    settings = {"feeds.limit": 0, "feeds.by": ["tag"], "state.path": str(tmp_path / "state")}
    syndicate.build(source, settings={**settings, "output.path": str(tmp_path / "one")}, now=NOW)
    with processes() as executor:
        syndicate.build(
            source,
            settings={**settings, "output.path": str(tmp_path / "many")},
            now=NOW,
            executor=executor,
        )
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


def test_one_bad_post_does_not_stop_the_rest(tmp_path: Path) -> None:
    """A post that cannot be read is a Problem; the others are built."""
    source = blog(tmp_path, good="---\ntitle: A\n---\nText\n")
    (source / "_posts/2024-13-45-bad.md").write_text("no date to be had", encoding="utf-8")
    report = syndicate.build(source, now=NOW)
    assert [post.title for post in report.posts] == ["A"]
    errors = [problem.path for problem in report.problems if problem.severity == "error"]
    assert errors == ["_posts/2024-13-45-bad.md"]


def test_feeds_of_a_category_that_is_gone_are_removed(tmp_path: Path) -> None:
    """When the last post of a category moves, its feeds go."""
    source = blog(tmp_path, a="---\ntitle: A\ncategory: tea\n---\nText\n")
    syndicate.build(source, now=NOW)
    assert (source / "output/category/tea/atom.xml").exists()
    (source / "_posts/2024-05-01-a.md").write_text("---\ntitle: A\n---\nText\n", encoding="utf-8")
    syndicate.build(source, now=NOW)
    assert not (source / "output/category").exists()


def test_missing_folder_keeps_what_is_published(tmp_path: Path) -> None:
    """A posts folder that is not there is an error; the feeds stay."""
    source = blog(tmp_path / "blog", a="---\ntitle: A\n---\nText\n")
    out = {"output.path": str(tmp_path / "o"), "state.path": str(tmp_path / "s")}
    syndicate.build(source, settings=out, now=NOW)
    before = contents(tmp_path / "o")
    with pytest.raises(BlogError, match="no such folder"):
        syndicate.build(source, settings={**out, "posts.path": "gone"}, now=NOW)
    assert contents(tmp_path / "o") == before


def test_sudden_loss_of_all_posts_keeps_what_is_published(tmp_path: Path) -> None:
    """No posts where there were some stops the build, and the message says what to do."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    syndicate.build(source, now=NOW)
    before = contents(source / "output")
    (source / "_posts/2024-05-01-a.md").unlink()
    with pytest.raises(BuildStopped, match="no posts where the last build had 1"):
        syndicate.build(source, now=NOW)
    assert contents(source / "output") == before


def test_output_inside_the_blog_is_not_read_as_posts(tmp_path: Path) -> None:
    """A plain folder does not take its own feeds for posts."""
    (tmp_path / "2024-05-01-a.md").write_text("# A\n\nText\n", encoding="utf-8")
    for _ in range(2):
        report = syndicate.build(
            tmp_path, settings={"site.url": "https://blog.example.org"}, now=NOW
        )
    assert [post.path for post in report.posts] == ["2024-05-01-a.md"]


def test_several_folders_of_one_blog(tmp_path: Path) -> None:
    """[posts] path can name the folders to read; the others are left out with a reason."""
    for name in ("notes", "essays", "private"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "2024-05-01-a.md").write_text(f"# {name}\n\nText\n", encoding="utf-8")
    settings = {"posts.path": ["notes", "essays"], "site.url": "https://blog.example.org"}
    report = syndicate.build(tmp_path, settings=settings, now=NOW)
    assert sorted(post.title for post in report.posts) == ["essays", "notes"]
    assert all("posts.path" in i.reason for i in report.left_out if "private" in i.path)


def test_a_posts_folder_can_be_named_itself(tmp_path: Path) -> None:
    """Pointing at _posts reads it with the _config.yml beside it."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    report = syndicate.build(source, settings={"posts.path": "_posts"}, now=NOW)
    assert (report.engine, report.site.title, len(report.posts)) == ("jekyll", "T", 1)


def test_future_post_appears_when_it_is_due(tmp_path: Path) -> None:
    """A post dated ahead is in no feed before its moment, and in all after it."""
    source = blog(tmp_path, a="---\ntitle: A\ndate: 2026-11-02 08:00:00 +0000\n---\nText\n",
                  b="---\ntitle: B\n---\nText\n")  # fmt: skip
    early = syndicate.build(source, now=datetime(2026, 11, 2, 7, 59, 59, tzinfo=UTC))
    late = syndicate.build(source, now=datetime(2026, 11, 2, 8, 0, 0, tzinfo=UTC))
    assert [post.title for post in early.posts] == ["B"]
    assert [post.title for post in late.posts] == ["A", "B"]


def test_naive_moment_is_refused(tmp_path: Path) -> None:
    """`now` without a zone means nothing."""
    with pytest.raises(ValueError, match="no time zone"):
        syndicate.build(tmp_path, now=datetime(2026, 11, 2))  # noqa: DTZ001


def test_json_feed_of_a_small_blog(tmp_path: Path) -> None:
    """From a file to an item: id, address, title, date, text and tags."""
    post = "---\ntitle: Green tea\ncategory: Tea\ntags: [a, b]\n---\nHello *you*. ![x](/x.png)\n"
    source = blog(tmp_path, green_tea=post)
    syndicate.build(source, now=NOW)
    item = json.loads((source / "output/feed.json").read_bytes())["items"][0]
    assert item["id"] == item["url"] == "https://blog.example.org/tea/2024/05/01/green-tea.html"
    assert item["title"] == "Green tea"
    assert item["date_published"] == "2024-05-01T00:00:00+00:00"
    assert item["tags"] == ["Tea", "a", "b"]
    assert "<em>you</em>" in item["content_html"]
    assert 'src="https://blog.example.org/x.png"' in item["content_html"]


def test_link_post_without_words_leads_to_its_target(tmp_path: Path) -> None:
    """Its body is its summary and the target; its own address stays."""
    post = "---\nexternalLink: https://tea.example/\nsummary: A *good* shop.\n---\n\n"
    source = blog(tmp_path, tea=post)
    syndicate.build(source, now=NOW)
    item = json.loads((source / "output/feed.json").read_bytes())["items"][0]
    assert item["url"] == "https://blog.example.org/2024/05/01/tea.html"
    assert item["external_url"] == "https://tea.example/"
    assert item["content_html"] == (
        "<p>A <em>good</em> shop.</p>\n"
        '<p><a href="https://tea.example/">https://tea.example/</a></p>'
    )


@pytest.mark.parametrize(
    ("languages", "expected"),
    [("auto", {"feed": ["A"], "language/fr/feed": ["B"]}), ("together", {"feed": ["A", "B"]})],
)
def test_languages_of_a_hugo_site(
    tmp_path: Path, languages: str, expected: dict[str, list[str]]
) -> None:
    """Hugo has a site for each language, and so a feed; config.toml may say otherwise."""
    (tmp_path / "content/posts").mkdir(parents=True)
    settings = (
        'baseURL = "https://e.org"\ndefaultContentLanguage = "en"\n[languages.en]\n[languages.fr]\n'
    )
    (tmp_path / "hugo.toml").write_text(settings, encoding="utf-8")
    for name, title, day in (("a.md", "A", 2), ("a.fr.md", "B", 1)):
        text = f"---\ntitle: {title}\ndate: 2024-01-0{day}\n---\nHello.\n"
        (tmp_path / "content/posts" / name).write_text(text, encoding="utf-8")
    syndicate.build(tmp_path, now=NOW, settings={"feeds.languages": languages})
    feeds = {
        path.relative_to(tmp_path / "output").with_suffix("").as_posix(): [
            item["title"] for item in json.loads(path.read_bytes())["items"]
        ]
        for path in (tmp_path / "output").rglob("feed.json")
    }
    assert feeds == expected


def test_a_blog_without_an_author_is_told_once(tmp_path: Path) -> None:
    """However many posts name nobody, one Problem says so."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n", b="---\ntitle: B\n---\nText\n")
    (source / "_config.yml").write_text(
        "title: T\nurl: https://blog.example.org\n", encoding="utf-8"
    )
    [problem] = syndicate.build(source, now=NOW).problems
    assert problem.kind == "no-author"
    assert "2 posts" in problem.message
    author = json.loads((source / "output/feed.json").read_bytes())["items"][0]["authors"]
    assert author == [{"name": "blog.example.org"}]


def test_file_of_somebody_elses_is_replaced_only_with_a_word(tmp_path: Path) -> None:
    """A feed where ours goes, that no build of ours wrote, is named when it is replaced."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    (source / "output").mkdir()
    (source / "output/atom.xml").write_text("<feed>another's</feed>", encoding="utf-8")
    report = syndicate.build(source, now=NOW)
    assert [(p.path, p.kind) for p in report.problems] == [("atom.xml", "replaced-file")]
    assert not syndicate.build(source, now=NOW).problems


def test_file_of_somebody_elses_is_not_claimed_by_a_build_that_fails(tmp_path: Path) -> None:
    """What a failed build only meant to write is not removed by the next."""
    source = blog(tmp_path, a="---\ntitle: A\ncategory: tea\n---\nText\n")
    mine = source / "output/category/tea/atom.xml"
    mine.parent.mkdir(parents=True)
    mine.write_text("<feed>mine</feed>", encoding="utf-8")
    (source / "output/.atom.xml.part").mkdir()
    with pytest.raises(OutputError):
        syndicate.build(source, now=NOW)
    (source / "output/.atom.xml.part").rmdir()
    syndicate.build(source, settings={"feeds.by": []}, now=NOW)
    assert mine.read_text(encoding="utf-8") == "<feed>mine</feed>"


@pytest.mark.parametrize("text", ["mine", "---\nlayout: null\n---\n<feed></feed>\n"])
def test_file_that_is_no_feed_is_never_replaced(tmp_path: Path, text: str) -> None:
    """A text, or the template of a feed, that stands where a feed goes is kept and named."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    (source / "static").mkdir()
    (source / "static/feed.xml").write_text(text, encoding="utf-8")
    report = syndicate.build(
        source, settings={"output.path": "static", "feeds.layout": "jekyll-feed"}, now=NOW
    )
    assert [(each.path, each.kind) for each in report.problems] == [("feed.xml", "kept-file")]
    assert (source / "static/feed.xml").read_text(encoding="utf-8") == text


def test_second_build_at_the_same_time_is_refused(tmp_path: Path) -> None:
    """Two builds on one state folder would mix up their files."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    with locked(source / ".syndicate"), pytest.raises(StateError, match="another build"):
        syndicate.build(source, now=NOW)
    assert syndicate.build(source, now=NOW).changes


def test_feed_stays_when_its_posts_cannot_be_read_just_now(tmp_path: Path) -> None:
    """A file that goes away between header and body is a Problem; its feeds are kept."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n",
                  b="---\ntitle: B\ncategory: tea\n---\nText\n")  # fmt: skip
    syndicate.build(source, now=NOW)

    def take_away(*_: int) -> None:
        (source / "_posts/2024-05-01-b.md").unlink(missing_ok=True)

    (source / ".syndicate/cache.db").unlink()
    report = pipeline.build(syndicate.load_config(source), now=NOW, progress=take_away)
    assert [(p.path, p.kind) for p in report.problems] == [("_posts/2024-05-01-b.md", "unreadable")]
    assert (source / "output/category/tea/atom.xml").exists()


def test_feeds_stay_when_no_post_can_be_read(tmp_path: Path) -> None:
    """Bodies that are all gone stop the build before anything is put in place."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    syndicate.build(source, now=NOW)
    before = contents(source / "output")
    with pytest.raises(BuildStopped, match=r"any more; the published feeds stay \(_posts/2024"):
        _build_without_posts(source)
    assert contents(source / "output") == before


def test_a_first_build_without_a_readable_post_names_the_reason(tmp_path: Path) -> None:
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    reason = r"no post can be read; no feed was written \(_posts/2024-.*: went away"
    with pytest.raises(BuildStopped, match=reason):
        _build_without_posts(source)


def _build_without_posts(source: Path) -> None:
    """Build the blog whose posts all go away between their reading and their rendering."""

    class Gone(ThreadPoolExecutor):
        def map(self, function: Any, *sources: Any, **options: Any) -> Any:
            parsed = list(super().map(function, *sources, **options))
            for path in (source / "_posts").glob("*.md"):
                path.unlink()
            return parsed

    for number in range(400):
        path = source / f"_posts/2024-05-02-{number}.md"
        path.write_text("---\ntitle: A\n---\nText\n", encoding="utf-8")
    with Gone(1) as executor:
        syndicate.build(source, now=NOW, executor=executor)


def test_report_counts_what_a_bounded_feed_carries(tmp_path: Path) -> None:
    """Where max_bytes left entries out, the report says how many there are."""
    posts = {f"p{n}": f"---\ntitle: P{n}\n---\n" + "word " * 300 for n in range(5)}
    source = blog(tmp_path, **posts)
    report = syndicate.build(source, settings={"feeds.max_bytes": 6000}, now=NOW)
    items = json.loads((source / "output/feed.json").read_bytes())["items"]
    assert [feed.entries for feed in report.feeds] == [len(items)]
    assert len(items) < 5


def test_folder_where_a_feed_goes_is_an_error_that_names_it(tmp_path: Path) -> None:
    """A folder in the way is told as any file that cannot be written is."""
    source = blog(tmp_path, a="---\ntitle: A\n---\nText\n")
    (source / "output/atom.xml").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"atom\.xml"):
        syndicate.build(source, now=NOW)
