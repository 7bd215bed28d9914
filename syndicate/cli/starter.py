"""`syndicate init`: a config.toml to start from, with what was found filled in."""

import json
import os
from pathlib import Path

from syndicate.cli.moving.installed import installed
from syndicate.cli.moving.proposal import Settings, layout_for, toml
from syndicate.config.load import own_file
from syndicate.config.schema import Config, PostsConfig
from syndicate.engines.shared.suggest import suggested
from syndicate.errors import ConfigError
from syndicate.files.write import write_new
from syndicate.pipeline.blog import Blog, open_blog

__all__ = ["write_config"]


def write_config(blog: Path, *, replace: bool = False) -> tuple[Path, str]:
    """Write config.toml into `blog`; returns its path and what was recognised.

    Where config.toml is the site generator's own, it is syndicate.toml.

    Raises ConfigError where one is there already and `replace` is false, BlogError where there is
    no folder.
    """
    path = own_file(blog)
    if os.path.lexists(path) and not replace:
        raise ConfigError(str(path), "is there already", "use --force to replace it")
    found = open_blog(Config(posts=PostsConfig(), folder=blog))
    try:
        write_new(path, _text(found).encode())
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise ConfigError(str(path), what, "let this user write there") from None
    return path, f"{found.engine.name}: {found.recognised_by}"


def _text(blog: Blog) -> str:
    site, own = blog.engine.site, blog.engine.settings
    guess = suggested(blog.root, own.url or "", own.base) if site.preview else None
    known = {
        "title": site.title,
        "url": "" if site.preview else site.url,
        "description": site.description,
        "language": site.language,
        "timezone": site.timezone,
        "author": site.author.name if site.author else "",
    }
    lines = [_TEMPLATE_HEAD.format(engine=blog.engine.name, why=blog.recognised_by)]
    lines += [_SITE[key] + _assignment(key, value) for key, value in known.items()]
    if guess:
        after = lines.index(_SITE["url"] + _assignment("url", ""))
        lines[after] = (
            f"{_SITE['url']}# As {guess[1]} says; if that is right, delete the first #:\n"
        )
        lines[after] += f"# {_assignment('url', guess[0])}"
    return "\n".join(lines) + _TEMPLATE_TAIL.format(engine=blog.engine.name, **_old_feeds(blog))


def _old_feeds(blog: Blog) -> dict[str, str]:
    """Return the layout and the limit that keep the feeds of the blog's own generator."""
    found = installed(blog.root, blog.engine)
    if found is None:
        return {"layout": "", "limit": "20"}
    layout = layout_for(found.generator, found.files)
    values = toml(Settings(layout, found.limit, ()))
    why = f"# Places, ids and limit of {found.generator.name}'s feeds ({found.mark}).\n"
    adopt = "# `syndicate adopt` and the feed's address takes over its ids.\n"
    line = "" if layout == "default" else f"layout = {values['layout']}\n"
    return {"layout": why + adopt + line, "limit": values["limit"]}


def _assignment(key: str, value: str) -> str:
    """A TOML line; commented out where the value is still to be filled in."""
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    return line.replace("\x7f", "\\u007F") if value else f"# {line}"


_TEMPLATE_HEAD = """\
# How syndicate builds this blog's feeds. Every key may be left out; docs/configuration.md
# explains them all. Read as: {engine} ({why}).

[site]"""

_SITE = {
    "title": "",
    "url": "# The home page's address. Feeds carry it everywhere: it must be right.\n",
    "description": "",
    "language": '# A language tag: "en", "zh-CN".\n',
    "timezone": "# Dates without an offset are read in this zone.\n",
    "author": "# Who writes, where a post does not say.\n",
}

_TEMPLATE_TAIL = """

[posts]
path = "."
engine = "{engine}"
# Also publish drafts, and posts dated in the future?
# drafts = false
# future = false

[feeds]
{layout}formats = ["atom", "rss", "json"]
# A feed for each category; "tag" and "author" can be added.
by = ["category"]
# Entries in a feed; 0 carries all.
limit = {limit}
# Posts that a category needs to get a feed.
min_posts = 1
# "full" or "excerpt".
content = "full"

[excerpt]
# In characters, as people count them.
length = 200

[output]
path = "output"

[state]
path = ".syndicate"
"""
