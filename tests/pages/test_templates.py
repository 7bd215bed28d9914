"""Templates, style sheet and reader buttons of the user's own: `[pages]` of config.toml."""

import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest

import syndicate
from syndicate.config.pages import READER_NAMES
from syndicate.daemon.page import page as status_page
from syndicate.daemon.status import Status
from syndicate.errors import ConfigError
from syndicate.live_preview.pages import waiting
from syndicate.pages.readers import READERS
from syndicate.pages.theme import Theme
from syndicate.serve.listing import listing
from tests.blogs import built, written
from tests.conftest import NOW

POST = {"_posts/2025-01-01-tea.md": "---\ntitle: Tea & cake\ncategories: [Kitchen]\n---\nHot.\n"}
INDEX, KITCHEN = "feeds/index.html", "feeds/category/kitchen.html"


def pages(root: Path, **settings: object) -> dict[str, str]:
    """Build the blog and return its pages by path."""
    output = built(root, POST, posts__engine="plain", **settings).output
    return {
        path.relative_to(output).as_posix(): path.read_text(encoding="utf-8")
        for path in output.rglob("*.html")
    }


def theme(root: Path, **templates: str) -> str:
    """Write templates by their names without the ending; return the folder's path."""
    texts = {f"{name}.html": text for name, text in templates.items()}
    return str(written(root.parent / "theme", texts))


def failure(root: Path, **settings: object) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        pages(root, **settings)
    return caught.value


def test_a_template_of_the_user_takes_the_place_of_ours(tmp_path: Path) -> None:
    """Only the template of that name changes; every page that includes it has the new one."""
    folder = theme(tmp_path / "b", posts="{% for post in posts %}* {{ post.title }}\n{% endfor %}")
    made = pages(tmp_path / "b", pages__templates=folder)
    for path in (INDEX, KITCHEN):
        assert "* Tea &amp; cake" in made[path]
        assert "<article" not in made[path]
        assert 'id="subscribe"' in made[path]


def test_a_template_may_extend_ours_and_include_a_part_of_its_own(tmp_path: Path) -> None:
    """A part's name begins with "_"."""
    feed = '{% extends "page.html" %}{% block main %}{% include "_mine.html" %}{% endblock %}'
    folder = theme(tmp_path / "b", feed=feed, _mine="<p>{{ feed.name }}, {{ '<' }}</p>")
    made = pages(tmp_path / "b", pages__templates=folder)
    assert "<p>Kitchen, &lt;</p>" in made[KITCHEN]
    assert "<article" in made[INDEX]


def test_an_edited_template_is_noticed_by_the_next_build(tmp_path: Path) -> None:
    """No post changed, and the pages are other ones."""
    root = tmp_path / "b"
    pages(root, pages__templates=theme(root, posts="one"))
    made = pages(root, pages__templates=theme(root, posts="two"))
    assert "two" in made[INDEX]
    assert "two" in made[KITCHEN]


@pytest.mark.parametrize(
    ("template", "line", "what"),
    [
        ("a\n{{ psots }}", 2, "'psots' is undefined"),
        ("\n\n{% if %}", 3, "Expected an expression"),
        ('{% include "none.html" %}', 1, "there is no template none.html"),
        ("\n{{ 1 // 0 }}", 2, "ZeroDivisionError"),
        ("{% for post in posts %}\n{{ post.tilte }}{% endfor %}", 2, "tilte"),
    ],
)
def test_a_mistake_in_a_template_is_named_and_loses_nothing(
    tmp_path: Path, template: str, line: int, what: str
) -> None:
    """The error has template, line and cure; the files of the last build stay."""
    root = tmp_path / "b"
    before = pages(root)
    folder = theme(root, posts=template)
    error = failure(root, pages__templates=folder)
    assert error.where == f"{folder}/posts.html, line {line}"
    assert what in error.what
    assert error.cure
    assert pages(root) == before


