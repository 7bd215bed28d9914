"""Where Hugo's references lead, in the feeds of a built blog.

references.txt was taken from Hugo 0.168 with these files; "-" is a reference that it refuses.
"""

from pathlib import Path

import pytest

from tests.built import Built, built

CONFIG = """baseURL = "https://r.example/b/"
title = "R"
defaultContentLanguage = "en"
mainSections = ["posts"]
[languages.en]
weight = 1
[languages.es]
weight = 2
"""
OTHERS = {
    "posts/other.en.md": "", "posts/other.es.md": "", "posts/only.es.md": "",
    "posts/sub/deep/x.md": "", "posts/sub/_index.md": "", "posts/sub/y.md": "slug: why\n",
    "posts/sub/other.md": "", "posts/My Leaf/index.md": "", "posts/v1.2.md": "",
    "docs/_index.md": "", "docs/d.md": "", "about.md": "", "about.es.md": "slug: acerca\n",
    "_index.md": "",
}  # fmt: skip
ASKING = {
    "bundle": "posts/p/index.en.md",
    "single": "posts/q.md",
    "deep": "posts/sub/deep/z.md",
    "spanish": "posts/s.es.md",
}
TABLE = [
    line.split(" | ")
    for line in (Path(__file__).parent / "hugo/references.txt").read_text("utf-8").splitlines()
]
"""The reference, and where it leads from each of ASKING."""


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return a blog whose posts have all references of the table."""
    files = {"hugo.toml": CONFIG}
    for path, header in OTHERS.items():
        files[f"content/{path}"] = f"---\ntitle: {path}\ndate: 2022-07-07\n{header}---\nText\n"
    for name, path in ASKING.items():
        refs = (f"[{row}]({{{{< ref {case[0]} >}}}})\n" for row, case in enumerate(TABLE))
        body = "\n".join(refs)
        files[f"content/{path}"] = f"---\ntitle: {name}\ndate: 2022-07-08\n---\n{body}"
    return built(tmp_path_factory.mktemp("refs") / "blog", files)


@pytest.mark.parametrize("column", range(len(ASKING)), ids=list(ASKING))
def test_a_reference_leads_where_hugo_leads(column: int, blog: Built) -> None:
    """References are resolved from a bundle, a page, a folder below and a translation."""
    html = blog.html(list(ASKING)[column])
    for row, case in enumerate(TABLE):
        address = case[column + 1]
        if address == "-":
            assert f">{row}</a>" not in html, case[0]
        else:
            assert f'href="https://r.example/b{address}">{row}</a>' in html, case[0]


def test_a_reference_to_no_page_is_named(blog: Built) -> None:
    """A reference that Hugo rejects is a problem of the post."""
    said = [each for each in blog.report.problems if 'no page "nothere"' in each.message]
    assert {each.path for each in said} == {f"content/{path}" for path in ASKING.values()}


def test_a_web_address_is_no_reference(tmp_path: Path) -> None:
    """A reference that is an absolute address stays."""
    body = '[a]({{< ref "https://else.example/x" >}}) [b]({{< relref "#part" >}})'
    files = {
        "hugo.toml": 'baseURL = "https://r.example/"\ntitle = "R"\n',
        "content/posts/a.md": f"---\ntitle: A\ndate: 2022-07-07\n---\n{body}\n",
    }
    html = built(tmp_path / "blog", files).html("A")
    assert 'href="https://else.example/x"' in html
    assert 'href="https://r.example/posts/a/#part"' in html


def test_a_reference_follows_its_page(tmp_path: Path) -> None:
    """A build from the cache has the page's new address."""
    files = {
        "hugo.toml": 'baseURL = "https://r.example/"\ntitle = "R"\n',
        "content/posts/a.md": '---\ntitle: A\ndate: 2022-07-07\n---\n[b]({{< ref "b" >}})\n',
        "content/posts/b.md": "---\ntitle: B\ndate: 2022-07-07\n---\nText\n",
    }
    assert "/posts/b/" in built(tmp_path / "blog", files).html("A")
    files["content/posts/b.md"] = "---\ntitle: B\ndate: 2022-07-07\nslug: bee\n---\nText\n"
    assert "/posts/bee/" in built(tmp_path / "blog", files).html("A")
