"""Secrets that publishing uses, which must not appear in a report."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from syndicate.config.schema import Config
from syndicate.config.targets import (
    AzureTarget,
    CommandTarget,
    GcsTarget,
    S3Target,
    TargetConfig,
    WebhookTarget,
)
from syndicate.errors import ConfigError
from syndicate.files.read import read_own
from syndicate.publish.target import resolved_path
from syndicate.text.peers import Secrets, heard, in_address, in_arguments, in_environment

__all__ = ["reportable", "secrets_of"]

_SECRET_BYTES = 64 * 1024
_LONGEST = 1_000
"""Most characters of a message that quotes a peer."""


def secrets_of(config: Config, environ: Mapping[str, str]) -> Secrets:
    """Return the secrets that `config` names, and those that `environ` holds.

    These are the addresses and keys of webhooks, credentials of stores and arguments of commands.
    """
    secrets = in_environment(environ)
    for target in config.publish:
        with suppress(ConfigError, OSError):  # the target itself reports the error
            secrets |= frozenset(_of(target, config, environ))
    return secrets


def reportable(text: str, secrets: Secrets) -> str:
    """Return a message that may quote a peer, without `secrets` and control characters."""
    return heard(text, secrets, _LONGEST)


def _of(target: TargetConfig, config: Config, environ: Mapping[str, str]) -> Iterator[str]:
    if isinstance(target, S3Target | GcsTarget | AzureTarget):
        from syndicate.publish.stores import keys_of

        yield from (value for value in keys_of(target, environ).values() if value)
    elif isinstance(target, CommandTarget):
        yield from in_arguments(target.command)
    elif isinstance(target, WebhookTarget):
        yield from in_address(target.url)
        if secret := environ.get(target.secret_env, "").strip():
            yield secret
        if target.secret_file:
            folder = config.folder.absolute()
            path = resolved_path(target.secret_file, folder, target.name)
            data = read_own(path, _SECRET_BYTES)
            yield data.strip().decode("utf-8", "replace")
