"""A file to a Post, and a folder to all of its Posts.

Every file ends as a Post or with a reason; nothing a file holds raises. A Post is a function of
the file's bytes, its path, the engine and `now`: never of the clock, nor of mtime.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from syndicate.collect import fields
from syndicate.collect.admission import Open, admit, admit_unread, open_part, open_text
from syndicate.collect.authors import authors_of
from syndicate.collect.decoding import decoded
from syndicate.collect.discover import Listing, discover, listed
from syndicate.collect.fence import MAX_HEADER
from syndicate.collect.gathered import GUESSED_TITLE
from syndicate.collect.header import Header, read_header
from syndicate.collect.headings import leading_heading
from syndicate.collect.media import attached_to
from syndicate.collect.post_dates import NO_DATE, PostDates
from syndicate.collect.shared_ids import without_shared_ids
from syndicate.collect.verdict import Out, Withheld
from syndicate.engines.base import Engine, Facts
from syndicate.engines.files import unreadable
from syndicate.files.encoding import as_utf8
from syndicate.files.lookup import Files
from syndicate.files.read import read_beside
from syndicate.model import HEAD_MARK, PAGE_MARK, LeftOut, Place, Post, Problem, Source
from syndicate.urls import absolute

__all__ = [
    "Collected",
    "Parsed",
    "body_of",
    "collect",
    "content_digest",
    "internal",
    "parse",
    "read_body",
    "read_file",
    "read_meta",
]

MAX_BYTES = 20_000_000
"""A larger file is no blog post."""
MAX_ADDRESS = 4_000
"""Characters of a post's address, which each relative link of its body is joined with."""
_MARKS, _MARK_WITHIN = (PAGE_MARK.encode(), HEAD_MARK.encode()), 1_000
_HEAD = MAX_HEADER + 8192

_MOST_ALIASES = 50
_WHITE_SPACE = b" \t\n\r\f\v"

MAX_TITLE = 300
"""Characters; a longer text is no title."""
_TITLE_SYNONYMS = ("headline", "name", "newstitle", "post_title", "page_title")
_NOTION_ID = re.compile(r"(?<=[^/])[ _-][0-9a-f]{32}(?=\.\w+$|/)")
"""What Notion's export puts after the name of each file and folder."""
_TITLE_CURE = 'add "title: …" to the front matter, or begin the text with a heading'


