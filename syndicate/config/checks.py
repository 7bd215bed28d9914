"""Reject user names and passwords in the addresses of config.toml."""

from collections.abc import Iterator, Mapping
from typing import Any

from syndicate.errors import ConfigError
from syndicate.text.urls import has_login

__all__ = ["quoted", "refuse_logins"]


def refuse_logins(tables: Mapping[str, Any], where: str) -> None:
    """Raise ConfigError, without the value, for a text that contains an address with a login.

    Addresses of config.toml appear in feeds, pages and logs, and on the terminal.
    """
    for key, text in _texts(tables, ""):
        # Only the user's own program knows which of its arguments are addresses.
        if has_login(text) and ".command[" not in key:
            raise ConfigError(
                f"{where}: {key}",
                "contains an address with a user name or a password (not shown)",
                "remove it, and change the password if others may have seen it; docs/publishing.md "
                "shows where credentials go",
            )


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Yield every text in `value` with its key in TOML's notation."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{key}[{number}]")


def quoted(address: str) -> str:
    """Return `address` for a message, or a placeholder if it may contain a login or a key."""
    return repr(address) if {"@", "?"}.isdisjoint(address) else "the value (not shown)"
