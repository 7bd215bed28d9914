"""Blogs to measure on: the same number of posts and seed give the same bytes, on every machine.

A blog is a Jekyll blog, which we, Jekyll and Hugo read as it lies there: 40 categories, 300 tags
drawn evenly, one post in four a body of about 8 KB of HTML as scraped from a blog
host, the others about 3 KB of Markdown. ``python -m benchmarks.blogs FOLDER POSTS`` writes one.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from html import escape
from pathlib import Path
from random import Random

from benchmarks import words

FIRST = datetime(2008, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))
LAST = datetime(2025, 12, 31, 20, tzinfo=timezone(timedelta(hours=8)))
HTML_BYTES, MARKDOWN_BYTES = 8_000, 3_000
SENTENCES = 2_000
"""In each language; paragraphs are drawn from them."""

SETTINGS = """\
title: A generated blog
url: https://blog.example.org
description: Posts to measure feed generators with
author: Ana Monteiro
lang: zh-CN
timezone: Asia/Shanghai
permalink: /posts/:title/
"""

HEADER = """\
---
layout: post
title: {title}
date: {date:%Y-%m-%d %H:%M:%S %z}
categories: [{category}]
tags: [{tags}]
---
"""

PAGE = """\
<p class="source" style="display:none">$url</p>
<div class="page-box">
 <div class="page-header">
  <h1 class="page-title" id="pageTitle">
   {title}
  </h1>
 </div>
 <article class="page-article">
  <div class="page-content clearfix" id="page_content">
   <link href="../../assets/css/views-1f0c2d.css" rel="stylesheet"/>
   <div class="views theme-light" id="content_views">
    <svg style="display: none;" xmlns="http://www.w3.org/2000/svg">
     <path d="M4,0 0,2 4,4z" id="marker" stroke-linecap="round" style="fill: none;">
     </path>
    </svg>
{body}
   </div>
   <link href="../../assets/css/style-7be901.css" rel="stylesheet"/>
  </div>
  <div class="page-extension" style="width:400px;margin:auto;margin-top:12px">
  </div>
 </article>
</div>
"""


@dataclass(frozen=True)
class Post:
    """A file of the blog: its name without ending, and what it says."""

    name: str
    title: str
    date: datetime
    category: str
    tags: Sequence[str]
    body: str

    @property
    def text(self) -> str:
        """The whole file."""
        header = HEADER.format(
            title=json.dumps(self.title, ensure_ascii=False),
            date=self.date,
            category=self.category,
            tags=", ".join(self.tags),
        )
        return header + self.body


@dataclass(frozen=True)
class Shape:
    """Kinds of posts in a blog: every `scraped`-th post is HTML, all others are Markdown."""

    scraped: int = 4
    tags: Sequence[str] = words.TAGS


USUAL = Shape()


def write(folder: Path, count: int, seed: int = 1, shape: Shape = USUAL) -> None:
    """Write a blog of `count` posts into `folder`."""
    (folder / "_posts").mkdir(parents=True)
    (folder / "_config.yml").write_text(SETTINGS, encoding="utf-8")
    for post in posts(count, seed, shape):
        (folder / "_posts" / f"{post.name}.md").write_text(post.text, encoding="utf-8")


def posts(count: int, seed: int = 1, shape: Shape = USUAL) -> Iterator[Post]:
    """`count` posts, oldest first, evenly spread from 2008 to 2025."""
    for number in range(count):
        draw = Random(f"{seed} {number}")
        date = FIRST + (LAST - FIRST) * number / count
        yield post(number, date.replace(microsecond=0), draw, shape)


def post(number: int, date: datetime, draw: Random, shape: Shape) -> Post:
    scraped = number % shape.scraped == 0
    writer = Writer(draw, chinese() if scraped or draw.random() < 0.3 else english())
    title = draw.choice(writer.sentences).rstrip(".。")
    body = page(title, writer) if scraped else markdown(writer)
    slug = f"{100_000_000 + number * 37}" if scraped else f"{date:%H%M}-note-{number}"
    return Post(
        name=f"{date:%Y-%m-%d}-{slug}",
        title=title,
        date=date,
        category=draw.choice(words.CATEGORIES),
        tags=tuple(draw.sample(shape.tags, draw.randint(1, 4))),
        body=body,
    )


@cache
def english() -> Sequence[str]:
    parts = (words.SUBJECTS, words.VERBS, words.OBJECTS, words.ENDINGS)
    return made(lambda draw: " ".join(map(draw.choice, parts)).capitalize() + ".")


@cache
def chinese() -> Sequence[str]:
    parts = (words.SUBJECTS_ZH, words.VERBS_ZH, words.OBJECTS_ZH)
    return made(
        lambda draw: f"{''.join(map(draw.choice, parts))},{draw.choice(words.ENDINGS_ZH)}。"
    )


def made(sentence: Callable[[Random], str]) -> Sequence[str]:
    draw = Random(SENTENCES)
    return tuple(sentence(draw) for _ in range(SENTENCES))


@dataclass(frozen=True)
class Writer:
    """Draws one post's blocks, each from what it drew before."""

    draw: Random
    sentences: Sequence[str]

    def some(self, count: int) -> str:
        between = "" if self.sentences is chinese() else " "
        return between.join(self.draw.choices(self.sentences, k=count))

    def code(self) -> str:
        return self.draw.choice(words.CODE)

    def bits(self, count: int) -> str:
        return f"{self.draw.getrandbits(count):0{count // 4}x}"


