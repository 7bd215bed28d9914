import pkgutil
import subprocess
import sys

import pytest

import syndicate
from syndicate import errors


def test_public_names_are_these() -> None:
    """What a program may rely on changes only on purpose."""
    assert syndicate.__all__ == [
        "Author", "Blog", "BlogError", "BuildStopped", "Change", "Config", "ConfigError", "Content",
        "DeliveryError", "Document", "Enclosure", "Entry", "FeedError", "FeedPlan", "FeedSummary",
        "HttpError", "Image", "LeftOut", "OutputError", "Post", "Problem", "Report", "Site",
        "Source", "StateError", "SyndicateError", "Timing", "Tombstone", "Writable", "__version__",
        "asgi", "assemble", "build", "check", "compose", "discover", "load_config", "open_blog",
        "parse", "plan", "preview", "render", "write",
    ]  # fmt: skip


def test_every_error_is_public() -> None:
    """A program can name each error that it may catch."""
    assert set(errors.__all__) <= set(syndicate.__all__)


@pytest.mark.parametrize("name", syndicate.__all__)
def test_public_name_is_there(name: str) -> None:
    """Every name that is promised can be had, and is documented."""
    value = getattr(syndicate, name)
    assert isinstance(value, str) or value.__doc__


def test_unknown_name_is_an_attribute_error() -> None:
    """Laziness does not change what a missing name means."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = syndicate.nonsense


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh Python has loaded after `code`."""
    script = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing_else() -> None:
    """`import syndicate` costs next to nothing."""
    heavy = {"lxml", "feedgen", "bs4", "frontmatter", "yaml", "msgspec", "click", "rich"}
    assert not loaded_by("import syndicate") & heavy


def test_help_imports_no_stage() -> None:
    """`syndicate --help` needs the command line alone."""
    modules = loaded_by("import syndicate.cli.main")
    assert not {"lxml", "feedgen", "bs4", "yaml", "rich", "syndicate.pipeline.build"} & modules


def test_listing_feeds_imports_nothing_that_renders() -> None:
    """`syndicate feeds` reads headers and plans: no parser of bodies, no feedgen."""
    modules = loaded_by("import syndicate.pipeline.read_blog, syndicate.cli.show")
    unwanted = {"feedgen", "bs4", "nh3", "selectolax", "pyromark", "syndicate.pipeline.build"}
    assert not unwanted & modules


def test_a_build_imports_no_other_command() -> None:
    """The command line loads the command that is called, and no library of another."""
    modules = loaded_by("from click.testing import CliRunner; from syndicate.cli.main import main\n"
                        "CliRunner().invoke(main, ['build', '/dev/null'])")  # fmt: skip
    commands = {name for name in modules if name.startswith("syndicate.cli.")}
    assert commands <= {
        f"syndicate.cli.{name}" for name in ("main", "options", "build", "reports", "show")
    }
    unwanted = {"filelock", "rich", "syndicate.reading.diff", "syndicate.pipeline.rebuild"}
    assert not unwanted & modules


def test_no_room_hides_a_public_name() -> None:
    """A package of the program has no name of the public face: importing it would replace it."""
    names = {module.name for module in pkgutil.iter_modules(syndicate.__path__)}
    assert not names & set(syndicate.__all__)
