"""No file outside of a blog's folder is read through a link; the link is reported by name."""

import os
from pathlib import Path

import pytest

from syndicate import build
from syndicate.errors import BlogError
from syndicate.model import Report

SECRET = "Swordfish"
POST = "---\ntitle: Tea\ndate: 2024-01-02\n{}---\nGreen tea.\n"
JEKYLL = {"_config.yml": "title: Teas\n", "_posts/2024-01-02-tea.md": POST.format("author: mei\n")}
HUGO = {"hugo.toml": "title = 'Teas'\n", "content/posts/tea.md": POST.format("author: mei\n")}
ELEVENTY = {"eleventy.config.js": "x\n", "posts/tea.md": POST.format("")}
ASTRO = {"astro.config.mjs": "x\n", "src/content/blog/tea.md": POST.format("")}
DOCUSAURUS = {
    "docusaurus.config.js": "module.exports = {title: 'Teas'}\n",
    "blog/2024-01-02-tea.md": POST.format("authors: mei\ntags: [green]\n"),
}
NIKOLA = {
    "conf.py": "BLOG_TITLE = 'Teas'\nPOSTS = [('posts/*.md', 'posts', '')]\n",
    "posts/tea.md": POST.format(""),
}
PELICAN = {
    "pelicanconf.py": "PATH = 'content'\n",
    "content/tea.md": "Title: Tea\nDate: 2024-01-02\n\nGreen tea.\n",
}
HEXO = {
    "package.json": '{"dependencies": {"hexo": "7"}}',
    "source/_posts/tea.md": POST.format(""),
}
ZOLA = {"zola.toml": "base_url = 'https://tea.example'\n", "content/tea.md": POST.format("")}

YAML = f"title: {SECRET}\n"
PEOPLE = f"mei: {{name: {SECRET}}}\n"
CASES = {
    "jekyll settings": (JEKYLL, "_config.yml", YAML),
    "jekyll data": (JEKYLL, "_data/authors.yml", PEOPLE),
    "hexo settings": (HEXO, "_config.yml", YAML),
    "hugo settings": (HUGO, "hugo.toml", f"title = '{SECRET}'\n"),
    "hugo settings in a folder": (HUGO, "config/_default/params.toml", f"description='{SECRET}'\n"),
    "hugo list page": (
        HUGO,
        "content/posts/_index.md",
        f"---\ncascade: {{description: {SECRET}}}\n---\n",
    ),
    "hugo authors": (HUGO, "data/authors.yaml", PEOPLE),
    "hugo author": (HUGO, "data/authors/mei.yaml", f"name: {SECRET}\n"),
    "zola section": (ZOLA, "content/_index.md", f"+++\ntitle = '{SECRET}'\n+++\n"),
    "pelican settings": (PELICAN, "pelicanconf.py", f"SITENAME = '{SECRET}'\n"),
    "pelican settings to publish": (PELICAN, "publishconf.py", f"SITENAME = '{SECRET}'\n"),
    "nikola sidecar": (NIKOLA, "posts/tea.meta", f".. author: {SECRET}\n"),
    "docusaurus settings": (
        DOCUSAURUS,
        "docusaurus.config.js",
        f"module.exports = {{title: '{SECRET}'}}\n",
    ),
    "docusaurus authors": (DOCUSAURUS, "blog/authors.yml", PEOPLE),
    "docusaurus tags": (DOCUSAURUS, "blog/tags.yml", f"green: {{label: {SECRET}}}\n"),
    "eleventy settings": (ELEVENTY, "eleventy.config.js", f"input: '{SECRET}'\n"),
    "eleventy data of the site": (ELEVENTY, "_data/metadata.json", f'{{"title": "{SECRET}"}}'),
    "eleventy data of a folder": (ELEVENTY, "posts/posts.json", f'{{"author": "{SECRET}"}}'),
    "eleventy data of a post": (ELEVENTY, "posts/tea.11tydata.json", f'{{"author": "{SECRET}"}}'),
    "astro settings": (ASTRO, "astro.config.mjs", f"defineConfig({{site: 'https://{SECRET}'}})\n"),
    "astro constants": (ASTRO, "src/consts.ts", f"SITE_TITLE = '{SECRET}'\n"),
    "post": (JEKYLL, "_posts/2024-01-03-oolong.md", POST.format("") + SECRET),
}  # fmt: skip


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def linked(root: Path, name: str, target: Path) -> None:
    link = root / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(target, link.parent))


