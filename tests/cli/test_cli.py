import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from syndicate.cli import options
from syndicate.cli.main import main

ROOT = Path(__file__).parents[2]
POST = "---\ntitle: {title}\ncategory: Tea\n---\nText\n"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_config.yml").write_text(
        "title: T\nurl: https://blog.example.org\n", encoding="utf-8"
    )
    for title in "AB":
        path = tmp_path / f"_posts/2024-05-01-{title.lower()}.md"
        path.write_text(POST.format(title=title), encoding="utf-8")
    (tmp_path / "_posts/picture.png").write_bytes(b"\x89PNG\r\n")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_build_writes_feeds_and_says_so(blog: Path) -> None:
    """The summary counts posts, feeds and files."""
    result = run("build", blog)
    assert result.exit_code == 0
    assert "2 posts, 2 files left out" in result.output
    assert "2 feeds, 2 entries rendered" in result.output
    assert "11 files created" in result.output
    assert (blog / "output/category/tea/rss.xml").exists()


def test_build_of_this_folder(blog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name, the blog is where one stands."""
    monkeypatch.chdir(blog)
    assert run("build").exit_code == 0
    assert (blog / "output/atom.xml").exists()


def test_output_is_named_from_where_one_stands(
    blog: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--output is a path of the command line, not of config.toml."""
    here = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(here)
    run("build", blog, "--output", "feeds")
    assert (here / "feeds/atom.xml").exists()


def test_set_takes_any_key(blog: Path) -> None:
    """--set gives any key a TOML value; a bare word is text."""
    result = run(
        "build", blog, "--set", "feeds.limit=1", "--set", 'feeds.formats=["json"]',
        "--set", "site.title=Leaves & Water",
    )  # fmt: skip
    assert result.exit_code == 0
    feed = json.loads((blog / "output/feed.json").read_bytes())
    assert (feed["title"], len(feed["items"])) == ("Leaves & Water", 1)
    assert not (blog / "output/atom.xml").exists()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("feeds.limit", "is not KEY=VALUE"),
        ("feeds.limit=[1", "is not a TOML value"),
        ("feeds.limt=1", 'feeds.limt: unknown key; did you mean "limit"?'),
        ("feeds.limit=many", "--set feeds.limit: expected a whole number from 0 up"),
    ],
)
def test_wrong_setting_is_a_usage_error(blog: Path, setting: str, message: str) -> None:
    """A wrong --set names the key and the cure, and ends with 2."""
    result = run("build", blog, "--set", setting)
    assert result.exit_code == 2
    assert message in result.output


def test_dry_run_writes_nothing(blog: Path) -> None:
    """--dry-run tells what would be written."""
    result = run("build", blog, "--dry-run")
    assert "11 files created" in result.output
    assert "nothing was written" in result.output
    assert not (blog / "output").exists()
    assert not (blog / ".syndicate").exists()


def test_json_report_holds_everything(blog: Path) -> None:
    """--json prints posts, what was left out, problems, feeds and changes."""
    report = json.loads(run("build", blog, "--json").stdout)
    assert [post["title"] for post in report["posts"]] == ["A", "B"]
    assert {
        "path": "_posts/picture.png",
        "reason": "file name is not YYYY-MM-DD-name.ext",
        "due": None,
        "withheld": False,
    } in report["left_out"]
    assert len(report["changes"]) == 11
    assert report["feeds"][1]["urls"]["json"] == "https://blog.example.org/category/tea/feed.json"


def test_strict_fails_on_problems(blog: Path) -> None:
    """With --strict a problem makes the exit code 1, the feeds are written all the same."""
    (blog / "_posts/2024-05-01-c.md").write_text("---\ntitle: a: b\n---\nx\n", encoding="utf-8")
    assert run("build", blog).exit_code == 0
    assert run("build", blog, "--strict").exit_code == 1
    assert (blog / "output/atom.xml").exists()


def test_quiet_prints_nothing_when_all_is_well(blog: Path) -> None:
    """-q is for cron."""
    assert run("build", blog, "-q").output == ""