Block = Callable[[Writer], str]


def filled(blocks: Sequence[Block], writer: Writer, size: int, between: str) -> str:
    """The blocks in turn, until they are `size` bytes of UTF-8."""
    texts: list[str] = []
    total = 0
    while total < size:
        texts.append(blocks[len(texts) % len(blocks)](writer))
        total += len(texts[-1].encode())
    return between.join(texts)


def markdown(writer: Writer) -> str:
    return filled(MARKDOWN, writer, MARKDOWN_BYTES, "\n\n") + "\n"


def markdown_list(writer: Writer) -> str:
    return "\n".join(f"{n}. **{writer.some(1)}** {writer.some(1)}" for n in (1, 2, 3))


def markdown_links(writer: Writer) -> str:
    address, text, label = writer.bits(32), writer.some(2), writer.some(1)
    tag, last = writer.draw.choice(words.TAGS), writer.some(1)
    return f"{text} [{label}](https://example.com/{address}) `{tag}` *{last}*"


MARKDOWN: Sequence[Block] = (
    lambda writer: writer.some(4),
    lambda writer: f"## {writer.some(1)}",
    markdown_links,
    markdown_list,
    lambda writer: f"```\n{writer.code()}\n```",
    lambda writer: f"## {writer.some(1)}",
    lambda writer: writer.some(5),
    lambda writer: f"![{writer.some(1)}](/assets/{writer.bits(40)}.png)",
)


def page(title: str, writer: Writer) -> str:
    # Three in eight hold a blank line, at which Markdown takes a block of HTML to end.
    fifth = page_code if writer.draw.random() < 0.375 else page_paragraph
    blocks = (page_paragraph, page_heading, page_list, page_paragraph, fifth, page_picture)
    return PAGE.format(title=title, body=filled(blocks, writer, HTML_BYTES - len(PAGE), "\n"))


def page_paragraph(writer: Writer) -> str:
    text, strong = writer.some(3), writer.some(1)
    return f"    <p>\n     {text}\n     <strong>\n      {strong}\n     </strong>\n    </p>"


def page_heading(writer: Writer) -> str:
    anchor = f'<a id="_{writer.draw.randint(1, 99)}">\n     </a>'
    return f"    <hr/>\n    <h5>\n     {anchor}\n     {writer.some(1)}\n    </h5>"


def page_list(writer: Writer) -> str:
    item = "     <li>\n      <p>\n       {}\n       <br/>\n      </p>\n     </li>"
    return "\n".join(("    <ol>", *(item.format(writer.some(2)) for _ in range(3)), "    </ol>"))


def page_code(writer: Writer) -> str:
    code, remark = escape(writer.code()), writer.some(1)
    return f'    <pre><code class="prism">{code}\n\n# {remark}\n</code></pre>'


def page_picture(writer: Writer) -> str:
    address = f"https://img.example.net/direct/{writer.bits(128)}.png"
    return f'    <p>\n     <img alt="插图" src="{address}"/>\n    </p>'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.blogs")
    parser.add_argument("folder", type=Path)
    parser.add_argument("posts", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.posts, arguments.seed)


if __name__ == "__main__":
    main()
