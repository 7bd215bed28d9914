"""A file becomes a Post or a reason, and a folder becomes a list of posts in order."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.engines.base import Engine
from syndicate.engines.jekyll.defaults import read_scopes
from syndicate.engines.jekyll.engine import Jekyll
from syndicate.engines.plain import Plain
from syndicate.files.encoding import as_utf8
from syndicate.model import UNDATED, Author, Image, Place, Post, Site, Source
from syndicate.posts.parse_post import Parsed, parse, read_body
from syndicate.posts.read_posts import Collected, collect
from syndicate.posts.shared_problems import gathered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SITE = Site(title="T", url="https://e.org/blog", timezone="Asia/Shanghai")
PLAIN: Engine = Plain(site=SITE)
JEKYLL: Engine = Jekyll(site=SITE, permalink="/:year/:month/:day/:title/")
DATED = "2024-05-01-tea.md"


def parsed(
    root: Path, text: str | bytes, name: str = DATED, engine: Engine = PLAIN, **changes: Any
) -> Parsed:
    data = text if isinstance(text, bytes) else text.encode()
    (root / name).write_bytes(data)
    engine = msgspec.structs.replace(engine, **changes)
    return parse(root, Source(name, len(data), 0, Place()), engine, now=NOW)


def post(root: Path, text: str | bytes, name: str = DATED, **changes: Any) -> Post:
    found = parsed(root, text, name, **changes).post
    assert found is not None
    return found


def test_whole_post(tmp_path: Path) -> None:
    """All fields of a post are read and settled."""
    text = """---
title: Green tea
date: 2024-05-02 10:00:00 +0800
updated: 2024-05-03
author: Jo Roe
categories: [drinks]
tags: hot, green
excerpt: Short.
image: img/a.png
lang: en
---
Body"""
    found = post(tmp_path, text)
    assert found.digest.startswith("2:")
    assert found == Post(
        path=DATED,
        url="https://e.org/blog/2024-05-01-tea/",
        id="https://e.org/blog/2024-05-01-tea/",
        title="Green tea",
        published=datetime.fromisoformat("2024-05-02T10:00:00+08:00"),
        updated=datetime.fromisoformat("2024-05-03T00:00:00+08:00"),
        body_offset=len(text) - 4,
        authors=(Author("Jo Roe"),),
        categories=("drinks",),
        tags=("hot", "green"),
        excerpt="Short.",
        image=Image("https://e.org/blog/img/a.png"),
        language="en",
        digest=found.digest,
        dated="2024-05-02 10:00:00 +0800",
        own_updated=True,
    )
    assert read_body(tmp_path, found) == "Body"


@pytest.mark.parametrize(
    "other",
    [
        "---\ntitle: Tea\ntags: [a]\n---\nGreen  tea \r\nis hot.\n\n",
        "---\ntitle: Tea\nminor: true\nupdated: 2025-01-01\n---\n\nGreen tea\nis hot.",
    ],
)
def test_digest_is_the_contents_alone(tmp_path: Path, other: str) -> None:
    """White space, tags and notes on the change do not change the digest."""
    first = post(tmp_path, "---\ntitle: Tea\n---\nGreen tea\nis hot.\n")
    assert post(tmp_path, other).digest == first.digest


@pytest.mark.parametrize(
    "other",
    [
        "---\ntitle: Teas\n---\nGreen tea is hot.",
        "---\ntitle: Tea\n---\nGreen tea is cold.",
        "---\ntitle: Tea\nexcerpt: Hot.\n---\nGreen tea is hot.",
    ],
)
def test_digest_changes_with_the_content(tmp_path: Path, other: str) -> None:
    """Another title, body or excerpt changes the digest."""
    first = post(tmp_path, "---\ntitle: Tea\n---\nGreen tea is hot.")
    assert post(tmp_path, other).digest != first.digest


def test_future_post_says_when_it_is_due(tmp_path: Path) -> None:
    """A post that is left out for its date has the instant at which it is published."""
    due = datetime.fromisoformat("2031-01-01T10:00:00+08:00")
    found = parsed(tmp_path, "---\ndate: 2031-01-01 10:00\n---\nx")
    assert found.left_out is not None
    assert (found.left_out.due, found.until) == (due, due)


def test_expiring_post_says_until_when_it_is_in(tmp_path: Path) -> None:
    """A post that will expire is parsed with that instant."""
    text = "---\ndate: 2024-01-01\nexpires: 2031-01-01\n---\nx"
    found = parsed(tmp_path, text, expiry_keys=("expires",))
    assert found.until == datetime.fromisoformat("2031-01-01T00:00:00+08:00")


def test_undated_post_has_the_zero_date_where_the_engine_publishes_it(tmp_path: Path) -> None:
    """If the generator publishes posts without a date, they come last."""
    assert post(tmp_path, "x", "tea.md", undated_are_published=True).published == UNDATED


def test_date_of_the_file_name(tmp_path: Path) -> None:
    """Without a date in the header, the date is the file name's midnight in the site's zone."""
    assert post(tmp_path, "x").published.isoformat() == "2024-05-01T00:00:00+08:00"


def test_header_beats_file_name(tmp_path: Path) -> None:
    """The header's date wins over the file name's, without a report."""
    found = parsed(tmp_path, "---\ntitle: t\ndate: 2023-01-01\n---\n")
    assert found.post
    assert found.post.published.year == 2023
    assert found.problems == ()


def test_impossible_date(tmp_path: Path) -> None:
    """An impossible day is reported with its line, and the file name's date is used."""
    found = parsed(tmp_path, "---\ntitle: x\ndate: 2017-02-29\n---\n")
    assert found.post
    assert found.post.published.year == 2024
    [problem] = found.problems
    assert (problem.kind, problem.line) == ("bad-date", 3)


