import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from syndicate.config.load import load
from syndicate.config.schema import Config
from syndicate.daemon.watch import Ignored, watching

pytest.importorskip("watchfiles")
PATIENCE = 20


class Watched:
    """Watched folder of a blog, and the reported changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: SimpleQueue[str] = SimpleQueue()

    def hears(self, what: str = "watch") -> None:
        while self.told.get(timeout=PATIENCE) != what:
            pass

    def settle(self) -> None:
        """Wait until no more changes are reported."""
        try:
            while True:
                self.told.get(timeout=0.7)
        except Empty:
            pass


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Watched]:
    folder = tmp_path / "blog"
    (folder / "_posts/old").mkdir(parents=True)
    (folder / "_posts/tea.md").write_text("Green", encoding="utf-8")
    (folder / "_posts/old/coffee.md").write_text("x", encoding="utf-8")
    (folder / "config.toml").write_text('[site]\ntitle = "T"\n', encoding="utf-8")
    watched = Watched(folder)
    with watching(load(folder), watched.told.put):
        watched.hears()  # it stands
        yield watched


def in_place(post: Path) -> None:
    post.write_text("Black", encoding="utf-8")


def renamed_over(post: Path) -> None:
    """Save by renaming a new file over the old one, as most editors and `sed -i` do."""
    beside = post.with_name(".tea.md.tmp1234")
    beside.write_text("Black", encoding="utf-8")
    beside.replace(post)


def with_backup(post: Path) -> None:
    """Save as vim does: move the old file away and write a new one beside a swap file."""
    post.with_name(".tea.md.swp").write_bytes(b"b0VIM")
    backup = post.with_name("tea.md~")
    post.rename(backup)
    post.write_text("Black", encoding="utf-8")
    backup.unlink()


def new_folder(post: Path) -> None:
    (post.parent / "2026/05").mkdir(parents=True)
    (post.parent / "2026/05/new.md").write_text("x", encoding="utf-8")


def moved_in(post: Path) -> None:
    outside = post.parents[2] / "outside"
    outside.mkdir()
    (outside / "new.md").write_text("x", encoding="utf-8")
    outside.rename(post.parent / "inside")


def folder_renamed(post: Path) -> None:
    (post.parent / "old").rename(post.parent / "archive")


def removed(post: Path) -> None:
    post.unlink()


def folder_removed(post: Path) -> None:
    shutil.rmtree(post.parent / "old")


def touched(post: Path) -> None:
    post.touch()


@pytest.mark.parametrize(
    "save",
    [
        in_place,
        renamed_over,
        with_backup,
        new_folder,
        moved_in,
        folder_renamed,
        removed,
        folder_removed,
        touched,
    ],
)
def test_every_way_to_save_is_reported(blog: Watched, save: Callable[[Path], None]) -> None:
    """Every kind of change to the files is reported."""
    save(blog.folder / "_posts/tea.md")
    blog.hears()


def test_file_in_a_new_folder_is_reported(blog: Watched) -> None:
    """A new folder is watched like the others."""
    (blog.folder / "_posts/2026").mkdir()
    blog.hears()
    blog.settle()
    (blog.folder / "_posts/2026/new.md").write_text("x", encoding="utf-8")
    blog.hears()


def test_change_of_the_configuration_is_reported(blog: Watched) -> None:
    """A change of config.toml is reported, and so is a post saved with it."""
    (blog.folder / "config.toml").write_text("", encoding="utf-8")
    (blog.folder / "_posts/tea.md").write_text("Black", encoding="utf-8")
    blog.hears("config")
    blog.hears("watch")


def test_templates_and_style_sheet_beside_the_blog_are_reported(tmp_path: Path) -> None:
    """They make other pages, wherever they lie."""
    for folder in ("blog/_posts", "theme", "css"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "css/my.css").write_text("a {}", encoding="utf-8")
    settings = {"pages.templates": "../theme", "pages.css": "../css/my.css"}.items()
    watched = Watched(tmp_path / "blog")
    with watching(load(watched.folder, settings=settings), watched.told.put):
        watched.hears()
        for file in ("theme/posts.html", "css/my.css"):
            watched.settle()
            (tmp_path / file).write_text("b {}", encoding="utf-8")
            watched.hears()


def test_our_own_files_are_not_reported(blog: Watched) -> None:
    """Files that a build writes are not reported."""
    blog.settle()
    for folder in ("output", ".syndicate"):
        (blog.folder / folder).mkdir()
        (blog.folder / folder / "file").write_text("x", encoding="utf-8")
    (blog.folder / "_posts/tea.md~").write_text("x", encoding="utf-8")
    with pytest.raises(Empty):
        blog.told.get(timeout=1.5)


def test_folder_that_is_replaced_is_watched_again(blog: Watched, tmp_path: Path) -> None:
    """A blog that is moved away and put back, or checked out anew, is still watched."""
    blog.settle()
    blog.folder.rename(tmp_path / "away")
    shutil.copytree(tmp_path / "away", blog.folder)
    blog.hears()
    blog.settle()
    in_place(blog.folder / "_posts/tea.md")
    blog.hears()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("_posts/tea.md", False),
        ("_posts/.tea.md.swp", True),
        ("_posts/tea.md~", True),
        ("_posts/4913", True),
        ("_posts/.#tea.md", True),
        ("_posts/#tea.md#", True),
        ("_posts/tea.md___jb_tmp___", True),
        (".git/index.lock", True),
        ("node_modules/x/y.js", True),
        (".eleventy.js", False),
        ("_data/.hidden.yml", False),
        ("output/atom.xml", True),
        ("output-old/post.md", False),
        (".syndicate/cache.db-wal", True),
        ("public/feeds/atom.xml", True),
        ("public/index.md", False),
    ],
)
def test_ignored_paths(tmp_path: Path, path: str, expected: bool) -> None:
    """Ignored are our own files, version control's and editors' temporary files; no others."""
    (tmp_path / "config.toml").write_text(
        '[[publish]]\nname = "a"\nkind = "folder"\npath = "public/feeds"\n', encoding="utf-8"
    )
    config: Config = load(tmp_path)
    assert Ignored(config, tmp_path)(str(tmp_path / path)) is expected