class Parsed(Struct, frozen=True, gc=False):
    """What became of one file: a post, or the reason why not. Problems come with both.

    It stays so while the file does, from `since` on and not past `until` (None: for ever).
    `content` is the digest of the file's bytes, empty where they were not read. `asked` are the
    questions to `Files` that the post depends on, with the answers.
    """

    post: Post | None = None
    left_out: LeftOut | None = None
    problems: tuple[Problem, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    content: str = ""
    asked: tuple[tuple[str, str], ...] = ()


class Collected(Struct, frozen=True):
    """What became of a folder. `posts`: the newest first, the same instant by path.

    `parsed` are the files by path, `sources` likewise.
    """

    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    sources: tuple[Source, ...] = ()
    parsed: tuple[Parsed, ...] = ()


def collect(
    root: Path,
    engine: Engine,
    *,
    now: datetime,
    keep_out: Collection[str] = (),
    only: Collection[str] = (),
    listing: Listing = listed,
    map: Callable[..., Iterable[Parsed]] = map,  # noqa: A002 - the name says how it is called
    recall: Callable[[Source], Parsed | None] = lambda _: None,
    opened: Open = lambda _data, _markup: None,
    dating: Callable[[Collection[str]], Mapping[str, datetime]] = lambda _: {},
) -> Collected:
    """Find and parse every post of the blog at `root`.

    `keep_out`, `only` and `listing` are `discover`'s. `map` may be an executor's, as long as it
    keeps the order. What `recall` knows of a file is taken for true, and the file is not opened.
    `opened` takes out of a body what is not for everybody. `dating` gives dates to the posts at
    these paths, which have none.
    """
    found = discover(root, engine, keep_out=keep_out, only=only, listing=listing)
    known = [recall(source) for source in found.sources]
    changed = [source for source, each in zip(found.sources, known, strict=True) if each is None]
    read = partial(parse, root, engine=engine, now=now, opened=opened, files=Files(root))
    fresh = iter(map(read, changed))
    parsed = [each or next(fresh) for each in known]
    parsed = _dated(found.sources, parsed, dating, partial(map, read))
    own, shared = without_shared_ids([each.post for each in parsed if each.post])
    posts, clashes = _distinct(own)
    left_out = [*found.left_out, *(each.left_out for each in parsed if each.left_out)]
    by_path = sorted(posts, key=lambda post: post.path)
    return Collected(
        tuple(sorted(by_path, key=lambda post: post.published, reverse=True)),
        tuple(sorted(left_out, key=lambda each: each.path)),
        (
            *found.problems,
            *(each for one in parsed for each in one.problems),
            *shared,
            *clashes,
        ),
        found.sources,
        tuple(parsed),
    )


def _dated(
    sources: Sequence[Source],
    parsed: list[Parsed],
    dating: Callable[[Collection[str]], Mapping[str, datetime]],
    read: Callable[[Iterable[Source]], Iterable[Parsed]],
) -> list[Parsed]:
    """Return `parsed` with the files read again that have no date, as far as `dating` has one."""
    undated = [
        source
        for source, each in zip(sources, parsed, strict=True)
        if each.left_out and each.left_out.reason == NO_DATE
    ]
    dates = dating([source.path for source in undated]) if undated else {}
    given = [
        msgspec.structs.replace(source, date=dates[source.path])
        for source in undated
        if source.path in dates
    ]
    again = dict(zip((source.path for source in given), read(given), strict=True))
    return [again.get(source.path, each) for source, each in zip(sources, parsed, strict=True)]


def read_body(root: Path, post: Post) -> str:
    """The post's body as it stands in its file.

    Raises OSError where the file cannot be read any more.
    """
    return body_of(read_file(root, post), post)


def read_file(root: Path, post: Post) -> bytes:
    """The post's file. Raises OSError where it cannot be read any more."""
    return read_beside(root, post.path, MAX_BYTES)


def body_of(data: bytes, post: Post) -> str:
    """Return the body in the post's file, which holds `data`."""
    return as_utf8(data, post.encoding)[post.body_offset :].decode("utf-8", "ignore")


def read_meta(root: Path, post: Post, engine: Engine) -> Mapping[str, Any]:
    """The post's front matter with what applies to it by default; read again from its file."""
    if post.encoding:
        head = as_utf8(read_file(root, post), post.encoding)[:_HEAD]
    else:
        head = read_beside(root, post.path, _HEAD)
    own = engine.front_matter(post.path, _header(head, post.path, engine, []).meta)
    return {**engine.defaults(post.path, Place()), **own}


def parse(
    root: Path,
    source: Source,
    engine: Engine,
    *,
    now: datetime,
    opened: Open = lambda _data, _markup: None,
    files: Files | None = None,
) -> Parsed:
    """Read the header of one file. `now` decides whether a dated post is due yet.

    `opened` takes out of the body what is not for everybody. `files` are the blog's, asked for
    those that the header names.
    """
    problems: list[Problem] = []
    content = ""
    try:
        data = _read(root, source)
        content = content_digest(data) if data else ""
        files = files or Files(root)
        post, dates, asked = _post(root, source, data, engine, now, opened, problems, files)
    except Out as out:
        left_out = LeftOut(source.path, str(out), out.due, isinstance(out, Withheld))
        return Parsed(None, left_out, (*problems, *out.problems), out.since, out.due, content)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not sink the other posts
        problems.append(internal(source.path, error))
        left_out = LeftOut(source.path, "a fault of this program")
        return Parsed(None, left_out, tuple(problems), content=content)
    return Parsed(post, None, tuple(problems), dates.since, dates.until, content, asked)


def content_digest(data: bytes) -> str:
    """What tells a file's bytes from others."""
    return blake2b(data, digest_size=16).hexdigest()


def internal(path: str, error: Exception) -> Problem:
    """A post that this program, and not its author, failed on."""
    return Problem(
        path,
        "internal",
        f"this program failed on it ({type(error).__name__}: {error})",
        "please report it with the post",
        severity="error",
    )


def _post(
    root: Path,
    source: Source,
    data: bytes,
    engine: Engine,
    now: datetime,
    opened: Open,
    problems: list[Problem],
    files: Files,
) -> tuple[Post, PostDates, tuple[tuple[str, str], ...]]:
    path, site = source.path, engine.site
    if path.endswith((".html", ".htm")) and any(mark in data[:_MARK_WITHIN] for mark in _MARKS):
        raise Out("a page that this program wrote")
    text = decoded(data, path, problems)
    data = text.data
    head = data[:_HEAD]
    header = _header(head, path, engine, problems)
    admit_unread(source, head, header, engine)
    own = engine.front_matter(path, header.meta)
    defaults = {**engine.defaults(path, source.place), **_beside(root, path, engine, problems)}
    meta = {**defaults, **own} if defaults else own
    admit(source, meta, engine)
    markup = engine.markup(path)
    body = data[header.body_offset :]
    public = open_part(path, data, header.body_offset, markup, opened, problems)
    dates = PostDates(head, header, meta, source, engine, problems)
    published = dates.published(now)
    facts = Facts(
        path=path,
        place=source.place,
        meta=meta,
        date=published,
        categories=_categories(engine, source, own, defaults),
        tags=_tags(engine, meta),
        title=open_text(
            _title(meta, public.text if public else body[:_HEAD], path, engine, problems),
            opened,
            line=True,
        ),
    )
    address = engine.address(facts)
    url = address if "://" in address else site.url + address
    if len(url) > MAX_ADDRESS:
        raise _too_long(path)
    resolve = partial(absolute, page=url, base=site.url)
    attached = attached_to(meta, engine, files, path=path, url=url)
    own_id, updated = fields.identity(meta, site.url), dates.updated(now)
    summary = open_text(fields.summary(meta), opened)
    post = Post(
        path=path,
        url=url,
        id=own_id or url,
        title=facts.title,
        published=published,
        updated=max(updated or published, published),
        body_offset=header.body_offset,
        markup=markup,
        authors=authors_of(meta, engine.people),
        categories=facts.categories,
        tags=facts.tags,
        excerpt=summary,
        image=attached.image,
        enclosure=attached.enclosure,
        language=fields.language(meta) or source.place.language,
        external_url=fields.external_url(meta, resolve, site.url),
        slug=str(meta.get("slug") or ""),
        digest=_digest(fields.title(meta.get("title")), summary, body),
        dated=dates.written,
        own_id=bool(own_id),
        own_updated=updated is not None,
        minor=bool(fields.is_true(meta.get("minor"))),
        locked=public is not None,
        media=attached.prefix,
        encoding=text.codec,
        aliases=_aliases(meta) if engine.dialect == "obsidian" else (),
    )
    problems += attached.problems
    return post, dates, attached.asked


def _aliases(meta: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the other names that a note of Obsidian has."""
    return fields.terms(fields.first_of(meta, ("aliases", "alias")), "comma")[:_MOST_ALIASES]


def _too_long(path: str) -> Out:
    what = f"its address has more than {MAX_ADDRESS:,} characters"
    return Out(what, [Problem(path, "address", what, "shorten its permalink or slug", 0, "error")])


def _digest(title: str, summary: str, body: bytes) -> str:
    """Return the digest of what a reader would call the post's content, without white space.

    Before it stands the way of counting: a digest of another way is no edit (`state/renewal.py`).
    The first way put single spaces between words, in three times the time.
    """
    said = f"{title}\n{summary}\n".encode("utf-8", "surrogatepass")
    found = blake2b(said + body.translate(None, _WHITE_SPACE), digest_size=16)
    return f"2:{found.hexdigest()}"


def _beside(root: Path, path: str, engine: Engine, problems: list[Problem]) -> dict[str, Any]:
    """What the files that stand in for a post's own fields say."""
    found: dict[str, Any] = {}
    for name in engine.sidecars(path):
        try:
            head = decoded(read_beside(root, name, _HEAD), name, problems).data
        except (FileNotFoundError, NotADirectoryError):
            continue  # most posts have none
        except OSError as error:
            # Its fields may be those that withhold the post.
            reason = f"{name} beside it cannot be read ({error.strerror})"
            raise Out(reason, [unreadable(name, error)]) from None
        own = engine.own_header(name, head)
        found |= engine.front_matter(name, own[0] if own else read_header(head, name).meta)
    return found


def _read(root: Path, source: Source) -> bytes:
    """The file's bytes."""
    if source.size > MAX_BYTES:
        what = f"larger than {MAX_BYTES // 1_000_000} MB"
        cure = "a post is text: put what else is in it into files of its own"
        raise Out(what, [Problem(source.path, "too-large", what, cure, severity="error")])
    try:
        return read_beside(root, source.path, MAX_BYTES)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        cure = "make the file readable"
        problem = Problem(source.path, "unreadable", what, cure, severity="error")
        raise Out(what, [problem]) from None


def _header(head: bytes, path: str, engine: Engine, problems: list[Problem]) -> Header:
    """The header, its problems noted. Raises Out where it rules the file out."""
    if own := engine.own_header(path, head):
        return Header(dict(own[0]), own[1])
    header = read_header(
        head, path, bare=engine.open_fence_optional, key_value=engine.key_value_headers
    )
    if header.found and not header.problems:
        return header
    errors = [problem for problem in header.problems if problem.severity == "error"]
    if errors and (not engine.broken_header_is_published or errors[0].kind == "encoding"):
        raise Out(f"its header cannot be read ({errors[0].message})", header.problems)
    if not header.found and not errors and engine.header_required:
        raise Out("no front matter", header.problems)
    problems += [
        msgspec.structs.replace(each, severity="warning") if each in errors else each
        for each in header.problems
    ]
    return header


def _categories(
    engine: Engine, source: Source, own: Mapping[str, Any], defaults: Mapping[str, Any]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    # The plural's come before the singular's, as Jekyll joins them.
    for key in reversed(engine.category_keys):
        said = [own[key]] if key in own else []
        if key in defaults and (not said or (engine.folders_add_categories and _plural(key))):
            said.insert(0, defaults[key])
        for value in said:
            found |= dict.fromkeys(_terms(engine, key, value))
    folders = source.place.categories
    if engine.folders_add_categories or not found:
        return tuple(dict.fromkeys((*folders, *found)))
    return tuple(found)


def _tags(engine: Engine, meta: Mapping[str, Any]) -> tuple[str, ...]:
    for key in engine.tag_keys:
        if meta.get(key) is not None:
            return _terms(engine, key, meta[key])
    return ()


def _terms(engine: Engine, key: str, value: Any) -> tuple[str, ...]:
    return fields.terms(value, engine.terms_split if _plural(key) else "")


def _plural(key: str) -> bool:
    return key.endswith("s")


def _title(
    meta: Mapping[str, Any],
    body: str | bytes,
    path: str,
    engine: Engine,
    problems: list[Problem],
) -> str:
    """Return the post's title; empty where the engine gives none."""
    found = fields.title(meta.get("title"))
    if not found and engine.title_from_heading:
        found = next(filter(None, (fields.title(meta.get(key)) for key in _TITLE_SYNONYMS)), "")
    if len(found) > MAX_TITLE:
        what = f"the title has {len(found):,} characters; the text's first words are used instead"
        problems.append(Problem(path, "long-title", what, "write a shorter title"))
        return ""
    if found or not engine.title_from_heading:
        # Jekyll and Nikola give a title to a post that has none, and keep one that is empty.
        if found or meta.get("title") == "":
            return found
        return engine.file_title(_NOTION_ID.sub("", path))
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    heading = fields.title(leading_heading(text))
    if heading and len(heading) <= MAX_TITLE:
        return heading
    problems.append(Problem(path, GUESSED_TITLE, "no title; it was guessed", _TITLE_CURE))
    return engine.file_title(_NOTION_ID.sub("", path))


def _distinct(posts: list[Post]) -> tuple[list[Post], list[Problem]]:
    """`posts` with ids of their own: of several with one id, the earliest keeps it.

    Ids that several front matters give are left: which post readers know by it the ledger knows.
    """
    groups: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: (post.published, post.path)):
        groups[post.id].append(post)
    taken = set(groups)
    result, problems = [], []
    for first, *others in groups.values():
        result.append(first)
        for other in others:
            problems.append(_clash(first, other))
            if first.own_id and other.own_id:
                result.append(other)
                continue
            renamed = msgspec.structs.replace(other, id=_free_id(other, taken), own_id=False)
            taken.add(renamed.id)
            result.append(renamed)
    return result, sorted(problems, key=lambda problem: problem.path)


def _free_id(post: Post, taken: set[str]) -> str:
    """The id with the file's name added, or with its whole path where even that is taken."""
    mark = "-" if "#" in post.id else "#"
    path = PurePosixPath(post.path)
    tails = (quote(path.stem, safe=""), quote(post.path, safe=""))
    found = next((t for t in tails if post.id + mark + t not in taken), tails[-1] + "-")
    return post.id + mark + found


def _clash(first: Post, other: Post) -> Problem:
    if first.url == other.url:
        what = f"has the address of {first.path}: {other.url}"
        return Problem(other.path, "same-address", what, "give one of them another slug or name")
    what = f"has the id of {first.path}: {other.id}"
    return Problem(other.path, "same-id", what, "give one of them another id")