def test_no_date(tmp_path: Path) -> None:
    """A post without a date is left out with an error and a cure."""
    found = parsed(tmp_path, "---\ntitle: x\n---\n", "tea.md")
    assert found.left_out
    assert found.left_out.reason == "no date"
    [problem] = found.problems
    assert (problem.kind, problem.severity) == ("no-date", "error")
    assert problem.cure


def test_lenient_date(tmp_path: Path) -> None:
    """A malformed date that was read is reported."""
    [problem] = parsed(tmp_path, "---\ntitle: t\ndate: 2024-05-01 18::48::00\n---\n").problems
    assert (problem.kind, problem.line, problem.severity) == ("lenient-date", 3, "warning")


def test_future(tmp_path: Path) -> None:
    """A post that is not due is left out, and the reason has its date."""
    text = "---\ndate: 2026-12-01 10:00\n---\n"
    found = parsed(tmp_path, text)
    assert found.left_out
    assert found.left_out.reason == "future: due 2026-12-01T10:00:00+08:00"
    assert parsed(tmp_path, text, future=True).post


def test_expired(tmp_path: Path) -> None:
    """An expired post is left out, if the engine has expiry dates."""
    text = "---\nexpiryDate: 2025-01-01\n---\n"
    found = parsed(tmp_path, text, expiry_keys=("expiryDate",))
    assert found.left_out
    assert found.left_out.reason.startswith("expired: 2025-01-01")
    assert parsed(tmp_path, text).post


def test_updated_is_never_before_published(tmp_path: Path) -> None:
    """A date of change before publication, or an unreadable one, is ignored."""
    for updated in ("2020-01-01", "whenever", ""):
        found = post(tmp_path, f"---\nupdated: {updated}\n---\n")
        assert found.updated == found.published


@pytest.mark.parametrize(
    ("header", "reason"),
    [("draft: true", "draft: true"), ("published: false", "published: false")],
)
def test_unpublished(tmp_path: Path, header: str, reason: str) -> None:
    """A withheld post is left out with the reason, without a problem."""
    found = parsed(tmp_path, f"---\n{header}\n---\n")
    assert found.left_out
    assert (found.left_out.reason, found.problems) == (reason, ())


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\x00\x01\x02\xff" * 200],
)
def test_binary(tmp_path: Path, data: bytes) -> None:
    """A picture among the posts is not text."""
    found = parsed(tmp_path, data)
    assert found.left_out
    assert found.left_out.reason == "not text"


def test_stray_nul(tmp_path: Path) -> None:
    """A single NUL does not make a text binary."""
    assert post(tmp_path, b"---\ntitle: x\n---\nBo\x00dy").title == "x"


def test_too_large(tmp_path: Path) -> None:
    """A file that is too large is not read."""
    source = Source(DATED, 10**9, 0)
    found = parse(tmp_path, source, PLAIN, now=NOW)
    assert found.left_out
    assert found.left_out.reason == "larger than 20 MB"


