"""Ids and dates of builds without the blog's address."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate import Report, build
from syndicate.cli.main import main
from syndicate.config.load import load
from syndicate.errors import ConfigError
from syndicate.ledger.records import Record, keep
from syndicate.ledger.records import load as ledger
from syndicate.publish.after_build import publish_after
from tests.feeds.test_readers import make_reader

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOME = "https://tea.example"
EXAMPLE = Path(__file__).parents[2] / "examples" / "blog"
TARGET = '[[publish]]\nname = "web"\nkind = "folder"\npath = "../web"\n'


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    folder = tmp_path / "blog"
    folder.mkdir()
    for number in range(6):
        post(folder, number)
    return folder


def post(blog: Path, number: int, text: str = "Green.", more: str = "") -> None:
    words = f"---\ntitle: Tea {number}\ndate: 2026-01-{number + 1:02}\n{more}---\n{text} {number}\n"
    (blog / f"tea-{number}.md").write_text(words, encoding="utf-8")


def built(blog: Path, url: str = "", *, now: datetime = NOW) -> Report:
    return build(blog, settings={"site.url": url} if url else {}, now=now)


def ids(blog: Path) -> set[str]:
    return {record.id for record in ledger(blog / ".syndicate")}


@pytest.mark.parametrize(
    "first", ["", "http://localhost:4000", "https://example.com", "http://192.168.1.4/tea"]
)
def test_ids_are_made_again_when_the_address_is_known(blog: Path, first: str) -> None:
    """With the address, ledger and feeds are those of a first build, and no guard stops it."""
    report = built(blog, first)
    assert "no-site-url" in {problem.kind for problem in report.problems}
    assert all(record.provisional for record in ledger(blog / ".syndicate"))
    built(blog, HOME)
    feeds = (blog / "output" / "atom.xml").read_bytes()
    shutil.rmtree(blog / ".syndicate")
    shutil.rmtree(blog / "output")
    expected = built(blog, HOME)
    assert feeds == (blog / "output" / "atom.xml").read_bytes()
    assert {problem.kind for problem in expected.problems} == {"no-author"}
    assert ids(blog) == {f"{HOME}/tea-{number}/" for number in range(6)}


def test_dates_that_a_preview_gave_are_made_again(blog: Path) -> None:
    """An edit before the first real build does not change `updated`."""
    built(blog)
    post(blog, 1, "Black.")
    built(blog, now=NOW + timedelta(days=1))
    built(blog, HOME, now=NOW + timedelta(days=2))
    assert {r.updated == r.published for r in ledger(blog / ".syndicate")} == {True}


def test_post_deleted_in_a_preview_leaves_no_tombstone(blog: Path) -> None:
    """A post that was withdrawn before the first real build leaves no tombstone."""
    built(blog)
    (blog / "tea-1.md").unlink()
    built(blog)
    built(blog, HOME)
    assert b"deleted-entry" not in (blog / "output" / "atom.xml").read_bytes()
    assert len(ledger(blog / ".syndicate")) == 5


def test_id_of_the_front_matter_stays(blog: Path) -> None:
    """An id in the front matter stays."""
    post(blog, 1, more="id: urn:tea:1\n")
    built(blog)
    built(blog, HOME)
    assert "urn:tea:1" in ids(blog)


def test_preview_changes_nothing_of_what_readers_know(blog: Path) -> None:
    """A preview from the state folder of published feeds changes no record."""
    built(blog, HOME)
    before = ledger(blog / ".syndicate")
    post(blog, 1, "Black.")
    (blog / "tea-2.md").unlink()
    post(blog, 7)
    output = str(blog.parent / "preview")
    build(blog, settings={"site.url": "http://localhost:4000", "output.path": output}, now=NOW)
    after = ledger(blog / ".syndicate")
    assert tuple(record for record in after if not record.provisional) == before
    assert [record.id for record in after if record.provisional] == ["http://localhost:4000/tea-7/"]


def test_adopted_id_survives_a_preview(blog: Path) -> None:
    """An adopted id stays, even if it contains a placeholder address."""
    old = "http://localhost:4000/old-1"
    date = datetime(2026, 1, 2, tzinfo=UTC)
    adopted = Record(id=old, url=old, title="Tea 1", published=date, updated=date, adopted=True)
    keep(blog / ".syndicate", [adopted])
    built(blog)
    built(blog, HOME)
    assert old in ids(blog)
    assert f"{HOME}/tea-1/" not in ids(blog)


def test_ids_of_an_older_version_are_provisional_too(blog: Path) -> None:
    """Unmarked provisional records of an older version are recognised by their ids."""
    date = datetime(2026, 1, 2, tzinfo=UTC)
    url = "https://address-not-set.invalid/tea-1/"
    keep(
        blog / ".syndicate",
        [Record(id=url, url=url, title="Tea 1", published=date, updated=date, path="tea-1.md")],
    )
    built(blog, HOME)
    assert ids(blog) == {f"{HOME}/tea-{number}/" for number in range(6)}


def test_preview_is_not_published(blog: Path) -> None:
    """Nothing is sent to targets and hubs, and the message has the cure."""
    (blog / "config.toml").write_text(TARGET, encoding="utf-8")
    (blog / "CNAME").write_text("tea.example.org\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["build", "--publish", str(blog)])
    assert told.exit_code == 2
    assert "so these feeds are a preview. They are not published" in told.output
    assert 'set [site] url = "https://tea.example.org"' in told.output
    told = CliRunner().invoke(main, ["publish", str(blog)])
    assert told.exit_code == 2
    assert "set [site] url" in told.output
    assert not (blog.parent / "web").exists()
    hub = {"feeds.hubs": ["https://hub.example/"]}
    config = load(blog, settings=hub.items())
    with pytest.raises(ConfigError, match="no hub is notified"):
        publish_after(config, build(config, now=NOW), environ={})


def test_check_and_ledger_verify_tell_of_a_preview(blog: Path) -> None:
    """Both messages name the missing setting."""
    told = CliRunner().invoke(main, ["check", str(blog)])
    assert "The blog's address is unknown, so these feeds are a preview" in told.output
    built(blog)
    told = CliRunner().invoke(main, ["ledger", "verify", str(blog)])
    assert told.exit_code == 0
    assert "6 provisional, because the blog's address is unknown; set [site] url" in told.output


def test_pages_say_that_they_are_a_preview(blog: Path) -> None:
    """Pages of a preview are marked, and search engines are told not to index them."""
    page = blog / "output" / "feeds" / "index.html"
    built(blog)
    assert "<strong>This is a preview" in page.read_text(encoding="utf-8")
    assert "noindex" in page.read_text(encoding="utf-8")
    built(blog, HOME)
    assert "preview" not in page.read_text(encoding="utf-8")


def test_init_proposes_the_address(blog: Path) -> None:
    """`init` writes the proposed address as a comment."""
    (blog / "CNAME").write_text("tea.example.org\n", encoding="utf-8")
    CliRunner().invoke(main, ["init", str(blog)])
    text = (blog / "config.toml").read_text(encoding="utf-8")
    assert '# url = "https://tea.example.org"' in text
    assert load(blog).site.url is None


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return a copy of the example blog without its address, with a target."""
    copy = tmp_path / "blog"
    shutil.copytree(EXAMPLE, copy)
    settings = copy / "_config.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("\nurl:", "\n# url:", 1), encoding="utf-8")
    (copy / "config.toml").write_text(TARGET + "[feeds]\nlimit = 0\n", encoding="utf-8")
    return copy


def published(blog: Path) -> None:
    config = load(blog)
    publish_after(config, build(config, now=NOW), environ={})


def test_no_entry_repeats_when_the_address_is_set(example: Path) -> None:
    """A subscriber of the example blog sees every post once, whatever was built before."""
    with pytest.raises(ConfigError):
        published(example)
    with (example / "_config.yml").open("a", encoding="utf-8") as settings:
        settings.write("\nurl: https://notes.example.org\n")
    published(example)
    with make_reader(":memory:", feed_root=str(example.parent / "web")) as reader:
        reader.add_feed("atom.xml")
        reader.update_feed("atom.xml")
        first = {(entry.id, entry.link) for entry in reader.get_entries()}
        post(example / "_posts", 1)
        (example / "_posts" / "tea-1.md").rename(example / "_posts" / "2026-01-02-tea.md")
        published(example)
        reader.update_feed("atom.xml")
        entries = list(reader.get_entries())
    assert len(first) > 20
    assert not any("address-not-set" in part for entry in first for part in entry)
    assert len(entries) == len(first) + 1
