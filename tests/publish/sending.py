"""Shared by the tests of targets: files to send, and a caller that records the holdings."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from syndicate.publish.target import File, Target, TargetContext, Transfer


def files(root: Path, contents: Mapping[str, bytes]) -> tuple[File, ...]:
    """Write `contents` below `root`, and return their Files."""
    made = []
    for path, data in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        made.append(File(path, digest, len(data), "application/atom+xml", feed=True))
    return tuple(made)


def surroundings(folder: Path, environ: Mapping[str, str]) -> TargetContext:
    return TargetContext(folder, folder / "work", environ, "https://blog.example")


class Publisher:
    """Caller of a target that records its holdings as the real one does."""

    def __init__(self, target: Target, root: Path) -> None:
        self.target = target
        self.root = root
        self.held: dict[str, tuple[str, ...]] = {}

    def __call__(
        self, contents: Mapping[str, bytes], remove: Sequence[str] = ()
    ) -> dict[str, str | None]:
        """Return the confirmed paths."""
        send = files(self.root, contents)
        done: dict[str, str | None] = {}
        for file in send:
            known = self.held.get(file.path, ("",))
            self.held[file.path] = tuple(dict.fromkeys((*known, file.digest)))
        try:
            transfer = self.transfer(send, remove)
            self.target.deliver(transfer, done.__setitem__)
        finally:
            self.held.update({path: (digest,) for path, digest in done.items() if digest})
            for path in [path for path, digest in done.items() if digest is None]:
                self.held.pop(path, None)
        return done

    def transfer(self, send: tuple[File, ...], remove: Sequence[str] = ()) -> Transfer:
        """Return the Transfer for the target."""
        return Transfer(self.root, send, tuple(remove), self.held, send)