def test_file_that_is_gone(tmp_path: Path) -> None:
    """A file that cannot be opened is left out and reported."""
    found = parse(tmp_path, Source(DATED, 1, 0), PLAIN, now=NOW)
    assert found.left_out
    assert [problem.kind for problem in found.problems] == ["unreadable"]


def test_draft_by_its_place(tmp_path: Path) -> None:
    """A post in a folder of drafts is left out, unless drafts are published."""
    (tmp_path / DATED).write_text("x", encoding="utf-8")
    source = Source(DATED, 1, 0, Place(draft=True))
    assert parse(tmp_path, source, PLAIN, now=NOW).left_out
    wanted = msgspec.structs.replace(PLAIN, drafts=True)
    assert parse(tmp_path, source, wanted, now=NOW).post


BROKEN = "---\n- b: [\n- c: {\n---\nBody"


def test_broken_header(tmp_path: Path) -> None:
    """A header that cannot be read leaves the post out, as an error with its line."""
    found = parsed(tmp_path, BROKEN)
    assert found.post is None
    assert [(problem.kind, problem.severity) for problem in found.problems] == [("yaml", "error")]


def test_broken_header_that_is_published(tmp_path: Path) -> None:
    """A post with a broken header is published with a warning, if its generator does so."""
    found = parsed(tmp_path, BROKEN, engine=JEKYLL)
    assert found.post
    assert found.post.title == "Tea"
    assert [(problem.kind, problem.severity) for problem in found.problems] == [("yaml", "warning")]


def test_header_required(tmp_path: Path) -> None:
    """If the generator requires front matter, a file without it is no post."""
    found = parsed(tmp_path, "Body", header_required=True)
    assert found.left_out
    assert found.left_out.reason == "no front matter"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: A\n---\n# B", "A"),
        ("---\ntitle:\n---\n# B", "B"),
        ("# B", "B"),
        ("no heading", "tea"),
        ("---\ntitle:\n---\n---\ntheme: juejin\n---\n# B", "B"),
        ("@[TOC](Contents)\n\n# B", "B"),
        ("[[_TOC_]]\n\n# B", "B"),
    ],
)
def test_title(tmp_path: Path, text: str, title: str) -> None:
    """The title is the header's, else the first heading's, else the file name's."""
    assert post(tmp_path, text).title == title


def test_what_notion_puts_after_a_name_is_no_title(tmp_path: Path) -> None:
    """The 32 digits in the name of a Notion export are not part of the title."""
    name = "Green tea 0123456789abcdef0123456789abcdef.md"
    found = parsed(tmp_path, "---\ndate: 2024-01-01\n---\nwords", name)
    assert found.post is not None
    assert found.post.title == "Green tea"


@pytest.mark.parametrize("key", ["headline", "name"])
def test_a_synonym_of_title_gives_the_title(tmp_path: Path, key: str) -> None:
    """Other names of the title are read too."""
    assert post(tmp_path, f"---\n{key}: Green tea\n---\n# Heading\n").title == "Green tea"


def test_many_guessed_titles_are_one_problem(tmp_path: Path) -> None:
    """A folder of untitled notes has one problem with their number."""
    found = written(tmp_path, **dict.fromkeys("abc", "---\ndate: 2024-01-01\n---\nwords"))
    [problem] = gathered(found.problems)
    assert (problem.path, problem.kind) == ("a.md", "guessed-title")
    assert "2 more" in problem.message


@pytest.mark.parametrize("text", ["---\ntitle: {}\n---\n", "# {}\n", "{}\n===\n", "<h1>{}</h1>"])
def test_a_whole_text_is_no_title(tmp_path: Path, text: str) -> None:
    """A heading or title of hundreds of characters is not used as the title."""
    assert len(post(tmp_path, text.format("word " * 100)).title) < 20


@pytest.mark.parametrize("title", ['""', "''"])
def test_an_empty_title_is_no_file_name(tmp_path: Path, title: str) -> None:
    """Jekyll keeps an empty title, and the feed then has the first words."""
    assert post(tmp_path, f"---\ntitle: {title}\n---\nwords", engine=JEKYLL).title == ""


def test_jekyll_reads_timestamps_as_utc(tmp_path: Path) -> None:
    """In Jekyll, a naive timestamp is in UTC without quotes, and local with quotes."""
    plain = post(tmp_path, "---\ndate: 2024-05-01 20:00:00\n---\n", engine=JEKYLL)
    quoted = post(tmp_path, "---\ndate: '2024-05-01 20:00:00'\n---\n", engine=JEKYLL)
    assert plain.published.isoformat() == "2024-05-01T20:00:00+00:00"
    assert plain.url == "https://e.org/blog/2024/05/02/tea/"
    assert quoted.published.isoformat() == "2024-05-01T20:00:00+08:00"


