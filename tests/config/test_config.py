import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.config.cron import cron_fault
from syndicate.config.layouts import LAYOUTS, Layout, PerFormat
from syndicate.config.load import load
from syndicate.config.schema import AuthorConfig, Config, ScheduleConfig
from syndicate.daemon.triggers import triggers_of
from syndicate.errors import ConfigError

GIT = "[[publish]]\nname = 'a'\nkind = 'git'\nremote = 'site.git'\n"
SFTP = "[[publish]]\nname = 'a'\nkind = 'sftp'\nhost = 'example.org'\npath = 'web'\n"
HOOK = "[[publish]]\nname = 'a'\nkind = 'webhook'\n"


def loaded(folder: Path, text: str, *settings: tuple[str, object]) -> Config:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder, settings=settings)


def test_defaults_are_those_documented(tmp_path: Path) -> None:
    """Without a file: three formats, categories, 20 entries, full text."""
    config = load(tmp_path)
    assert config.feeds.formats == ("atom", "rss", "json")
    assert config.feeds.by == ("category",)
    assert (config.feeds.limit, config.feeds.min_posts, config.feeds.content) == (20, 1, "full")
    assert config.excerpt.length == 200


def test_paths_start_from_the_folder_of_the_file(tmp_path: Path) -> None:
    """Relative paths do not depend on where the command is run."""
    config = loaded(tmp_path, '[output]\npath = "public"\n[posts]\npath = ["a", "b"]\n')
    assert config.output_folder == tmp_path / "public"
    assert config.state_folder == tmp_path / ".syndicate"
    assert config.post_folders == (tmp_path / "a", tmp_path / "b")


def test_author_as_a_table_or_a_name(tmp_path: Path) -> None:
    """Both spellings are taken."""
    table = '[site.author]\nname = "明"\nemail = "m@example.org"\n'
    assert loaded(tmp_path, table).site.author == AuthorConfig("明", "m@example.org")
    assert loaded(tmp_path, '[site]\nauthor = "明"\n').site.author == "明"


def test_settings_win_over_the_file(tmp_path: Path) -> None:
    """What the command line sets goes before config.toml."""
    config = loaded(tmp_path, "[feeds]\nlimit = 5\n", ("feeds.limit", 0), ("feeds.by", ["tag"]))
    assert (config.feeds.limit, config.feeds.by) == (0, ("tag",))


def test_layout_is_a_table_of_templates(tmp_path: Path) -> None:
    """Parts of the layout can be changed; the rest stays."""
    config = loaded(tmp_path, '[feeds.layout]\ncategory = "c/{slug}/{file}"\natom = "feed.xml"\n')
    assert config.feeds.paths == Layout(category="c/{slug}/{file}", atom="feed.xml")


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_layout_has_the_name_of_a_generator(tmp_path: Path, name: str) -> None:
    """Each named layout is valid, and knows its name."""
    config = loaded(tmp_path, f"[feeds]\nlayout = '{name}'\n")
    assert config.feeds.paths == LAYOUTS[name]
    assert config.feeds.paths.like == name


def test_layout_may_differ_from_that_of_a_generator(tmp_path: Path) -> None:
    """`like` gives all that the table does not say itself, in whatever order."""
    config = loaded(tmp_path, "[feeds.layout]\natom = 'index.atom'\nlike = 'jekyll-feed'\n")
    assert config.feeds.paths == replace(LAYOUTS["jekyll-feed"], atom="index.atom")
    setting = ("feeds.layout.like", "hugo")
    config = loaded(tmp_path, "[feeds.layout]\ntag = 't/{slug}/{file}'\n", setting)
    assert config.feeds.paths == replace(LAYOUTS["hugo"], tag="t/{slug}/{file}")


