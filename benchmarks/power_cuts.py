"""Builds whose power is cut at any moment, and what the next build makes of what the disk kept.

``python -m benchmarks.power_cuts`` traces the system calls of a build with strace and replays them
on a model of a disk. The model is cut after each call, and keeps what was synced until then. Of all
else it keeps nothing, everything, only names, only bytes, or a random half with torn writes: worse
than any real file system, which keeps most of this in order. Each different outcome is written to
the real disk and looked at:

- at each feed's path is the old file or the new one, whole;
- the ledger knows every entry that a feed shows;
- if the cache trusts the output, the output is as the build left it;
- the next build, also where the author has gone on or gone back meanwhile, makes what a build from
  nothing makes of the same ledger, and nothing is left over, kept as somebody else's, or damaged.

Not covered: a disk that says "synced" and is not, blocks that go bad, and times of files.
`benchmarks.kills --power` cuts a real file system off, with its times.
"""

import argparse
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.disk import Disk, Tree, keeps, traced
from syndicate import Report
from syndicate.config.load import load
from syndicate.ledger import records as ledger
from syndicate.ledger.faults import verify
from syndicate.pipeline import build as pipeline
from syndicate.state import cache
from syndicate.state import last_build as last

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SETTLED = 2.1
"""Seconds after which a build trusts the times of files."""
SETTINGS = "title: {0}\nurl: https://tea.example\nauthor: Ana\n"
POST = "---\ntitle: {0}\ndate: 2025-03-0{1}\ncategories: [{2}]\n---\n\nPost {0}, {3}.\n"