def output_of(blog: Path) -> str:
    files = (file for file in (blog / "output").rglob("*") if file.is_file())
    return "".join(file.read_text(encoding="utf-8") for file in files)


def assert_unread(blog: Path, report: Report, name: str) -> None:
    assert SECRET not in output_of(blog)
    assert SECRET not in repr(report)
    named = [each for each in report.problems if name in (each.path, each.path + "/")]
    assert "leads-out" in {each.kind for each in named}


@pytest.mark.parametrize("case", CASES)
def test_a_link_that_leads_out_is_not_read(case: str, tmp_path: Path) -> None:
    """The file it leads to is in no feed; the link is a Problem of its own."""
    files, name, text = CASES[case]
    blog = written(tmp_path / "blog", files)
    (tmp_path / "secret").write_text(text, encoding="utf-8")
    linked(blog, name, tmp_path / "secret")
    assert_unread(blog, build(blog), name)


@pytest.mark.parametrize("case", CASES)
def test_a_link_that_stays_inside_is_read(case: str, tmp_path: Path) -> None:
    """No Problem is made of a link from one file of the blog to another."""
    files, name, text = CASES[case]
    blog = written(tmp_path / "blog", {**files, f".elsewhere/{Path(name).name}": text})
    linked(blog, name, blog / ".elsewhere" / Path(name).name)
    kinds = {problem.kind for problem in build(blog).problems}
    assert not kinds & {"leads-out", "unreadable"}
    if not case.startswith(("eleventy settings", "astro settings")):  # read for other things
        assert SECRET in output_of(blog)


@pytest.mark.parametrize("case", ["jekyll data", "hugo authors", "hugo settings in a folder"])
def test_a_folder_that_leads_out_is_not_read(case: str, tmp_path: Path) -> None:
    """A link in the middle of the path is one that leads out, too."""
    files, name, text = CASES[case]
    blog = written(tmp_path / "blog", files)
    folder = str(Path(name).parent)
    written(tmp_path / "away", {Path(name).name: text})
    linked(blog, folder, tmp_path / "away")
    report = build(blog)
    assert SECRET not in output_of(blog)
    assert "leads-out" in {each.kind for each in report.problems if each.path.startswith(folder)}


@pytest.mark.parametrize("name", ["_includes/x.html", "_includes"])
def test_an_include_that_leads_out_is_not_read(name: str, tmp_path: Path) -> None:
    """An included file is held to the same rule; the post that includes it is named."""
    post = {"_posts/2024-01-02-tea.md": POST.format("") + "{% include x.html %}"}
    blog = written(tmp_path / "blog", {**JEKYLL, **post})
    away = written(tmp_path / "away", {"x.html": SECRET})
    linked(blog, name, away / "x.html" if name.endswith(".html") else away)
    report = build(blog)
    assert SECRET not in output_of(blog)
    told = [each.message for each in report.problems if each.kind == "template"]
    assert any("x.html" in each and "leads out" in each for each in told)


def test_settings_that_alone_tell_the_generator_are_not_guessed(tmp_path: Path) -> None:
    """Where only a link out could tell the generator, no other generator is chosen."""
    blog = written(tmp_path / "blog", NIKOLA)
    (tmp_path / "secret").write_text(f"BLOG_TITLE = '{SECRET}'\n", encoding="utf-8")
    linked(blog, "conf.py", tmp_path / "secret")
    with pytest.raises(BlogError, match=r"conf\.py.*leads out") as told:
        build(blog)
    assert SECRET not in str(told.value)
