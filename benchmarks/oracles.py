"""``python -m benchmarks.oracles [BLOG...]``: how far we agree with the generators themselves.

Each blog of ../shared/corpora is unpacked, built whole, and compared with what its generator said
of it (../shared/oracles, by ../shared/tools/compare.py), and with the feeds that its generator
built where they lie beside it. ``--show N`` prints the first N differences of each kind.
"""

import argparse
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

SHARED = Path("../shared")
ROOTS = {"jekyll-docs": "docs", "ox-hugo": "test/site", "pelican-samples": "samples"}
"""Where the blog is in the archives that hold more than the blog."""
FIELDS = {"url": "address", "title": "title", "instant": "instant", "tags": "tags"}
"""Names of the fields in compare.py, and our names for them."""
SAID_NOWHERE = {"pelican-samples": ('site.language="en"',)}
"""Settings that the generator takes for granted: Pelican's language is English."""
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Built:
    """A feed that a generator built, what it was built from, and our feed in its place."""

    blog: str
    theirs: str
    ours: str
    layout: str
    by: tuple[str, ...] = ()


BUILT = (
    Built("blinkfox", "blinkfox-built/atom.xml", "atom.xml", "hexo"),
    Built("sakurawald", "sakurawald-built/atom.xml", "atom.xml", "hexo"),
    Built("sakurawald", "sakurawald-built/rss2.xml", "rss2.xml", "hexo"),
    *(
        Built(
            "pelican-samples",
            f"pelican-samples/pelican/tests/output/custom/{path}",
            path,
            "pelican",
            ("category", "author", "language"),
        )
        for path in (
            "feeds/all.atom.xml",
            "feeds/all.rss.xml",
            "feeds/all-fr.atom.xml",
            "feeds/all-en.atom.xml",
            "feeds/misc.atom.xml",
            "feeds/cat1.atom.xml",
            "feeds/alexis-metaireau.atom.xml",
        )
    ),
    Built("jakevdp", "jakevdp-built/feeds/all.atom.xml", "feeds/all.atom.xml", "pelican"),
)


