"""Error for an address that a server cannot listen on."""

import errno

from syndicate.errors import ConfigError

__all__ = ["unusable_address"]


def unusable_address(section: str, host: str, port: int, error: OSError) -> ConfigError:
    """Return the ConfigError for `host` and `port`, which `[section]` configures."""
    place, key = f"[{section}] {host}:{port}", f"[{section}] port"
    option = f"--port or {key}" if section == "serve" else key
    if error.errno == errno.EADDRINUSE:
        return ConfigError(place, f"port {port} is in use", f"choose another with {option}")
    cure = f"choose another [{section}] host, or another port with {option}"
    return ConfigError(place, f"cannot listen on this address ({error.strerror})", cure)
