from pathlib import Path

import pytest

from syndicate.config.schema import AuthorConfig, PostsConfig, SiteConfig
from syndicate.engines import NO_ADDRESS, Settings, choose, settle
from syndicate.engines.jekyll.engine import Jekyll
from syndicate.engines.plain import Plain
from syndicate.errors import BlogError, ConfigError
from syndicate.model import Author


def test_jekyll_is_known_by_its_configuration(tmp_path: Path) -> None:
    """A folder with _config.yml is Jekyll's."""
    (tmp_path / "_config.yml").touch()
    assert choose(tmp_path) == (Jekyll, "_config.yml")


def test_jekyll_is_known_by_a_posts_folder(tmp_path: Path) -> None:
    """A folder with _posts is Jekyll's, configuration or not."""
    (tmp_path / "_posts").mkdir()
    assert choose(tmp_path) == (Jekyll, "_posts")


def test_any_other_folder_is_plain(tmp_path: Path) -> None:
    """A folder that no generator recognises is a plain folder."""
    assert choose(tmp_path)[0] is Plain


def test_the_configuration_decides(tmp_path: Path) -> None:
    """[posts] engine wins over recognition."""
    (tmp_path / "_config.yml").touch()
    assert choose(tmp_path, "plain")[0] is Plain


def test_unknown_engine_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """The error lists the known engines."""
    with pytest.raises(ConfigError, match=r'posts.engine: .*"quartz", "plain"'):
        choose(tmp_path, "jekyl")


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    """A missing folder is an error with its name."""
    with pytest.raises(BlogError, match="no such folder"):
        choose(tmp_path / "nowhere")


def test_config_goes_before_the_blogs_own_settings() -> None:
    """config.toml wins key by key."""
    engine = Plain(settings=Settings(title="Theirs", url="https://a.example", language="zh_CN"))
    settled, problems = settle(
        engine, SiteConfig(title="Ours", author=AuthorConfig("A")), PostsConfig()
    )
    assert (settled.site.title, settled.site.url) == ("Ours", "https://a.example")
    assert settled.site.language == "zh-CN"
    assert settled.site.author == Author("A")
    assert not problems


def test_unknown_address_is_a_problem_not_a_crash() -> None:
    """A blog without an address is built with a placeholder, with a problem."""
    settled, problems = settle(Plain(), SiteConfig(), PostsConfig(), name="notes")
    assert (settled.site.url, settled.site.title) == (NO_ADDRESS, "notes")
    assert [problem.kind for problem in problems] == ["no-site-url"]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (Settings(url="example.org"), "no-site-url"),
        (Settings(url="https://blog.example.org", timezone="Mars/Base"), "timezone"),
    ],
)
def test_wrong_settings_of_the_blog_are_replaced_and_reported(
    settings: Settings, kind: str
) -> None:
    """Mistakes in the generator's configuration do not stop the build."""
    _, problems = settle(Plain(settings=settings), SiteConfig(), PostsConfig())
    assert [problem.kind for problem in problems] == [kind]
