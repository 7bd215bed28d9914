"""Eleventy: posts in a folder of the input, data in JSON beside them, addresses by their paths.

Follows the source of version 3: TemplateData (which files a JSON file applies to),
TemplateFileSlug and TemplatePermalink (addresses), Template (dates). `eleventy.config.js`,
JavaScript data and computed data are not executed. Marks in a `permalink` are filled in if they
need no code of the blog.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Self

from syndicate.engines.base import Dialect, Facts, Sign
from syndicate.engines.eleventy.data_files import data_files, merged, read_data, site_settings
from syndicate.engines.eleventy.slug_filters import slug, slugify
from syndicate.engines.shared.date_names import Synonyms, has_date
from syndicate.engines.shared.grammars import eleventy_grammar
from syndicate.engines.shared.patterns import MOST, glob_regex, matches
from syndicate.engines.shared.scripted import POST_FOLDERS, Scripted, joined, not_run
from syndicate.engines.shared.scripts import literal, read_script, unread, uses_package
from syndicate.files.read import first_there, head_inside, is_folder, names_in
from syndicate.model import LeftOut, Place, Problem, PublicFolder

__all__ = ["Eleventy"]

SCRIPTS = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
    "eleventy.config.ts",
)  # fmt: skip
INPUTS = ("", "content", "src", "src/content", "src/site", "site", "app", "docs", "views")
"""Candidates for the input folder, if the configuration has no literal value."""
COLLECTION_MARKS = frozenset(("post", "posts", "blog", "all", "nav"))
"""Tags that only put a page into a collection, and that no page shows."""
NOT_DATES = frozenset(("last modified", "created", "git last modified", "git created"))

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.*)", re.S)
_MARK = re.compile(r"\{\{-?\s{0,20}([^{}]{1,120}?)\s{0,20}-?\}\}")
_PASSTHROUGH = re.compile(
    r"addPassthroughCopy\(\s{0,20}(\{[^{}]{0,2000}\}|\"[^\"\n]{1,200}\"|'[^'\n]{1,200}')"
)
_IGNORES = re.compile(r"ignores\.add\(\s{0,20}[\"'`]([^\"'`\n]{1,200})[\"'`]")
_MOST_BYTES = 64 * 1024
_KEY = re.compile(r"[{,]\s{0,20}(\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[\w$]{1,100})\s{0,20}:")
_COPIED = "copied unchanged, ignored, or not a text of the blog"
_FORMATTED = re.compile(r"page\.date ?\| ?date: ?[\"']((?:%[YmdjHMS]|[^%\"'])*)[\"']")


class Eleventy(Scripted, frozen=True):
    """An Eleventy site. `input` is its input folder.

    `data` holds the values of the JSON files by the path that they apply to: a folder, or a post
    without its ending.
    """

    name: ClassVar[str] = "eleventy"
    languages_apart: bool = True
    endings: ClassVar[tuple[str, ...]] = (".md", ".markdown", ".html", ".htm")
    dialect: Dialect = "eleventy"
    date_synonyms: Synonyms = "after-path"
    category_keys: tuple[str, ...] = ("categories", "category")

    input: str = ""
    copied: tuple[str, ...] = ()
    """Folders, files and globs without posts: copied files, templates, the built site."""
    renames: bool = False
    """True if the build publishes pictures under new names."""
    copies_beside: bool = False
    """True if the build copies files to the pages that refer to them."""
    data: Mapping[str, Mapping[str, Any]] = {}

    @classmethod
    def recognise(cls, root: Path) -> Sign | None:
        """Look for Eleventy's configuration or package, else for JSON files beside posts."""
        if script := first_there(root, SCRIPTS):
            return Sign(script)
        if uses_package(root, "@11ty/eleventy"):
            return Sign("package.json with @11ty/eleventy")
        files = (_data_file_in(root, folder) for folder in _named(root, _input(root)))
        return next(filter(None, files), None)

    @classmethod
    def load(cls, root: Path) -> tuple[Self, tuple[Problem, ...]]:
        """Read the JSON data, and the input folder of the configuration."""
        where = _input(root)
        return cls._read(root, where, _named(root, where) or (where,))

    @classmethod
    def _read(
        cls, root: Path, where: str, folders: tuple[str, ...]
    ) -> tuple[Self, tuple[Problem, ...]]:
        settings, problems = site_settings(root, where)
        script = read_script(root, first_there(root, SCRIPTS))
        data: dict[str, Mapping[str, Any]] = {}
        for file, target in data_files(root, where, folders, cls.endings):
            values, faults = read_data(root, file)
            data[target] = merged(data.get(target, {}), values)
            problems += (*faults, *_unresolved(file, values))
        engine = cls(
            settings=settings,
            folders=dict.fromkeys(folders, ""),
            input=where,
            copied=(*_copied(script, where), *_ignored(root, script, where)),
            renames="eleventyImageTransformPlugin" in script,
            copies_beside="html-relative" in script,
            data=data,
            grammar=eleventy_grammar(script, root),
        )
        known = f"posts are expected in {', '.join(f or './' for f in folders)}"
        return engine, (*problems, *unread(root, SCRIPTS), *not_run(SCRIPTS, root, known))

    def narrowed(self, root: Path, parts: Sequence[str]) -> Self:
        """Add the folders of `parts` that lie in the input folder."""
        inside = [p for p in parts if not self.input or f"{p}/".startswith(f"{self.input}/")]
        new = [part for part in inside if self.folder_of(f"{part}/_") is None]
        return self._read(root, self.input, (*self.folders, *new))[0] if new else self

    def enters(self, folder: str) -> LeftOut | None:
        """Skip folders that are copied unchanged."""
        return LeftOut(f"{folder}/", _COPIED) if self._is_copied(folder) else super().enters(folder)

    def place(self, path: str) -> Place | LeftOut:
        """Take text files in a folder of posts, unless they are copied unchanged."""
        return LeftOut(path, _COPIED) if self._is_copied(path) else super().place(path)

    def _is_copied(self, path: str) -> bool:
        return path in self.copied or any(
            matches(glob_regex(item), path) for item in self.copied if "*" in item
        )

    def defaults(self, path: str, place: Place) -> Mapping[str, Any]:
        """Merge the data of the folders, from the outermost to the innermost, and of the file."""
        parents = [str(parent) for parent in PurePosixPath(path).parents if str(parent) != "."]
        targets = [self.input, *reversed(parents), str(PurePosixPath(path).with_suffix(""))]
        found: Mapping[str, Any] = {}
        for target in dict.fromkeys(targets):
            if target in self.data:
                found = merged(found, self.data[target])
        return found

    def front_matter(self, path: str, meta: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add the data's tags. Remove collection tags, and words such as `Created` for a date."""
        tags = [*_tags(self.defaults(path, Place()).get("tags")), *_tags(meta.get("tags"))]
        mine = {**meta, "tags": [tag for tag in tags if tag.lower() not in COLLECTION_MARKS]}
        if str(meta.get("date")).lower() in NOT_DATES:
            del mine["date"]
        return mine

    def file_date(self, path: str) -> str:
        """Return the first YYYY-MM-DD in the path, folders included."""
        match = _DATE.search(path)
        return match[0] if match else ""

    def file_title(self, path: str) -> str:
        """Return the file slug with spaces between its words."""
        name = self._file_slug(path)
        return re.sub(r"[-_\s]+", " ", name).strip() or name

    def public_folders(self, path: str, url: str) -> tuple[PublicFolder, ...]:
        """Return `public` and the input folder, as far as the configuration copies them."""
        public = PublicFolder("public", self.site.url)
        if self.renames:
            return (public, PublicFolder(self.input, ""))
        return (
            (public,) if self.copies_beside else (public, PublicFolder(self.input, self.site.url))
        )

    def withheld(self, path: str, meta: Mapping[str, Any]) -> str:
        """Withhold posts without a page, posts outside collections, and pages without a date."""
        link = meta.get("permalink")
        if link is False or (isinstance(link, dict) and link and not link.get("build")):
            return "permalink: false"
        if meta.get("eleventyExcludeFromCollections") is True:
            return "eleventyExcludeFromCollections: true"
        is_page = self.folder_of(path) == self.input
        if is_page and not self.file_date(path) and not has_date(meta):
            return "a page without a date"
        return ""

    def address(self, facts: Facts) -> str:
        """Use the permalink of the post or its data, the permalink of config.toml, or the path."""
        link = facts.meta.get("permalink")
        if isinstance(link, dict):
            link = link.get("build")
        own = self._filled(link, facts) if isinstance(link, str) and link else None
        if own is not None:
            return re.sub(r"(?<=/)index\.html$", "", joined(own))
        if self.permalink:
            return self.by_permalink(facts)
        file = PurePosixPath(self._inner(facts.path))
        folders = file.parent.parts
        is_folder_itself = file.stem == "index" or (folders and folders[-1] == file.stem)
        return joined(*folders, *([] if is_folder_itself else [file.stem]), "")

    def _inner(self, path: str) -> str:
        return path.removeprefix(f"{self.input}/") if self.input else path

    def _file_slug(self, path: str) -> str:
        """Return Eleventy's `page.fileSlug`."""
        file = PurePosixPath(self._inner(path))
        name = _undated(file.stem)
        return name if name != "index" else _undated(file.parent.name)

    def _filled(self, link: str, facts: Facts) -> str | None:
        """Fill in the marks of a permalink. Return None if that needs the blog's own code."""
        values = [self._value(match[1], facts) for match in _MARK.finditer(link)]
        if "{%" in link or None in values:
            return None
        filled = iter(values)
        return _MARK.sub(lambda _: str(next(filled)), link)

    def _value(self, mark: str, facts: Facts) -> str | None:
        kind = _kind_of_mark(mark)
        if kind == "slug":
            return self._file_slug(facts.path)
        if kind == "stem":
            file = PurePosixPath(self._inner(facts.path))
            return "/" + str(file.with_name(_undated(file.stem)))
        if kind in ("slugify", "slug of title"):
            return slugify(facts.title) if kind == "slugify" else slug(facts.title)
        return kind and _dated(kind, facts)


def _copied(script: str, where: str) -> Iterator[str]:
    """Yield the folders and files that the script copies, and other folders without posts."""
    inner = f"{where}/" if where else ""
    yield from dict.fromkeys(("public", "static", f"{inner}public", f"{inner}static", "_site"))
    yield (literal(script, "output") or "").strip("./")
    yield inner + (literal(script, "includes") or "_includes").strip("./")
    yield f"{inner}_data"
    for found in islice(_PASSTHROUGH.finditer(script), MOST):
        keys = _KEY.findall(found[1]) if found[1][0] == "{" else [found[1]]
        yield from (key.strip("\"'` ").removeprefix("./").strip("/") for key in keys)


def _ignored(root: Path, script: str, where: str) -> Iterator[str]:
    """Yield the paths and globs that `.eleventyignore` and the script exclude."""
    for folder in dict.fromkeys(("", where)):
        try:
            text = head_inside(root, _below(folder, ".eleventyignore"), _MOST_BYTES)
        except OSError:
            continue
        for line in islice(text.decode("utf-8", "replace").splitlines(), MOST):
            if (path := line.strip().removeprefix("./").strip("/")) and path[0] not in "#!":
                yield _below(folder, path)
    for found in islice(_IGNORES.finditer(script), MOST):
        yield found[1].removeprefix("./").strip("/")


def _below(folder: str, name: str) -> str:
    """Return the path of `name` in a folder; "" is the blog's own folder."""
    return f"{folder}/{name}" if folder else name


def _kind_of_mark(mark: str) -> str | None:
    """Return the kind of a mark's value, or the format of a date; None for an unknown mark."""
    mark = " ".join(mark.split())
    if match := _FORMATTED.fullmatch(mark):
        return match[1]
    return {
        "page.fileSlug": "slug",
        "page.filePathStem": "stem",
        "title | slugify": "slugify",
        "title | slug": "slug of title",
    }.get(mark)


def _dated(form: str, facts: Facts) -> str:
    date = facts.date
    values = {"Y": f"{date.year:04d}", "j": f"{date.timetuple().tm_yday:03d}"}
    pairs = (("m", date.month), ("d", date.day), ("H", date.hour), ("M", date.minute))
    values |= {name: f"{value:02d}" for name, value in (*pairs, ("S", date.second))}
    return re.sub("%([YmdjHMS])", lambda match: values[match[1]], form)


def _undated(name: str) -> str:
    match = _DATED.search(name)
    return match[1] if match else name


def _input(root: Path) -> str:
    """Return the input folder, relative to the blog's folder; "" is that folder itself."""
    text = read_script(root, first_there(root, SCRIPTS))
    called = re.search(r"setInputDirectory\(\s{0,20}[\"']([^\"']{1,200})[\"']", text)
    if folder := called[1] if called else literal(text, "input"):
        return PurePosixPath(folder).as_posix().strip("./")
    for where in INPUTS:
        if any(is_folder(root / where / name) for name in POST_FOLDERS):
            return where
    return next((where for where in ("content", "src") if is_folder(root / where)), "")


def _named(root: Path, where: str) -> tuple[str, ...]:
    """Return the folders in the input folder with usual names of folders of posts."""
    names = [str(PurePosixPath(where, name)) for name in POST_FOLDERS]
    return tuple(name for name in names if is_folder(root / name))


def _data_file_in(root: Path, folder: str) -> Sign | None:
    """Return the JSON file in the folder that applies to it or to one of its posts, or None."""
    try:
        names = set(names_in(root, folder))
    except OSError:
        return None  # `discover` reports the folder
    for name in sorted(name for name in names if name.endswith(".json")):
        stem = name.removesuffix(".json").removesuffix(".11tydata")
        if stem == PurePosixPath(folder).name or f"{stem}.md" in names:
            return Sign(f"{folder}/{name}", certain=name.endswith(".11tydata.json"))
    return None


def _unresolved(file: str, data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Report a permalink of the data that only the blog's own code can fill in."""
    link = data.get("permalink")
    marks = [match[1] for match in _MARK.finditer(link)] if isinstance(link, str) else []
    unknown = [mark for mark in marks if _kind_of_mark(mark) is None]
    if not unknown:
        return ()
    what = f"permalink has {{{{ {unknown[0]} }}}}, which only the blog's own code can fill in"
    cure = 'set [posts] permalink in config.toml, such as "/blog/:year/:month/:slug/"'
    return (Problem(file, "engine-permalink", what, cure),)


def _tags(value: Any) -> list[str]:
    items = value.split(",") if isinstance(value, str) else value
    texts = [str(tag).strip() for tag in items if tag] if isinstance(items, list) else []
    return [text for text in texts if text]
