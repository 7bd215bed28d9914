"""The error of state files that cannot be written."""

from pathlib import Path

from syndicate.errors import StateError

__all__ = ["unwritable"]


def unwritable(error: OSError, path: Path) -> StateError:
    """Return the StateError for an `error` in writing `path`, or the file that `error` names."""
    return StateError(
        str(error.filename or path),
        f"cannot be written ({error.strerror})",
        "set [state] path to a folder that you may write to",
    )