def test_a_mistake_is_found_by_a_build_of_several_processes(tmp_path: Path) -> None:
    """The children hand the error over."""
    root = tmp_path / "b"
    posts = {
        f"_posts/2024-01-01-p{n}.md": f"---\ntitle: P\ncategories: [C{n % 60}]\n---\nHi\n"
        for n in range(200)
    }
    written(root, {**POST, **posts, "theme/posts.html": "{{ oops }}"})
    (root / "config.toml").write_text(
        '[posts]\nengine = "plain"\n[pages]\ntemplates = "theme"\n', encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "syndicate", "build", root],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "posts.html, line 1: 'oops' is undefined" in done.stderr
    assert not list((root / "output").rglob("*.*"))


def test_a_mistyped_name_of_a_template_is_refused(tmp_path: Path) -> None:
    """It would change no page."""
    error = failure(tmp_path / "b", pages__templates=theme(tmp_path / "b", psots="x"))
    assert error.where.endswith("psots.html")
    assert 'did you mean "posts.html"?' in error.cure


def test_templates_in_the_blog_are_no_posts(tmp_path: Path) -> None:
    """A folder of HTML files would be posts of a plain blog."""
    root = tmp_path / "b"
    files = {"theme/posts.html": "<html><title>No post</title><p>Not me</p></html>"}
    made = built(root, {**POST, **files}, posts__engine="plain", pages__templates=f"{root}/theme")
    assert made.titles == ["Tea & cake"]
    assert not made.kinds & {"no-date"}


def test_a_style_sheet_of_the_user_is_added_and_allowed(tmp_path: Path) -> None:
    """It comes after ours, and the policy holds its digest."""
    root = tmp_path / "b"
    css = written(root.parent / "css", {"my.css": "h1 > a { color: red; }\n"}) / "my.css"
    text = pages(root, pages__css=str(css))[INDEX]
    first, second = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert second == "h1 > a { color: red; }"
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', text)[0])
    digests = [b64encode(sha256(each.encode()).digest()).decode() for each in (first, second)]
    assert f"style-src 'sha256-{digests[0]}' 'sha256-{digests[1]}';" in policy


def test_a_style_sheet_that_would_end_its_element_is_refused(tmp_path: Path) -> None:
    """What follows it would be HTML."""
    css = written(tmp_path / "css", {"my.css": "a {}\n</STYLE><script>"}) / "my.css"
    assert "</style" in failure(tmp_path / "b", pages__css=str(css)).what


def test_readers_are_those_that_are_named(tmp_path: Path) -> None:
    """In their order, with addresses of the user's own."""
    mine = {"name": "Mini & flux", "url": "https://reader.example/add?u={url}&x=1"}
    text = pages(tmp_path / "b", pages__readers=["app", mine, "Feedbin"])[INDEX]
    assert re.findall(r'rel="noreferrer">([^<]*)<', text) == [
        "App on this device", "Mini &amp; flux", "Feedbin",
    ]  # fmt: skip
    quoted = "https%3A%2F%2Fe.org%2Fatom.xml"
    assert f'href="https://reader.example/add?u={quoted}&amp;x=1"' in text


def test_without_readers_there_is_no_heading_for_them(tmp_path: Path) -> None:
    """The addresses to copy stay."""
    text = pages(tmp_path / "b", pages__readers=[])[INDEX]
    assert "Add to your reader" not in text
    assert 'id="atom"' in text


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"pages.templates": "none"}, "pages.templates"),
        ({"pages.css": "none.css"}, "pages.css"),
        ({"pages.readers": ["Fedly"]}, "pages.readers[0]"),
        ({"pages.readers": [{"name": "x", "url": "ftp://x.example/{url}"}]}, "readers[0].url"),
        ({"pages.readers": [{"name": "x", "url": "https://x.example/"}]}, "readers[0].url"),
        ({"pages.readers": [{"name": "x", "url": "https://{url}/"}]}, "readers[0].url"),
        ({"pages.readers": [{"name": " ", "url": "https://x.example/{url}"}]}, "readers[0].name"),
        ({"pages.reader": []}, "pages.reader"),
    ],
)
def test_settings_that_cannot_work_are_refused_when_they_are_read(
    tmp_path: Path, settings: dict[str, object], key: str
) -> None:
    """With the key and a cure, before anything is built."""
    from syndicate.config.load import load

    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path / "b", POST), settings=settings.items())
    assert key in caught.value.where
    assert caught.value.cure


