"""Hexo: `_config.yml` with Hexo's keys, `source/_posts`, and the permalinks of its posts.

Follows the source of versions 5 to 8: the post processor (posts and their file names), the
post_permalink filter and hexo-util (addresses), hexo-permalink-pinyin.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import splitext
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from msgspec import structs

from syndicate.engines.base import Dialect, Engine, Facts, Separator, Settings, Sign
from syndicate.engines.hexo.slug_rules import pinyin, slugize
from syndicate.engines.shared.grammars import hexo_grammar
from syndicate.engines.shared.patterns import LONGEST, MOST, groups, matches
from syndicate.engines.shared.people import author_in
from syndicate.engines.shared.settings_files import read_mapping
from syndicate.engines.shared.url_parts import encoded, folder_of_page, resolved
from syndicate.engines.shared.values import as_text
from syndicate.files.read import head_inside, is_folder, is_there
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Hexo"]

CONFIG_FILES = ("_config.yml", "_config.yaml", "_config.json")
TEXT_ENDINGS = frozenset(
    (".md", ".markdown", ".mkd", ".mkdn", ".mdwn", ".mdtxt", ".mdtext", ".html", ".htm")
)
_OWN_KEYS = re.compile(
    rb"^\s*\"?(new_post_name|default_layout|render_drafts|skip_render|permalink_defaults)\"?\s*:",
    re.M,
)
"""Keys of `_config.yml` that Hexo has, but not Jekyll, whose file has the same name."""
_HEXO_PACKAGE = re.compile(rb'"hexo"\s*:')
_LOOKED_AT = 256 * 1024
_PLACEHOLDER = re.compile(r":(\w*[^_\W])", re.A)
_HIDDEN = re.compile(r"(^|/)[_.]")
_SEGMENTS = {
    "year": r"(\d{4})", "month": r"(\d{2})", "day": r"(\d{2})", "i_month": r"(\d{1,2})",
    "i_day": r"(\d{1,2})", "hash": r"([0-9a-f]{12})",
}  # fmt: skip


class Hexo(Engine, frozen=True):
    """A Hexo site. `config` holds its `_config.yml`."""

    name: ClassVar[str] = "hexo"
    future: bool = True
    zone_of_writer: bool = True
    title_from_heading: bool = False
    open_fence_optional: bool = True
    tag_keys: tuple[str, ...] = ("tags", "tag")
    terms_split: Separator = ""
    folders_add_categories: bool = False
    dialect: Dialect = "hexo"

    config: Mapping[str, Any] = {}

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for keys that only Hexo's configuration has, for package.json, and `scaffolds/`."""
        unread: OSError | None = None
        for name in CONFIG_FILES:
            try:
                if match := _OWN_KEYS.search(_start(root, name)):
                    return Sign(f"{name} ({match[1].decode()})")
            except OSError as error:
                unread = error  # another sign may be as certain
        if _HEXO_PACKAGE.search(_start(root, "package.json")):
            return Sign("package.json (hexo)")
        if is_folder(root / "scaffolds") and is_folder(root / "source" / "_posts"):
            return Sign("scaffolds and source/_posts")
        if unread:
            raise unread
        return None

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read `_config.yml`. A file that cannot be read counts as empty."""
        for name in CONFIG_FILES:
            if is_there(root / name):
                config, problems = read_mapping(root, name)
                engine = structs.replace(cls._from(config), grammar=hexo_grammar(config, root))
                return engine, problems
        return cls(grammar=hexo_grammar({}, root)), ()

    @classmethod
    def _from(cls, config: Mapping[str, Any]) -> Self:
        return cls(
            settings=_settings(config),
            drafts=config.get("render_drafts") is True,
            future=config.get("future") is not False,
            config=config,
        )

    def enters(self, folder: str) -> LeftOut | None:
        """Enter `source/_posts`, and `source/_drafts` if drafts are published."""
        posts, drafts = f"{self._source}/_posts", f"{self._source}/_drafts"
        if f"{posts}/".startswith(f"{folder}/"):
            return None
        for special in (posts, drafts):
            if folder == special or folder.startswith(f"{special}/"):
                if special == drafts and not self.drafts:
                    return LeftOut(f"{folder}/", "drafts")
                hidden = _HIDDEN.search(folder[len(special) + 1 :])
                return LeftOut(f"{folder}/", "hidden folder") if hidden else None
        return LeftOut(f"{folder}/", f"Hexo's posts are in {posts}")

    def place(self, path: str) -> Place | LeftOut:
        """Take text files below `source/_posts` and `source/_drafts`."""
        group, _, below = path.removeprefix(f"{self._source}/").partition("/")
        if not path.startswith(f"{self._source}/") or group not in ("_posts", "_drafts"):
            return LeftOut(path, f"not in {self._source}/_posts")
        if _HIDDEN.search(below) or path.endswith(("~", "%")):
            return LeftOut(path, "hidden or temporary file")
        ending = PurePosixPath(path).suffix
        if ending.lower() not in TEXT_ENDINGS:
            return LeftOut(path, f"not Markdown or HTML ({ending or 'no ending'})")
        if self.config.get("post_asset_folder") and ending != self._pattern_ending:
            return LeftOut(path, f"with post_asset_folder, posts end in {self._pattern_ending}")
        if self._skipped(path, f"{group}/{below}"):
            return LeftOut(path, "excluded by _config.yml")
        named = self._named(below)
        categories = (named["category"],) if named.get("category") else ()
        return Place("posts", group == "_drafts", categories, named.get("lang", ""))

    @property
    def _source(self) -> str:
        return str(self.config.get("source_dir") or "").strip("/") or "source"

    @property
    def _pattern(self) -> str:
        return str(self.config.get("new_post_name") or ":title.md")

    @property
    def _pattern_ending(self) -> str:
        return splitext(self._pattern)[1]

    def _skipped(self, path: str, in_source: str) -> bool:
        skip, ignore = (_strings(self.config.get(key)) for key in ("skip_render", "ignore"))
        skip += _strings(self.config.get("exclude"))
        return any(matches(_glob(pattern), in_source) for pattern in skip) or any(
            matches(_glob(pattern), f"/{path}") for pattern in ignore
        )

    def _named(self, below: str) -> dict[str, str]:
        """Return the values in a path below `_posts`, by the pattern `new_post_name`."""
        stem = splitext(below)[0]
        values = groups(_reader(splitext(self._pattern)[0]), stem, whole=True)
        return {"title": slugize(stem), **values}

    def _slug(self, path: str) -> str:
        return self._named(path.removeprefix(f"{self._source}/").partition("/")[2])["title"]

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Drop `category` and `tag` if `categories` and `tags` are set, as Hexo does."""
        shadowed = {one for one, many in _PLURALS.items() if one in meta and meta.get(many)}
        return {key: meta[key] for key in meta if key not in shadowed} if shadowed else meta

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold posts with a tag that `encrypt.tags` of _config.yml locks.

        An empty password unlocks a post.
        """
        encrypt = self.config.get("encrypt")
        rows = encrypt.get("tags") if isinstance(encrypt, dict) else None
        if not isinstance(rows, list) or meta.get("password") == "":
            return ""
        locked = {str(row.get("name")).casefold() for row in rows if isinstance(row, dict)}
        values = (meta.get(key) for key in ("tags", "tag"))
        tags = (tag for value in values for tag in (value if isinstance(value, list) else [value]))
        found = next((tag for tag in map(str, tags) if locked & _names(tag)), "")
        return f"tag: {found} is locked by encrypt.tags in _config.yml" if found else ""

    def file_date(self, path: str) -> str:
        """Return the date in the file's name, by `new_post_name` or at its start."""
        named = self._named(path.removeprefix(f"{self._source}/").partition("/")[2])
        date = (
            named.get("year"),
            named.get("month") or named.get("i_month"),
            named.get("day") or named.get("i_day"),
        )
        if all(date):
            return "-".join(part for part in date if part)
        # Hexo uses the file's time here, which a checkout changes. A date in the name is better.
        match = re.match(r"\d{4}-\d{1,2}-\d{1,2}(?!\d)", PurePosixPath(path).name)
        return match[0] if match else ""

    def file_title(self, path: str) -> str:
        """Return the slug if `use_slug_as_post_title` is set; else no title, as Hexo does."""
        return self._slug(path) if self.config.get("use_slug_as_post_title") else ""

    def variables(self) -> Mapping[str, Any]:
        """Return the configuration."""
        return self.config

    def address(self, facts: Facts) -> str:
        """Use the post's own `permalink`, else the site's with its `:keys` filled in."""
        path = str(facts.meta.get("permalink") or "") or self._expanded(facts)
        if self.config.get("post_asset_folder") and not path.endswith(("/", ".html")):
            path = f"{path}/"
        return _pretty(encoded(resolved(self._spelled(path))), self.config.get("pretty_urls"))

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return the post's asset folder, and the source folder."""
        public = PublicFolder(self._source, self.site.url)
        if not self.config.get("post_asset_folder"):
            return (public,)
        return (PublicFolder(splitext(path)[0], folder_of_page(url)), public)

    def _expanded(self, facts: Facts) -> str:
        template = str(self.permalink or self.config.get("permalink") or _DEFAULT)
        defaults = self.config.get("permalink_defaults")
        values: dict[str, Any] = {
            **(defaults if isinstance(defaults, dict) else {}),
            **facts.meta,
            **self._named(facts.path.removeprefix(f"{self._source}/").partition("/")[2]),
            **self._values(facts),
        }
        return _PLACEHOLDER.sub(lambda match: _written(values, match[1]), template)

    def _values(self, facts: Facts) -> dict[str, str]:
        date = facts.date.astimezone(ZoneInfo(self.site.timezone))
        slug = self._slug(facts.path)
        moment = str(int(facts.date.timestamp()))
        digest = hashlib.sha1(f"{slug}{moment}".encode(), usedforsecurity=False).hexdigest()
        return {
            # Without an id, Hexo uses a random key of its database. The slug at least is stable.
            "id": str(facts.meta.get("id") or slug),
            "title": slug,
            "name": PurePosixPath(slug).name,
            "post_title": slugize(facts.title, 1),
            "year": f"{date.year:04d}",
            "month": f"{date.month:02d}",
            "day": f"{date.day:02d}",
            "hour": f"{date.hour:02d}",
            "minute": f"{date.minute:02d}",
            "second": f"{date.second:02d}",
            "i_month": str(date.month),
            "i_day": str(date.day),
            "timestamp": moment,
            "hash": digest[:12],
            "category": self._category(facts),
        }

    def _category(self, facts: Facts) -> str:
        """Return the path of the last category and its parents, mapped by `category_map`."""
        own = facts.meta.get("categories") or facts.place.categories
        names = _last_line(list(own or facts.categories) if not isinstance(own, str) else own)
        if not names:
            return str(self.config.get("default_category") or "uncategorized")
        mapping = self.config.get("category_map")
        mapped = (
            mapping.get(name) or name if isinstance(mapping, dict) else name for name in names
        )
        case = self.config.get("filename_case")
        return "/".join(slugize(str(name), case) for name in mapped)

    def _spelled(self, path: str) -> str:
        """Spell `path` in pinyin if the blog uses the plugin permalink_pinyin."""
        plugin = self.config.get("permalink_pinyin")
        if not isinstance(plugin, dict) or not plugin.get("enable"):
            return path
        return pinyin(path, str(plugin.get("separator") or "-"), plugin.get("lowercase") is False)