@dataclass(frozen=True)
class Agreement:
    """Counts of compare.py: posts, posts that were found, and identical posts by field."""

    blog: str
    engine: str
    posts: int
    found: int
    missing: int
    extra: int
    same: dict[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.oracles")
    parser.add_argument("blogs", nargs="*", help="only these")
    parser.add_argument("--show", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    if not (SHARED / "oracles").is_dir() or not (SHARED / "corpora").is_dir():
        print(f"{SHARED}/oracles and {SHARED}/corpora are not here: nothing to compare with")
        return
    with TemporaryDirectory() as folder:
        run(Path(folder), arguments.blogs, arguments.show)


def run(folder: Path, only: Sequence[str], show: int) -> None:
    oracles = sorted((SHARED / "oracles").glob("*.json"))
    rows = []
    for oracle in oracles:
        blog = oracle.name.partition(".")[0]
        if oracle.name == f"{blog}.json" and (not only or blog in only):
            unpack(blog, folder)
            build(blog, folder)
            rows.append(compare(oracle, folder / "out" / blog / "feed.json", show))
    print(table(rows))
    for built in BUILT:
        if not only or built.blog in only:
            print(compare_built(built, folder, show))


def unpack(blog: str, folder: Path) -> None:
    if not (folder / blog).exists():
        with tarfile.open(SHARED / "corpora" / f"{blog}.tar.xz") as archive:
            archive.extractall(folder, filter="data")


def build(
    blog: str,
    folder: Path,
    layout: str = "default",
    by: Sequence[str] = (),
    formats: Sequence[str] = ("json",),
) -> None:
    """Build the whole blog into ``out/BLOG`` under `folder`."""
    output = folder / "out" / blog
    settings = (
        "feeds.limit=0",
        'feeds.languages="together"',
        f"feeds.by={list(by)}",
        f"feeds.formats={list(formats)}",
        f'feeds.layout="{layout}"',
        f'state.path="{output}-{layout}"',  # whose ids each layout gives, another would keep
        *SAID_NOWHERE.get(blog, ()),
    )
    pairs = [part for setting in settings for part in ("--set", setting)]
    root = folder / blog / ROOTS.get(blog, "")
    command = [sys.executable, "-m", "syndicate", "build", str(root), "-q", "-o", str(output)]
    done = subprocess.run([*command, *pairs], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{blog}: {done.stderr}")


def compare(oracle: Path, feed: Path, show: int) -> Agreement:
    command = [sys.executable, str(SHARED / "tools/compare.py"), str(oracle), str(feed)]
    done = subprocess.run(
        [*command, "--limit", str(show or 1)], capture_output=True, encoding="utf-8", check=False
    )
    if show and done.returncode:
        print(done.stdout)
    counts = re.search(
        r"^(\S+) .*oracle (\d+) posts.*found (\d+), missing (\d+).*extra (\d+)", done.stdout
    )
    if not counts:
        sys.exit(f"{oracle}: {done.stderr or done.stdout}")
    same = re.findall(r"^  (\w+) +identical (\d+)", done.stdout, re.M)
    numbers = [int(number) for number in counts.groups()[1:]]
    return Agreement(oracle.stem, counts[1], *numbers, {name: int(count) for name, count in same})


def table(rows: Sequence[Agreement]) -> str:
    """A Markdown table; shares are of all the oracle's posts, the last row is all blogs."""
    columns = ("blog", "engine", "posts", "found", *FIELDS.values(), "share", "differences")
    rule = "|---|---|" + "---:|" * 7 + "---|"
    return "\n".join((f"| {' | '.join(columns)} |", rule, *map(line, rows), line(total(rows))))


def total(rows: Sequence[Agreement]) -> Agreement:
    same = {name: sum(row.same[name] for row in rows) for name in FIELDS}
    counts = (sum(getattr(row, name) for row in rows) for name in ("posts", "found", "missing"))
    return Agreement("all", "", *counts, sum(row.extra for row in rows), same)


def line(row: Agreement) -> str:
    """The share is that of the field in which we agree least."""
    least = min(row.same.values(), default=0) / row.posts if row.posts else 1.0
    fields = " | ".join(f"{row.same[name]:,}" for name in FIELDS)
    unlike = {FIELDS[name]: row.found - row.same[name] for name in FIELDS}
    unlike |= {"missing": row.missing, "extra": row.extra}
    differences = ", ".join(f"{name} {count:,}" for name, count in unlike.items() if count)
    counts = f"{row.posts:,} | {row.found:,}"
    return f"| {row.blog} | {row.engine} | {counts} | {fields} | {least:.2%} | {differences} |"


def compare_built(built: Built, folder: Path, show: int) -> str:
    """One line: how far our feed in the old place says what the generator's own said."""
    unpack(built.blog, folder)
    theirs = folder / built.theirs
    if not theirs.exists():
        return f"{built.theirs}: not in the corpora"
    build(built.blog, folder, built.layout, built.by, ("atom", "rss"))
    ours = folder / "out" / built.blog / built.ours
    if not ours.exists():
        return f"{built.theirs}: we have no {built.ours}"
    old, new = list(entries(theirs)), list(entries(ours))
    wrong = [pair for pair in zip_longest(old, new[: len(old)]) if pair[0] != pair[1]]
    for pair in wrong[:show]:
        print(f"   theirs {pair[0]}\n   ours   {pair[1]}")
    verdict = f"{len(wrong)} differ" if wrong else "the same"
    more = f", and {len(new) - len(old)} older ones in ours" if len(new) > len(old) else ""
    what = "entries, in order, with ids, links and dates"
    return f"{built.theirs}: {verdict}: {len(old)} {what}{more}"


def entries(feed: Path) -> Iterator[tuple[str, str, str, datetime]]:
    """Id, title, link and publication of each entry, in the feed's order."""
    root = etree.parse(feed).getroot()
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        published = datetime.fromisoformat(entry.findtext(f"{ATOM}published"))
        texts = [entry.findtext(f"{ATOM}{name}") for name in ("id", "title")]
        yield *texts, link.get("href"), published
    for item in root.iter("item"):
        published = datetime.strptime(
            item.findtext("pubDate").replace("GMT", "+0000"), "%a, %d %b %Y %H:%M:%S %z"
        )
        yield item.findtext("guid"), item.findtext("title"), item.findtext("link"), published


if __name__ == "__main__":
    main()
