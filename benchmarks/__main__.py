"""``python -m benchmarks``: time and memory of a build, beside what people use today.

Without --posts or --blog: a generated blog of 10,000 posts, and the founding blog where it is at
hand, then the table of bars (`benchmarks.bars`). Each round runs every generator once in each case,
in turn, so that a drift of the machine's speed meets all alike.
"""

import argparse
import os
import shutil
import sys
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import bars
from benchmarks.measure import CommandFailed, Figures, run
from benchmarks.peers import PEERS, Job, Missing, Peer
from benchmarks.posts import read
from benchmarks.tables import Samples, insert, table

HERE = Path(__file__).parent
FOUNDING = HERE.parent / "../shared/corpora/techblog-founding.tar.xz"
CASES = (bars.COLD, bars.SAME, bars.CHANGED)
BASE = "Hugo"
PAIR = ("syndicate", BASE)
"""These run in every round, however long they take."""


def main() -> None:
    arguments = parsed()
    texts, rows = [], list[bars.Row]()
    for count in arguments.posts:
        with bars.generated(count) as blog:
            text, samples = report(f"{count:,} generated posts", blog, 1, arguments)
        texts.append(text)
        rows += bars.beside_hugo(samples, founding=False) if arguments.bars else ()
    for archive in arguments.blog:
        with unpacked(archive) as blog:
            text, samples = report(f"{archive.stem.partition('.')[0]}", blog, 2, arguments)
        texts.append(text)
        rows += bars.beside_hugo(samples, founding=True) if arguments.bars else ()
    if arguments.bars:
        rows += bars.of_our_own(arguments.rounds)
        texts.append(bars.table(rows))
        print(texts[-1])
    if arguments.write:
        insert("\n\n".join(texts), arguments.write)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks")
    add = parser.add_argument
    add("--posts", type=int, action="append", default=[], help="generate a blog of so many posts")
    add("--blog", type=Path, action="append", default=[], help="a Jekyll blog's folder or .tar.xz")
    add("--rounds", type=int, default=3)
    add("--only", action="append", help="measure these generators only: syndicate, hugo, …")
    add("--peers", type=Path, help="a virtual environment that has Hugo, Pelican, Markdown")
    add("--patience", type=float, default=60, help="who takes longer, in seconds, has one round")
    add("--write", type=Path, metavar="README", help="put the tables between its marks")
    parser.set_defaults(bars=False)
    arguments = parser.parse_args()
    if not arguments.posts and not arguments.blog:
        arguments.posts = [10_000]
        arguments.blog = [FOUNDING] if FOUNDING.exists() else []
        arguments.bars = not arguments.only
    return arguments


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """A copy, as posts are changed in it."""
    with TemporaryDirectory() as folder:
        if source.is_dir():
            shutil.copytree(source, Path(folder) / "blog")
        else:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        yield next(Path(folder).iterdir())


def report(
    title: str, blog: Path, min_posts: int, arguments: argparse.Namespace
) -> tuple[str, Samples]:
    """Measure on one blog; print and return the text, and the samples that it is made from."""
    tools = [arguments.peers] if arguments.peers else [HERE / ".venv", HERE.parent / ".venv"]
    with TemporaryDirectory() as folder:
        job = Job(blog, Path(folder), read(blog), min_posts, [tool.absolute() for tool in tools])
        peers, missing = ready(job, arguments.only)
        samples = measured(peers, job, arguments.rounds, arguments.patience)
        notes = [note(peer, len(samples[bars.COLD, peer.name])) for peer in peers]
    text = "\n\n".join(
        (
            f"**{title}**, medians of {arguments.rounds} rounds on {os.cpu_count()} processors; "
            f"ratios to {BASE}'s",
            table(samples, BASE),
            "\n".join([*notes, *missing]),
        )
    )
    print(text, end="\n\n", flush=True)
    return text, samples


def note(peer: Peer, rounds: int) -> str:
    measured = "one round" if rounds == 1 else f"{rounds} rounds"
    name = f"{peer.name} {peer.version}".strip()
    return f"- {name}: {peer.files():,} feed files ({peer.makes}), {measured}"


def ready(job: Job, only: Sequence[str] | None) -> tuple[Sequence[Peer], Sequence[str]]:
    """The generators that are installed, and a line on each that is not."""
    peers, missing = [], []
    for make in PEERS:
        if only and make.__name__ not in only:
            continue
        try:
            peers.append(make(job))
        except Missing as error:
            missing.append("- {}: not installed; `{}` gets it".format(*error.args))
    return peers, missing


def measured(peers: Sequence[Peer], job: Job, rounds: int, patience: float) -> Samples:
    samples: dict[tuple[str, str], list[Figures]] = {
        (case, peer.name): [] for case in CASES for peer in peers
    }
    for number in range(rounds):
        for case in CASES:
            if case == bars.CHANGED:
                change(number, peers, job)
            for peer in peers:
                if (
                    number
                    and peer.name not in PAIR
                    and samples[bars.COLD, peer.name][0].wall > patience
                ):
                    continue
                if case == bars.COLD:
                    peer.forget()
                samples[case, peer.name].append(once(peer, case, job))
    return samples


def once(peer: Peer, case: str, job: Job) -> Figures:
    try:
        figures = run(peer.command, folder=job.folder, environment=peer.environment)
    except CommandFailed as error:
        sys.exit(f"{peer.name}, {case}: {error.args[1][-2000:]}")
    print(f"{peer.name}, {case}: {figures.wall:.2f} s", file=sys.stderr, flush=True)
    return figures


def change(number: int, peers: Sequence[Peer], job: Job) -> None:
    """Add a paragraph to one of the newest posts, another one each round."""
    folders = {peer.posts for peer in peers}
    names = [post.path.name for post in job.posts]
    common = [name for name in names if all((folder / name).exists() for folder in folders)]
    for folder in folders:
        with (folder / common[number]).open("a", encoding="utf-8") as file:
            file.write(f"\n<p>Seen again in round {number}.</p>\n")


if __name__ == "__main__":
    main()
