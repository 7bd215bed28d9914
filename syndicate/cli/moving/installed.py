"""Find the feeds of a blog's own generator in the blog's files, without any request."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct

from syndicate.cli.moving.generators import GENERATORS, Generator
from syndicate.engines import Engine
from syndicate.engines.hugo.site_config import read_config
from syndicate.engines.jekyll.engine import is_chirpy
from syndicate.engines.shared.python_settings import read_python
from syndicate.engines.shared.scripts import uses_package
from syndicate.files.read import head_inside
from syndicate.model import Format

__all__ = ["Installed", "installed"]

MAX_TEMPLATE = 100_000
"""Bytes of a feed template that are looked at."""

_TEMPLATES = ("feed.xml", "atom.xml", "rss.xml", "index.xml")
_LIMIT = re.compile(r"\blimit:\s*(\d{1,6})\b")
_PERMALINK = re.compile(r"permalink[\"']?\s*:\s*[\"']?/?([\w./-]{1,200})")
_ELEVENTY = tuple(
    f"{folder}{name}"
    for folder in ("", "src/", "content/", "feed/", "src/feed/", "content/feed/")
    for name in ("feed.njk", "feed.xml.njk", "rss.njk", "rss.xml.njk", "atom.njk", "feed.liquid")
)


class Installed(Struct, frozen=True):
    """The program that makes a blog's present feeds, its limit, and its feeds of all posts.

    `limit` 0 is all posts. `mark` says which file tells so.
    """

    generator: Generator
    limit: int
    files: Mapping[Format, str]
    mark: str


def installed(root: Path, engine: Engine) -> Installed | None:
    """Return what makes the feeds of the blog at `root`, or None if its files do not say."""
    look = _LOOKS.get(engine.name)
    return look(root, getattr(engine, "config", {})) if look else None


def _row(
    name: str, mark: str, limit: Any = None, files: Mapping[Format, Any] | None = None
) -> Installed:
    generator = GENERATORS[name]
    own = {form: path.strip("/") for form, path in (files or {}).items() if _is_path(path)}
    return Installed(generator, _count(limit, generator.limit), own or generator.files, mark)


def _is_path(path: object) -> bool:
    return isinstance(path, str) and bool(re.fullmatch(r"/?[\w.-]+(?:/[\w.-]+)*/?", path))


def _count(value: Any, usual: int) -> int:
    """Return a limit as settings write it: none or a negative one is all posts."""
    if value is None or value is True:
        return usual
    return max(int(value), 0) if isinstance(value, (int, float)) else usual


def _jekyll(root: Path, config: Mapping[str, Any]) -> Installed | None:
    feed = config.get("feed")
    said = feed if isinstance(feed, dict) else {}
    plugins = [*_list(config.get("plugins")), *_list(config.get("gems"))]
    for mark, there in (
        ("_config.yml", "jekyll-feed" in plugins),
        ("Gemfile", "jekyll-feed" in _start(root, "Gemfile")),
    ):
        if there:
            return _row("jekyll-feed", mark, said.get("posts_limit"), {"atom": said.get("path")})
    if is_chirpy(config):
        return _row("chirpy", "_config.yml")
    for name in _TEMPLATES:
        text = _start(root, name)
        if text.startswith("---") and ("<feed" in text or "<rss" in text):
            form: Format = "atom" if "<feed" in text else "rss"
            limit = _LIMIT.search(text)
            return _row("jekyll", name, int(limit[1]) if limit else 0, {form: name})
    return None


def _hexo(root: Path, config: Mapping[str, Any]) -> Installed | None:
    feed = config.get("feed")
    if not isinstance(feed, dict):
        there = _uses(root, "hexo-generator-feed")
        return _row("hexo", "package.json", files={"atom": "atom.xml"}) if there else None
    if feed.get("enable") is False:
        return None
    kinds, paths = _list(feed.get("type") or "atom"), _list(feed.get("path"))
    forms: dict[Any, Format] = {"atom": "atom", "rss2": "rss"}
    files = {
        forms[kind]: paths[at] if at < len(paths) else GENERATORS["hexo"].files[forms[kind]]
        for at, kind in enumerate(kinds)
        if kind in forms
    }
    limit = feed.get("limit", 20)
    return _row("hexo", "_config.yml", 0 if limit is False or limit is None else limit, files)


def _hugo(root: Path, _config: Mapping[str, Any]) -> Installed | None:
    config, _ = read_config(root)
    if "rss" in [str(kind).lower() for kind in _list(config.get("disablekinds"))]:
        return None
    services = config.get("services")
    rss = services.get("rss") if isinstance(services, dict) else None
    limit = rss.get("limit") if isinstance(rss, dict) else config.get("rsslimit")
    return _row("hugo", "Hugo's RSS template", limit)


def _pelican(root: Path, _config: Mapping[str, Any]) -> Installed | None:
    names = dict.fromkeys(("FEED_ALL_ATOM", "FEED_ALL_RSS", "FEED_MAX_ITEMS"), "")
    values: Mapping[str, Any] = {"FEED_ALL_ATOM": "feeds/all.atom.xml", "FEED_MAX_ITEMS": 100}
    for name in ("pelicanconf.py", "publishconf.py"):
        if _start(root, name):
            values = read_python(root, name, names, values)[0]
    files: dict[Format, Any] = {"atom": values.get("FEED_ALL_ATOM"),
                                "rss": values.get("FEED_ALL_RSS")}  # fmt: skip
    if not any(map(_is_path, files.values())):
        return None
    return _row("pelican", "pelicanconf.py", values.get("FEED_MAX_ITEMS") or 0, files)


def _nikola(root: Path, _config: Mapping[str, Any]) -> Installed | None:
    values, _ = read_python(root, "conf.py", dict.fromkeys(("GENERATE_RSS", "FEED_LENGTH"), ""))
    if values.get("GENERATE_RSS") is False:
        return None
    return _row("nikola", "conf.py", values.get("FEED_LENGTH"), {"rss": "rss.xml"})


def _zola(_root: Path, config: Mapping[str, Any]) -> Installed | None:
    if not (config.get("generate_feeds") or config.get("generate_feed")):
        return None
    names = _list(config.get("feed_filenames") or config.get("feed_filename") or "atom.xml")
    files = {_form_of(str(name)): name for name in names}
    return _row("zola", "Zola's settings", config.get("feed_limit"), files)


def _eleventy(root: Path, _config: Mapping[str, Any]) -> Installed | None:
    if not _uses(root, "@11ty/eleventy-plugin-rss"):
        return None
    for name in _ELEVENTY:
        found = _PERMALINK.search(_start(root, name))
        if found and found[1].endswith((".xml", ".json")):
            return _row("eleventy", name, files={_form_of(found[1]): found[1]})
    return _row("eleventy", "package.json")


def _astro(root: Path, _config: Mapping[str, Any]) -> Installed | None:
    if not _uses(root, "@astrojs/rss"):
        return None
    for name in ("rss.xml", "feed.xml", "atom.xml", "index.xml"):
        for ending in (".js", ".ts"):
            if _start(root, f"src/pages/{name}{ending}"):
                return _row("astro", f"src/pages/{name}{ending}", files={"rss": name})
    return _row("astro", "package.json")


def _docusaurus(root: Path, _config: Mapping[str, Any]) -> Installed | None:
    there = _uses(root, "@docusaurus/preset-classic")
    files: dict[Format, Any] = {"rss": "blog/rss.xml", "atom": "blog/atom.xml"}
    return _row("docusaurus", "package.json", files=files) if there else None


_LOOKS: Mapping[str, Callable[[Path, Mapping[str, Any]], Installed | None]] = {
    "jekyll": _jekyll,
    "hexo": _hexo,
    "hugo": _hugo,
    "pelican": _pelican,
    "nikola": _nikola,
    "zola": _zola,
    "eleventy": _eleventy,
    "astro": _astro,
    "docusaurus": _docusaurus,
}


def _form_of(name: str) -> Format:
    forms: tuple[Format, ...] = get_args(Format)
    found = next((form for form in forms if form in name), None)
    return found or "atom"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _start(root: Path, name: str) -> str:
    """Return the beginning of a file of the blog, empty if it cannot be read."""
    try:
        return head_inside(root, name, MAX_TEMPLATE).decode("utf-8", "replace")
    except OSError:
        return ""


def _uses(root: Path, package: str) -> bool:
    try:
        return uses_package(root, package)
    except OSError:
        return False