def test_problems_that_are_alike_are_grouped(blog: Path) -> None:
    """A hundred problems of one kind are counted, with a few examples, so others are seen."""
    for number in range(100):
        path = blog / f"_posts/2024-05-02-{number}.md"
        path.write_text("---\ntitle: a: b\n---\nx\n", encoding="utf-8")
    output = run("check", blog).output
    assert "(100)" in output
    assert "… and 97 more (-v shows all)" in output
    assert run("check", blog, "-v").output.count("_posts/2024-05-02-") == 100


def test_check_names_file_line_and_cure(blog: Path) -> None:
    """A problem says where it is and what to do, and check writes nothing."""
    (blog / "_posts/2024-05-01-c.md").write_text("---\ntitle: a: b\n---\nx\n", encoding="utf-8")
    output = run("check", blog).output
    assert "_posts/2024-05-01-c.md:2: " in output
    assert not (blog / "output").exists()


def test_check_speaks_of_large_feeds(blog: Path) -> None:
    """A feed that readers would rather not fetch is a problem with its cure."""
    (blog / "_posts/2024-05-01-c.md").write_text("word " * 60_000, encoding="utf-8")
    assert "large-feed" in run("check", blog).output


def test_feeds_lists_addresses(blog: Path) -> None:
    """Each feed with its entries and the address of each format, and which engine was found."""
    output = run("feeds", blog).output
    assert "T: Jekyll blog (_config.yml)" in output
    assert "https://blog.example.org/category/tea/atom.xml" in output
    assert not (blog / "output").exists()


