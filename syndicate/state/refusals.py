"""How the state folder's files say that they cannot be written."""

from pathlib import Path

from syndicate.errors import StateError

__all__ = ["unwritable"]


def unwritable(error: OSError, path: Path) -> StateError:
    """What to raise where `error` met a write to `path`, or to a file that it names itself."""
    return StateError(
        str(error.filename or path),
        f"cannot be written ({error.strerror})",
        "set [state] path to a folder that you may write to",
    )
