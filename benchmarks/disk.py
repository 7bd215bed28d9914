"""The model of a disk that `power_cuts` cuts the power of, and the trace that it is made from."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

CALLS = "openat,write,pwrite64,ftruncate,rename,unlink,mkdir,rmdir,fsync,fdatasync,syncfs"
"""All by which Python and SQLite change files here; what else they used would show as a difference
between the disk and the model of the finished build.
"""
FOLDER = -1
"""Stands for a folder where others have the number of a file."""
_PLACED = ("pwrite64", "ftruncate")
Tree = Mapping[str, bytes]


@dataclass(frozen=True)
class Call:
    """A system call that succeeded, in the order of returns; `began` counts those before it."""

    name: str
    paths: tuple[str, ...]
    inside: str
    data: bytes
    result: int
    began: int


@dataclass
class Op:
    """A change to the disk: names in folders, or the bytes of a file.

    `names` gives each name a file or takes it away. `data` is written at `offset`, or the file is
    cut off there. The change is on the disk for sure after `durable` calls.
    """

    at: int
    names: Mapping[str, int | None] = field(default_factory=dict)
    file: int = FOLDER
    offset: int = 0
    data: bytes | None = None
    durable: float = float("inf")


Keep = Callable[[Op], bytes | bool]
"""Says of a change that was not synced whether it was kept; of bytes, which first of them."""


def traced(command: Sequence[str], log: Path) -> list[Call]:
    """Run `command` to its end; return its calls that touch files. Raises CalledProcessError."""
    strace = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={CALLS}"]
    subprocess.run([*strace, "-o", log, *command], check=True)
    calls: list[Call] = []
    pending: dict[str, tuple[int, str]] = {}
    for line in log.read_text(encoding="ascii").splitlines():
        process, call = line.split(maxsplit=1)
        began = len(calls)
        if call.endswith("<unfinished ...>"):
            pending[process] = began, call.removesuffix("<unfinished ...>")
            continue
        if call.startswith("<... "):
            began, start = pending.pop(process)
            call = start + call.partition(" resumed>")[2]
        if match := re.match(r"(\w+)\((.*)\)\s+= (\d+)", call):
            calls.append(_parsed(match, began))
    return calls


def _parsed(match: re.Match[str], began: int) -> Call:
    name, inside, result = match.groups()
    texts = [_plain(text) for text in re.findall(r'"((?:\\x..)*)"', inside)]
    opened = [_plain(text) for text in re.findall(r"^\d+<((?:\\x..)+)>", inside)]
    data = texts[0] if texts and "write" in name else b""
    paths = tuple(map(os.fsdecode, opened or texts))
    return Call(name, paths, inside, data, int(result), began)


def _plain(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Disk:
    """The disk below the folder `home`: the files that were there, and the `calls` on them."""

    def __init__(self, home: Path, before: Tree, calls: Sequence[Call]) -> None:
        self._home = str(home)
        self._before: dict[str, int] = {self._home: FOLDER}
        for path in before:
            folders = (str(folder) for folder in Path(path).parents)
            self._before |= dict.fromkeys(folders, FOLDER) | {path: len(self._before)}
        self._files = {self._before[path]: data for path, data in before.items()}
        self._names = dict(self._before)
        self._ends = {file: len(data) for file, data in self._files.items()}
        self._cursors = dict[int, int]()
        self._next = len(self._before)
        self.ops: list[Op] = []
        for at, call in enumerate(calls):
            if call.paths and f"{call.paths[0]}/".startswith(f"{home}/"):
                self._add(at, call)

    def left(self, moment: int, keep: Keep) -> Tree:
        """Return the files that are left if the power is cut after `moment` calls."""
        names = dict(self._before)
        files = {file: bytearray(data) for file, data in self._files.items()}
        for op in self.ops:
            if op.at >= moment:
                break
            kept = op.durable <= moment or keep(op)
            if kept is False:
                continue
            for path, file in op.names.items():
                names.pop(path, None)
                if file is not None:
                    names[path] = file
            if not op.names:
                data = kept if isinstance(kept, bytes) else op.data
                _put(files.setdefault(op.file, bytearray()), op.offset, data)
        return {
            path: bytes(files.get(file, b""))
            for path, file in names.items()
            if file != FOLDER and self._is_reached(path, names)
        }

    def _is_reached(self, path: str, names: Mapping[str, int]) -> bool:
        folder = _folder(path)
        while folder != self._home:
            if names.get(folder) != FOLDER:
                return False
            folder = _folder(folder)
        return True

    def _add(self, at: int, call: Call) -> None:
        path, file = call.paths[0], self._names.get(call.paths[0])
        offset = int(call.inside.rpartition(" ")[2]) if call.name in _PLACED else 0
        match call.name:
            case "openat":
                self._open(at, path, call.inside)
            case "mkdir":
                self._name(at, {path: FOLDER})
            case "unlink" | "rmdir":
                self._name(at, {path: None})
            case "rename":
                self._name(at, {path: None, call.paths[1]: file})
            case "ftruncate" if file is not None:
                self._change(Op(at, file=file, offset=offset))
            case "pwrite64" if file is not None:
                self._change(Op(at, file=file, offset=offset, data=call.data[: call.result]))
            case "write" if file is not None:
                start = self._cursors.get(file, self._ends[file])
                self._change(Op(at, file=file, offset=start, data=call.data[: call.result]))
                if file in self._cursors:
                    self._cursors[file] += call.result
            case "syncfs" | "fsync" | "fdatasync":
                self._sync(at, call, file)

    def _open(self, at: int, path: str, inside: str) -> None:
        file = self._names.get(path)
        if file is None and "O_CREAT" in inside:
            self._next += 1
            file = self._next
            self._ends[file] = 0
            self._name(at, {path: file})
        if file is None or file == FOLDER:
            return
        if "O_TRUNC" in inside:
            self._change(Op(at, file=file))
        if "O_APPEND" in inside:
            self._cursors.pop(file, None)
        else:
            self._cursors[file] = 0

    def _change(self, op: Op) -> None:
        self.ops.append(op)
        end = self._ends[op.file]
        self._ends[op.file] = op.offset if op.data is None else max(end, op.offset + len(op.data))

    def _name(self, at: int, names: Mapping[str, int | None]) -> None:
        self.ops.append(Op(at, names=names))
        for path, file in names.items():
            self._names.pop(path, None)
            if file is not None:
                self._names[path] = file

    def _sync(self, at: int, call: Call, file: int | None) -> None:
        folder = call.paths[0] if file == FOLDER else None
        for op in self.ops:
            in_folder = folder and folder in map(_folder, op.names)
            covered = call.name == "syncfs" or in_folder or (not op.names and op.file == file)
            if covered and op.at < call.began:
                op.durable = min(op.durable, at + 1)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _put(file: bytearray, offset: int, data: bytes | None) -> None:
    file.extend(bytes(max(0, offset - len(file))))
    if data is None:
        del file[offset:]
    else:
        file[offset : offset + len(data)] = data


def keeps(draw: Random) -> Iterator[tuple[str, Keep]]:
    """Yield what a disk may keep of what was not synced."""
    yield "nothing", lambda _: False
    yield "everything", lambda _: True
    yield "names only", lambda op: bool(op.names)
    yield "bytes only", lambda op: not op.names
    for _ in range(3):
        yield "a random half", lambda op: _torn(op, draw)


def _torn(op: Op, draw: Random) -> bytes | bool:
    if op.data and draw.random() < 0.3:
        return op.data[: draw.randrange(len(op.data))]
    return draw.random() < 0.5
