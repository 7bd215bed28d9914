"""What the last build wrote, so that the next can remove what is no longer wanted.

One JSON file in the state folder, an object from each output folder (relative to the state
folder) to what was written there.
"""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.errors import StateError

__all__ = ["Written", "recall", "remember"]

FILE_NAME = "manifest.json"


class Written(Struct, frozen=True):
    """The paths of the files that builds wrote under one output folder, and the posts read.

    `meant` stands for the settings that said which feeds there are.
    """

    files: tuple[str, ...] = ()
    posts: int = 0
    meant: str = ""


def recall(state: Path, output: Path) -> Written:
    """What earlier builds wrote to `output`; nothing where there were none. Raises StateError."""
    return _load(state).get(_key(state, output), Written())


def remember(state: Path, output: Path, written: Written) -> None:
    """Keep `written` for the next build, whole or not at all. Raises StateError."""
    before = _load(state)
    everything = {**before, _key(state, output): written}
    if everything == before:
        return
    file = state / FILE_NAME
    temporary = state / f".{FILE_NAME}.part"
    try:
        state.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(msgspec.json.encode(everything, order="sorted"))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        raise StateError(
            str(error.filename or state),
            f"cannot be written ({error.strerror})",
            "set [state] path to a folder that you may write to",
        ) from error


def _load(state: Path) -> dict[str, Written]:
    file = state / FILE_NAME
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Written])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise StateError(
            str(file),
            f"cannot be read ({error})",
            "remove it: feeds are then never removed for you",
        ) from error


def _key(state: Path, output: Path) -> str:
    try:
        return Path(os.path.relpath(output, state)).as_posix()
    except ValueError:  # on another drive
        return output.as_posix()