_PLURALS = {"category": "categories", "tag": "tags"}
_DEFAULT = ":year/:month/:day/:title/"


def _start(root: Path, name: str) -> bytes:
    """Return the start of a file; empty if the file does not exist. Raises OSError."""
    try:
        return head_inside(root, name, _LOOKED_AT)
    except (FileNotFoundError, NotADirectoryError):
        return b""


@cache
def _reader(pattern: str) -> str:
    """Return the regular expression of `new_post_name`, with a group for each of its keys."""
    seen: set[str] = set()

    def group(match: re.Match[str]) -> str:
        inner = _SEGMENTS.get(match[1], "(.+?)")
        if match[1] in seen:
            return inner
        seen.add(match[1])
        return f"(?P<{match[1]}>{inner[1:]}" if match[1].isidentifier() else inner

    return _PLACEHOLDER.sub(group, re.escape(pattern[:LONGEST]))


@cache
def _glob(pattern: str) -> str:
    """Convert a glob of Hexo's to a regular expression."""
    marks = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return "".join(marks.get(part, re.escape(part)) for part in parts)


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value] if value else []
    return [item for item in values[:MOST] if isinstance(item, str)]


def _written(values: Mapping[str, Any], key: str) -> str:
    """Convert a value to text as JavaScript does; a missing key is "undefined"."""
    value = values.get(key, "undefined")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return "null" if value is None else str(value)


