"""What the benchmarks rest on: the same blog each time, honest figures, a README left whole."""

import sys
from pathlib import Path

import pytest

from benchmarks import blogs, words
from benchmarks.growth_stages import STAGES
from benchmarks.measure import CommandFailed, Figures, run
from benchmarks.posts import lay_out, read
from benchmarks.tables import BEGIN, END, insert, table

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is sampled from /proc")


def python(code: str, folder: Path) -> Figures:
    return run([sys.executable, "-c", code], folder=folder)


def test_the_same_seed_gives_the_same_blog() -> None:
    """Two blogs of one seed are equal, one of another seed is not."""
    assert list(blogs.posts(20, seed=7)) == list(blogs.posts(20, seed=7))
    assert list(blogs.posts(20, seed=7)) != list(blogs.posts(20, seed=8))


def test_a_blog_has_the_promised_shape() -> None:
    """One post in four is HTML of about 8 KB, the others Markdown of about 3 KB."""
    posts = list(blogs.posts(400))
    sizes = [(post.body.startswith("<p class="), len(post.body.encode())) for post in posts]
    assert sum(scraped for scraped, _ in sizes) == 100
    assert all(7_000 < size < 9_500 for scraped, size in sizes if scraped)
    assert all(3_000 < size < 4_500 for scraped, size in sizes if not scraped)
    assert len({post.name for post in posts}) == 400


def test_all_terms_are_borne() -> None:
    """40 categories and 300 tags, all different, each borne by some of a few thousand posts."""
    posts = list(blogs.posts(4_000))
    assert {post.category for post in posts} == set(words.CATEGORIES)
    assert {tag for post in posts for tag in post.tags} == set(words.TAGS)
    assert (len(set(words.CATEGORIES)), len(set(words.TAGS))) == (40, 300)


def test_a_written_blog_is_read_back(tmp_path: Path) -> None:
    """Headers say what the generator meant; the newest post comes first."""
    blogs.write(tmp_path / "blog", 12)
    found = read(tmp_path / "blog")
    made = list(blogs.posts(12))
    assert [post.path.stem for post in found] == [post.name for post in reversed(made)]
    assert [tuple(post.tags) for post in found] == [post.tags for post in reversed(made)]


def test_posts_that_cannot_be_laid_out_are_left_out(tmp_path: Path) -> None:
    """A post for which there is no text gets no file."""
    blogs.write(tmp_path / "blog", 3)
    posts = read(tmp_path / "blog")
    lay_out(posts, tmp_path / "copy", lambda post, text: text if post is posts[0] else None)
    assert [path.name for path in (tmp_path / "copy").iterdir()] == [posts[0].path.name]


@linux
def test_memory_is_what_the_command_held(tmp_path: Path) -> None:
    """A command that holds 100 MB is said to have held about that, over a bare one."""
    more = python("data = b'x' * 100_000_000; import time; time.sleep(0.1)", tmp_path).memory
    bare = python("import time; time.sleep(0.1)", tmp_path).memory
    assert 85 < more - bare < 110


@linux
def test_what_helpers_hold_together_counts(tmp_path: Path) -> None:
    """The memory of a command and its helper at one instant is summed."""
    hold = "data = b'x' * 50_000_000; import time; time.sleep(0.2)"
    both = f"import subprocess, sys; h = subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}"
    assert 90 < python(f"{both}; h.wait()", tmp_path).memory < 150


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    """The error carries what the command wrote."""
    with pytest.raises(CommandFailed, match="no such luck"):
        python("import sys; sys.exit('no such luck')", tmp_path)


def test_ratios_are_of_pairs() -> None:
    """Each round's figure is divided by the same round's, then the median is taken."""
    ours = [Figures(1, 1, 10), Figures(8, 1, 10), Figures(3, 1, 10)]
    theirs = [Figures(2, 2, 10), Figures(16, 2, 10), Figures(2, 2, 10)]
    lines = table({("cold", "we"): ours, ("cold", "they"): theirs}, "they").splitlines()
    assert lines[2] == "| cold | we | 3.00 s | 0.50 | 1.00 s | 0.50 | 10 MB | 1.00 |"


def test_the_readme_changes_only_between_its_marks(tmp_path: Path) -> None:
    """What stands before and after the marks stays; without marks nothing is written."""
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    insert("new", readme)
    text = readme.read_text(encoding="utf-8")
    assert text == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    readme.write_text("none", encoding="utf-8")
    with pytest.raises(ValueError, match="to write between"):
        insert("new", readme)


@pytest.mark.filterwarnings("ignore:Implicitly cleaning up:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", STAGES)
def test_a_stage_of_growth_can_be_called(name: str) -> None:
    """What it imports and calls is there; it may refuse the text."""
    stage = STAGES[name]
    run = stage.prepare()
    try:
        run("tea")
    except Exception as error:
        if type(error).__name__ not in stage.refusals:
            raise
