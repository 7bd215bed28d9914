"""Shared by the tests of targets: an output folder, and a configuration with targets."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec

from syndicate.config.schema import Config
from syndicate.config.targets import TargetConfig
from syndicate.publish.deliver import Delivery, Options, deliver

FEED = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{}</title></feed>'


class Blog:
    """Output folder with files recorded as a build's, and its targets."""

    def __init__(self, folder: Path, *targets: dict[str, Any]) -> None:
        self.folder = folder
        self.output = folder / "output"
        self.output.mkdir(parents=True, exist_ok=True)
        self.files: dict[str, str] = {}
        self.environ: dict[str, str] = {}
        self.target(*targets)

    def target(self, *targets: dict[str, Any]) -> None:
        """Configure `targets`."""
        decoded = msgspec.convert(targets, tuple[TargetConfig, ...])
        self.config = Config(folder=self.folder, publish=decoded)

    def write(self, path: str, text: str | bytes = "x") -> str:
        """Write a file as a build would, and return its digest."""
        place = self.output / path
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(place.name + ".part")
        data = text.encode() if isinstance(text, str) else text
        beside.write_bytes(data)
        beside.replace(place)
        feed = "atom" if path.endswith(".xml") and b"<feed" in data else ""
        self.files[path] = "opml" if path.endswith(".opml") else feed
        return hashlib.sha256(data).hexdigest()

    def remove(self, path: str) -> None:
        """Remove a file as a build would."""
        (self.output / path).unlink()
        del self.files[path]

    def publish(self, **options: Any) -> Delivery:
        """Publish, and return the Delivery of the only target."""
        (delivery,) = self.publish_all(**options)
        return delivery

    def publish_all(self, *, names: Collection[str] = (), **options: Any) -> tuple[Delivery, ...]:
        """Publish, and return the Deliveries of all targets."""
        environ, chosen = self.environ, Options(**options)
        return deliver(self.config, self.files, environ=environ, names=names, options=chosen)


def tree(folder: Path) -> dict[str, str]:
    """Return the files below `folder` with their text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