@pytest.mark.parametrize(
    ("header", "categories", "tags"),
    [
        ("categories: a b\ntags: c d", ("a", "b"), ("c", "d")),
        ("category: a b\ntag: c d", ("a b",), ("c d",)),
        ("categories: [b]\ncategory: a", ("b", "a"), ()),
        ("tags: [c, c, C]", (), ("c", "C")),
        ("tags: [delete, null]", (), ("delete",)),
    ],
)
def test_jekyll_terms(
    tmp_path: Path, header: str, categories: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    """Jekyll splits plural keys at spaces and leaves singular ones whole."""
    found = post(tmp_path, f"---\n{header}\n---\n", engine=JEKYLL)
    assert (found.categories, found.tags) == (categories, tags)


def test_defaults(tmp_path: Path) -> None:
    """The engine's defaults complete the header. Jekyll joins categories."""
    values = {"author": "Jo", "categories": ["x"]}
    scopes = read_scopes([{"scope": {"path": ""}, "values": values}], "")
    found = post(tmp_path, "---\ncategories: [y]\n---\n", engine=JEKYLL, scopes=scopes)
    assert found.authors == (Author("Jo"),)
    assert found.categories == ("x", "y")


def test_folder_categories(tmp_path: Path) -> None:
    """A folder's categories are added to the header's, or used if there are none."""
    (tmp_path / DATED).write_text("---\ncategories: [y]\n---\n", encoding="utf-8")
    source = Source(DATED, 1, 0, Place(categories=("x",)))
    joined = parse(tmp_path, source, PLAIN, now=NOW).post
    alone = msgspec.structs.replace(PLAIN, folders_add_categories=False)
    replaced = parse(tmp_path, source, alone, now=NOW).post
    assert joined
    assert replaced
    assert (joined.categories, replaced.categories) == (("x", "y"), ("y",))


def test_image_beside_the_post(tmp_path: Path) -> None:
    """A relative picture starts at the root, unless it begins with a dot or the engine differs."""
    near = "https://e.org/blog/2024-05-01-tea/a.png"
    assert post(tmp_path, "---\nimage: ./a.png\n---\n").image == Image(near)
    assert post(tmp_path, "---\nimage: a.png\n---\n", images_from_root=False).image == Image(near)


def written(root: Path, **files: str) -> Collected:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return collect(root, PLAIN, now=NOW)


def test_order(tmp_path: Path) -> None:
    """Posts are ordered newest first, and by path at the same instant."""
    found = written(
        tmp_path,
        a="---\ndate: 2024-01-01\n---\n",
        c="---\ndate: 2024-01-02\n---\n",
        b="---\ndate: 2024-01-02 00:00 +0800\n---\n",
    )
    assert [each.path for each in found.posts] == ["b.md", "c.md", "a.md"]


def test_same_address(tmp_path: Path) -> None:
    """The earliest post with an address keeps its id, and the others are reported."""
    text = "---\ntitle: t\npermalink: /x/\ndate: 2024-01-0{}\n---\n"
    found = written(tmp_path, b=text.format(1), a=text.format(2), n__a=text.format(3))
    assert {each.path: each.id for each in found.posts} == {
        "b.md": "https://e.org/blog/x/",
        "a.md": "https://e.org/blog/x/#a",
        "n/a.md": "https://e.org/blog/x/#n%2Fa.md",
    }
    assert [(p.kind, p.path, "b.md" in p.message) for p in found.problems] == [
        ("same-address", "a.md", True),
        ("same-address", "n/a.md", True),
    ]


def test_same_id(tmp_path: Path) -> None:
    """Posts with one id of their own are reported, and keep it for the ledger to decide."""
    text = "---\ntitle: t\nid: x\ndate: 2024-01-01\n---\n"
    found = written(tmp_path, a=text, b=text)
    assert [(each.id, each.own_id) for each in found.posts] == [("https://e.org/blog/#x", True)] * 2
    assert [problem.kind for problem in found.problems] == ["same-id"]


def test_nothing_is_lost(tmp_path: Path) -> None:
    """Every file is in the posts or among those left out."""
    found = written(tmp_path, a="x", b="---\ndate: 2024-01-01\n---\n", c=BROKEN, README="x")
    told = {each.path for each in (*found.posts, *found.left_out)}
    assert told == {"a.md", "b.md", "c.md", "README.md"}


def test_map_is_the_callers(tmp_path: Path) -> None:
    """Another `map`, which works backwards, gives the same result."""
    written(
        tmp_path, a="---\ndate: 2024-01-01\n---\n", b="x", c="---\nid: 1\ndate: 2024-01-01\n---\n"
    )

    def backwards(parse_one: Any, sources: Any) -> list[Parsed]:
        return list(map(parse_one, reversed(sources)))[::-1]

    assert collect(tmp_path, PLAIN, now=NOW, map=backwards) == collect(tmp_path, PLAIN, now=NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200), st.sampled_from([PLAIN, JEKYLL]))