def test_template_may_be_given_for_single_formats(tmp_path: Path) -> None:
    """A template for one format need not have {file}: its name can stand in it."""
    config = loaded(tmp_path, "[feeds.layout]\ncategory = { atom = 'c/{slug}.xml' }\n")
    assert config.feeds.paths == Layout(category=PerFormat(atom="c/{slug}.xml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[feeds]\nlimt = 3",
            'line 2: feeds.limt: unknown key; did you mean "limit"?',
        ),
        ("[sight]\nx = 1", 'config.toml, line 1: sight: unknown key; did you mean "site"?'),
        ("[excerpt]\nq = 1", "config.toml, line 2: excerpt.q: unknown key; known keys: length"),
        ("[site.author]\nnam = 'x'", 'site.author.nam: unknown key; did you mean "name"?'),
        ("[feeds.layout]\natm = 'x'", 'feeds.layout.atm: unknown key; did you mean "atom"?'),
        (
            "[feeds]\nlimit = '3'",
            'expected a whole number from 0 up, not "3"; write `limit = 20`',
        ),
        ("[feeds]\nlimit = -1", "feeds.limit: expected a whole number from 0 up, not -1; write"),
        (
            "[feeds]\nmin_posts = 0",
            "expected a whole number from 1 up, not 0; write `min_posts = 1`",
        ),
        (
            "[feeds]\nformats = ['atm']",
            'feeds.formats[0]: expected "atom" or "json" or "rss", not "atm"',
        ),
        ("[feeds]\nformats = []", "feeds.formats: names no format; write `formats ="),
        (
            "[feeds]\ncontent = 'all'",
            'expected "excerpt" or "full", not "all"; write `content = "full"`',
        ),
        ("[feeds]\nhubs = ['hub']", "feeds.hubs: 'hub' is not an absolute address; write it as"),
        ("[feeds.layout]\nall = 'x'", "feeds.layout.all: {file} is missing; write {file} in it"),
        ("[feeds.layout]\nall = '../{file}'", "is not a path inside the output folder"),
        ("[feeds.layout]\nall = '/{file}'", "is not a path inside the output folder"),
        ("[feeds.layout]\nrss = 'atom.xml'", "two formats have the same file name"),
        ("[feeds]\nlayout = 'gatsby'", 'not "gatsby"; use one of "default"'),
        ("[feeds]\nlayout = 3", 'use one of "default", "jekyll-feed", "chirpy"'),
        ("[feeds.layout]\nlike = 'huge'", 'not "huge"; write `like = "default"`'),
        (
            "[feeds.layout.tag]\natm = 'x'",
            'feeds.layout.tag.atm: unknown key; did you mean "atom"?',
        ),
        ("[feeds.layout.tag]\natom = 'x'", "feeds.layout.tag.atom: {slug} is missing; write"),
        ("[feeds.layout.tag]\nrss = '/{slug}'", "feeds.layout.tag.rss: '/{slug}' is not a path"),
        ("[feeds.layout]\nlanguage = '{file}'", "feeds.layout.language: {slug} is missing"),
        ("[feeds]\nby = ['langage']", 'not "langage"; write `by = ['),
        ("[site]\nurl = 'example.org'", "site.url: 'example.org' is not an absolute address"),
        ("[site]\ntimezone = 'Mars'", "site.timezone: 'Mars' is not known; name it as"),
        ("[site]\ntitle = ", "config.toml: not TOML: "),
    ],
)
def test_mistake_names_file_key_and_cure(tmp_path: Path, text: str, message: str) -> None:
    """A wrong key, type or value is refused, naming file, key and cure."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)


def test_named_file_must_be_there(tmp_path: Path) -> None:
    """A file that was asked for and is missing is an error; an unnamed one may be missing."""
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path, tmp_path / "other.toml")


def test_setting_below_a_value_is_refused(tmp_path: Path) -> None:
    """`--set feeds.limit.x=1` is an error, not a crash."""
    with pytest.raises(ConfigError, match="limit is not a section"):
        loaded(tmp_path, "[feeds]\nlimit = 5\n", ("feeds.limit.x", 1))


def test_not_utf8_is_refused(tmp_path: Path) -> None:
    """A file in another encoding is named with the place."""
    (tmp_path / "config.toml").write_bytes(b"[site]\ntitle = '\xff'\n")
    with pytest.raises(ConfigError, match="byte 16 is not UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize(
    "line", ['baseURL = "https://a.example/"', 'base_url = "https://a.example"']
)
def test_config_of_a_generator_is_not_ours(tmp_path: Path, line: str) -> None:
    """Hugo's and Zola's config.toml is left to their engines; ours is then syndicate.toml."""
    (tmp_path / "config.toml").write_text(f"{line}\n[params]\nx = 1\n", encoding="utf-8")
    assert load(tmp_path).feeds.limit == 20
    (tmp_path / "syndicate.toml").write_text("[feeds]\nlimit = 3\n", encoding="utf-8")
    assert load(tmp_path).feeds.limit == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('every = "soon"', "schedule.every: 'soon' is not a duration; write it as"),
        ('timezone = "Mars/North"', "schedule.timezone: 'Mars/North' is not known"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Every command tells of it, not the daemon alone."""
    with pytest.raises(ConfigError, match=told):
        loaded(tmp_path, f"[schedule]\n{text}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("publish = 3", "line 1: publish: expected a list of tables, not 3; write `[[publish]]`"),
        ("feeds = 3", "feeds: expected a table, not 3; write `[feeds]`"),
        ("[feeds]\npages = 'yes'", 'expected true or false, not "yes"; write `pages = true`'),
        ("[feeds]\nformats = 'rss'", 'expected a list of "atom" or "json" or "rss", not "rss"'),
        ("[site]\ntitle = [1]", "site.title: expected text, not a list; write `title = "),
        ("[daemon]\nport = 99999", "expected a whole number from 0 to 65535, not 99999"),
        ("[guard]\ndrop = 3.5", "expected a number from 0 to 1, not 3.5"),
        ("[site]\ntitle = 2024-01-01", "expected text, not a date or time"),
        ("[site.author]\nemail = 'a@b'", "site.author: name is missing; write `name = "),
    ],
)
def test_a_wrong_type_is_told_in_words_of_toml(tmp_path: Path, text: str, message: str) -> None:
    """No name of a type of Python, JSON or a library is shown."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)
    assert "`int`" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[schedule]\ncron = '61 * * * *'",
            'schedule.cron: "61" is not a valid minute: it goes from 0',
        ),
        ("[schedule]\ncron = '0 5 * *'", "has 4 fields, not 5; write minute, hour"),
        ("[schedule]\ncron = '0 0 30 2 *'", "never comes"),
        ("[site]\nlanguage = 'english language'", "is not a language tag; write it as"),
        (f"{GIT}branch = 'a..b'", "publish[0].branch: 'a..b' is not a name for a branch"),
        (f"{GIT}branch = '-x'", "publish[0].branch: '-x' is not a name for a branch"),
        (f"{GIT}branch = 'x y'", "publish[0].branch: 'x y' is not a name for a branch"),
        (f"{GIT}folder = '../x'", "publish[0].folder: '../x' is not a folder of a branch"),
        (f"{GIT}folder = 'a/.git'", "publish[0].folder: 'a/.git' is not a folder of a branch"),
        (f"{GIT}author = 'nobody'", 'is not an author; write it as "Name <address>"'),
        (f'{GIT}author = "a <b>\\nfrom x <c>"', 'is not an author; write it as "Name <address>"'),
        (f"{SFTP}key_file = '/'", "publish[0].key_file: is a folder; name a file"),
        (f"{HOOK}url = 'example.org/hook'", "publish[0].url: is not an absolute address"),
    ],
)
def test_a_value_that_cannot_work_is_refused_when_read(
    tmp_path: Path, text: str, message: str
) -> None:
    """With file, line, key and cure, before any command does anything."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)
    assert re.match(r".*config\.toml, line \d+: ", str(caught.value))


