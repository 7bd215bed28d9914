"""``python -m benchmarks.bit_flips``: what a flipped bit in the ledger does to what readers see.

Each flip is one bit of ``ledger.db``, anywhere in the file. A build with that ledger must be
refused with a StateError that names a cure, or write the same feeds and the same records as with
the sound ledger; the blog has one post that the ledger does not know yet, so each build writes to
it. What a build left behind must be sound, or be refused by the next one. Prints a line for each
kind of outcome; exits with 1 where an id, a date or an address changed.
"""

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import blogs
from syndicate import build
from syndicate.errors import StateError
from syndicate.ledger.faults import verify
from syndicate.ledger.records import FILE_NAME, Record, load

POSTS = 60
NOW = datetime(2026, 11, 1, tzinfo=UTC)
Left = tuple[tuple[Record, ...], Mapping[str, bytes]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        outcomes = tried(Path(folder), arguments.flips, random.Random(arguments.seed))
    for outcome, count in outcomes.most_common():
        print(f"{count:6,}  {outcome}")
    sys.exit(any("CHANGED" in outcome for outcome in outcomes))


def tried(folder: Path, flips: int, draw: random.Random) -> Counter[str]:
    """Return how often each outcome was seen."""
    blog, state = folder / "blog", folder / "state"
    blogs.write(blog, POSTS)
    built(blog, state, folder / "output")
    sound = (state / FILE_NAME).read_bytes()
    newest = next(blog.rglob("*.md"))
    newest.with_name(f"new-{newest.name}").write_bytes(newest.read_bytes() + b"\n\nAnother.\n")
    wanted = outcome_of(blog, folder / "sound", sound)
    if isinstance(wanted, str):
        sys.exit(f"the sound ledger is refused: {wanted}")
    found: Counter[str] = Counter()
    for _ in range(flips):
        data = bytearray(sound)
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        left = outcome_of(blog, folder / "flipped", bytes(data))
        found[left if isinstance(left, str) else judged(left, wanted)] += 1
    return found


def outcome_of(blog: Path, folder: Path, ledger: bytes) -> Left | str:
    """Return what a build with this ledger left, or how it was refused."""
    shutil.rmtree(folder, ignore_errors=True)
    state = folder / "state"
    state.mkdir(parents=True)
    (state / FILE_NAME).write_bytes(ledger)
    faults = told(state)
    try:
        load(state)
        built(blog, state, folder / "output")
    except StateError as error:
        if not error.cure:
            return "refused WITHOUT A CURE: CHANGED"
        return f"refused by the build, {faults} by verify"
    try:
        return load(state), contents(folder / "output")
    except StateError:
        return "refused by the next build"


def told(state: Path) -> str:
    try:
        return "named" if verify(state) else "not seen"
    except StateError:
        return "refused"


def judged(left: Left, wanted: Left) -> str:
    return "the same records and feeds" if left == wanted else "CHANGED"


def built(blog: Path, state: Path, output: Path) -> None:
    paths = {"state.path": str(state), "output.path": str(output)}
    build(blog, settings={**paths, "site.url": "https://example.org", "feeds.limit": 3}, now=NOW)


def contents(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    main()
