"""Values put into the text of config.toml."""

import tomllib
from pathlib import Path

import pytest

from syndicate.cli.moving.edit import with_values, write_values
from syndicate.errors import ConfigError

VALUES = {"layout": '"hugo"', "limit": "7"}


def edited(text: str, values: dict[str, str] = VALUES) -> str:
    return with_values(text, "feeds", values, "config.toml")


def test_comments_and_other_keys_stay() -> None:
    """Only the lines of the keys change, and their own comments stay, too."""
    before = (
        '# mine\n[site]\ntitle = "T # no comment"   # a title\n\n[feeds]  # ours\n'
        '# limit = 3\nlimit = 20  # "twenty" # really\nby = []\n\n[output]\nlimit = 1 \n'
    ).replace("limit = 1 \n", 'path = "o"\n')
    after = before.replace("[feeds]  # ours\n", '[feeds]  # ours\nlayout = "hugo"\n')
    assert edited(before) == after.replace("limit = 20  #", "limit = 7  #")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "[site]\ntitle = 'x'",
        "[feeds]",
        "[feeds]\r\nby = []\r\n",
        "\ufeff[feeds]\nlimit = 3\n",
        "[feeds]\nformats = [\n  'atom', # one\n]\nlimit = 3\n[site]\ntitle='[feeds]'\n",
        "[ feeds ]\n'limit' = 3\n",
        "[[publish]]\nkind = 'folder'\nname = 'a'\npath = 'b'\n",
    ],
)
def test_the_values_are_there_and_nothing_else_changed(text: str) -> None:
    """However the file is written; doing it twice is doing it once."""
    after = edited(text)
    before = tomllib.loads(text.removeprefix("\ufeff"))
    wanted = {**before, "feeds": {**before.get("feeds", {}), "layout": "hugo", "limit": 7}}
    assert tomllib.loads(after.removeprefix("\ufeff")) == wanted
    assert edited(after) == after
    assert after.count("\r\n") in (0, after.count("\n"))


def test_a_value_of_several_lines_is_replaced() -> None:
    """A list that goes over lines becomes one line."""
    text = "[feeds]\nformats = [\n  'atom',\n]\nlimit = 1\n"
    assert edited(text, {"formats": '["rss"]'}) == '[feeds]\nformats = ["rss"]\nlimit = 1\n'


@pytest.mark.parametrize(
    "text",
    [
        "feeds = { limit = 3 }\n",
        "feeds.limit = 3\n",
        "[feeds.layout]\nlike = 'hexo'\n",
        '["feeds"]\nlimit=3\n',
    ],
)
def test_a_file_that_cannot_be_edited_is_refused_with_the_lines(text: str) -> None:
    """The error says what to write by hand."""
    with pytest.raises(ConfigError) as error:
        edited(text)
    assert 'layout = "hugo"; limit = 7' in error.value.cure


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """And stays as it is."""
    file = tmp_path / "config.toml"
    file.write_text("[feeds\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="not TOML"):
        write_values(file, "feeds", VALUES)
    assert file.read_text(encoding="utf-8") == "[feeds\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that it leads to is edited."""
    (tmp_path / "real.toml").write_text("[feeds]\n", encoding="utf-8")
    (tmp_path / "config.toml").symlink_to("real.toml")
    assert write_values(tmp_path / "config.toml", "feeds", VALUES)
    assert (tmp_path / "config.toml").is_symlink()
    assert "hugo" in (tmp_path / "real.toml").read_text(encoding="utf-8")
    assert not write_values(tmp_path / "config.toml", "feeds", VALUES)
