"""``plain.py POSTS OUTPUT MIN_POSTS``: feeds as most people make them with feedgen.

Every post is read and rendered; each category and tag gets an Atom and an RSS file.
"""

import sys
from collections import defaultdict
from datetime import UTC
from pathlib import Path

import frontmatter
from dateutil import parser
from feedgen.feed import FeedGenerator
from markdown import markdown
from yaml import YAMLError

SITE = "https://blog.example.org"


def main(folder: Path, output: Path, min_posts: int) -> None:
    feeds = defaultdict(list)
    for path in folder.glob("*.m*d*"):
        try:
            post = frontmatter.load(path)
            date = parser.parse(str(post["date"]))
            post["date"] = date.replace(tzinfo=date.tzinfo or UTC)
            post["url"] = f"{SITE}/posts/{path.stem[11:]}/"
            post["html"] = markdown(post.content, extensions=["fenced_code"])
        except (KeyError, ValueError, YAMLError) as error:
            print(path, error)
            continue
        terms = [
            f"{kind}/{name}" for kind in ("categories", "tags") for name in post.get(kind) or ()
        ]
        for place in ("all", *terms):
            feeds[place].append(post)
    for place, posts in feeds.items():
        if len(posts) >= min_posts:
            write(place, sorted(posts, key=lambda post: post["date"])[-20:], output / place)


def write(title: str, posts: list, folder: Path) -> None:
    feed = FeedGenerator()
    feed.id(f"{SITE}/{title}/")
    feed.title(title)
    feed.description(title)
    feed.link(href=f"{SITE}/{title}/")
    for post in posts:
        entry = feed.add_entry()
        entry.id(post["url"])
        entry.title(post["title"])
        entry.link(href=post["url"])
        entry.published(post["date"])
        entry.updated(post["date"])
        entry.content(post["html"], type="html")
    folder.mkdir(parents=True, exist_ok=True)
    feed.atom_file(str(folder / "atom.xml"))
    feed.rss_file(str(folder / "rss.xml"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