def test_any_bytes(tmp_path: Path, data: bytes, engine: Engine) -> None:
    """Any file becomes a post or has a reason."""
    for text in (
        data,
        b"---\n" + data + b"\n---\n",
        b"---\ntitle: " + data + b"\ndate: 2020-01-01\n---\n",
    ):
        found = parsed(tmp_path, text, engine=engine)
        assert (found.post is None) != (found.left_out is None)
        if found.post:
            assert found.post.url.isascii()
            assert 0 <= found.post.body_offset <= len(as_utf8(text, found.post.encoding))


META = st.dictionaries(
    st.sampled_from(
        ["title", "slug", "permalink", "categories", "tags", "date", "author", "image"]
    ),
    st.text(max_size=20) | st.lists(st.text(max_size=8), max_size=3) | st.none() | st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(META, st.sampled_from([PLAIN, JEKYLL]))
def test_any_fields(tmp_path: Path, meta: dict[str, Any], engine: Engine) -> None:
    """With any fields, the post has an address, an id and ordered dates."""
    text = b"---json\n" + msgspec.json.encode(meta) + b"\n---\n"
    found = post(tmp_path, text, engine=engine, future=True)
    assert found.url.startswith("https://e.org/blog/")
    assert found.updated >= found.published
    assert found.title == found.title.strip(" ").replace("\n", " ")


def test_title_from_the_file_name_is_no_content(tmp_path: Path) -> None:
    """Renaming a post without a title does not change its digest."""
    first = post(tmp_path, "Green tea is hot.", "2024-05-01-tea.md")
    second = post(tmp_path, "Green tea is hot.", "2024-05-01-green.md")
    assert first.title != second.title
    assert first.digest == second.digest


def test_address_without_measure_leaves_the_post_out(tmp_path: Path) -> None:
    """A post with an overlong address is left out."""
    found = parsed(tmp_path, f"---\npermalink: /{'a' * 5_000}/\n---\n[x](y)", engine=JEKYLL)
    assert found.post is None
    assert found.problems[0].message == "its address has more than 4,000 characters"


def test_dotted_key_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    """A TOML key with very many dots is rejected, at the top, in tables and in quotes."""
    for key in ("a." * 20_000 + "b = 1", f"[{'a.' * 20_000}b]", f"{chr(34)}a{chr(34)} ." * 60):
        found = parsed(tmp_path, f"+++\n{key}\n+++\ntext")
        assert "a key has more than 40 parts" in found.problems[0].message
    inline = parsed(tmp_path, f"+++\nx = {{ {'a.' * 20_000}b = 1 }}\n+++\ntext")
    assert "a key has more than 40 parts" in inline.problems[0].message


def test_dots_in_toml_text_are_no_key(tmp_path: Path) -> None:
    """Dots in TOML strings and comments do not count."""
    dots = "a." * 100
    header = f'+++\ntitle = "{dots}"\n# {dots}\ndescription = """\n{dots}\n"""\n+++\n'
    found = post(tmp_path, header)
    assert found.title == dots
    assert found.excerpt == dots


def test_aliases_weigh_what_they_stand_for(tmp_path: Path) -> None:
    """60 KB of YAML with aliases for 200 MB are not expanded. A few aliases are read."""
    long = f"---\na: &a {'x' * 30_000}\nauthors: [{'*a, ' * 7_000}]\n---\n"
    found = parsed(tmp_path, long)
    assert found.problems[0].kind == "yaml-mended"
    assert found.post is not None
    assert found.post.authors == (Author("*a"),)
    short = "---\na: &a Ann Lee\nauthors: [*a, Bo Li]\n---\n"
    assert post(tmp_path, short).authors == (Author("Ann Lee"), Author("Bo Li"))