def test_every_reader_that_can_be_named_has_an_address() -> None:
    """The configuration's names and the addresses are kept in two rooms."""
    assert {*READERS, "app"} == set(READER_NAMES)


def test_jinja2_is_loaded_only_to_make_a_page(tmp_path: Path) -> None:
    """A blog without pages, and a build with nothing to do, start without it."""
    root = written(tmp_path / "b", POST)
    code = (
        "import sys, syndicate; from pathlib import Path\n"
        "root, pages = Path(sys.argv[1]), sys.argv[2] == 'pages'\n"
        "given = {'feeds.pages': pages, 'output.path': f'{root}-{pages}',"
        " 'state.path': f'{root}-{pages}-state'}\n"
        "report = syndicate.build(root, settings=given)\n"
        "print('jinja2' in sys.modules, {change.action for change in report.changes})"
    )

    def run(what: str) -> str:
        command = [sys.executable, "-c", code, str(root), what]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert run("none") == "False {'created'}"
    assert run("pages") == "True {'created'}"
    assert run("pages") == "False {'unchanged'}"


def test_a_damaged_compiled_template_is_compiled_again(tmp_path: Path) -> None:
    """As after a power cut. The program's own folder is left alone here: a copy is damaged."""
    package = Path(syndicate.__file__).parent
    shutil.copytree(package, tmp_path / "syndicate", ignore=shutil.ignore_patterns("__pycache__"))
    root = written(tmp_path / "b", POST)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def build() -> int:
        command = [sys.executable, "-m", "syndicate", "build", str(root), "--force"]
        return subprocess.run(command, env=environment, cwd=tmp_path, check=False).returncode

    assert build() == 0
    compiled = list((tmp_path / "syndicate/pages/templates/__pycache__").iterdir())
    assert {path.name.rpartition(".")[0] for path in compiled} >= {"page.html", "index.html"}
    for number, path in enumerate(compiled):
        data = path.read_bytes()
        path.write_bytes((data[:30], b"", data[:-40])[number % 3])
    shutil.rmtree(root / ".syndicate")
    assert build() == 0


def test_the_status_page_is_a_template() -> None:
    """A mistake in a user's one does not hide the status, and is shown on the page."""
    status = Status("1", 7, "/blog", "idle", NOW, NOW)
    mine = Theme("t", (("status.html", "<p>{{ status.state }}: {{ faults[0] }}</p>"),))
    assert status_page(status, "no <build>", lambda: mine) == b"<p>idle: no &lt;build&gt;</p>"
    wrong = Theme("t", (("status.html", "{{ nothing }}"),))
    shown = status_page(status, "", lambda: wrong).decode()
    assert "t/status.html, line 1: &#39;nothing&#39; is undefined" in shown
    assert "/blog" in shown


def test_the_page_of_a_preview_that_waits_is_a_template() -> None:
    """It reloads itself with the preview's script if it has a head."""
    mine = Theme("t", (("waiting.html", "<head></head><p>Soon</p>"),))
    shown = waiting(lambda: mine)
    assert b"<p>Soon</p>" in shown
    assert b"preview.js" in shown


def test_the_list_of_files_is_a_template(tmp_path: Path) -> None:
    """Where a user's one has a mistake, readers see ours, and no path of the server."""
    root = str(written(tmp_path / "o", {"a & b.xml": ""}))
    mine = Theme("t", (("files.html", "{% for file in files %}{{ file.path }}{% endfor %}"),))
    assert listing(root, theme=lambda: mine) == b"a &amp; b.xml"
    wrong = Theme("/secret", (("files.html", "{{ nothing }}"),))
    shown = listing(root, theme=lambda: wrong)
    assert b'<a href="./a%20%26%20b.xml">' in shown
    assert b"secret" not in shown