class Site:
    """A blog with its state and output in the folder `home`."""

    def __init__(self, home: Path) -> None:
        self.home, self.blog = home, home / "blog"
        self.output, self.state = home / "output", home / "state"

    def begin(self) -> None:
        """Write the blog."""
        self._write("_config.yml", SETTINGS.format("Tea"))
        for number, category in enumerate(("green", "green", "black", "white"), 1):
            self._write(f"_posts/2025-03-0{number}-{category}-{number}.md", "first", category)

    def build(self, output: Path | None = None, state: Path | None = None) -> Report:
        paths = {"output.path": str(output or self.output), "state.path": str(state or self.state)}
        settings = {**paths, "feeds.by": ["category"]}
        return pipeline.build(load(self.blog, settings=settings.items()), now=NOW)

    def from_nothing(self) -> Tree:
        """Return what a build makes that knows the ledger and nothing else, as if it lay here."""
        with TemporaryDirectory() as folder:
            output, state = Path(folder) / "output", Path(folder) / "state"
            state.mkdir()
            shutil.copy(self.state / ledger.FILE_NAME, state)
            self.build(output, state)
            return {
                str(self.output / Path(path).relative_to(output)): data
                for path, data in contents(output).items()
            }

    def edit(self) -> None:
        """Edit a post, add one in a new category, take the last of another category away."""
        self._write("_posts/2025-03-01-green-1.md", "second", "green")
        self._write("_posts/2025-03-05-oolong-5.md", "first", "oolong")
        (self.blog / "_posts/2025-03-04-white-4.md").unlink()

    def retitle(self) -> None:
        """Change what stands in every feed."""
        self._write("_config.yml", SETTINGS.format("Tea and cake"))

    def files(self) -> Tree:
        """Return the files of output and state."""
        return contents(self.output) | contents(self.state)

    @staticmethod
    def put(folders: Sequence[Path], tree: Tree) -> None:
        """Let there be the files of `tree` in `folders`, and no other."""
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        for path, data in tree.items():
            file = Path(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

    def _write(self, path: str, text: str, category: str = "") -> None:
        file = self.blog / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if category:
            text = POST.format(file.stem, file.stem[-1], category, text)
        file.write_text(text, encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Case:
    """One build of `site`, traced; then its outcomes.

    `meanwhile` are the blogs that the next build may find, the first as the traced build found it.
    """

    def __init__(self, site: Site, meanwhile: Sequence[Tree]) -> None:
        self._site, self._meanwhile = site, meanwhile
        self._before = site.files()
        site.put([site.blog], meanwhile[0])
        time.sleep(SETTLED)
        command = [sys.executable, "-m", "benchmarks.power_cuts", "--build", str(site.home)]
        with TemporaryDirectory() as folder:
            calls = traced(command, Path(folder) / "log")
        self.length = len(calls)
        self._disk = Disk(site.home, self._before, calls)
        assert self._disk.left(self.length, lambda _: True) == site.files()
        self._after = contents(site.output)
        self._note = self._trusted()
        assert self._note

    def outcomes(self, draw: Random) -> Iterator[tuple[str, Tree]]:
        """Yield each different outcome of a power cut, with when and how it comes about."""
        seen = set[bytes]()
        for moment in [op.at for op in self._disk.ops] + [self.length]:
            for name, keep in keeps(draw):
                tree = self._disk.left(moment, keep)
                digest = hashlib.sha256(repr(sorted(tree.items())).encode()).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield f"after {moment} of {self.length} calls, {name} kept", tree

    def faults(self, tree: Tree, number: int) -> Iterator[str]:
        """Yield what is wrong if the disk holds `tree`; `number` chooses what the author does."""
        site = self._site
        site.put([site.output, site.state], tree)
        shown = contents(site.output)
        for path, data in shown.items():
            is_part = path.endswith(".part")
            if not is_part and data not in (self._before.get(path), self._after.get(path)):
                yield f"{path}: {len(data)} bytes that are neither the old nor the new file"
        yield from (f"{p}: lost" for p in self._before if p in self._after and p not in shown)
        known = {record.id for record in ledger.load(site.state)}
        yield from (f"{p}: shows what the ledger does not know" for p in _unknown(shown, known))
        if self._trusted() == self._note and shown != self._after:
            yield "the cache trusts an output that is not there"
        site.put([site.blog], self._meanwhile[number % len(self._meanwhile)])
        yield from self._next_build()

    def _next_build(self) -> Iterator[str]:
        site = self._site
        try:
            report = site.build()
        except Exception as error:  # noqa: BLE001  whatever it is, it is a fault
            yield f"the next build fails: {error!r}"
            return
        found, expected = contents(site.output), site.from_nothing()
        for path in sorted({*found, *expected}):
            if found.get(path) != expected.get(path):
                yield f"{path}: is not as a build from nothing makes it"
        yield from (f"{path}: left over" for path in site.files() if path.endswith(".part"))
        yield from (f"{each.path}: {each.message}" for each in report.problems)
        yield from verify(site.state)

    def _trusted(self) -> last.LastBuild | None:
        """Return what the cache knows of the last build; a copy is asked, as asking may mend it."""
        with TemporaryDirectory() as folder, suppress(cache.DamagedCache):
            for file in self._site.state.glob("cache.db*"):
                shutil.copy(file, folder)
            with cache.cache(Path(folder)) as remembered:
                return last.recall(remembered)
        return None


def _unknown(shown: Tree, known: set[str]) -> Iterator[str]:
    for path, data in shown.items():
        if path.endswith(".json") and data:
            for item in json.loads(data)["items"]:
                if item["id"] not in known:
                    yield path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.power_cuts")
    parser.add_argument("--states", type=int, help="look at so many outcomes of each build")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--build", type=Path, metavar="HOME", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.build:
        Site(arguments.build).build()
        return
    failed = False
    print("| build | calls | outcomes | looked at | with faults |\n|---|---|---|---|---|")
    for name in ("first", "after edits", "with another title"):
        draw = Random(arguments.seed)
        with TemporaryDirectory() as folder:
            case = prepared(name, Site(Path(folder).resolve()))
            outcomes = list(case.outcomes(draw))
            chosen = draw.sample(outcomes, min(arguments.states or len(outcomes), len(outcomes)))
            found = {
                how: lines
                for number, (how, tree) in enumerate(chosen)
                if (lines := list(case.faults(tree, number)))
            }
        print(f"| {name} | {case.length} | {len(outcomes)} | {len(chosen)} | {len(found)} |")
        for how, lines in found.items():
            print(f"  {how}:", *lines, sep="\n    ")
        failed = failed or bool(found)
    raise SystemExit(failed)


def prepared(name: str, site: Site) -> Case:
    """Bring `site` to where the build called `name` is due, and trace that build."""
    site.begin()
    begun = contents(site.blog)
    site.edit()
    edited = contents(site.blog)
    site.retitle()
    retitled = contents(site.blog)
    if name == "first":
        return Case(site, [begun, edited])
    site.put([site.blog], begun)
    site.build()
    return Case(site, [edited, begun, retitled] if name == "after edits" else [retitled, begun])


if __name__ == "__main__":
    main()
