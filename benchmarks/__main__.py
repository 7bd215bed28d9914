"""``python -m benchmarks [BLOG]``: how long a build takes, and how much memory.

BLOG is a blog's folder or a .tar.xz of one. Each round runs every case once, so that a drift of
the machine's speed meets all of them alike; the median of the rounds is printed, and its ratio to
the time that Python itself takes to start.
"""

import argparse
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Case, compare, table

FOUNDING = Path("../shared/corpora/techblog-founding.tar.xz")
EXAMPLE = Path("examples/blog")
SETTINGS = ("--set", 'feeds.by=["category","tag"]', "--set", "feeds.min_posts=2")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks")
    default = FOUNDING if FOUNDING.exists() else EXAMPLE
    parser.add_argument("blog", nargs="?", type=Path, default=default)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        blog = unpacked(arguments.blog, Path(folder) / "blog")
        print(f"{arguments.blog}: category and tag feeds with at least 2 posts, three formats")
        print(table(compare(cases(blog, Path(folder)), arguments.rounds)))


def unpacked(blog: Path, folder: Path) -> Path:
    if blog.is_dir():
        return blog
    with tarfile.open(blog) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.iterdir())


def cases(blog: Path, folder: Path) -> list[Case]:
    def build(name: str) -> tuple[str, ...]:
        state = f'state.path="{folder / name}-state"'
        output = str(folder / name)
        return (
            "-m",
            "syndicate",
            "build",
            str(blog),
            "-q",
            "-o",
            output,
            "--set",
            state,
            *SETTINGS,
        )

    cold = (folder / "cold", folder / "cold-state")
    return [
        Case("python starts", ("-c", "pass")),
        Case("cold build", build("cold"), remove=cold),
        Case("nothing changed", build("warm"), warm_up=True),
    ]


if __name__ == "__main__":
    main()
