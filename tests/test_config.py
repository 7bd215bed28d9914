from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.config import AuthorConfig, Config, load
from syndicate.errors import ConfigError
from syndicate.layouts import LAYOUTS, Layout, PerFormat


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
        ("[feeds]\nlimt = 3", 'config.toml: feeds.limt: unknown key; did you mean "limit"?'),
        ("[sight]\nx = 1", 'config.toml: sight: unknown key; did you mean "site"?'),
        ("[excerpt]\nq = 1", "config.toml: excerpt.q: unknown key; known keys: length"),
        ("[site.author]\nnam = 'x'", 'site.author.nam: unknown key; did you mean "name"?'),
        ("[feeds.layout]\natm = 'x'", 'feeds.layout.atm: unknown key; did you mean "atom"?'),
        ("[feeds]\nlimit = '3'", "feeds.limit: expected `int`, got `str`; use a whole number"),
        ("[feeds]\nlimit = -1", "feeds.limit: expected `int` >= 0; use a whole number"),
        ("[feeds]\nmin_posts = 0", "feeds.min_posts: expected `int` >= 1"),
        ("[feeds]\nformats = ['atm']", "feeds.formats[0]: invalid enum value 'atm'; use a list of"),
        ("[feeds]\nformats = []", "feeds.formats: no format is named; use a list of"),
        ("[feeds]\ncontent = 'all'", "feeds.content: invalid enum value 'all'; use \"full\""),
        ("[feeds]\nhubs = ['hub']", "feeds.hubs: 'hub' is not an absolute address; write it as"),
        ("[feeds.layout]\nall = 'x'", "feeds.layout.all: {file} is missing; write {file} in it"),
        ("[feeds.layout]\nall = '../{file}'", "is not a path inside the output folder"),
        ("[feeds.layout]\nall = '/{file}'", "is not a path inside the output folder"),
        ("[feeds.layout]\nrss = 'atom.xml'", "two formats share a file name"),
        ("[feeds]\nlayout = 'gatsby'", "feeds.layout: invalid enum value 'gatsby'; use one of"),
        ("[feeds]\nlayout = 3", 'use one of "default", "jekyll-feed", "chirpy"'),
        ("[feeds.layout]\nlike = 'huge'", "feeds.layout.like: invalid enum value 'huge'; use one"),
        (
            "[feeds.layout.tag]\natm = 'x'",
            'feeds.layout.tag.atm: unknown key; did you mean "atom"?',
        ),
        ("[feeds.layout.tag]\natom = 'x'", "feeds.layout.tag.atom: {slug} is missing; write"),
        ("[feeds.layout.tag]\nrss = '/{slug}'", "feeds.layout.tag.rss: '/{slug}' is not a path"),
        ("[feeds.layout]\nlanguage = '{file}'", "feeds.layout.language: {slug} is missing"),
        ("[feeds]\nby = ['langage']", "feeds.by[0]: invalid enum value 'langage'; use a list of"),
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
        ('every = "soon"', "schedule.every: 'soon' is no length of time; write it as"),
        ('timezone = "Mars/North"', "schedule.timezone: 'Mars/North' is not known"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Every command tells of it, not the daemon alone."""
    with pytest.raises(ConfigError, match=told):
        loaded(tmp_path, f"[schedule]\n{text}\n")
