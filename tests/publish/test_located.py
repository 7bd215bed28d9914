"""Paths in the configuration of targets."""

import os
from pathlib import Path

import pytest

from syndicate.config.targets import (
    CommandTarget,
    FolderTarget,
    GitTarget,
    SftpTarget,
    WebhookTarget,
)
from syndicate.errors import ConfigError
from syndicate.publish import command, folder, git, webhook
from syndicate.publish.ssh import Login
from syndicate.publish.target import resolved_path
from tests.publish.sending import surroundings

NOBODY = "~no-such-user/x"


def test_a_path_starts_where_the_configuration_lies(tmp_path: Path) -> None:
    """Relative paths start at the folder of config.toml."""
    assert resolved_path("a/b", tmp_path, "here") == tmp_path / "a/b"
    assert resolved_path("/a", tmp_path, "here") == Path("/a")


def test_unknown_home_folder_is_an_error(tmp_path: Path) -> None:
    """A path with an unknown "~user" is an error of its own target only."""
    context = surroundings(tmp_path, {"PATH": os.defpath, "SSH_AUTH_SOCK": "x"})
    hook = WebhookTarget(name="a", url="https://example.org/a", secret_file=NOBODY)
    attempts = (
        lambda: folder.open_target(FolderTarget(name="a", path=NOBODY), context),
        lambda: command.open_target(CommandTarget(name="a", command=(NOBODY,)), context),
        lambda: git._remote(GitTarget(name="a", remote=NOBODY), tmp_path),
        lambda: webhook.open_target(hook, context),
        lambda: Login(SftpTarget(name="a", host="h", path="x", key_file=NOBODY), context),
    )
    for attempt in attempts:
        with pytest.raises(ConfigError, match="no such home folder"):
            attempt()