def test_missing_blog_is_a_usage_error(tmp_path: Path) -> None:
    """A folder that is not there is named, without a traceback."""
    result = run("build", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "no such folder" in result.output


def test_stopped_build_ends_with_2(blog: Path) -> None:
    """A build that would empty the feeds is stopped, and says what to do."""
    run("build", blog)
    for path in (blog / "_posts").glob("*.md"):
        path.unlink()
    result = run("build", blog)
    assert result.exit_code == 2
    assert "the published feeds stay" in result.output


def test_init_writes_what_it_found(blog: Path) -> None:
    """The config.toml of `init` is valid, and holds the blog's own title and address."""
    assert run("init", blog).exit_code == 0
    config = tomllib.loads((blog / "config.toml").read_text(encoding="utf-8"))
    assert config["site"]["title"] == "T"
    assert config["site"]["url"] == "https://blog.example.org"
    assert config["posts"]["engine"] == "jekyll"
    assert run("build", blog).exit_code == 0


def test_init_does_not_replace_a_file(blog: Path) -> None:
    """A config.toml that is there is somebody's work."""
    (blog / "config.toml").write_text("# mine\n", encoding="utf-8")
    assert run("init", blog).exit_code == 2
    assert (blog / "config.toml").read_text(encoding="utf-8") == "# mine\n"
    assert run("init", blog, "--force").exit_code == 0


def test_init_quotes_any_title(tmp_path: Path) -> None:
    """Whatever the blog is called, the file that `init` writes can be read."""
    (tmp_path / "_config.yml").write_text(
        'title: "a \\"quote\\" \\\\ 茶 \\x7f"\n', encoding="utf-8"
    )
    run("init", tmp_path)
    config = tomllib.loads((tmp_path / "config.toml").read_text(encoding="utf-8"))
    assert config["site"]["title"] == 'a "quote" \\ 茶 \x7f'


def test_second_build_says_that_the_feeds_are_up_to_date(
    blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the output folder, not a count of 0 entries."""
    monkeypatch.chdir(blog)
    run("build")
    assert "2 feeds, up to date in output/" in run("build").output


def test_skipped_posts_are_counted(blog: Path) -> None:
    """Problems that cost a post are counted beside all problems, with the right grammar."""
    path = blog / "_posts/2024-05-01-c.md"
    path.write_text("---\npublished: perhaps\n---\nx\n", encoding="utf-8")
    assert re.search(r"^\d problems?; 1 post skipped$", run("build", blog).output, re.MULTILINE)


def test_own_folders_are_not_worth_a_line(blog: Path) -> None:
    """Output and state folder are not listed as files left out."""
    run("build", blog)
    assert "this program writes" not in run("build", blog).output


def commands() -> Iterator[tuple[str, ...]]:
    """Yield every command's words."""
    with click.Context(main) as context:
        for name in main.list_commands(context):
            command = main.get_command(context, name)
            yield (name,)
            if isinstance(command, click.Group):
                yield from ((name, inner) for inner in command.list_commands(context))


def test_help_lists_all_commands_in_groups_within_80_columns() -> None:
    """No line is cut or wrapped, and every command has one."""
    lines = run("--help").output.splitlines()
    assert [line for line in lines if line.endswith(":") and line[0] != " "] == [
        "Options:", "Feeds:", "Set up:", "Publish:",
    ]  # fmt: skip
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line.startswith(" ") and line.endswith("...")]
    names = {words[0] for words in commands()}
    listed = [line.split() for line in lines if line.startswith("  ") and line[2:3].isalpha()]
    assert names <= {words[0] for words in listed if len(words) > 2}


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_same_options_mean_the_same_everywhere(words: tuple[str, ...]) -> None:
    """Every shared option has one declaration, and BLOG is the last argument."""
    with click.Context(main) as context:
        command = main.get_command(context, words[0])
        for word in words[1:]:
            assert isinstance(command, click.Group)
            command = command.get_command(context, word)
    assert command
    shared = {name: option for option in SHARED for name in (*option.opts, *option.secondary_opts)}
    for option in command.params:
        if isinstance(option, click.Option):
            known = {shared[name].help for name in option.opts if name in shared}
            assert known <= {option.help}
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    names = [argument.name for argument in arguments]
    assert "blog" not in names[:-1]
    if names[-1:] == ["blog"] and words != ("init",):
        given = {name for param in command.params for name in param.opts}
        assert {"-c", "-o", "--set"} <= given


@options.on_blog
@options.reporting
@options.dry_run
def _every_shared_option(**_: object) -> None:
    """Only carry the options."""


SHARED = [
    param for param in click.command(_every_shared_option).params if isinstance(param, click.Option)
]


def test_completion_offers_commands() -> None:
    """Shells complete through the variable that the documentation names."""
    environ = {
        **os.environ, "_SYNDICATE_COMPLETE": "bash_complete", "COMP_WORDS": "syndicate da",
        "COMP_CWORD": "1",
    }  # fmt: skip
    command = [
        sys.executable,
        "-c",
        "from syndicate.cli.main import main; main(prog_name='syndicate')",
    ]
    done = subprocess.run(command, env=environ, capture_output=True, encoding="utf-8", check=False)
    assert done.stdout == "plain,daemon\n"


@pytest.mark.parametrize("command", ["build", "feeds", "check", "init"])
def test_help_explains_each_command(command: str) -> None:
    """Each command's help says what it does and lists its options."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5


def test_module_can_be_run(blog: Path) -> None:
    """`python -m syndicate` is the same program."""
    command = [sys.executable, "-m", "syndicate", "feeds", str(blog)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "2 feeds from 2 posts" in done.stdout


def test_a_title_cannot_steer_the_terminal(blog: Path) -> None:
    """Titles and file names are shown, not obeyed."""
    (blog / "_config.yml").write_text(
        'title: "A [/b] \\e]0;x\\a"\nurl: https://blog.example.org\n', encoding="utf-8"
    )
    output = run("build", blog).output
    assert "A [/b]" in output
    assert "\x1b" not in output
    assert "\x07" not in output


def test_init_can_replace_a_broken_file(blog: Path) -> None:
    """--force is for a config.toml that nothing can read, too."""
    (blog / "config.toml").write_text("[site\n", encoding="utf-8")
    assert run("init", blog, "--force").exit_code == 0
    assert run("build", blog).exit_code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a device of Linux")
def test_full_disk_at_the_output_is_one_line(blog: Path) -> None:
    """An error of the operating system has no traceback, and exit code 2."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "syndicate", "feeds", str(blog)],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "syndicate: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_deleted_folder_is_one_line(tmp_path: Path) -> None:
    """A shell may stand in a folder that was deleted."""
    command = f'cd "{tmp_path}" && rmdir "{tmp_path}" && exec "{sys.executable}" -m syndicate build'
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "syndicate: this folder was deleted; change to another one\n"


def test_target_is_not_taken_for_a_blog(blog: Path) -> None:
    """`publish NAME` of earlier versions is refused with the new spelling."""
    assert "to name a target, write --target web" in run("publish", "web").output