@pytest.mark.parametrize(
    "remote",
    [
        "ext::sh -c touch% /nowhere",
        "--upload-pack=touch",
        "http://blog.example/x.git",
        "git://blog.example/x.git",
        "https://me:word@blog.example/x.git",
        "ssh://-oProxyCommand=touch/x",
        "fd::17",
    ],
)
def test_odd_remotes_are_refused(tmp_path: Path, remote: str) -> None:
    """What would run a program, is not safe on the way, or holds a password, is no remote."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"[[publish]]\nname = 'a'\nkind = 'git'\nremote = '{remote}'\n")
    assert "word" not in caught.value.what.replace("password", "")


def test_the_line_of_a_key_is_found_in_its_table(tmp_path: Path) -> None:
    """Of several tables of one name the one that is meant; dotted keys and comments too."""
    text = (
        "feeds.limit = 3 # comment\n[[publish]]\nname = 'a'\nkind = 'folder'\npath = 'a'\n"
        "[[publish]] # the second\nname = 'b'\nkind = 'folder'\n\npath = 3\n"
    )
    with pytest.raises(ConfigError, match=r"config.toml, line 10: publish\[1\].path: expected"):
        loaded(tmp_path, text)
    with pytest.raises(ConfigError, match=r"config.toml, line 1: feeds.limit: expected"):
        loaded(tmp_path, "feeds.limit = 'x'\n")


def test_a_setting_of_the_command_line_has_no_line(tmp_path: Path) -> None:
    """The key is named; what the file says of it is not blamed."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "[feeds]\nlimit = 5\n", ("feeds.limit", "x"))
    assert caught.value.where == "--set feeds.limit"


FIELDS = [
    st.lists(
        st.one_of(
            st.just("*"),
            st.sampled_from(names or ["0"]),
            st.builds("{}-{}".format, st.integers(0, last), st.integers(0, last)),
            st.builds("*/{}".format, st.integers(0, last + 5)),
            st.builds(str, st.integers(0, last + 3)),
        ),
        min_size=1,
        max_size=3,
    ).map(",".join)
    for last, names in (
        (59, []), (23, []), (31, []), (12, ["jan", "DEC", "mai"]), (7, ["sun", "Sat", "so"]),
    )
]  # fmt: skip


@given(st.tuples(*FIELDS).map(" ".join))
def test_a_cron_line_that_is_taken_can_be_kept(line: str) -> None:
    """What the configuration lets pass, the scheduler understands; what it refuses, it cannot."""
    schedule = ScheduleConfig(cron=line)
    try:
        triggers_of(schedule, "UTC", datetime(2024, 1, 1, tzinfo=UTC))
    except ConfigError:
        assert cron_fault(line)
    else:
        assert cron_fault(line) is None