def _last_line(categories: Any) -> list[str]:
    """Return the path of names to the last category; inner lists are paths of categories."""
    names = categories if isinstance(categories, list) else [categories]
    names = [name for name in names if name not in (None, "")]
    if any(isinstance(name, list) for name in names):
        last = names[-1]
        names = last if isinstance(last, list) else [last]
    return [str(name) for name in names if name not in (None, "")]


def _pretty(path: str, options: Any) -> str:
    wanted = options if isinstance(options, dict) else {}
    if path.endswith("/index.html"):
        return path if wanted.get("trailing_index") is not False else path[: -len("index.html")]
    return path.removesuffix(".html") if wanted.get("trailing_html") is False else path


def _settings(config: Mapping[str, Any]) -> Settings:
    def text(key: str) -> str | None:
        value = config.get(key)
        value = value[0] if isinstance(value, list) and value else value
        return as_text(value) or None

    url, language = text("url"), text("language")
    author, author_email = author_in(config)
    return Settings(
        title=text("title"),
        url=url.rstrip("/") if url else None,
        description=text("description") or text("subtitle"),
        # Themes write "default" for no particular language.
        language=None if language == "default" else language,
        timezone=text("timezone"),
        author=author,
        author_email=author_email,
    )


def _names(tag: str) -> set[str]:
    """Return the tag and its parts between commas, in lower case."""
    return {name.strip().casefold() for name in (tag, *tag.split(","))}
