"""Opening of an object store with obstore, and its credentials.

Credentials come from environment variables and the files that these name. Without credentials,
obstore uses the machine's own identity (instance metadata, workload identity).
"""

import os
from collections.abc import Callable, Mapping
from configparser import ConfigParser
from configparser import Error as IniError
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndicate.config.targets import AzureTarget, GcsTarget, S3Target
from syndicate.errors import ConfigError
from syndicate.files.read import read_own

if TYPE_CHECKING:
    from obstore.store import AzureStore, GCSStore, S3Store

    Store = S3Store | GCSStore | AzureStore

__all__ = ["StoreTarget", "keys_of", "open_store"]

StoreTarget = S3Target | GcsTarget | AzureTarget
RETRIES = 3

_S3_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_GCS_KEYS = (
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
)
_AZURE_KEYS = (
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_TOKEN",
    "AZURE_STORAGE_CLIENT_SECRET",
)


def keys_of(config: StoreTarget, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the store's credentials by obstore's names; none to use the machine's identity.

    For S3, environment variables precede the profile AWS_PROFILE in ~/.aws/credentials (or
    AWS_SHARED_CREDENTIALS_FILE). Raises ConfigError if that file cannot be read.
    """
    if isinstance(config, S3Target):
        return _present(_S3_KEYS, environ) or _profile(config.name, environ)
    return _present(_GCS_KEYS if isinstance(config, GcsTarget) else _AZURE_KEYS, environ)


def open_store(config: StoreTarget, keys: dict[str, str]) -> "Store":
    """Return the store without connecting to it. Raises obstore's BaseError and ValueError."""
    limits: dict[str, Any] = {
        "client_options": {
            "allow_http": config.allow_http,
            "connect_timeout": timedelta(seconds=min(10, config.timeout)),
            "timeout": timedelta(seconds=config.timeout),
        },
        "retry_config": {
            "max_retries": RETRIES,
            "retry_timeout": timedelta(seconds=config.timeout),
            "backoff": {"max_backoff": timedelta(seconds=5)},
        },
        "prefix": config.prefix.strip("/") or None,
    }
    return _STORES[type(config)](config, keys, limits)


def _present(names: tuple[str, ...], environ: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): environ[name] for name in names if environ.get(name)}


def _profile(target: str, environ: Mapping[str, str]) -> dict[str, str]:
    home = environ.get("HOME") or environ.get("USERPROFILE") or ""
    named = environ.get("AWS_SHARED_CREDENTIALS_FILE", "")
    file = Path(named or os.path.join(home, ".aws", "credentials"))  # noqa: PTH118  home may be ""
    profile = environ.get("AWS_PROFILE", "")
    ini = ConfigParser(interpolation=None, default_section="")
    try:
        ini.read_string(read_own(file, 1_000_000).decode("utf-8"))
    except (OSError, UnicodeDecodeError, IniError) as error:
        if not (named or profile) and isinstance(error, FileNotFoundError):
            return {}
        what = f"the credentials of {file} cannot be read ({type(error).__name__})"
        cure = "check AWS_PROFILE and AWS_SHARED_CREDENTIALS_FILE"
        raise ConfigError(f"publish.{target}", what, cure) from None
    section = profile or "default"
    if not ini.has_section(section):
        if not profile:
            return {}
        cure = "add the profile, or set AWS_PROFILE to another one"
        raise ConfigError(f"publish.{target}", f"{file} has no profile [{section}]", cure)
    return _present(_S3_KEYS, {key.upper(): value for key, value in ini[section].items()})


def _s3(config: S3Target, keys: dict[str, str], limits: dict[str, Any]) -> "Store":
    from obstore.store import S3Store

    options: Any = {
        **keys,
        "virtual_hosted_style_request": not config.path_style,
        "disable_bulk_delete": True,  # not all stores support it
    }
    if config.endpoint:
        options["endpoint"] = config.endpoint
    if config.region:
        options["region"] = config.region
    return S3Store(config.bucket, config=options, **limits)


def _gcs(config: GcsTarget, keys: dict[str, str], limits: dict[str, Any]) -> "Store":
    from obstore.store import GCSStore

    options: Any = {**keys}
    if config.endpoint:
        options["base_url"] = config.endpoint
    return GCSStore(config.bucket, config=options, **limits)


def _azure(config: AzureTarget, keys: dict[str, str], limits: dict[str, Any]) -> "Store":
    from obstore.store import AzureStore

    options: Any = {**keys, "account_name": config.account}
    if config.endpoint:
        options["endpoint"] = config.endpoint
    return AzureStore(config.container, config=options, **limits)


_STORES: dict[type, Callable[[Any, dict[str, str], dict[str, Any]], "Store"]] = {
    S3Target: _s3,
    GcsTarget: _gcs,
    AzureTarget: _azure,
}
